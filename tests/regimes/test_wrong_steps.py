"""A wrong step is wrong under every gold support, and by rule; and there is one wherever there can be one."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.regimes import Setting, Unsupported, draw_trace
from tracekd.tasks import get_task, task_names
from tracekd.tasks.normalize import normalize_fact
from tracekd.trace import Quote, Trace
from tracekd.verify.parse import parse
from tracekd.verify.verdict import Verdict

BABI = get_task("babi")
SETTING = replace(Setting.of(BABI), derive=lambda question, facts, label: None)
WRONG = ["incorrect", "incorrect_facts", "swapped", "swapped(same_class)"]


def made_problem(texts: Sequence[str], gold: tuple[str, ...], ident: str = "p", **changed: Any) -> Problem:
    return Problem(
        id=ident, task="babi", group="g", question="Where is Mary?", source="f:1",
        context=tuple(Fact(id=str(at), text=text) for at, text in enumerate(texts)),
        answer=Answer(kind="one_of", values=("office",)), trace=gold_trace(BABI.labels[0], gold),
    ).model_copy(update=changed)  # fmt: skip


def numbered(count: int, gold: tuple[str, ...]) -> Callable[[str], Problem]:
    return lambda ident: made_problem([f"Fact number {at}." for at in range(count)], gold, ident)


def wrong_facts(problem: Problem, setting: Setting = SETTING, seed: int = 0) -> tuple[str, ...]:
    trace = draw_trace(problem, "incorrect", setting, seed)
    assert trace is not None
    return trace.facts


def assert_wrong(problem: Problem, trace: Trace, setting: Setting, verdict: Verdict) -> None:
    """No cited text is that of a fact which any gold support names; the gold answer does not follow from them."""
    ids = {*problem.trace.facts, *(i for found in (*problem.support.values(), *problem.alternatives) for i in found)}
    gold = {normalize_fact(text) for text in problem.texts(ids)}
    cited = parse(f"<think>{setting.template.render_trace(problem, trace)}</think>", setting.template, "stop").cited
    assert cited and gold.isdisjoint(map(normalize_fact, cited))
    assert verdict.retrieval_step == "wrong" and verdict.precision == verdict.recall == 0
    assert verdict.consistent is False
    assert len(set(map(normalize_fact, cited))) == len(cited) or any(isinstance(step, Quote) for step in trace.steps)


@pytest.mark.parametrize("name", task_names())
@pytest.mark.parametrize("regime", WRONG)
def test_wrong_facts_are_wrong_under_every_support_and_by_rule(
    name: str, regime: str, sample: Callable[..., Any], drawn: Callable[..., Any], judged: Callable[..., Verdict]
) -> None:
    setting = sample(name).setting
    for problem in sample(name, of=4).problems:
        trace = drawn(problem, regime, setting)
        if isinstance(trace, Trace):
            assert_wrong(problem, trace, setting, judged(problem, trace, setting))


@pytest.mark.parametrize("regime", WRONG)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_wrong_facts_are_wrong_on_nasty_problems(
    regime: str, data: st.DataObject, nasty: Any, drawn: Callable[..., Any], judged: Callable[..., Verdict]
) -> None:
    problem, setting = data.draw(nasty)
    trace = drawn(problem, regime, setting, data.draw(st.integers(0, 99)))
    if isinstance(trace, Trace):
        assert_wrong(problem, trace, setting, judged(problem, trace, setting))


@pytest.mark.parametrize("name", task_names())
def test_the_parts_are_those_of_the_whole(name: str, sample: Callable[..., Any], drawn: Callable[..., Any]) -> None:
    """`incorrect` states the class that `incorrect_class` does and cites the facts that `incorrect_facts` does."""
    setting = sample(name).setting
    for problem in sample(name, of=8).problems:
        both = drawn(problem, "incorrect", setting)
        if isinstance(both, Trace):
            assert both.label == drawn(problem, "incorrect_class", setting).label != problem.label
            assert both.facts == drawn(problem, "incorrect_facts", setting).facts
            assert drawn(problem, "corrupted(1)", setting) == both


def test_wrong_classes_are_uniform_over_the_others() -> None:
    build = numbered(6, ("0",))
    stated = Counter(draw_trace(build(f"p{at}"), "incorrect", SETTING, 0).label for at in range(1900))
    assert set(stated) == set(BABI.labels[1:])
    assert all(60 < count < 140 for count in stated.values())


def test_wrong_facts_that_look_alike_are_uniform() -> None:
    build = numbered(6, ("5", "2"))
    cited = Counter(fact for at in range(1000) for fact in wrong_facts(build(f"p{at}")))
    assert set(cited) == {"0", "1", "3", "4"}
    assert all(400 < count < 600 for count in cited.values())


@pytest.mark.parametrize("gold", [("5", "2", "7"), ("2", "5", "7"), ("7", "5", "2"), ("5", "7", "2")])
def test_wrong_facts_are_permuted_from_story_order_as_the_gold_ones(gold: tuple[str, ...]) -> None:
    for at in range(30):
        cited = wrong_facts(numbered(9, gold)(f"p{at}"))
        assert sorted(range(3), key=lambda i: int(cited[i])) == sorted(range(3), key=lambda i: int(gold[i]))


def test_the_text_of_a_gold_fact_is_no_wrong_fact_wherever_it_stands() -> None:
    for at in range(20):
        assert wrong_facts(made_problem(["A.", "A.", " A", "B."], ("1",), f"p{at}")) == ("3",)


@pytest.mark.parametrize(
    "named", [{"support": {"support": ("0",), "full_support": ("2", "0")}}, {"alternatives": (("1",), ("2",))}]
)
def test_a_fact_of_another_support_or_an_alternative_is_no_wrong_fact(named: dict[str, Any]) -> None:
    cited = {wrong_facts(made_problem(["A.", "B.", "C.", "D."], ("0",), f"p{at}", **named)) for at in range(40)}
    assert cited == ({("3",)} if "alternatives" in named else {("1",), ("3",)})


def test_of_a_repeated_text_the_last_is_cited() -> None:
    assert {wrong_facts(made_problem(["A.", "B.", "C.", "B"], ("0",), f"p{at}")) for at in range(20)} == {
        ("2",),
        ("3",),
    }


@pytest.mark.parametrize(("facts", "gold"), [(1, 1), (2, 2), (3, 2), (5, 3)])
def test_with_too_few_facts_there_is_no_wrong_trace(facts: int, gold: int) -> None:
    problem = numbered(facts, tuple(map(str, range(gold))))("p")
    with pytest.raises(Unsupported, match="too few facts that are not gold"):
        draw_trace(problem, "incorrect", SETTING, 0)


def test_with_one_class_only_there_is_no_wrong_class() -> None:
    setting, problem = replace(SETTING, labels=BABI.labels[:1]), numbered(6, ("0",))("p")
    for regime in ("incorrect", "incorrect_class", "corrupted(0)", "paper(incorrect)"):
        with pytest.raises(Unsupported, match="no other class"):
            draw_trace(problem, regime, setting, 0)
    assert draw_trace(problem, "incorrect_facts", setting, 0)


ALIKE = ["Mary went to the office.", "Mary moved to the office.", "Mary journeyed to the office."]


def test_where_all_other_facts_lead_to_the_answer_there_is_no_wrong_trace() -> None:
    with pytest.raises(Unsupported, match="lead to the right answer"):
        draw_trace(made_problem(ALIKE, ("0",)), "incorrect", Setting.of(BABI), 0)


@pytest.mark.parametrize("gold", [("0",), ("0", "1", "2")])
def test_the_one_fact_that_does_not_lead_to_the_answer_is_found(gold: tuple[str, ...]) -> None:
    """However many there are, and be it the least alike; of several facts, one that leads there is one too many."""
    texts = [f"{who} {verb} the office." for verb in ("went to", "moved to", "ran back to") for who in ("Mary", "She")]
    texts += [f"Number {at}." for at in range(10)] * (len(gold) > 1) + ["x" * 40 + "."]
    setting = replace(
        SETTING, derive=lambda q, facts, label: Answer(kind="set", values=("Office",)) if bad(facts) else None
    )

    def bad(facts: Sequence[str]) -> bool:
        return any("office" in fact for fact in facts)

    for at in range(30):
        cited = made_problem(texts, gold, f"p{at}").texts(wrong_facts(made_problem(texts, gold, f"p{at}"), setting))
        assert not bad(cited) and len(cited) == len(gold)


@pytest.mark.parametrize("other", ["x" * 500 + ".", "THE OFFICE OF MARY.", "In 1" + "0" * 40 + "."])
def test_where_every_other_fact_would_show_there_is_no_wrong_trace(other: str) -> None:
    texts = ["Mary went to the office.", *(other.replace(".", f"{'!' * at}.") for at in range(3))]
    with pytest.raises(Unsupported, match="look similar enough"):
        draw_trace(made_problem(texts, ("0",)), "incorrect", SETTING, 0)
    assert wrong_facts(made_problem([*texts, "Carl left the school."], ("0",))) == ("4",)


def test_the_rule_is_asked_in_story_order_with_the_gold_class() -> None:
    asked: list[tuple[str, list[str], str]] = []
    derive = lambda question, facts, label: asked.append((question, list(facts), label))  # noqa: E731
    problem = numbered(9, ("7", "2", "5"))("p")
    draw_trace(problem, "incorrect", replace(SETTING, derive=derive), 0)  # type: ignore[arg-type]
    assert asked
    for question, facts, label in asked:
        assert (question, label) == (problem.question, problem.label)
        assert all(a < b for a, b in pairwise(facts))


@pytest.mark.parametrize(
    ("gold", "derived", "supported"),
    [
        (("office",), ("Office",), False),
        (("office", "garden"), ("garden",), False),
        ((), (), False),
        ((), ("milk",), True),
        (("office",), ("garden",), True),
    ],
)
def test_derived_answers_count_as_gold_by_their_own_comparison(
    gold: tuple[str, ...], derived: tuple[str, ...], supported: bool, drawn: Callable[..., Any]
) -> None:
    answer = Answer(kind="one_of" if gold else "set", values=gold)
    setting = replace(SETTING, derive=lambda question, facts, label: Answer(kind="set", values=derived))
    problem = made_problem(["A.", "B."], ("0",), answer=answer)
    assert isinstance(drawn(problem, "incorrect", setting), Trace) == supported
