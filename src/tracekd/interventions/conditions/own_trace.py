"""Conditions made from the student's own trace: unchanged, cut short, reordered, a step twice, or filler of its length."""

import re
from collections.abc import Iterable

from tracekd.interventions.condition import Condition, Force, Forced, Own
from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes.contract import Setting, Streams, Unsupported
from tracekd.regimes.filler import WORD

_NUMBER = re.compile(r"0|[1-9][0-9]{0,2}")


def written(own: Own | None) -> Own:
    """What the student wrote. Raises Unsupported if that has no readable trace."""
    if own is None:
        raise Unsupported("the student wrote no trace that can be read")
    return own


def _own(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    return Forced(written(own).text)


def _number(steps: str) -> int:
    """How many steps are kept. Narrower than Python's numbers, so that no condition has two names."""
    if not _NUMBER.fullmatch(steps):
        raise ValueError(steps)
    return int(steps)


def _truncated(steps: str) -> Force:
    kept = _number(steps)

    def force(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
        told = written(own)
        if len(told.steps) <= kept:
            raise Unsupported("the student's trace has no step after the kept ones")
        return Forced("".join(told.steps[:kept]))

    return force


def _resampled(steps: str) -> Force:
    kept = _number(steps)

    def force(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
        told = written(own)
        if len(told.steps) < max(1, kept):
            raise Unsupported("the student's trace has fewer steps")
        return Forced("".join(told.steps[:kept]), is_open=True)

    return force


def _shuffled(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    """The steps in another order, which is drawn if there are more than two."""
    steps = written(own).steps
    if len(set(steps)) < 2:
        raise Unsupported("the student's trace does not have two different steps")
    drawn = streams("order").sample(steps, len(steps))
    return Forced(_joined(drawn if tuple(drawn) != steps else [*steps[1:], steps[0]]))


def _duplicated(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    steps = written(own).steps
    if not steps:
        raise Unsupported("the student wrote no step")
    at = streams("duplicated").randrange(len(steps))
    return Forced(_joined([*steps[: at + 1], *steps[at:]]))


def _filler(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    """One word, repeated to the length of what the student wrote (within half a word)."""
    length = setting.length(written(own).text)
    return Forced(" ".join([WORD] * max(1, round(length / setting.length(f" {WORD}")))))


def _joined(steps: Iterable[str]) -> str:
    """The steps, each on its own lines."""
    *before, last = steps
    return "".join([*[step if step.endswith("\n") else f"{step}\n" for step in before], last])


OWN = Condition("own", "the trace that the student wrote itself", "the unchanged side of every comparison", _own)
TRUNCATED = Condition.with_parameter(
    "truncated",
    "the first k steps of the student's own trace",
    Parameter("number of steps", "a whole number from 0", "1", _truncated),
    citation="Lanham et al. 2023, arXiv 2307.13702: early answering",
)
RESAMPLED = Condition.with_parameter(
    "resampled",
    "the first k steps of the student's own trace, which it then writes on anew, at temperature 1",
    Parameter("number of kept steps", "a whole number from 0", "0", _resampled),
    citation="after Bogdan et al. 2025 (Thought Anchors), arXiv 2506.19143: resampling",
)
SHUFFLED = Condition(
    "shuffled",
    "the student's own trace, with its steps in another order",
    "Golovneva et al. 2022 (ROSCOE), arXiv 2212.07919: ShuffleSteps",
    _shuffled,
)
DUPLICATED = Condition(
    "duplicated",
    "the student's own trace, with one of its steps twice",
    "Golovneva et al. 2022 (ROSCOE), arXiv 2212.07919: DuplicateOneStep",
    _duplicated,
)
FILLER = Condition(
    "filler",
    "one word repeated, as long as the student's own trace",
    "Lanham et al. 2023, arXiv 2307.13702: filler tokens",
    _filler,
)
