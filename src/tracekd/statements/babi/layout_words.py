"""Reads statements about how things lie to each other, and which is larger, into a relation of the first thing to the second.

Symbols: `S` a thing; `<` `>` `^` `_` left, right, above, below; `n` `s` `e` `w` the points of the compass; `G` bigger, `g`
smaller, `F` fits, `i` in, `C` contains, `R` room, `E` big enough, `l` small enough, `D` too big, `d` too small; `X` not, `o` to,
`f` from, `m` go, `t` leads or takes, `H` has, `q` compared with, `4` for, `&` and, `u` it, `p` of it.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from tracekd.statements.babi.words import SHAPE
from tracekd.statements.vocabulary import UNKNOWN, Vocabulary

_VOCABULARY = Vocabulary(
    fillers="the a an also just so then thus therefore hence directly immediately exactly very much even still further now "
    "itself "
    "somewhat clearly straight both indeed",
    words={
        "": "s of than be on further somewhere could more do does did as which that this first finally you we i one one's it's "
        "would will can must there there's need should shall may might able possible size sized volume capacity dimensions "
        "located situated placed positioned position found lies lie lying sits sit sitting standing stands stand resting "
        "rests rest "
        "hovers hover appears appear capable off drawn shown pictured painted depicted trouble "
        "side sides hand towards direction step steps way by "
        "again us up down location thing things shape object room "
        "rooms because means being end ends start starting here relative respect respectively compare when comes come "
        "where what "
        "is are was were at found seen located see 's adjacent neighbouring neighboring whole part area point "
        "place places ones two who whose if between find finds how big large small those itself sure always ( ) . : ; ' \" [ ] "
        "{ } ! - – — * / type kind terms neighbor neighbors neighbour neighbours = quite a bit slightly considerably put "
        "puts placed stored packed laid other person",
        "S": SHAPE,
        "ne": "northeast northeastern",
        "nw": "northwest northwestern",
        "se": "southeast southeastern",
        "sw": "southwest southwestern",
        "<": "left leftward leftwards",
        ">": "right rightward rightwards",
        "^": "above over atop higher upper top",
        "_": "below under beneath underneath lower bottom",
        "n": "north northern northward northwards north's",
        "s": "south southern southward southwards",
        "e": "east eastern eastward eastwards",
        "w": "west western westward westwards",
        "G": "bigger larger greater roomier vaster bulkier > wider taller superior",
        "g": "smaller tinier littler lesser slighter <",
        "F": "fits fit fitting fitted",
        "i": "inside in into within",
        "R": "room space",
        "X": "not isn't doesn't cannot can't never don't no neither aren't wouldn't won't without couldn't",
        "o": "to toward",
        "f": "from",
        "H": "has have with having see sees",
        "4": "for",
        "&": "and , plus",
        "u": "it its",
    },
    lemmas={
        "t": "get take lead bring turn reach arrive find connect open",
        "G": "outdo exceed dwarf outsize surpass beat outdo trump exceed outweigh",
        "C": "house contain hold accommodate enclose swallow include",
        "m": "look go move head walk travel proceed step slip continue",
    },
    phrases={
        "g": (
            "*fall short of",
            "comes|come second to",
            "not|isn't|aren't|never as|so big|large|great|roomy|spacious as",
            "less big|large|spacious|voluminous|roomy than?",
            "has less space|room than",
            "has|have|of smaller|lesser size|volume than?",
            "exceeded|surpassed|outsized|dwarfed|beaten in? size? by",
            "inferior in size to",
        ),
        "G": (
            "not|isn't as|so small|little|tiny as",
            "of|has|have greater|larger|bigger size|volume|capacity than?",
            "more spacious|voluminous|roomy|capacious than?",
            "has|have|takes|occupies|take up? more room|space|volume than",
            "more room|space than",
            "less small|little|tiny than?",
        ),
        "q": (
            "comparing",
            "with respect to",
            "relative to",
            "measured|held|set|put against|beside",
            "compared|next|relative to|with",
            "in comparison with|to",
            "in relation to",
            "when compared to|with",
            "of two|both",
        ),
        "Fi": ("contained|held|housed|accommodated|included|enclosed in|inside|within|by",),
        "E": (
            "big|large|roomy|spacious|great enough",
            "of size to hold|contain|take|house|accommodate",
            "has|have|with enough|sufficient|plenty|ample of? room|space",
        ),
        "l": ("small|little|tiny|compact enough", "of size that", "of size to"),
        "D": ("too big|large|great|bulky",),
        "d": ("too small|little|tiny|narrow",),
        "R": ("enough|sufficient|plenty|ample of? room|space",),
        "C": (
            "*take in",
            "has|have room|space to",
            "*make|*offer|*provide|*give|*leave room|space for",
            "room|space for",
        ),
        "^": ("up than", "has|have higher place|position", "on top of", "on top", "higher up"),
        "_": ("down than", "has|have lower place|position", "lower down", "at bottom of"),
        "t": ("arrive|arrives|end|ends|come|comes|get|gets up? at|in|to",),
        "p": ("' s",),
        "": (
            "in size|volume",
            "size - wise",
            "by far",
            "without trouble|difficulty|problem|problems|doubt",
            "in terms of size?",
            "able to",
            "in position",
            "in line with",
        ),
    },
)
_DIRECTIONS = "[<>^_nsew]"
_D = rf"(?P<d>{_DIRECTIONS}(?:&?[oi]?{_DIRECTIONS}){{0,2}})"
_ROOM = re.compile("R(?=[<>^_nsew])")  # `is the room north of`
_BETWEEN = re.compile("[&oi]")
# The patterns for directions, without words that say nothing there; in those of the second list the first name is what the
# second one is related to.
_LIES = tuple(re.compile(pattern) for pattern in (rf"(?:to?|o(?=S[mt]))?S[mt]*[oi]?{_D}[of]?S", rf"SoS{_D}"))
_TURNED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[oim]*{_D}[ofm]?S[&mtoH]*S",
        rf"o?m?fS[&mt]*{_D}[&mto]*S",
        rf"[omt]*fS&?[mto]*S[&mt]*[oi]*{_D}",
        rf"fS[mt]*o?Sm*{_D}",
        rf"S[tm]+[oi]?{_D}[&mt]*oS",
        rf"S[Ht]S[oi]?u?{_D}[ou]*",
        rf"t?[oi]?{_D}fSt?o?S",
        rf"fS&?S[oi]?{_D}",
    )
)
_OWN_SIDE = re.compile(rf"o?Sp{_D}S")  # `the kitchen's west is the garden`
_AS_FOR = re.compile("^4?S&u")  # `as for the kitchen, it is ..`
_FITS = re.compile("SFS")
_CAN = re.compile(r"\b(?:can|could|able|will|would)\b")
_GOES_ON = re.compile(r"m?(?P<d>[nsew])&?[mt]*oS")
_LARGER = re.compile(r"(?:S&?S&?)?S([Gg])(?:S(?:&?S)?|&?S[Gg])?|S&S([Gg])|([Gg])S&SS")
_TOO = re.compile(r"S([Dd])[4FiCm]*S")
# What fits into what.
_SIZES = (
    (re.compile(r"S[mFl]*(?:4|i|F)+S"), "F"),
    (re.compile(r"SlS|Sl[4FiCm]+S|SH?RiS"), "F"),
    (re.compile(r"F?[mo]*SiS"), "F"),
    (re.compile(r"S[oE]*[oCE4HR]*[CE4R][oCE4HRt]*S|SFSi"), "C"),
    (re.compile(r"RiS4S|EiS4S|iS&?[CR4]+S"), "C"),
    (re.compile(r"(?:C|R4|E4?)SiS"), "F"),
    (re.compile(r"SHSiu?|iS&?SF"), "C"),
    (re.compile(r"SiSF"), "F"),
)
_MOST = 30


class Relation(NamedTuple):
    """The first thing stands in this relation to the second one; `turned`: the second one to the first."""

    kind: str
    negated: bool = False
    turned: bool = False


@lru_cache(maxsize=2**14)
def read_relation(body: str) -> Relation | None:
    """The relation that a statement states; None if a word or the order of words is not known."""
    said = _VOCABULARY.read(body).strip("&")
    if UNKNOWN in said or len(said) > _MOST or said.count("X") > 1:
        return None
    negated = "X" in said
    said = _AS_FOR.sub("S", said)
    plain = _ROOM.sub("", said.removeprefix("u").replace("X", "").replace("&&", "&"))
    if found := _OWN_SIDE.fullmatch(plain):
        return Relation(_BETWEEN.sub("", found["d"]), negated, turned=True)
    plain = plain.replace("p", "")
    if _FITS.fullmatch(plain):
        # `the box can fit the milk`, but nobody knows what `the box fits the milk` means
        return Relation("C", negated) if _CAN.search(body) else None
    # `Relative to the garden, the office is east`
    lies = re.sub("^q", "f", plain).replace("q", "")
    return _direction(lies, negated) or _size(plain.replace("o", ""), negated)


def _direction(said: str, negated: bool) -> Relation | None:
    found = next((match for pattern in _TURNED if (match := pattern.fullmatch(said))), None)
    if found:
        return Relation(_BETWEEN.sub("", found["d"]), negated, turned=True)
    found = next((match for pattern in _LIES if (match := pattern.fullmatch(said))), None)
    if found:
        return Relation(_BETWEEN.sub("", found["d"]), negated)
    on = _GOES_ON.fullmatch(said)
    return Relation(f"on{on['d']}") if on and not negated else None


def _size(said: str, negated: bool) -> Relation | None:
    compared = said.startswith("q") and said.count("S") == 2
    said = said.strip("q").replace("q", "")
    if larger := _LARGER.fullmatch(said):
        return Relation(larger[1] or larger[2] or larger[3], negated, turned=compared or bool(larger[2]))
    if too := _TOO.fullmatch(said):
        return Relation("F" if too[1] == "D" else "C", not negated)
    for pattern, kind in _SIZES:
        if pattern.fullmatch(said):
            return Relation(kind, negated)
    return None
