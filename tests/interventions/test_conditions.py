"""Every condition, on the problems of two worlds: pure, of the right form, wrong where it says so."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.interventions import (
    CONDITIONS,
    Condition,
    Forced,
    Own,
    Unsupported,
    all_conditions,
    condition_names,
    force,
    get_condition,
    read_conditions,
)
from tracekd.interventions.condition import steps_of
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.normalize import normalize_fact
from tracekd.verify.parse import Parsed, parse

World = Callable[[str], Any]
TEMPLATE = get_task("babi").template
WORLDS = ["babi", "cotempqa"]
BY_KIND = ["implied_by(story)", "implied_by(altered)"]
HIDING = ["trace_only", "blocked(trace)", "blocked(story)"]
OF_OWN = [
    "own", "resampled(0)", "resampled(1)", "shuffled", "filler", "truncated(0)", "truncated(1)", "paraphrased", "duplicated",
    *HIDING,
]  # fmt: skip


def forced(world: Any, condition: str, *, seed: int = 0) -> list[tuple[Problem, Forced]]:
    """What is forced for each problem that the condition supports: a quarter of them, at the least."""
    found = []
    for problem in world.problems:
        with suppress(Unsupported):
            found.append((problem, force(problem, world.own(problem), condition, world.setting, seed)))
    assert len(found) >= len(world.problems) / 4
    return found


def read(told: Forced, world: Any) -> Parsed:
    return parse(f"<think>{told.text}</think> <answer>", world.task.template, "stop")


def test_names_are_those_that_are_offered() -> None:
    tried = {name.partition("(")[0] for name in [*CONDITIONS, *HIDING, *BY_KIND, "resampled(0)", "cross(correct)"]}
    # Those on statements are tried in `test_statement.py`.
    assert tried | {"statement_cut", "statement_negated", "statement_replaced"} == set(condition_names())
    for condition in all_conditions():
        assert isinstance(condition, Condition)
        assert condition.summary and condition.citation


@pytest.mark.parametrize(
    "written",
    [
        "truncated(-1)",
        "truncated(x)",
        "truncated(01)",
        "wrong_facts(two)",
        "implied_by(gold)",
        "own(1)",
        "ownn",
        "a b",
        "",
    ],
)
def test_what_is_no_condition_is_refused(written: str) -> None:
    with pytest.raises(UserError):
        get_condition(written)


def test_a_list_names_each_condition_once() -> None:
    names = [condition.name for condition in read_conditions("own, truncated(2),wrong_facts(one)")]
    assert names == ["own", "truncated(2)", "wrong_facts(one)"]
    with pytest.raises(UserError):
        list(read_conditions("own,own"))


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("condition", [*CONDITIONS, *HIDING, *BY_KIND, "resampled(0)", "resampled(1)"])
def test_a_condition_is_a_pure_function_of_seed_and_problem(world: World, name: str, condition: str) -> None:
    sample = world(name)
    sample = replace(sample, problems=sample.problems[:: len(sample.problems) // 36])
    assert forced(sample, condition, seed=3) == forced(sample, condition, seed=3)
    alone = replace(sample, problems=sample.problems[:6:-2])
    together = {problem.id: told for problem, told in forced(sample, condition)}
    for problem, told in forced(alone, condition):
        assert together[problem.id] == told


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("condition", ["wrong_facts(one)", "wrong_facts(all)", "wrong_both", "implied", *BY_KIND])
def test_which_problems_are_supported_does_not_depend_on_the_seed(world: World, name: str, condition: str) -> None:
    first, second = ([problem.id for problem, _ in forced(world(name), condition, seed=seed)] for seed in (0, 1))
    assert first == second


@pytest.mark.parametrize("name", WORLDS)
def test_own_gold_and_none_are_what_they_say(world: World, name: str) -> None:
    sample = world(name)
    for problem, told in forced(sample, "gold"):
        assert told.text == sample.own(problem).text
    assert all(told.text == "" for _, told in forced(sample, "none"))
    odd = Own("Hm, [so]...", ("Hm, [so]...",), "x")
    assert force(sample.problems[0], odd, "own", sample.setting, 0).text == odd.text


def test_a_trace_is_begun_by_its_first_steps(world: World) -> None:
    sample = world("babi")
    for steps in (0, 1):
        for problem, told in forced(sample, f"resampled({steps})"):
            assert told.is_open and told.text == "".join(sample.own(problem).steps[:steps])
    with pytest.raises(Unsupported, match="fewer steps"):
        force(sample.problems[0], sample.own(sample.problems[0]), "resampled(3)", sample.setting, 0)


def test_the_trace_of_another_student_is_forced_as_it_is(world: World) -> None:
    sample = world("babi")
    first, second = sample.problems[:2]
    setting = replace(sample.setting, others={"corrupted(0.3)": {first.id: "Hm, [so]..."}})
    condition = get_condition("cross(corrupted(0.3))")
    assert (condition.name, condition.crosses) == ("cross(corrupted(0.3))", "corrupted(0.3)")
    assert force(first, None, condition, setting, 0) == Forced("Hm, [so]...")
    with pytest.raises(
        Unsupported, match=r"the student of the regime corrupted\(0.3\) wrote no trace that can be read"
    ):
        force(second, None, condition, setting, 0)
    with pytest.raises(Unsupported, match="no student of the regime correct is known"):
        force(first, None, "cross", setting, 0)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("cross(answer_only)", "write no trace"),
        ("cross(corect)", "did you mean 'correct'"),
        ("cross(own)", "no regime 'own'"),
    ],
)
def test_only_regimes_with_traces_can_be_crossed(written: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        get_condition(written)


def test_hidden_parts_leave_the_own_trace_as_it_is(world: World) -> None:
    sample = world("babi")
    hidden = [{told.hidden for _, told in forced(sample, name)} for name in HIDING]
    assert hidden == [{"story"}, {"trace from the answer"}, {"story from the answer"}]
    for name in HIDING:
        assert all(told.text == sample.own(problem).text for problem, told in forced(sample, name))
    with pytest.raises(Unsupported, match="empty"):
        force(sample.problems[0], Own("", (), "x"), "blocked(story)", sample.setting, 0)


@pytest.mark.parametrize("condition", OF_OWN)
def test_without_a_trace_of_its_own_a_student_gets_none_made_from_it(world: World, condition: str) -> None:
    sample = world("babi")
    with pytest.raises(Unsupported, match="wrote no trace"):
        force(sample.problems[0], None, condition, sample.setting, 0)


@pytest.mark.parametrize("condition", [*(name for name in CONDITIONS if name not in OF_OWN), *BY_KIND])
def test_the_others_do_not_depend_on_what_it_wrote(world: World, condition: str) -> None:
    sample = world("babi")
    for problem, told in forced(sample, condition):
        assert force(problem, None, condition, sample.setting, 0) == told


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize(
    ("condition", "right_class", "right_facts"),
    [
        ("wrong_class", False, "all"),
        ("wrong_facts(all)", True, "none"),
        ("wrong_both", False, "none"),
        ("wrong_facts(one)", True, "but one"),
    ],
)
def test_wrong_steps_are_wrong_and_the_others_right(
    world: World, name: str, condition: str, right_class: bool, right_facts: str
) -> None:
    sample = world(name)
    for problem, told in forced(sample, condition):
        parsed = read(told, sample)
        assert (parsed.stated_label == problem.label) is right_class
        assert parsed.stated_label in sample.setting.labels
        gold = {normalize_fact(text) for text in problem.texts(problem.trace.facts)}
        cited = [normalize_fact(text) for text in parsed.cited or ()]
        assert len(cited) == len(problem.trace.facts)
        wrong = {"all": 0, "none": len(cited), "but one": 1}[right_facts]
        assert sum(text not in gold for text in cited) == wrong
        assert set(cited) <= {normalize_fact(fact.text) for fact in problem.context}


@pytest.mark.parametrize("name", WORLDS)
def test_wrong_steps_are_the_same_alone_and_together(world: World, name: str) -> None:
    sample = world(name)
    alone = {problem.id: read(told, sample) for problem, told in forced(sample, "wrong_class")}
    facts = {problem.id: read(told, sample) for problem, told in forced(sample, "wrong_facts(all)")}
    for problem, told in forced(sample, "wrong_both"):
        both = read(told, sample)
        assert (both.stated_label, both.cited) == (alone[problem.id].stated_label, facts[problem.id].cited)


def test_wrong_facts_are_all_of_them_unless_told(world: World) -> None:
    sample = world("babi")
    assert forced(sample, "wrong_facts") == forced(sample, "wrong_facts(all)")


def test_swapped_facts_are_of_another_story(world: World) -> None:
    sample = world("cotempqa")
    for problem, told in forced(sample, "swapped"):
        cited = read(told, sample).cited or ()
        assert len(cited) == len(problem.trace.facts)
        assert set(map(normalize_fact, cited)).isdisjoint(map(normalize_fact, problem.texts(problem.trace.facts)))


@pytest.mark.parametrize("name", WORLDS)
def test_the_form_changes_and_the_content_stays(world: World, name: str) -> None:
    sample = world(name)
    for condition, steps in (("shuffled", 2), ("duplicated", 3)):
        for problem, told in forced(sample, condition):
            own, parsed = sample.own(problem), read(told, sample)
            assert told.text != own.text
            assert len(steps_of(told.text, sample.task.template)) == steps
            assert {*steps_of(f"{told.text}\n".replace("\n\n", "\n"), sample.task.template)} == {
                f"{step}\n".replace("\n\n", "\n") for step in own.steps
            }
            assert parsed.stated_label == problem.label
            assert set(parsed.cited or ()) == set(problem.texts(problem.trace.facts))


def test_a_trace_is_cut_off_after_a_step(world: World) -> None:
    sample = world("babi")
    problem = sample.problems[0]
    own = Own("One. \nTwo.\n\nThree.", steps_of("One. \nTwo.\n\nThree.", TEMPLATE), None)
    cut = [force(problem, own, f"truncated({kept})", sample.setting, 0).text for kept in range(3)]
    assert cut == ["", "One. \n", "One. \nTwo.\n\n"]
    with pytest.raises(Unsupported, match="no step after the kept ones"):
        force(problem, own, "truncated(3)", sample.setting, 0)


def test_filler_is_as_long_as_what_it_stands_for(world: World) -> None:
    for problem, told in forced(world("babi"), "filler"):
        assert set(told.text.split()) == {"the"}
        assert abs(len(told.text) - len(world("babi").own(problem).text)) <= 4


@given(
    st.text(st.sampled_from("ab.\n<>:'[]é"), max_size=40),
    st.lists(st.sampled_from(["classify", "retrieve"]), max_size=3),
)
def test_steps_lose_nothing_of_a_trace(text: str, sentences: list[str]) -> None:
    whole = text.join(["", *(f"{getattr(TEMPLATE, name)} x." for name in sentences), ""])
    steps = steps_of(whole, TEMPLATE)
    assert "".join(steps) == whole
    assert all(steps)
    if sentences:
        assert len(steps) == len(sentences)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("<think>so</think> <answer>x</answer>", Own("so", ("so",), "x")),
        ("assistant\n<think></think> <answer>x", Own("", (), "x")),
        ("so</think>", Own("so", ("so",), None)),
        ("<think>so", None),
        ("x", None),
    ],
)
def test_what_a_student_wrote_is_read_as_the_verifier_reads_it(output: str, expected: Own | None) -> None:
    assert Own.of(output, TEMPLATE, "stop") == expected
