"""Judges the statements of one trace about events in time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracekd.problem import Fact
from tracekd.statements.cotempqa.answers import deny_answer, ground_answer, ground_name, without_box
from tracekd.statements.cotempqa.dates import DATE_MARK
from tracekd.statements.cotempqa.known import Known, plain
from tracekd.statements.cotempqa.relations import LABELS, WORDS, Truth, holds, restates
from tracekd.statements.cotempqa.shapes import Dated, Shape, Side, When, read_shape
from tracekd.statements.cotempqa.wording import say_dated
from tracekd.statements.cotempqa.words import NAME_MARK
from tracekd.statements.grounding import Said
from tracekd.statements.introductions import answer_part
from tracekd.statements.names import Marked, Mention
from tracekd.statements.statement import Grounds
from tracekd.tasks.cotempqa.intervals import Interval


class _Meant(NamedTuple):
    """What a side may mean: one of these times, each with the place of its fact (-1: a bare time)."""

    times: tuple[tuple[Interval, int], ...]


class _Told(NamedTuple):
    """How a stated time stands to the facts: `truth`, the facts that decide, and the sentence that it makes if false."""

    truth: Truth
    places: tuple[int, ...]
    as_fact: str | None = None
    in_context: bool = True


_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Grounded:
    """A question about events, prepared to judge traces."""

    known: Known

    @classmethod
    def of(cls, question: str, facts: Sequence[Fact]) -> "Grounded":
        """Read a question and its context."""
        return cls(Known.of(question, facts))

    def mark(self, text: str) -> Marked:
        """Mark the names in a text."""
        return self.known.mark(text)

    def begin(self) -> "CotempTelling":
        """Begin to read a trace."""
        return CotempTelling(self.known)


class CotempTelling:
    """One trace in the course of reading. It remembers the events that were spoken of last."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.recent: list[int] = []
        self.focus: str | None = None

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the context; None if it cannot be read."""
        grounds = self._read(said)
        if said.mentions and (grounds is None or not grounds.is_read):
            # Nobody knows what `this` means after a statement that was not understood.
            self.recent.clear()
            self.focus = None
        return grounds

    def _read(self, said: Said) -> Grounds | None:
        part = answer_part(said.body)
        if part is not None:
            return self._answer(said, part)
        return self._statement(said)

    def _answer(self, said: Said, part: str) -> Grounds | None:
        """How an answer stands to the context; of one with a time, the time must be right as well."""
        count = sum(sign in (NAME_MARK, DATE_MARK) for sign in part)
        mentions = said.mentions[len(said.mentions) - count :]
        inner = said._replace(body=without_box(part), mentions=mentions, continues_answer=False)
        answer = ground_answer(self.known, part, _names(inner), _as_written(part, inner))
        if answer is not None and DATE_MARK not in part:
            return answer
        # `Answer: NAME works for ..` says a whole sentence.
        claim = self._statement(inner) if count and part != said.body else None
        if answer is None:
            return claim
        return answer if claim is not None and claim.holds else claim

    def _statement(self, said: Said) -> Grounds | None:
        names = _names(said)
        if (denial := deny_answer(self.known, said.body, names)) is not None:
            return denial
        shape = read_shape(said.body)
        if shape.kind == "unread":
            return None
        dates = [mention for mention in said.mentions if mention.mark == DATE_MARK]
        if shape.kind == "heading":
            if said.continues_answer and len(names) == 1 and (answer := ground_name(self.known, names[0])):
                return answer
            self._remember(self._candidates(names, ""))
            self.focus = names[-1]
            return None if len(names) > 1 else Grounds("no_claim", reason="it only names something")
        if shape.kind == "class":
            return self._class(shape)
        if shape.kind == "identify":
            return self._identify([names[at] for at in shape.left.names], [names[at] for at in shape.right.names])
        if shape.invented and not self._invents(said):
            return None
        return self._claim(shape, names, dates, said)

    def _invents(self, said: Said) -> bool:
        """Whether a word with a capital letter stands in the statement that no name of the context has."""
        text = said.text
        for mention in said.mentions:
            text = text.replace(str(mention.value), "")
        words = [word.lower() for word in _WORD.findall(text)[1:] if word[0].isupper() and len(word) > 1]
        return not self.known.name_words.issuperset(words)

    def _claim(self, shape: Shape, names: Sequence[str], dates: Sequence[Mention], said: Said) -> Grounds | None:
        told = [self._dated(one, names, dates) for one in shape.dated if one.names or one.pronoun or not shape.relation]
        if shape.invented:
            return Grounds(
                "unsupported", reason="it names something that is not in the context", slot=("invented", said.body)
            )
        slot: tuple[object, ...] = ("time", frozenset(names))
        if any(not one.in_context for one in told):
            return Grounds("unsupported", reason="no fact connects these names", slot=slot)
        if shape.kind == "dated":
            return self._of_told(shape, told, slot, said)
        if shape.kind == "event":
            return self._event(shape, names, slot)
        false = next((one for one in told if one.truth is False), None)
        if false is not None:
            return self._of_told(shape, [false], slot, said)
        if shape.relation == "U" and shape.right.when and not (shape.right.names or shape.negated):
            # `She worked there during 1995` states a time.
            at = self._dated(Dated(shape.left.names, shape.right.when, shape.left.pronoun), names, dates)
            if at.truth is not False:
                return self._of_told(shape, [at], slot, said)
        return self._relation(shape, names, dates)

    def _of_told(self, shape: Shape, told: Sequence[_Told], slot: tuple[object, ...], said: Said) -> Grounds | None:
        places = [place for one in told for place in one.places]
        if not told or not places:
            return None
        self._remember(places)
        ids = self.known.ids(places)
        false = next((one for one in told if one.truth is False), None)
        if shape.negated:
            return (
                Grounds("derived", ids, "the context gives another time", slot=slot)
                if false and len(ids) == 1
                else None
            )
        if false is not None:
            if not any(one.names or one.pronoun for one in shape.dated):
                return None
            facts = self.known.ids(false.places)
            said_so = self.known.facts[false.places[0]].text
            return Grounds(
                "contradicted", facts, f"the context says: {said_so[:200]}", slot=slot, as_fact=false.as_fact
            )
        if any(one.truth is None for one in told):
            return Grounds("derived", ids, "the stated time lies within that of the fact", slot=slot)
        if len(set(places)) == 1 and plain(said.text).endswith(self.known.plain[places[0]]):
            return Grounds("quoted", ids, "the context says so", slot=slot)
        return Grounds("restated", ids, "the context says so in other words", slot=slot)

    def _event(self, shape: Shape, names: Sequence[str], slot: tuple[object, ...]) -> Grounds | None:
        subjects = [name for name in names if name in self.known.of_subject]
        if not subjects or len(subjects) == len(names) or len(names) > len(subjects) + 1:
            return None
        groups = self._groups(names, "")
        if shape.negated or not all(groups):
            return None if shape.negated else Grounds("unsupported", reason="no fact connects these names", slot=slot)
        places = [group[0] for group in groups]
        self._remember(places)
        return Grounds(
            "restated", self.known.ids(places), "the context says so in other words", slot=("event", frozenset(names))
        )

    def _dated(self, one: Dated, names: Sequence[str], dates: Sequence[Mention]) -> _Told:
        stated = _interval(one.when, dates)
        groups = self._groups([names[at] for at in one.names], one.pronoun)
        if not groups or not all(groups):
            return _Told(False, (), in_context=not one.names)
        places: list[int] = []
        inside = False
        for group in groups:
            truths = {place: restates(one.when.kind, stated, self._when(place), len(groups) > 1) for place in group}
            right = [place for place in group if truths[place]] or [p for p in group if truths[p] is None]
            if not right:
                return _Told(False, tuple(group), say_dated(self.known.facts[group[0]].text, one.when.kind, stated))
            inside = inside or truths[right[0]] is None
            places.append(right[0])
        return _Told(None if inside else True, tuple(places))

    def _relation(self, shape: Shape, names: Sequence[str], dates: Sequence[Mention]) -> Grounds | None:
        left = self._meant(shape.left, names, dates, shape.plural)
        right = self._meant(shape.right, names, dates, False)
        if not left and len(right) > 1 and "j" in shape.right.rest:
            left, right = right[:1], right[1:]
        if not left and len(right) > 1 and shape.plural and shape.relation in "LV":
            # `At the same time, he held both X and Y`
            left, right = right[:1], right[1:]
        if not right:
            right = self._other_side(left, shape)
        if not left:
            left = self._left_out(right, shape)
        if not right or not left:
            left, right = left[:1], left[1:]
        if not left or not right:
            return None
        return self._decide(shape, left, right)

    def _decide(self, shape: Shape, left: Sequence[_Meant], right: Sequence[_Meant]) -> Grounds | None:
        truths: list[Truth] = []
        places: list[int] = []
        for one in left:
            for other in right:
                truth, used = _best(shape, one, other)
                truths.append(truth)
                places += used
        places = [place for place in dict.fromkeys(places) if place >= 0]
        self._remember(places)
        ids = self.known.ids(places)
        word = WORDS[shape.relation]
        slot = ("relation", frozenset(places) or (left[0].times, right[0].times))
        label = LABELS.get(shape.relation) if not shape.negated and self.known.anchor in places else None
        if False in truths:
            reason = (
                f"the dates say otherwise: the first one {word} the second one"
                if shape.negated
                else f"by the dates, it is not true that the first one {word} the second one"
            )
            return Grounds("contradicted", ids, reason, slot=slot, label=label)
        if None in truths:
            return Grounds(
                "unsupported", ids, "the two times have a part in common, but are not the same", False, slot, label
            )
        return Grounds("derived", ids, "it follows from the dates", slot=slot, label=label)

    def _meant(self, side: Side, names: Sequence[str], dates: Sequence[Mention], plural: bool) -> list[_Meant]:
        if side.names:
            groups = self._groups([names[at] for at in side.names], side.pronoun)
            if not all(groups) and len(side.parts) > 1:
                # `X at A and Y at B` names two events.
                groups = [group for part in side.parts for group in self._groups([names[at] for at in part], "")]
            if not groups or not all(groups):
                return []
            meant = [_Meant(tuple([(self._when(place), place) for place in group])) for group in groups]
        elif side.when is not None:
            meant = [_Meant(((_interval(side.when, dates), -1),))]
        elif side.pronoun and self.recent:
            # `They overlap` is said of the event of the question and of another one.
            others = [place for place in self.recent if place != self.known.anchor] if plural else []
            last = others[-1] if others else self.recent[-1]
            meant = [_Meant(((self._when(last), last),))]
        else:
            return []
        return [_at_edge(one, side.part) for one in meant]

    def _other_side(self, left: Sequence[_Meant], shape: Shape) -> list[_Meant]:
        """What a statement compares with if it does not say: its own names with each other, or the event of the question."""
        if len(left) > 1:
            return []
        anchor = self.known.anchor
        used = {place for one in left for _, place in one.times}
        if anchor is None or anchor in used:
            return []
        return [_at_edge(_Meant(((self._when(anchor), anchor),)), shape.right.part)]

    def _left_out(self, right: Sequence[_Meant], shape: Shape) -> list[_Meant]:
        """What a statement without a subject speaks of: the event that was spoken of last."""
        used = {place for one in right for _, place in one.times}
        recent = self.recent if shape.plural else self.recent[-1:]
        last = next((place for place in reversed(recent) if place not in used), None)
        if last is None and not self.recent and self.known.anchor not in used:
            last = self.known.anchor
        return [] if last is None else [_at_edge(_Meant(((self._when(last), last),)), shape.left.part)]

    def _class(self, shape: Shape) -> Grounds | None:
        label = LABELS[shape.relation]
        if not self.known.labels:
            return None
        anchor = () if self.known.anchor is None else (self.known.anchor,)
        ids = self.known.ids((*anchor, *self.known.answers.values()))
        if label in self.known.labels:
            return Grounds("derived", ids, "it follows from the dates", slot=("class",), label=label)
        right = " or ".join(sorted(self.known.labels))
        return Grounds("contradicted", ids, f"by the dates, the class is {right}", slot=("class",), label=label)

    def _identify(self, names: Sequence[str], by: Sequence[str]) -> Grounds | None:
        """`The player who .. at the same time as .. is NAME`, if it is said of the event of the question."""
        asked = self.known.asked
        if asked is None or not {asked.anchor.subject, asked.anchor.object, asked.given}.issuperset(by):
            return None
        own = asked.answer_of(asked.anchor)
        names = [name for name in names if name != own] or names
        return ground_answer(self.known, NAME_MARK * len(names), names, "")

    def _groups(self, names: Sequence[str], pronoun: str) -> list[list[int]]:
        """The facts that each named person or thing may mean; an empty group if no fact connects the names."""
        known = self.known
        subjects = [name for name in dict.fromkeys(names) if name in known.of_subject]
        objects = [name for name in dict.fromkeys(names) if name not in known.of_subject]
        if any(name not in known.of_object for name in objects):
            return [[]]
        if subjects and objects:
            return [[p for p in known.of_subject[s] if p in known.of_object[o]] for s in subjects for o in objects]
        if subjects:
            return [self._of_subject(subject) for subject in subjects]
        if objects:
            return [self._by_focus(known.of_object[o]) for o in objects]
        last = self.recent[-1:] or ([] if known.anchor is None else [known.anchor])
        return [last] if last else []

    def _of_subject(self, subject: str) -> list[int]:
        """The facts of this person; if the facts spoken of just now are among them, only those."""
        return self.known.of_subject[subject]

    def _by_focus(self, places: list[int]) -> list[int]:
        mine = [p for p in places if (event := self.known.events[p]) and event.event.subject == self.focus]
        return mine or places

    def _candidates(self, names: Sequence[str], pronoun: str) -> list[int]:
        return [place for group in self._groups(names, pronoun) for place in group[:1]]

    def _when(self, place: int) -> Interval:
        event = self.known.events[place]
        assert event is not None, "only facts that were read are looked up"
        return event.when

    def _remember(self, places: Sequence[int]) -> None:
        for place in places:
            if place in self.recent:
                self.recent.remove(place)
            self.recent.append(place)
        del self.recent[:-4]
        if self.recent and places:
            event = self.known.events[self.recent[-1]]
            self.focus = event.event.subject if event else self.focus


def _best(shape: Shape, one: _Meant, other: _Meant) -> tuple[Truth, tuple[int, ...]]:
    """The truth by the reading in favour of the statement, and the facts of this reading."""
    found: tuple[Truth, tuple[int, ...]] = (False, ())
    if shape.relation in "EI" and (shape.left.part == "") != (shape.right.part == ""):
        return None, ()
    for first, place in one.times:
        for second, at in other.times:
            if place >= 0 and place == at:
                continue
            truth = holds(shape.relation, first, second, shape.negated)
            if truth or not found[1]:
                found = (truth, (place, at))
            if truth is None and found[0] is False:
                found = (None, (place, at))
            if truth:
                return found
    return found if found[1] else (None, ())


def _at_edge(meant: _Meant, part: str) -> _Meant:
    """The beginning or the end of these times, as points."""
    if not part:
        return meant
    edges = [(when.start if part == "start" else when.end, place) for when, place in meant.times]
    return _Meant(tuple([(Interval(date, date), place) for date, place in edges]))


def _as_written(part: str, said: Said) -> str:
    """The end of a statement with its names as they were written, in lower case. `said` has the names of this part."""
    names = iter([said.text[one.start - said.start : one.end - said.start].lower() for one in said.mentions])
    return "".join([next(names) if sign in (NAME_MARK, DATE_MARK) else sign for sign in part])


def _names(said: Said) -> list[str]:
    return [str(mention.value) for mention in said.mentions if mention.mark != DATE_MARK]


def _interval(when: When, dates: Sequence[Mention]) -> Interval:
    return Interval(dates[when.first].value, dates[when.last].value)  # type: ignore[arg-type]  # the value of a date
