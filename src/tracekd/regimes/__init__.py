"""The regimes: which trace, and which answer, a student learns from. Each regime is a pure function.

A package offers a regime as an entry point of the group `tracekd.regimes`; the built-in ones are offered the same way.
"""

from collections.abc import Iterable, Iterator

from tracekd.parameter import FunctionRegistry, Parameter
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Prompted, Regime, Setting, Streams, Supervise, Target, Unsupported
from tracekd.regimes.donors import Donor, Donors
from tracekd.regimes.intent import Intent
from tracekd.trace import Trace

__all__ = [
    "GROUP", "Donor", "Donors", "Intent", "Parameter", "Prompted", "Regime", "Setting", "Streams", "Supervise", "Target",
    "Unsupported", "all_regimes", "draw_target", "draw_trace", "get_regime", "lendable", "read_regimes", "regime_names",
]  # fmt: skip

GROUP = "tracekd.regimes"
_REGIMES = FunctionRegistry(GROUP, "regime", Regime)

regime_names = _REGIMES.names
all_regimes = _REGIMES.all
read_regimes = _REGIMES.read_list


def get_regime(name: str) -> Regime:
    """The regime that is written `name`, `name(value)` or `name:value`, built-in or from another package.

    Raises UserError with the nearest valid name for an unknown one, and with the possible values for an invalid value.

    >>> import tracekd
    >>> tracekd.get_regime("corrupted(0.3)").name
    'corrupted(0.3)'
    """
    return _REGIMES.read(name)


def draw_target(problem: Problem, regime: Regime | str, setting: Setting, seed: int) -> Target:
    """What a regime teaches for a problem, a trace and an answer: a pure function of (seed, problem id) and the setting.

    Raises Unsupported if the regime has no trace for this problem.
    """
    found = get_regime(regime) if isinstance(regime, str) else regime
    return found.target(problem, setting, lambda purpose: stream(seed, problem.id, f"regime:{purpose}"))


def draw_trace(problem: Problem, regime: Regime | str, setting: Setting, seed: int) -> Trace | None:
    """The trace of `draw_target`, without the answer, which may be another than gold."""
    return draw_target(problem, regime, setting, seed).trace


def lendable(problems: Iterable[Problem], regimes: Iterable[Regime], setting: Setting, seed: int) -> Iterator[Problem]:
    """Yield the problems for which every regime has a trace; regimes that borrow traces are ignored.

    Only these problems lend their traces. If other problems did, such as the longest stories, swapped traces could be
    recognised by their length.
    """
    own = [regime for regime in regimes if not regime.borrows]
    for problem in problems:
        try:
            for regime in own:
                draw_trace(problem, regime, setting, seed)
        except Unsupported:
            continue
        yield problem
