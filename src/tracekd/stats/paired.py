"""Two regimes on the same problems and seeds, and the correction for making many such comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep

from tracekd.stats.bootstrap import Draws, Ints, bootstrap_ratios, cells
from tracekd.stats.intervals import Ends, Frozen, Interval, percentile_interval

Outcome = Literal["answer", "trace"]


@dataclass(frozen=True)
class Side:
    """One regime's outcome. `right`: (seeds, problems) bool, in the order of `seeds` and of `ids`."""

    regime: str
    student: str
    seeds: tuple[int, ...]
    ids: tuple[str, ...]
    right: NDArray[np.bool_]


class McNemar(Frozen):
    """Exact McNemar test of one seed: are the two kinds of disagreement equally frequent?

    It takes problems as independent, so it is too sure where those of a group go together. `p_holm` is None until
    the family is known.
    """

    seed: int
    both_right: int
    first_only: int
    second_only: int
    both_wrong: int
    p: float
    p_holm: float | None = None


class Difference(Frozen):
    """Rate of the first regime less that of the second, in [-1, 1]: mean over seeds, and each seed's."""

    value: float
    interval: Interval
    per_seed: tuple[float, ...]


class Comparison(Frozen):
    """Two regimes of a student, paired on problem and seed. `seeds`: those that both have."""

    student: str
    outcome: Outcome
    first: str
    second: str
    seeds: tuple[int, ...]
    problems: int
    groups: int
    difference: Difference
    tests: tuple[McNemar, ...]


def compare(first: Side, second: Side, outcome: Outcome, group: Ints, draws: Draws) -> Comparison:
    """Compare two regimes on the seeds that both have. `group`: (problems,) int; `draws`: of that many seeds.

    Raises ValueError where the problems differ, or where no seed is common.
    """
    check_same_problems(first, second)
    seeds = common_seeds(first, second)
    if not seeds:
        raise ValueError(f"{first.regime!r} and {second.regime!r} have no seed in common, so nothing is paired")
    a, b = (side.right[[side.seeds.index(s) for s in seeds]] for side in (first, second))
    return Comparison(
        student=first.student,
        outcome=outcome,
        first=first.regime,
        second=second.regime,
        seeds=seeds,
        problems=len(first.ids),
        groups=draws.n_groups,
        difference=difference(a, b, group, draws),
        tests=tuple(exact_mcnemar(s, x, y) for s, x, y in zip(seeds, a, b, strict=True)),
    )


def common_seeds(first: Side, second: Side) -> tuple[int, ...]:
    """The seeds that both regimes have, ascending."""
    return tuple(sorted(set(first.seeds) & set(second.seeds)))


def check_same_problems(first: Side, second: Side) -> None:
    """Raises ValueError, naming the difference, unless both have the same problems in the same order."""
    if first.ids == second.ids:
        return
    only = sorted(set(first.ids) ^ set(second.ids))
    what = f"{len(only)} in one only, such as {', '.join(only[:5])}" if only else "in another order"
    raise ValueError(f"regimes {first.regime!r} and {second.regime!r} were not asked the same problems: {what}")


def exact_mcnemar(seed: int, first: NDArray[np.bool_], second: NDArray[np.bool_]) -> McNemar:
    """Exact (binomial) two-sided McNemar test of two (problems,) outcomes. Without a disagreement p is 1."""
    return mcnemar_test(seed, cells(first[None], second[None]).sum(axis=(0, 1)).astype(int))


def mcnemar_test(seed: int, counts: Ints) -> McNemar:
    """The same from (4,) counts: right in both, in the first only, in the second only, in neither."""
    result = mcnemar(counts.reshape(2, 2), exact=True)
    rr, rw, wr, ww = counts.tolist()
    return McNemar(
        seed=seed, both_right=rr, first_only=rw, second_only=wr, both_wrong=ww, p=min(1.0, float(result.pvalue))
    )


def difference(first: NDArray[np.bool_], second: NDArray[np.bool_], group: Ints, draws: Draws) -> Difference:
    """Difference of two (seeds, problems) outcomes, with the crossed bootstrap of the paired differences.

    Where that is degenerate (no disagreement, say), Newcombe's interval (Statistics in Medicine 17, 1998, method 10)
    with n = number of groups on each side stands in; it takes the sides as unpaired, which widens it further.
    """
    paired = first.astype(np.float64) - second
    per_seed = paired.mean(axis=1)
    groups = draws.n_groups
    resampled = bootstrap_ratios(paired, np.ones_like(paired), group, draws)
    interval = percentile_interval(resampled, draws, groups=groups)
    if isinstance(interval, str):
        low, high = newcombe_ends(first.mean(), second.mean(), groups)
        interval = Interval(low=low, high=high, method="newcombe_groups")
    return Difference(value=float(per_seed.mean()), interval=interval, per_seed=tuple(per_seed.tolist()))


def newcombe_ends(first: float, second: float, groups: int) -> Ends:
    """Newcombe's interval of the difference of two rates with that many observations each."""
    low, high = confint_proportions_2indep(
        first * groups, groups, second * groups, groups, compare="diff", method="newcomb", alpha=0.05
    )
    return float(low), float(high)


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Holm's step-down correction of one family of p values. None (no test was possible) stays None, uncounted.

    Own lines, because statsmodels' `multipletests` collects garbage first: 0.2 s at each call.
    """
    known = np.array([p for p in p_values if p is not None])
    order = np.argsort(known)
    steps = np.maximum.accumulate(known[order] * np.arange(len(known), 0, -1))
    known[order] = np.minimum(1.0, steps)
    corrected = iter(known.tolist())
    return tuple(None if p is None else next(corrected) for p in p_values)


def corrected(family: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """The comparisons of one family (all pairs and seeds of an outcome), with `p_holm`."""
    p = iter(holm([test.p for item in family for test in item.tests]))
    return tuple(
        item.model_copy(update={"tests": tuple(test.model_copy(update={"p_holm": next(p)}) for test in item.tests)})
        for item in family
    )
