"""No training: the base is asked without or with worked examples (few-shot prompting, arXiv 2005.14165)."""

import re
from collections.abc import Mapping
from typing import Any

from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes.contract import Prompted, Regime, Setting, Streams, Supervise
from tracekd.trace import Trace

_SHOTS = re.compile(r"([1-9][0-9]?)(?:\s*,\s*(trace))?")


def _gold(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    return problem.trace


def _none(problem: Problem, setting: Setting, streams: Streams) -> None:
    return None


def _trace_of_output(what: str) -> Supervise:
    if what not in ("answer", "trace"):
        raise ValueError(what)
    return _gold if what == "trace" else _none


def _trace_of_examples(written: str) -> Supervise:
    parts = _SHOTS.fullmatch(written)
    if parts is None:
        raise ValueError(written)
    return _gold if parts[2] else _none


def _zero(what: str) -> Mapping[str, Any]:
    return {"prompted": Prompted(0), "traced": what == "trace"}


def _few(written: str) -> Mapping[str, Any]:
    parts = _SHOTS.fullmatch(written)
    return {"prompted": Prompted(int(parts[1])), "traced": bool(parts[2])} if parts else {}


ZERO_SHOT = Regime.with_parameter(
    "zero_shot",
    "no training: the base is asked for the answer, or for a trace and the answer",
    Parameter("output", "answer or trace", "answer", _trace_of_output, _zero),
)
FEW_SHOT = Regime.with_parameter(
    "few_shot",
    "no training: the base is asked after k worked examples, which have correct traces if it must write a trace",
    Parameter("number of examples", "from 1 to 99, and `,trace` for a trace", "5", _trace_of_examples, _few),
)
