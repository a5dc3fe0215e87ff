"""Judges the clauses of one trace about people and things in rooms."""

from collections.abc import Callable, Sequence

from tracekd.statements.babi import people, things
from tracekd.statements.babi.clause import ELSEWHERE, Clause
from tracekd.statements.babi.memory import Memory, Outcome
from tracekd.statements.babi.rooms import Rooms
from tracekd.statements.babi.scene import Meant, Scene

# Makes a named tuple in less time than its own class does.
_new = tuple.__new__
# A clause with more people or things than this is no sentence of these stories.
_MOST_NAMED = 8
_JUDGES: dict[str, Callable[[Scene, Meant], Outcome | None]] = {
    "at": people.at,
    "either": people.either,
    "between": people.between,
    "left": people.left,
    "before": people.before,
    "get": things.get,
    "drop": things.drop,
    "give": things.give,
    "receive": things.receive,
    "has": things.has,
    "carry": things.carry,
    "nothing": things.nothing,
    "count": things.count,
    "list": things.list_,
    "lies": things.lies,
}


class RoomTelling:
    """One trace about a story in rooms. `memory` knows what was spoken of last."""

    def __init__(self, rooms: Rooms, memory: Memory) -> None:
        self.rooms = rooms
        self.memory = memory
        self.scene = Scene(rooms, memory)

    def judge(self, clause: Clause, names: Sequence[str]) -> Outcome | None:
        """How a clause stands to the story; None if it refers to something unknown."""
        said = self._meant(clause, names)
        outcome = _JUDGES[clause.kind](self.scene, said) if said else None
        if said and outcome:
            place = said.place if said.place and clause.place != ELSEWHERE else None
            self.memory.remember(said.who, said.what, place, self._moment_of(outcome))
        return outcome

    def _meant(self, clause: Clause, names: Sequence[str]) -> Meant | None:
        """The names that a clause refers to; None if one of them is unknown."""
        if len(clause.who) > _MOST_NAMED or len(clause.what) > _MOST_NAMED:
            return None
        memory = self.memory
        who = memory.people(clause.who, names) if clause.who else []
        what = memory.things(clause.what, names) if clause.what else []
        place = "" if clause.place is None else memory.place(clause.place, names)
        other = "" if clause.other is None else memory.place(clause.other, names)
        person = [""] if clause.person is None else memory.people((clause.person,), names)
        if who is None or what is None or person is None or place is None or other is None:
            return None
        return _new(Meant, (clause, who, what, place, other, person[-1]))

    @property
    def last_fact(self) -> int | None:
        """The place in the story of the fact that was cited last."""
        moment = self.memory.moment
        return self.rooms.visits[moment].fact if moment is not None and self.rooms.visits else moment

    def note(self, place: int) -> None:
        """Take notice that a fact was quoted."""
        who, what = self.rooms.spoken_of.get(place, ([], []))
        moment = self._moment_of_visit(place) if self.rooms.visits else place
        self.memory.remember(who, what, None, moment)

    def _moment_of_visit(self, place: int) -> int | None:
        return next((n for n, visit in enumerate(self.rooms.visits) if visit.fact == place), None)

    def _moment_of(self, outcome: Outcome) -> int | None:
        """The moment of the last fact that a clause cites, if it cites one."""
        if not outcome.cites or not outcome.facts:
            return None
        return self._moment_of_visit(outcome.facts[-1]) if self.rooms.visits else max(outcome.facts)
