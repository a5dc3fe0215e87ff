"""Makes a free trace for a problem of a world, from its facts and a seed, with an error of a kind or without one."""

from dataclasses import dataclass

from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.worlds.free_traces.babi import ERRORS as BABI_ERRORS
from tracekd.worlds.free_traces.babi import BabiMaker
from tracekd.worlds.free_traces.cotempqa import ERRORS as COTEMPQA_ERRORS
from tracekd.worlds.free_traces.cotempqa import CotempMaker
from tracekd.worlds.free_traces.wording import Wording
from tracekd.worlds.free_traces.writer import Planted

# The kinds of errors that can be planted, for each task.
ERRORS: dict[str, tuple[str, ...]] = {"babi": BABI_ERRORS, "cotempqa": COTEMPQA_ERRORS}

_MAKERS: dict[str, type[BabiMaker] | type[CotempMaker]] = {"babi": BabiMaker, "cotempqa": CotempMaker}


@dataclass(frozen=True)
class MadeTrace:
    """A trace and what its claims are worth, in the order of the text."""

    text: str
    planted: tuple[Planted, ...]

    @property
    def first_error(self) -> Planted | None:
        """The first planted error; None if all claims hold."""
        return next((one for one in self.planted if one.worth in ("false", "invented")), None)


def make_trace(problem: Problem, wording: Wording, seed: int, error: str | None = None) -> MadeTrace:
    """A trace for a problem of a world: a function of (seed, problem id, wording, error).

    If the problem has no room for this error, the trace has none. Raises KeyError for a task without a maker.
    """
    rng = stream(seed, f"{problem.id}/{wording.name}/{error}", "free trace")
    writer = _MAKERS[problem.task](problem, wording, rng, error).make()
    return MadeTrace(writer.text.strip("\n"), tuple(writer.planted))
