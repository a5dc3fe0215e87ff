"""Whether a logistic model has an answer at all: predictors that say nothing, and outcomes that they tell apart."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from tracekd.stats.bootstrap import Floats


def independent_columns(design: Floats) -> list[int]:
    """The columns, from the left, that no earlier ones add up to: (outputs, predictors) to their places."""
    patterns = np.unique(design, axis=0)
    kept: list[int] = []
    for at in range(design.shape[1]):
        if np.linalg.matrix_rank(patterns[:, [*kept, at]]) > len(kept):
            kept.append(at)
    return kept


def separated_columns(design: Floats, outcome: Floats) -> Sequence[int]:
    """Columns along which right and wrong, or some of them, can be told apart without fail; none where there are none.

    By linear programming (Konis, thesis, Oxford, 2007): is there a direction along which no right output lies below any
    wrong one, and some lie above? Then some odds ratios are 0 or infinite. Over the different rows alone, so it is quick.
    `design`: (outputs, predictors), the first of them 1 throughout; `outcome`: (outputs,) 0 or 1.
    """
    signed = np.unique(design * (2 * outcome - 1)[:, None], axis=0)
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1), method="highs")
    if found.status != 0 or -found.fun < 1e-9:
        return []
    return np.flatnonzero(np.abs(found.x) > 1e-9).tolist()
