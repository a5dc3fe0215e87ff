"""The grammar of free traces for bAbI: who was where, who had what, how things lie, and kinds (arXiv 1502.05698)."""

from tracekd.statements.babi.known import Known
from tracekd.statements.babi.telling import BabiTelling
from tracekd.statements.grounding import Grammar

GRAMMAR = Grammar("babi", Known.of, BabiTelling)
