"""A story in rooms and what was said of it so far: the moments that a clause speaks of, and the truth over them.

`is` speaks of the end of the story, or of the moment of the fact that the trace cited last; `was` of any moment; `now`,
`finally` and `last` of the end. A clause is true if it is true at one of the moments that a fair reader may take.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracekd.statements.babi.clause import Clause
from tracekd.statements.babi.memory import Memory, Outcome
from tracekd.statements.babi.rooms import Found, Rooms

# Makes a named tuple in less time than its own class does.
_new = tuple.__new__


class Meant(NamedTuple):
    """A clause with the names that it refers to. `place`, `other` and `person` are empty if it has none."""

    clause: Clause
    who: list[str]
    what: list[str]
    place: str
    other: str
    person: str


@dataclass(frozen=True)
class Scene:
    """A story, and the memory of one trace about it."""

    rooms: Rooms
    memory: Memory

    def moments(self, clause: Clause) -> Iterable[int]:
        """The moments that a clause may speak of."""
        end = self.rooms.end
        if clause.tense == "final":
            return (end,)
        if clause.tense == "past" or self.memory.is_lost:
            return range(end, -1, -1)
        now = self.memory.moment
        if clause.negated and clause.kind == "has":
            return range(end, (now or 0) - 1, -1)  # `she no longer has it` may speak of what comes next
        return (end,) if now is None or now == end else (end, now)

    def over(self, clause: Clause, test: Callable[[int], Found]) -> Found:
        """What a test says over all moments that a clause may speak of, in favour of the clause."""
        doubt: Found | None = None
        against: Found | None = None
        negated, is_past = clause.negated, clause.tense == "past"
        for moment in self.moments(clause):
            found = test(moment)
            truth = found.truth
            if negated and truth is not None:
                truth = not truth
            if truth:
                # After a statement that was not understood, nobody knows which earlier moment `is` means.
                is_clear = is_past or not self.memory.is_lost or moment == self.rooms.end
                return _new(Found, (True if is_clear else None, found.facts, is_clear))
            if truth is None:
                doubt = doubt or Found(None, found.facts)
            else:
                against = against or Found(False, found.facts)
        return doubt or against or Found(None)

    def is_after(self, moment: int) -> bool:
        """Whether a moment is after the fact that was cited last."""
        return self.memory.moment is None or moment > self.memory.moment


def together(slot: Hashable, as_fact: str | None, founds: Sequence[Found], cites: bool = False) -> Outcome:
    """The outcome of several things that must all be so; if one is not, its facts decide."""
    if len(founds) == 1 and founds[0].truth:
        facts = founds[0].facts
        return _new(
            Outcome, (True, tuple(dict.fromkeys(facts)) if len(facts) > 1 else facts, slot, as_fact, cites, True)
        )
    truths = [truth for truth, _, _ in founds]
    if False in truths:
        return Outcome(False, founds[truths.index(False)].facts, slot, as_fact)
    facts = tuple(dict.fromkeys([at for _, those, _ in founds for at in those]))
    if False in [is_clear for _, _, is_clear in founds]:
        return Outcome(None, facts, slot, is_clear=False)
    return Outcome(None if None in truths else True, facts, slot, as_fact, cites)
