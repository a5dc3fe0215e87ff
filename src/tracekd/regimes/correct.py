"""Supervision with the gold trace (arXiv 2505.13792), with one of its two steps, or with no trace."""

from tracekd.parameter import Parameter
from tracekd.problem import Problem, gold_trace
from tracekd.regimes import intent
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise, Unsupported
from tracekd.trace import Classify, Retrieve, Trace

_AS_THE_PROBLEM = "trace"


def _with_support(kind: str) -> Supervise:
    if not kind.isidentifier():
        raise ValueError(kind)

    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
        if kind == _AS_THE_PROBLEM:
            return problem.trace
        if kind not in problem.support:
            raise Unsupported(f"{problem.task} has no support of the kind {kind!r}, only {', '.join(problem.support)}")
        return gold_trace(problem.label, problem.support[kind])

    return supervise


def _class_only(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    """Only the class step; byte for byte the "reasoning" data of arXiv 2505.13792."""
    return Trace(steps=(Classify(label=problem.label),))


def _facts_only(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    """Only the retrieval step."""
    return Trace(steps=(Retrieve(facts=problem.trace.facts),))


def _answer_only(problem: Problem, setting: Setting, streams: Streams) -> None:
    """No trace and no tags: the paper's vanilla SFT."""


CORRECT = Regime.with_parameter(
    "correct",
    "the right class and the supporting facts",
    Parameter(
        "kind of support",
        "a kind of support of the task (support, full_support, answer_facts ..), or trace: that of the problem's own trace",
        _AS_THE_PROBLEM,
        _with_support,
    ),
    intent=intent.CORRECT,
)
CLASS_ONLY = Regime("class_only", "the right class, without facts", _class_only, intent=intent.Intent("right", "none"))
FACTS_ONLY = Regime(
    "facts_only", "the supporting facts, without a class", _facts_only, intent=intent.Intent("none", "right")
)
ANSWER_ONLY = Regime(
    "answer_only",
    "only the answer, without a trace",
    _answer_only,
    traced=False,
    intent=intent.Intent("none", "none", traced=False),
)
