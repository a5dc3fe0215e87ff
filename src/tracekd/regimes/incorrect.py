"""Supervision with wrong steps, in a trace that is otherwise equal to the correct one.

Both steps are wrong, or one of them, or only some facts (`partial`), or the traces of only a share of the problems
(`corrupted`: how much noise can a student tolerate?).
"""

import re
from itertools import combinations
from random import Random

from tracekd.parameter import Parameter
from tracekd.problem import Problem, gold_trace
from tracekd.regimes import intent
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise, Unsupported
from tracekd.regimes.share import read_share
from tracekd.regimes.wrong_steps import wrong_facts, wrong_label
from tracekd.trace import Trace

# With more facts, there are too many ways to keep some of them: the search for a usable way would take seconds.
_MOST_FACTS = 6
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")


def incorrect(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    """A wrong class and wrong facts. Raises Unsupported if the labels or the context do not allow it."""
    return gold_trace(wrong_label(problem, setting, streams), wrong_facts(problem, setting, streams))


def _incorrect_class(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    return gold_trace(wrong_label(problem, setting, streams), problem.trace.facts)


def _incorrect_facts(problem: Problem, setting: Setting, streams: Streams) -> Trace:
    return gold_trace(problem.label, wrong_facts(problem, setting, streams))


def _with_right_facts(number: str) -> Supervise:
    if not _NUMBER.fullmatch(number):
        raise ValueError(number)
    right = int(number)

    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
        cited = len(problem.trace.facts)
        if cited <= right:
            raise Unsupported("the gold trace has too few facts: some facts must be wrong")
        choices = _choices(problem.trace.facts, right, streams("kept facts"))
        return gold_trace(problem.label, wrong_facts(problem, setting, streams, choices))

    return supervise


def _choices(facts: tuple[str, ...], number: int, rng: Random) -> list[tuple[str, ...]]:
    """All ways to keep this many of the facts, in random order; of many facts, only the first few are considered."""
    choices = list(combinations(facts[:_MOST_FACTS], number)) or [facts[:number]]
    return rng.sample(choices, len(choices))


def _at_rate(rate: str) -> Supervise:
    """Rates are nested: a problem with a wrong trace at rate 0.3 has the same wrong trace at rate 0.5."""
    share = read_share(rate)

    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
        # Always drawn: a problem without a wrong trace must be left out of the correct ones, too.
        label, facts = wrong_label(problem, setting, streams), wrong_facts(problem, setting, streams)
        return gold_trace(label, facts) if streams("corrupted").random() < share else problem.trace

    return supervise


INCORRECT = Regime(
    "incorrect",
    "another class, and the same number of facts that are not gold; the answer is still gold",
    incorrect,
    intent=intent.INCORRECT,
)
INCORRECT_CLASS = Regime(
    "incorrect_class",
    "another class, and the supporting facts",
    _incorrect_class,
    intent=intent.Intent("wrong", "right", alike=True),
)
INCORRECT_FACTS = Regime(
    "incorrect_facts",
    "the right class, and the same number of facts that are not gold",
    _incorrect_facts,
    intent=intent.Intent("right", "wrong", alike=True),
)
PARTIAL = Regime.with_parameter(
    "partial",
    "the right class, and facts of which k are supporting facts and the others are not gold",
    Parameter("number of right facts", "a whole number above 0", "1", _with_right_facts),
    intent=intent.Intent("right", "any", alike=True),
)
CORRUPTED = Regime.with_parameter(
    "corrupted",
    "the correct trace; for a share of the problems, the incorrect one",
    Parameter("rate", "a share from 0 to 1", "0.5", _at_rate),
    intent=intent.Intent("any", "any", alike=True),
)
