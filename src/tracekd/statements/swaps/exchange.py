"""A story in which people swap what they have: who has what at each moment. Moment 0 is the start; swap n leads to moment n."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracekd.problem import Fact
from tracekd.statements.names import Marked, Mention, Name, longest_first, mark
from tracekd.statements.swaps.words import PERSON, SWAP_VERB, THING

_MOST_FACTS = 200
_MOST_LETTERS = 1000
_HAS = (
    r"(?:has|gets|got|holds|receives|takes|owns|buys|is playing|is dancing with|is holding|is given|is assigned(?: to)?|"
    r"starts with|begins with)"
)
_NAME = r"[A-Z][\w'’-]{0,40}"
_HOLDING = re.compile(
    rf"(?P<who>{_NAME}) {_HAS} (?:an? |the )?(?P<what>.{{1,80}}?)(?=,? and {_NAME} {_HAS}\b|, {_NAME} {_HAS}\b|[.;]?\s*\Z)"
)
_SWAP = re.compile(rf"(?P<one>{_NAME}) and (?P<other>{_NAME}) (?:then |now |both )?{SWAP_VERB}\b")
_OPTION = re.compile(r"\((?P<letter>[A-Z])\) ?(?P<said>[^()\n]{1,100})")
# Words of a thing that do not name it alone.
_COMMON = frozenset(
    "the a an of and in on with to for right left center centre upper lower new old ball present book gift".split()
)


@dataclass(frozen=True)
class Swap:
    """Two people swap what they have. `fact` is the place of the sentence that says so."""

    pair: frozenset[str]
    fact: int


@dataclass(frozen=True)
class Exchange:
    """A question and its story. `start`: who has what first, and the place of the sentence that says so.

    `asked`: of whom the question asks. `options`: by letter, the thing of an option.
    """

    facts: Sequence[Fact]
    start: Mapping[str, tuple[str, int]]
    swaps: Sequence[Swap]
    asked: str | None
    options: Mapping[str, str]

    @classmethod
    def of(cls, question: str, facts: Sequence[Fact]) -> "Exchange":
        """Read a question and its story."""
        facts = [fact for fact in facts[:_MOST_FACTS] if len(fact.text) <= _MOST_LETTERS]
        start: dict[str, tuple[str, int]] = {}
        swaps: list[Swap] = []
        for at, fact in enumerate(facts):
            swaps += [Swap(frozenset((one["one"], one["other"])), at) for one in _SWAP.finditer(fact.text)]
            if not swaps:
                for one in _HOLDING.finditer(fact.text):
                    start.setdefault(one["who"], (one["what"].strip(), at))
        swaps = [swap for swap in swaps if len(swap.pair) == 2 and all(one in start for one in swap.pair)]
        asks, _, _ = question[:_MOST_LETTERS].partition("Options")
        asked = [one for one in re.findall(_NAME, asks) if one in start]
        options = {one["letter"]: one["said"].strip(" .") for one in _OPTION.finditer(question[: 4 * _MOST_LETTERS])}
        return cls(facts, start, swaps, asked[-1] if asked else None, options)

    @cached_property
    def states(self) -> tuple[Mapping[str, str], ...]:
        """Who has what at each moment."""
        states = [{who: thing for who, (thing, _) in self.start.items()}]
        for swap in self.swaps:
            one, other = sorted(swap.pair)
            now = states[-1]
            states.append({**now, one: now[other], other: now[one]})
        return tuple(states)

    @property
    def end(self) -> int:
        """The last moment."""
        return len(self.swaps)

    def moments_of(self, pair: frozenset[str]) -> list[int]:
        """The moments to which swaps of these two people lead."""
        return [number for number, swap in enumerate(self.swaps, start=1) if swap.pair == pair]

    def grounds(self, who: str, moment: int) -> set[int]:
        """The places of the facts that say why somebody has a thing at a moment."""
        found: set[int] = set()
        for number in range(moment, 0, -1):
            swap = self.swaps[number - 1]
            if who in swap.pair:
                found.add(swap.fact)
                (who,) = swap.pair - {who}
        return found | {self.start[who][1]}

    def ids(self, places: set[int]) -> tuple[str, ...]:
        """The ids of the facts at these places, in the order of the story."""
        return tuple([self.facts[at].id for at in sorted(places)])

    def mark(self, text: str) -> Marked:
        """Mark people and things in a text; a person also by the first letter, if the letter stands alone."""
        return mark(text, self.names, self._initials(text))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """People and things, in the ways in which texts name them."""
        found = {who.lower(): Name(who.lower(), PERSON, who) for who in self.start}
        things = [thing for thing, _ in self.start.values()]
        words = [word for thing in things for word in set(_words(thing))]
        for thing in things:
            small = thing.lower()
            ways = [small, small.removeprefix("the ")]
            ways += [word for word in _words(thing) if words.count(word) == 1 and len(word) > 2 and word not in _COMMON]
            for way in ways:
                found.setdefault(way, Name(way, THING, thing))
        return longest_first(found.values())

    @cached_property
    def _by_initial(self) -> Mapping[str, str]:
        """People by the first letters of their names; empty if two begin with the same."""
        initials = {who[0]: who for who in self.start}
        return initials if len(initials) == len(self.start) else {}

    @cached_property
    def _alone(self) -> "re.Pattern[str]":
        """A first letter that stands for a name: `A: red`, `A and B swap`, `A/B`."""
        one = f"[{''.join(self._by_initial)}]"
        before = rf"(?=:| and {one}\b| {SWAP_VERB}\b| {one}:|[-–/&]{one}\b)"
        after = rf"(?<= and ){one}\b(?= {SWAP_VERB}|:)|(?<= ){one}(?=:)|(?<=\b{one}[-–/&]){one}\b"
        return re.compile(rf"\b{one}{before}|{after}")

    def _initials(self, text: str) -> Iterator[Mention]:
        if self._by_initial:
            for one in self._alone.finditer(text):
                yield Mention(one.start(), one.end(), PERSON, self._by_initial[one[0]])


def _words(thing: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’]s)?", thing.lower())
