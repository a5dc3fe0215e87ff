"""Free traces: what they state, and how each statement stands to the context, by the rules of the task.

A package offers the grammar of a task as an entry point of the group `tracekd.grammars`, by the name of the task.
"""

from typing import Any

from tracekd.registry import Registry
from tracekd.statements.grounding import Grammar
from tracekd.statements.statement import GROUNDINGS, HOLDING, Grounding, Grounds, Statement

__all__ = [
    "GROUNDINGS",
    "GROUP",
    "HOLDING",
    "Grammar",
    "Grounding",
    "Grounds",
    "Statement",
    "get_grammar",
    "grammar_names",
]

GROUP = "tracekd.grammars"
_GRAMMARS = Registry(GROUP, "grammar", Grammar)

grammar_names = _GRAMMARS.names


def get_grammar(task: str) -> Grammar[Any]:
    """The grammar of this task. Raises UserError with the nearest valid name if there is none."""
    return _GRAMMARS.get(task)
