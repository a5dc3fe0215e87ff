"""Which trace a student is supervised with. One regime a file, each a pure function, all through the same door.

A package offers a regime as an entry point of the group `tracekd.regimes`; the built-in ones are offered the same way.
"""

from collections.abc import Iterable, Iterator

from tracekd.parameter import read_list, read_name
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Parameter, Prompted, Regime, Setting, Streams, Supervise, Unsupported
from tracekd.regimes.donors import Donor, Donors
from tracekd.regimes.intent import Intent
from tracekd.registry import Registry
from tracekd.trace import Trace

__all__ = [
    "GROUP", "Donor", "Donors", "Intent", "Parameter", "Prompted", "Regime", "Setting", "Streams", "Supervise", "Unsupported",
    "all_regimes", "draw_trace", "get_regime", "lendable", "read_regimes", "regime_names",
]  # fmt: skip

GROUP = "tracekd.regimes"
_REGIMES = Registry(GROUP, "regime", Regime)

regime_names = _REGIMES.names
all_regimes = _REGIMES.all


def get_regime(written: str) -> Regime:
    """The regime of this name, with its parameter set where it is written `name(value)` or `name:value`.

    Raises UserError with the nearest valid name, or saying what the parameter may be.
    """
    name, value = read_name(written, "regime")
    regime = _REGIMES.get(name)
    return regime if value is None else regime.bound(value)


def read_regimes(written: str) -> Iterator[Regime]:
    """The regimes of a list with commas between them. Raises UserError for one that is none, or named twice."""
    # Two ways to write one name would be written to one file.
    return read_list(written, "regime", get_regime, lambda regime: regime.file_name)


def draw_trace(problem: Problem, regime: Regime | str, setting: Setting, seed: int) -> Trace | None:
    """The trace that a regime teaches for a problem: a pure function of (seed, problem id), in a setting.

    Raises Unsupported where the regime has none for this problem.
    """
    found = get_regime(regime) if isinstance(regime, str) else regime
    return found.supervise(problem, setting, lambda purpose: stream(seed, problem.id, f"regime:{purpose}"))


def lendable(problems: Iterable[Problem], regimes: Iterable[Regime], setting: Setting, seed: int) -> Iterator[Problem]:
    """Yield the problems that every regime has a trace for, leaving aside those that borrow one.

    Traces are swapped in from these alone: were those of other problems among them, the longest stories' say, swapped
    traces would be told from the rest by their length.
    """
    own = [regime for regime in regimes if not regime.borrows]
    for problem in problems:
        try:
            for regime in own:
                draw_trace(problem, regime, setting, seed)
        except Unsupported:
            continue
        yield problem
