"""The grammar of free traces for CoTempQA: who did what when, and how two times lie to each other (arXiv 2406.09072)."""

from tracekd.statements.cotempqa.known import Known
from tracekd.statements.cotempqa.telling import CotempTelling
from tracekd.statements.grounding import Grammar

GRAMMAR = Grammar("cotempqa", Known.of, CotempTelling)
