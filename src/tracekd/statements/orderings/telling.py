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
from tracekd.statements.introductions import answer_part
from tracekd.statements.orderings.clauses import Claim, key_of
from tracekd.statements.orderings.puzzle import Puzzle
from tracekd.statements.statement import Grounds

_LETTER = re.compile(r"\(?([a-z])\)?[.,]?\Z")
_LETTERS = re.compile(r"\(([a-z])\)")


class OrderingTelling:
    """One trace in the course of reading. `stated`: the orders that the clues allow which the trace has stated."""

    def __init__(self, puzzle: Puzzle) -> None:
        self.puzzle = puzzle
        self.stated: int | None = None
        self.forward = puzzle.forward
        self.it: int | None = None

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the clues; None if it cannot be read."""
        puzzle = self.puzzle
        reading = puzzle.reading(self.forward)
        if reading is None or not puzzle.clues or not puzzle.allowed:
            return None
        if (answer := self._answer(said)) is not None:
            return answer
        # Words that lead in elsewhere are places here: `first is the bus`. So the text is read as it was written.
        marked = puzzle.mark(said.text)
        things = [one.value for one in marked.mentions if isinstance(one.value, int)]
        claim = reading.read(key_of(marked.text), things, self.it)
        if claim is None:
            of_body = [one.value for one in said.mentions if isinstance(one.value, int)]
            claim = reading.read(key_of(said.body), of_body, self.it)
        if claim is None:
            self.it = things[0] if things else self.it
            return None
        if claim.forward is not None:
            self.forward = claim.forward
        self.it = things[0] if things else self.it
        return self._listed(claim) if claim.is_listed else self._plain(claim, said.text)

    def _plain(self, claim: Claim, text: str) -> Grounds:
        puzzle, orders = self.puzzle, claim.orders
        slot = ("place", claim.about) if claim.about is not None else ("orders", orders)
        for at, clue in puzzle.clues:
            if clue == orders:
                self.stated = clue if self.stated is None else self.stated & clue
                fact = puzzle.facts[at]
                if _words(fact.text) in _words(text):
                    return Grounds("quoted", (fact.id,), "a clue says so", slot=slot)
                return Grounds("restated", (fact.id,), "a clue says so in other words", slot=slot)
        return self._against_all(orders, slot)

    def _against_all(self, orders: int, slot: tuple[str, int] | None) -> Grounds:
        puzzle = self.puzzle
        if not puzzle.allowed & orders:
            return Grounds(
                "contradicted", puzzle.deciding(orders), "no order that the clues allow has it so", slot=slot
            )
        if puzzle.allowed & ~orders:
            return Grounds("unsupported", (), "some orders that the clues allow have it otherwise", slot=slot)
        others = puzzle.orders.not_(orders) if puzzle.orders else 0
        return Grounds("derived", puzzle.deciding(others), "all orders that the clues allow have it so", slot=slot)

    def _listed(self, claim: Claim) -> Grounds:
        puzzle, orders = self.puzzle, claim.orders
        known = puzzle.allowed if self.stated is None else self.stated
        if not puzzle.allowed & orders:
            return self._against_all(orders, None)
        if not known & orders or any(not known & one for one in claim.possible):
            return Grounds("contradicted", (), "the clues stated so far exclude what it says can be")
        if self.stated is not None and (forced := self._forced(claim.open_places, known)):
            thing = puzzle.things[forced[0]]
            reason = f"by the clues stated so far, {thing} is there"
            return Grounds(
                "contradicted", puzzle.deciding(puzzle.orders.not_(forced[1]) if puzzle.orders else 0), reason
            )
        if claim.open_places and orders == (puzzle.orders.every if puzzle.orders else 0):
            return Grounds("no_claim", (), "it leaves places open")
        if known & ~orders:
            return Grounds("unsupported", (), "it excludes what the clues stated so far allow")
        return self._against_all(orders, None)

    def _forced(self, places: Sequence[int], known: int) -> tuple[int, int] | None:
        """A thing that must be at one of these places, and the orders in which it is there."""
        if self.puzzle.orders:
            for place in places:
                for thing in range(self.puzzle.orders.size):
                    said = self.puzzle.orders.at(thing, place)
                    if not known & ~said:
                        return thing, said
        return None

    def _answer(self, said: Said) -> Grounds | None:
        """How an answer such as `the answer is (B)` stands to the clues."""
        part = answer_part(said.body)
        if part is None and said.continues_answer and _LETTER.match(said.body):
            part = said.body
        if part is None or not self.puzzle.options:
            return None
        letters = _LETTERS.findall(part) or _LETTER.findall(part.strip())
        if len(letters) != 1 or letters[0].upper() not in self.puzzle.options:
            return None
        letter = letters[0].upper()
        grounds = self._against_all(self.puzzle.options[letter], None)
        return grounds._replace(slot=("answer",), answer=(letter,))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
