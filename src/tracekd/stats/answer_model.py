"""A logistic model: the answer, explained by the verdicts on both steps.

It answers what two tables cannot: how the odds of a right answer change with one step while the other step is fixed. The
estimates are maximum likelihood; their variance is clustered by groups and seeds (`pivot`), from the influence of each
output on them (sandwich estimator, White, Econometrica 50, 1982).
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.special import expit

from tracekd.stats.cell import Cell, Counts
from tracekd.stats.clusters import mean_squares
from tracekd.stats.estimate import Ends, Floats, Frozen
from tracekd.stats.inference import Test, against_zero, with_one_more
from tracekd.stats.pivot import Pivot, interval

# With fewer groups, the variance of the estimates is too unsure.
MIN_GROUPS = 10
_TERMS = ("intercept", "class right", "retrieval right")
# The four combinations of both steps (the class first), and the value of each predictor for them.
_STEPS = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 1], [1, 0, 0]], dtype=np.float64)


class Term(Frozen):
    """One predictor: the factor by which it multiplies the odds of a right answer while the other is fixed."""

    name: str
    odds_ratio: float
    ci: Ends
    test: Test


class AnswerModel(Frozen):
    """The fit; without a fit, `reason` says why, and `terms` is empty, because a number would mean nothing.

    `dropped`: predictors that add nothing to the others.
    """

    outputs: int
    groups: int
    terms: tuple[Term, ...] = ()
    dropped: tuple[str, ...] = ()
    reason: str | None = None


def answer_model(cell: Cell) -> AnswerModel:
    """Fit the model to all outputs of a cell."""
    outcome = 2 * (2 * ~cell.classified() + ~cell.retrieved()).astype(np.int8) + ~cell.answer
    table = cell.counts(outcome, 8)
    counts = table.sum(axis=0).reshape(4, 2)  # combinations of steps, by right and wrong answer
    seen = counts.sum(axis=1) > 0
    kept = _independent(_STEPS[seen])
    dropped = tuple(name for at, name in enumerate(_TERMS) if at not in kept)
    outputs, groups = len(cell), cell.n_groups
    reason = _impossible(counts, seen, kept, groups)
    if reason is not None:
        return AnswerModel(outputs=outputs, groups=groups, dropped=dropped, reason=reason)
    design = _STEPS[:, kept]
    estimates, covariance = _fit(design, counts)
    fitted = expit(design @ estimates)
    # How much one output moves the estimates: (combinations, 2, predictors).
    moves = np.stack([1 - fitted, -fitted], axis=1)[..., None] * (design @ covariance)[:, None]
    terms = tuple(
        _term(cell, table, _TERMS[kept[at]], float(estimates[at]), moves[..., at].ravel()) for at in range(1, len(kept))
    )
    return AnswerModel(outputs=outputs, groups=groups, terms=terms, dropped=dropped)


def _independent(design: Floats) -> list[int]:
    """The columns, from the left, that are not linear combinations of earlier ones."""
    kept: list[int] = []
    for at in range(design.shape[1]):
        if np.linalg.matrix_rank(design[:, [*kept, at]]) > len(kept):
            kept.append(at)
    return kept


def _impossible(counts: Counts, seen: Floats, kept: Sequence[int], groups: int) -> str | None:
    """Why there is no fit; None if there is one."""
    if not counts.sum(axis=0).all():
        return "all answers are right, or all are wrong"
    if groups < MIN_GROUPS:
        return f"fewer than {MIN_GROUPS} groups"
    if len(kept) == 1:
        return "no predictor varies"
    separated = _separated(_STEPS[:, kept], counts)
    if separated:
        names = ", ".join(_TERMS[kept[at]] for at in separated if at) or _TERMS[0]
        return f"separation: {names} separates some right answers perfectly from wrong ones; an odds ratio is 0 or infinite"
    return None


def _separated(design: Floats, counts: Counts) -> list[int]:
    """Columns along which right and wrong outputs, or some of them, can be separated perfectly; empty if there are none.

    By linear programming (Konis, thesis, Oxford, 2007): is there a direction along which no right output is below any
    wrong one, and some are above? Then some odds ratios are 0 or infinite.
    """
    signed = np.concatenate([design[counts[:, 0] > 0], -design[counts[:, 1] > 0]])
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1), method="highs")
    if found.status != 0 or -found.fun < 1e-9:
        return []
    return [int(at) for at in np.flatnonzero(np.abs(found.x) > 1e-9)]


def _fit(design: Floats, counts: Counts) -> tuple[Floats, Floats]:
    """Maximum likelihood estimates by Newton's method, and the inverse of the information matrix."""
    estimates = np.zeros(design.shape[1])
    n = counts.sum(axis=1)
    for _ in range(100):
        fitted = expit(design @ estimates)
        information = design.T @ (design * (n * fitted * (1 - fitted))[:, None])
        step = np.linalg.solve(information, design.T @ (counts[:, 0] - n * fitted))
        # Newton's method may step too far from a flat start; steps of at most two units of log odds are safe.
        estimates = estimates + step * min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-10:
            break
    return estimates, np.linalg.inv(information)


def _term(cell: Cell, table: Counts, name: str, estimate: float, moves: Floats) -> Term:
    """A term, from its estimate and the influence of an output of each of the eight outcomes on it."""
    influence: Floats = table @ moves
    squares = mean_squares(influence, table.sum(axis=1), cell.clusters)
    totals = table.sum(axis=0)
    squares = with_one_more(
        squares, influence, cell.clusters,
        float(totals @ moves**2), float((moves[totals > 0] ** 2).sum()), len(cell),
    )  # fmt: skip
    low, high = np.exp(np.clip(interval(estimate, Pivot.of(squares)), -700, 700))
    return Term(
        name=name,
        odds_ratio=float(np.exp(estimate)),
        ci=(float(low), float(high)),
        test=against_zero(estimate, squares),
    )
