"""Supervision with correct traces of which a share is incorrect: how much noise can a student tolerate?

Rates are nested: a problem with a wrong trace at rate 0.3 has the same wrong trace at rate 0.5.
"""

import re

from tracekd.parameter import Parameter
from tracekd.problem import Problem, gold_trace
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise
from tracekd.regimes.intent import Intent
from tracekd.regimes.wrong_steps import wrong_facts, wrong_label
from tracekd.trace import Trace

# Narrower than Python's numbers: 1_0 or -0 would be a second name for the same data.
_SHARE = re.compile(r"[0-9]+(\.[0-9]+)?")


def _at_rate(rate: str) -> Supervise:
    if not _SHARE.fullmatch(rate) or (share := float(rate)) > 1:
        raise ValueError(rate)

    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
        # Always drawn: a problem without a wrong trace must be left out of the correct ones, too.
        label, facts = wrong_label(problem, setting, streams), wrong_facts(problem, setting, streams)
        return gold_trace(label, facts) if streams("corrupted").random() < share else problem.trace

    return supervise


REGIME = Regime.with_parameter(
    "corrupted",
    "the correct trace; for a share of the problems, the incorrect one",
    Parameter("rate", "a share from 0 to 1", "0.5", _at_rate),
    intent=Intent("any", "any", alike=True),
)
