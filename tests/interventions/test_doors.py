"""At the door of interventions: each problem has one effect under each condition, after its own output and prompt only."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.interventions import Setting, get_condition
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_file import EffectRecipe, complete
from tracekd.interventions.run import Subject, intervene
from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.students.generate import Asked, Origin
from tracekd.students.output import Output
from tracekd.tasks import get_task

pytestmark = pytest.mark.xdist_group("torch")

TASK = get_task("babi")
SETTING = Setting.of(TASK)
CONDITIONS = tuple(map(get_condition, ("own", "gold", "none")))
NAMES = tuple(condition.name for condition in CONDITIONS)
PROBLEMS = tuple(
    Problem(
        id=f"q/{number}", task="babi", group=f"g{number}", question="Where is Mary?", source=f"s:{number}",
        context=(Fact(id="0", text=f"Mary went to the hall {number}."),),
        answer=Answer(kind="one_of", values=(f"hall {number}",)),
        trace=gold_trace("single-supporting-fact", ["0"]),
    )
    for number in range(6)
)  # fmt: skip


def prompt_ids(problem: Problem) -> tuple[int, ...]:
    return tuple(problem.id.encode())


def answer_after(prompt: Sequence[int], trace: str) -> str:
    """What the student answers: it depends on everything that it has seen."""
    return f"{bytes(prompt).decode()} {hash(trace)}"


class Forcer:
    """A student that answers with what it has seen, the last case first."""

    batch = 2

    def force(self, cases: Sequence[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
        for at, case in reversed(list(enumerate(cases))):
            traces = {**{trace: [] for trace in ([case.own] if case.own else [])}, **case.traces}
            yield at, {
                trace: SimpleNamespace(
                    trace=trace, answer=answer_after(case.prompt, trace), finish="stop",
                    scored={text: SimpleNamespace(logp=-1.0, tokens=1) for text in [*traces[trace], *self._all(case)]},
                )
                for trace in traces
            }  # fmt: skip

    def _all(self, case: Any) -> list[str]:
        """An own answer is scored after every trace."""
        return [answer_after(case.prompt, case.own)] if case.own else []


# What a student wrote for a problem: a trace of its own, no trace, nothing at all (no output), or for another prompt.
KINDS = ("trace", "no trace", "trace", "missing", "other prompt")


def output(problem: Problem, kind: str, number: int) -> Output:
    asked = PROBLEMS[number - 1] if kind == "other prompt" else problem
    text = "hall" if kind == "no trace" else f"<think>own trace {number}</think> <answer>hall</answer>"
    fields = {"id": problem.id, "regime": "r", "student": "s", "seed": 0, "token_ids": (), "finish": "stop"}
    return Output.model_validate({**fields, "text": text, "prompt": Asked(asked.id, prompt_ids(asked)).key})


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_each_effect_is_of_the_problem_s_own_output(kinds: list[str]) -> None:
    problems = PROBLEMS[: len(kinds)]
    outputs = {
        problem.id: output(problem, kind, number)
        for number, (problem, kind) in enumerate(zip(problems, kinds, strict=True)) if kind != "missing"
    }  # fmt: skip
    subject = Subject(prompt_ids, lambda problem: (0, 0), outputs, Origin("r", "s", 0))
    forcer: Any = Forcer()
    effects = intervene(forcer, subject, problems, CONDITIONS, SETTING, 0)
    bad = next((at for at, kind in enumerate(kinds) if kind in ("missing", "other prompt")), None)
    if bad is not None:
        # An output of another prompt is never taken, and nothing is measured without an output.
        with pytest.raises(UserError, match=f"'{problems[bad].id}'"):
            next(effects)
        return
    made = [effect for found in effects for effect in found]
    assert sorted((e.id, e.condition) for e in made) == sorted((p.id, name) for p in problems for name in NAMES)
    for number, (problem, kind) in enumerate(zip(problems, kinds, strict=True)):
        own = f"own trace {number}" if kind == "trace" else None
        for effect in (each for each in made if each.id == problem.id):
            if effect.condition == "own" and own is None:
                assert effect.unsupported is not None
                continue
            assert effect.forced is not None and effect.answer == answer_after(prompt_ids(problem), effect.forced)
            assert effect.own_answer == (None if own is None else answer_after(prompt_ids(problem), own))
            if effect.condition == "own":
                assert effect.forced == own
            if effect.condition == "gold":
                assert f"hall {number}." in effect.forced


@given(st.lists(st.tuples(st.sets(st.integers(0, 5)), st.integers(0, 7)), max_size=4))
@settings(max_examples=40, deadline=None)
def test_runs_that_are_stopped_lose_nothing_and_measure_nothing_twice(
    tmp_path_factory: pytest.TempPathFactory, runs: list[Any]
) -> None:
    """Each run is asked for some problems, and is stopped after some of them."""
    path = tmp_path_factory.mktemp("stopped") / "effects.jsonl"
    recipe = EffectRecipe.of("babi", "outputs", SETTING, 6, 0)
    measured: list[str] = []

    def make(missing: Sequence[str], most: int) -> Iterator[tuple[Effect, ...]]:
        for ident in missing[:most]:
            measured.append(ident)
            yield tuple(effect(ident, name) for name in NAMES)
        if len(missing) > most:
            raise KeyboardInterrupt

    for asked, most in [*runs, (set(range(6)), 6)]:
        idents = [f"q/{number}" for number in sorted(asked)]
        try:
            complete(path, recipe, idents, NAMES, lambda missing, most=most: make(missing, most), lambda done: None)
        except KeyboardInterrupt:
            continue
        found = [(each.id, each.condition) for each in read_jsonl(path, Effect)]
        assert len(found) == len(set(found)) and {ident for ident, _ in found} >= set(idents)
    assert len(measured) == len(set(measured)) == 6
    assert sorted(found) == sorted((f"q/{number}", name) for number in range(6) for name in NAMES)


def effect(ident: str, condition: str) -> Effect:
    fields = {"id": ident, "group": "g", "label": "l", "condition": condition, "regime": "r", "student": "s", "seed": 0}
    return Effect.model_validate({**fields, "unsupported": "a test"})
