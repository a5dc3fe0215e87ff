"""Names in a text, by shape: runs of words with capital letters."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tracekd.statements.passages.words import FUNCTION_WORDS, MONTHS

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*+")
_BETWEEN = frozenset((" ", "-", "- ", ". ", ".", " & ", "& ", " “", "–"))
_PARTICLES = frozenset(
    "de da di du des del della la le van von der den of the al al- el ibn bin y e zu und dos das do ye".split()
)
# `Kim Sung-su` is a name; `Canadian-born` is more than one.
_NO_PART = frozenset("born based language style era winning speaking led owned like themed class century".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_NO_NAME = frozenset((*MONTHS, *_DAYS)) - {"may", "mar", "jan", "march"}
# After these a full stop does not end a sentence.
_SHORTENED = frozenset("mr mrs ms dr st jr sr mt prof u s vs v no capt col gen lt sgt rev hon inc co ltd ft".split())
# `1st Pursuit Squadron`.
_NUMBER_BEFORE = re.compile(r"\b\d{1,4}(?:st|nd|rd|th|d) $")
HONORIFICS = frozenset(
    "mr mrs ms dr sir lady lord dame king queen prince princess president prime minister general colonel captain major "
    "professor prof saint pope emperor empress senator governor judge director actor actress singer rapper bishop "
    "archbishop count countess duke duchess baron rev reverend detective agent chancellor mayor coach".split()
)
LATER = frozenset("jr sr ii iii iv v vi vii viii".split())
LONGEST_RUN = 12


class Run(NamedTuple):
    """A name in a text. `forms`: its words in lower case, cut at hyphens. `first`: it begins a sentence."""

    start: int
    end: int
    text: str
    forms: tuple[str, ...]
    first: bool


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    own: str  # without 's


def runs(text: str) -> Iterator[Run]:
    """Yield the names of a text, from left to right."""
    words = [_word(found) for found in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        if not _is_name(words[at].own):
            at += 1
            continue
        end = _end(words, at, text)
        yield from _trimmed(words[at:end], text)
        at = end


def _word(found: re.Match[str]) -> _Word:
    text = found[0]
    own = text[:-2] if text.endswith(("'s", "’s")) else text
    return _Word(found.start(), found.start() + len(own), text, own)


def _is_name(word: str) -> bool:
    return word[0].isupper() and word.lower() not in _NO_NAME


def _end(words: list[_Word], at: int, text: str) -> int:
    """The number of the word after the name that begins with this one."""
    end = at + 1
    while end < min(len(words), at + LONGEST_RUN) and words[end - 1].own == words[end - 1].text:
        ahead = end
        while ahead < min(len(words), end + 2) and words[ahead].text in _PARTICLES and _joined(words, ahead, text):
            ahead += 1
        if ahead >= len(words) or not _joined(words, ahead, text):
            break
        if not _is_name(words[ahead].own) and not _is_hyphenated(words, ahead, text):
            break
        end = ahead + 1
    return end


def _is_hyphenated(words: list[_Word], at: int, text: str) -> bool:
    word = words[at].text
    return text[words[at - 1].end : words[at].start] == "-" and word.isalpha() and word not in _NO_PART


def _joined(words: list[_Word], at: int, text: str) -> bool:
    between = text[words[at - 1].end : words[at].start]
    if between in (". ", "."):
        before = words[at - 1].own
        return len(before) == 1 or before.lower() in _SHORTENED
    return between in _BETWEEN


def _trimmed(words: list[_Word], text: str) -> Iterator[Run]:
    """The name without the words with which only a sentence begins: `In Rome` is `Rome`; `The` stays within a sentence."""
    first = begins_sentence(text, words[0].start)
    while words and _is_function(words[0], text) and (first or words[0].own.lower() != "the"):
        words = words[1:]
        first = False
    while words and words[0].own in _PARTICLES:
        words = words[1:]
    if words:
        start, end = words[0].start, words[-1].end
        if number := _NUMBER_BEFORE.search(text, max(0, start - 8), start):
            start = number.start()
        forms = tuple(word.own.lower() for word in words)
        yield Run(start, end, text[start:end], (text[start:].split(" ")[0], *forms) if number else forms, first)


def _is_function(word: _Word, text: str) -> bool:
    """Whether a word with a capital letter is no part of a name; `A.` is one, and `St`."""
    return word.own.lower() in FUNCTION_WORDS and word.own != "St" and text[word.end : word.end + 1] != "."


def begins_sentence(text: str, at: int) -> bool:
    """Whether a sentence, or what stands in quotation marks, begins at this place."""
    before = text[max(0, at - 3) : at].rstrip(" \"“”'‘(")
    return not text[:at].strip() or not before or before[-1] in ".!?:;\n"


def full_words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case."""
    return tuple([word.lower() for word in _WORD.findall(text)])
