"""The grammar of free traces about who is related to whom (CLUTRR, arXiv 1908.06177)."""

from tracekd.statements.grounding import Grammar
from tracekd.statements.kinship.kin import Kin
from tracekd.statements.kinship.telling import KinshipTelling

GRAMMAR = Grammar("kinship", Kin.of, KinshipTelling)
