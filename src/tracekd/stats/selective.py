"""Answering only the most confident outputs: risk at every coverage, and the area under that curve.

Outputs are answered in the order of a score, the highest first. Coverage is the share answered, risk the share of wrong
answers among them (El-Yaniv and Wiener, "On the foundations of noise-free selective classification", JMLR 11, 2010;
Geifman and El-Yaniv, arXiv:1705.08500). AURC is the mean of the risk over all coverages 1/n, 2/n .. 1 (Geifman, Uziel
and El-Yaniv, arXiv:1805.08206).

A score often has few values. Outputs of one value are answered in a random order, and every number here is the
*expected* one over all such orders: of a block of m outputs, e of them wrong, j answered ones have e*j/m wrong in
expectation. So the order of the outputs in a file does not change a number.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, polygamma

from tracekd.stats.estimate import Floats, Frozen

# The number of points of a curve: more cannot be distinguished in a figure.
_MOST_POINTS = 1000


class Curve(Frozen):
    """Expected risk at coverages in (0, 1], both ascending in coverage."""

    coverage: tuple[float, ...]
    risk: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Outputs in blocks of one score each, the highest score first.

    `block`: (outputs,) number of the block of each output; `sizes`, `wrong`: (blocks,) outputs, and wrong ones among
    them, of each.
    """

    block: NDArray[np.intp]
    sizes: Floats
    wrong: Floats

    @classmethod
    def of(cls, score: ArrayLike, right: ArrayLike) -> "Ranked":
        """Rank outputs: (outputs,) float scores, the highest is answered first, and (outputs,) bool.

        Raises ValueError for no output, other shapes, or a score that is NaN.
        """
        values, hits = np.asarray(score, dtype=np.float64), np.asarray(right, dtype=bool)
        if values.shape != hits.shape or values.ndim != 1 or not len(values) or np.isnan(values).any():
            raise ValueError(f"scores of shape {values.shape} do not rank answers of shape {hits.shape}")
        block = np.unique(-values, return_inverse=True)[1]
        sizes = np.bincount(block).astype(np.float64)
        return cls(block, sizes, np.bincount(block, weights=~hits, minlength=len(sizes)).astype(np.float64))

    def risks(self) -> Floats:
        """The expected risk when the first 1, 2 .. n outputs are answered: (outputs,)."""
        answered = np.arange(1, len(self.block) + 1)
        ends = np.concatenate([[0.0], np.cumsum(self.sizes)])
        wrong: Floats = np.interp(answered, ends, np.concatenate([[0.0], np.cumsum(self.wrong)]))
        return wrong / answered

    def curve(self) -> Curve:
        """The risk-coverage curve; of many outputs, at a thousand coverages, evenly spaced."""
        risks, n = self.risks(), len(self.block)
        at = np.unique(np.linspace(1, n, min(n, _MOST_POINTS)).round().astype(int))
        return Curve(coverage=tuple((at / n).tolist()), risk=tuple(risks[at - 1].tolist()))

    @property
    def aurc(self) -> float:
        """The mean risk over all coverages, in [0, 1]."""
        return float(block_aurc(self.sizes, self.wrong))

    def moves(self) -> tuple[Floats, Floats]:
        """How far one more right output, and one more wrong one, with the score of each output moves the area.

        (outputs,) each, to first order.
        """
        by_size, by_wrong = aurc_gradient(self.sizes, self.wrong)
        return by_size[self.block], (by_size + by_wrong)[self.block]


def block_aurc(sizes: Floats, wrong: Floats) -> Floats:
    """AURC from blocks of equal scores: (.., blocks) both to (..); blocks may be empty, but not all of them.

    The risk after k of all outputs, of which the k-th is in a block that begins after N outputs, E of them wrong in
    expectation, is (E + (k - N) * e/m) / k. Its sum over the block is e + (E - N * e/m) * (H(N + m) - H(N)), where H
    are the harmonic numbers: no sum over single outputs is needed.
    """
    ends, errors = np.cumsum(sizes, axis=-1), np.cumsum(wrong, axis=-1)
    begins, before = ends - sizes, errors - wrong
    share = np.divide(wrong, sizes, out=np.zeros_like(wrong), where=sizes > 0)
    # H(k) is digamma(k + 1) plus a constant.
    over_block = wrong + (before - begins * share) * (digamma(ends + 1) - digamma(begins + 1))
    area: Floats = over_block.sum(axis=-1) / ends[..., -1]
    return area


def aurc_gradient(sizes: Floats, wrong: Floats) -> tuple[Floats, Floats]:
    """The derivatives of AURC by the sizes of the blocks and by the wrong outputs in each: (blocks,) each.

    No block may be empty. One more output in a block changes that block's own sum, and the beginning of every later block.
    """
    ends, errors = np.cumsum(sizes), np.cumsum(wrong)
    begins, before, share, n = ends - sizes, errors - wrong, wrong / sizes, ends[-1]
    harmonic = digamma(ends + 1) - digamma(begins + 1)
    slope_at_end = polygamma(1, ends + 1)
    ahead = before - begins * share
    shifted = -share * harmonic + ahead * (slope_at_end - polygamma(1, begins + 1))
    by_wrong = (1 - begins * harmonic / sizes + _after(harmonic)) / n
    own = begins * share / sizes * harmonic + ahead * slope_at_end
    return (own + _after(shifted) - float(block_aurc(sizes, wrong))) / n, by_wrong


def _after(values: Floats) -> Floats:
    """The sum over all later blocks, for each block."""
    return np.cumsum(values[::-1])[::-1] - values


def oracle(right: ArrayLike) -> Ranked:
    """The best that a score can do: all right answers before all wrong ones."""
    return Ranked.of(np.asarray(right, dtype=np.float64), right)
