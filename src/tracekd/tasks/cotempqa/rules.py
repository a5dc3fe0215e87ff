"""What follows from CoTempQA facts: the events that a question asks about, at the same time as the one it names."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracekd.problem import Answer
from tracekd.tasks.cotempqa.intervals import LABELS, Compare, Interval, class_of, tuple_order
from tracekd.tasks.cotempqa.sentences import DatedEvent, Question, parse_facts, parse_question
from tracekd.tasks.solution import Solution


@dataclass(frozen=True, slots=True)
class Reading:
    """Which facts (by place, from 0) matter to a question.

    `anchors` state the event that the question names; `anchor` is the one that is reasoned from, and `when` its time.
    `answers` maps every other fact of the asked relation to the entity that it answers with, and its time;
    `cotemporal` are the places of those that have time in common with the anchor.
    """

    anchors: tuple[int, ...]
    anchor: int | None
    when: Interval | None
    answers: dict[int, tuple[str, Interval]]
    cotemporal: tuple[int, ...]

    def carrying(self, wanted: Collection[str]) -> tuple[int, ...]:
        """The places of the co-temporal facts that answer with one of these entities."""
        return tuple([place for place in self.cotemporal if self.answers[place][0] in wanted])

    def derive_class(self, places: Iterable[int], compare: Compare = tuple_order) -> str | None:
        """The class that the answers at these places make; None if they are none, or not all of the anchor's time.

        Of several facts with the same answer, the first counts.
        """
        if self.when is None:
            return None
        first: dict[str, Interval] = {}
        for place in places:
            answer, when = self.answers[place]
            first.setdefault(answer, when)
        return class_of(self.when, first.values(), compare)


def has_rule(label: str) -> bool:
    """Whether there is a rule for questions of this class."""
    return label in LABELS


def read_facts(
    question: Question, facts: Sequence[DatedEvent | None], wanted: Collection[str] | None = None
) -> Reading:
    """Find what matters to the question; a fact that is None says nothing.

    Where several facts state the event, with different times, the anchor is the first from which a wanted answer
    follows (any answer, if none is wanted).
    """
    anchors: dict[int, Interval] = {}
    answers: dict[int, tuple[str, Interval]] = {}
    relations = {question.anchor.relation, question.relation}
    for place, fact in enumerate(facts):
        if fact is None or fact.event.relation not in relations:
            continue
        event, when = fact
        if event == question.anchor:
            anchors[place] = when
        if (answer := question.answer_of(event)) is not None:
            answers[place] = answer, when
    readings = [_reason_from(anchor, anchors, answers) for anchor in anchors]
    for reading in readings:
        if reading.cotemporal and (wanted is None or reading.carrying(wanted)):
            return reading
    return readings[0] if readings else Reading((), None, None, answers, ())


def solve(question: str, facts: Sequence[str], label: str) -> Solution | None:
    """The complete answer that follows from these facts alone, or None if nothing follows.

    With the event of the question among the facts: all answers that have time in common with it by the data set's own
    order of dates, and the class that they make. Without it: whatever the facts of the asked relation say, of no class.
    A fact in no known form says nothing. The given label makes no difference.
    """
    parsed = parse_question(question)
    if parsed is None:
        return None
    reading = read_facts(parsed, parse_facts(facts))
    places = tuple(reading.answers) if reading.anchor is None else reading.cotemporal
    if not places:
        return None
    values = tuple(dict.fromkeys(reading.answers[place][0] for place in places))
    answer = Answer(kind="set", values=values, written="list")
    if reading.anchor is None:
        return Solution(answer, places)
    return Solution(answer, (reading.anchor, *places), reading.derive_class(places))


def _reason_from(anchor: int, anchors: dict[int, Interval], answers: dict[int, tuple[str, Interval]]) -> Reading:
    others = {place: answer for place, answer in answers.items() if place != anchor}
    when = anchors[anchor]
    cotemporal = tuple([place for place, (_, other) in others.items() if tuple_order(when, other) is not None])
    return Reading(tuple(anchors), anchor, when, others, cotemporal)


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
