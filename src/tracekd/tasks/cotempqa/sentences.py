"""Parses facts and questions. All patterns take time linear in the length of the text."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from tracekd.tasks.cotempqa.intervals import DATE, Interval, read_interval
from tracekd.tasks.cotempqa.wording import PHRASES, WORDINGS, Slot
from tracekd.tasks.normalize import fold_space


class Event(NamedTuple):
    """A subject, its relation (a Wikidata property) to an object, and the object."""

    subject: str
    relation: str
    object: str


class DatedEvent(NamedTuple):
    """The content of a fact."""

    event: Event
    when: Interval


class Question(NamedTuple):
    """The content of a question: its event (the `anchor`), and the relation of its answers.

    `asked`: the side of the relation that the question asks for; `given`: the entity on the other side.
    """

    anchor: Event
    relation: str
    asked: Slot
    given: str

    def answer_of(self, event: Event) -> str | None:
        """The entity on the asked side of this event; None if the question does not ask about such an event."""
        if event.relation != self.relation:
            return None
        if self.asked == "object":
            return event.object if event.subject == self.given else None
        return event.subject if event.object == self.given else None


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


_FACT_WORDS = {words: wording.relation for wording in WORDINGS for words in wording.facts}
_EVENT_WORDS = {wording.event: wording.relation for wording in WORDINGS}
# One fact per line. Entities contain commas, `in`, `from` and `to`: only the last words are the date. The first relation
# in the text counts, without backtracking (`?>`): trying the next one would make the time quadratic.
_FACT = re.compile(
    rf"^(?>(\S.*?) ({_any_of(_FACT_WORDS)}) )(.+) (?:in ({DATE})|from ({DATE}) to ({DATE}))\.?$", re.MULTILINE
)
# What students write: the date may be missing, or without its end.
_UNDATED = re.compile(rf"(?>(\S.*?) ({_any_of(_FACT_WORDS)}) )(.+?)(?: (?:in {DATE}|from {DATE}(?: to {DATE})?))?\.?")
_EVENT = re.compile(rf"While (.+?) ({_any_of(_EVENT_WORDS)}) (.+)")
_LONGEST_KEPT = 50_000  # characters
_BEFORE_PHRASE = re.compile(rf"(.+) (?:{_any_of(PHRASES)}) ?\?")


def parse_facts(facts: Sequence[str]) -> list[DatedEvent | None]:
    """The content of each fact; None for a fact with an unknown form. If a fact names several relations, the first counts."""
    is_short = sum(map(len, facts)) <= _LONGEST_KEPT
    return list(_parse_kept(tuple(facts)) if is_short else _parse_facts(facts))


def _parse_facts(facts: Sequence[str]) -> Sequence[DatedEvent | None]:
    text = "\n".join(facts)
    # Nearly all contexts are well-formed. Parsing such a context at once is faster than fact by fact.
    if "  " not in text and all(map(str.isprintable, facts)):
        found = _FACT.findall(text)
        if len(found) == len(facts):
            return [_event(*parts) for parts in found]
    return [_parse_fact(fold_space(fact)) for fact in facts]


# One context is parsed several times in turn: for its class, its answers and its statements.
_parse_kept = lru_cache(maxsize=16)(_parse_facts)


def parse_event(fact: str) -> Event | None:
    """The event of a fact, without its date, which may be missing. None for a fact with an unknown form."""
    match = _UNDATED.fullmatch(fold_space(fact))
    return Event(match[1], _FACT_WORDS[match[2]], match[3]) if match else None


# The same question comes again for each of its outputs.
@lru_cache(maxsize=2**10)
def parse_question(text: str) -> Question | None:
    """The content of the question; None if its form is unknown."""
    whole = _BEFORE_PHRASE.fullmatch(fold_space(text))
    if not whole:
        return None
    # The last one counts, because the event before it may contain an entity with a relative clause.
    event, which, asked = whole[1].rpartition(", which ")
    if ", who " in asked or not which:
        event, which, asked = whole[1].rpartition(", who ")
    anchor = _parse_event(event)
    if anchor is None:
        return None
    return _parse_which(anchor, asked) if which == ", which " else _parse_who(anchor, asked)


def _parse_event(text: str) -> Event | None:
    match = _EVENT.fullmatch(text)
    return Event(match[1], _EVENT_WORDS[match[2]], match[3]) if match else None


def _parse_which(anchor: Event, text: str) -> Question | None:
    for wording in WORDINGS:
        for before, after in wording.which:
            if text.startswith(f"{before} ") and text.endswith(f" {after}" if after else ""):
                given = text[len(before) + 1 : len(text) - len(after)].rstrip()
                return Question(anchor, wording.relation, "object", given)
    return None


def _parse_who(anchor: Event, text: str) -> Question | None:
    for wording in WORDINGS:
        if text.startswith(f"{wording.who} "):
            return Question(anchor, wording.relation, "subject", text[len(wording.who) + 1 :])
    return None


def _parse_fact(text: str) -> DatedEvent | None:
    match = _FACT.fullmatch(text)
    return _event(*match.groups("")) if match else None


def _event(subject: str, words: str, object_: str, point: str, start: str, end: str) -> DatedEvent:
    when = read_interval(point or start, point or end)
    return DatedEvent(Event(subject, _FACT_WORDS[words], object_), when)
