"""Does a study find the difference that a pilot of its size said it would find, in four of five cases?"""

from collections.abc import Iterator

import numpy as np
from bars import POWER, Bars, percent
from many_studies import Differences
from simulated import Outcome, Size, draw

from tracekd.stats.power import detectable

# New studies for each pilot.
AGAIN = 20


def detectable_effects(bars: Bars, pilots: int) -> Iterator[str]:
    """Pilots without a difference; then studies with the difference that each pilot calls detectable."""
    yield "### Power at the detectable difference\n"
    yield (
        f"{pilots} pilots of two regimes alike state the difference that they can detect; for each, {AGAIN} new studies of "
        "the same size are drawn in which the regimes truly differ so much. Power, per cent: how many of these show it. "
        "*None*: pilots that say that no difference would do, or one that these rates cannot have; they have no new "
        "studies. Where they are more than one in twenty (**bold**), power is that of the pilots that were lucky in their "
        "seeds; such rows are shown, and are in no bar. Points: median detectable difference. The standard error of a share, "
        "over pilots, is 2 to 3.\n"
    )
    yield "| p | seed SD | seeds | groups | points | none | power |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for rate, sd in ((0.6, 0.03), (0.6, 0.08), (0.75, 0.05)):
        for size in (Size(50, 3), Size(100, 4), Size(200, 5), Size(35, 7), Size(50, 10)):
            rng = np.random.default_rng([5, int(100 * rate), int(100 * sd), size.groups, size.seeds])
            same = Outcome(rate, sd)
            first = Differences.of(*draw([same, same], size, pilots, rng)[0])
            told = [detectable(first.spreads.one(at)).difference for at in range(pilots)]
            # Half of the difference to each side of the rate.
            useful = [d for d in told if d is not None and min(rate - d / 2, 1 - rate - d / 2) > 0.02]
            left_out = pilots - len(useful)
            shown = [_share_that_shows(d, rate, sd, size, rng) for d in useful]
            setting = f"p {rate}, SD {sd}, {size.seeds} seeds, {size.groups} groups"
            each = [float(some.mean()) for some in shown]  # studies of one pilot are no new pilots
            counted = bars if left_out <= pilots / 20 else Bars()
            power = counted.add(POWER, "power at the detectable difference", setting, size.seeds, each)
            points = 100 * float(np.median([1.0 if d is None else d for d in told]))
            yield (
                f"| {rate} | {sd} | {size.seeds} | {size.groups} | {points:.1f} "
                f"| {left_out if counted is bars else f'**{left_out}**'} | {percent(power)} |"
            )
    yield ""


def _share_that_shows(difference: float, rate: float, sd: float, size: Size, rng: np.random.Generator) -> np.ndarray:
    """Of new studies, which show the difference, in its direction."""
    regimes = [Outcome(rate + difference / 2, sd), Outcome(rate - difference / 2, sd)]
    found = Differences.of(*draw(regimes, size, AGAIN, rng)[0])
    return (found.p() < 0.05) & (found.difference > 0)
