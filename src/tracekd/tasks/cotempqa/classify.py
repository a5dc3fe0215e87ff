"""The class of a CoTempQA question by the dates of its context alone: how the events overlap that answer it."""

from collections.abc import Iterator, Sequence

from tracekd.tasks.cotempqa.rules import read_facts
from tracekd.tasks.cotempqa.sentences import DatedEvent, Question, parse_facts, parse_question


def classify(question: str, facts: Sequence[str]) -> frozenset[str] | None:
    """The class that all co-temporal answers make, by the data set's own order of dates (arXiv 2406.09072).

    Several where several facts state the event of the question, each with a time of its own. None for a question or a
    fact in no known form, and where nothing is co-temporal: then no rule says what the class is.
    """
    parsed = parse_question(question)
    events = parse_facts(facts)
    if parsed is None or None in events:
        return None
    labels = [_class_of(parsed, read) for read in (events, *_with_one_anchor(parsed, events))]
    return frozenset([label for label in labels if label is not None]) or None


def premises(question: str, facts: Sequence[str]) -> tuple[int, ...]:
    """The places of the facts that state the event that the question sets out from; the paper's traces omit them."""
    parsed = parse_question(question)
    return () if parsed is None else _stating(parsed, parse_facts(facts))


def _stating(question: Question, events: Sequence[DatedEvent | None]) -> tuple[int, ...]:
    return tuple([place for place, event in enumerate(events) if event and event.event == question.anchor])


def _with_one_anchor(question: Question, events: Sequence[DatedEvent | None]) -> Iterator[list[DatedEvent | None]]:
    """The events with one of those that state the question's own at a time, where there are several."""
    anchors = _stating(question, events)
    for anchor in anchors if len(anchors) > 1 else ():
        yield [event if place == anchor or place not in anchors else None for place, event in enumerate(events)]


def _class_of(question: Question, events: Sequence[DatedEvent | None]) -> str | None:
    reading = read_facts(question, events)
    return reading.derive_class(reading.cotemporal)
