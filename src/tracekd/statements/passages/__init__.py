"""The grammar of free traces over passages: what aligns with a sentence, what follows from two, and which value differs."""

from tracekd.statements.grounding import Grammar
from tracekd.statements.passages.known import Known
from tracekd.statements.passages.telling import PassageTelling

HOTPOTQA = Grammar("hotpotqa", Known.titled, PassageTelling)
TWOWIKI = Grammar("2wikimultihopqa", Known.titled, PassageTelling)
MUSIQUE = Grammar("musique", Known.titled, PassageTelling)
MSMARCO = Grammar("msmarco", Known.untitled, PassageTelling)
