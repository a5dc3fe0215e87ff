"""An answer that a rule derives, written as the data set would write it."""

import re
from collections.abc import Sequence

from tracekd.problem import Answer


def as_written(derived: Answer, texts: Sequence[str], gold: Answer) -> Answer:
    """The derived answer in the letter case that its values have in the texts, and in the form of the gold answer.

    Rules may read in lower case; a student that answers `Fred` is to be scored on `Fred`, not on `fred`.
    """
    values = tuple([_as_met(value, texts) for value in derived.values])
    kind = derived.kind if gold.kind not in ("one_of", "text") else gold.kind
    return Answer(kind=kind, values=values, written=gold.written)


def _as_met(value: str, texts: Sequence[str]) -> str:
    """As it is met, rather not at the beginning of a text, where any word has a capital letter."""
    word = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)", re.IGNORECASE)
    met = [found for text in texts for found in word.finditer(text)]
    if not met or value.isdigit():
        return value
    return min(met, key=lambda found: found.start() == 0)[0]
