"""Whether an answer is right. Answers must be equal; a substring is not enough. A set with an extra entry is wrong."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracekd.problem import Answer
from tracekd.tasks.list_literal import read_list_and_rest
from tracekd.tasks.normalize import fold_space, normalize_answer, normalize_squad_answer
from tracekd.tasks.template import render_answer
from tracekd.verify.answer_forms import forms
from tracekd.verify.marks import ITEM

_SINGLE = ("one_of", "text")
_NOTHING = render_answer(Answer(kind="set", values=()))

# Matched against text with single blanks only.
_COMMA_OR_AND = re.compile(r" ?, ?(?:and )?| and ", re.IGNORECASE)
_ANY_SEPARATOR = re.compile(r" ?, ?(?:and )?| and | ", re.IGNORECASE)
_ARTICLES = ("the ", "a ", "an ")
_NORMALIZERS = {"plain": normalize_answer, "squad": normalize_squad_answer}
# An answer of these words has no F1 with a longer one (the official script of HotpotQA).
_WHOLE = frozenset(("yes", "no", "noanswer"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A gold answer, prepared for comparison with many outputs.

    `right` are its values, normalised, and `bare` the same without leading articles.

    Items are compared after the normalisation that the gold answer names. A missing answer and an empty item are wrong.
    """

    gold: Answer
    right: tuple[str, ...]
    bare: tuple[str, ...]

    @classmethod
    def of(cls, gold: Answer) -> "Comparison":
        """The comparison with this answer."""
        right = tuple(map(_NORMALIZERS[gold.normalize], gold.values))
        return cls(gold, right, tuple(map(_without_article, right)))

    def is_right(self, text: str | None) -> bool:
        """The strict reading: a single answer is read unchanged; a set or a path must be written as the task writes it."""
        return self.are_right(self.items(text))

    def is_right_leniently(self, text: str | None) -> bool:
        """The strict reading, or a lenient one.

        The lenient readings: the text, or the value in the forms in which models write it (`verify.answer_forms`), as a
        quoted text, a Python list, or items separated by `and`, blanks or lines, with or without leading articles.
        """
        return self.is_right(text) or self.is_right_otherwise(text)

    def is_right_otherwise(self, text: str | None) -> bool:
        """Whether the text is right by one of the lenient readings."""
        if text is None or not text.strip() or self._lacks_characters(text):
            return False
        if self._is_right_by_a_reading(text):
            return True
        return any(self.is_right(inner) or self._is_right_by_a_reading(inner) for inner in forms(text))

    def _lacks_characters(self, text: str) -> bool:
        """Whether the text is wrong by any reading, which is quickly seen: readings leave characters out, and add none.

        Except where it has characters outside ASCII, whose normal form may be others, escapes, or JSON (`true` is `yes`).
        """
        if not text.isascii() or "\\" in text or "{" in text:
            return False
        characters = {" ", *text.lower()}
        said = map(characters.issuperset, self.bare)
        return not any(said) if self.gold.kind in _SINGLE else not all(said)

    def _is_right_by_a_reading(self, text: str) -> bool:
        for written in _readings(text, self.gold):
            items = [_without_article(item) for item in self._normal(written)]
            if _are_equal(self.gold, items, self.bare):
                return True
        return False

    def items(self, text: str | None) -> list[str] | None:
        """The values that the text names by the strict reading, normalised; None if it cannot be read."""
        if text is None or not text.strip():
            return None
        if self.gold.kind in _SINGLE:
            return [_NORMALIZERS[self.gold.normalize](text)]
        items = text.split(",") if self.gold.written == "commas" else _whole_list(text)
        return None if items is None else self._normal(items)

    def are_right(self, items: list[str] | None) -> bool:
        """Whether these normalised items are the gold answer; an extra item makes it wrong."""
        return items is not None and _are_equal(self.gold, items, self.right)

    def f1(self, text: str | None) -> float:
        """Token F1 in [0, 1] against the best reference, on normalised words (SQuAD, arXiv 1606.05250, section 6.1).

        Articles are words, except where the gold answer's normalisation is SQuAD's; then `yes` and `no` have F1 only
        with themselves, as in HotpotQA's script. A missing answer has 0.
        """
        said = self._normal([text or ""])[0]
        words = Counter(said.split())
        right = [value for value in self.right if value == said or not self._is_whole(value, said)]
        return max((_overlap(words, Counter(value.split())) for value in right), default=0.0)

    def _is_whole(self, *texts: str) -> bool:
        return self.gold.normalize == "squad" and not _WHOLE.isdisjoint(texts)

    def _normal(self, items: Sequence[str]) -> list[str]:
        normalize = _NORMALIZERS[self.gold.normalize]
        return [normalize(item) for item in items]


def answer_is_right(text: str | None, gold: Answer) -> bool:
    """Whether the text is the gold answer, by the strict reading (`Comparison.is_right`)."""
    return Comparison.of(gold).is_right(text)


def lenient_answer_is_right(text: str | None, gold: Answer) -> bool:
    """Whether the text is the gold answer, by any reading (`Comparison.is_right_leniently`)."""
    return Comparison.of(gold).is_right_leniently(text)


def answer_f1(text: str | None, gold: Answer) -> float:
    """The token F1 of the text against the best reference, in [0, 1] (`Comparison.f1`)."""
    return Comparison.of(gold).f1(text)


def _are_equal(gold: Answer, items: list[str], right: tuple[str, ...]) -> bool:
    if gold.kind in _SINGLE:
        return len(items) == 1 and items[0] != "" and items[0] in right
    if items == [_NOTHING]:
        items = []
    if "" in items:
        return False
    return set(items) == set(right) if gold.kind == "set" else items == list(right)


def _without_article(item: str) -> str:
    return item.partition(" ")[2] if item.startswith(_ARTICLES) else item


def _overlap(words: Counter[str], right: Counter[str]) -> float:
    common = (words & right).total()
    return 2 * common / (words.total() + right.total()) if common else 0.0


def _readings(text: str, gold: Answer) -> Iterator[Sequence[str]]:
    plain = fold_space(text)
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "'\"`":
        plain = plain[1:-1].strip()
    items = _whole_list(text)
    if items is not None:
        yield items
    if gold.kind in _SINGLE:
        yield [plain]
        return
    if "\n" in text.strip():
        yield [ITEM.sub("", line.strip(), count=1) for line in text.strip().splitlines()]
    if gold.written == "list":
        yield [plain]  # a single value without its list; values contain commas, so nothing is split
    else:
        plain = plain.removesuffix(".")
        yield _COMMA_OR_AND.split(plain)
        yield _ANY_SEPARATOR.split(plain)


def _whole_list(text: str) -> tuple[str, ...] | None:
    """The items of the list, if the text is a list with nothing else except punctuation marks."""
    found = read_list_and_rest(text)
    # Text after the list must not be ignored: it may be a second answer.
    if found is None or (found[1] and any(map(str.isalnum, found[1]))):
        return None
    return found[0]
