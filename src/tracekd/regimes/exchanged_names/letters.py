"""Finds names and values in a text; letter case, accents' encoding, punctuation and blanks do not count."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple


class Place(NamedTuple):
    """A part of a text, from `start` to `end`."""

    start: int
    end: int


class Letters:
    """The letters and digits of a text, in lower case, with the place of each in the text.

    `U.S.` and `US`, `Hewlett-Packard` and `Hewlett Packard` have the same letters, as in `normalize_answer`.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        signs: list[str] = []
        self._places: list[int] = []
        self._starts: set[int] = set()
        self._ends: set[int] = set()
        inside = False
        for at, sign in enumerate(text):
            is_letter = sign.isalnum() or (inside and unicodedata.combining(sign) > 0)
            if is_letter != inside:
                (self._starts if is_letter else self._ends).add(len(signs))
                inside = is_letter
            if is_letter:
                for one in _folded(sign):
                    signs.append(one)
                    self._places.append(at)
        if inside:
            self._ends.add(len(signs))
        self.squeezed = "".join(signs)

    def find(self, name: str) -> Iterator[Place]:
        """Yield where the text has a name as whole words, from left to right, without overlaps."""
        sought = squeeze(name)
        if not sought:
            return
        at = self.squeezed.find(sought)
        while at >= 0:
            end = at + len(sought)
            is_whole = at in self._starts and end in self._ends
            if is_whole:
                place = Place(self._places[at], self._places[end - 1] + 1)
                # `US` is not the word `us`, and `abdulkalam.com` does not name Abdul Kalam.
                if not (sum(map(str.isupper, name)) > 1 and self.text[place.start : place.end].islower()):
                    yield place
            at = self.squeezed.find(sought, end if is_whole else at + 1)

    def has(self, name: str) -> bool:
        """Whether the text has a name as whole words."""
        return next(self.find(name), None) is not None


def squeeze(text: str) -> str:
    """The letters and digits of a text, in lower case."""
    return "".join([_folded(sign) for sign in text if sign.isalnum()])


def _folded(sign: str) -> str:
    if sign.isascii():
        return sign.lower()
    return "".join([one for one in unicodedata.normalize("NFKC", sign).lower() if one.isalnum()])
