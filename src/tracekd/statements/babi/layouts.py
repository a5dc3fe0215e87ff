"""Statements about how things lie to each other, and which is larger.

Symbols: `S` a thing; `<` `>` `^` `_` left, right, above, below; `n` `s` `e` `w` the points of the compass; `G` bigger, `g`
smaller, `F` fits, `i` in, `C` contains; `X` not, `o` to, `f` from, `m` go, `t` leads or takes, `&` and.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tracekd.statements.babi.memory import Outcome
from tracekd.statements.babi.words import UNKNOWN, signs, table
from tracekd.tasks.babi.layouts import (
    COMPASS_PHRASES,
    SIDE_PHRASES,
    SIZE_PHRASES,
    Links,
    Step,
    chain_down,
    read_links,
    shortest_way,
)

_WORDS = table(
    "the a an of than be on further somewhere could more do does did as which that this so then "
    "next first finally you we i one "
    "it would will can must also there need "
    "directly just located situated lies lie sits sit placed position positioned sits stands "
    "standing resting rests side one's thing's with towards direction step way "
    "going by in_ still again side's us up_ down_ location thing shape lying here "
    "therefore both relative respect immediately "
    "because therefore means being end ends start "
    "starting "
    "object size room side hand even much size_ now compared when comes come is are was were at finds find found",
    {
        "t": "get take took takes leads lead brings bring turn turning put reach reached reaching arrive arrives arriving",
        "<": "left",
        ">": "right",
        "^": "above over atop",
        "_": "below under beneath underneath",
        "n": "north northern northward",
        "s": "south southern southward",
        "e": "east eastern eastward",
        "w": "west western westward",
        "G": "bigger larger greater exceeds exceed roomier dwarfs outsizes",
        "g": "smaller tinier littler",
        "F": "fits fit",
        "i": "inside in into within",
        "C": "houses fits_ contains contain holds hold accommodates accommodate",
        "X": "not isn't doesn't cannot can't never don't",
        "o": "to",
        "f": "from",
        "m": "go goes move moves head heads walk travel",
        "&": "and , plus",
    },
)
_PHRASES = (
    (re.compile(r"\bnot (?:as|so) (?:big|large|great) as\b|\bhas less (?:space|room) than\b"), " smaller than "),
    (re.compile(r"\bof (?:greater|larger|bigger) size than\b"), " bigger than "),
    (
        re.compile(r"\b(?:there is )?(?:space|room) for (?:the )?(\ue005) (?:in|inside) (?:the )?(\ue005)"),
        r"\1 fits \2",
    ),
    (re.compile(r"\bthe (?:bigger|larger|greater) of (?:the )?\ue005 and (?:the )?(?=\ue005)"), "bigger than "),
    (re.compile(r"\bthe (?:smaller) of (?:the )?\ue005 and (?:the )?(?=\ue005)"), "smaller than "),
    (re.compile(r"\b(?:can|could|may) be (?:put|placed|found|stored|seen|packed)\b"), " is "),
    (re.compile(r"\bin (?:size|volume)\b|\bcompared (?:with|to)\b|\bin comparison (?:with|to)\b"), " "),
    (re.compile(r"\bhas (?:the )?(\ue005) (?:inside|within)(?: it)?"), r"contains \1"),
    (re.compile(r"\b(north|south)[- ]?(?=(?:east|west)\b)"), r"\1 "),
    (re.compile(r"\bon top of\b|\bhigher (?:up )?than\b"), " above "),
    (re.compile(r"\blower (?:down )?than\b"), " below "),
    (
        re.compile(
            r"\b(?:has|have|with) (?:more|enough) (?:room|space) (?:for|than)\b|\b(?:is )?(?:big|large) "
            r"enough (?:to (?:hold|contain|fit)|for)\b|\bcan (?:hold|take|fit|contain)(?= \ue005)|\bhas "
            r"room for\b"
        ),
        " contains ",
    ),
    (
        re.compile(
            r"\b(?:is )?small enough (?:to (?:fit|go) (?:in|inside|into)|for)\b|\b(?:goes|go) (?:in|"
            r"inside|into)\b"
        ),
        " fits ",
    ),
    (re.compile(r"\bmore (?:spacious|voluminous) than\b"), " bigger "),
    (re.compile(r"\bless (?:spacious|voluminous|big|large|roomy) than\b"), " smaller "),
)
_STEPS: dict[str, Step] = {
    "<": (-1, 0), ">": (1, 0), "^": (0, 1), "_": (0, -1), "n": (0, 1), "s": (0, -1), "e": (1, 0), "w": (-1, 0),
}  # fmt: skip
_DIRECTIONS = "[<>^_nsew]"
_INVERTED = re.compile(rf"X?((?:{_DIRECTIONS}&?){{1,3}})S&?S")
_LIES = re.compile(rf"S(X?)((?:{_DIRECTIONS}&?){{1,3}})S")
_SIZE = re.compile(r"S(X?)(G|g|Fi?|i|C)S")
_GOES = re.compile(r"o?m?(?:([nsew])fSo?S|fSm?([nsew])o?S|fSoSm?([nsew])|fSS([nsew]))")
_GOES_ON = re.compile(r"m?([nsew])oS")
_NAMES = {"<": "to the left of", ">": "to the right of", "^": "above", "_": "below", "n": "north of", "s": "south of",
          "e": "east of", "w": "west of"}  # fmt: skip
_MOST = 30


class _Relation(NamedTuple):
    """The first thing stands in these relations to the second one; `turned`: the second one to the first."""

    kind: str
    negated: bool = False
    turned: bool = False


@lru_cache(maxsize=2**14)
def _read(body: str) -> _Relation | None:
    for pattern, words in _PHRASES:
        body = pattern.sub(words, body)
    said = signs(body, _WORDS).strip("&")
    if UNKNOWN in said or len(said) > _MOST:
        return None
    if goes := _GOES.fullmatch(re.sub("[&t]", "", said)):
        return _Relation(goes[1] or goes[2] or goes[3] or goes[4], turned=True)
    if on := _GOES_ON.fullmatch(re.sub("[&t]", "", said)):
        return _Relation(f"on{on[1]}")
    if size := _SIZE.fullmatch(said):
        return _Relation(size[2], size[1] == "X")
    if inverted := _INVERTED.fullmatch(re.sub("[oif]", "", said)):
        return _Relation(inverted[1].replace("&", ""), said[0] == "X", turned=True)
    if lies := _LIES.fullmatch(re.sub("[oif]", "", said)):
        return _Relation(lies[2].replace("&", ""), lies[1] == "X")
    return None


@dataclass(frozen=True)
class Layout:
    """How the things of a story lie to each other, or which are larger (`sizes`)."""

    links: Links
    sizes: Links
    things: tuple[str, ...]

    @classmethod
    def of(cls, facts: Sequence[str]) -> "Layout":
        """Read a story, in plain form."""
        if not any(fact.startswith("the ") for fact in facts):
            return cls({}, {}, ())
        links = read_links(facts, COMPASS_PHRASES | SIDE_PHRASES)
        sizes = read_links(facts, SIZE_PHRASES)
        return cls(links, sizes, tuple(dict.fromkeys([*links, *sizes])))

    def judge(self, body: str, names: Sequence[str], here: str | None) -> Outcome | None:
        """How a statement stands to the story; None if it cannot be read. `here`: the place that was spoken of last."""
        said = _read(body)
        if said is None:
            return None
        if said.kind.startswith("on"):
            return self._lies(names[0], here, said.kind[2:], False) if here and len(names) == 1 else None
        if len(names) == 3 and names[0] in names[1:]:
            names = [names[0], names[2] if names[1] == names[0] else names[1]]  # `the bigger of the two`
        if len(names) != 2:
            return None
        one, other = (names[1], names[0]) if said.turned else (names[0], names[1])
        if said.kind[0] in "GgFiC":
            return self._size(one, other, said.kind[0] in "GC", said.kind[0] in "FiC", said.negated)
        return self._lies(one, other, said.kind, said.negated)

    def _lies(self, one: str, other: str, kind: str, negated: bool) -> Outcome:
        slot = ("lies", frozenset((one, other)), "".join(sorted({"v" if _STEPS[k][1] else "h" for k in kind})))
        steps = [_STEPS[direction] for direction in kind]
        way = shortest_way(one, other, self.links)
        direct = [link for link in self.links.get(other, ()) if link.to == one and link.step in steps]
        if direct and len(steps) == 1:
            return Outcome(not negated, (direct[0].fact,), slot, cites=not negated)
        if way is None:
            return Outcome(None, (), slot)
        right, up = (-sum(link.step[axis] for link in way) for axis in (0, 1))
        truth = all(right * step[0] + up * step[1] > 0 for step in steps)
        as_fact = f"The {one} is {_NAMES[kind[0]]} the {other}." if len(kind) == 1 and not negated else None
        return Outcome(truth != negated, tuple([link.fact for link in way]), slot, as_fact)

    def _size(self, one: str, other: str, is_larger: bool, by_fit: bool, negated: bool) -> Outcome:
        larger, smaller = (one, other) if is_larger else (other, one)
        slot = ("size", frozenset((one, other)))
        direct = [link for link in self.sizes.get(larger, ()) if link.to == smaller and link.step[0] < 0]
        so, not_so = chain_down(larger, smaller, self.sizes), chain_down(smaller, larger, self.sizes)
        if direct:
            return Outcome(not negated, (direct[0].fact,), slot, cites=not negated)
        if (so is None) == (not_so is None):
            return Outcome(None, (), slot)
        as_fact = None if negated else f"The {larger} is bigger than the {smaller}."
        return Outcome((so is not None) != negated, tuple(so or not_so or ()), slot, as_fact)
