"""Checks without gold: gold traces pass, provably wrong ones fail in the right part, and no text makes them raise."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tracekd
from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.regimes import Setting, Unsupported, draw_trace
from tracekd.tasks import Task, get_task
from tracekd.tasks.template import render_answer
from tracekd.trace import Trace
from tracekd.verify.check import Check
from tracekd.verify.without_gold import Checker
from tracekd.worlds import get_world
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

BABI, COTEMPQA = get_task("babi"), get_task("cotempqa")
STORY = ["Mary moved to the garden.", "John went to the den.", "Mary journeyed to the office."]
ASKED = "Where is Mary?"


def written(task: Task, problem: Problem, trace: Trace) -> str:
    return (
        f"<think>{task.template.render_trace(problem, trace)}</think> <answer>{render_answer(problem.answer)}</answer>"
    )


def checked(task: Task, problem: Problem, trace: Trace) -> Check:
    return tracekd.check(task, [fact.text for fact in problem.context], problem.question, written(task, problem, trace))


def said(label: str, cited: list[str], answer: str, task: Task = BABI) -> str:
    template = task.template
    return f"<think>{template.classify} {label}.\n{template.retrieve} {cited}</think> <answer>{answer}</answer>"


def states(check: Check) -> dict[str, str]:
    return {name: part.state for name, part in check.parts.items()}


def failing(check: Check) -> set[str]:
    return {name for name, state in states(check).items() if state == "fails"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Problem]]:
    folder = tmp_path_factory.mktemp("worlds")
    for name, n in (("babi", 15), ("cotempqa", 30)):
        families = get_world(name).families
        write_world(name, {family: families[family].dials() for family in families}, folder / name, n=n, seed=2)
    return {name: list(load_world(folder / name)) for name in ("babi", "cotempqa")}


@pytest.mark.parametrize("task", [BABI, COTEMPQA], ids=lambda task: task.name)
def test_gold_traces_pass_on_every_kind_of_support(made: dict[str, list[Problem]], task: Task) -> None:
    problems = made[task.name]
    assert {problem.label for problem in problems} == set(task.labels)
    for problem in problems:
        for kind in problem.support:
            check = checked(task, problem, problem.with_support(kind).trace)
            assert check.passes and set(states(check).values()) == {"passes"}, (problem.id, kind, check.parts)


def wrong(made: dict[str, list[Problem]], task: Task, regime: str) -> Iterator[tuple[Problem, Trace]]:
    setting = Setting.of(task)
    for problem in made[task.name]:
        try:
            trace = draw_trace(problem, regime, setting, 0)
        except Unsupported:
            continue
        assert trace is not None
        yield problem, trace


@pytest.mark.parametrize("task", [BABI, COTEMPQA], ids=lambda task: task.name)
def test_a_wrong_class_fails_as_a_class(made: dict[str, list[Problem]], task: Task) -> None:
    alone = 0
    for problem, trace in wrong(made, task, "incorrect_class"):
        check = checked(task, problem, trace)
        assert check.admitted is not None
        alone += len(check.admitted) == 1
        assert ("label" in failing(check)) == (trace.label not in check.admitted)
        assert failing(check) <= {"label", "from_cited"}, check.parts  # another family may have another rule
        assert check.facts.state == check.from_context.state == "passes"
    assert alone > 0.9 * len(made[task.name])


@pytest.mark.parametrize("task", [BABI, COTEMPQA], ids=lambda task: task.name)
def test_wrong_facts_fail_as_facts_that_the_answer_does_not_follow_from(
    made: dict[str, list[Problem]], task: Task
) -> None:
    found = list(wrong(made, task, "incorrect_facts"))
    assert len(found) > 0.7 * len(made[task.name])
    for problem, trace in found:
        check = checked(task, problem, trace)
        assert failing(check) == {"from_cited"} and not check.passes, (problem.id, check.parts)


@pytest.mark.parametrize("task", [BABI, COTEMPQA], ids=lambda task: task.name)
def test_where_both_are_wrong_the_trace_fails_and_the_answer_stands(made: dict[str, list[Problem]], task: Task) -> None:
    for problem, trace in wrong(made, task, "incorrect"):
        check = checked(task, problem, trace)
        assert "from_cited" in failing(check) and check.from_context.state == "passes"


def test_the_paper_leaves_the_event_of_the_question_out(made: dict[str, list[Problem]]) -> None:
    for problem in made["cotempqa"]:
        without, whole = (problem.with_support(kind).trace for kind in ("support", "full_support"))
        number = int(problem.support["full_support"][0])
        taken = f"with fact {number} of the context, which the question takes as given"
        assert taken in checked(COTEMPQA, problem, without).from_cited.reason
        assert "takes as given" not in checked(COTEMPQA, problem, whole).from_cited.reason


def test_a_right_trace_with_its_places() -> None:
    check = tracekd.check("babi", STORY, ASKED, said("single-supporting-fact", [STORY[2]], "office"))
    assert check.passes and check.trace_passes
    assert check.cited == (2,) and check.invented == () and check.admitted == ("single-supporting-fact",)
    assert Check.model_validate_json(check.model_dump_json()) == check


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        # An older fact: coherent with itself, and overtaken by the story.
        (said("single-supporting-fact", [STORY[0]], "garden"), {"from_context"}),
        (said("single-supporting-fact", [STORY[0]], "office"), {"from_cited"}),
        (said("single-supporting-fact", ["Mary went to the moon."], "moon"), {"facts", "from_context"}),
        (said("single-supporting-fact", [STORY[2], "Mary is tall."], "office"), {"facts"}),
        (said("conjunction", [STORY[2]], "office"), {"label"}),
        (said("counting", [STORY[2]], "office"), {"label", "from_cited"}),
        (said("no such class", [STORY[2]], "office"), {"label"}),
        (said("single-supporting-fact", [], "office"), {"from_cited"}),
        ("office", {"facts", "label", "from_cited"}),
        ("<think>hm</think>", {"facts", "label", "from_cited", "from_context"}),
        ("", {"facts", "label", "from_cited", "from_context"}),
    ],
)
def test_what_is_wrong_fails_in_its_part(text: str, fails: set[str]) -> None:
    check = tracekd.check(BABI, STORY, ASKED, text)
    assert failing(check) == fails and not check.passes
    assert check.trace_passes == fails.isdisjoint({"facts", "label", "from_cited"})


def test_sentences_that_the_story_repeats_may_be_cited_for_all_of_their_places() -> None:
    story = ["Mary got the milk.", "Mary dropped the milk.", "Mary got the milk."]
    text = said("counting", story, "one")
    assert tracekd.check(BABI, story, "How many objects is Mary carrying?", text).passes


def test_where_there_is_no_rule_nothing_is_guessed() -> None:
    task = get_task("msmarco")
    problem = task.example()
    check = checked(task, problem, problem.trace)
    assert states(check) == {"facts": "passes", "label": "unknown", "from_cited": "unknown", "from_context": "unknown"}
    assert not check.passes and not failing(check)
    unknown = tracekd.check(BABI, STORY, "Who sings?", said("conjunction", [STORY[0]], "Mary"))
    assert unknown.label.state == unknown.from_cited.state == unknown.from_context.state == "unknown"


def test_an_output_that_was_cut_off_says_so() -> None:
    text = f"<think>{BABI.template.classify} conj"
    assert "cut off" in tracekd.check(BABI, STORY, ASKED, text, finish="length").label.reason
    assert "not closed" in tracekd.check(BABI, STORY, ASKED, text).label.reason


PIECES = (
    "<think>", "</think>", "<answer>", "</answer>", "assistant\n", BABI.template.classify, BABI.template.retrieve, "['",
    "']", "', '", "[]", "single-supporting-fact.", *STORY, "office", "\n", " ", "\ud800", "\0", "'", '"', "\\", "é",
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=25).map("".join))
def test_no_text_makes_it_raise_and_every_check_can_be_written(text: str) -> None:
    check = CHECKER.check(text)
    assert Check.model_validate_json(check.model_dump_json()) == check
    assert all(part.reason for part in check.parts.values())
    # What passes is right here: the rules know the one answer.
    assert not check.passes or (check.answer is not None and "office" in check.answer.lower())


CHECKER = Checker.of(BABI, STORY, ASKED)


@settings(max_examples=100)
@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=4), st.text(max_size=60))
@pytest.mark.parametrize("task", [BABI, COTEMPQA], ids=lambda task: task.name)
def test_no_question_or_context_makes_it_raise(task: Task, question: str, context: list[str], text: str) -> None:
    check = tracekd.check(task, context, question, said(task.labels[0], [*context, text], text, task))
    assert all(0 <= place < len(context) for place in check.cited)


@pytest.mark.parametrize(
    "text",
    [
        "<think>" + "x" * 2_000_000,
        said("single-supporting-fact", [f"Mary went to the den{n}." for n in range(30_000)], "office"),
        said("single-supporting-fact", ["Mary went to the " + "den" * 500_000], "office" * 200_000),
        said("s" * 1_000_000, STORY * 10_000, "office"),
        "<think></think>" * 100_000,
    ],
    ids=["unclosed", "many", "long", "repeated", "tags"],
)
def test_of_megabytes_little_is_kept(text: str) -> None:
    check = tracekd.check(BABI, STORY, ASKED, text)
    assert not check.passes
    assert len(check.model_dump_json()) < 100_000 and all(len(part.reason) < 500 for part in check.parts.values())


def test_an_unknown_task_is_named() -> None:
    with pytest.raises(UserError, match="babi"):
        tracekd.check("babbi", STORY, ASKED, "office")


def test_the_package_stays_light_until_it_checks() -> None:
    code = "import sys, tracekd; assert 'pydantic' not in sys.modules; tracekd.check; assert 'pydantic' in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=600).returncode == 0
    assert "check" in tracekd.__all__
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        _ = tracekd.chekc


def test_checking_imports_nothing_heavy() -> None:
    heavy = "torch transformers scipy statsmodels pyarrow matplotlib httpx".split()
    code = f"import sys, tracekd; tracekd.check('babi', [], '', ''); print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=600)
    assert found.stdout.strip() == "[]"


def test_a_context_that_is_one_text_is_refused() -> None:
    for context in ("Mary went home. John left.", [1, 2]):
        with pytest.raises(UserError, match="not a sequence of sentences"):
            tracekd.check("babi", context, "Where is Mary?", "x")


def test_half_a_surrogate_can_be_written_again() -> None:
    text = "<think>['\ud800']</think> <answer>\ud800</answer>"
    assert tracekd.check("babi", ["Mary went home."], "Where is Mary?", text).model_dump_json()
