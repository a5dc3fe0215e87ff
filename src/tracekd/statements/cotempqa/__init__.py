"""The grammar of free traces for CoTempQA: who did what when, and how two times lie to each other (arXiv 2406.09072)."""

from tracekd.statements.cotempqa.telling import Grounded
from tracekd.statements.grounding import Grammar

GRAMMAR = Grammar("cotempqa", Grounded.of)
