"""The tasks, by name. One task a module, all with the same contract."""

from tracekd.errors import unknown_name
from tracekd.tasks import babi, babi_rules
from tracekd.tasks.contract import Task

__all__ = ["TASKS", "Task", "get_task"]

TASKS: dict[str, Task] = {
    "babi": Task(
        name="babi",
        summary="twenty families of questions over short stories of simple sentences",
        labels=babi.LABELS,
        template=babi.TEMPLATE,
        load=babi.load,
        derive=babi_rules.derive,
        has_rule=babi_rules.has_rule,
        licence="CC BY 3.0",
        citation="Weston et al. 2015, arXiv 1502.05698",
    )
}


def get_task(name: str) -> Task:
    """The task of this name. Raises UserError with the nearest valid name."""
    if name not in TASKS:
        raise unknown_name("task", name, TASKS)
    return TASKS[name]
