"""Interventions: change a student's trace, hold everything else, see whether its answer moves.

What they show is reliance under the intervention made. A package offers a condition as an entry point of the group
`tracekd.conditions`; the built-in ones are offered the same way.
"""

from collections.abc import Iterator

from tracekd.interventions.condition import Condition, Force, Forced, Own, Parameter
from tracekd.parameter import read_list, read_name
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Setting, Streams, Unsupported
from tracekd.registry import Registry

__all__ = [
    "CONDITIONS", "GROUP", "Condition", "Force", "Forced", "Own", "Parameter", "Setting", "Streams", "Unsupported",
    "all_conditions", "condition_names", "force", "get_condition", "read_conditions",
]  # fmt: skip

GROUP = "tracekd.conditions"
_CONDITIONS = Registry(GROUP, "condition", Condition)

# What a student is put through unless told otherwise: every condition, and early answering before and after the class.
CONDITIONS = (
    "own", "gold", "none", "wrong_class", "wrong_facts(one)", "wrong_facts(all)", "wrong_both", "implied", "swapped",
    "shuffled", "filler", "truncated(0)", "truncated(1)", "paraphrased", "duplicated",
)  # fmt: skip

condition_names = _CONDITIONS.names
all_conditions = _CONDITIONS.all


def get_condition(written: str) -> Condition:
    """The condition of this name, with its parameter set as it is written, `name(value)` or `name:value`, or to its default.

    Raises UserError with the nearest valid name, or saying what the parameter may be.
    """
    name, value = read_name(written, "condition")
    condition = _CONDITIONS.get(name)
    if value is None and condition.parameter is not None:
        value = condition.parameter.default  # said, so that the same is never tried under two names
    return condition if value is None else condition.bound(value)


def read_conditions(written: str) -> Iterator[Condition]:
    """The conditions of a list with commas between them. Raises UserError for one that is none, or named twice."""
    return read_list(written, "condition", get_condition, lambda condition: condition.name)


def force(problem: Problem, own: Own | None, condition: Condition | str, setting: Setting, seed: int) -> Forced:
    """The trace that a condition forces on a student: a pure function of (seed, problem id), what it wrote, the setting.

    Raises Unsupported where the condition has none for this problem.
    """
    found = get_condition(condition) if isinstance(condition, str) else condition
    return found.force(problem, own, setting, lambda purpose: stream(seed, problem.id, f"intervention:{purpose}"))
