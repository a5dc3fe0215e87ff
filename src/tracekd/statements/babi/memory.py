"""What a trace about a story spoke of last, for pronouns and for the moment that `is` means; and how a clause turned out."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracekd.statements.babi.clause import ELSEWHERE, IT, SOMEBODY, THERE


class Outcome(NamedTuple):
    """Whether a clause is true, and by which facts (places in the story). `cites`: it says what a fact itself says.

    `is_clear`: it is clear of which moment it is said.
    """

    truth: bool | None
    facts: tuple[int, ...] = ()
    slot: Hashable = None
    as_fact: str | None = None
    cites: bool = False
    is_clear: bool = True


@dataclass
class Memory:
    """What was spoken of last. `moment`: the moment of the fact that was cited last. `times`: the times of day by number.
    `concludes`: the statement is introduced as a conclusion. `is_lost`: a statement was not understood since the last
    fact was cited, so nobody knows which moment `is` means.
    """

    who: list[str] = field(default_factory=list)
    what: list[str] = field(default_factory=list)
    where: str | None = None
    moment: int | None = None
    times: dict[int, int] = field(default_factory=dict)
    concludes: bool = False
    is_lost: bool = False

    def people(self, refs: Sequence[int], names: Sequence[str]) -> list[str] | None:
        """The people that a clause names; None if a pronoun stands for nobody known."""
        found: list[str] = []
        for ref in refs:
            if ref >= 0:
                found.append(names[ref])
            elif self.who:
                found += self.who
            else:
                return None
        return found

    def things(self, refs: Sequence[int], names: Sequence[str]) -> list[str] | None:
        """The things that a clause names; None if a pronoun stands for nothing known."""
        found: list[str] = []
        for ref in refs:
            if ref >= 0:
                found.append(names[ref])
            elif ref == IT and self.what:
                found.append(self.what[-1])
            elif ref == SOMEBODY and self.who:
                found.append(self.who[-1])
            else:
                return None
        return found

    def place(self, ref: int, names: Sequence[str]) -> str | None:
        """The place that a clause names; None if it is unknown."""
        if ref >= 0:
            return names[ref]
        if ref == ELSEWHERE:
            return "place that the story does not know"
        return self.where if ref == THERE else None

    def remember(self, who: list[str], what: list[str], where: str | None, moment: int | None) -> None:
        """Keep what a clause spoke of."""
        self.who = who or self.who
        self.what = what or self.what
        self.where = where or self.where
        if moment is not None:
            self.moment, self.is_lost = moment, False

    def lose(self) -> None:
        """Forget what pronouns mean, after a statement that was not understood."""
        self.who, self.what, self.where, self.is_lost = [], [], None, True
