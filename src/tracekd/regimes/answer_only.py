"""Supervision with the answer alone: no trace, no tags (the paper's vanilla SFT, arXiv 2505.13792)."""

from random import Random

from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting


def supervise(problem: Problem, setting: Setting, rng: Random) -> None:
    """There is no trace."""
    return None


REGIME = Regime("answer_only", "the answer alone, without a trace", supervise)
