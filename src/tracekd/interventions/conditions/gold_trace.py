"""Conditions that do not depend on what the student wrote: the gold trace, no trace, wrong steps, another problem's trace.

The wrong steps are those of the regimes `incorrect` and `partial` (`regimes/wrong_steps.py`). A wrong class and wrong
facts are the same alone and together, so that the four traces of gold and wrong steps differ in nothing else.
"""

from itertools import combinations

from tracekd.interventions.condition import Condition, Force, Forced, Own
from tracekd.parameter import Parameter
from tracekd.problem import Problem, gold_trace
from tracekd.regimes import swapped
from tracekd.regimes.contract import Setting, Streams
from tracekd.regimes.wrong_steps import wrong_facts, wrong_label

# With more facts, there are too many ways to leave out one: the search for a usable way would take seconds.
_MOST_FACTS = 6
_MISTAKES = "Lanham et al. 2023, arXiv 2307.13702: adding mistakes"


def _gold(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    return Forced(setting.template.render_trace(problem, problem.trace))


def _none(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    return Forced("")


def _rendered(problem: Problem, setting: Setting, label: str, facts: tuple[str, ...]) -> Forced:
    return Forced(setting.template.render_trace(problem, gold_trace(label, facts)))


def _wrong_class(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    return _rendered(problem, setting, wrong_label(problem, setting, streams), problem.trace.facts)


def _wrong_both(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    label = wrong_label(problem, setting, streams)
    return _rendered(problem, setting, label, wrong_facts(problem, setting, streams))


def _all_facts(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    return _rendered(problem, setting, problem.label, wrong_facts(problem, setting, streams))


def _one_fact(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    """One of the gold facts, which is drawn, is replaced by a wrong one."""
    facts = problem.trace.facts
    kept = list(combinations(facts, max(0, len(facts) - 1)))[:_MOST_FACTS]
    choices = streams("kept facts").sample(kept, len(kept))
    return _rendered(problem, setting, problem.label, wrong_facts(problem, setting, streams, choices))


def _how_many(which: str) -> Force:
    if which not in ("one", "all"):
        raise ValueError(which)
    return _one_fact if which == "one" else _all_facts


def _swapped(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    """Another problem's gold trace: fluent, of the right form, and about something else.

    Not the perturbation SwapOneStep of ROSCOE (arXiv 2212.07919), which changes the place of a step.
    """
    trace = swapped.REGIME.target(problem, setting, streams).trace
    assert trace is not None, "this regime has a trace or raises Unsupported"
    return Forced(setting.template.render_trace(problem, trace))


GOLD = Condition("gold", "the gold trace", "the kind of trace that trains the students of arXiv 2505.13792", _gold)
NONE = Condition(
    "none", "the empty trace", "Lanham et al. 2023, arXiv 2307.13702: early answering, before the first step", _none
)
WRONG_CLASS = Condition(
    "wrong_class", "the gold trace with another class", f"{_MISTAKES}, in the first step", _wrong_class
)
WRONG_FACTS = Condition.with_parameter(
    "wrong_facts",
    "the gold trace with facts of the same context that are not gold",
    Parameter("number of wrong facts", "one or all", "all", _how_many),
    citation=f"{_MISTAKES}, in the second step",
)
WRONG_BOTH = Condition(
    "wrong_both",
    "another class, and the same number of facts that are not gold",
    f"{_MISTAKES}, in both steps",
    _wrong_both,
)
SWAPPED = Condition(
    "swapped",
    "another problem's gold trace, with the same number of facts",
    "after arXiv 2505.13775, where students are trained on swapped traces",
    _swapped,
)
