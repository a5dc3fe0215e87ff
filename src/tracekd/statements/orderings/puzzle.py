"""What an ordering puzzle says: its things, its clues as sets of orders, its options, and the names as texts write them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tracekd.problem import Fact
from tracekd.statements.names import Marked, Name, longest_first, mark
from tracekd.statements.orderings.clauses import THING, Reading, key_of
from tracekd.statements.orderings.orders import MOST_THINGS, Orders, deciding, orders_of

# More facts and options than any puzzle has.
_MOST_FACTS = 50
_MOST_LETTERS = 300
_LISTED = re.compile(r"(?P<kind>\w+): (?P<things>[^:.]+)\.?\s*\Z")
_THING = re.compile(r"(?:,? and |, )?(?:an? |the )?(?P<thing>[^,]+?)(?=, | and |\Z)")
_OPTION = re.compile(r"\((?P<letter>[A-Z])\) ?(?P<said>[^()\n]{1,200})")
# A thing may be named by its first word alone, if its kind is the second: `the purple (book)`.
_KINDS = ("book", "car", "bird", "vehicle", "fruit", "golfer", "one")


@dataclass(frozen=True)
class Puzzle:
    """A question and its clues. `clues` has the place of a fact and the orders in which it is so.

    `options`: by letter, the orders in which an option is so. `forward`: from which end `first` counts, if the clues
    tell. Without things or with more than `MOST_THINGS`, nothing is known (`orders` is None).
    """

    facts: Sequence[Fact]
    things: Sequence[str]
    kind: str
    orders: Orders | None
    forward: bool | None = None
    clues: list[tuple[int, int]] = field(default_factory=list)
    options: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, question: str, facts: Sequence[Fact]) -> "Puzzle":
        """Read a question and its facts."""
        facts = [fact for fact in facts[:_MOST_FACTS] if len(fact.text) <= _MOST_LETTERS]
        kind, things = next((listed for fact in facts if (listed := _listed(fact.text))), ("", ()))
        if not 1 < len(things) <= MOST_THINGS:
            return cls(facts, (), "", None)
        is_race = any("finish" in fact.text for fact in facts)
        puzzle = cls(facts, things, kind, orders_of(len(things)), True if is_race else None)
        for at, fact in enumerate(facts):
            if (said := puzzle._meant(fact.text)) is not None:
                puzzle.clues.append((at, said))
        for option in _OPTION.finditer(question[: 10 * _MOST_LETTERS]):
            if (said := puzzle._meant(option["said"])) is not None:
                puzzle.options[option["letter"]] = said
        return puzzle

    def mark(self, text: str) -> Marked:
        """Mark the things in a text."""
        return mark(text, self.names)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The things, in the ways in which texts name them."""
        names = {thing.lower(): number for number, thing in enumerate(self.things)}
        firsts = [thing.lower().split()[0] for thing in self.things]
        for number, thing in enumerate(self.things):
            words = thing.lower().split()
            if len(words) == 2 and words[1] in _KINDS and firsts.count(words[0]) == 1:
                names.setdefault(words[0], number)
        return longest_first(Name(text, THING, number) for text, number in names.items())

    @cached_property
    def all_clues(self) -> range:
        """The numbers of all clues."""
        return range(len(self.clues))

    @cached_property
    def allowed(self) -> int:
        """The orders that all clues allow."""
        return self.allowed_by(self.all_clues)

    def allowed_by(self, clues: Sequence[int]) -> int:
        """The orders that these clues allow (numbers in `clues`)."""
        allowed = self.orders.every if self.orders else 0
        for number in clues:
            allowed &= self.clues[number][1]
        return allowed

    def deciding(self, orders: int, clues: Sequence[int]) -> tuple[str, ...]:
        """The ids of the facts among these clues that are enough to exclude these orders; together they must exclude them."""
        every = self.orders.every if self.orders else 0
        enough = deciding(every, [self.clues[number][1] for number in clues], orders)
        return tuple([self.facts[self.clues[clues[at]][0]].id for at in enough])

    def _meant(self, text: str) -> int | None:
        marked = self.mark(text)
        if self.orders is None:
            return None
        things = [one.value for one in marked.mentions if isinstance(one.value, int)]
        claim = Reading(self.orders, self.kind, self.forward).read(key_of(marked.text), things)
        return claim.orders if claim and not claim.is_listed else None


def _listed(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The kind and the things of a list such as `there are three birds: a crow, an owl, and a hawk`."""
    found = _LISTED.search(text)
    if not found:
        return None
    things = tuple([one["thing"] for one in _THING.finditer(found["things"])])
    return (found["kind"], things) if len(set(things)) == len(things) > 1 else None
