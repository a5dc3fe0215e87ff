"""Replaces parts of a text; `a` and `an` before a replaced part follow the new word."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from tracekd.regimes.exchanged_names.letters import Place

_ARTICLE = re.compile(r"(?<!\w)([Aa]n?)(\s)$")
# Letters do not tell everything: `a unit`, `a European`, `an hour`; `an 8`, `an 11th`.
_NO_VOWEL = re.compile(r"(?:uni(?!n)|u[ks]\b|u\.|us[ae]|eu|ewe|one(?!\w)|once|ut[ai]|ug|ukr|uru)", re.IGNORECASE)
_VOWEL = re.compile(r"(?:[aeiou]|hon|hour|heir|8|1[18](?!\d))", re.IGNORECASE)
_ARTICLE_REACH = 4


class Edit(NamedTuple):
    """What replaces the part of a text at a place."""

    place: Place
    text: str


# Makes the edits of a text, be it a fact or an answer.
Edits = Callable[[str], list[Edit]]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with these parts replaced. An edit that overlaps an earlier one is left out."""
    parts: list[str] = []
    end = 0
    for (start, stop), new in sorted(edits):
        if start < end:
            continue
        parts += [_with_article(text[end:start], text[start:stop], new), new]
        end = stop
    return "".join([*parts, text[end:]])


def _with_article(before: str, old: str, new: str) -> str:
    found = _ARTICLE.search(before[-_ARTICLE_REACH:])
    if found is None or (len(found[1]) == 2) != _is_vowel(old) or _is_vowel(new) == _is_vowel(old):
        return before
    article = found[1][0] + ("n" if _is_vowel(new) else "")
    return before[: len(before) - len(found[0])] + article + found[2]


def _is_vowel(word: str) -> bool:
    return _VOWEL.match(word) is not None and _NO_VOWEL.match(word) is None
