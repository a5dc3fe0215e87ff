"""How a step of the trace and the answer go together. This is association; it is not evidence of reliance."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2_contingency, fisher_exact
from scipy.stats.contingency import expected_freq

from tracekd.stats.bootstrap import Draws, Floats, Ints, bootstrap_tables, cells, divide
from tracekd.stats.intervals import Estimate, Frozen, Interval, estimate, groups_with, wilson
from tracekd.stats.paired import holm

StepName = Literal["class_step", "retrieval_step", "trace"]
Test = Literal["chi2", "fisher", "none"]
Statistic = Callable[[Floats], Floats]

# Cells of a table in the order of `bootstrap.cells`: the step first, the answer second.
JOINT = {"right_right": 0, "right_wrong": 1, "wrong_right": 2, "wrong_wrong": 3}
# Each conditional is the first of two cells over the sum of both.
CONDITIONALS = {
    "answer_right_given_step_right": (0, 1),
    "answer_right_given_step_wrong": (2, 3),
    "step_right_given_answer_right": (0, 2),
    "step_right_given_answer_wrong": (1, 3),
}
SMALL_EXPECTED = 5.0
EMPTY_MARGIN = "a margin is empty: the step, or the answer, is right always or never"


class Counts(Frozen):
    """Outputs in each cell of a table; the step first, the answer second."""

    right_right: int
    right_wrong: int
    wrong_right: int
    wrong_wrong: int


class Joint(Frozen):
    """Fractions of all outputs, which sum to 1."""

    right_right: float
    right_wrong: float
    wrong_right: float
    wrong_wrong: float


class Proportion(Frozen):
    """`right` of `n` within one seed; value and Wilson interval are None where n is 0.

    The interval takes problems as independent, so it is too narrow where those of a group go together.
    """

    right: int
    n: int
    value: float | None
    interval: Interval | None


class SeedTable(Frozen):
    """One seed's table. `reason` says why phi, test and p are missing, where they are.

    `test`: `chi2` (Pearson, no Yates correction), `fisher` (exact, where an expected count is under 5) or `none` (an
    empty margin). Both take problems as independent. `p_holm` is None until the family is known.
    """

    seed: int
    counts: Counts
    joint: Joint
    answer_right_given_step_right: Proportion
    answer_right_given_step_wrong: Proportion
    step_right_given_answer_right: Proportion
    step_right_given_answer_wrong: Proportion
    phi: float | None
    test: Test
    statistic: float | None
    p: float | None
    p_holm: float | None = None
    reason: str | None = None


class Association(Frozen):
    """A step against the answer: each seed's table, and means over seeds with crossed bootstrap intervals."""

    step: StepName
    tables: tuple[SeedTable, ...]
    right_right: Estimate
    right_wrong: Estimate
    wrong_right: Estimate
    wrong_wrong: Estimate
    answer_right_given_step_right: Estimate
    answer_right_given_step_wrong: Estimate
    step_right_given_answer_right: Estimate
    step_right_given_answer_wrong: Estimate
    phi: Estimate


def associate(
    step: StepName, right: ArrayLike, answer: ArrayLike, seeds: Sequence[int], group: Ints, draws: Draws
) -> Association:
    """Everything about a step and the answer. `right` and `answer`: (seeds, problems) bool; `group`: (problems,) int."""
    outputs = cells(right, answer)
    observed, resampled = outputs.sum(axis=1), bootstrap_tables(right, answer, group, draws)

    def over_seeds(statistic: Statistic, among: Sequence[int], undefined: str, *, proportion: bool = True) -> Estimate:
        groups = groups_with(outputs[..., among].any(axis=-1), group, draws)
        values = statistic(observed), statistic(resampled)
        return estimate(*values, draws, groups=groups, proportion=proportion, undefined=undefined)

    every = (0, 1, 2, 3)
    shares = {name: over_seeds(partial(share, among=every, cell=c), every, "") for name, c in JOINT.items()}
    conditionals = {
        name: over_seeds(partial(share, among=pair, cell=pair[0]), pair, "in a seed there is nothing to condition on")
        for name, pair in CONDITIONALS.items()
    }
    tables = tuple(seed_table(s, t) for s, t in zip(seeds, observed, strict=True))
    phi_mean = over_seeds(phi, every, f"in a seed {EMPTY_MARGIN}", proportion=False)
    return Association(step=step, tables=tables, phi=phi_mean, **shares, **conditionals)


def share(tables: Floats, *, among: Sequence[int], cell: int) -> Floats:
    """Share of one cell among some: (..., 4) counts to (...), NaN where there are none."""
    return divide(tables[..., cell], tables[..., list(among)].sum(axis=-1))


def phi(tables: Floats) -> Floats:
    """Phi coefficient in [-1, 1]: (..., 4) counts to (...), NaN where a margin is empty.

    Pearson's correlation of the two outcomes (Yule, JRSS 75, 1912); phi squared is chi-square over n. Own formula,
    because scipy's `association` drops the sign and takes one table at a time.
    """
    rr, rw, wr, ww = np.moveaxis(tables, -1, 0)
    # Two roots, not one: the product of four margins of a large study overflows the exact range of a float.
    scale = np.sqrt((rr + rw) * (wr + ww)) * np.sqrt((rr + wr) * (rw + ww))
    return np.clip(divide(rr * ww - rw * wr, scale), -1.0, 1.0)


def seed_table(seed: int, observed: Floats) -> SeedTable:
    """One seed's table from its (4,) counts. Raises ValueError where it is empty."""
    n = int(observed.sum())
    if n == 0:
        raise ValueError(f"seed {seed} has no output")
    test, statistic, p = independence_test(observed)
    rr, rw, wr, ww = observed.astype(int).tolist()
    return SeedTable(
        seed=seed,
        counts=Counts(right_right=rr, right_wrong=rw, wrong_right=wr, wrong_wrong=ww),
        joint=Joint(right_right=rr / n, right_wrong=rw / n, wrong_right=wr / n, wrong_wrong=ww / n),
        answer_right_given_step_right=proportion(rr, rr + rw),
        answer_right_given_step_wrong=proportion(wr, wr + ww),
        step_right_given_answer_right=proportion(rr, rr + wr),
        step_right_given_answer_wrong=proportion(rw, rw + ww),
        phi=None if test == "none" else float(phi(observed)),
        test=test,
        statistic=statistic,
        p=p,
        reason=EMPTY_MARGIN if test == "none" else None,
    )


def proportion(right: int, n: int) -> Proportion:
    """right / n with its Wilson interval."""
    if n == 0:
        return Proportion(right=0, n=0, value=None, interval=None)
    return Proportion(right=right, n=n, value=right / n, interval=wilson(right, n, "wilson_problems"))


def independence_test(observed: Floats) -> tuple[Test, float | None, float | None]:
    """Name, chi-square (None for Fisher) and two-sided p of the test of independence of (4,) counts.

    Fisher's exact test where an expected count is under 5 (Cochran, Biometrics 10, 1954); none with an empty margin.
    """
    table = observed.reshape(2, 2)
    if not (table.sum(axis=0).all() and table.sum(axis=1).all()):
        return "none", None, None
    if expected_freq(table).min() < SMALL_EXPECTED:
        return "fisher", None, float(fisher_exact(table).pvalue)
    result = chi2_contingency(table, correction=False)
    return "chi2", float(result.statistic), float(result.pvalue)


def corrected(family: Sequence[Association]) -> tuple[Association, ...]:
    """The associations of one family (all steps, cells and seeds of a study), with `p_holm`."""
    p = iter(holm([table.p for item in family for table in item.tables]))
    return tuple(
        item.model_copy(update={"tables": tuple(table.model_copy(update={"p_holm": next(p)}) for table in item.tables)})
        for item in family
    )
