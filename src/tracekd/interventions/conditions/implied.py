"""Facts that imply another answer than gold: a student that relies on the trace gives that answer.

Lanham et al. (arXiv 2307.13702) add mistakes to a trace and see whether the answer changes. Here it is also known to which
answer it must change (see `regimes/implied_facts.py`). The class stays right.
"""

from tracekd.interventions.condition import Condition, Force, Forced, Own
from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes.contract import Setting, Streams
from tracekd.regimes.implied_facts import FACT_KINDS, Implying, implying, implying_by
from tracekd.trace import Classify, Quote, Trace


def _implied(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    return _citing(implying(problem, setting, streams("implied")), problem, setting)


def _by_kind(written: str) -> Force:
    kind = next((known for known in FACT_KINDS if known == written), None)
    if kind is None:
        raise ValueError(written)

    def force(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
        return _citing(implying_by(kind, problem, setting, streams(f"implied by {kind}")), problem, setting)

    return force


def _citing(found: Implying, problem: Problem, setting: Setting) -> Forced:
    """The right class, and these facts."""
    trace = Trace(steps=(Classify(label=problem.label), Quote(texts=found.texts)))
    return Forced(setting.template.render_trace(problem, trace), found.answer, found.altered)


IMPLIED = Condition(
    "implied",
    "the right class, and facts from which another answer follows",
    "after Lanham et al. 2023, arXiv 2307.13702: adding mistakes; here the answer that they lead to is known",
    _implied,
)
IMPLIED_BY = Condition.with_parameter(
    "implied_by",
    "the right class, and facts of one kind from which another answer follows",
    Parameter("kind of facts", "story, altered or foreign", "story", _by_kind),
    citation="after Lanham et al. 2023, arXiv 2307.13702: adding mistakes; here on the same problems with facts of each kind",
)
