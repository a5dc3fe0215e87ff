"""Interventions: change a student's trace, hold everything else, see whether its answer moves.

What they show is reliance under the intervention made. A package offers a condition as an entry point of the group
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

# What a student is put through unless told otherwise: every condition, and early answering before and after the class.
CONDITIONS = (
    "own", "gold", "none", "wrong_class", "wrong_facts(one)", "wrong_facts(all)", "wrong_both", "implied", "swapped",
    "shuffled", "filler", "truncated(0)", "truncated(1)", "paraphrased", "duplicated",
)  # fmt: skip

condition_names = _CONDITIONS.names
all_conditions = _CONDITIONS.all
get_condition = _CONDITIONS.read
read_conditions = _CONDITIONS.read_list


def force(problem: Problem, own: Own | None, condition: Condition | str, setting: Setting, seed: int) -> Forced:
    """The trace that a condition forces on a student: a pure function of (seed, problem id), what it wrote, the setting.

    Raises Unsupported where the condition has none for this problem.
    """
    found = get_condition(condition) if isinstance(condition, str) else condition
    return found.force(problem, own, setting, lambda purpose: stream(seed, problem.id, f"intervention:{purpose}"))
