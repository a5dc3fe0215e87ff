"""From what a student wrote to the effects of interventions on it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracekd.errors import UserError
from tracekd.interventions import Condition, Forced, Own, Setting, Unsupported, force
from tracekd.interventions.answers import same_answer
from tracekd.interventions.effect import OWN, Effect
from tracekd.interventions.effect_file import EffectRecipe, complete
from tracekd.problem import Problem
from tracekd.students.generate import Asked, Origin
from tracekd.students.output import Output
from tracekd.students.session import Session
from tracekd.tasks.template import Template, render_answer
from tracekd.verify.answer import answer_is_right

if TYPE_CHECKING:  # importing torch takes seconds, and a complete file needs no student
    from tracekd.interventions.forcing import Answered, Answers, Forcer


@dataclass(frozen=True)
class Subject:
    """The student whose traces are changed: its prompts, its outputs, and the fields that its effects record about it.

    `outputs` are by the id of the problem.
    """

    prompt_ids: Callable[[Problem], Sequence[int]]
    outputs: Mapping[str, Output]
    origin: Origin

    @classmethod
    def of(cls, session: Session, outputs: Mapping[str, Output]) -> "Subject":
        """The student of a session."""
        return cls(lambda problem: session.prompting.prompt_ids(*session.ask(problem)), outputs, session.origin)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The forced trace of one problem, by condition, or the reason why there is none; and what the student wrote."""

    problem: Problem
    prompt: tuple[int, ...]
    own: Own | None
    forced: Mapping[str, Forced | Unsupported]


def intervene(
    forcer: "Forcer",
    subject: Subject,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    setting: Setting,
    seed: int,
) -> Iterator[tuple[Effect, ...]]:
    """Yield the effects on each problem as they are done, one for each condition.

    The forced trace is a pure function of (seed, problem id), the setting, and what the student wrote. Its own trace is
    forced even if `own` is not among the conditions. Raises UserError for a problem without an output, or whose
    output is for another prompt, and EngineError where the student cannot go on.
    """
    from tracekd.interventions.forcing import Case

    plans = [_plan(problem, subject, conditions, setting, seed) for problem in problems]
    owns = [None if plan.own is None else plan.own.text for plan in plans]
    cases = [Case(p.prompt, _answers_to_score(p), own) for p, own in zip(plans, owns, strict=True)]
    for at, answers in forcer.force(cases):
        yield tuple(_effect(plans[at], name, answers, subject.origin) for name in plans[at].forced)


def complete_effects(
    path: Path,
    recipe: EffectRecipe,
    subject: Subject,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    setting: Setting,
    forcer: "Callable[[], Forcer]",
    tell: Callable[[int], None],
) -> int:
    """Make the effects that the file at `path` lacks. Returns the number of these problems; see `effect_file.complete`.

    `forcer` is called only if the file lacks some. Raises the errors of `intervene`; the effects made before are kept.
    """
    by_id = {problem.id: problem for problem in problems}

    def make(missing: Sequence[str]) -> Iterator[tuple[Effect, ...]]:
        lacking = [by_id[ident] for ident in missing]
        yield from intervene(forcer(), subject, lacking, conditions, setting, recipe.seed)

    return complete(path, recipe, list(by_id), [condition.name for condition in conditions], make, tell)


def forcer_of(session: Session) -> "Forcer":
    """The `Forcer` of a session's student, which is loaded now. Raises UserError if it cannot be loaded."""
    from tracekd.interventions.forcing import Forcer

    return Forcer.of(session)


def own_again(effects: Iterable[Effect], outputs: Iterable[Output], template: Template) -> tuple[int, int]:
    """How many (greedy) answers after a student's own trace, forced again, equal those of its outputs; and of how many.

    All of them, except if the student writes a different text between trace and answer, or different tokens for the
    same text.
    """
    found = {effect.id: effect.answer for effect in effects if effect.condition == OWN and effect.unsupported is None}
    first = {output.id: output for output in outputs if output.sample == 0 and output.id in found}
    owns = {ident: Own.of(output.text, template, output.finish) for ident, output in first.items()}
    return sum(own is not None and own.answer == found[ident] for ident, own in owns.items()), len(owns)


def _plan(problem: Problem, subject: Subject, conditions: Sequence[Condition], setting: Setting, seed: int) -> _Plan:
    prompt = tuple(subject.prompt_ids(problem))
    output = subject.outputs.get(problem.id)
    if output is None:
        raise UserError(f"there is no output for the problem {problem.id!r}", expected="one for each problem")
    if output.prompt not in (None, Asked(problem.id, prompt).key):
        raise UserError(f"the output for {problem.id!r} was made from another prompt", expected="the student's own")
    own = Own.of(output.text, setting.template, output.finish)
    forced = {condition.name: _force(problem, own, condition, setting, seed) for condition in conditions}
    return _Plan(problem, prompt, own, forced)


def _force(
    problem: Problem, own: Own | None, condition: Condition, setting: Setting, seed: int
) -> Forced | Unsupported:
    try:
        return force(problem, own, condition, setting, seed)
    except Unsupported as why:
        return why


def _answers_to_score(plan: _Plan) -> dict[str, list[str]]:
    """By trace: the gold answer, and the implied ones. Several conditions can force the same trace."""
    wanted: dict[str, list[str]] = {}
    for forced in plan.forced.values():
        if isinstance(forced, Forced):
            implied = [] if forced.implied is None else [render_answer(forced.implied)]
            wanted.setdefault(forced.text, [render_answer(plan.problem.answer)]).extend(implied)
    return wanted


def _effect(plan: _Plan, condition: str, answers: "Answers", origin: Origin) -> Effect:
    problem, forced = plan.problem, plan.forced[condition]
    found = forced if isinstance(forced, Unsupported) else answers[forced.text]
    said = {"unsupported": str(found)} if isinstance(found, Unsupported) else _answer(plan, condition, found, answers)
    return Effect.model_validate(
        {
            "id": problem.id, "group": problem.group, "label": problem.label, "condition": condition,
            "regime": origin.regime, "student": origin.student, "seed": origin.seed, **said,
        }
    )  # fmt: skip


def _answer(plan: _Plan, condition: str, found: "Answered", answers: "Answers") -> dict[str, object]:
    """The fields of an effect about the answer."""
    forced, gold, own = plan.forced[condition], plan.problem.answer, _own_answer(plan, answers)
    assert isinstance(forced, Forced)  # there is an answer
    implied = forced.implied
    said = {
        "gold": render_answer(gold),
        "own": None if own is None else own.answer,
        "implied": None if implied is None else render_answer(implied),
    }
    scored = {name: found.scored[text] for name, text in said.items() if text is not None}
    return {
        "forced": forced.text,
        "answer": found.answer,
        "right": answer_is_right(found.answer, gold),
        "own_answer": said["own"],
        "flipped": None if own is None else not same_answer(found.answer, own.answer, gold),
        "implied": said["implied"],
        "follows": None if implied is None else answer_is_right(found.answer, implied),
        "altered": None if implied is None else forced.altered,
        "logp": {name: one.logp for name, one in scored.items()},
        "tokens": {name: one.tokens for name, one in scored.items()},
        "finish": found.finish,
    }


def _own_answer(plan: _Plan, answers: "Answers") -> "Answered | None":
    """The student's answer after its own trace; None if it is not known."""
    found = None if plan.own is None else answers[plan.own.text]
    return None if isinstance(found, Unsupported) else found
