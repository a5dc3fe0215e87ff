"""Judges the statements of one trace about an ordering puzzle.

A plain statement (`the bus is older than the truck`) is held against all orders that the clues allow: derived if it is so
in each of them, contradicted if in none, unsupported otherwise. A list of the whole order (`first can be any bird, then
second is the owl or the crow`) sums up the clues that the trace has stated up to there, so it is held against these (if
it stated none, against all). A place in a list is
- contradicted if no order that all clues allow has it so; if it gives a thing (`can be A or B`) that the stated clues
  exclude there; or if it leaves a place open (`any bird`) that the stated clues give to one thing;
- unsupported if it excludes a thing that the stated clues allow there, though all clues together may exclude it;
- derived if it excludes only what the stated clues exclude. An open place claims nothing.
"""

import re
from collections.abc import Sequence

from tracekd.statements.grounding import Said
from tracekd.statements.names import Mention
from tracekd.statements.orderings.clauses import Claim, Reading, key_of
from tracekd.statements.orderings.orders import Orders
from tracekd.statements.orderings.puzzle import Puzzle
from tracekd.statements.statement import Grounds

_LETTER = re.compile(r"\(?([a-z])\)?[.,]?\Z")
_LETTERS = re.compile(r"\(([a-z])\)")


class OrderingTelling:
    """One trace in the course of reading. `stated`: the numbers of the clues that it has stated.

    `forward`: from which end plain ordinals count; `it`: the thing that was named last.
    """

    def __init__(self, puzzle: Puzzle) -> None:
        self.puzzle = puzzle
        self.stated: list[int] = []
        self.forward = puzzle.forward
        self.it: int | None = None

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the clues; None if it cannot be read."""
        orders = self.puzzle.orders
        if orders is None or not self.puzzle.clues or not self.puzzle.allowed:
            return None
        if (answer := self._answer(said, orders)) is not None:
            return answer
        # Words that lead in elsewhere are places here: `first is the bus`. So the text is read as it was written.
        marked = self.puzzle.mark(said.text)
        things = _numbers(marked.mentions)
        claim = self._read(orders, marked.text, things) or self._read(orders, said.body, _numbers(said.mentions))
        self.it = things[0] if things else self.it
        if claim is None:
            return None
        self.forward = self.forward if claim.forward is None else claim.forward
        return self._listed(claim, orders) if claim.is_listed else self._plain(claim, said.text, orders)

    def _read(self, orders: Orders, marked: str, things: Sequence[int]) -> Claim | None:
        return Reading(orders, self.puzzle.kind, self.forward).read(key_of(marked), things, self.it)

    def _plain(self, claim: Claim, text: str, orders: Orders) -> Grounds:
        puzzle, said = self.puzzle, claim.orders
        slot = ("place", claim.about) if claim.about is not None else ("orders", said)
        for number, (at, clue) in enumerate(puzzle.clues):
            if clue == said:
                if number not in self.stated:
                    self.stated.append(number)
                fact = puzzle.facts[at]
                if _words(fact.text) in _words(text):
                    return Grounds("quoted", (fact.id,), "a clue says so", slot=slot)
                return Grounds("restated", (fact.id,), "a clue says so in other words", slot=slot)
        return self._against_all(said, orders, slot)

    def _against_all(self, said: int, orders: Orders, slot: tuple[str, int] | None = None) -> Grounds:
        puzzle = self.puzzle
        if not puzzle.allowed & said:
            facts = puzzle.deciding(said, puzzle.all_clues)
            return Grounds("contradicted", facts, "no order that the clues allow has it so", slot=slot)
        if puzzle.allowed & ~said:
            return Grounds("unsupported", (), "some orders that the clues allow have it otherwise", slot=slot)
        facts = puzzle.deciding(orders.not_(said), puzzle.all_clues)
        return Grounds("derived", facts, "all orders that the clues allow have it so", slot=slot)

    def _listed(self, claim: Claim, orders: Orders) -> Grounds:
        puzzle, said = self.puzzle, claim.orders
        if not puzzle.allowed & said:
            return self._against_all(said, orders)
        known = puzzle.allowed_by(self.stated) if self.stated else puzzle.allowed
        if (wrong := next((one for one in claim.possible if not known & one), None)) is not None:
            facts = puzzle.deciding(wrong, self.stated or puzzle.all_clues)
            return Grounds("contradicted", facts, "the clues stated so far exclude what it says can be")
        if self.stated and (forced := _forced(claim.open_places, known, orders)):
            thing, there = forced
            facts = puzzle.deciding(orders.not_(there), self.stated)
            return Grounds("contradicted", facts, f"by the clues stated so far, {puzzle.things[thing]} is there")
        if claim.open_places and said == orders.every:
            return Grounds("no_claim", (), "it leaves places open")
        if known & ~said:
            return Grounds("unsupported", (), "it excludes what the clues stated so far allow")
        return self._against_all(said, orders)

    def _answer(self, said: Said, orders: Orders) -> Grounds | None:
        """How an answer such as `the answer is (B)` stands to the clues."""
        part = said.answer
        if part is None and said.continues_answer and _LETTER.match(said.body):
            part = said.body
        if part is None or not self.puzzle.options:
            return None
        letters = _LETTERS.findall(part) or _LETTER.findall(part.strip())
        if len(letters) != 1 or letters[0].upper() not in self.puzzle.options:
            return None
        letter = letters[0].upper()
        grounds = self._against_all(self.puzzle.options[letter], orders)
        return grounds._replace(slot=("answer",), answer=(letter,))


def _forced(places: Sequence[int], known: int, orders: Orders) -> tuple[int, int] | None:
    """A thing that must be at one of these places, and the orders in which it is there."""
    for place in places:
        for thing in range(orders.size):
            there = orders.at(thing, place)
            if not known & ~there:
                return thing, there
    return None


def _numbers(mentions: Sequence[Mention]) -> list[int]:
    """The numbers of the things that are mentioned."""
    return [one.value for one in mentions if isinstance(one.value, int)]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
