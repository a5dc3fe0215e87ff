"""Supervision with what a teacher wrote: its free trace, a summary of it, or an explanation after the fact.

These kinds are those of arXiv 2505.13792 (RQ2); `tracekd teacher` collects them. Two more kinds are made from the traces,
whose statements are judged by rule: `repaired` ends before the first false statement; `false_claims` is a trace with a
false statement, although its answer is right. The answer is always gold: a problem has a text only if the teacher's answer
was right (or, with `--keep claims`, if its claims hold).
"""

from collections.abc import Callable, Mapping
from typing import Any

from tracekd.errors import UserError
from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise, Unsupported
from tracekd.regimes.intent import Intent, Meant
from tracekd.regimes.repair import repaired, with_false_claim
from tracekd.trace import Say, Trace

KINDS = ("trace", "summary", "explanation")
# Made from the kind `trace`.
_MADE: Mapping[str, Callable[[Problem, str], str]] = {"repaired": repaired, "false_claims": with_false_claim}


def _of_kind(kind: str) -> Supervise:
    if kind in _MADE:
        return _made_of_trace(_MADE[kind])
    if kind not in KINDS:
        raise ValueError(kind)

    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
        return Trace(steps=(Say(text=_text(problem, setting, kind)),))

    return supervise


def _text(problem: Problem, setting: Setting, kind: str) -> str:
    """What the teacher wrote for this problem."""
    if kind not in setting.collected:
        raise UserError(
            f"there are no teacher's texts of the kind {kind!r}", expected="a folder that `tracekd teacher` wrote",
            next_step=f"tracekd teacher {problem.task} SOURCE --kind {kind} --endpoint URL --model NAME --out DIR",
        )  # fmt: skip
    text = setting.collected[kind].get(problem.id)
    if text is None:
        raise Unsupported(f"no teacher's {kind} was kept")
    return text


def _made_of_trace(make: Callable[[Problem, str], str]) -> Supervise:
    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
        text = _text(problem, setting, "trace")
        return Trace(steps=(Say(text=make(problem, text)),))

    return supervise


_SUMMARIES = {
    "repaired": "what a teacher model wrote, up to its first false statement",
    "false_claims": "what a teacher model wrote, where its answer was right and a statement is false",
}
_CLAIMS: Mapping[str, Meant] = {"repaired": "right", "false_claims": "wrong"}


def _of_value(kind: str) -> Mapping[str, Any]:
    summary = {"summary": _SUMMARIES[kind]} if kind in _SUMMARIES else {}
    return {"intent": Intent("any", "any", quotes=False, claims=_CLAIMS.get(kind, "any")), **summary}


REGIME = Regime.with_parameter(
    "teacher",
    "what a teacher model wrote, where its answer was right",
    Parameter("kind", "trace, summary, explanation, repaired or false_claims", "trace", _of_kind, _of_value),
)
