"""The gold trace with steps that are provably wrong: one mistake, or several, and everything else as it was.

The wrong steps are those of the regimes `incorrect` and `partial` (`regimes/wrong_steps.py`). A wrong class, and wrong
facts, are the same alone as together, so that the four traces of gold and wrong steps differ in nothing else.
"""

from itertools import combinations

from tracekd.interventions.condition import Condition, Force, Forced, Own
from tracekd.parameter import Parameter
from tracekd.problem import Problem, gold_trace
from tracekd.regimes.contract import Setting, Streams
from tracekd.regimes.wrong_steps import wrong_facts, wrong_label

# With more, the ways to leave out one are so many that looking for one that will do would take seconds.
_MOST_FACTS = 6
_MISTAKES = "Lanham et al. 2023, arXiv 2307.13702: adding mistakes"


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
    """All but one of the gold facts stay; which one goes is drawn. Of a single fact, that is all of them."""
    facts = problem.trace.facts
    kept = list(combinations(facts, max(0, len(facts) - 1)))[:_MOST_FACTS]
    choices = streams("kept facts").sample(kept, len(kept))
    return _rendered(problem, setting, problem.label, wrong_facts(problem, setting, streams, choices))


def _how_many(which: str) -> Force:
    if which not in ("one", "all"):
        raise ValueError(which)
    return _one_fact if which == "one" else _all_facts


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
    "wrong_both", "another class, and as many facts that are not gold", f"{_MISTAKES}, in both steps", _wrong_both
)
