"""A co-temporal question: an event, its answers at the times that the class demands, and distractors; as a record."""

import hashlib
import json
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

from tracekd.tasks.cotempqa.wording import PHRASES, WORDINGS
from tracekd.worlds.contract import Supports
from tracekd.worlds.cotempqa.dates import any_between, write_date
from tracekd.worlds.cotempqa.dials import ONE_SLOT, CotemporalDials
from tracekd.worlds.cotempqa.names import Names
from tracekd.worlds.cotempqa.plan import (
    Plan,
    Shape,
    draw_answers,
    draw_cotemporal,
    draw_distractor,
    draw_event,
    plan_of,
)
from tracekd.worlds.cotempqa.published import WORKED_FOR, Relation
from tracekd.worlds.cotempqa.times import Draw, Time

_WORDINGS = {wording.relation: wording for wording in WORDINGS}
_LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class CotemporalQuestion:
    """One question with its facts, a line of JSON; an item of the world (see `worlds.contract.Item`).

    `support` is the only minimal support: the fact of the question's event, then the facts of the answers, in the order
    of the facts. If one of them is missing, another answer follows, or no class.
    """

    triple_element: str
    question: str
    facts: tuple[str, ...]
    answer: tuple[str, ...]
    support: tuple[str, ...]
    questions: int = 1

    @property
    def supports(self) -> tuple[Supports, ...]:
        return ((self.support,),) * self.questions

    def cut(self, questions: int) -> "CotemporalQuestion":
        return self if questions >= self.questions else replace(self, questions=0)

    def text(self) -> str:
        if not self.questions:
            return ""
        record = {
            "index": self._index(),
            "triple_element": self.triple_element,
            "question": self.question,
            "facts": self.facts,
            "answer": self.answer,
        }
        return json.dumps(record) + _LINE_END

    def _index(self) -> int:
        # The number of the item is unknown here. In the published files, the index is not unique either.
        text = "\n".join((self.question, *self.facts))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest())


class Fact(NamedTuple):
    """A subject, its relation to an object, and the time."""

    subject: str
    relation: Relation
    object: str
    when: Time


class QuestionFacts:
    """The facts of one question while they are drawn: first the event, then the answers, then the others.

    `given` is the entity on the other side of the asked relation.
    """

    __slots__ = ("_dials", "_draw", "_event", "_names", "_plan", "answers", "facts", "given", "shape")

    def __init__(self, dials: CotemporalDials, plan: Plan, draw: Draw) -> None:
        self._dials, self._plan, self._draw = dials, plan, draw
        self._names = Names(draw, dials.name_traps)
        self._event = draw_event(dials, plan, draw)
        self.shape = shape = plan.shapes.draw(draw)
        subject, object_ = self._names.subject(shape.relation), self._names.object(shape.relation)
        self.given = subject if shape.triple_element.startswith("S1") else self._names.subject(shape.asked_relation)
        if shape.asks_subject:
            self.given = object_
        self.facts = [Fact(subject, shape.relation, object_, self._event)]
        self.answers: list[str] = []
        self._fill()

    def _fill(self) -> None:
        dials, draw, one_slot = self._dials, self._draw, self.shape.triple_element in ONE_SLOT
        answers = self._plan.answers.draw(draw)
        size = any_between(draw, dials.facts_min, dials.facts_max)
        others = self._plan.other_facts[self.shape.triple_element].draw(draw)
        if one_slot:
            others = min(others, size - 1 - answers)
        for when in draw_answers(dials, self._plan, self._event, answers, draw):
            self.answers.append(self._new_asked())
            self._add_asked(self.answers[-1], when)
        for _ in range(size - answers - (1 + others if one_slot else 0)):
            self._add_asked(self._distracting_name(), self._other_time())
        if not one_slot:
            self._fill_slot_of_event(any_between(draw, dials.facts_min, dials.facts_max) - 1)
        for _ in range(others):
            self._add_other()

    def _new_asked(self) -> str:
        shape = self.shape
        return self._names.subject(shape.relation) if shape.asks_subject else self._names.object(shape.asked_relation)

    def _add_asked(self, name: str, when: Time) -> None:
        shape = self.shape
        subject, object_ = (name, self.given) if shape.asks_subject else (self.given, name)
        self.facts.append(Fact(subject, shape.asked_relation, object_, when))

    def _distracting_name(self) -> str:
        traps = self._dials.substring_traps
        if not traps or self._draw() >= traps:
            return self._new_asked()
        answer = self.answers[int(self._draw() * len(self.answers))]
        return self._names.longer(answer, self.shape.asked_relation, self.shape.asks_subject)

    def _fill_slot_of_event(self, count: int) -> None:
        subject, relation = self.facts[0].subject, self.shape.relation
        for _ in range(count):
            self.facts.append(Fact(subject, relation, self._names.object(relation), self._any_time()))

    def _add_other(self) -> None:
        relation, asked = self.shape.relation, self.shape.asked_relation
        subject, beside = self._somebody(), self._plan.relations_beside.get((relation, asked))
        if not beside or self._draw() < self._dials.same_relation:
            subject, other = self._names.subject(asked), asked
        else:
            other = beside.draw(self._draw)
        self.facts.append(Fact(subject, other, self._names.object(other), self._any_time()))

    def _somebody(self) -> str:
        # A person whom the question names, or who could be read as an answer.
        if not self.shape.asks_subject:
            return self.given if self._draw() < 0.5 else self.facts[0].subject
        return self.facts[int(self._draw() * len(self.facts))].subject

    def _any_time(self) -> Time:
        if self._draw() < self._dials.same_time:
            return draw_cotemporal(self._dials, self._plan, self._event, self._draw)
        return self._other_time()

    def _other_time(self) -> Time:
        return draw_distractor(self._dials, self._plan, self._event, self._draw)


def make(dials: CotemporalDials, rng: Random) -> CotemporalQuestion:
    """Draw a question of the class of these dials."""
    draw = rng.random
    context = QuestionFacts(dials, plan_of(dials), draw)
    # Sorting by random keys is faster than `rng.shuffle`.
    order = sorted(range(len(context.facts)), key=[draw() for _ in context.facts].__getitem__)
    gold = len(context.answers) + 1
    places = [str(place) for place, number in enumerate(order, start=1) if 0 < number < gold]
    return CotemporalQuestion(
        triple_element=context.shape.triple_element,
        question=_question(context, PHRASES[int(draw() * len(PHRASES))]),
        facts=tuple([_sentence(context.facts[number], draw) for number in order]),
        answer=tuple(context.answers),
        support=(str(order.index(0) + 1), *places),
    )


def _sentence(fact: Fact, draw: Draw) -> str:
    words = _WORDINGS[fact.relation].facts
    said = words[1] if len(words) > 1 and draw() < WORKED_FOR else words[0]
    start, end = fact.when
    when = f"in {write_date(start)}" if start == end else f"from {write_date(start)} to {write_date(end)}"
    return f"{fact.subject} {said} {fact.object} {when}."


def _question(context: QuestionFacts, phrase: str) -> str:
    event, shape, wording = context.facts[0], context.shape, _WORDINGS[context.shape.asked_relation]
    start = f"While {event.subject} {_WORDINGS[event.relation].event} {event.object}"
    if shape.asks_subject:
        return f"{start}, who {wording.who} {context.given} {phrase}?"
    before, after = wording.which[_which(shape)]
    return f"{start}, which {before} {context.given} {after}{' ' if after else ''}{phrase}?"


def _which(shape: Shape) -> int:
    # As in the data set: questions about one slot have no `hold` (`which position did X`), and questions about two
    # relations ask `which school did X attend`.
    if shape.asked_relation == "P39":
        return int(shape.triple_element == "S1_R1_O2")
    return int(shape.asked_relation == "P69" and shape.relation != "P69")
