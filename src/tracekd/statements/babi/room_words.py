"""Statements about people and things in rooms as rows of symbols.

Symbols besides the names (`P` person, `L` place, `T` thing, `D` time of day): `u` he or she, `i` it, `h` there; `b` is,
`w` was, `n` in, `f` from, `o` to, `a` by, `j` with; `m` moves, `l` leaves, `g` gets, `d` drops, `v` gives, `r` receives,
`k` has, `H` had; `X` not, `&` and, `e` either, `/` or, `Q` perhaps; `N` a number, `q` objects, `0` nothing; `z` now or
last, `W` now at the beginning of a statement, `y` before.

While a statement is read, there are also `!` lets, `O` hands (what somebody has is in them), `%` off, `^` up, `Z` now,
`=` changes,
`>` then.
"""

import re
from functools import lru_cache

from tracekd.statements.babi.room_vocabulary import VOCABULARY
from tracekd.statements.rewriting import Rewriting

_IN_THE = re.compile(
    r"\b(?:in|into|to|inside|at|within|from|enter(?:s|ed)?|reach(?:es|ed)?|visit(?:s|ed)?|left|leaves) (?:the|an?) ([a-z]+)\b"
)
# Something may be in these without being in a room.
_NO_PLACES = frozenset(
    "first second third fourth fifth sixth last next final same other previous following above below beginning middle "
    "picture story question list text passage sentence sentences line lines fact facts context lead way process mood running "
    "dark future past present plot scene focus frame game mix rest moment air open wrong right lookout group".split()
)
_NUMBER_OR_WORD = re.compile(r"[a-z]+|\d+")
# What several symbols mean together, in this order. `[Pu]` is a person, `[Ti]` a thing.
_TOGETHER = Rewriting(
    (
        (r"(?<=[Pu])'(?=[Pu])", ""),
        (r"^i[bwz]*(?=[Pu][bwz]*[gdvrkmlH])|^i[bw]+(?=nL[PT])", ""),  # `it was NAME who ..`
        (r"^i[bwz]*(?=e?L/e?L[Pu])", ""),
        (r"[kH](?=[bwzX]*[mgdlvrnjo])", ""),  # `has gone`
        (r"zq([Pu])[bw]*(?=[mgdlv])", r"\1z"),  # `the last thing that NAME did was to go ..`
        (r"v([Ti])\^", r"d\1"),  # `gave it up`
        (r"\^", ""),
        (r"&+(z+)&+", r"\1"),  # `is, in the end, in ..`
        (r"^([Ti][bwz]*)m[no]?(?=[Pu]O)", r"\1ga"),  # `came into the hands of NAME`
        (r"([Pu])m([Pu])(?=[Ti])", r"\1v\2"),  # `slipped NAME the milk`
        (r"[ml]&+(?=[gdm])", ""),  # `went and got it`
        (r"y[&>]*y+|y(?=n?L&?y)", "y"),
        ("^z(?=H[Ti])", ""),  # `the last person who had it`
        (r"^zo(?=k)", "z"),  # `the last one to have it`
        (r"h(?=nL|[bw]+z*N)", ""),
        (r"d([Ti])(?=o[Pu])", r"v\1"),  # `gave it up to NAME`
        ("(?<=[PTu])&&(?=[bwnmkgdlv])", ""),  # `NAME, as stated, is in ..`
        ("^h(?=[Pu])|(?<=^[Ti])g(?=[dg]a)", ""),  # `here NAME goes ..`, `it got dropped by ..`
        ("h&(?=nL)", ""),  # `she is there, in the garden`
        (r"(?<=[Pu])o(?=[Lh])", "mo"),  # `NAME to the garden`
        (r"^i[bw]+(?=Nq?[Pu])", ""),
        (r"(?<=[Pu])j(?=z*N)", "k"),  # `that leaves NAME with two objects`
        (r"(?<=[Nq])[bw]+n(?=[Pu]O)", "n"),
        (r"^h[bw]+(?=[mPTL])", ""),  # `there is ..`
        (r"(?<=[Nq])n(?=[Pu]O)", "j"),  # `two objects in NAME's hands`
        (r"(?<=[PT])n[ih]$", ""),  # `has NAME in it`
        (r"^([z&]*)N(?=[jk]T)", r"\1"),  # `the one with the milk is NAME`
        (r"(?<=[bz])N(?=[njkgdvrmlH])|fh(?=o)", ""),  # `NAME is the one in ..`
        (r"(?<![nj])([Pu])[>z]*O(?=[Pu][Ti]|[Ti]o)", r"\1v"),  # `NAME hands NAME the milk`
        (r"!([Ti])[dm]", r"d\1"),  # `let it go`
        (r"!([Pu])[kg]([Ti])", r"v\1\2"),  # `let NAME have it`
        (r"([Ti])(?:%f?|f%)(?=[Pu])", r"\1f"),
        ("%", ""),
        (r"[gdkb]n?On?j?(?=[Ti])|[bw]?nO(?=[Ti])", lambda found: "g" if found[0][0] in "gd" else "k"),
        (r"([gkHv][Ti&]+)n?[jn]u?O?(?=[z&]*$)", r"\1"),  # `has it with her`, `in her hands`
        (r"([Ti])([bwzX]*)(?:nO|n?Oo?f?|jO)(?=[Pu])", r"\1\2j"),  # `in the hands of NAME`
        (r"([Ti])([bwzX]*)n?([Pu])O", r"\1\2j\3"),
        (r"([Pu])([bwz]*)O(?=[zbw]*[Nq])", r"\1\2k"),  # `NAME's hands hold two objects`
        (r"[bw]?z*(?:nOn?|j)(?=z*N)", "k"),  # `in possession of two objects`
        (r"(?<=[Nq])n?O(?=z*$)|(?<=Nq)n(?=z*$)", ""),  # `two objects in all`
        (r"O([bwzk]*)(?=N)", r"q\1"),
        ("O", ""),
        (
            r"=&*(?=mo)|m&+i[bw]*(?=oL)",
            lambda found: "m" if found[0][0] == "m" else "",
        ),  # `made a move, and it was to ..`
        (r"=[bwz]*o(?=[hL])", "mo"),
        (r"v(?:n|o|no)(?=[Lh])", "mo"),  # `passed into the kitchen`
        (r"g[no]+(?=L)", "mo"),  # `got to the kitchen`
        (r"d[no]+(?=L)(?<![Ti]d.)(?<=[Pu]d.)", "mo"),
        (r"l([bwz]*)o(?=L)", r"m\1o"),  # `left for the kitchen`
        (r"^([Ti][bwz]*)[mg](?=f[Pu]o[Pu])", r"\1v"),  # `it went from NAME to NAME`
        (r"^([Ti][bwz]*)[mg]o(?=[Pu])", r"\1ga"),  # `it went to NAME`
        (r"v([Pu])j([Ti])", r"v\1\2"),  # `provided NAME with it`
        (r"[kH]([Ti])v", r"v\1"),
        (r"m([Ti])(?=o[Pu])", r"v\1"),  # `turned it over to NAME`
        (r"([Ti])([bwz]*)d?j(?=[Pu])(?<=[bwzdTi]j)", r"\1\2j"),
        (r"([mvgdrlkH])\1+", r"\1"),
        (r"n+", "n"),
        (r"(?<=m)on|no(?=[LhPu])", "o"),
        (r"X&X|XX", "X"),
        (r"([PTui])([bwz]*)[no]?(L)&*>[&>no]*(?=L)", r"\1\2n\3y"),  # `in the garden, and then in the office`
        (">", ""),
    )
)
_NOW_FIRST = re.compile("^[&h]*Z(?=[PTLu])")


def room_signs(body: str) -> str:
    """The symbols of the words of a statement, in order."""
    return _together(VOCABULARY.read(body))


@lru_cache(maxsize=2**14)
def _together(said: str) -> str:
    # Somebody who `is now going` somewhere goes at that moment, not last.
    # `Now Mary is in the garden` may speak of the moment that a trace has reached.
    said = said.replace("p", "" if "w" in said or "H" in said else "z")  # `at that time, she was in ..`
    said = _NOW_FIRST.sub("" if "m" in said else "W", said).replace("Z", "" if "m" in said else "z")
    # The same rows of symbols come again and again, in other words.
    return _TOGETHER(said)


def has_unknown_place(body: str) -> bool:
    """Whether a word that is not known stands where a place is expected: `in the cellar`, but not `is relevant`."""
    return any(VOCABULARY.sign(found[1]) is None and found[1] not in _NO_PLACES for found in _IN_THE.finditer(body))


def number_words(body: str) -> list[str]:
    """The numbers of a statement, as they are written."""
    return [word for word in _NUMBER_OR_WORD.findall(body) if VOCABULARY.sign(word) == "N"]
