"""Draws examples of free traces from a stream of outputs: by seed, in bounded memory, whatever their number and order."""

from collections import defaultdict
from heapq import heappush, heappushpop
from itertools import chain, zip_longest
from typing import Literal, NamedTuple

from tracekd.problem import Problem
from tracekd.randomness import share
from tracekd.report.free_shown import FreeShown
from tracekd.transcript.transcript import Transcript
from tracekd.verify.free_trace import FreeTrace
from tracekd.verify.verdict import Verdict

MOST_EXAMPLES = 24

Steps = Literal["a step is false", "no step is false", "without a step"]


class _Drawn(NamedTuple):
    """A candidate. Of two with the same draw, the name decides; a heap has the largest draw on top."""

    minus_share: float
    name: str
    shown: FreeShown


class FreeDraw:
    """Keeps examples of each kind: the answer (by any reading) is right or wrong, a step is false, none is, or there is no
    step. Kinds take turns, so that rare ones are seen.
    """

    def __init__(self, seed: int = 0, most: int = MOST_EXAMPLES) -> None:
        self.seed, self.most = seed, most
        self._kept: dict[tuple[bool, Steps], list[_Drawn]] = defaultdict(list)

    def see(self, problem: Problem, transcript: Transcript, verdict: Verdict) -> None:
        """Take an output into account. Verdicts by the template do not count."""
        if verdict.free is None:
            return
        name = "\x1f".join([verdict.id, verdict.student, verdict.regime, str(verdict.seed), str(verdict.sample)])
        kept = self._kept[verdict.lenient_answer, _steps(verdict.free)]
        drawn = -share(self.seed, name, "free traces")
        if len(kept) == self.most and (drawn, name) <= kept[0][:2]:
            return
        candidate = _Drawn(drawn, name, FreeShown.of(problem, transcript, verdict))
        if len(kept) < self.most:
            heappush(kept, candidate)
        else:
            heappushpop(kept, candidate)

    def shown(self) -> tuple[FreeShown, ...]:
        """The examples: at most `most`, in turn from each kind."""
        kinds = [sorted(kept, reverse=True) for _, kept in sorted(self._kept.items())]
        in_turn = [one for one in chain.from_iterable(zip_longest(*kinds)) if one is not None]
        return tuple(one.shown for one in in_turn[: self.most])


def _steps(free: FreeTrace) -> Steps:
    if not free.steps:
        return "without a step"
    return "no step is false" if free.has_no_false_step else "a step is false"
