"""Supervision with correct traces of which a share is incorrect: how much noise can a student tolerate?

Rates are nested: a problem whose trace is wrong at 0.3 is wrong at 0.5, too, and by the same trace.
"""

import re

from tracekd.parameter import Parameter
from tracekd.problem import Problem, gold_trace
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise
from tracekd.regimes.wrong_steps import wrong_facts, wrong_label
from tracekd.trace import Trace

# Not everything that Python reads as a number: 1_0 or -0 would be another name for the same data.
_SHARE = re.compile(r"[0-9]+(\.[0-9]+)?")


def _at_rate(rate: str) -> Supervise:
    if not _SHARE.fullmatch(rate) or (share := float(rate)) > 1:
        raise ValueError(rate)

    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
        # Always drawn, because a problem without a wrong trace must not be among the correct ones either.
        label, facts = wrong_label(problem, setting, streams), wrong_facts(problem, setting, streams)
        return gold_trace(label, facts) if streams("corrupted").random() < share else problem.trace

    return supervise


REGIME = Regime.with_parameter(
    "corrupted",
    "the correct trace; for a share of the problems, the incorrect one",
    Parameter("rate", "a share from 0 to 1", "0.5", _at_rate),
)
