"""Facts with one value changed for another of the same kind that stands in the same prompt.

What is of one kind is read off the sentences, without a grammar: two values are, if they stand between the same words
somewhere (after an article, `of` or `for`, the word before that counts, too). So `to the .. .` tells places, `took the
.. there` things, and `works for .. from` employers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

_WORD = re.compile(r"[^\s.,?!]+")
# After these, the word before them tells the kind: `the` alone would not tell places from things.
_SMALL = frozenset(("a", "an", "the", "of", "for"))
_INTO = ("to", "in", "into", "inside")  # before an article, what leads to a place
_LONGEST = 80
_HOPS = 3
# What is found is remembered for the other values of the same prompt.
_REMEMBERED = 2**10


def with_other_values(
    text: str, known: Sequence[str], answers: Iterable[str], *, whole: bool, near: bool
) -> Iterator[str]:
    """Yield the text with a value changed for each other one of its kind in the known texts, each result once.

    `whole`: the values are those of the answers that stand in the text, of any number of words; else, each of its words.
    `near`: only what stands elsewhere between the very words that the value stands between here.
    """
    texts = tuple(known)
    values = answers if whole else dict.fromkeys(match[0] for match in _WORD.finditer(text))
    changed = {
        f"{text[:begin]}{_in_case(other, text[begin], begin)}{text[end:]}": None
        for value in values
        for begin, end in _places(text, value)
        for other in (_alike(value, (text,), texts) if near else _of_kind(value, texts))
        # `Fred gave the milk to Fred` is no sentence of a story.
        if not any(_places(text, other))
    }
    yield from changed


def _places(text: str, value: str) -> Iterator[tuple[int, int]]:
    if value:
        for found in _word(value).finditer(text):
            yield found.span()


@lru_cache(_REMEMBERED)
def _word(value: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(value)}(?!\w)", re.IGNORECASE)


def _in_case(other: str, instead_of: str, begin: int) -> str:
    """With a capital letter at the beginning of a text, without one in the place of a word that has none."""
    if begin == 0:
        return other[0].upper() + other[1:]
    return other[0].lower() + other[1:] if instead_of.islower() else other


def _of_kind(value: str, known: tuple[str, ...]) -> Iterator[str]:
    """Yield what stands where the value stands, then what stands where any of those do, and so on."""
    met, latest = {value.casefold()}, [value]
    for _ in range(_HOPS):
        found = {other.casefold(): other for one in latest for other in _alike(one, known, known)}
        latest = [other for folded, other in found.items() if folded not in met]
        met.update(found)
        yield from latest


@lru_cache(_REMEMBERED)
def _alike(value: str, where: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """What stands, anywhere in the known texts, between such words as the value stands between in `where`."""
    frames = {
        _frame(text[:begin], text[end:], " " in value): None for text in where for begin, end in _places(text, value)
    }
    found = (other for frame in frames for other in _between(frame, known))
    return tuple([other for other in found if other.casefold() != value.casefold()])


@lru_cache(_REMEMBERED)
def _between(frame: re.Pattern[str], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([other for text in known for other in frame.findall(text)])


@lru_cache(_REMEMBERED)
def _frame(before: str, after: str, several: bool) -> re.Pattern[str]:
    """Finds what stands between the same words: one word, or a few; of bounded length."""
    words = before.split()
    number = 2 if words and words[-1].casefold() in _SMALL else 1
    last = [_INTO if word in _INTO and number == 2 else (word,) for word in words[-number:]]
    left = r"\s".join(f"(?:{'|'.join(map(re.escape, these))})" for these in last)
    # At the beginning of a fact, only the beginning of another is like it.
    left = rf"(?<!\S){left}\s" if len(words) >= number else rf"^{left}\s?"
    following = _WORD.search(after)
    right = rf"\s{re.escape(following[0])}(?!\w)" if following and after[:1].isspace() else r"\s?(?:[.,?]|$)"
    inside = rf"\S[^?!]{{0,{_LONGEST}}}?" if several else r"[^\s.,?!]+"
    return re.compile(rf"{left}({inside}){right}")
