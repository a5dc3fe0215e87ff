"""Whether an answer is right. Answers must be equal; a substring is not enough. A set with an extra entry is wrong."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracekd.problem import Answer
from tracekd.tasks.list_literal import read_list_and_rest
from tracekd.tasks.normalize import fold_space, normalize_answer
from tracekd.tasks.template import render_answer

_SINGLE = ("one_of", "text")
_NOTHING = render_answer(Answer(kind="set", values=()))

# Matched against text with single blanks only.
_COMMA_OR_AND = re.compile(r" ?, ?(?:and )?| and ", re.IGNORECASE)
_ANY_SEPARATOR = re.compile(r" ?, ?(?:and )?| and | ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A gold answer, prepared for comparison with many outputs; `right` are its values, normalised.

    Items are compared after `normalize_answer`. A missing answer and an empty item are wrong.
    """

    gold: Answer
    right: tuple[str, ...]

    @classmethod
    def of(cls, gold: Answer) -> "Comparison":
        """The comparison with this answer."""
        return cls(gold, tuple(map(normalize_answer, gold.values)))

    def is_right(self, text: str | None) -> bool:
        """The strict reading: a single answer is read unchanged; a set or a path must be written as the task writes it."""
        return self.are_right(self.items(text))

    def is_right_leniently(self, text: str | None) -> bool:
        """The strict reading, or a lenient one: a quoted text, a Python list, or items separated by `and` or blanks."""
        return self.is_right(text) or self.is_right_otherwise(text)

    def is_right_otherwise(self, text: str | None) -> bool:
        """Whether the text is right by one of the lenient readings."""
        if text is None or not text.strip():
            return False
        return any(self.are_right(_normal(items)) for items in _readings(text, self.gold))

    def items(self, text: str | None) -> list[str] | None:
        """The values that the text names by the strict reading, normalised; None if it cannot be read."""
        if text is None or not text.strip():
            return None
        items = _items(text, self.gold)
        return None if items is None else _normal(items)

    def are_right(self, items: list[str] | None) -> bool:
        """Whether these normalised items are the gold answer; an extra item makes it wrong."""
        if items is None:
            return False
        if self.gold.kind in _SINGLE:
            return len(items) == 1 and items[0] != "" and items[0] in self.right
        if items == [_NOTHING]:
            items = []
        if "" in items:
            return False
        return set(items) == set(self.right) if self.gold.kind == "set" else items == list(self.right)

    def f1(self, text: str | None) -> float:
        """Token F1 in [0, 1] against the best reference, on normalised words (SQuAD, arXiv 1606.05250, section 6.1).

        Unlike SQuAD's, it counts articles as words, as our exact match does. A missing answer has 0.
        """
        words = Counter(normalize_answer(text or "").split())
        return max((_overlap(words, Counter(value.split())) for value in self.right), default=0.0)


def answer_is_right(text: str | None, gold: Answer) -> bool:
    """Whether the text is the gold answer, by the strict reading (`Comparison.is_right`)."""
    return Comparison.of(gold).is_right(text)


def lenient_answer_is_right(text: str | None, gold: Answer) -> bool:
    """Whether the text is the gold answer, by any reading (`Comparison.is_right_leniently`)."""
    return Comparison.of(gold).is_right_leniently(text)


def answer_f1(text: str | None, gold: Answer) -> float:
    """The token F1 of the text against the best reference, in [0, 1] (`Comparison.f1`)."""
    return Comparison.of(gold).f1(text)


def _normal(items: Sequence[str]) -> list[str]:
    return [normalize_answer(item) for item in items]


def _overlap(words: Counter[str], right: Counter[str]) -> float:
    common = (words & right).total()
    return 2 * common / (words.total() + right.total()) if common else 0.0


def _items(text: str, gold: Answer) -> Sequence[str] | None:
    if gold.kind in _SINGLE:
        return [text]
    return text.split(",") if gold.written == "commas" else _whole_list(text)


def _readings(text: str, gold: Answer) -> Iterator[Sequence[str]]:
    plain = fold_space(text)
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "'\"`":
        plain = plain[1:-1].strip()
    if gold.kind in _SINGLE or gold.written != "list":  # otherwise the strict reading has read the list already
        items = _whole_list(text)
        if items is not None:
            yield items
    if gold.kind in _SINGLE:
        yield [plain]
    elif gold.written == "list":
        yield [plain]  # a single value without its list; values contain commas, so nothing is split
    else:
        plain = plain.removesuffix(".")
        yield _COMMA_OR_AND.split(plain)
        yield _ANY_SEPARATOR.split(plain)


def _whole_list(text: str) -> tuple[str, ...] | None:
    """The items of the list, if the text is a list with nothing else except punctuation marks."""
    found = read_list_and_rest(text)
    # Text after the list must not be ignored: it may be a second answer.
    if found is None or any(map(str.isalnum, found[1])):
        return None
    return found[0]
