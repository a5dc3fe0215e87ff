"""The trace that a student of another regime wrote on the same problem, so that its effect is told from that of the student.

Y(a, M(b)) in the language of mediation: the answer of the student of regime a after the trace of the student of regime b
(Pearl 2001, Direct and indirect effects; see `interventions/mediation.py`).
"""

from tracekd.errors import UserError
from tracekd.interventions.condition import Condition, Force, Forced, Own
from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes import get_regime
from tracekd.regimes.contract import Setting, Streams, Unsupported


def _traced(written: str) -> str:
    """The name of a regime whose students write traces."""
    regime = get_regime(written)
    if not regime.traced:
        raise UserError(
            f"students of the regime {regime.name} write no trace: there is nothing to force on others",
            expected="cross(REGIME), with a regime that teaches students to write a trace",
        )
    return regime.name


def _cross(written: str) -> Force:
    regime = _traced(written)

    def force(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
        traces = setting.others.get(regime)
        if traces is None:
            raise Unsupported(f"no student of the regime {regime} is known")
        if problem.id not in traces:
            raise Unsupported(f"the student of the regime {regime} wrote no trace that can be read")
        return Forced(traces[problem.id])

    return force


CROSS = Condition.with_parameter(
    "cross",
    "the trace that the student of another regime, with the same seed, wrote on this problem",
    Parameter(
        "regime",
        "a regime whose students write traces",
        "correct",
        _cross,
        lambda written: {"crosses": _traced(written)},
    ),
    citation="Pearl 2001, Direct and indirect effects: nested counterfactuals",
)
