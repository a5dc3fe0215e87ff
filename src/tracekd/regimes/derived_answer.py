"""How an answer that a rule derived is written: as the story spells its values, in the form of the gold answer."""

import re
from collections.abc import Sequence

from tracekd.problem import Answer


def as_written(derived: Answer, texts: Sequence[str], gold: Answer) -> Answer:
    """The answer that a rule derived, in the letter case that its values have in the texts, and in the gold answer's form.

    Rules may read in lower case. A student that answers `Fred` must be scored on `Fred`, not on `fred`.
    """
    values = tuple([_as_met(value, texts) for value in derived.values])
    kind = derived.kind if gold.kind not in ("one_of", "text") else gold.kind
    return Answer(kind=kind, values=values, written=gold.written, normalize=gold.normalize)


def _as_met(value: str, texts: Sequence[str]) -> str:
    """The spelling of a value in a text; preferably not at its beginning, where every word has a capital letter."""
    word = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)", re.IGNORECASE)
    met = [found for text in texts for found in word.finditer(text)]
    if not met or value.isdigit():
        return value
    return min(met, key=lambda found: found.start() == 0)[0]
