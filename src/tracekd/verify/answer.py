"""Whether an answer is right. Equality decides, never a substring: a set with one wrong entry too many is wrong."""

import re
from collections.abc import Iterator, Sequence

from tracekd.problem import Answer
from tracekd.tasks.list_literal import read_list
from tracekd.tasks.normalize import fold_space, normalize_answer
from tracekd.tasks.template import render_answer

_NOTHING = render_answer(Answer(kind="set", values=()))

# Matched against text with single blanks only.
_COMMA_OR_AND = re.compile(r" ?, ?(?:and )?| and ", re.IGNORECASE)
_ANY_SEPARATOR = re.compile(r" ?, ?(?:and )?| and | ", re.IGNORECASE)


def answer_is_right(text: str | None, gold: Answer) -> bool:
    """The strict reading: a single answer as it stands; the items of a set or a path with commas between them.

    Items are compared as `normalize_answer` leaves them. No answer, and an empty item, are wrong.
    """
    if text is None or not text.strip():
        return False
    return _is_gold([text] if gold.kind == "one_of" else text.split(","), gold)


def lenient_answer_is_right(text: str | None, gold: Answer) -> bool:
    """Right by the strict reading, or as a quoted text, a Python list, or items with `and` or blanks between them."""
    if text is None or not text.strip():
        return False
    return answer_is_right(text, gold) or any(_is_gold(items, gold) for items in _readings(text, gold))


def _readings(text: str, gold: Answer) -> Iterator[Sequence[str]]:
    plain = fold_space(text)
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "'\"`":
        plain = plain[1:-1].strip()
    items = _whole_list(text)
    if items is not None:
        yield items
    if gold.kind == "one_of":
        yield [plain]
    else:
        plain = plain.removesuffix(".")
        yield _COMMA_OR_AND.split(plain)
        yield _ANY_SEPARATOR.split(plain)


def _whole_list(text: str) -> tuple[str, ...] | None:
    """The items of the list that the text is, if it is one and nothing else."""
    items = read_list(text)
    # The reader stops at the list's end. Whatever follows must not be passed over: it may be a second answer.
    if items is None or _letters([text]) != _letters(items):
        return None
    return items


def _letters(texts: Sequence[str]) -> str:
    return "".join(filter(str.isalnum, "".join(map(normalize_answer, texts))))


def _is_gold(items: Sequence[str], gold: Answer) -> bool:
    said = [normalize_answer(item) for item in items]
    right = [normalize_answer(value) for value in gold.values]
    if gold.kind == "one_of":
        return len(said) == 1 and said[0] != "" and said[0] in right
    if said == [_NOTHING]:
        said = []
    if "" in said:
        return False
    return set(said) == set(right) if gold.kind == "set" else said == right
