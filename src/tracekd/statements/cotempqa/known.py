"""What a CoTempQA context says, ready for look-ups: events by name, and the names as people write them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tracekd.problem import Fact
from tracekd.statements.cotempqa.dates import find_dates
from tracekd.statements.cotempqa.words import NAME_MARK
from tracekd.statements.names import Marked, Name, longest_first, lower, mark
from tracekd.tasks.cotempqa.intervals import Compare, Interval, tuple_order, whole_years
from tracekd.tasks.cotempqa.rules import Reading, classify, read_facts
from tracekd.tasks.cotempqa.sentences import DatedEvent, Question, parse_facts, parse_question

_WORD = re.compile(r"\w+")
_MONTHS = "january february march april may june july august september october november december".split()
_PARENTHESIS = re.compile(r" ?\([^()]*\)")
_LINKS_IN_NAMES = re.compile(r" (?=(?:of|for|in) )")
_PARTICLES = frozenset("de of the von van der den".split())
_CALLED_OTHERWISE = frozenset(
    "may will april june august the van von der den del dos jr sr iii bin ibn new old san saint".split()
)
# More facts than any problem has. A statement takes time in proportion to them, so that of longer contexts is not read.
_MOST_FACTS = 200
TOO_MANY_FACTS = f"not judged: the context has more than {_MOST_FACTS} facts"
_MOST_KEPT = 2**12
_NO_TIME = Interval((0, 0, 0), (0, 0, 0))


@dataclass(frozen=True)
class Known:
    """A question and its context. `events`: the content of each fact; None for a fact in another form.

    `is_whole`: it was read; a context of too many facts is not.
    """

    question: str
    facts: Sequence[Fact]
    events: Sequence[DatedEvent | None]
    asked: Question | None
    reading: Reading | None
    is_whole: bool = True
    of_subject: dict[str, list[int]] = field(default_factory=dict)
    of_object: dict[str, list[int]] = field(default_factory=dict)
    _facts_of: dict[tuple[str, ...], tuple[list[list[int]], bool]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, question: str, facts: Sequence[Fact]) -> "Known":
        """Read a question and its context."""
        if len(facts) > _MOST_FACTS:
            return cls(question, (), (), None, None, is_whole=False)
        events = parse_facts([fact.text for fact in facts])
        asked = parse_question(question)
        known = cls(question, facts, events, asked, read_facts(asked, events) if asked else None)
        for place, event in enumerate(events):
            if event:
                known.of_subject.setdefault(event.event.subject, []).append(place)
                known.of_object.setdefault(event.event.object, []).append(place)
        return known

    def facts_of(self, names: tuple[str, ...]) -> tuple[list[list[int]], bool]:
        """The facts that these names may mean, a group for each person or pair; an empty group if no fact connects them.

        Second: whether they are only objects, so the person may be anybody.
        """
        found = self._facts_of.get(names)
        if found is None:
            if len(self._facts_of) > _MOST_KEPT:
                self._facts_of.clear()
            found = self._facts_of[names] = self._look_up(names)
        return found

    def _look_up(self, names: tuple[str, ...]) -> tuple[list[list[int]], bool]:
        subjects = [name for name in dict.fromkeys(names) if name in self.of_subject]
        objects = [name for name in dict.fromkeys(names) if name not in self.of_subject]
        if any(name not in self.of_object for name in objects):
            return [[]], False
        if subjects and objects:
            return [[p for p in self.of_subject[s] if p in self.of_object[o]] for s in subjects for o in objects], False
        if subjects:
            return [self.of_subject[subject] for subject in subjects], False
        return [self.of_object[o] for o in objects], True

    def named_by(self, beginning: str) -> str | None:
        """The only name of the context that begins with these words in lower case; None if there are several or none."""
        found = [name for small, name in self._small_names if small.startswith(beginning)]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _small_names(self) -> tuple[tuple[str, str], ...]:
        return tuple([(name.lower(), name) for name in dict.fromkeys([*self.of_subject, *self.of_object])])

    def mark(self, text: str) -> Marked:
        """Mark names and dates in a text."""
        return mark(text, self.names, find_dates(lower(text)))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """All names of the context and the question, with the shorter forms that only one of them can have."""
        whole = dict.fromkeys([*self.of_subject, *self.of_object])
        if self.asked:
            whole |= dict.fromkeys((self.asked.anchor.subject, self.asked.anchor.object, self.asked.given))
        found = {name: name for name in whole}
        short: dict[str, set[str]] = {}
        for name in whole:
            for form in _short_forms(name, name in self.of_subject):
                short.setdefault(form, set()).add(name)
        whole_small = [name.lower() for name in whole]
        for form, names in short.items():
            if len(names) == 1 and form not in found and not (" " in form and _begins_several(form, whole_small)):
                found[form] = next(iter(names))
        return longest_first(_name(form, name) for form, name in found.items())

    @cached_property
    def name_words(self) -> frozenset[str]:
        """The words of all names, and of months, in lower case."""
        names = " ".join([*self.of_subject, *self.of_object]).lower()
        return frozenset([*_WORD.findall(names), *_MONTHS, *[month[:3] for month in _MONTHS], "sept"])

    @cached_property
    def anchor(self) -> int | None:
        """The place of the fact that states the event of the question."""
        return self.reading.anchor if self.reading else None

    @cached_property
    def answers(self) -> dict[str, int]:
        """The answers that follow from the whole context, each with the place of its fact.

        If several facts state the event of the question, an answer may follow from any of them.
        """
        return self._sharing(tuple_order)

    @cached_property
    def possible_answers(self) -> dict[str, int]:
        """The answers if a year means the whole year."""
        return self._sharing(whole_years) | self.answers

    def _sharing(self, compare: Compare) -> dict[str, int]:
        if self.reading is None or self.asked is None:
            return {}
        own = self.asked.answer_of(self.asked.anchor)
        times = [event.when for at in self.reading.anchors if (event := self.events[at])]
        return {
            name: place
            for place, (name, when) in self.reading.answers.items()
            if name != own and any(compare(time, when) for time in times)
        }

    @cached_property
    def labels(self) -> frozenset[str]:
        """The classes that question and context allow."""
        return classify(self.question, [fact.text for fact in self.facts]) or frozenset()

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """Each fact in lower case with single blanks, without quotation marks and full stop around it."""
        return tuple([_plain(fact.text.lower()) for fact in self.facts])

    @cached_property
    def verbs(self) -> tuple[str, ...]:
        """The first word after the subject of each fact in its plain form; empty if it is not known."""
        found = []
        for fact, event in zip(self.plain, self.events, strict=True):
            subject = event.event.subject.lower() if event else fact
            verb = fact[len(subject) :].split(" ", 2)[1:2] if fact.startswith(subject) else []
            found.append("".join(verb))
        return tuple(found)

    def is_quoted(self, text: str, place: int) -> bool:
        """Whether a text ends with the fact at this place."""
        small = text.lower()
        # Most statements have other words after the subject: `worked` for `works`.
        return self.verbs[place] in small and _plain(small).endswith(self.plain[place])

    @cached_property
    def times(self) -> tuple[tuple[Interval, int], ...]:
        """The time of each fact, with its place; one that was not read has none, and is never looked up."""
        return tuple([(event.when if event else _NO_TIME, place) for place, event in enumerate(self.events)])

    def ids(self, places: Sequence[int]) -> tuple[str, ...]:
        """The ids of the facts at these places, in the order of the context."""
        ids = self._fact_ids
        if len(places) == 1:
            return (ids[places[0]],)
        return tuple([ids[place] for place in sorted(set(places))])

    @cached_property
    def _fact_ids(self) -> tuple[str, ...]:
        return tuple([fact.id for fact in self.facts])


def _plain(small: str) -> str:
    return " ".join(small.split()).strip(' ."“”*_')


def _name(form: str, value: str) -> Name:
    # `Really` is a company; `really` is not.
    is_word = " " not in form
    return Name(lower(form), NAME_MARK, value, form[0] if is_word and form[0].isupper() else "")


def _begins_several(form: str, names: Sequence[str]) -> bool:
    """Whether several names, in lower case, begin with this one."""
    begin = f"{form.lower()} "
    return sum([name.startswith(begin) for name in names]) > 1


def _short_forms(name: str, is_subject: bool) -> Iterator[str]:
    without = _PARENTHESIS.sub("", name).strip() if "(" in name else name
    if without and without != name:
        yield without
    if name.lower().startswith("the ") and len(name) > 7:
        yield name[4:]
    words = name.split()
    if not is_subject:
        # `Prime Minister` for `Prime Minister of the United Kingdom`
        for link in _LINKS_IN_NAMES.finditer(name):
            if " " in name[: link.start()]:
                yield name[: link.start()]
        return
    if len(words) < 2:
        return
    if " of " in name:
        yield name.partition(" of ")[0]
    elif len(words) <= 5 and words[-1][0].isupper():
        yield from _alone(words[-1])
        yield from _alone(words[0])
    if len(words) == 3 and words[1].lower() not in _PARTICLES:
        yield f"{words[0]} {words[2]}"


def _alone(word: str) -> Iterator[str]:
    if len(word) > 2 and word.isalpha() and word[0].isupper() and word.lower() not in _CALLED_OTHERWISE:
        yield word
