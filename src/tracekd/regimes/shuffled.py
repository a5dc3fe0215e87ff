"""Supervision with the gold trace in another order: the same content, another sequence.

As the permuted steps of ROSCOE's perturbations (arXiv 2212.07919).
"""

from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting, Streams
from tracekd.trace import Classify, Retrieve, Trace


def _supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    """The facts first, in another order than gold if there are several; then the class."""
    return Trace(steps=(Retrieve(facts=_reordered(problem.trace.facts, streams)), Classify(label=problem.label)))


def _reordered(facts: tuple[str, ...], streams: Streams) -> tuple[str, ...]:
    rng = streams("order")
    drawn = list(facts)
    rng.shuffle(drawn)
    if tuple(drawn) == facts and len(facts) > 1:
        drawn = [*facts[1:], facts[0]]
    return tuple(drawn)


REGIME = Regime("shuffled", "the correct trace with its steps and its facts in another order", _supervise)
