"""A clause about people and things in rooms: who does what, and where."""

from typing import Literal, NamedTuple

# What a clause may refer to without a name.
SOMEBODY, IT, THERE, ELSEWHERE = -1, -2, -3, -4
Tense = Literal["present", "past", "final", "reached"]


class Clause(NamedTuple):
    """One clause. The fields refer to names of the statement by number (from 0), or to nothing named (negative).

    `tense`: `final` speaks of the end of the story; `reached` (`Now Mary is ..`) of the moment that the trace has reached.
    `who`: people; `what`: things (or whoever was `before`); `place` and `other`: places; `person`: the other person.
    """

    kind: str
    who: tuple[int, ...] = ()
    what: tuple[int, ...] = ()
    place: int | None = None
    other: int | None = None
    person: int | None = None
    number: int | None = None
    time: int | None = None
    tense: Tense = "present"
    negated: bool = False
    perhaps: bool = False
    event: bool = False
