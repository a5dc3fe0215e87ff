"""Facts that imply another answer than gold: a student that relies on the trace gives that answer.

Lanham et al. (arXiv 2307.13702) add mistakes to a trace and see whether the answer changes. Here it is also known to which
answer it must change (see `regimes/implied_facts.py`). The class stays right.
"""

from tracekd.interventions.condition import Condition, Forced, Own
from tracekd.problem import Problem
from tracekd.regimes.contract import Setting, Streams
from tracekd.regimes.implied_facts import implying
from tracekd.trace import Classify, Quote, Trace


def _implied(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    found = implying(problem, setting, streams("implied"))
    trace = Trace(steps=(Classify(label=problem.label), Quote(texts=found.texts)))
    return Forced(setting.template.render_trace(problem, trace), found.answer, found.altered)


IMPLIED = Condition(
    "implied",
    "the right class, and facts from which another answer follows",
    "after Lanham et al. 2023, arXiv 2307.13702: adding mistakes; here the answer that they lead to is known",
    _implied,
)
