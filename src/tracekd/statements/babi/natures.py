"""Statements about kinds of animals, their colours and fears, and about what people want.

Symbols: `P` an animal or a person, `K` a kind, `C` a colour, `M` a state such as tired, `L` a place, `T` a thing; `y` fears,
`W` will, `m` goes, `o` to, `g` gets, `=` the same kind, `X` not, `&` and.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from tracekd.statements.babi.memory import Outcome
from tracekd.statements.babi.words import UNKNOWN, signs, table
from tracekd.tasks.babi.kinds_and_motives import FEARS, IS, IS_A, MOTIVES, singular

_WORDS = table(
    "the a an of be is are was were also so then that this as who which it being must therefore "
    "all every each any both too "
    "animal animals creature person people someone anyone those they he she its his her color "
    "colour colored coloured kind_ in turn "
    "there thing what because one ones state feels feeling felt feel known called named type_ likely "
    "should typically usually generally if when up "
    "do does did has have own just still another other like very rather certainly appears "
    "appear become becoming get seems seem "
    "looks look gets got became becomes probably therefore always by with from tend tends wants "
    "want back hence",
    {
        "y": "afraid fear fears fearful scared terrified frightened frightens fearing dread dreads",
        "W": "destination will going would shall goes go heads head travels walks moves",
        "m": "went moved move travel walk journey journeyed travelled walked end up",
        "o": "to into toward towards for",
        "g": "get gets got take takes took grabbed grab grabs pick picks picked",
        "=": "same kind species type sort",
        "X": "not isn't aren't doesn't don't never",
        "&": "and , plus",
        "u": "he she it",
    },
)
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("is_a", r"=?(?:P&?)+X?=?K=?"),
        ("kind_fears", r"KX?yK"),
        ("fears", r"(?:P&?)+X?W?yK"),
        ("colour", r"(?:P&?)+X?C"),
        ("kind_colour", r"KX?C"),
        ("state", r"PX?g?M"),
        ("goes", r"PX?W+m?o*m?o*L|LPW+m?o?"),
        ("state_goes", r"MP?W?X?m?oL|MPmo?L"),
        ("same", r"P&P=+|P=+P|P=+&?P"),
    )
)
_MOST = 30


class _Said(NamedTuple):
    """`by_pronoun`: a pronoun stands for its first name."""

    kind: str
    negated: bool
    by_pronoun: bool


_FEARS_WORDS = re.compile(
    r"\b(?:scared|afraid|terrified|frightened|fearful|wary) (?:of|by)\b|\b(?:have|has|had|feels?|"
    r"lives? in|be in|is in|are in) (?:a |the |great )?"
    r"(?:fear|dread|terror) (?:of|for)\b"
)
_BELONGS = re.compile(
    r"\b(?:is known to be|is said to be|belongs? to|is (?:one |a member |part |an example |an "
    r"instance )of|counts as|happens "
    r"to be|turns out to be)\b"
)
_GOES = re.compile(
    r"\b(?:likely|bound|expected|about|ready|set|headed|heading|inclined|off|wants?|tends?|"
    r"needs?) to (?:go|head|move|walk|travel|be)?\b"
)


def _plain_words(body: str) -> str:
    return _GOES.sub("will go to", _BELONGS.sub("is", _FEARS_WORDS.sub("fears", body)))


@lru_cache(maxsize=2**14)
def _read(body: str) -> _Said | None:
    said = signs(_plain_words(body), _WORDS).strip("&")
    if UNKNOWN in said or len(said) > _MOST:
        return None
    by_pronoun = said.startswith("u")
    if by_pronoun:
        said = f"P{said[1:]}"
    kind = next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(said)), None)
    return None if kind is None else _Said(kind, "X" in said, by_pronoun)


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
        said = _read(body)
        if said is None or (said.by_pronoun and who is None):
            return None
        if said.by_pronoun:
            names = [who or "", *names]
        if said.kind == "goes" and names[0] not in self.states and names[-1] in self.states:
            names = [names[-1], names[0]]  # `the kitchen is where NAME will go`
        last = names[-1]
        outcomes = [self._of_one(said.kind, one, last) for one in names[: -1 if len(names) > 1 else None]]
        facts = tuple(dict.fromkeys(at for one in outcomes for at in one.facts))
        truths = [one.truth for one in outcomes]
        truth = False if False in truths else None if None in truths else True
        if said.negated and truth is not None:
            truth = not truth
        cites = all(one.cites for one in outcomes) and not said.negated
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
