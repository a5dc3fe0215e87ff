"""Which trace a student is supervised with. One regime a file, each a pure function with the same contract."""

from tracekd.errors import unknown_name
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes import answer_only, correct, incorrect
from tracekd.regimes.contract import Regime, Setting, Unsupported
from tracekd.trace import Trace

__all__ = ["REGIMES", "Regime", "Setting", "Unsupported", "draw_trace", "get_regime"]

REGIMES: dict[str, Regime] = {module.REGIME.name: module.REGIME for module in (answer_only, correct, incorrect)}


def get_regime(name: str) -> Regime:
    """The regime of this name. Raises UserError with the nearest valid name."""
    if name not in REGIMES:
        raise unknown_name("regime", name, REGIMES)
    return REGIMES[name]


def draw_trace(problem: Problem, regime: str, setting: Setting, seed: int) -> Trace | None:
    """The trace that a regime teaches for a problem: a pure function of (seed, problem id, regime).

    Raises Unsupported where the regime has none for this problem.
    """
    return get_regime(regime).supervise(problem, setting, stream(seed, problem.id, f"regime:{regime}"))
