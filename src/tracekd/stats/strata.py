"""A step and the answer within each class of question: the common association, and whether pooling turns it around."""

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2
from statsmodels.stats.contingency_tables import StratifiedTable

from tracekd.stats.contingency import has_empty_margin
from tracekd.stats.intervals import Frozen


class Stratified(Frozen):
    """Cochran-Mantel-Haenszel over the classes (JNCI 22, 1959), without continuity correction.

    `classes`: how many have both outcomes of step and answer; the others say nothing. `statistic`: chi-square with one
    degree of freedom. `odds_ratio`: Mantel and Haenszel's common one; None where it is infinite. `homogeneity_p`: Breslow
    and Day's test (with Tarone's correction) that the odds ratio is the same in all classes. All take outputs as
    independent. `simpson`: pooled and stratified association point different ways; `warning` says so in words.
    """

    classes: int
    statistic: float | None
    p: float | None
    p_holm: float | None = None
    odds_ratio: float | None
    homogeneity_p: float | None
    simpson: bool
    warning: str | None


def stratify(tables: NDArray[np.int64]) -> Stratified:
    """The association within classes, from one table a class: (classes, 4) counts in the order of `contingency`."""
    used = tables[~has_empty_margin(tables)]
    reversal = simpson_warning(tables)
    if not len(used):
        return Stratified(
            classes=0, statistic=None, p=None, odds_ratio=None, homogeneity_p=None, simpson=False, warning=None
        )
    # statsmodels takes (2, 2, strata).
    strata = StratifiedTable(used.reshape(-1, 2, 2).transpose(1, 2, 0).astype(np.float64))
    # An odds ratio that is 0 or infinite makes the tests of homogeneity divide by zero: they are undefined then.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Its own p is one less a distribution function: 0 where that is all but 1.
        test = strata.test_null_odds(correction=False)
        homogeneity = strata.test_equal_odds(adjust=True).pvalue if len(used) > 1 else None
        ratio = strata.oddsratio_pooled
    return Stratified(
        classes=len(used), statistic=_finite(test.statistic), p=_finite(chi2.sf(test.statistic, 1)), odds_ratio=_finite(ratio),
        homogeneity_p=_finite(homogeneity), simpson=reversal is not None, warning=reversal,
    )  # fmt: skip


def simpson_warning(tables: NDArray[np.int64]) -> str | None:
    """What to say where pooled and stratified association point different ways (Simpson, JRSS B 13, 1951); else None.

    Stratified is the sum over classes of observed less expected right & right, as in the Mantel-Haenszel test.
    """
    used = tables[tables.sum(axis=1) > 0]
    pooled, each = _direction(used.sum(axis=0)), [_direction(table) for table in used]
    stratified = sum(each)
    if pooled * stratified >= 0:
        return None
    ways = {True: "positive", False: "negative"}
    within = sum((way > 0) == (stratified > 0) and way != 0 for way in each)
    return (
        f"Simpson: pooled, the association is {ways[pooled > 0]}; within classes it is {ways[stratified > 0]} "
        f"(in {within} of {len(used)} classes). The classes differ in both; do not read the pooled one as a relation."
    )


def _direction(table: NDArray[np.int64]) -> float:
    """Observed less expected count of right & right: its sign is that of phi."""
    rr, rw, wr, ww = (int(count) for count in table)
    return (rr * ww - rw * wr) / max(1, rr + rw + wr + ww)


def _finite(value: object) -> float | None:
    number = np.nan if value is None else float(np.asarray(value))
    return float(number) if np.isfinite(number) else None
