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
get_task = _TASKS.get
all_tasks = _TASKS.all
