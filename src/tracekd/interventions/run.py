"""From what a student wrote to the effects of interventions on it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tracekd.errors import UserError
from tracekd.interventions import Condition, Forced, Own, Setting, Unsupported, force
from tracekd.interventions.answers import same_answer
from tracekd.interventions.case import Answered, Answers, Blocked, Case, Forcing, WrittenOn
from tracekd.interventions.condition import Hidden
from tracekd.interventions.effect import OWN, Effect
from tracekd.interventions.effect_file import EffectRecipe, complete
from tracekd.interventions.free_trace import own_of
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Streams
from tracekd.students.asking import Ask
from tracekd.students.generate import Asked, Origin
from tracekd.students.output import Output
from tracekd.students.session import Session
from tracekd.tasks.template import Template, render_answer
from tracekd.verify.answer import answer_is_right

if TYPE_CHECKING:  # importing torch takes seconds, and a complete file needs no student
    from tracekd.interventions.forcing import Forcer
    from tracekd.students.prompting import Prompting

# The parts that the answer cannot attend to.
_FROM_THE_ANSWER: dict[Hidden, Literal["trace", "story"]] = {
    "trace from the answer": "trace",
    "story from the answer": "story",
}


@dataclass(frozen=True)
class Subject:
    """The student whose traces are changed: its prompts, its outputs, and the fields that its effects record about it.

    `story`: which ids of a prompt hold the context, the first and the one after the last. `outputs` are by the id of the
    problem.
    """

    prompt_ids: Callable[[Problem], Sequence[int]]
    story: Callable[[Problem], tuple[int, int]]
    outputs: Mapping[str, Output]
    origin: Origin

    @classmethod
    def of(cls, session: Session, outputs: Mapping[str, Output]) -> "Subject":
        """The student of a session."""
        return cls.asked(session.prompting, session.ask, session.task.template, outputs, session.origin)

    @classmethod
    def asked(
        cls, prompting: "Prompting", ask: Ask, template: Template, outputs: Mapping[str, Output], origin: Origin
    ) -> "Subject":
        """A student whose prompts a function makes from the template's."""

        def story(problem: Problem) -> tuple[int, int]:
            text, shots = ask(problem)
            return prompting.places(text, template.facts_in_prompt(problem), shots)

        return cls(lambda problem: prompting.prompt_ids(*ask(problem)), story, outputs, origin)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The forced trace of one problem, by condition, or the reason why there is none; and what the student wrote.

    `bare`: the prompt without the story; `story`: which ids of the whole prompt hold it. Both are empty if no condition needs
    them.
    """

    problem: Problem
    prompt: tuple[int, ...]
    own: Own | None
    forced: Mapping[str, Forced | Unsupported]
    draws: Streams
    bare: tuple[int, ...] = ()
    story: tuple[int, int] = (0, 0)

    def of(self, *hidden: Hidden) -> Iterator[tuple[str, Forced]]:
        """What is forced with these parts hidden, by condition."""
        forced = ((name, one) for name, one in self.forced.items() if isinstance(one, Forced))
        return ((name, one) for name, one in forced if one.hidden in hidden)


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
    plans = [_plan(problem, subject, conditions, setting, seed) for problem in problems]
    plans.sort(key=lambda plan: -len(plan.prompt))
    while plans:
        some, plans = plans[: forcer.batch], plans[forcer.batch :]
        for plan, answers in zip(some, _answers(forcer, some), strict=True):
            yield tuple(_effect(plan, name, answers, subject.origin) for name in plan.forced)


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


def own_again(
    effects: Iterable[Effect], outputs: Iterable[Output], problems: Iterable[Problem], setting: Setting
) -> tuple[int, int]:
    """How many (greedy) answers after a student's own trace, forced again, equal those of its outputs; and of how many.

    All of them, except if the student writes a different text between trace and answer, or different tokens for the
    same text.
    """
    found = {effect.id: effect.answer for effect in effects if effect.condition == OWN and effect.unsupported is None}
    first = {output.id: output for output in outputs if output.sample == 0 and output.id in found}
    asked = [problem for problem in problems if problem.id in first]
    owns = [(problem, own_of(problem, first[problem.id], setting)) for problem in asked]
    same = sum(own is not None and same_answer(own.answer, found[one.id], one.answer) for one, own in owns)
    return same, len(owns)


def _plan(problem: Problem, subject: Subject, conditions: Sequence[Condition], setting: Setting, seed: int) -> _Plan:
    prompt = tuple(subject.prompt_ids(problem))
    output = subject.outputs.get(problem.id)
    if output is None:
        raise UserError(f"there is no output for the problem {problem.id!r}", expected="one for each problem")
    if output.prompt not in (None, Asked(problem.id, prompt).key):
        raise UserError(f"the output for {problem.id!r} was made from another prompt", expected="the student's own")
    own = own_of(problem, output, setting)
    forced = {condition.name: _force(problem, own, condition, setting, seed) for condition in conditions}
    plan = _Plan(problem, prompt, own, forced, lambda purpose: stream(seed, problem.id, f"intervention:{purpose}"))
    if any(plan.of("story")):
        plan = replace(plan, bare=tuple(subject.prompt_ids(problem.model_copy(update={"context": ()}))))
    if any(plan.of("story from the answer")):
        plan = replace(plan, story=subject.story(problem))
    return plan


def _force(
    problem: Problem, own: Own | None, condition: Condition, setting: Setting, seed: int
) -> Forced | Unsupported:
    try:
        return force(problem, own, condition, setting, seed)
    except Unsupported as why:
        return why


@dataclass(frozen=True, slots=True)
class _Found:
    """The student's answers to one problem: after the whole prompt, and after the prompt without the story."""

    whole: Answers
    bare: Answers

    def after(self, condition: str, forced: Forced) -> Answered | Unsupported:
        return (self.bare if forced.hidden == "story" else self.whole)[_forcing(condition, forced)]

    def own(self, plan: _Plan) -> Answered | None:
        """The answer after the student's own trace; None if it is not known."""
        found = None if plan.own is None else self.whole[plan.own.text]
        return None if isinstance(found, Unsupported) else found


def _answers(forcer: "Forcer", plans: Sequence[_Plan]) -> list[_Found]:
    """The answers to all that is forced; those without the story last, because the answers after own traces are scored."""
    whole = dict(forcer.force([_whole_case(plan) for plan in plans]))
    found = [_Found(whole[at], {}) for at in range(len(plans))]
    bare = [at for at, plan in enumerate(plans) if plan.bare]
    for at, answers in forcer.force([_bare_case(plans[at], found[at]) for at in bare]):
        found[bare[at]].bare.update(answers)
    return found


def _whole_case(plan: _Plan) -> Case:
    own = None if plan.own is None else plan.own.text
    return Case(plan.prompt, _to_score(plan, "nothing", *_FROM_THE_ANSWER), own, plan.story, plan.draws)


def _bare_case(plan: _Plan, found: _Found) -> Case:
    own, scored = found.own(plan), _to_score(plan, "story")
    said = [] if own is None or own.answer is None else [own.answer]
    return Case(plan.bare, {forcing: [*answers, *said] for forcing, answers in scored.items()})


def _to_score(plan: _Plan, *hidden: Hidden) -> dict[Forcing, list[str]]:
    """What is forced with these parts hidden, with the gold answer and the implied ones to score.

    Several conditions can force the same trace.
    """
    scored: dict[Forcing, list[str]] = {}
    for condition, forced in plan.of(*hidden):
        implied = [] if forced.implied is None else [render_answer(forced.implied)]
        scored.setdefault(_forcing(condition, forced), [render_answer(plan.problem.answer)]).extend(implied)
    return scored


def _forcing(condition: str, forced: Forced) -> Forcing:
    """What is forced; each condition draws anew what the student writes on."""
    if forced.is_open:
        return WrittenOn(forced.text, condition)
    part = _FROM_THE_ANSWER.get(forced.hidden)
    return forced.text if part is None else Blocked(forced.text, part)


def _effect(plan: _Plan, condition: str, answers: _Found, origin: Origin) -> Effect:
    problem, forced = plan.problem, plan.forced[condition]
    found = forced if isinstance(forced, Unsupported) else answers.after(condition, forced)
    said = {"unsupported": str(found)} if isinstance(found, Unsupported) else _answer(plan, condition, found, answers)
    return Effect.model_validate(
        {
            "id": problem.id, "group": problem.group, "label": problem.label, "condition": condition,
            "regime": origin.regime, "student": origin.student, "seed": origin.seed, **said,
        }
    )  # fmt: skip


def _answer(plan: _Plan, condition: str, found: Answered, answers: _Found) -> dict[str, object]:
    """The fields of an effect about the answer."""
    forced, gold, own = plan.forced[condition], plan.problem.answer, answers.own(plan)
    assert isinstance(forced, Forced)  # there is an answer
    implied = forced.implied
    said = {
        "gold": render_answer(gold),
        "own": None if own is None else own.answer,
        "implied": None if implied is None else render_answer(implied),
    }
    scored = {name: found.scored[text] for name, text in said.items() if text is not None}
    return {
        "forced": found.trace,
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
