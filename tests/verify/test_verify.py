"""Verdicts: each step by itself, consistency by rule, reasons that a person can read."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.pretraining.stories import FAMILIES, Dials, story
from tracekd.problem import Answer, Fact, Problem
from tracekd.students.output import Output
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.families import TEMPLATE
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.template import render_answer
from tracekd.trace import Classify, Retrieve, Trace
from tracekd.verify.judge import Judge
from tracekd.verify.verdict import Verdict


def make_problem(
    texts: list[str],
    support: list[int],
    answer: str,
    question: str = "Where is the milk?",
    label: str = "two-supporting-facts",
) -> Problem:
    """A problem whose facts have the ids 1, 2, 3 ..."""
    return Problem(
        id="p",
        task="babi",
        group="g",
        question=question,
        context=tuple(Fact(id=str(i), text=text) for i, text in enumerate(texts, start=1)),
        answer=Answer(kind="one_of", values=(answer,)),
        trace=Trace(steps=(Classify(label=label), Retrieve(facts=tuple(map(str, support))))),
        source="s:1",
    )


STORY = [
    "Mary went to the office.",
    "John moved to the garden.",
    "Mary got the milk there.",
    "Mary went to the kitchen.",
]
MILK = make_problem(STORY, [3, 4], "kitchen")


def judge(text: str, problem: Problem = MILK, finish: str = "stop") -> Verdict:
    output = Output.model_validate(
        {"id": "p", "regime": "correct", "student": "s", "seed": 1, "text": text, "token_ids": (), "finish": finish}
    )
    return Judge.of(TASK).judge(problem, output.model_copy(update={"id": problem.id}))


def write(cited: str, answer: str = "kitchen", label: str = "two-supporting-facts") -> str:
    return f"<think>{TEMPLATE.classify} {label}.\n{TEMPLATE.retrieve} {cited}</think> <answer>{answer}</answer>"


def test_all_right() -> None:
    verdict = judge(write(repr([STORY[3], STORY[2]])))
    assert (verdict.class_step, verdict.retrieval_step, verdict.trace, verdict.answer) == ("right", "right", True, True)
    assert (verdict.precision, verdict.recall, verdict.f1, verdict.invented) == (1, 1, 1, 0)
    assert verdict.consistent is True
    assert verdict.lenient_answer and verdict.answer_parsed
    assert verdict.reason == "right"
    assert (verdict.id, verdict.group, verdict.regime, verdict.student, verdict.seed) == ("p", "g", "correct", "s", 1)


def test_a_verdict_on_a_template_trace_has_no_record_of_a_free_one() -> None:
    verdict = judge(write(repr([STORY[3], STORY[2]])))
    written = verdict.model_dump_json()
    assert verdict.free is None and '"free"' not in written
    assert Verdict.model_validate_json(written) == verdict


def test_an_output_of_another_problem_is_refused() -> None:
    output = Output(id="q", regime="r", student="s", seed=1, text="", token_ids=(), finish="stop")
    with pytest.raises(ValueError, match="'q'"):
        Judge.of(TASK).judge(MILK, output)


def test_everything_wrong_has_its_reason() -> None:
    verdict = judge(write(repr([STORY[2], "Mary flew."]), "office", "conjunction"))
    assert verdict.reason == (
        "class is conjunction, gold is two-supporting-facts; cites fact 3, gold is 3 and 4; "
        "1 fact is not in the context; answer is office, gold is kitchen"
    )
    assert (verdict.class_step, verdict.retrieval_step, verdict.trace, verdict.answer) == (
        "wrong",
        "wrong",
        False,
        False,
    )
    assert (verdict.precision, verdict.recall, verdict.f1, verdict.invented) == (0.5, 0.5, 0.5, 1)


@pytest.mark.parametrize(
    ("cited", "step", "scores", "invented"),
    [
        (repr(STORY[2:4]), "right", (1, 1, 1), 0),
        (repr([fact.rstrip(".") for fact in STORY[2:4]]), "right", (1, 1, 1), 0),
        (repr([STORY[2], STORY[3], STORY[2]]), "right", (1, 1, 1), 0),
        (repr(["Mary  got the\nmilk there .", STORY[3]]), "right", (1, 1, 1), 0),
        (repr(STORY), "wrong", (0.5, 1, 2 / 3), 0),
        (repr(STORY[2:3]), "wrong", (1, 0.5, 2 / 3), 0),
        (STORY[2], "wrong", (1, 0.5, 2 / 3), 0),
        (repr(STORY[:2]), "wrong", (0, 0, 0), 0),
        (repr([fact.lower() for fact in STORY[2:4]]), "wrong", (0, 0, 0), 2),
        (repr([" ".join(STORY[2:4])]), "right", (1, 1, 1), 0),
        (" ".join(STORY[2:4]), "right", (1, 1, 1), 0),
        ("[]", "wrong", (0, 0, 0), 0),
        ("['Mary got", "unparsed", (0, 0, 0), 0),
        ("", "unparsed", (0, 0, 0), 0),
    ],
)
def test_retrieval(cited: str, step: str, scores: tuple[float, float, float], invented: int) -> None:
    verdict = judge(write(cited))
    assert verdict.retrieval_step == step
    assert (verdict.precision, verdict.recall, verdict.f1) == pytest.approx(scores)
    assert verdict.invented == invented
    assert verdict.trace == (step == "right")


@pytest.mark.parametrize(
    ("label", "step"),
    [
        ("two-supporting-facts", "right"),
        ("Two-Supporting-Facts", "right"),
        ("two-supporting-facts and more", "wrong"),
        ("supporting-facts", "wrong"),
        ("", "unparsed"),
    ],
)
def test_class(label: str, step: str) -> None:
    assert judge(write(repr(STORY[2:4]), label=label)).class_step == step


def test_an_invented_sentence_in_place_of_the_class() -> None:
    text = write(repr(STORY[2:4])).replace(f"{TEMPLATE.classify} two-supporting-facts.", "The time is: 1974 to 1998.")
    verdict = judge(text)
    assert (verdict.class_step, verdict.retrieval_step, verdict.trace) == ("unparsed", "right", False)
    assert verdict.reason == "no single class is stated, gold is two-supporting-facts"


@pytest.mark.parametrize(
    ("text", "finish", "reason"),
    [
        ("kitchen", "stop", "there is no trace"),
        (write(repr(STORY[2:4])).replace("</think>", ""), "stop", "the trace is not closed"),
        (write(repr(STORY[2:4])).replace("</think>", ""), "length", "the output was cut off before the trace ended"),
    ],
)
def test_without_a_trace_both_steps_are_unparsed_and_the_answer_still_counts(
    text: str, finish: str, reason: str
) -> None:
    verdict = judge(text, finish=finish)
    assert (verdict.class_step, verdict.retrieval_step, verdict.trace) == ("unparsed", "unparsed", False)
    assert verdict.answer
    assert verdict.consistent is False
    assert verdict.reason == reason


def test_no_answer() -> None:
    verdict = judge(write(repr(STORY[2:4]), ""))
    assert not verdict.answer and not verdict.lenient_answer and not verdict.answer_parsed
    assert verdict.consistent is False
    assert verdict.reason == "there is no answer, gold is kitchen"


@pytest.mark.parametrize(
    ("cited", "answer", "consistent"),
    [
        (STORY[2:4], "kitchen", True),
        (STORY[2:4][::-1], "Kitchen.", True),
        (STORY[2:4], "office", False),
        # Wrong facts, and the answer that follows from them: consistent, though wrong.
        ([STORY[0], STORY[2]], "office", True),
        ([STORY[0], STORY[2]], "kitchen", False),
        ([STORY[2]], "kitchen", False),
        ([], "kitchen", False),
        # Invented facts come after the story.
        ([*STORY[2:4], "Mary went to the cellar."], "cellar", True),
        (["Mary went to the cellar.", *STORY[2:4]], "kitchen", False),
    ],
)
def test_consistency(cited: list[str], answer: str, consistent: bool) -> None:
    assert judge(write(repr(cited), answer)).consistent is consistent


def test_no_rule_no_consistency() -> None:
    problem = make_problem(STORY, [3, 4], "kitchen", label="guessing")
    assert judge(write(repr(STORY[2:4]), label="guessing"), problem).consistent is None


def test_a_text_that_occurs_twice_stands_for_either_occurrence() -> None:
    texts = ["Mary went to the office.", "Mary went to the kitchen.", "Mary went to the office."]
    problem = make_problem(texts, [3], "office", "Where is Mary?", "single-supporting-fact")
    for answer, consistent in (("office", True), ("kitchen", True), ("garden", False)):
        text = write(repr(texts[:2]), answer, "single-supporting-fact")
        assert judge(text, problem).consistent is consistent
    once = make_problem(texts[:2], [2], "kitchen", "Where is Mary?", "single-supporting-fact")
    assert judge(write(repr(texts[:2]), "office", "single-supporting-fact"), once).consistent is False


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=7), st.sets(st.sampled_from("abcd"), min_size=1))
def test_every_reading_of_the_cited_facts_is_tried_once(context: list[str], cited: set[str]) -> None:
    tried: list[tuple[str, ...]] = []

    def record(question: str, facts: Sequence[str], label: str) -> None:
        tried.append(tuple(facts))

    problem = make_problem(context, [1], "x")
    output = Output(
        id="p", regime="r", student="s", seed=1, text=write(repr(sorted(cited)), "x"), token_ids=(), finish="stop"
    )
    assert Judge.of(replace(TASK, solve=record)).judge(problem, output).consistent is False
    known, invented = sorted(cited & set(context)), tuple(sorted(cited - set(context)))
    where = [[at for at, text in enumerate(context) if text == fact] for fact in known]
    readings = [*product(*where), tuple(chain(*where))]  # one place of each, or all of all
    possible = {tuple(context[at] for at in sorted(places)) + invented for places in readings}
    assert sorted(tried) == sorted(possible)


def test_of_equal_texts_the_gold_one_is_named() -> None:
    texts = ["Mary went to the office.", "Mary went to the kitchen.", "Mary went to the office."]
    problem = make_problem(texts, [3], "office", "Where is Mary?", "single-supporting-fact")
    assert "cites facts 2 and 3, gold is 3" in judge(write(repr(texts), "office"), problem).reason


def test_many_repeated_facts_are_judged_in_bounded_time() -> None:
    texts = [f"Mary went to the place{i}." for i in range(60)] * 4
    problem = make_problem(texts, [1], "place59", "Where is Mary?", "single-supporting-fact")
    assert judge(write(repr(texts), "place59"), problem).consistent is True
    assert judge(write(repr(texts), "nowhere"), problem).consistent is False


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_gold_output_of_every_generated_problem_is_right(family: int) -> None:
    for index in range(10):
        for problem in story_problems(story(family, 3, index, Dials()), family, f"{family}/{index}", "world"):
            trace = TEMPLATE.render_trace(problem, problem.trace)
            text = f"<think>{trace}</think> <answer>{render_answer(problem.answer)}</answer>"
            verdict = judge(text, problem)
            assert verdict.trace and verdict.answer and verdict.lenient_answer
            assert verdict.consistent is True
            assert verdict.reason == "right"


fact_texts = st.text().filter(lambda text: "think>" not in text)


@given(st.lists(fact_texts, min_size=1, max_size=5), st.data())
@settings(max_examples=100)
def test_gold_traces_of_arbitrary_facts_are_right(texts: list[str], data: st.DataObject) -> None:
    support = data.draw(st.lists(st.integers(1, len(texts)), min_size=1))
    problem = make_problem(texts, support, "x")
    verdict = judge(f"<think>{TEMPLATE.render_trace(problem, problem.trace)}</think> <answer>x</answer>", problem)
    assert verdict.trace and verdict.answer and verdict.invented == 0
    assert verdict.model_dump_json()


PIECES = (
    "<think>",
    "</think>",
    "<answer>",
    "['",
    "', '",
    "']",
    "\n",
    "kitchen",
    STORY[2],
    STORY[3],
    r"\ud800",
    "\ufdfa",
)
texts = st.lists(st.sampled_from((*PIECES, TEMPLATE.retrieve, TEMPLATE.classify)) | st.text(max_size=4)).map("".join)


@given(texts, st.sampled_from(["stop", "length"]))
@settings(max_examples=200)
def test_any_text_gets_a_verdict_and_none_is_a_right_trace(text: str, finish: str) -> None:
    # The pieces hold no label, so whatever they make up cannot state the right one.
    verdict = judge(text, finish=finish)
    assert not verdict.trace
    assert verdict.class_step != "right"
    assert 0 <= verdict.precision <= 1 and 0 <= verdict.recall <= 1 and 0 <= verdict.f1 <= 1
    assert verdict.answer_parsed or not verdict.lenient_answer
    assert Verdict.model_validate_json(verdict.model_dump_json()) == verdict


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        write(repr(["b" * 100_000] * 10), "c" * 1_000_000, "d" * 1_000_000),
        write(repr([f"fact {i}" for i in range(30_000)]), "e, " * 100_000),
        write(f"['a', {TEMPLATE.retrieve} " * 5_000, "x"),
        write(repr(["\u0301\u0316" * 100_000]), "x"),
    ],
)
def test_verdicts_on_huge_outputs_are_small(text: str) -> None:
    verdict = judge(text)
    assert not verdict.trace
    assert not verdict.answer
    assert len(verdict.reason) < 600
    assert len(verdict.cited) <= 64
    assert all(len(fact) <= 500 for fact in (*verdict.cited, verdict.stated_label or ""))


def test_all_facts_are_judged_though_only_some_are_stored() -> None:
    verdict = judge(write(repr([*(f"fact {i}" for i in range(100)), *STORY[2:4]])))
    assert (len(verdict.cited), verdict.invented, verdict.recall) == (64, 100, 1)


def test_any_gold_set_of_facts_is_right_and_the_nearest_is_compared() -> None:
    problem = MILK.model_copy(update={"alternatives": (("1", "3"),)})
    assert judge(write("['Mary got the milk there.', 'Mary went to the kitchen.']"), problem).retrieval_step == "right"
    other = judge(write("['Mary went to the office.', 'Mary got the milk there.']"), problem)
    assert (other.retrieval_step, other.f1) == ("right", 1.0)
    half = judge(write("['Mary went to the office.']"), problem)
    assert (half.retrieval_step, half.precision, half.recall) == ("wrong", 1.0, 0.5)
    mixed = judge(write("['Mary went to the office.', 'Mary went to the kitchen.']"), problem)
    assert (mixed.retrieval_step, mixed.f1) == ("wrong", 0.5)


def test_where_nothing_is_gold_citing_nothing_is_right_and_an_unreadable_list_is_not() -> None:
    problem = make_problem(STORY, [], "nobody knows")
    nothing = judge(write("[]", "nobody knows"), problem)
    assert (nothing.retrieval_step, nothing.precision, nothing.recall, nothing.f1) == ("right", 1.0, 1.0, 1.0)
    unread = judge(write("['Mary", "nobody knows"), problem)
    assert (unread.retrieval_step, unread.f1) == ("unparsed", 0.0)
    something = judge(write("['Mary went to the office.']", "nobody knows"), problem)
    assert (something.retrieval_step, something.f1) == ("wrong", 0.0)
