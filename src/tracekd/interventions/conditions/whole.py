"""The trace as the student wrote it, the gold one, and none at all: what the other conditions are held against."""

from tracekd.interventions.condition import Condition, Forced, Own
from tracekd.problem import Problem
from tracekd.regimes.contract import Setting, Streams, Unsupported


def written(own: Own | None) -> Own:
    """What the student wrote. Raises Unsupported where that holds no trace."""
    if own is None:
        raise Unsupported("the student wrote no trace that can be read")
    return own


def _own(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    return Forced(written(own).text)


def _gold(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    return Forced(setting.template.render_trace(problem, problem.trace))


def _none(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    return Forced("")


OWN = Condition("own", "the trace that the student wrote itself", "the unchanged side of every comparison", _own)
GOLD = Condition("gold", "the gold trace", "as what the students of arXiv 2505.13792 are supervised with", _gold)
NONE = Condition(
    "none", "the empty trace", "Lanham et al. 2023, arXiv 2307.13702: early answering, before the first step", _none
)
