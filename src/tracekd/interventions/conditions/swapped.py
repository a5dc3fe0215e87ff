"""Another problem's gold trace: fluent, of the right form, and about something else.

Not to be taken for SwapOneStep of ROSCOE's perturbations (arXiv 2212.07919), which changes the place of a step.
"""

from tracekd.interventions.condition import Condition, Forced, Own
from tracekd.problem import Problem
from tracekd.regimes import swapped
from tracekd.regimes.contract import Setting, Streams


def _swapped(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    trace = swapped.REGIME.supervise(problem, setting, streams)
    assert trace is not None, "this regime has a trace, or raises"
    return Forced(setting.template.render_trace(problem, trace))


SWAPPED = Condition(
    "swapped",
    "another problem's gold trace, with as many facts",
    "after the swapped traces of arXiv 2505.13775, which are there trained on",
    _swapped,
)
