"""Reads statements about people and things in rooms into clauses, by the symbols of `room_words`."""

import re
from collections.abc import Iterator

from tracekd.statements.babi.clause import ELSEWHERE, IT, SOMEBODY, THERE, Clause, Tense
from tracekd.statements.babi.room_words import has_unknown_place, number_words, room_signs
from tracekd.statements.babi.words import NUMBERS
from tracekd.statements.kept import Kept
from tracekd.statements.vocabulary import UNKNOWN

_NAMES = "PLTDKCMS"
_FLAGS = str.maketrans("H", "k", "bwXzDQW")
_X = r"(?P<x>[Pu](?:&?[Pu])*)"
_T = r"(?P<t>[Ti](?:&*[Ti])*)"
_L = r"[Lh?]"
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("at", rf"{_X}n?(?P<l>{_L})"),
        ("at", rf"{_X}m(?:o|n)?(?P<l>{_L})n?"),
        ("at", r"n?(?P<l>L)(?P<x>[Pu](?:&?[Pu])*)(?:mo?)?n?"),
        (
            "at",
            rf"ma{_X}m?o(?P<l>L)|(?P<l2>L)ma(?P<x2>[Pu](?:&?[Pu])*)",
        ),  # `there was a move by NAME to ..`, `.. was entered by NAME`
        ("either", rf"{_X}e?n?e?n?(?P<l>L)&?/&?n?(?P<k>L)|e?n?e?(?P<l2>L)&?/&?n?(?P<k2>L)(?P<x2>[Pu])n?"),
        (
            "between",
            rf"{_X}(?:m?f|n)?(?P<k>L)o(?P<l>{_L})|(?P<x2>[Pu])mo?(?P<l2>{_L})f(?P<k2>L)|f(?P<k4>L)&?(?P<x4>[Pu])mo(?P<l4>L)|(?P<x3>[Pu])l(?P<k3>L)(?:o|"
            rf"&mo|&o)(?P<l3>L)",
        ),
        ("left", rf"{_X}(?:l|mf|lf)(?P<l>{_L})"),
        ("get", rf"{_X}g{_T}(?:h|n(?P<l>L)|f(?P<l4>L)|fh)?"),
        ("get", rf"{_T}ga{_X}(?:n(?P<l>L))?"),
        ("drop", rf"{_X}[dl]{_T}(?:h|nh|n(?P<l>L))?"),
        ("drop", rf"{_T}[dl]a{_X}(?:n(?P<l>L))?|(?P<t2>T)dn(?P<l2>L)a(?P<x2>[Pu])"),
        (
            "give",
            rf"{_X}v{_T}[on](?P<p>[Pu])|(?P<x2>[Pu])v(?P<p2>[Pu])(?P<t2>[Ti])|"
            rf"(?P<t3>T)voa?(?P<p3>P)a(?P<x3>P)|(?P<t4>T)va(?P<x4>P)o(?P<p4>P)|"
            rf"(?P<t5>T)v?f(?P<x5>P)o(?P<p5>P)|(?P<t6>T)(?P<x6>P)o(?P<p6>P)",
        ),
        (
            "receive",
            rf"{_X}[rg]{_T}f(?P<p>[Pu])|(?P<x2>[Pu])r(?P<t2>[Ti])|(?P<t3>T)vo(?P<x3>P)|"
            rf"(?P<x4>[Pu])v(?P<t4>[Ti])[af](?P<p4>P)",
        ),
        ("given", rf"{_X}v{_T}"),
        ("carry", rf"{_X}[kg]{_T}o(?P<l>L)|(?P<x2>[Pu])mo(?P<l2>L)j(?P<t2>T)|(?P<t3>[Ti])[kg]o(?P<l3>L)a(?P<x3>P)"),
        ("has", rf"{_X}k{_T}|(?P<t2>[Ti])(?:ka?|j|nj)(?P<x2>[Pu])|[kj](?P<t3>T)(?P<x3>[Pu])"),
        ("nothing", rf"{_X}k?q?0q?"),
        (
            "count",
            rf"j?{_X}k?q?(?P<n>N)q?|ka?(?P<x2>[Pu])(?P<n2>N)q?|q?k?[joa]?(?P<x3>[Pu])k?(?P<n3>N)q?|(?P<n4>N)q?k?[ajo]?(?P<x4>[Pu])k?",
        ),
        ("list", rf"{_X}kq{_T}"),
        ("lies", rf"{_T}(?:n|ln|dn|mo|m)?(?P<l>{_L})(?:[ja]P)?|n?(?P<l2>L)(?P<t2>T)n?"),
        ("before", r"(?P<o>[PTui])n?y(?P<k>L)(?P<l>L)|(?P<l2>L)(?P<o2>[PTui])n?y(?P<k2>L)"),
        ("before", r"y[Pu]m?[no]?(?P<k>L)&?(?P<o>[PTui])n?(?P<l>L)"),
        (
            "before",
            r"y(?:mo?|o|n)?(?P<k>L)&?(?P<o>[PTui])n?(?P<l>[L?])|"
            r"(?P<o2>[PTui])n?m?o?(?P<l2>[L?])&?y(?:[Pui]?mo?)?n?(?P<k2>L)",
        ),
    )
)
# A conjunction begins a new clause if a verb follows, and the clause before it has one.
_NEXT = re.compile(
    r"&+(?=[bwzXy]*[mgdlvrkH]|[bw][zXy]*n|[Pu](?:&[Pu])*[bwzXy]*[mgdlvrkHn]|"
    r"[Ti][bwzXy]+[nLmjgdlh]|y[Pu]|oL|Xn?L)|(?<=XnL)&+(?=n?L)|(?<=oL)&+(?=L)"
)
_VERB = re.compile("[mgdlvrkHnbw]")
_SUBJECT = re.compile("[Pu](?:&?[Pu])*|[Ti]")
_MOST = 60
_VERBS = frozenset("mldgkvr")
_ROLES = (("x", frozenset("Pu")), ("t", frozenset("T")), ("l", frozenset("L")))
_GROUPS = {"x": re.compile("[Pu](?:&?[Pu])*"), "t": re.compile("T(?:&*T)*"), "l": re.compile("L")}
_BESIDE_ROLES = frozenset("PuTLmldgknoj&")
# Who, what and where are named, and the verb: what is said of them in any order of words.
_KIND_OF_ROLES = {
    ("xl", "m"): "at", ("xl", ""): "at", ("xl", "k"): "at", ("tl", ""): "lies", ("tl", "k"): "lies",
    ("tl", "d"): "lies", ("tl", "m"): "lies", ("xt", "g"): "get", ("xt", "d"): "drop", ("xt", "k"): "has", ("xt", ""): "has",
}  # fmt: skip
_ANY_ORDER = {
    named: re.compile("".join(f"(?=.*?(?P<{role}>{_GROUPS[role].pattern}))" for role in named) + ".*")
    for named in ("xl", "tl", "xt")
}


def read_clauses(body: str) -> tuple[Clause, ...] | None:
    """The clauses of the statement with this body; None if a word or the order of words is not known."""
    said = room_signs(body).strip("&")
    if not said or len(said) > _MOST or said.count(UNKNOWN) > 1 or (UNKNOWN in said and not has_unknown_place(body)):
        return None
    counts = [at for at, sign in enumerate(said) if sign in _NAMES]
    numbers = number_words(body)
    clauses: list[Clause] = []
    subject: tuple[str, tuple[int, ...]] = ("", ())
    for start, end in _parts(said):
        part = said[start:end].strip("&")
        if part.count("X") > 1:
            return None
        offset = start + said[start:end].index(part)
        refs = [counts.index(offset + at) if sign in _NAMES else _without_name(sign) for at, sign in enumerate(part)]
        if subject[0] and not _SUBJECT.match(re.sub("[bwzXyDW&]", "", part)):
            part, refs = subject[0] + part, [*subject[1], *refs]
        clause = _clause(part, refs, numbers)
        if clause is None:
            return None
        clauses.append(clause)
        if found := _SUBJECT.search(part):
            subject = found[0], tuple(refs[found.start() : found.end()])
    return tuple(clauses)


CLAUSES = Kept(read_clauses)


def _parts(said: str) -> list[tuple[int, int]]:
    """Where the clauses begin and end."""
    parts: list[tuple[int, int]] = []
    start = 0
    for found in _NEXT.finditer(said):
        # `Before going to the kitchen, Mary ..` and `the kitchen is where Mary and John ..` are one clause.
        is_where = said[start] == "L" and said[found.start() - 1] in "Pu"
        if said[start] != "y" and not is_where and _VERB.search(said, start, found.start()):
            parts.append((start, found.start()))
            start = found.end()
    return [*parts, (start, len(said))]


def _without_name(sign: str) -> int:
    return {"u": SOMEBODY, "i": IT, "h": THERE}.get(sign, ELSEWHERE)


def _clause(part: str, refs: list[int], numbers: list[str]) -> Clause | None:
    bare = part.translate(_FLAGS)
    kept = [ref for sign, ref in zip(part, refs, strict=True) if sign not in "bwXzDQW"]
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
    is_past = early or "w" in part or "H" in part or (found.kind == "at" and not set(part) & set("bmnk"))
    tense: Tense = "final" if "z" in part else "past" if is_past else "reached" if "W" in part else "present"
    return found._replace(tense=tense)


def _match(bare: str, refs: list[int], part: str, all_refs: list[int], numbers: list[str]) -> Clause | None:
    for kind, pattern in (*_PATTERNS, *_by_roles(bare)):
        found = pattern.fullmatch(bare)
        if found is None or (kind == "given" and "w" not in part):
            continue
        kind = "receive" if kind == "given" else kind  # `John was given the milk`
        group = {name.rstrip("23456"): found.span(name) for name, text in found.groupdict().items() if text is not None}
        one = {name: refs[span[0]] for name, span in group.items()}
        people = _refs(group.get("x"), refs, bare)
        things = _refs(group.get("t"), refs, bare) or _refs(group.get("o"), refs, bare)
        number = _number(numbers) if "n" in one else None
        time = all_refs[part.index("D")] if "D" in part else None
        is_event = "m" in bare or kind in ("get", "drop", "give", "receive", "between", "left")
        return Clause(
            kind, people, things, one.get("l"), one.get("k"), one.get("p"), number, time,
            negated="X" in part, perhaps="Q" in part, event=is_event,
        )  # fmt: skip
    return None


def _by_roles(bare: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """What a clause says by the roles of its words alone, if they leave no doubt in any order."""
    verbs = frozenset(bare) & _VERBS
    named = "".join([role for role, signs in _ROLES if not signs.isdisjoint(bare)])
    kind = _KIND_OF_ROLES.get((named, "".join(sorted(verbs))))
    if (
        kind is not None
        and _BESIDE_ROLES.issuperset(bare)
        and all(len(_GROUPS[role].findall(bare)) == 1 for role in named)
    ):
        yield kind, _ANY_ORDER[named]


def _refs(span: tuple[int, int] | None, refs: list[int], bare: str) -> tuple[int, ...]:
    return tuple([refs[at] for at in range(*span) if bare[at] != "&"]) if span else ()


def _number(words: list[str]) -> int | None:
    if len(words) != 1:
        return None
    return int(words[0]) if words[0].isdigit() else NUMBERS.index(words[0])
