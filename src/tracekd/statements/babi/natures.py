"""Kinds of animals, their colours and fears, and where people go because of a state; judges statements about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracekd.statements.babi.memory import Outcome
from tracekd.statements.babi.nature_words import read_nature
from tracekd.tasks.babi.kinds_and_motives import FEARS, IS, IS_A, MOTIVES, singular


@dataclass(frozen=True)
class Natures:
    """What a story says of animals and people: kind, colour and state of each, and what each kind fears; with the places.

    `kinds` maps each word for a kind to its singular.
    """

    is_a: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    fear: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    colour: dict[str, tuple[str, int]] = field(default_factory=dict)
    states: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Sequence[str]) -> "Natures":
        """Read a story, in plain form."""
        found = cls()
        for at, fact in enumerate(facts):
            if " is a" in fact and (said := IS_A.fullmatch(fact)):
                found.is_a.setdefault(said[1], []).append((said[2], at))
                found._know(said[2])
            elif "afraid" in fact and (said := FEARS.fullmatch(fact)):
                found.fear.setdefault(singular(said[1]), []).append((singular(said[2]), at))
                found._know(said[1])
                found._know(said[2])
            elif " is " in fact and (said := IS.fullmatch(fact)):
                if said[2] in MOTIVES:
                    found.states.setdefault(said[1], []).append((said[2], at))
                else:
                    found.colour[said[1]] = said[2], at
        return found

    def _know(self, word: str) -> None:
        one = singular(word)
        plural = {"mouse": "mice", "wolf": "wolves", "sheep": "sheep"}.get(one, f"{one}s")
        self.kinds.update({word: one, one: one, plural: one})

    @property
    def names(self) -> tuple[str, ...]:
        """All animals and people."""
        return (*self.is_a, *self.colour, *self.states)

    @property
    def colours(self) -> tuple[str, ...]:
        """The colours of the story, and those of the published files."""
        if not self.colour:
            return ()
        return (*(colour for colour, _ in self.colour.values()), "white", "yellow", "green", "gray", "grey")

    def judge(self, body: str, names: Sequence[str], who: str | None) -> Outcome | None:
        """How a statement stands to the story; None if it cannot be read. `who`: whom a pronoun stands for."""
        said = read_nature(body)
        if said is None or (said.by_pronoun and who is None):
            return None
        if said.by_pronoun:
            names = [who or "", *names]
        if said.turned:
            names = [names[-1], *names[:-1]]  # `the kitchen is where NAME will go`
        last = names[-1]
        outcomes = [self._of_one(said.kind, one, last) for one in names[: -1 if len(names) > 1 else None]]
        facts = tuple(dict.fromkeys([at for one in outcomes for at in one.facts]))
        truths = [one.truth for one in outcomes]
        truth = False if False in truths else None if None in truths else True
        if said.negated and truth is not None:
            truth = not truth
        cites = not said.negated and False not in [one.cites for one in outcomes]
        return Outcome(truth, facts, (said.kind, *names[:-1]), outcomes[-1].as_fact, cites)

    def _of_one(self, kind: str, one: str, value: str) -> Outcome:
        if kind == "is_a":
            return self._among(self.is_a.get(one, []), value, f"{one} is a {value}.")
        if kind == "kind_fears":
            return self._among(self.fear.get(one, []), value, None)
        if kind == "state":
            return self._among(self.states.get(one, []), value, f"{one} is {value}.")
        if kind == "fears":
            return self._fears(one, value)
        if kind == "colour":
            return self._coloured(one, value)
        if kind == "kind_colour":
            return self._kind_coloured(one, value, without=None)
        if kind == "goes":
            return self._goes(one, value)
        if kind == "state_goes":
            return Outcome(one in MOTIVES and value in MOTIVES[one])
        kinds = {kind for kind, _ in self.is_a.get(one, [])} & {kind for kind, _ in self.is_a.get(value, [])}
        facts = tuple([at for name in (one, value) for _, at in self.is_a.get(name, [])])
        return Outcome(bool(kinds) if one in self.is_a and value in self.is_a else None, facts)

    def _among(self, known: Sequence[tuple[str, int]], value: str, as_fact: str | None) -> Outcome:
        right = [at for said, at in known if said == value]
        if right:
            return Outcome(True, (right[0],), cites=True)
        return Outcome(False if known else None, tuple([at for _, at in known[-1:]]), as_fact=as_fact)

    def _fears(self, one: str, value: str) -> Outcome:
        known = [(feared, (at, of)) for kind, at in self.is_a.get(one, []) for feared, of in self.fear.get(kind, [])]
        right = [facts for feared, facts in known if feared == value]
        if right:
            return Outcome(True, right[0])
        return Outcome(False if known else None, known[-1][1] if known else ())

    def _coloured(self, one: str, value: str) -> Outcome:
        if one in self.colour:
            colour, at = self.colour[one]
            return Outcome(colour == value, (at,), cites=colour == value, as_fact=f"{one} is {value}.")
        if one not in self.is_a:
            return Outcome(None)
        kind, at = self.is_a[one][0]
        found = self._kind_coloured(kind, value, without=one)
        return found._replace(facts=(at, *found.facts))

    def _kind_coloured(self, kind: str, value: str, without: str | None) -> Outcome:
        known = [
            (self.colour[name], at)
            for name, those in self.is_a.items()
            for said, at in those
            if said == kind and name != without and name in self.colour
        ]
        right = [(at, of) for (colour, of), at in known if colour == value]
        if right:
            return Outcome(True, right[-1])
        return Outcome(False if known else None, (known[-1][1], known[-1][0][1]) if known else ())

    def _goes(self, one: str, value: str) -> Outcome:
        states = self.states.get(one)
        if not states:
            return Outcome(None)
        state, at = states[-1]
        return Outcome(MOTIVES[state][0] == value, (at,))
