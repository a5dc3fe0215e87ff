"""The grammar of free traces about people who swap what they have (BIG-bench `tracking_shuffled_objects`, arXiv 2206.04615)."""

from tracekd.statements.grounding import Grammar
from tracekd.statements.swaps.exchange import Exchange
from tracekd.statements.swaps.telling import SwapTelling

GRAMMAR = Grammar("swaps", Exchange.of, SwapTelling)
