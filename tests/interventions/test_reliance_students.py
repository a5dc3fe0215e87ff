"""Students of known reliance, taught for one step: their files, what is hidden from them, and what measures cost on them."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks/validation"))
from extreme_students import CANNOT, MUST, OTHERS
from graded_cost import PROBLEMS, costs_of
from graded_measures import RELIANCE
from graded_students import COUNTERFACTUAL, MIXTURE
from reliance_students import KnownStudent, Side, effects_of, make_effects, outputs_of, taught_in

from tracekd.interventions import read_conditions
from tracekd.problem import Problem
from tracekd.regimes import Unsupported, draw_target
from tracekd.sft.example import build_example
from tracekd.students.base import base_folder
from tracekd.students.checkpoint import load
from tracekd.students.prompting import Prompting
from tracekd.study.config import load_study

from .conftest import World

pytestmark = pytest.mark.xdist_group("torch")
CONDITIONS = tuple(read_conditions("own,implied,none"))


@pytest.fixture(scope="module")
def side(world: Callable[[str], World]) -> Side:
    """Six problems to learn from and three to answer, as if both sides had the same seed."""
    found = world("babi")
    sizes = "sizes={train=6, validation=1, test=3}"
    study = load_study("first", [sizes, "students.0.steps=1", "students.0.batch=2", "students.0.max_new_tokens=8"])
    short = sorted((p for p in found.problems if len(p.context) < 12), key=lambda problem: problem.id)
    usable = [problem for problem in short if has_conflict(problem, found)]
    return Side(study, {"train": usable[:6], "test": usable[6:9]}, found.setting)


def has_conflict(problem: Problem, world: World) -> bool:
    try:
        draw_target(problem, "counterfactual", world.setting, 0)
        draw_target(problem, "swapped", world.setting, 0)
    except Unsupported:
        return False
    return True


def student(name: str) -> KnownStudent:
    students = [*MIXTURE.students(CONDITIONS), *COUNTERFACTUAL.students(CONDITIONS)]
    return next(one for one in students if one.name == name)


def test_what_is_there_is_not_made_again_and_seeds_decide(side: Side, tmp_path: Path) -> None:
    known = student("mixture(0.5)")
    make_effects(known, 0, side, side, tmp_path / "one")
    effects = effects_of(known, 0, side, tmp_path / "one")
    assert [(one.id, one.condition) for one in effects] == [
        (problem.id, condition.name) for problem in side.problems["test"] for condition in CONDITIONS
    ]
    assert {(one.regime, one.student, one.seed) for one in effects} == {("mixture(0.5)", "embedded", 0)}
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "one").rglob("*") if path.is_file()}
    make_effects(known, 0, side, side, tmp_path / "one")
    assert {path: path.stat().st_mtime_ns for path in before} == before
    make_effects(known, 0, side, side, tmp_path / "two")
    assert effects_of(known, 0, side, tmp_path / "two") == effects
    make_effects(known, 1, side, side, tmp_path / "two")
    other = [one.model_copy(update={"seed": 0}) for one in effects_of(known, 1, side, tmp_path / "two")]
    assert other != effects


def test_no_problem_is_asked_whose_text_was_learnt(side: Side) -> None:
    learnt, asked = side.problems["train"][0], side.problems["test"]
    again = replace(side, problems={**side.problems, "test": [learnt.model_copy(update={"id": "again"}), *asked]})
    assert again.without(side) == side


def test_gold_stands_for_the_output_of_students_that_learn_no_trace(side: Side, tmp_path: Path) -> None:
    for name, is_gold in (("mixture(1)", True), ("counterfactual(0)", False)):
        make_effects(student(name), 0, side, side, tmp_path)
        outputs = outputs_of(student(name), 0, side, tmp_path)
        assert [output.id for output in outputs] == [problem.id for problem in side.problems["test"]]
        gold = [build_example(p, p.trace, side.setting.template).completion for p in side.problems["test"]]
        assert ([output.text for output in outputs] == gold) == is_gold


def test_costs_are_counted(side: Side, tmp_path: Path) -> None:
    known = student("mixture(0)")
    make_effects(known, 0, side, side, tmp_path)
    folder, outputs = taught_in(known, 0, side, tmp_path), outputs_of(known, 0, side, tmp_path)
    few = {name: RELIANCE[name] for name in ("follows", "flips under none", "NLDD")}
    costs = costs_of(folder, outputs, side, few)
    assert costs == costs_of(folder, outputs, side, few)
    assert {name: cost.traces for name, cost in costs.items()} == {"follows": 1, "flips under none": 1, "NLDD": 2}
    prompting = Prompting.of(load(folder)[1])
    asked = side.problems["test"][:PROBLEMS]
    prompt = sum(len(prompting.prompt_ids(side.prompt(problem))) for problem in asked) / len(asked)
    assert all(cost.tokens > prompt and cost.passes > 2 for cost in costs.values())
    # The empty trace is shorter than one with facts; two more traces cost more than one.
    assert costs["flips under none"].tokens < costs["follows"].tokens < costs["NLDD"].tokens


def test_students_that_must_see_no_story(side: Side) -> None:
    problem = side.problems["train"][0]
    example = MUST.lesson(problem, side.setting, 0)
    assert example.given and example.prompt == side.prompt(problem, with_story=False)
    assert not any(fact.text in example.prompt for fact in problem.context)
    assert not MUST.sees_story
    foreign = CANNOT.lesson(problem, side.setting, 0)
    assert foreign.given and foreign.prompt == side.prompt(problem)
    assert not any(text in foreign.completion for text in problem.texts(problem.trace.facts))
    assert foreign.completion.endswith(example.completion[slice(*example.answer)] + "</answer>")


def test_the_story_is_hidden_from_the_trace_on(side: Side) -> None:
    model, tokenizer = load(base_folder("embedded"))
    prompting = Prompting.of(tokenizer)
    (blocked,) = [one for one in OTHERS if one.name == "trace and answer blocked"]
    reader = blocked.forcer(model, prompting, side)._reader
    prompts = [prompting.prompt_ids(side.prompt(problem)) for problem in side.problems["test"]]
    masks = reader.read(prompts).mask
    for problem, prompt, mask in zip(side.problems["test"], prompts, masks, strict=True):
        hidden = torch.nonzero(mask[-len(prompt) :] == 2).flatten().tolist()
        begin, end = side.setting.template.facts_in_prompt(problem)
        assert tokenizer.decode([prompt[at] for at in hidden]).strip() == side.prompt(problem)[begin:end].strip()


def test_the_story_is_hidden_from_the_answer(side: Side) -> None:
    (blocked,) = [one for one in OTHERS if one.name == "answer blocked"]
    free = next(one for one in OTHERS if one.name == "free")
    assert [one.name for one in blocked.conditions] == [one.name for one in free.conditions]

    def hidden(known: KnownStudent) -> Iterator[str]:
        problem = side.problems["test"][0]
        for condition in known.conditions:
            if condition.name in ("gold", "none"):
                yield condition.force(problem, None, side.setting, lambda purpose: pytest.fail(purpose)).hidden

    assert [*hidden(blocked)] == ["story from the answer"] * 2
    assert [*hidden(free)] == ["nothing"] * 2
