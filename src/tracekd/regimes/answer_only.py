"""Supervision with only the answer: no trace, no tags (the paper's vanilla SFT, arXiv 2505.13792)."""

from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting, Streams
from tracekd.regimes.intent import Intent


def supervise(problem: Problem, setting: Setting, streams: Streams) -> None:
    """There is no trace."""
    return None


REGIME = Regime(
    "answer_only",
    "only the answer, without a trace",
    supervise,
    traced=False,
    intent=Intent("none", "none", traced=False),
)
