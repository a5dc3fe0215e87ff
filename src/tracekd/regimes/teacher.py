"""Supervision with what a teacher wrote: its free trace, a summary of it, or an explanation after the fact.

The kinds are those of arXiv 2505.13792 (RQ2); `tracekd teacher` collects them. The answer is still gold: a problem has a
text only if the teacher's answer was right.
"""

from tracekd.errors import UserError
from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise, Unsupported
from tracekd.trace import Say, Trace

KINDS = ("trace", "summary", "explanation")


def _of_kind(kind: str) -> Supervise:
    if kind not in KINDS:
        raise ValueError(kind)

    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
        if kind not in setting.collected:
            raise UserError(
                f"there are no teacher's texts of the kind {kind!r}", expected="a folder that `tracekd teacher` wrote",
                next_step=f"tracekd teacher {problem.task} SOURCE --kind {kind} --endpoint URL --model NAME --out DIR",
            )  # fmt: skip
        text = setting.collected[kind].get(problem.id)
        if text is None:
            raise Unsupported(f"no teacher's {kind} was kept")
        return Trace(steps=(Say(text=text),))

    return supervise


REGIME = Regime.with_parameter(
    "teacher",
    "what a teacher model wrote, where its answer was right",
    Parameter("kind", "trace, summary or explanation", "trace", _of_kind),
)
