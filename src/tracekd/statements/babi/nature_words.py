"""Reads statements about kinds of animals, their colours and fears, and about where people go because of a state.

Symbols: `P` an animal or a person, `K` a kind, `C` a colour, `M` a state such as tired, `L` a place, `T` a thing; `y` fears,
`F` frightens, `W` will, `m` goes, `o` to, `g` gets, `=` the same kind, `X` not, `&` and, `u` he or she.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tracekd.statements.babi.words import SIGN_OF_MARK
from tracekd.statements.vocabulary import UNKNOWN, Vocabulary, forms

_MOVES = "go move head travel walk journey run proceed rush hurry return wander stroll visit enter reach arrive come step drive"


def _present(verbs: str) -> str:
    return " ".join(form for verb in verbs.split() for form in forms(verb) if form.endswith(("s", "ing")))


def _past(verbs: str) -> str:
    return " ".join(form for verb in verbs.split() for form in forms(verb) if not form.endswith(("s", "ing")))


_VOCABULARY = Vocabulary(
    fillers="the a an also so then thus therefore hence very quite rather just both too indeed certainly probably always usually "
    "generally typically still even again really somewhat pretty now currently presently simply naturally all every each "
    "any only",
    words={
        "": "s of be is are was were that as who whom which being been in turn animal animals creature creatures person people "
        "off among before bit little nature well experience experiences start starts started stated mentioned shown given "
        "told we i you under rule general listed falls fall "
        "someone somebody anyone those they their his her color colour colored coloured hue shade tint fur coat skin there "
        "thing "
        "what because one ones state known called named identified likely if when where do does did has have had own "
        "other another like by with from being on at upon said described considered regarded classified classed categorised "
        "categorized back for such this these some itself place location room whose whereabouts end up down out over there "
        "next spot mood condition feeling sense terms terms' something presence ever because instance example part "
        "reported listed likewise inherit inherits found seen share shares coloring colouring they them member "
        "group family category about himself "
        "herself themselves life ( ) . : ; ' \" [ ] { } ! - – — * / = `",
        "y": "afraid scared terrified frightened fearful fear fears feared fearing dread dreads dreaded dreading wary "
        "afeard phobia "
        "nervous petrified horrified alarmed spooked quake quakes tremble trembles shiver shivers cower cowers flinch "
        "flinches shudder shudders",
        "F": "frighten frightens frightening scare scares scaring scary terrify terrifies terrifying spook spooks alarm alarms "
        "horrify horrifies",
        "W": _present(_MOVES)
        + " destination will going would shall should must ought 'll may might can could goal target "
        "expect expects wants want wanting intends "
        "needs_ plans",
        "m": _past(_MOVES),
        "o": "to into toward towards",
        "g": "take takes took grabbed grab grabs pick picks picked",
        "=": "same kind species type sort breed",
        "X": "not isn't aren't doesn't don't never no won't wouldn't wasn't weren't nor neither",
        "&": "and , plus",
        "u": "he she it",
        **{sign: mark for mark, sign in SIGN_OF_MARK.items()},
    },
    lemmas={
        "": "feel become turn grow look seem appear get stay remain belong count happen tend wear bear show sound act make need"
    },
    phrases={
        "y": (
            "run|runs|running|shy|shies|flee|flees|away from",
            "in fear|dread|terror of",
            "*live in fear|dread|terror of",
            "*shy|*run|*flee|*stay|*keep away from",
            "*get scared|afraid|frightened",
        ),
        "F": (
            "is|are fear|terror|nightmare|dread of",
            "terror|horror|threat|fright to|for",
            "feared|dreaded by",
            "*strike|*cause|*instill fear|terror in|into|to",
        ),
        "W": (
            "likely|bound|expected|about|ready|set|headed|heading|inclined|off|supposed|sure|due to|for "
            "go|head|move|walk|travel|be?",
            "*want|*tend|*need|*have|*plan|*intend to go|head|move|walk|travel|be?",
            "ought|going to go|head|move|walk|travel|be|end?",
            "set|sets|setting off for|to",
            "next place|stop|destination|room is|will?",
            "will|would|should|must end up",
            "make|makes|making for",
            "on his|her|their? way to|into",
        ),
        "": (
            "nothing but",
            "in fact|general",
            "being one of them|those|these",
            "turns|turned|happens|appears|seems|said|known|believed out? to be",
            "in turn",
            "to be",
            "at moment",
            "kind of like",
            "kind|type|sort|species of? animal|creature",
            "one|member|part|example|instance of",
        ),
        "=": ("kind|type|sort of animal|creature|being?",),
    },
)
_PATTERNS = tuple(
    (kind, turned, re.compile(pattern))
    for kind, turned, pattern in (
        ("is_a", False, r"=?&?(?:P&?)+X?=?K=?|P&uX?=?K"),
        ("is_a", True, r"KX?=?P"),
        ("kind_fears", False, r"KX?yK"),
        ("kind_fears", True, r"KX?FK|KKX?y"),
        ("kind_fears", False, r"K&?KX?F"),
        ("fears", False, r"(?:P&?)+X?yK|PKX?y"),
        ("fears", True, r"KX?[Fy]P|KPX?y"),
        ("fears", False, r"FPK"),
        ("colour", False, r"(?:P&?)+X?C"),
        ("colour", True, r"CX?P"),
        ("kind_colour", False, r"KX?C"),
        ("state", False, r"PX?M"),
        ("state", True, r"MX?P"),
        ("same", False, r"P&P=+|P=+P|P=+&?P"),
    )
)
_GOINGS = tuple(
    (kind, turned, re.compile(pattern))
    for kind, turned, pattern in (
        ("goes", False, r"PX?W[Wmo]*L|W+PX?[Wmo]*L"),
        ("goes", True, r"[oW]*LPX?W[Wmo]*|LX?W+o*P"),
        ("state_goes", False, r"MP?W?X?[mo]*W*[mo]*L"),
    )
)
_IT_IS = re.compile("uK+P|uLP")  # `it is mice that NAME fears`
_MOST = 30


class Said(NamedTuple):
    """What a statement says. `turned`: its first name comes last; `by_pronoun`: a pronoun stands for its first name."""

    kind: str
    negated: bool
    turned: bool
    by_pronoun: bool


@lru_cache(maxsize=2**14)
def read_nature(body: str) -> Said | None:
    """What a statement says; None if a word or the order of words is not known."""
    said = _VOCABULARY.read(body).strip("&")
    if UNKNOWN in said or len(said) > _MOST:
        return None
    if _IT_IS.match(said):
        said = said[1:]
    by_pronoun = said.startswith("u")
    if by_pronoun:
        said = f"P{said[1:]}"
    said = said.replace("&u", "").replace("&&", "")
    found = _match(said, _GOINGS) or _match(re.sub("[Wogm]", "", said), _PATTERNS)
    return found and Said(found[0], "X" in said, found[1], by_pronoun)


def _match(said: str, patterns: Iterable[tuple[str, bool, re.Pattern[str]]]) -> tuple[str, bool] | None:
    return next(((kind, turned) for kind, turned, pattern in patterns if pattern.fullmatch(said)), None)
