"""Conditions on one statement of a free trace: what was changed is read back by the verifier, and nothing else changed."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.interventions import Forced, Own, Setting, Unsupported, force
from tracekd.interventions.condition import steps_of
from tracekd.interventions.free_trace import own_of
from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.statements import get_grammar
from tracekd.statements.judging import judge_trace
from tracekd.statements.statement import Statement
from tracekd.students.output import Output
from tracekd.tasks import get_task
from tracekd.tasks.check import same_answer
from tracekd.tasks.template import render_answer
from tracekd.worlds.free_traces.developed import DEVELOPED, DEVELOPED_STORIES
from tracekd.worlds.free_traces.made import make_trace

World = Callable[[str], Any]
WORDINGS = {"babi": DEVELOPED_STORIES, "cotempqa": DEVELOPED}
CHANGES = ("statement_cut", "statement_negated", "statement_replaced")
WHICH = ("decisive", "first", "last", "drawn")
SETTING = replace(Setting.of(get_task("babi")), free_traces=True)
STORY = (
    "Mary went to the garden.", "John went to the office.", "Mary took the milk there.", "Mary went to the kitchen.",
)  # fmt: skip
MILK = Problem(
    id="p", task="babi", group="g", question="Where is the milk?", answer=Answer(kind="one_of", values=("kitchen",)),
    source="f:1", context=tuple(Fact(id=str(at), text=text) for at, text in enumerate(STORY)),
    trace=gold_trace("two-supporting-facts", ("2", "3")), support={"support": ("2", "3")},
)  # fmt: skip
TRACE = "Mary took the milk. Then Mary went to the kitchen. So the milk is in the kitchen."


def own(text: str, answer: str | None = "kitchen") -> Own:
    return Own(text, steps_of(text, SETTING.template), answer)


def changed(condition: str, text: str = TRACE, problem: Problem = MILK, answer: str | None = "kitchen") -> Forced:
    return force(problem, own(text, answer), condition, SETTING, 0)


def judged(problem: Problem, text: str) -> tuple[Statement, ...]:
    return judge_trace(text, get_grammar(problem.task).prepare(problem.question, problem.context))


def made(world: Any, condition: str, seed: int = 0) -> Iterator[tuple[Problem, str, Forced]]:
    """The problems whose made traces can be changed in this way, the trace, and what is forced."""
    for problem in world.problems[::2]:
        text = make_trace(problem, WORDINGS[problem.task], seed).text
        with suppress(Unsupported):
            yield (
                problem,
                text,
                force(problem, own(text, render_answer(problem.answer)), condition, world.setting, seed),
            )


def broken(text: str) -> int:
    """How many signs of a broken sentence or an empty item a text has."""
    return len(re.findall(r" [,.;]|,\.|(?<!\.)\.\.(?!\.)|,,|^\s*[-*•]\s*$|  ", text, re.MULTILINE))


def derived(problem: Problem, statements: tuple[Statement, ...]) -> list[Answer | None]:
    """What the task's rule derives from what a trace ends on: the facts of what holds, and what is false as a fact.

    Of statements on the same matter, the last one counts. If the question takes an event as given, it may be added.
    """
    task = get_task(problem.task)
    by_slot = {one.slot if one.slot is not None else at: one for at, one in enumerate(statements) if one.is_claim}
    told = [
        one for one in by_slot.values() if not one.is_answer and one.taken_back_by is None and one.slot != ("class",)
    ]
    held = {ident for one in told if one.holds for ident in one.facts}
    false = [one.as_fact for one in statements if one in told and not one.holds and one.as_fact]
    given_ = [problem.context[at].id for at in task.premises(problem.question, [fact.text for fact in problem.context])]
    sets = [held, *({*held, ident} for ident in given_)]
    facts = [[*(fact.text for fact in problem.context if fact.id in some), *dict.fromkeys(false)] for some in sets]
    return [task.derive(problem.question, texts, problem.label) for texts in facts]


def plain(one: Statement) -> tuple[object, ...]:
    return one.text.casefold().rstrip("."), one.grounding, one.facts, one.is_read, one.answer


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("statement_cut", "Mary took the milk. So the milk is in the kitchen."),
        ("statement_cut(first)", "Then Mary went to the kitchen. So the milk is in the kitchen."),
        ("statement_cut(last)", "Mary took the milk. Then Mary went to the kitchen."),
        (
            "statement_negated",
            "Mary took the milk. Then Mary did not go to the kitchen. So the milk is in the kitchen.",
        ),
        (
            "statement_negated(last)",
            "Mary took the milk. Then Mary went to the kitchen. So the milk is not in the kitchen.",
        ),
    ],
)
def test_a_statement_is_cut_or_denied(condition: str, text: str) -> None:
    told = changed(condition)
    assert told.text == text
    assert told.altered == ("negated" in condition)


def test_a_value_is_replaced_wherever_the_trace_names_it_and_the_answer_that_follows_is_known() -> None:
    told = changed("statement_replaced")
    place = re.fullmatch(r"Mary took the milk\. Then Mary went to the (\w+)\. So the milk is in the \1\.", told.text)
    assert place and place[1] in ("garden", "office")
    assert told.implied and told.implied.values == (place[1],) and told.altered


def test_a_name_that_the_trace_has_not_had_comes_first() -> None:
    """The garden was named: it is taken only if no other place implies another answer."""
    told = changed("statement_replaced", "Mary went to the garden. Mary took the milk. Mary went to the kitchen.")
    assert told.text == "Mary went to the garden. Mary took the milk. Mary went to the office."
    assert told.implied and told.implied.values == ("office",)


def test_persons_and_organisations_are_not_exchanged() -> None:
    """The grammar of CoTempQA has one mark for all names; the words before a name tell its kind."""
    texts = (
        "Ada Brook works for Fernhill Observatory from 1991 to 1999.", "Ada Brook works for Tidewater College from 1993 to 1996.",
        "Ada Brook works for Mill Lane Bakery from 2006 to 2011.",
        "Ada Brook is a member of the Harbour Party from 1993 to 1996.",
    )  # fmt: skip
    problem = Problem(
        id="q", task="cotempqa", group="g", source="f:1", trace=gold_trace("during", ("1",)), support={"support": ("1",)},
        question="While Ada Brook was working for Fernhill Observatory, which employer did Ada Brook work for simultaneously?",
        context=tuple(Fact(id=str(at), text=text) for at, text in enumerate(texts)),
        answer=Answer(kind="set", values=("Tidewater College",)),
    )  # fmt: skip
    told = changed("statement_replaced", " ".join(texts[:2]), problem, "Tidewater College")
    assert told.text == f"{texts[0]} Ada Brook works for Mill Lane Bakery from 1993 to 1996."
    assert told.implied and told.implied.values == ("Mill Lane Bakery",)


def test_a_denied_statement_is_affirmed() -> None:
    said = "Mary took the milk. John is not in the kitchen. Mary went to the kitchen."
    told = changed("statement_negated(drawn)", "John is not in the kitchen.", answer=None)
    assert told.text == "John is in the kitchen."
    assert changed("statement_negated", said).text.endswith("Mary did not go to the kitchen.")


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Mary took the milk, and John is in the office.", "John is in the office."),
        ("- Mary took the milk.\n- John is in the office.", "- John is in the office."),
        (
            "John is in the office.\nMary took the milk.\n\nMary is in the kitchen.",
            "Mary took the milk.\n\nMary is in the kitchen.",
        ),
    ],
)
def test_no_broken_sentence_is_left(text: str, cut: str) -> None:
    assert changed("statement_cut(first)", text).text == cut


@pytest.mark.parametrize(
    "text",
    [
        "The story says: Mary took the milk.",
        'The story says "Mary took the milk."',
        "Mary took the milk, which is in the kitchen.",
    ],
)
def test_where_a_broken_sentence_would_be_left_there_is_no_cut(text: str) -> None:
    with suppress(Unsupported):
        assert changed("statement_cut(first)", text, answer=None).text == ""


def test_a_trace_that_itself_says_another_answer_implies_none() -> None:
    """The grammar replaces the answer as well; so it is denied here, where the answer stays."""
    told = changed("statement_negated(first)", "Mary went to the kitchen. The answer is kitchen.")
    assert told.implied is None


@pytest.mark.parametrize("name", WORDINGS)
@pytest.mark.parametrize("which", WHICH)
def test_a_cut_statement_is_gone_and_all_others_are_judged_as_before(world: World, name: str, which: str) -> None:
    count = 0
    for problem, text, told in made(world(name), f"statement_cut({which})"):
        before, after = (list(map(plain, judged(problem, one))) for one in (text, told.text))
        assert len(after) == len(before) - 1 and len(told.text) < len(text)
        assert after in [before[:at] + before[at + 1 :] for at in range(len(before))]
        assert broken(told.text) <= broken(text), told.text
        count += 1
    assert count >= len(world(name).problems) / 5


@pytest.mark.parametrize("name", WORDINGS)
@pytest.mark.parametrize("which", WHICH)
def test_a_denied_statement_is_read_as_the_opposite_and_all_others_as_before(
    world: World, name: str, which: str
) -> None:
    count = 0
    for problem, text, told in made(world(name), f"statement_negated({which})"):
        before, after = judged(problem, text), judged(problem, told.text)
        assert len(before) == len(after)
        differ = [(one, other) for one, other in zip(before, after, strict=True) if plain(one) != plain(other)]
        ((one, other),) = differ
        assert (one.holds and other.grounding == "contradicted") or (one.grounding == "contradicted" and other.holds)
        count += 1
    # The grammar of CoTempQA reads few denials: only those that compare times.
    assert count >= (len(world(name).problems) / 7 if name == "babi" else which in ("last", "drawn"))


@pytest.mark.parametrize("name", WORDINGS)
@pytest.mark.parametrize("which", WHICH)
def test_a_replaced_statement_is_false_and_the_implied_answer_follows(world: World, name: str, which: str) -> None:
    count = implied = 0
    for problem, text, told in made(world(name), f"statement_replaced({which})"):
        before, after = judged(problem, text), judged(problem, told.text)
        pairs = list(zip(before, after, strict=True))
        assert any(plain(one) != plain(other) and other.grounding == "contradicted" for one, other in pairs)
        assert told.altered and told.text != text
        count += 1
        if told.implied is not None:
            implied += 1
            assert not same_answer(told.implied, problem.answer)
            assert any(answer and same_answer(answer, told.implied) for answer in derived(problem, after))
    assert count >= len(world(name).problems) / 10
    assert implied or which != "decisive"


@pytest.mark.parametrize("condition", CHANGES)
def test_a_changed_trace_is_a_pure_function_of_seed_and_problem(world: World, condition: str) -> None:
    sample = world("babi")
    first, second = (list(made(sample, f"{condition}(drawn)")) for _ in range(2))
    assert first == second and first
    alone = list(made(replace(sample, problems=sample.problems[::4]), f"{condition}(drawn)"))
    assert all(one in first for one in alone)


@pytest.mark.parametrize("condition", CHANGES)
@pytest.mark.parametrize(
    ("text", "answer", "why"),
    [
        ("", "kitchen", "reads no step"),
        ("Hm, let me think.", "kitchen", "reads no step"),
        ("Mary took the milk.", "kitchen", "does not follow from its trace"),
        (f"{SETTING.template.classify} counting.", "kitchen", "one of the template"),
        ("Mary took the milk. " * 1100, "kitchen", "more than 20,000 characters"),
        ("Mary took the milk. " * 200, "kitchen", "more than 128 statements"),
    ],
)
def test_a_trace_without_such_a_statement_says_why(condition: str, text: str, answer: str, why: str) -> None:
    with pytest.raises(Unsupported, match=why):
        changed(condition, text, answer=answer)


@pytest.mark.parametrize("condition", CHANGES)
def test_a_task_without_a_grammar_has_no_free_traces(condition: str) -> None:
    with pytest.raises(Unsupported, match="no grammar reads"):
        changed(condition, problem=MILK.model_copy(update={"task": "none"}))


PIECES = (
    "Mary",
    "the milk",
    "kitchen",
    " is in the ",
    " went to ",
    " not",
    "n't",
    ".",
    ", so ",
    "\n",
    "- ",
    '"',
    "1. ",
    "(",
    "é",
    "\ue001",
    "*",
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(CHANGES), st.sampled_from(WHICH))
def test_whatever_a_trace_says_it_is_changed_as_meant_or_not_at_all(pieces: list[str], name: str, which: str) -> None:
    text = "".join(pieces)
    with suppress(Unsupported):
        told = changed(f"{name}({which})", text, answer=None)
        assert told.text != text
        assert len(judged(MILK, text)) - len(judged(MILK, told.text)) == (name == "statement_cut")


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize(
    "text",
    [
        "Mary went to the kitchen. " * 128,
        "Mary went to the kitchen " * 800,
        "Mary is not " * 1600,
        '"Mary" ' * 2400,
        "- " * 9999,
        "Mary and John " * 1400,
        f"Mary is in the kitchen,{' ' * 18_000}so the milk is in the kitchen.",
        f"{' ' * 19_000}Mary is in the kitchen, and John is there.",
    ],
)
def test_hostile_traces_take_bounded_time(name: str, text: str) -> None:
    begun = time.process_time()
    for which in WHICH:
        with suppress(Unsupported):
            changed(f"{name}({which})", text[:20_000])
    assert time.process_time() - begun < 10


def output(text: str, finish: str = "stop") -> Output:
    return Output.model_validate(
        {"id": "p", "regime": "zero_shot", "student": "s", "seed": 0, "text": text, "token_ids": (), "finish": finish}
    )


@pytest.mark.parametrize(
    ("text", "finish", "trace", "answer"),
    [
        (f"<think>\n{TRACE}\n</think>\n\\boxed{{kitchen}}", "stop", f"\n{TRACE}\n", "\\boxed{kitchen}"),
        (f"{TRACE}\n<answer>kitchen</answer>", "stop", f"{TRACE}\n", "kitchen"),
        (f"{TRACE} The answer is kitchen.", "stop", f"{TRACE} The answer is kitchen.", "The answer is kitchen."),
        (f"{TRACE}\n<answer>kitch", "length", f"{TRACE}\n", "kitch"),
        (TRACE, "length", None, None),
        (f"<think>{TRACE}", "stop", None, None),
        ("kitchen", "stop", None, None),
        ("The answer is kitchen.", "stop", None, None),
        ("", "stop", None, None),
    ],
)
def test_the_own_trace_is_the_reasoning_as_it_was_written(
    text: str, finish: str, trace: str | None, answer: str | None
) -> None:
    found = own_of(MILK, output(text, finish), SETTING)
    assert (found and (found.text, found.answer)) == (trace and (trace, answer))


def test_where_traces_are_those_of_the_template_text_without_marks_is_none() -> None:
    assert own_of(MILK, output(f"{TRACE}\n<answer>kitchen</answer>"), Setting.of(get_task("babi"))) is None
