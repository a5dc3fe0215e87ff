"""Whether an answer is right. Equality decides, never a substring: a set with one wrong entry too many is wrong."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tracekd.problem import Answer
from tracekd.tasks.list_literal import read_list_and_rest
from tracekd.tasks.normalize import fold_space, normalize_answer
from tracekd.tasks.template import render_answer

_SINGLE = ("one_of", "text")
_NOTHING = render_answer(Answer(kind="set", values=()))

# Matched against text with single blanks only.
_COMMA_OR_AND = re.compile(r" ?, ?(?:and )?| and ", re.IGNORECASE)
_ANY_SEPARATOR = re.compile(r" ?, ?(?:and )?| and | ", re.IGNORECASE)


def answer_is_right(text: str | None, gold: Answer) -> bool:
    """The strict reading: a single answer as it stands; the items of a set or a path as the task writes them.

    Items are compared as `normalize_answer` leaves them. No answer, and an empty item, are wrong.
    """
    if text is None or not text.strip():
        return False
    items = _items(text, gold)
    return items is not None and _is_gold(items, gold)


def lenient_answer_is_right(text: str | None, gold: Answer) -> bool:
    """Right by the strict reading, or as a quoted text, a Python list, or items with `and` or blanks between them."""
    if text is None or not text.strip():
        return False
    return answer_is_right(text, gold) or any(_is_gold(items, gold) for items in _readings(text, gold))


def answer_f1(text: str | None, gold: Answer) -> float:
    """Token F1 in [0, 1] against the best of the references, on normalised words (SQuAD, arXiv 1606.05250, section 6.1).

    Unlike there, articles count as words, as they do for exact match here. No answer has 0.
    """
    said = Counter(normalize_answer(text or "").split())
    return max((_overlap(said, Counter(normalize_answer(value).split())) for value in gold.values), default=0.0)


def _overlap(said: Counter[str], right: Counter[str]) -> float:
    common = (said & right).total()
    return 2 * common / (said.total() + right.total()) if common else 0.0


def _items(text: str, gold: Answer) -> Sequence[str] | None:
    if gold.kind in _SINGLE:
        return [text]
    return text.split(",") if gold.written == "commas" else _whole_list(text)


def _readings(text: str, gold: Answer) -> Iterator[Sequence[str]]:
    plain = fold_space(text)
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "'\"`":
        plain = plain[1:-1].strip()
    items = _whole_list(text)
    if items is not None:
        yield items
    if gold.kind in _SINGLE:
        yield [plain]
    elif gold.written == "list":
        yield [plain]  # a single value without its list; values hold commas, so nothing is split
    else:
        plain = plain.removesuffix(".")
        yield _COMMA_OR_AND.split(plain)
        yield _ANY_SEPARATOR.split(plain)


def _whole_list(text: str) -> tuple[str, ...] | None:
    """The items of the list that the text is, if it is one and nothing else but marks."""
    found = read_list_and_rest(text)
    # Whatever follows the list must not be passed over: it may be a second answer.
    if found is None or any(map(str.isalnum, found[1])):
        return None
    return found[0]


def _is_gold(items: Sequence[str], gold: Answer) -> bool:
    said = [normalize_answer(item) for item in items]
    right = [normalize_answer(value) for value in gold.values]
    if gold.kind in _SINGLE:
        return len(said) == 1 and said[0] != "" and said[0] in right
    if said == [_NOTHING]:
        said = []
    if "" in said:
        return False
    return set(said) == set(right) if gold.kind == "set" else said == right
