"""What the calibration is held to, and whether it holds: coverage, errors of the first kind, power."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtri

COVERAGE, ERROR, POWER = "coverage", "type-I error", "power"
# By how much power may miss 80 %.
POWER_OFF = 0.03
MOST_ERROR, LEAST_COVERAGE, MOST_COVERAGE = 0.06, 0.94, 0.97


@dataclass(frozen=True)
class Found:
    """A share of simulated studies: how often the interval held the truth, or a test rejected."""

    kind: str
    what: str
    setting: str
    seeds: int
    share: float
    noise: float  # the standard error of the share


@dataclass
class Bars:
    """All that was found, to be held against the bars."""

    found: list[Found] = field(default_factory=list)

    def add(self, kind: str, what: str, setting: str, seeds: int, held: Sequence[bool] | np.ndarray) -> float:
        """The share of studies in which it was so; of shares, their mean."""
        each = np.asarray(held, dtype=np.float64)
        share = float(each.mean())
        # Of the yes and no of a share near 0 or 1, the spread tells nothing.
        noise = max(float(each.std()), 0.15) / np.sqrt(len(each))
        self.found.append(Found(kind, what, setting, seeds, share, float(noise)))
        return share

    def table(self) -> Iterator[str]:
        """One line for each number and bar: the worst setting, and whether it is beyond the bar by more than chance.

        The worst of many settings is beyond a bar now and then even if each is at the bar: a bar is missed where a setting
        is beyond it by more standard errors than the worst of so many settings is in one of twenty such benchmarks.
        """
        yield "| number | bar | settings | worst | its standard error | where | holds |"
        yield "|---|---|---:|---:|---:|---|---|"
        for kind, what in dict.fromkeys((one.kind, one.what) for one in self.found):
            some = [one for one in self.found if (one.kind, one.what) == (kind, what)]
            if kind == COVERAGE:
                yield _line(what, "at least 94 %", some, [LEAST_COVERAGE - one.share for one in some])
                many = [one for one in some if one.seeds >= 5]
                if many:
                    yield _line(
                        what, "at most 97 % (5 seeds or more)", many, [one.share - MOST_COVERAGE for one in many]
                    )
            elif kind == ERROR:
                yield _line(what, "at most 6 %", some, [one.share - MOST_ERROR for one in some])
            else:
                yield _line(what, "80 ± 3 %", some, [abs(one.share - 0.8) - POWER_OFF for one in some])


def _line(what: str, bar: str, some: Sequence[Found], beyond: Sequence[float]) -> str:
    worst = int(np.argmax(beyond))
    chance = -float(ndtri(0.05 / len(some)))
    holds = all(off <= chance * one.noise for off, one in zip(beyond, some, strict=True))
    one = some[worst]
    said = "yes" if max(beyond) <= 0 else "yes, within chance" if holds else "**no**"
    return f"| {what} | {bar} | {len(some)} | {percent(one.share)} | {100 * one.noise:.1f} | {one.setting} | {said} |"


def percent(share: float) -> str:
    """A share as text, in per cent."""
    return f"{100 * share:.1f}"
