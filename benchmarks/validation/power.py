"""Does `tracekd power` predict how often a study shows what it is planned for?

    OMP_NUM_THREADS=1 python benchmarks/validation/power.py     # writes power.md beside this file

Outputs of two regimes are simulated, right or wrong (`simulated.py`), with 4 problems a group, and tested as the engine does.
The prediction knows the true variances of the difference, which are taken from 300 simulated studies of 100 groups and
10 seeds. *Effect*: the regimes differ so much, and the share of 4000 studies that show it, in its direction. *Margin*:
the regimes are alike, and the share that shows them equal within it. Standard error of a simulated share: 0.8 at most.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from many_studies import Differences
from simulated import Outcome, Size, draw, in_parts

from tracekd.files import write_text
from tracekd.stats.clusters import MeanSquares
from tracekd.stats.power import Components, components, power_of_difference, power_of_equivalence

STUDIES = 4000
# Rate, seed SD of each regime, effect or margin (points), and sizes (groups, seeds).
EFFECTS = [
    (0.6, 0.02, 5, [(50, 3), (200, 3), (50, 5), (100, 5), (50, 10), (100, 10)]),
    (0.75, 0.05, 10, [(50, 3), (50, 5), (100, 5), (35, 7), (20, 10), (50, 10)]),
    (0.7, 0.08, 15, [(50, 3), (50, 5), (200, 5), (35, 7), (20, 10), (100, 10)]),
    (0.6, 0.0, 8, [(50, 2), (50, 3), (35, 5), (100, 7)]),
]
MARGINS = [
    (0.6, 0.0, 3, [(200, 5), (400, 5), (200, 10)]),
    (0.75, 0.02, 5, [(200, 5), (100, 10), (200, 10)]),
    (0.9, 0.02, 5, [(100, 5), (200, 5), (100, 10)]),
]


def main() -> None:
    """Predict, simulate, and write the table."""
    rows = list(table())
    worst = max(abs(predicted - simulated) for *_, predicted, simulated in rows)
    lines = [
        "# Predicted and simulated power", "", *(__doc__ or "").splitlines()[4:], "",
        f"Largest difference: {worst:.1f} points, over {len(rows)} settings.", "",
        "| to show | p | seed SD | points | groups | seeds | predicted, % | simulated, % |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        *(f"| {aim} | {p} | {sd} | {size} | {g} | {s} | {a:.1f} | {b:.1f} |" for aim, p, sd, size, g, s, a, b in rows),
    ]  # fmt: skip
    write_text(Path(__file__).with_suffix(".md"), "\n".join(lines) + "\n")
    print("\n".join(lines))


def table() -> Iterator[tuple[str, float, float, int, int, int, float, float]]:
    """The rows."""
    for rate, sd, points, sizes in EFFECTS:
        half = points / 200
        regimes = [Outcome(rate + half, sd), Outcome(rate - half, sd)]
        true = variances(regimes)
        for at in sizes:
            found = simulated(regimes, *at, lambda d: (d.p() < 0.05) & (d.difference > 0))
            predicted = power_of_difference(points / 100, true, *at)
            yield "effect", rate, sd, points, *at, 100 * predicted, 100 * found
    for rate, sd, points, sizes in MARGINS:
        regimes = [Outcome(rate, sd)] * 2
        true = variances(regimes)
        for at in sizes:
            found = simulated(regimes, *at, lambda d, margin=points / 100: d.equivalence_p(margin) < 0.05)
            predicted = power_of_equivalence(points / 100, true, *at)
            yield "margin", rate, sd, points, *at, 100 * predicted, 100 * found


def variances(regimes: list[Outcome]) -> Components:
    """The variances of the difference, from the mean of the mean squares of many studies."""
    size, rng = Size(100, 10), np.random.default_rng(1)
    squares = np.concatenate(
        [Differences.of(*draw(regimes, size, part, rng)[0]).spreads.squares for part in in_parts(300, size)], axis=1
    )
    groups, seeds, rest = squares.mean(axis=1).tolist()
    return components(MeanSquares(groups=100, seeds=10, between_groups=groups, between_seeds=seeds, rest=rest))


def simulated(regimes: list[Outcome], groups: int, seeds: int, shows: Callable[[Differences], np.ndarray]) -> float:
    """The share of studies that shows it."""
    size, rng = Size(groups, seeds), np.random.default_rng([2, groups, seeds])
    parts = [shows(Differences.of(*draw(regimes, size, part, rng)[0])) for part in in_parts(STUDIES, size)]
    return float(np.concatenate(parts).mean())


if __name__ == "__main__":
    main()
