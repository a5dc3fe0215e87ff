"""Interventions: change a student's trace, keep everything else, and see whether its answer changes.

They measure reliance under the given intervention. A package offers a condition as an entry point of the group
`tracekd.conditions`; the built-in ones are offered the same way.
"""

from tracekd.interventions.condition import Condition, Force, Forced, Own
from tracekd.parameter import FunctionRegistry, Parameter
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Setting, Streams, Unsupported

__all__ = [
    "CONDITIONS", "GROUP", "Condition", "Force", "Forced", "Own", "Parameter", "Setting", "Streams", "Unsupported",
    "all_conditions", "condition_names", "force", "get_condition", "read_conditions",
]  # fmt: skip

GROUP = "tracekd.conditions"
_CONDITIONS = FunctionRegistry(GROUP, "condition", Condition)

# The conditions by default: every one, and early answering before and after the class.
CONDITIONS = (
    "own", "gold", "none", "wrong_class", "wrong_facts(one)", "wrong_facts(all)", "wrong_both", "implied", "swapped",
    "shuffled", "filler", "truncated(0)", "truncated(1)", "paraphrased", "duplicated",
)  # fmt: skip

condition_names = _CONDITIONS.names
all_conditions = _CONDITIONS.all
read_conditions = _CONDITIONS.read_list


def get_condition(name: str) -> Condition:
    """The condition that is written `name`, `name(value)` or `name:value`, built-in or from another package.

    Where a parameter has a default, it is part of the name. Raises UserError with the nearest valid name for an unknown
    one, and with the possible values for an invalid value.

    >>> import tracekd
    >>> tracekd.get_condition("truncated").name
    'truncated(1)'
    """
    return _CONDITIONS.read(name)


def force(problem: Problem, own: Own | None, condition: Condition | str, setting: Setting, seed: int) -> Forced:
    """The trace that a condition forces on a student: a pure function of (seed, problem id), what it wrote, and the setting.

    Raises Unsupported if the condition has no trace for this problem.
    """
    found = get_condition(condition) if isinstance(condition, str) else condition
    return found.force(problem, own, setting, lambda purpose: stream(seed, problem.id, f"intervention:{purpose}"))
