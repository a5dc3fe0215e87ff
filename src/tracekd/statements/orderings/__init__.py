"""The grammar of free traces about things in a fixed order (BIG-bench `logical_deduction`, arXiv 2206.04615)."""

from tracekd.statements.grounding import Grammar
from tracekd.statements.orderings.puzzle import Puzzle
from tracekd.statements.orderings.telling import OrderingTelling

GRAMMAR = Grammar("orderings", Puzzle.of, OrderingTelling)
