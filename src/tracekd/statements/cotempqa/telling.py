"""Judges the statements of one trace about events in time."""

import re
from collections.abc import Sequence
from typing import Any

from tracekd.statements.cotempqa.answers import deny_answer, ground_answer, ground_names, without_box
from tracekd.statements.cotempqa.classes import CLASSES, ClassClaim, read_class
from tracekd.statements.cotempqa.comparing import ground_comparison, is_one_fact
from tracekd.statements.cotempqa.dates import DATE_MARK
from tracekd.statements.cotempqa.known import TOO_MANY_FACTS, Known
from tracekd.statements.cotempqa.memory import Memory
from tracekd.statements.cotempqa.relations import LABELS, restates
from tracekd.statements.cotempqa.shapes import SHAPES, Dated, Shape, When
from tracekd.statements.cotempqa.timing import check_time, ground_times, interval
from tracekd.statements.cotempqa.words import NAME_MARK
from tracekd.statements.grounding import Said
from tracekd.statements.introductions import concluded_word
from tracekd.statements.names import Mention
from tracekd.statements.statement import Grounds
from tracekd.tasks.cotempqa.intervals import Date, tuple_order, whole_years

_WORD = re.compile(r"\w+")
# A single word with a capital letter, which is no name of several words.
_BEGINS_WITH_WORD = re.compile(r"\W*[A-Z]\w+\b(?! [A-Z]\w)")


class CotempTelling:
    """One trace in the course of reading."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.memory = Memory(known)

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the context; None if it cannot be read."""
        if not self.known.is_whole:
            return Grounds("unsupported" if said.mentions else "no_claim", reason=TOO_MANY_FACTS, is_read=False)
        part = said.answer
        grounds = self._statement(said) if part is None else self._answer(said, part)
        if said.mentions and (grounds is None or grounds.grounding == "unsupported"):
            # What comes next may speak of something that the context does not have.
            self.memory.forget(_names_and_dates(said.mentions)[0])
        return grounds

    def _answer(self, said: Said, part: str) -> Grounds | None:
        """How an answer stands to the context; of one with a time, the time must be right as well."""
        count = part.count(NAME_MARK) + part.count(DATE_MARK)
        mentions = said.mentions[len(said.mentions) - count :]
        answer = ground_answer(self.known, part, said._replace(mentions=mentions))
        if answer is not None and DATE_MARK not in part:
            return answer
        # `Answer: NAME works for ..` says a whole sentence.
        claim = said._replace(body=without_box(part), mentions=mentions, continues_answer=False)
        whole = claim if count and part != said.body else said
        grounds = self._statement(whole) if count or not said.mentions else None
        if grounds is None and whole is claim and said.body.startswith(("it", "that", "this")):
            grounds = self._statement(said)  # `it's after NAME's time` gives no answer
        return answer if answer is not None and grounds is not None and grounds.holds else grounds

    def _statement(self, said: Said) -> Grounds | None:
        body, mentions = said.body, said.mentions
        names, dates = _names_and_dates(mentions)
        if (denial := deny_answer(self.known, body, names)) is not None:
            # After an answer, `no other employer` means no other one than this.
            return None if self._has_spoken_of_answer() else denial
        if not mentions and (claim := read_class(body)):
            return self._of_class(claim)
        shape = SHAPES[body]
        kind = shape.kind
        if kind == "unread":
            return None
        if kind == "heading":
            return self._heading(names, said.continues_answer or concluded_word(said.text) is not None)
        if kind == "class":
            return self._class(shape)
        if kind == "identify":
            return self._identify([names[at] for at in shape.left.names], [names[at] for at in shape.right.names])
        if shape.invented:
            return self._invented(said)
        if kind == "event":
            return self._event(shape, names)
        if kind == "dated" or (shape.dated and is_one_fact(self.memory, shape, names)):
            return self._dated(shape, names, dates, said.text)
        return self._relation(shape, names, dates, said.text)

    def _heading(self, names: tuple[str, ...], continues_answer: bool) -> Grounds | None:
        if continues_answer and (answer := ground_names(self.known, names)) and (len(names) == 1 or answer.holds):
            return answer
        self.memory.remember_names(names)
        return None if len(names) > 1 else Grounds("no_claim", reason="it only names something")

    def _invented(self, said: Said) -> Grounds | None:
        """A statement with an unknown word where a name is expected; None if it is no name."""
        text = said.text
        for mention in reversed(said.mentions):
            text = f"{text[: mention.start - said.start]} | {text[mention.end - said.start :]}"
        words = [word.lower() for word in _WORD.findall(text) if word[0].isupper() and len(word) > 1]
        if _BEGINS_WITH_WORD.match(text):
            del words[0]  # a sentence begins with a capital letter
        if self.known.name_words.issuperset(words):
            return None
        reason = "it names something that is not in the context"
        return Grounds("unsupported", reason=reason, slot=("invented", said.body))

    def _dated(self, shape: Shape, names: tuple[str, ...], dates: Sequence[Date], text: str) -> Grounds | None:
        """A statement of times."""
        if shape.kind == "relation":
            # `NAME was included in the squad of NAME in 1990` compares nothing.
            whole = (*shape.left.names, *shape.right.names)
            shape = shape._replace(
                kind="dated", relation="", dated=tuple([one._replace(names=whole) for one in shape.dated])
            )
        if len(shape.dated) == 1:
            if len(shape.dated[0].names) < len(names):
                # `NAME was, in 1990, an employee of NAME`
                if not self._is_one_event(names):
                    return None
                shape = shape._replace(dated=(shape.dated[0]._replace(names=tuple(range(len(names)))),))
        elif len({at for one in shape.dated for at in one.names}) < len(names):
            return None  # it is not clear which time is that of the name left over
        times = [check_time(self.memory, one, names, dates) for one in shape.dated]
        if False in [time.in_context for time in times]:
            return _unconnected(names)
        return ground_times(self.memory, shape, times, _time_of(names), text)

    def _relation(self, shape: Shape, names: tuple[str, ...], dates: Sequence[Date], text: str) -> Grounds | None:
        """A statement that compares times, and perhaps states some of them."""
        times = [check_time(self.memory, one, names, dates) for one in shape.dated if one.names or one.pronoun]
        if False in [time.in_context for time in times]:
            return _unconnected(names)
        false = [time for time in times if time.truth is False][:1]
        if false:
            return ground_times(self.memory, shape, false, _time_of(names), text)
        left, right = shape.left, shape.right
        if right.when and left.names and shape.relation in "UWH" and not (right.names or shape.negated):
            # `She worked there during 1995` states a time, and so does `within` or `covers 1991 to 1999` if it is the whole time.
            dated = Dated(left.names, right.when, left.pronoun)
            time = check_time(self.memory, dated, names, dates)
            if not time.in_context:
                return _unconnected(names)
            is_own = shape.relation == "U" and not self._is_of_another(right.when, dates)
            if time.truth or (shape.relation == "U" and time.truth is None) or is_own:
                return ground_times(self.memory, shape._replace(dated=(dated,)), [time], _time_of(names), text)
        return ground_comparison(self.memory, shape, names, dates)

    def _has_spoken_of_answer(self) -> bool:
        """Whether an event that gives an answer was spoken of lately."""
        spoken_of = set(self.known.answers.values()).intersection(self.memory.recent)
        return bool(spoken_of) and not self.memory.is_lost

    def _is_one_event(self, names: Sequence[str]) -> bool:
        """Whether these are one person or owned thing, and one other name."""
        return len(names) == 2 and (names[0] in self.known.of_subject) != (names[1] in self.known.of_subject)

    def _is_of_another(self, when: When, dates: Sequence[Date]) -> bool:
        """Whether a time is a point, or that of an event of the context: `he worked there during 1991 to 1999` may compare."""
        stated = interval(when, dates)
        events = self.known.events
        return when.kind != "span" or any(event and restates("span", stated, event.when) for event in events)

    def _event(self, shape: Shape, names: tuple[str, ...]) -> Grounds | None:
        """A statement that something was so, without its time."""
        subjects = [name for name in names if name in self.known.of_subject]
        if shape.negated or not subjects or len(names) != len(subjects) + 1:
            return None
        groups = self.memory.facts_meant(names, "")
        if not all(groups):
            return _unconnected(names)
        places = [group[0] for group in groups]
        self.memory.remember(places)
        ids = self.known.ids(places)
        return Grounds("restated", ids, "the context says so in other words", slot=("event", frozenset(names)))

    def _class(self, shape: Shape) -> Grounds | None:
        label = LABELS[shape.relation]
        return self._of_class(ClassClaim(label, frozenset((label,)), CLASSES - {label}, True))

    def _of_class(self, claim: ClassClaim) -> Grounds | None:
        labels, anchor = self.known.labels, self.known.anchor
        if not labels or anchor is None:
            return None
        places = [anchor, *self.known.answers.values()]
        last = None if claim.is_general else next((at for at in reversed(self.memory.recent) if at != anchor), None)
        if last is not None:
            # `The periods overlap only in part` may be about the event that was spoken of last.
            pair = self.memory.when(anchor), self.memory.when(last)
            labels |= frozenset((tuple_order(*pair) or "apart", whole_years(*pair) or "apart"))
            places.append(last)
        ids = self.known.ids(places)
        if not claim.true_of.isdisjoint(labels):
            return Grounds("derived", ids, "it follows from the dates", slot=("class",), label=claim.label)
        if not labels <= claim.false_of | {"apart"} or (last is None and not claim.is_general):
            return None
        right = " or ".join(sorted(self.known.labels))
        return Grounds("contradicted", ids, f"by the dates, the class is {right}", slot=("class",), label=claim.label)

    def _identify(self, names: Sequence[str], by: Sequence[str]) -> Grounds | None:
        """`The player who .. at the same time as .. is NAME`, if it is said of the event of the question."""
        asked = self.known.asked
        if asked is None or not {asked.anchor.subject, asked.anchor.object, asked.given}.issuperset(by):
            return None
        own = asked.answer_of(asked.anchor)
        names = [name for name in names if name != own] or names
        return ground_names(self.known, names)


def _names_and_dates(mentions: Sequence[Mention]) -> tuple[tuple[str, ...], list[Date]]:
    names: list[Any] = []
    dates: list[Any] = []
    for _, _, mark, value in mentions:
        (dates if mark == DATE_MARK else names).append(value)
    return tuple(names), dates


def _time_of(names: tuple[str, ...]) -> tuple[object, ...]:
    """The slot of a statement on when these names had to do with each other."""
    return "time", frozenset(names)


def _unconnected(names: tuple[str, ...]) -> Grounds:
    return Grounds("unsupported", reason="no fact connects these names", slot=_time_of(names))
