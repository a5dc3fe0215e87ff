"""What a bAbI story says, ready for look-ups, and the names as texts write them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracekd.problem import Fact
from tracekd.statements.babi.layouts import Layout
from tracekd.statements.babi.natures import Natures
from tracekd.statements.babi.rooms import Rooms
from tracekd.statements.babi.words import COLOUR, KIND, PEOPLE, PERSON, PLACE, PLACES, SHAPE, STATE, THING, THINGS, TIME
from tracekd.statements.names import MARKS, Marked, Name, longest_first, mark
from tracekd.tasks.babi import rules
from tracekd.tasks.babi.families import classify
from tracekd.tasks.babi.sentences import plain
from tracekd.tasks.babi.whereabouts import TIMES
from tracekd.tasks.solution import Solution

# More facts than any story has. A statement takes time in proportion to them, so of longer stories only quotations are read.
_MOST_FACTS = 500
TOO_MANY_FACTS = f"not judged: the story has more than {_MOST_FACTS} sentences"
ARROW = "⇒"
# An arrow with only a name before it, from the beginning of a sentence or a clause on.
_ARROW = re.compile(
    rf"((?:^|[.:,;!?\n] |\bthat )[ *•-]{{0,4}}(?:[Tt]he )?\**[{MARKS}]\**(?: and [{MARKS}])?(?:'s)? ?)"
    rf"(→|[-=]>)(?=[^\n]{{3}}| ?[{MARKS}])",
    re.MULTILINE,
)
_PUNCTUATION = str.maketrans(dict.fromkeys(".,;:!?\"'*()“”", " "))
_STATES = ("hungry", "thirsty", "tired", "bored")


@dataclass(frozen=True)
class Known:
    """A question and its story. `plain`: the facts in lower case with single blanks.

    `is_whole`: the rules read all facts; of a story with too many, they read none.
    """

    question: str
    facts: Sequence[Fact]
    plain: Sequence[str]
    rooms: Rooms
    layout: Layout
    natures: Natures
    is_whole: bool = True

    @classmethod
    def of(cls, question: str, facts: Sequence[Fact]) -> "Known":
        """Read a question and its story."""
        texts = [plain(fact.text) for fact in facts]
        read = texts if len(texts) <= _MOST_FACTS else ()
        return cls(question, facts, texts, Rooms.of(read), Layout.of(read), Natures.of(read), len(texts) <= _MOST_FACTS)

    def mark(self, text: str) -> Marked:
        """Mark the names in a text, and arrows that say something of one (`Mary -> kitchen`)."""
        marked = mark(text, self.names)
        if "→" not in text and ">" not in text:
            return marked
        return marked._replace(text=_ARROW.sub(lambda found: found[1] + ARROW.ljust(len(found[2])), marked.text))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names of the story, and those of other stories of the same kind."""
        return longest_first(Name(text, sign, value) for text, (sign, value) in dict(self._names()).items())

    def _names(self) -> Iterator[tuple[str, tuple[str, object]]]:
        if self.layout.things:
            for thing in (*PLACES, *self.layout.things):
                yield thing, (SHAPE, thing)
            return
        for place in PLACES:
            yield place, (PLACE, place)
        for seens in self.rooms.seen.values():
            for seen in seens:
                yield from ((place, (PLACE, place)) for place in seen.places)
        for person in (*PEOPLE, *self.rooms.seen, *self.natures.names):
            yield person, (PERSON, person)
        for thing in (*THINGS, *self.rooms.handled):
            yield thing, (THING, thing)
        for those in self.rooms.handled.values():
            for one in those:
                yield from ((person, (PERSON, person)) for person in (one.giver, one.taker) if person)
        if self.rooms.visits:
            yield from ((text, (TIME, number)) for number, text in enumerate(TIMES))
        yield from ((kind, (KIND, value)) for kind, value in self.natures.kinds.items())
        yield from ((colour, (COLOUR, colour)) for colour in self.natures.colours)
        if self.natures.states:
            yield from ((state, (STATE, state)) for state in _STATES)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The places in the story of each fact, by its text without the final full stop."""
        found: dict[str, list[int]] = {}
        for at, fact in enumerate(self.plain):
            found.setdefault(fact.rstrip(". "), []).append(at)
        return found

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of each fact, without punctuation."""
        return tuple([_words(fact) for fact in self.plain])

    @cached_property
    def second_words(self) -> tuple[str, ...]:
        """The second word of each fact."""
        return tuple([fact.partition(" ")[2].partition(" ")[0] for fact in self.words])

    def is_quoted(self, text: str, place: int) -> bool:
        """Whether a text ends with the words of the fact at this place."""
        small = text.lower()
        # Most statements have other words.
        return self.second_words[place] in small and _words(small).endswith(self.words[place])

    @cached_property
    def solutions(self) -> tuple[Solution, ...]:
        """What follows from the whole story, by the rule of each class that the question may have."""
        labels = classify(self.question, self.plain) or frozenset()
        found = [rules.solve(self.question, self.plain, label) for label in sorted(labels)]
        return tuple([solution for solution in found if solution is not None])

    @cached_property
    def right_values(self) -> tuple[tuple[str, ...], ...]:
        """The values of the answer of each solution, in lower case."""
        return tuple([tuple(map(str.lower, solution.answer.values)) for solution in self.solutions])

    def ids(self, places: Sequence[int]) -> tuple[str, ...]:
        """The ids of the facts at these places, in the order of the story."""
        ids = self._fact_ids
        if len(places) == 1:
            return (ids[places[0]],)
        return tuple([ids[place] for place in sorted(set(places))])

    @cached_property
    def _fact_ids(self) -> tuple[str, ...]:
        return tuple([fact.id for fact in self.facts])


def _words(small: str) -> str:
    """The words of a text in lower case, without punctuation."""
    return " ".join(small.translate(_PUNCTUATION).split())
