"""Supervision with the gold trace: the right class and the supporting facts (arXiv 2505.13792)."""

from tracekd.parameter import Parameter
from tracekd.problem import Problem, gold_trace
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise, Unsupported
from tracekd.trace import Trace

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


REGIME = Regime.with_parameter(
    "correct",
    "the right class and the supporting facts",
    Parameter(
        "kind of support",
        "a kind of support of the task (support, full_support, answer_facts ..), or trace: that of the problem's own trace",
        _AS_THE_PROBLEM,
        _with_support,
    ),
)
