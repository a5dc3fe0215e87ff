"""Calibration of rates and of differences of two regimes: coverage, errors of the first kind, unbalanced runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from bars import COVERAGE, ERROR, Bars, percent
from many_studies import Differences, Rates
from simulated import Bools, Outcome, Size, draw, in_parts

from tracekd.stats import inference, pivot
from tracekd.stats.clusters import Clusters
from tracekd.stats.families import holm

MARGIN = 0.03
_DIFFERENCE = np.array([0.0, 1.0, -1.0, 0.0])
# What the issue asks for; and settings on which nothing was chosen.
ASKED = [(0.75, (1, 2, 3, 5, 10), (20, 50, 200), (0.0, 0.02, 0.05, 0.1))]
FRESH = [(rate, (1, 4, 7), (35, 100), (0.0, 0.03, 0.08)) for rate in (0.6, 0.9)]
NEAR_ONE = ((0.94, (0.0, 0.03, 0.06)), (0.97, (0.0, 0.01, 0.03, 0.06)), (0.99, (0.0, 0.005, 0.01, 0.03)))
Held = dict[str, float]


def grids(bars: Bars, studies: int) -> Iterator[str]:
    """Rates and differences over the whole grid."""
    yield "### Rates and differences of two regimes alike\n"
    yield (
        "Coverage, per cent: 1 problem a group / 4 problems a group. With one seed, of these students' own rates and "
        "difference. The last columns: the difference with a floor of MS_G / W_G itself, as the issue wrote the formula "
        "(4 problems a group).\n"
    )
    for name, grid in (("The grid of the issue", ASKED), ("Settings on which nothing was chosen", FRESH)):
        yield f"**{name}**\n"
        yield "| p | seeds | seed SD | groups | rate | difference | with a floor of 1 |"
        yield "|---:|---:|---:|---:|---:|---:|---:|"
        for rate, seeds, groups, sds in grid:
            for s in seeds:
                for sd in sds:
                    for g in groups:
                        each = [
                            of_pair(bars, Outcome(rate, sd), Outcome(rate, sd), Size(g, s, m), studies) for m in (1, 4)
                        ]
                        yield (
                            f"| {rate} | {s} | {sd} | {g} | {_both(each, 'rate')} | {_both(each, 'difference')} "
                            f"| {percent(each[1]['floor'])} |"
                        )
        yield ""


def unequal(bars: Bars, studies: int) -> Iterator[str]:
    """Regimes that vary unequally between seeds, and that truly differ."""
    yield "### Regimes that differ in rate and in spread\n"
    yield "Coverage, per cent, of the first rate, the second and the difference; 50 groups of 4 problems.\n"
    yield "| p | seed SD | seeds | first | second | difference |"
    yield "|---|---|---:|---:|---:|---:|"
    for first, second in (
        (Outcome(0.8, 0.02), Outcome(0.7, 0.1)),
        (Outcome(0.6, 0.0), Outcome(0.6, 0.08)),
        (Outcome(0.95, 0.02), Outcome(0.5, 0.1)),
    ):
        for seeds in (2, 3, 4, 5, 7, 10):
            held = of_pair(bars, first, second, Size(50, seeds), studies)
            yield (
                f"| {first.rate} and {second.rate} | {first.seed_sd} and {second.seed_sd} | {seeds} "
                f"| {percent(held['rate'])} | {percent(held['second'])} | {percent(held['difference'])} |"
            )
    yield ""


def near_one(bars: Bars, studies: int) -> Iterator[str]:
    """Rates near 1; seeds that vary by at most 1 - p count in the bars, more is only shown."""
    yield "### Rates near 1\n"
    yield (
        "Coverage, per cent, with 4 problems a group. Where the seed SD is 1 - p, the students' rates are skewed. Where it is "
        "larger, a few students fail and most do not, and no interval from a few seeds can know it: such rows (**bold**) are "
        "shown, and are in no bar. Differences of such rates cover more than they say: few outputs differ, one more output of "
        "each outcome is added, and Student's t is wide for errors with heavy tails. The shape of the interval of a rate was "
        "not chosen on p 0.94; p 0.97 and 0.99 with seed SD 1 - p showed that Wilson's shape alone covers 92 to 94 %.\n"
    )
    yield "| p | seed SD | seeds | groups | rate | difference |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for rate, sds in NEAR_ONE:
        for sd in sds:
            beyond = sd > 1 - rate + 1e-9
            for seeds in (1, 2, 3, 5, 10):
                for groups in (50, 200):
                    counted = Bars() if beyond else bars
                    same = Outcome(rate, sd)
                    prefix = "near 1, seed SD = 1 - p: " if abs(sd - (1 - rate)) < 1e-9 else "near 1: "
                    held = of_pair(counted, same, same, Size(groups, seeds), studies, prefix)
                    shown = f"**{sd}**" if beyond else f"{sd}"
                    yield (
                        f"| {rate} | {shown} | {seeds} | {groups} | {percent(held['rate'])} "
                        f"| {percent(held['difference'])} |"
                    )
    yield ""


def of_pair(bars: Bars, first: Outcome, second: Outcome, size: Size, studies: int, prefix: str = "") -> Held:
    """How often the intervals of two rates and of their difference hold the truth; and tests, where there is no difference."""
    rng = np.random.default_rng(
        [int(1e4 * first.rate), int(1e4 * first.seed_sd), size.groups, size.seeds, size.problems]
    )
    held: dict[str, list[Bools]] = {}
    for part in in_parts(studies, size):
        right, students = draw([first, second], size, part, rng)
        rates = _truths([first, second], students, size)
        found = Differences.of(*right)
        truth = rates[0] - rates[1]
        held.setdefault("rate", []).append(Rates.of(right[0]).cover(rates[0]))
        held.setdefault("second", []).append(Rates.of(right[1]).cover(rates[1]))
        held.setdefault("difference", []).append(_covers(found.p(truth)))
        with floor_of_one():
            held.setdefault("floor", []).append(_covers(found.p(truth)))
    every = {name: np.concatenate(some) for name, some in held.items()}
    setting = f"p {first.rate} and {second.rate}, SD {first.seed_sd} and {second.seed_sd}, {_said(size)}"
    bars.add(COVERAGE, prefix + "rate", setting, size.seeds, every["rate"])
    if second != first:
        bars.add(COVERAGE, prefix + "rate", setting, size.seeds, every["second"])
    bars.add(COVERAGE, prefix + "difference", setting, size.seeds, every["difference"])
    if first.rate == second.rate and size.seeds > 1:
        bars.add(ERROR, prefix + "pair of regimes", setting, size.seeds, ~every["difference"])
    return {name: float(some.mean()) for name, some in every.items()}


def tests(bars: Bars, studies: int) -> Iterator[str]:
    """Equivalence at the margin, and any of three pairs after Holm's correction."""
    yield "### Tests of pairs\n"
    yield (
        "How often, per cent: two regimes are called equal within 3 points that differ by exactly 3 points; and any of three "
        "regimes that are all alike 'had more right answers' than another, after Holm's correction over the three pairs.\n"
    )
    yield "| p | seed SD | seeds | groups | equal at the margin | any of three pairs |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for rate, sd in ((0.75, 0.05), (0.6, 0.0), (0.9, 0.01), (0.6, 0.08)):
        for seeds in (2, 3, 5, 10):
            for groups in (50, 200):
                size = Size(groups, seeds)
                rng = np.random.default_rng([7, int(1e4 * rate), int(1e4 * sd), groups, seeds])
                equal, any_pair = [], []
                for part in in_parts(studies, size):
                    apart, _ = draw([Outcome(rate + MARGIN, sd), Outcome(rate, sd)], size, part, rng)
                    equal.append(Differences.of(*apart).equivalence_p(MARGIN) < 0.05)
                    three, _ = draw([Outcome(rate, sd)] * 3, size, part, rng)
                    p = np.stack([Differences.of(three[a], three[b]).p() for a, b in ((0, 1), (0, 2), (1, 2))], axis=1)
                    any_pair.append([min(q for q in holm(row) if q is not None) < 0.05 for row in p.tolist()])
                setting = f"p {rate}, SD {sd}, {_said(size)}"
                found = [
                    bars.add(ERROR, "equivalence at the margin", setting, seeds, np.concatenate(equal)),
                    bars.add(ERROR, "any of three pairs, after Holm", setting, seeds, np.concatenate(any_pair)),
                ]
                yield f"| {rate} | {sd} | {seeds} | {groups} | {percent(found[0])} | {percent(found[1])} |"
    yield ""


def unbalanced(bars: Bars, studies: int) -> Iterator[str]:
    """Runs whose groups and seeds have different numbers of outputs, through the engine's own functions."""
    yield "### Unbalanced runs\n"
    yield (
        "Coverage, per cent; p 0.7, seed SD 0.05. *Sizes*: the first half of the groups has one problem, others up to ten. "
        "*Missing*: 40 % of the outputs are missing, at random, each regime's of its own (the difference is on what both have). "
        "*Seeds*: seeds have from all down to a quarter of the problems.\n"
    )
    yield "| kind | seeds | groups | rate | difference |"
    yield "|---|---:|---:|---:|---:|"
    for kind in ("sizes", "missing", "seeds"):
        for seeds in (1, 2, 3, 5, 10):
            for groups in (20, 60):
                size = Size(groups, seeds, 10 if kind == "sizes" else 4)
                rng = np.random.default_rng([len(kind), seeds, groups])
                same = Outcome(0.7, 0.05)
                right, students = draw([same, same], size, studies, rng)
                truths = np.broadcast_to(_truths([same, same], students, size), (2, studies))
                held = np.array(
                    [_unbalanced_study(right[:, at], _present(kind, size, rng), truths[:, at]) for at in range(studies)]
                )
                setting = f"{kind}, {_said(size)}"
                found = [
                    bars.add(COVERAGE, f"unbalanced: {name}", setting, seeds, held[:, at])
                    for at, name in enumerate(("rate", "difference"))
                ]
                yield f"| {kind} | {seeds} | {groups} | {percent(found[0])} | {percent(found[1])} |"
    yield ""


def _present(kind: str, size: Size, rng: np.random.Generator) -> Bools:
    """Which outputs of two regimes there are: (2, groups, problems, seeds)."""
    shape = (2, size.groups, size.problems, size.seeds)
    if kind == "missing":
        return rng.random(shape) > 0.4
    if kind == "sizes":
        problems = np.maximum(1, np.linspace(-8, 10, size.groups).round())
        some = np.arange(size.problems)[None, :] < problems[:, None]
        return np.broadcast_to(some[None, :, :, None], shape)
    kept = (np.linspace(1, 0.25, size.seeds) * size.groups).round()
    return np.broadcast_to((np.arange(size.groups)[:, None] < kept)[None, :, None, :], shape)


def _unbalanced_study(right: Bools, present: Bools, truths: np.ndarray) -> tuple[bool, bool]:
    """Whether the intervals of the first rate and of the difference hold the truth."""
    counted, both = present[0].sum(axis=1), present.all(axis=0)
    hits = (right[0] & present[0]).sum(axis=1)
    there = counted.ravel() > 0
    clusters = Clusters.of_table(*counted.shape)
    some = Clusters(clusters.group[there], clusters.seed[there], clusters.seeds)
    ends = inference.share(hits.ravel()[there], counted.ravel()[there], some).ci
    assert ends is not None
    code = np.where(both, 2 * ~right[0] + 1 * ~right[1], 4)
    table = np.stack([(code == which).sum(axis=1).ravel() for which in range(4)], axis=1)
    there = table.any(axis=1)
    some = Clusters(clusters.group[there], clusters.seed[there], clusters.seeds)
    total = table.sum(axis=0)
    value = float(total[1] - total[2]) / total.sum()
    squares = inference.table_squares(table[there], _DIFFERENCE, some)
    p = pivot.Pivot.of(squares).beyond(value - float(truths[0] - truths[1]))
    return ends[0] <= truths[0] <= ends[1], p >= 0.05


def _truths(outcomes: Sequence[Outcome], students: np.ndarray, size: Size) -> np.ndarray:
    """What the intervals are about: the regimes' rates, (outcomes, 1); with one seed these students', (outcomes, studies)."""
    if size.seeds > 1:
        return np.array([[outcome.rate] for outcome in outcomes])
    return np.stack([outcome.student_rates(some[:, 0]) for outcome, some in zip(outcomes, students, strict=True)])


def _covers(p: np.ndarray) -> Bools:
    return ~(p < 0.05)


def _both(each: Sequence[Held], name: str) -> str:
    return " / ".join(percent(held[name]) for held in each)


def _said(size: Size) -> str:
    return f"{size.seeds} seeds, {size.groups} groups of {size.problems}"


@contextmanager
def floor_of_one() -> Iterator[None]:
    """The pivot with the floor that the issue wrote."""
    ours = pivot.FLOOR
    pivot.FLOOR = 1.0
    try:
        yield
    finally:
        pivot.FLOOR = ours
