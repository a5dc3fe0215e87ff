"""Answers in the form of the gold answer: whether two are equal, and how a derived answer is written."""

import re
from collections.abc import Sequence

from tracekd.problem import Answer
from tracekd.tasks.list_literal import read_list
from tracekd.tasks.normalize import fold_space
from tracekd.verify.answer import answer_is_right


def same_answer(first: str | None, second: str | None, gold: Answer) -> bool:
    """Whether two texts give the same answer, right or wrong, by the problem's kind of comparison. None: no answer."""
    if first is None or second is None:
        return first is second
    if fold_space(first).casefold() == fold_space(second).casefold():
        return True
    wanted = _as_answer(second, gold)
    return wanted is not None and answer_is_right(first, wanted)


def _as_answer(text: str, gold: Answer) -> Answer | None:
    """The answer that a text gives; None if the answer must be a list and the text has none."""
    if gold.kind in ("one_of", "text"):
        return Answer(kind="one_of", values=(text,), normalize=gold.normalize)
    items = tuple(text.split(",")) if gold.written == "commas" else read_list(text)
    return None if items is None else gold.model_copy(update={"values": tuple(items)})


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
