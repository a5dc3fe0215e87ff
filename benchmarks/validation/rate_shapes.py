"""Which shape should the interval of a rate have, if students differ? The choice that `tracekd.stats.rate_interval` made.

    OMP_NUM_THREADS=1 python benchmarks/validation/rate_shapes.py     # writes rate_shapes.md beside this file; two minutes

Shapes differ in the scale on which the distance towards 1/2 is measured, whose slope is (p (1 - p))^-a, and in its weight
against Wilson's shape: the share s that seeds have in the mean squares of seeds and groups, or its square. Simulated as in
`calibration.py`, on settings of which none is there.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from many_studies import Rates
from simulated import Outcome, Size, draw, in_parts

from tracekd.files import write_text
from tracekd.stats.estimate import Floats

STUDIES = 10_000
# p, seed SD, seeds, groups; four problems a group.
SETTINGS = [
    (0.98, 0.02, 5, 150), (0.98, 0.02, 8, 150), (0.985, 0.015, 5, 40), (0.988, 0.012, 5, 45), (0.992, 0.008, 10, 150),
    (0.95, 0.05, 10, 150), (0.95, 0.05, 5, 40), (0.96, 0.04, 12, 220), (0.85, 0.1, 5, 40), (0.85, 0.1, 8, 150),
    (0.985, 0.005, 5, 40), (0.98, 0.0, 5, 40), (0.95, 0.0, 5, 40), (0.7, 0.1, 5, 25), (0.7, 0.05, 6, 25),
]  # fmt: skip
SCALES: dict[str, Callable[[Floats], Floats]] = {
    "1": lambda p: np.log(p / (1 - p)),
    "3/2": lambda p: (4 * p - 2) / np.sqrt(p * (1 - p)),
    "2": lambda p: p / (1 - p) - (1 - p) / p + 2 * np.log(p / (1 - p)),
}
EXPONENTS = {"1": 1.0, "3/2": 1.5, "2": 2.0}


def main() -> None:
    """Simulate, and write the table."""
    rng = np.random.default_rng(20)
    shapes = ["Wilson", *(f"a = {a}, {weight}" for a in SCALES for weight in ("1", "s", "s²"))]
    rows = [(setting, coverage(*setting, rng)) for setting in SETTINGS]
    ends = [("", name, [pick(found[at] for _, found in rows) for at in range(len(shapes))]) for name, pick in _ENDS]
    lines = ["# Shapes of the interval of a rate", "", *(__doc__ or "").splitlines()[4:], ""]
    lines += [f"Coverage, per cent, of {STUDIES:,} studies in each setting.", ""]
    lines += [f"| p, seed SD | seeds, groups | {' | '.join(shapes)} |", "|---|---|" + "---:|" * len(shapes)]
    lines += [f"| {p}, {sd} | {s}, {g} | {_cells(found)} |" for (p, sd, s, g), found in rows]
    lines += [f"| {empty} | **{name}** | {_cells(found)} |" for empty, name, found in ends]
    write_text(Path(__file__).with_suffix(".md"), "\n".join(lines) + "\n")
    print("\n".join(lines))


_ENDS: tuple[tuple[str, Callable[..., float]], ...] = (("least", min), ("most", max))


def coverage(p: float, seed_sd: float, seeds: int, groups: int, rng: np.random.Generator) -> list[float]:
    """The share of studies whose interval holds the true rate, for each shape."""
    outcome, size, held = Outcome(p, seed_sd), Size(groups, seeds), []
    for part in in_parts(STUDIES, size):
        rates = Rates.of(draw([outcome], size, part, rng)[0][0])
        varies = (rates.rate > 0) & (rates.rate < 1)
        whole = rates.cover(p)  # where nothing varies, all shapes are Wilson's interval of groups
        seen = np.where(varies, rates.rate, 0.5)
        held.append([np.where(varies, rates.spreads.beyond(far) >= 0.05, whole) for far in distances(seen, p, rates)])
    return [float(np.mean(np.concatenate(some))) for some in zip(*held, strict=True)]


def distances(seen: Floats, truth: float, rates: Rates) -> list[Floats]:
    """How far the truth is from each rate, by each shape, in the order of the table."""
    inside, true = seen * (1 - seen), np.array(truth)
    wilson = np.abs(seen - true) * np.sqrt(inside / (true * (1 - true)))
    towards_half = (true - seen) * (0.5 - seen) > 0
    squares = rates.spreads.squares
    share = squares[1] / np.maximum(squares[0] + squares[1], 1e-300)
    found = [wilson]
    for name, scale in SCALES.items():
        skewed = np.abs(scale(seen) - scale(true)) * inside ** EXPONENTS[name]
        for weight in (1.0, share, share**2):
            mixed = np.minimum(wilson, (1 - weight) * wilson + weight * skewed)
            found.append(np.where(towards_half, mixed, wilson))
    return found


def _cells(shares: list[float]) -> str:
    return " | ".join(f"{100 * share:.1f}" for share in shares)


if __name__ == "__main__":
    main()
