"""Supervision with the right class and facts of which only some are right."""

import re
from itertools import combinations
from random import Random

from tracekd.parameter import Parameter
from tracekd.problem import Problem, gold_trace
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise, Unsupported
from tracekd.regimes.intent import Intent
from tracekd.regimes.wrong_steps import wrong_facts
from tracekd.trace import Trace

# With more facts, there are too many ways to keep some of them: the search for a usable way would take seconds.
_MOST_FACTS = 6
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")


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


REGIME = Regime.with_parameter(
    "partial",
    "the right class, and facts of which k are supporting facts and the others are not gold",
    Parameter("number of right facts", "a whole number above 0", "1", _with_right_facts),
    intent=Intent("right", "any", alike=True),
)
