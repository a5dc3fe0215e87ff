"""Supervision with a trace that is wrong in both steps or in one, and otherwise equal to the correct one."""

from tracekd.problem import Problem, gold_trace
from tracekd.regimes import intent
from tracekd.regimes.contract import Regime, Setting, Streams
from tracekd.regimes.wrong_steps import wrong_facts, wrong_label
from tracekd.trace import Trace


def incorrect(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    """A wrong class and wrong facts. Raises Unsupported if the labels or the context do not allow it."""
    return gold_trace(wrong_label(problem, setting, streams), wrong_facts(problem, setting, streams))


def _incorrect_class(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    return gold_trace(wrong_label(problem, setting, streams), problem.trace.facts)


def _incorrect_facts(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    return gold_trace(problem.label, wrong_facts(problem, setting, streams))


INCORRECT = Regime(
    "incorrect",
    "another class, and the same number of facts that are not gold; the answer is still gold",
    incorrect,
    intent=intent.INCORRECT,
)
INCORRECT_CLASS = Regime(
    "incorrect_class",
    "another class, and the supporting facts",
    _incorrect_class,
    intent=intent.Intent("wrong", "right", alike=True),
)
INCORRECT_FACTS = Regime(
    "incorrect_facts",
    "the right class, and the same number of facts that are not gold",
    _incorrect_facts,
    intent=intent.Intent("right", "wrong", alike=True),
)
