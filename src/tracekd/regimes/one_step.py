"""Supervision with one of the two steps of the gold trace: what does each contribute?"""

from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting, Streams
from tracekd.regimes.intent import Intent
from tracekd.trace import Classify, Retrieve, Trace


def _class_only(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    """Only the class step; byte for byte the "reasoning" data of arXiv 2505.13792."""
    return Trace(steps=(Classify(label=problem.label),))


def _facts_only(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    """Only the retrieval step."""
    return Trace(steps=(Retrieve(facts=problem.trace.facts),))


CLASS_ONLY = Regime("class_only", "the right class, without facts", _class_only, intent=Intent("right", "none"))
FACTS_ONLY = Regime("facts_only", "the supporting facts, without a class", _facts_only, intent=Intent("none", "right"))
