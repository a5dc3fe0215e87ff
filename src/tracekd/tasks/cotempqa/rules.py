"""What follows from CoTempQA facts: the answers of a question, and its class, by the dates."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracekd.problem import Answer
from tracekd.tasks.cotempqa.intervals import LABELS, Compare, Interval, class_of, tuple_order
from tracekd.tasks.cotempqa.sentences import DatedEvent, Question, parse_event, parse_facts, parse_question
from tracekd.tasks.solution import Slots, Solution


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts (by place, from 0) that matter to a question.

    `anchors`: the facts that state the event of the question; `anchor`: the one that is used, and `when` its time.
    `answers` maps every other fact of the asked relation to its answer (an entity) and its time; `cotemporal`: the
    places of those that have time in common with the anchor.
    """

    anchors: tuple[int, ...]
    anchor: int | None
    when: Interval | None
    answers: dict[int, tuple[str, Interval]]
    cotemporal: tuple[int, ...]

    def carrying(self, gold: Collection[str]) -> tuple[int, ...]:
        """The places of the co-temporal facts whose answer is one of these entities."""
        return tuple([place for place in self.cotemporal if self.answers[place][0] in gold])

    def derive_class(self, places: Iterable[int], compare: Compare = tuple_order) -> str | None:
        """The class of the answers at these places. Of several facts with the same answer, the first counts.

        None if there are no places, or if a fact has no time in common with the anchor.
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


def read_facts(question: Question, facts: Sequence[DatedEvent | None], gold: Collection[str] | None = None) -> Reading:
    """Find the facts that matter to the question; a fact that is None is ignored.

    If several facts state the event with different times, the anchor is the first one from which an answer of `gold`
    follows (or any answer, if `gold` is None).
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
    first: Reading | None = None
    for anchor in anchors:  # mostly one; the first of many usually decides
        reading = _reason_from(anchor, anchors, answers)
        if reading.cotemporal and (gold is None or reading.carrying(gold)):
            return reading
        first = first or reading
    return first or Reading((), None, None, answers, ())


def solve(question: str, facts: Sequence[str], label: str) -> Solution | None:
    """The complete answer that follows from these facts alone; None if nothing follows.

    If the event of the question is among the facts: all answers that have time in common with it, by the data set's own
    order of dates, and their class. If not: the answers of all facts of the asked relation, without a class. A fact with
    an unknown form is ignored. The label is not used.
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
    """The class of all co-temporal answers, by the data set's own order of dates (arXiv 2406.09072).

    Several classes if several facts state the event of the question with different times. None if the class cannot be
    derived: the question or a fact has an unknown form, or nothing is co-temporal.
    """
    parsed = parse_question(question)
    events = parse_facts(facts)
    if parsed is None or None in events:
        return None
    labels = [_class_of(parsed, read) for read in (events, *_with_one_anchor(parsed, events))]
    return frozenset([label for label in labels if label is not None]) or None


def premises(question: str, facts: Sequence[str]) -> tuple[int, ...]:
    """The places of the facts that state the event of the question. The paper's traces omit them."""
    parsed = parse_question(question)
    return () if parsed is None else _stating(parsed, parse_facts(facts))


def _stating(question: Question, events: Sequence[DatedEvent | None]) -> tuple[int, ...]:
    return tuple([place for place, event in enumerate(events) if event and event.event == question.anchor])


def _with_one_anchor(question: Question, events: Sequence[DatedEvent | None]) -> Iterator[list[DatedEvent | None]]:
    """If several facts state the event of the question: for each of them, all events without the others."""
    anchors = _stating(question, events)
    others: list[DatedEvent | None] = list(events)
    for anchor in anchors:
        others[anchor] = None
    for anchor in anchors if len(anchors) > 1 else ():
        yield [*others[:anchor], events[anchor], *others[anchor + 1 :]]


def _class_of(question: Question, events: Sequence[DatedEvent | None]) -> str | None:
    reading = read_facts(question, events)
    return reading.derive_class(reading.cotemporal)


def read_slots(question: str, facts: Sequence[str], label: str) -> Slots | None:
    """The entities of all facts, right or wrong, on the side that is asked for; None for an unknown form of question.

    Time and relation do not matter, because the facts may be wrong while the answer is consistent with them. The event
    that the question names may be cited only for its time (as in `full_support`), or as an answer.
    """
    parsed = parse_question(question)
    if parsed is None:
        return None
    events = [event for event in map(parse_event, facts) if event is not None]
    held = {event: event.object if parsed.asked == "object" else event.subject for event in events}
    needed = (entity for event, entity in held.items() if event != parsed.anchor)
    return Slots(frozenset(needed), frozenset(held.values()))
