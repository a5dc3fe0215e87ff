"""When two texts count as equal: one rule for facts, one for answers, one for labels."""

import string
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# NFKC sorts runs of combining marks in quadratic time; real text has at most 30 in a run (UAX #15, section 13).
_LONGEST_PIECE = 1024
_LONGEST_LIST = 4 * _LONGEST_PIECE
# Short answers repeat often, so their results are kept: at most this many.
_SHORT = 200
_KEPT = 2**14
# Hyphen, non-breaking hyphen, figure dash, en dash, minus sign; NFKC has made `-` of the others.
_HYPHENS = str.maketrans("\u2010\u2011\u2012\u2013\u2212", "-----", "\u00ad\u200b")
_ARTICLES = frozenset(("a", "an", "the"))
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize_fact(text: str) -> str:
    """NFKC, white space folded, the final full stop dropped. Letter case is kept."""
    return fold_space(_nfkc(text)).removesuffix(".").rstrip()


def normalize_facts(texts: Sequence[str]) -> list[str]:
    """The same as `normalize_fact` for each text, but faster if all texts need only the full stop dropped."""
    whole = " ".join(texts)
    if whole.isprintable() and "  " not in f" {whole} " and _is_nfkc(whole):
        return [text.removesuffix(".").rstrip() for text in texts]
    return list(map(normalize_fact, texts))


def normalize_answer(text: str) -> str:
    """NFKC, lower case, punctuation dropped, white space folded.

    Punctuation is every Unicode character of class P, and all of ASCII's (`string.punctuation`). A text of punctuation
    only keeps it, so that it is not equal to the empty text.
    """
    return _kept_answer(text) if len(text) <= _SHORT else _answer(text)


def normalize_squad_answer(text: str) -> str:
    """The same as `normalize_answer`, without the words a, an and the (SQuAD, arXiv 1606.05250, section 6.1).

    A text of articles only keeps them, so that it is not equal to the empty text.
    """
    words = normalize_answer(text)
    return " ".join([word for word in words.split() if word not in _ARTICLES]) or words


def normalize_label(text: str) -> str:
    """White space folded, in lower case (`casefold`); NFKC, and every hyphen and en dash becomes `-`."""
    if not text.isascii():
        text = _nfkc(text).translate(_HYPHENS)
    return fold_space(text).casefold()


def fold_space(text: str) -> str:
    """Every run of white space becomes one blank; white space at the ends is dropped."""
    return " ".join(text.split())


def _answer(text: str) -> str:
    lower = _nfkc(text).lower()
    punctuation = _PUNCTUATION if lower.isascii() else {ord(char): None for char in set(lower) if _is_punctuation(char)}
    return fold_space(lower.translate(punctuation)) or fold_space(lower)


_kept_answer = lru_cache(maxsize=_KEPT)(_answer)


def _is_nfkc(text: str) -> bool:
    return text.isascii() or (len(text) <= _LONGEST_LIST and unicodedata.is_normalized("NFKC", text))


def _nfkc(text: str) -> str:
    if text.isascii():
        return text
    if len(text) <= _LONGEST_PIECE:
        return unicodedata.normalize("NFKC", text)
    # Word by word gives the same result, because nothing composes with a blank. Only very long words are cut.
    pieces = (word[at : at + _LONGEST_PIECE] for word in _words(text) for at in range(0, len(word), _LONGEST_PIECE))
    return "".join(unicodedata.normalize("NFKC", piece) for piece in pieces)


def _words(text: str) -> list[str]:
    return [word for part in text.split() for word in (part, " ")]


def _is_punctuation(char: str) -> bool:
    return char in string.punctuation or unicodedata.category(char).startswith("P")
