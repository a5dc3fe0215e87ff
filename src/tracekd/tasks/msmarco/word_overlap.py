"""The gold passage as the paper's authors guess it: the one that shares the most words with the answer."""

import re
from collections.abc import Sequence

# The authors take nltk's word tokens, of lower-cased text. These come close: a mark is a word of its own, what follows
# an apostrophe too (it 's), and hyphens, dots, slashes and commas inside a word are part of it (1,000, e.g, 2-4).
# Other than nltk's, a full stop after an abbreviation is a mark like any other, and `don't` is cut before its quote.
_WORD = re.compile(r"\w++(?:[-./,]\w++)*+|['’]\w*+|[^\w\s]")


def words(text: str) -> set[str]:
    """The different words of a text, in lower case."""
    return set(_WORD.findall(text.lower()))


def most_overlapping(passages: Sequence[str], answer: str) -> int | None:
    """The place of the passage with the most different words of the answer; ties go to the first.

    None if no passage has any (arXiv 2505.13792, released code for MS MARCO). Unlike there, the answer's words are read
    by a regular expression instead of nltk's tokenizer.
    """
    wanted = words(answer)
    texts = [passage.lower() for passage in passages]
    # A word that a passage has stands somewhere in its text. So this is the most that each can have, the best first, and
    # those that cannot be the one are not taken apart. Places count down, so that of two equal ones the first is more.
    at_most = sorted(
        ((sum([word in text for word in wanted]), -place) for place, text in enumerate(texts)), reverse=True
    )
    best = (0, 1)
    for most, place in at_most:
        if (most, place) < best:
            break
        best = max(best, (len(wanted.intersection(_WORD.findall(texts[-place]))), place))
    shared, place = best
    return -place if shared else None
