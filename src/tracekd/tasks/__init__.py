"""The tasks by name. Each task is a module or a folder, and all have the same contract.

A package offers a task as an entry point of the group `tracekd.tasks`; so do the built-in tasks.
"""

from tracekd.registry import Registry
from tracekd.tasks.contract import Task
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import load_records
from tracekd.tasks.template import Template

__all__ = ["GROUP", "Fault", "Record", "Task", "Template", "all_tasks", "get_task", "load_records", "task_names"]

GROUP = "tracekd.tasks"
_TASKS = Registry(GROUP, "task", Task)

task_names = _TASKS.names
all_tasks = _TASKS.all


def get_task(name: str) -> Task:
    """The task of this name, built-in or from another package.

    Raises UserError with the nearest valid name for an unknown one, and with the package for one that cannot be loaded.

    >>> import tracekd
    >>> tracekd.get_task("cotempqa").labels
    ('equal', 'during', 'overlap', 'mix')
    """
    return _TASKS.get(name)
