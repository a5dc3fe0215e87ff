"""The scores of a judged output, under the same names in every target."""

from collections.abc import Iterable, Iterator

from tracekd.export.judged_run import JudgedOutput
from tracekd.interventions.effect import OWN, Effect
from tracekd.verify.verdict import StepVerdict, Verdict

# In the order in which they are shown.
STEPS = ("class_step", "retrieval_step", "trace", "answer", "consistent")


def steps_of(verdict: Verdict) -> dict[str, StepVerdict]:
    """Each step, the trace and the answer. `consistent` is missing if the task has no rule for the question."""
    found: dict[str, StepVerdict] = {
        "class_step": verdict.class_step,
        "retrieval_step": verdict.retrieval_step,
        "trace": _verdict(verdict.trace, is_parsed=verdict.status == "ok"),
        "answer": _verdict(verdict.answer, is_parsed=verdict.answer_parsed),
    }
    if verdict.consistent is not None:
        found["consistent"] = _verdict(verdict.consistent, is_parsed=True)
    return found


def _verdict(is_right: bool, *, is_parsed: bool) -> StepVerdict:
    return "right" if is_right else "wrong" if is_parsed else "unparsed"


def effects_of(effects: Iterable[Effect]) -> dict[str, bool]:
    """What each condition did: `flipped_CONDITION` (the answer changed) and `follows_CONDITION` (it is the implied one)."""
    return dict(_effects(effects))


def _effects(effects: Iterable[Effect]) -> Iterator[tuple[str, bool]]:
    for effect in effects:
        if effect.unsupported is not None:
            continue
        if effect.condition != OWN and effect.flipped is not None:
            yield f"flipped_{effect.condition}", effect.flipped
        if effect.follows is not None:
            yield f"follows_{effect.condition}", effect.follows


def rates_of(outputs: Iterable[JudgedOutput]) -> dict[str, tuple[float, int]]:
    """The rate of each score, in [0, 1], and the number of outputs that have it. Unparsed counts as wrong."""
    counts: dict[str, tuple[int, int]] = dict.fromkeys(STEPS, (0, 0))
    for judged in outputs:
        right = {name: step == "right" for name, step in steps_of(judged.verdict).items()}
        for name, value in (right | effects_of(judged.effects)).items():
            true, number = counts.get(name, (0, 0))
            counts[name] = true + value, number + 1
    return {name: (true / number, number) for name, (true, number) in counts.items() if number}
