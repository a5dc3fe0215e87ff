"""Conditions under which the student does not see everything: its own trace alone, or an answer that cannot read a part.

`trace_only` asks whether the trace suffices for the answer: the prompt has no story. `blocked` cuts the attention of the
answer (and of the tags before it) to the trace or to the story. What other tokens have already read from there stays: a
trace that was read with the story visible may carry more of the story than its words.
"""

from tracekd.interventions.condition import Condition, Force, Forced, Hidden, Own
from tracekd.interventions.conditions.own_trace import written
from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes.contract import Setting, Streams, Unsupported

_PARTS: dict[str, Hidden] = {"trace": "trace from the answer", "story": "story from the answer"}


def _trace_only(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    return Forced(written(own).text, hidden="story")


def _blocked(part: str) -> Force:
    if part not in _PARTS:
        raise ValueError(part)
    hidden = _PARTS[part]

    def force(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
        text = written(own).text
        if not text:
            raise Unsupported("the student's trace is empty")
        return Forced(text, hidden=hidden)

    return force


TRACE_ONLY = Condition(
    "trace_only",
    "the student's own trace, after a prompt without the story",
    "sufficiency, after DeYoung et al. 2019 (ERASER), arXiv 1911.03429",
    _trace_only,
)
BLOCKED = Condition.with_parameter(
    "blocked",
    "the student's own trace, with the answer's attention to a part cut",
    Parameter("hidden part", "trace or story", "trace", _blocked),
    citation="after Geva et al. 2023, arXiv 2304.14767: attention knockout",
)
