"""A logistic model of the answer on the verdicts on both steps, with seeds as replicates and problems as clusters.

Generalised estimating equations (Liang and Zeger, Biometrika 73, 1986) with an exchangeable correlation within a group
of problems, robust standard errors, and an effect for each seed but the first. It answers what two tables cannot: how
the odds of a right answer differ with one step, the other step and the seed being the same.
"""

import warnings
from typing import Any

import numpy as np
from scipy.stats import norm
from statsmodels.genmod.cov_struct import Exchangeable, Independence
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_estimating_equations import GEE

from tracekd.stats.bootstrap import Floats
from tracekd.stats.cell import Cell
from tracekd.stats.intervals import Ends, Frozen
from tracekd.stats.separation import independent_columns, separated_columns

# Outputs of a fit, a few seconds at most. Of more, whole groups are taken, in the order of the hashes of their names.
MAX_OUTPUTS = 10_000
# Robust standard errors rest on the number of groups.
MIN_GROUPS = 10
_STEPS = ("class right", "retrieval right")


class Term(Frozen):
    """One predictor: the factor by which it multiplies the odds of a right answer, others being equal."""

    name: str
    odds_ratio: float
    ci: Ends
    p: float


class AnswerModel(Frozen):
    """The fit, or in `reason` why there is none; then `terms` is empty, since a number would mean nothing.

    `outputs` of `of` outputs were used, in `groups` groups. `dropped`: predictors that say nothing beyond the others.
    `correlation`: of answers within a group; None where each group is one output.
    """

    outputs: int
    of: int
    groups: int
    terms: tuple[Term, ...] = ()
    dropped: tuple[str, ...] = ()
    correlation: float | None = None
    reason: str | None = None


def answer_model(cell: Cell, *, max_outputs: int = MAX_OUTPUTS) -> AnswerModel:
    """Fit the model to a cell, or to so many of its outputs."""
    used = _sample(cell, max_outputs)
    answer, group = used.answer.astype(np.float64), used.group
    design, names = _design(used)
    kept = independent_columns(design)
    dropped = tuple(name for at, name in enumerate(names) if at not in kept)
    design, names = design[:, kept], [names[at] for at in kept]
    groups = len(np.unique(group))
    size: dict[str, Any] = {"outputs": len(used), "of": len(cell), "groups": groups, "dropped": dropped}
    reason = _impossible(answer, design, names, groups)
    if reason is not None:
        return AnswerModel(**size, reason=reason)
    order = np.argsort(group, kind="stable")
    structure = Exchangeable() if groups < len(used) else Independence()
    found = _fit(answer[order], design[order], group[order], structure)
    if isinstance(found, str):
        return AnswerModel(**size, reason=found)
    terms = tuple(_term(name, *pair) for name, *pair in zip(names, *found, strict=True))[1:]
    correlation = float(structure.dep_params) if isinstance(structure, Exchangeable) else None
    return AnswerModel(**size, terms=terms, correlation=correlation)


def _sample(cell: Cell, most: int) -> Cell:
    """The whole groups that fit, from the first; a part of the first where it alone does not."""
    if len(cell) <= most:
        return cell
    sizes = cell.group_sizes()
    fits = (np.cumsum(sizes) <= most) & (sizes > 0)
    if not fits.any():
        return cell.only(slice(most))
    return cell.only(fits[cell.group])


def _design(cell: Cell) -> tuple[Floats, list[str]]:
    """(outputs, predictors) of 0 and 1, and their names; the intercept is the first."""
    seed, seeds = cell.seed, np.arange(1, len(cell.seeds))
    steps = [np.ones(len(cell)), cell.classified(), cell.retrieved()]
    design = np.column_stack([*steps, seed[:, None] == seeds]).astype(np.float64)
    return design, ["intercept", *_STEPS, *(f"seed {cell.seeds[at]}" for at in seeds)]


def _impossible(answer: Floats, design: Floats, names: list[str], groups: int) -> str | None:
    """Why there is no fit, if so."""
    if answer.min() == answer.max():
        return "answers are right always or never"
    if groups < MIN_GROUPS:
        return f"fewer than {MIN_GROUPS} groups"
    if design.shape[1] == 1:
        return "no predictor varies"
    separated = separated_columns(design, answer)
    if separated:
        told = ", ".join(names[at] for at in separated if at) or names[0]
        return f"separation: along {told}, some answers are right or wrong without fail; an odds ratio is 0 or infinite"
    return None


def _fit(answer: Floats, design: Floats, group: Any, structure: Any) -> tuple[Floats, Floats] | str:
    """Estimates and robust standard errors, in the order of the columns; or what went wrong."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = GEE(answer, design, groups=group, family=Binomial(), cov_struct=structure).fit(maxiter=100)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
            return f"the fit failed: {str(error)[:200]}"
    estimates, errors = np.asarray(found.params), np.asarray(found.bse)
    if not found.converged:
        return "the fit did not converge"
    # An odds ratio beyond e^20 is not one that outputs can show, whatever the fit says of itself.
    if not np.isfinite([*estimates, *errors]).all() or np.abs(estimates).max() > 20 or errors.min() <= 0:
        return "the fit did not converge: an estimate or its error is not finite"
    return estimates, errors


def _term(name: str, estimate: float, error: float) -> Term:
    low, high = np.exp(estimate + norm.ppf([0.025, 0.975]) * error)
    p = float(2 * norm.sf(abs(estimate) / error))
    return Term(name=name, odds_ratio=float(np.exp(estimate)), ci=(float(low), float(high)), p=p)
