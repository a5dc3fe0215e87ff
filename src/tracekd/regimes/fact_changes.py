"""Changes facts by rule: replaces one value, exchanges the two things, or states the same in the opposite direction.

A value is replaced by one of the same kind from the same prompt. Kinds are found in the sentences, without a grammar:
two values have one kind if they occur between the same words somewhere (after an article, `of` or `for`, the word
before that counts, too). So `to the .. .` marks places, `took the .. there` things, `works for .. from` employers.

A changed fact must be a sentence that a story could hold. So a verb replaces another only if the words after it have the
same form: not `gave` in `gave the milk to Mary` by `took`, as in `took the milk`. And what comes after `a` is singular, and
replaces only what comes after `a`: `sheep` may be one or many, but not `mouse`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

_WORD = re.compile(r"[^\s.,?!]+")
# After these, the word before them shows the kind: `the` alone would not distinguish places from things.
_SMALL = frozenset(("a", "an", "the", "of", "for"))
_INTO = ("to", "in", "into", "inside")  # before an article, what leads to a place
# The words that facts of the same form share; the other words are values.
_FORM = frozenset((*_SMALL, *_INTO, "from", "than", "and", "or", "there", "back"))
_MOST_WORDS = 8  # after a word, how many belong to its form
_LONGEST = 80
_HOPS = 3
# How many results are remembered for the other values of the same prompt.
_REMEMBERED = 2**10


_CONVERSE = {
    "is north of": "is south of", "is east of": "is west of", "is above": "is below",
    "is to the left of": "is to the right of", "is bigger than": "fits inside",
}  # fmt: skip
_CONVERSES = _CONVERSE | {other: one for one, other in _CONVERSE.items()}
_SENTENCE = re.compile(rf"The ([^.]{{1,80}}?) ({'|'.join(_CONVERSES)}) the ([^.]{{1,80}})(\.?)")


def with_other_values(
    text: str, known: Sequence[str], answers: Iterable[str], *, whole: bool, near: bool
) -> Iterator[str]:
    """Yield the text with a value replaced by each other value of its kind in the known texts, each result once.

    `whole`: the values are the answers in the text, of any number of words; otherwise, each word of the text is one.
    `near`: only values that occur elsewhere between the same words as the value here.
    """
    texts = tuple(known)
    values = answers if whole else dict.fromkeys(match[0] for match in _WORD.finditer(text))
    changed = {
        f"{text[:begin]}{_in_case(other, text[begin], begin)}{text[end:]}": None
        for value in values
        for begin, end in _places(text, value)
        for other in _of_kind(value, text[:begin], (text,) if near else texts, texts, 1 if near else _HOPS)
        # A story has no sentence such as `Fred gave the milk to Fred`.
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
    """With a capital letter at the beginning of a text; without one if the word that it replaces has none."""
    if begin == 0:
        return other[0].upper() + other[1:]
    return other[0].lower() + other[1:] if instead_of.islower() else other


def _is_singular(before: str) -> bool:
    """Whether what comes after these words is singular, because of an article."""
    return before.casefold().split()[-1:] in (["a"], ["an"])


def _of_kind(value: str, before: str, where: tuple[str, ...], known: tuple[str, ...], hops: int) -> Iterator[str]:
    """Yield the values between the same words as this value, which comes after the words `before`.

    Then those between the same words as any of them, and so on, so many times.
    """
    met, latest, is_singular = {value.casefold()}, [value], _is_singular(before)
    for _ in range(hops):
        found = {other.casefold(): other for one in latest for other in _alike(one, where, known, is_singular)}
        latest = [other for folded, other in found.items() if folded not in met]
        met.update(found)
        yield from latest


@lru_cache(_REMEMBERED)
def _alike(value: str, where: tuple[str, ...], known: tuple[str, ...], is_singular: bool) -> tuple[str, ...]:
    """The values in the known texts that occur between the same words as this value in `where`."""
    frames = {
        _frame(text[:begin], text[begin:end], text[end:]): None
        for text in where
        for begin, end in _places(text, value)
        if _is_singular(text[:begin]) == is_singular
    }
    found = (other for frame in frames for other in _between(frame, known))
    return tuple([other for other in found if other.casefold() != value.casefold()])


@lru_cache(_REMEMBERED)
def _between(frame: re.Pattern[str], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([other for text in known for other in frame.findall(text)])


@lru_cache(_REMEMBERED)
def _frame(before: str, value: str, after: str) -> re.Pattern[str]:
    """Finds values between the same words: one word, or several of limited length."""
    words = before.split()
    number = 2 if words and words[-1].casefold() in _SMALL else 1
    last = [_INTO if word in _INTO and number == 2 else (word,) for word in words[-number:]]
    left = r"\s".join(f"(?:{'|'.join(map(re.escape, these))})" for these in last)
    # At the beginning of a fact, only the beginning of another is like it.
    left = rf"(?<!\S){left}\s" if len(words) >= number else rf"^{left}\s?"
    inside = rf"\S[^?!]{{0,{_LONGEST}}}?" if " " in value else r"[^\s.,?!]+"
    has_form = value.islower() and " " not in value and words and words[-1].casefold() not in _FORM
    return re.compile(rf"{left}({inside}){_form(after) if has_form else _next(after)}")


def _next(after: str) -> str:
    """Finds the next word, or the end of a clause."""
    following = _WORD.search(after)
    return rf"\s{re.escape(following[0])}(?!\w)" if following and after[:1].isspace() else r"\s?(?:[.,?]|$)"


def _form(after: str) -> str:
    """Finds words of the same form up to the end of the fact: all words count, but values may be others."""
    words = [found[0] for found in islice(_WORD.finditer(after), _MOST_WORDS + 1)]
    form = [re.escape(word) if word in _FORM else r"[^\s.,?!]+" for word in words[:_MOST_WORDS]]
    end = r"(?!\w)" if len(words) > _MOST_WORDS else r"\s?\.?$"
    return "".join([rf"[\s,]+{word}" for word in form]) + end


def converse(text: str) -> str | None:
    """The same fact in the opposite direction: `The box fits inside the chest.` becomes `The chest is bigger than the box.`

    None for sentences of another form.
    """
    parts = _SENTENCE.fullmatch(text)
    return f"The {parts[3]} {_CONVERSES[parts[2]]} the {parts[1]}{parts[4]}" if parts else None


def exchanged(text: str) -> str | None:
    """The opposite: `The box fits inside the chest.` becomes `The chest fits inside the box.`

    None for sentences of another form.
    """
    parts = _SENTENCE.fullmatch(text)
    return f"The {parts[3]} {parts[2]} the {parts[1]}{parts[4]}" if parts else None
