"""What a trace cites, compared with the facts of the context and with the gold facts.

Facts are compared after `normalize_fact`, which keeps letter case: if the context says `Mary left.`, then `mary left` is
an invented fact. `verify.fact_texts` says how a text is read as facts.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tracekd.tasks.context import Context
from tracekd.verify.fact_texts import Cited, facts_of_bare_text, facts_of_item, facts_of_lines
from tracekd.verify.parse import Parsed, first_line

Scores = tuple[float, float, float]


class Citation(NamedTuple):
    """The facts that a trace cites, each once, in the order cited: normalised text -> the text as written, or the normalised
    text where marks or titles differ.

    `known` are the facts of the context, `invented` all others, both normalised."""

    facts: dict[str, str]
    known: tuple[str, ...]
    invented: tuple[str, ...]

    @classmethod
    def of(cls, parsed: Parsed, context: Context) -> "Citation":
        """What the parts of an output cite of this context."""
        facts: dict[str, str] = {}
        bare = set(map(first_line, parsed.bare)) if parsed.bare else ()
        for written in parsed.cited or ():
            if written in bare:
                continue
            fact = context.normal.get(written)
            if fact is not None:  # usually the quotation is exact
                facts.setdefault(fact, written)
            else:
                _note(facts, facts_of_item(written, context))
        for whole in parsed.bare:
            _note(facts, facts_of_bare_text(whole, context))
        for below in parsed.below:
            _note(facts, facts_of_lines(below, context))
        known = tuple([fact for fact in facts if fact in context.places])
        invented = () if len(known) == len(facts) else tuple([fact for fact in facts if fact not in context.places])
        return cls(facts, known, invented)


def _note(facts: dict[str, str], found: Iterable[Cited]) -> None:
    for fact, written in found:
        facts.setdefault(fact, written)


def nearest(cited: Iterable[str], golds: Sequence[frozenset[str]]) -> tuple[frozenset[str], Scores]:
    """The gold set with the highest F1 for the cited facts (the first, if several are equal), and the scores against it."""
    facts = frozenset(cited)
    if len(golds) == 1:
        return golds[0], scores(facts, golds[0])
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
