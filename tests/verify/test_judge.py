"""One judge for many outputs: each kind of support, consistency by slots, what is remembered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.students.output import Output
from tracekd.tasks import get_task
from tracekd.tasks.cotempqa import TASK
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.tasks.template import render_answer
from tracekd.verify.judge import Judge
from tracekd.verify.verdict import Verdict

QUESTION = "While Ida Moss was working for Elm Mills, which employer did Ida Moss work for concurrently?"
FACTS = (
    "Ida Moss works for Elm Mills from 1990 to 1995.",
    "Ida Moss works for Inn from 1992 to 1993.",
    "Ida Moss works for Quarry in 2001.",
    "Ida Moss attended School of the Inn in 1970.",
)
PROBLEM = make_problem("during", QUESTION, FACTS, ("Inn",), source="here:1")
JUDGE = Judge.of(TASK)


def output(text: str, problem: Problem = PROBLEM, sample: int = 0) -> Output:
    return Output(id=problem.id, regime="r", student="s", seed=7, text=text, token_ids=(), finish="stop", sample=sample)


def write(places: list[int], answer: str = "['Inn']") -> str:
    cited = [FACTS[place] for place in places]
    steps = f"{TASK.template.classify} during.\n{TASK.template.retrieve} {cited!r}"
    return f"<think>{steps}</think> <answer>{answer}</answer>"


def judged(text: str, judge: Judge = JUDGE) -> Verdict:
    return judge.verdict(judge.prepare(PROBLEM), output(text))


@pytest.mark.parametrize(
    ("places", "right"),
    [([1], {"support"}), ([0, 1], {"full_support"}), ([1, 3], {"answer_facts"}), ([2], set()), ([], set())],
)
def test_retrieval_is_judged_by_every_kind_of_support(places: list[int], right: set[str]) -> None:
    verdict = judged(write(places))
    assert verdict.retrieval.keys() == {"support", "full_support", "answer_facts"}
    assert {kind for kind, step in verdict.retrieval.items() if step == "right"} == right
    assert verdict.retrieval_step == verdict.retrieval["support"]


def test_the_headline_is_by_the_kind_that_was_asked_for() -> None:
    verdict = judged(write([1, 3]), Judge.of(TASK, "answer_facts"))
    assert (verdict.retrieval_step, verdict.trace, verdict.f1) == ("right", True, 1.0)
    wrong = judged(write([1]), Judge.of(TASK, "answer_facts"))
    assert (wrong.retrieval_step, wrong.retrieval["support"], wrong.trace) == ("wrong", "right", False)
    assert wrong.reason == "cites fact 2, gold is 2 and 4"


@pytest.mark.parametrize("kind", ["support", "full_support", "answer_facts"])
def test_the_verdict_names_the_kind_that_the_headline_is_by(kind: str) -> None:
    assert judged(write([1]), Judge.of(TASK, kind)).support == kind
    problem = PROBLEM.with_support(kind)
    assert JUDGE.verdict(JUDGE.prepare(problem), output(write([1]), problem)).support == kind


def test_no_kind_is_named_where_several_are_the_same_and_none_was_asked_for() -> None:
    problem = PROBLEM.model_copy(update={"support": {**PROBLEM.support, "answer_facts": PROBLEM.support["support"]}})
    text = write([1])
    assert JUDGE.verdict(JUDGE.prepare(problem), output(text, problem)).support is None
    asked = Judge.of(TASK, "answer_facts")
    assert asked.verdict(asked.prepare(problem), output(text, problem)).support == "answer_facts"
    bare = PROBLEM.model_copy(update={"support": {}})
    assert JUDGE.verdict(JUDGE.prepare(bare), output(text, bare)).support is None


def test_without_readable_facts_every_kind_is_unparsed() -> None:
    assert set(judged("['Inn']").retrieval.values()) == {"unparsed"}


def test_an_unknown_kind_is_refused_by_the_task_and_by_the_problem() -> None:
    with pytest.raises(UserError, match="full_support"):
        Judge.of(TASK, "full")
    with pytest.raises(UserError, match=r"here:1.*full_support"):
        Judge.of(TASK, "full_support").prepare(PROBLEM.model_copy(update={"support": {}}))


def test_alternatives_stand_beside_the_support_of_the_trace_alone() -> None:
    problem = PROBLEM.model_copy(update={"alternatives": (("3",),)})
    verdict = JUDGE.verdict(JUDGE.prepare(problem), output(write([2])))
    assert verdict.retrieval == {"support": "right", "full_support": "wrong", "answer_facts": "wrong"}
    assert verdict.retrieval_step == "right"


@pytest.mark.parametrize(
    ("places", "answer", "consistent"),
    [
        ([1], "['Inn']", True),
        # The event of the question is cited for its time, or answered with.
        ([0, 1], "['Inn']", True),
        ([0, 1], "['Inn', 'Elm Mills']", True),
        ([0], "['Elm Mills']", True),
        ([0], "['Inn']", False),
        # Wrong facts, and the answer that they give: consistent, and wrong.
        ([2], "['Quarry']", True),
        ([2], "['inn']", False),
        ([1, 2], "['Inn']", False),
        ([1, 2], "['Quarry', 'Inn']", True),
        ([1], "['Inn', 'Quarry']", False),
        ([], "['Inn']", False),
        ([1], "Inn", False),
        ([1], "", False),
    ],
)
def test_an_answer_goes_with_the_slots_of_the_cited_facts(places: list[int], answer: str, consistent: bool) -> None:
    assert judged(write(places, answer)).consistent is consistent


def test_facts_whose_date_is_changed_or_left_out_still_hold_their_answer() -> None:
    text = write([1]).replace(" from 1992 to 1993", "")
    assert judged(text).consistent is True
    assert judged(text).invented == 1


def test_the_number_of_the_sample_is_kept() -> None:
    assert JUDGE.verdict(JUDGE.prepare(PROBLEM), output("x", sample=3)).sample == 3


pieces = st.sampled_from(
    (*FACTS, *map(str.lower, FACTS), "['", "', '", "']", "<think>", "</think>", "<answer>", "Inn", "\n", " and ",
     f"{TASK.template.classify} during.\n", f"{TASK.template.retrieve} ")
)  # fmt: skip
texts = st.lists(pieces | st.text(max_size=3)).map("".join)


@given(st.lists(texts, min_size=2, max_size=6))
def test_what_was_judged_before_makes_no_difference(said: list[str]) -> None:
    prepared = JUDGE.prepare(PROBLEM)
    for text in said:
        verdict = JUDGE.verdict(prepared, output(text))
        assert verdict == Judge.of(TASK).judge(PROBLEM, output(text))
        assert_is_whole(verdict)


def assert_is_whole(verdict: Verdict) -> None:
    """Nothing checks a verdict when it is made: every field is there, in order, and of its type."""
    assert list(dict(verdict)) == list(Verdict.model_fields)
    assert verdict.model_fields_set == set(Verdict.model_fields)
    assert Verdict.model_validate(dict(verdict), strict=True) == verdict
    written = verdict.model_dump_json(warnings="error")
    assert Verdict.model_validate_json(written).model_dump_json() == written


def test_what_is_remembered_of_a_problem_is_bounded() -> None:
    problem = make_problem("during", QUESTION, (*FACTS, *(f"Ida Moss works for Shop{i} in 1950." for i in range(200))),
                           ("Inn",), source="here:1")  # fmt: skip
    prepared = JUDGE.prepare(problem)
    for fact in problem.context:
        steps = f"<think>{TASK.template.retrieve} {[fact.text]!r}</think> ['{fact.text[19:-9]}']"
        JUDGE.verdict(prepared, output(steps, problem))
    assert len(prepared.known) == 64


@pytest.mark.parametrize("task", ["babi", "cotempqa", "msmarco", "hotpotqa", "2wikimultihopqa", "musique"])
def test_every_task_judges_its_example(task: str) -> None:
    kind = get_task(task)
    problem = kind.example()
    text = f"<think>{kind.template.render_trace(problem, problem.trace)}</think>"
    text += f" <answer>{render_answer(problem.answer)}</answer>"
    for support in (None, *problem.support):
        judge = Judge.of(kind, support)
        verdict = judge.verdict(judge.prepare(problem), output(text, problem))
        assert_is_whole(verdict)
        assert_is_whole(judge.verdict(judge.prepare(problem), output("", problem)))
        assert verdict.answer
        assert verdict.class_step == "right"
        assert verdict.consistent in (None, True)
        assert verdict.retrieval.keys() == problem.support.keys()
        assert verdict.retrieval_step == ("right" if support is None else verdict.retrieval[support])
