"""Reads statements about people and things in rooms into clauses.

Symbols besides the names (`P` person, `L` place, `T` thing, `D` time of day): `u` he or she, `i` it, `h` there; `b` is,
`w` was, `n` in, `f` from, `o` to, `a` by, `j` with; `m` moves, `l` leaves, `g` gets, `d` drops, `v` gives, `r` receives,
`k` has, `H` had; `X` not, `&` and, `e` either, `/` or, `Q` perhaps; `N` a number, `q` objects, `0` nothing; `z` now or
last, `y` before.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from tracekd.statements.babi.words import NUMBERS, UNKNOWN, signs, table

# What a clause may refer to without a name.
SOMEBODY, IT, THERE, ELSEWHERE = -1, -2, -3, -4
Tense = Literal["present", "past", "final"]

_WORDS = table(
    "the a an then afterwards later next subsequently also just still already again back "
    "there's s own that this which of so "
    "while when where upon having did do does been be being up down over away straight directly "
    "once along only only_ location "
    "place position whereabouts room spot current known be remains there'd 's itself himself "
    "herself eventually same time point stage "
    "moment day story house after afterward following meanwhile quickly point_ status holder_ "
    "total_ thing overall things_ onwards over off on_ by_  time immediately soon both all "
    "together he'd she'd "
    "onward onwards out around way any side one's whose simply even one_ too now_ must "
    "should lies lie lay rests rest simply just_ found situated located sitting lying "
    "kept staying standing waiting resting placed seen stayed stays stay remained remain "
    "remaining ended ends_ wound is_ carrying_ own it_ total altogether exactly "
    "character person item object thing things_ since start beginning as has_been getting "
    "continued proceeds her_ his_ their_ its_ for first second third can who whose_ where  "
    "earlier_ have_been",
    {
        "u": "he she him her they them his their who himself herself",
        "i": "it its",
        "h": "there here",
        "b": "is are 's are be =",
        "w": "was were been",
        "n": "in at inside within on into_",
        "f": "from",
        "o": "to into toward towards for",
        "a": "by",
        "j": "with alongside",
        "m": "moved moves move moving went gone goes go going journeyed journeys journey travelled "
        "traveled travels travel walked walks walk "
        "headed heads head entered enters enter reached reaches reach arrived arrives arrive "
        "visited visits visit returned returns "
        "return came comes come proceeded wandered strolled ran relocated drove rushed hurried "
        "stepped ventured shifted transferred_ "
        "made_ travelling traveling walking heading entering reaching arriving visiting returning "
        "coming turned goes made strode marched migrated",
        "l": "left leaves leave leaving exited exits departed departs quit vacated",
        "g": "got gets get gotten took takes take grabbed grabs grab picked picks pick obtained obtains "
        "acquired acquires collected collects "
        "fetched fetches gathered lifted retrieved snatched seized gained taken grabbing picking taking claimed",
        "d": "dropped drops drop discarded discards put puts set sets released abandoned laid deposited "
        "placed_ dropping discarding ditched relinquished",
        "v": "gave gives give handed hands_ passed passes hands handing giving given delivered transferred",
        "r": "received receives receive accepted",
        "k": "has have holds hold holding carries carry carrying possesses possess owns keeps keep "
        "possession bears having_ hands_ holder carrier hold_",
        "H": "had held carried possessed owned",
        "X": "not no never cannot can't neither nor isn't aren't wasn't weren't doesn't don't didn't "
        "hasn't haven't hadn't longer without",
        "&": "and , plus &",
        "e": "either",
        "/": "or",
        "Q": "might may could can_ maybe perhaps possibly",
        "N": " ".join(NUMBERS[1:]) + " 1 2 3 4 5 6 7 8 9 10",
        "q": "objects object items item things belongings",
        "0": "nothing none anything zero empty 0 empty-handed",
        "z": "finishes finish finished now present currently finally presently last ultimately latest "
        "final recent recently lastly end ends today",
        "y": "before previously prior earlier initially originally formerly",
    },
)
_NAMES = "PLTDKCMS"
_FLAGS = str.maketrans("H", "k", "bwXzDQ")
_PHRASES = (
    (re.compile(r"\bat this (?:point|moment|time|stage)(?: in time)?\b"), " now "),
    (
        re.compile(
            r"\b(?:decided|chose|opted|managed|continued|proceeded|went on|started|began) (?:on )?to "
            r"(?:go|move|walk|travel|head|return)\b|\bon (?:the|his|her|their) way(?= to)"
        ),
        " went ",
    ),
    (
        re.compile(r"\b(?:has|have|had) (?:now |then |just |already |since )?been (?=\w+(?:ed|en|ut|ft|pped)\b)"),
        " was ",
    ),
    (re.compile(r"\bpassed on\b"), " passed "),
    (re.compile(r"\bbelongs? to\b"), " with "),
    (re.compile(r"\b(?:a|one) single\b"), " one "),
    (re.compile(r"\bin (?:his|her|their) (?:hands?|possession|arms)\b|\bwith (?:him|her|them)\b"), " "),
    (re.compile(r"\bno longer\b|\b(?:has|have|had) not yet\b"), " not "),
    (re.compile(r"\bany ?(?:more|longer)\b|\blater on\b|\bafter (?:which|a while)\b"), " then "),
    (re.compile(r"\b(?:has|have|had) (?:already )?been (?:in|to|at|inside)\b"), " was in "),
    (re.compile(r"\b(?:is|was) the (?:one|person|only one) (?:who |that |which )?(?:is |was )?"), " is "),
    (re.compile(r"\bempty[- ]handed\b"), " empty "),
    (
        re.compile(
            r"\b(?:in|at|by|to) the (?:very )?end(?: of (?:the |this )?(?:story|day|passage|text|"
            r"narrative))?\b|\bby (?:now|then)\b|\bend(?:ed|s)? up\b|\bwound up\b|\bmost recent(?:ly)?\b"
        ),
        " now ",
    ),
    (
        re.compile(
            r"\b(?:before|prior to|previous to) (?:that|this|then)\b|\b(?:at|in) (?:first|one point|some "
            r"point|the start|the beginning|an earlier point)\b|\bonce\b|\bto begin with\b"
        ),
        " earlier ",
    ),
    (re.compile(r"\b(?:after|following) (?:that|this|which)\b"), " then "),
    (
        re.compile(
            r"\b(?:made|took|makes|takes|made) (?:a|the|another) (?:\w+ )?(?:trip|journey|walk|move|"
            r"visit|detour|stop|stroll)\b|\bset (?:off|out)\b|\bshowed up\b|\bdropped by(?= (?:the|at) )|\bstopped by\b|"
            r"\bfound \w+ way\b|\bmade (?:his|her|their|its) way\b"
        ),
        " went ",
    ),
    (re.compile(r"\b(?:can|could|may|to) (?:now |still |then |currently )?be (?:found|seen|located)\b"), " is "),
    (
        re.compile(
            r"\b(?:got|gets|took|takes|laid|has|have) (?:hold|possession|hands) (?:of|on)\b|\bgot (?:his|"
            r"her|their) hands on\b"
        ),
        " got ",
    ),
    (re.compile(r"\b(?:is|was|are|were)? ?in (?:the )?possession of\b"), " has "),
    (re.compile(r"\bput aside\b|\bleft behind\b"), " dropped "),
    (
        re.compile(
            r"\b(?:has|have|had|having) (?=(?:just |already |then |since |also |now |finally )?(?:moved|gone|went|"
            r"journeyed|travel|return|walked|picked|taken|grabbed|got|dropped|discarded|left|given|"
            r"handed|passed|received|put|arrived|entered|visited|headed|collected|obtained)\w*\b)"
        ),
        " ",
    ),
    (re.compile(r"\b(?:absent from|away from|not to be found in|nowhere near)\b"), " is not in "),
    (re.compile(r"\b(?:at|in) (?:one of|either)\b"), " either "),
    (re.compile(r"\bpicked (\S+(?: \S+)?) up\b"), r"picked \1"),
    (re.compile(r"\b(?:puts?|sets?|laid|put) (\S+(?: \S+)?) down\b"), r"dropped \1"),
    (
        re.compile(r"\blets? go of\b|\bgot rid of\b|\bparted with\b|\bset down\b|\bput down\b|\blaid down\b"),
        " dropped ",
    ),
    (
        re.compile(r"\b(?:in|into) (?:the )?(?:possession|hands?) of\b|\bin (\S+?)(?:'s)? (?:possession|hands?)\b"),
        r" with \1 ",
    ),
    (re.compile(r"\b(?:made|makes) (?:\w+ )?way\b"), " moved "),
    (re.compile(r"\b(?:got|gets|get|getting) (?:back )?(?:to|into) (?=the )"), " went to "),
    (re.compile(r"\b(?:right|just) now\b|\bat present\b|\bthese days\b"), " now "),
    (re.compile(r"\bin (?:total|all|sum)\b|\ball in all\b|\ba total of\b"), " "),
    (re.compile(r"\bpaid a visit\b|\btook a trip\b"), " went "),
    (re.compile(r"\btook (?=(?:to|into) )"), " went "),
    (re.compile(r"\b(?:in|inside) (?:either|one of)\b"), " either "),
    (re.compile(r"\b(?:the )?(?:number of|count of) (?:objects|items|things)\b"), " "),
)
_X = r"(?P<x>[Pu](?:&?[Pu])*)"
_T = r"(?P<t>[Ti](?:&*[Ti])*)"
_L = r"[Lh?]"
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("at", rf"{_X}n?(?P<l>{_L})"),
        ("at", rf"{_X}m(?:o|n)?(?P<l>{_L})n?"),
        ("at", r"n?(?P<l>L)(?P<x>[Pu](?:&?[Pu])*)(?:mo?)?n?"),
        ("either", rf"{_X}e?n?e?n?(?P<l>L)/n?(?P<k>L)"),
        (
            "between",
            rf"{_X}mf(?P<k>L)o(?P<l>{_L})|(?P<x2>[Pu])mo(?P<l2>{_L})f(?P<k2>L)|(?P<x3>[Pu])l(?P<k3>L)(?:o|"
            rf"&mo|&o)(?P<l3>L)",
        ),
        ("left", rf"{_X}(?:l|mf|lf)(?P<l>{_L})"),
        ("get", rf"{_X}g{_T}(?:h|n(?P<l>L)|f(?P<l4>L)|fh)?"),
        ("get", rf"{_T}ga{_X}(?:n(?P<l>L))?"),
        ("drop", rf"{_X}[dl]{_T}(?:h|nh|n(?P<l>L))?"),
        ("drop", rf"{_T}[dl]a{_X}(?:n(?P<l>L))?|(?P<t2>T)dn(?P<l2>L)a(?P<x2>[Pu])"),
        (
            "give",
            rf"{_X}v{_T}o(?P<p>[Pu])|(?P<x2>[Pu])v(?P<p2>[Pu])(?P<t2>[Ti])|"
            rf"(?P<t3>T)voa?(?P<p3>P)a(?P<x3>P)|(?P<t4>T)va(?P<x4>P)o(?P<p4>P)|"
            rf"(?P<t5>T)vf(?P<x5>P)o(?P<p5>P)",
        ),
        (
            "receive",
            rf"{_X}[rg]{_T}f(?P<p>[Pu])|(?P<x2>[Pu])r(?P<t2>[Ti])|(?P<t3>T)vo(?P<x3>P)|"
            rf"(?P<x4>[Pu])v(?P<t4>[Ti])a(?P<p4>P)",
        ),
        ("given", rf"{_X}v{_T}"),
        ("has", rf"{_X}k{_T}|(?P<t2>[Ti])(?:ka?|j|nj)(?P<x2>[Pu])|[kj](?P<t3>T)(?P<x3>[Pu])"),
        ("nothing", rf"{_X}k?q?0q?"),
        ("count", rf"{_X}k?q?(?P<n>N)q?|ka?(?P<x2>[Pu])(?P<n2>N)q?"),
        ("list", rf"{_X}kq{_T}"),
        ("lies", rf"{_T}(?:n|ln|dn|mo|m)?(?P<l>{_L})(?:[ja]P)?|n?(?P<l2>L)(?P<t2>T)n?"),
        ("before", r"(?P<o>[PTui])n?y(?P<k>L)(?P<l>L)"),
        (
            "before",
            r"y(?:mo?|o|n)?(?P<k>L)&?(?P<o>[PTui])n?(?P<l>[L?])|"
            r"(?P<o2>[PTui])n?m?o?(?P<l2>[L?])&?y(?:[ui]?mo?)?n?(?P<k2>L)",
        ),
    )
)
# A conjunction begins a new clause if a verb follows, and the clause before it has one.
_NEXT = re.compile(
    r"&+(?=[bwzXy]*[mgdlvrkH]|[bw][zXy]*n|[Pu](?:&[Pu])*[bwzXy]*[mgdlvrkHn]|"
    r"[Ti][bwzXy]+[nLmjgdlh]|y[Pu]|oL)"
)
_VERB = re.compile("[mgdlvrkHnbw]")
_SUBJECT = re.compile("[Pu](?:&?[Pu])*|[Ti]")
_MOST = 60


class Clause(NamedTuple):
    """One clause. The fields refer to names of the statement by number (from 0), or to nothing named (negative).

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


@lru_cache(maxsize=2**14)
def read_clauses(body: str) -> tuple[Clause, ...] | None:
    """The clauses of the statement with this body; None if a word or the order of words is not known."""
    for pattern, words in _PHRASES:
        body = pattern.sub(words, body)
    said = signs(body, _WORDS).rstrip("&").lstrip("&")
    if not said or len(said) > _MOST or said.count(UNKNOWN) > 1:
        return None
    counts = [at for at, sign in enumerate(said) if sign in _NAMES]
    numbers = [word for word in re.findall(r"[a-z]+|\d+", body) if _WORDS.get(word) == "N"]
    clauses: list[Clause] = []
    subject: tuple[str, tuple[int, ...]] = ("", ())
    for start, end in _parts(said):
        part = said[start:end].strip("&")
        offset = start + said[start:end].index(part)
        refs = [counts.index(offset + at) if sign in _NAMES else _without_name(sign) for at, sign in enumerate(part)]
        if subject[0] and not _SUBJECT.match(re.sub("[bwzXyD&]", "", part)):
            part, refs = subject[0] + part, [*subject[1], *refs]
        clause = _clause(part, refs, numbers)
        if clause is None:
            return None
        clauses.append(clause)
        if found := _SUBJECT.search(part):
            subject = found[0], tuple(refs[found.start() : found.end()])
    return tuple(clauses)


def _parts(said: str) -> list[tuple[int, int]]:
    """Where the clauses begin and end."""
    parts: list[tuple[int, int]] = []
    start = 0
    for found in _NEXT.finditer(said):
        # `Before going to the kitchen, Mary ..` is one clause.
        if said[start] != "y" and _VERB.search(said, start, found.start()):
            parts.append((start, found.start()))
            start = found.end()
    return [*parts, (start, len(said))]


def _without_name(sign: str) -> int:
    return {"u": SOMEBODY, "i": IT, "h": THERE}.get(sign, ELSEWHERE)


def _clause(part: str, refs: list[int], numbers: list[str]) -> Clause | None:
    bare = part.translate(_FLAGS)
    kept = [ref for sign, ref in zip(part, refs, strict=True) if sign not in "bwXzDQ"]
    early = "y" in bare
    if early and (found := _match(bare, kept, part, refs, numbers)) and found.kind == "before":
        return found
    if early:
        kept = [ref for sign, ref in zip(bare, kept, strict=True) if sign != "y"]
        bare = bare.replace("y", "")
    lead = len(bare) - len(bare.lstrip("&"))
    found = _match(bare[lead:], kept[lead:], part, refs, numbers)
    if found is None or found.kind == "before":
        return None
    # `Mary: garden` is a step on her way as often as her last place.
    is_past = early or "w" in part or "H" in part or (found.kind == "at" and not set(part) & set("bmn"))
    tense: Tense = "final" if "z" in part else "past" if is_past else "present"
    return found._replace(tense=tense)


def _match(bare: str, refs: list[int], part: str, all_refs: list[int], numbers: list[str]) -> Clause | None:
    for kind, pattern in _PATTERNS:
        found = pattern.fullmatch(bare)
        if found is None or (kind == "given" and "w" not in part):
            continue
        kind = "receive" if kind == "given" else kind  # `John was given the milk`
        group = {name.rstrip("2345"): found.span(name) for name, text in found.groupdict().items() if text is not None}
        one = {name: refs[span[0]] for name, span in group.items()}
        people = _refs(group.get("x"), refs, bare)
        things = _refs(group.get("t"), refs, bare) or _refs(group.get("o"), refs, bare)
        number = _number(numbers) if "n" in one else None
        time = all_refs[part.index("D")] if "D" in part else None
        is_event = "m" in bare or kind in ("get", "drop", "give", "receive", "between", "left")
        return Clause(
            kind, people, things, one.get("l"), one.get("k"), one.get("p"), number, time,
            negated=part.count("X") % 2 == 1, perhaps="Q" in part, event=is_event,
        )  # fmt: skip
    return None


def _refs(span: tuple[int, int] | None, refs: list[int], bare: str) -> tuple[int, ...]:
    return tuple([refs[at] for at in range(*span) if bare[at] != "&"]) if span else ()


def _number(words: list[str]) -> int | None:
    if len(words) != 1:
        return None
    return int(words[0]) if words[0].isdigit() else NUMBERS.index(words[0])
