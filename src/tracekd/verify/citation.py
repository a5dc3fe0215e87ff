"""What a trace cites, compared with the facts of the context and with the gold facts.

Facts are compared after `normalize_fact`, which keeps letter case: if the context says `Mary left.`, then `mary left` is
an invented fact. Models also write several facts as one text, in one item of a list or without a list. Such a text is
read as several facts if it consists of exact facts of the context and nothing else; otherwise it is one fact.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tracekd.tasks.context import Context
from tracekd.tasks.normalize import normalize_fact
from tracekd.verify.parse import Parsed, first_line

Scores = tuple[float, float, float]

# Allowed between facts that are written as one text: punctuation, the number of an item, or `and`.
_BETWEEN = re.compile(r"[\s,;.:'\"“”‘’`\[\]*•-]++|\(?[0-9]{1,3}[.):] |and ")

_ITEM = re.compile(r"(?:[-*•]|\(?[0-9]{1,3}[.):])\s++")


class Citation(NamedTuple):
    """The facts that a trace cites, each once, in the order cited: normalised text -> the text as written.

    `known` are the facts of the context, `invented` all others, both normalised."""

    facts: dict[str, str]
    known: tuple[str, ...]
    invented: tuple[str, ...]

    @classmethod
    def of(cls, parsed: Parsed, context: Context) -> "Citation":
        """What the parts of an output cite of this context."""
        facts: dict[str, str] = {}
        bare = set(map(first_line, parsed.bare))
        for written in parsed.cited or ():
            if written in bare:
                continue
            fact = context.normal.get(written)
            if fact is not None:  # usually the quotation is exact
                facts.setdefault(fact, written)
            else:
                _note(facts, _facts(written, context))
        for whole in parsed.bare:
            _note(facts, _bare_facts(whole, context))
        for below in parsed.below:
            _note(facts, _facts_below(below, context))
        known = tuple([fact for fact in facts if fact in context.places])
        invented = () if len(known) == len(facts) else tuple([fact for fact in facts if fact not in context.places])
        return cls(facts, known, invented)


def split(text: str, context: Context) -> list[str] | None:
    """The facts that a normalised text consists of; None if the text contains anything else.

    If several facts begin at the same place, the longest is used, without backtracking: time is linear in the
    length of the text, and grows with the logarithm of the number of facts.
    """
    found: list[str] = []
    at = 0
    while at < len(text):
        if fact := _longest_at(text, at, context):
            found.append(fact)
            at += len(fact)
        elif between := _BETWEEN.match(text, at):
            at = between.end()
        else:
            return None
    return found or None


def _longest_at(text: str, at: int, context: Context) -> str:
    """The longest fact of the context that begins here and ends a word; an empty text if there is none."""
    begun = context.prefixes.of(text, at)
    return next((fact for fact in begun if _ends_word(text, at + len(fact))), "")


def _note(facts: dict[str, str], found: Iterable[tuple[str, str]]) -> None:
    for fact, written in found:
        facts.setdefault(fact, written)


def _ends_word(text: str, at: int) -> bool:
    return not text[at : at + 1].isalnum()


def _facts(written: str, context: Context) -> Iterator[tuple[str, str]]:
    """The facts of one item of a list, normalised and as written."""
    fact = normalize_fact(written)
    several = None if fact in context.places else split(fact, context)
    if several is None:
        yield fact, written
    else:
        yield from zip(several, several, strict=True)


def _bare_facts(written: str, context: Context) -> Iterator[tuple[str, str]]:
    """The facts in a text without a list: the whole text, or its first line and what is cited below it."""
    whole = normalize_fact(written)
    if whole in context.places or split(whole, context):
        yield from _facts(written, context)
        return
    yield from _facts(first_line(written), context)
    yield from _facts_below(written.partition("\n")[2], context)


def _facts_below(text: str, context: Context) -> Iterator[tuple[str, str]]:
    """The facts in lines without an introduction: lines that are facts of the context, or marked as items of a list."""
    for line in filter(None, map(str.strip, text.splitlines())):
        item = _ITEM.match(line)
        for fact, written in _facts(line[item.end() :] if item else line, context):
            if item or fact in context.places:
                yield fact, written


def nearest(cited: Iterable[str], golds: Sequence[frozenset[str]]) -> tuple[frozenset[str], Scores]:
    """The gold set with the highest F1 for the cited facts (the first, if several are equal), and the scores against it."""
    facts = frozenset(cited)
    return max(((gold, scores(facts, gold)) for gold in golds), key=lambda found: found[1][2])


def scores(cited: frozenset[str], gold: frozenset[str]) -> Scores:
    """Precision, recall and F1 of a set of cited facts, in [0, 1]; all 0 if no cited fact is right.

    All are 1 if nothing is cited and nothing should be.
    """
    if not gold and not cited:
        return 1.0, 1.0, 1.0
    hits = len(gold & cited)
    if not hits:
        return 0.0, 0.0, 0.0
    return hits / len(cited), hits / len(gold), 2 * hits / (len(cited) + len(gold))
