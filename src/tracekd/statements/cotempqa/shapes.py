"""The shape of a statement about events in time: which names and dates it connects, and how."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from tracekd.statements.cotempqa.dates import DATE_MARK
from tracekd.statements.cotempqa.words import NUMBER, RELATIONS, UNKNOWN, symbols
from tracekd.statements.kept import Kept

WhenKind = Literal["span", "point", "from", "until"]


class When(NamedTuple):
    """A stated time. `first` and `last` number the dates of the statement, from 0."""

    kind: WhenKind
    first: int
    last: int


class Side(NamedTuple):
    """One side of a relation: names (numbered from 0), a time, whether a pronoun stands there, and which end is meant.

    `parts`: the names between two `and`.
    """

    names: tuple[int, ...] = ()
    when: When | None = None
    parts: tuple[tuple[int, ...], ...] = ()
    pronoun: str = ""
    part: Literal["", "start", "end"] = ""
    rest: str = ""


class Dated(NamedTuple):
    """The names that a time is stated of."""

    names: tuple[int, ...]
    when: When
    pronoun: str


class Shape(NamedTuple):
    """`dated`: the stated times; `relation`: the symbol of a relation in time between `left` and `right`.

    `kind`: `heading` (names only), `event` (names, and what connects them), `dated`, `relation`, `identify` (the person
    who .. is NAME; `left.names` are those named), `class`, or `unread`. `invented`: a word that is not known stands where
    a name is expected. `plural`: it speaks of several things, as `they` does. `also`: other relations that it states.
    """

    kind: Literal["heading", "event", "dated", "relation", "identify", "class", "unread"]
    dated: tuple[Dated, ...] = ()
    left: Side = Side()
    relation: str = ""
    negated: bool = False
    right: Side = Side()
    invented: bool = False
    plural: bool = False
    also: tuple["Shape", ...] = ()


_UNREAD = Shape("unread")
# A time in brackets of which only one end is in this statement: `NAME [1965`, `2008]`.
_CUT_TIME = re.compile(
    rf"[(\[][^()\[\]]{{0,20}}{DATE_MARK}[ .,;]*\Z|\A[^()\[\]]{{0,8}}{DATE_MARK}[^()\[\]]{{0,20}}[)\]]"
)
_RELATION = re.compile(f"[{RELATIONS}]")
_WHEN = re.compile("jd&d|[fc]?d[t-]d|[fc]d|[te]d|d")
_INVENTED = re.compile(r"(?:(?<=[rntbfdce&-])|^)\?[?r&]{0,6}(?=[fjdtcbr-]|$)|^\?[?r&]{0,6}(?=n)")
# `The player who .. at the same time .. is NAME`, perhaps with a time.
_IDENTIFY = re.compile(r"(?=.*[LUEIV])[^w]*w[^d]*(?:d[t-]d)?[^d]*b((?:[n&]|d[t-]d|d)+)(?:[pq]b?r?n?f?d(?:[t-]d)?)?")
# `Simultaneously, at the same time`
_TWICE = re.compile("L&?L")
# `During 1995` says the same as `in 1995`.
_DURING_DATE = re.compile("U(?=d(?:[^t-]|$))|(?<=L)[Uf](?=d)")
# `The time when NAME .. is ..`
_TIME_WHEN = re.compile(r"U([npr&b]*b)([fjdt&-]+)")
# Beside the class itself, a statement of a class has only such words.
_BESIDE_CLASS = re.compile("[Rqpbrjnwt&-]+")
# The class in two ways: `a partial overlap, neither contains the other`, `containment, that is, a during relation`
_SAME_CLASS = re.compile("(V)[q&]+XH(?=$)|H[q&b]+(?=U)")
_CLASSES = frozenset("VUWHIEM")
_DURING = re.compile("[UW](?=[fj]?d)")
# `NAME spent 1990 to 1995 at NAME`
_GOES_ON = re.compile("[rb]*n[rb]*")
_IS_ONE = re.compile("[np&]+(?:bw|wb)")
_PLURAL = re.compile(r"\b(?:they|both|two|these|those|intervals|periods|dates|times|terms)\b")
# `Two periods overlap if ..` says what a word means.
_GENERIC = re.compile(
    r"(?<!the )(?<!these )(?<!those )(?<!both )\btwo (?:time )?(?:periods|events|intervals|spans|ranges|times)\b"
)
# Relations with which a clause before the main clause begins.
_FRONTED = "UBAL"
_WITH_PRONOUN = re.compile("([qr]*q[qr]*)&[^&]*n[^&]*$|([^&]*n[^&q]*)&[qr]*q[qr]*$")
# A second relation without a subject of its own.
_ELLIPTIC = re.compile(f"[pqbjX&]*[{RELATIONS}][pqbjXr&]*n?[rn]*")
# `It was only when NAME had finished that NAME began`
_CLEFT = re.compile(
    r"(?:it|this|that) (?:is|was) (?:only )?(when|while|during|before|after|once|not until)\b(.*?) that (.*)"
)
_SAME_AS_AFTER = ("once", "not until")
_NEITHER = re.compile(r"\bneither\b.*\bnor\b")
_MOST = 120


def read_shape(body: str) -> Shape:
    """The shape of the statement with this body; `unread` if a word is not known or the order of words is not."""
    if _CUT_TIME.search(body):
        return _UNREAD
    if cleft := _CLEFT.fullmatch(body):
        if " that " in cleft[3]:
            return _UNREAD
        body = f"{'after' if cleft[1] in _SAME_AS_AFTER else cleft[1]}{cleft[2]}, {cleft[3]}"
    signs = symbols(body)
    if len(signs) > _MOST or not signs or NUMBER in signs:
        return _UNREAD
    comma = signs.find(",")
    signs = signs.replace(",", "&")
    if "R" in signs or "M" in signs:
        return _class(signs)
    if "w" in signs and UNKNOWN in signs and "d" in signs and not _RELATION.search(_DURING.sub("", signs)):
        signs = signs.replace("w", "")
    if "w" in signs and not _IS_ONE.match(signs):
        return _identify(signs)
    signs = _TWICE.sub("L", signs.replace("w", "r"))
    signs = _DURING_DATE.sub("", signs)
    invented = False
    if UNKNOWN in signs:
        signs = _DURING.sub("", signs)
        signs, times = _INVENTED.subn("u", signs)
        invented = times == 1
        if UNKNOWN in signs or times > 1:
            return _UNREAD
    if time := _TIME_WHEN.fullmatch(signs):
        signs = time[1] + time[2]
    found = list(_RELATION.finditer(signs))
    plural = _PLURAL.search(body) is not None
    if len(found) == 2:
        shape = _UNREAD if invented else _two_relations(signs, found, comma, plural)
        return _negated(shape) if _NEITHER.search(body) else shape
    if len(found) > 1 or signs.count("X") > 1 or ("n" not in signs and found and _GENERIC.search(body)):
        return _UNREAD
    dated = _dated(signs)
    is_note = comma < 0 and "&" not in signs and body.endswith(".")
    if found:
        return _relation(signs, found[0], dated, invented, comma, is_note)._replace(plural=plural)
    if dated:
        return Shape("dated", dated, negated="X" in signs, invented=invented)
    names = _side(signs, 0, len(signs))
    if not names.names:
        return _UNREAD
    if set(signs) <= set("n&-"):
        return Shape("heading", left=names)
    return _UNREAD if invented else Shape("event", left=names, negated="X" in signs)


SHAPES = Kept(read_shape)


def _class(signs: str) -> Shape:
    """`The relation is ..`, with the words in any order; `it is mixed`."""
    named = _BESIDE_CLASS.sub("", _SAME_CLASS.sub(r"\1", signs))
    is_said = "R" in signs or "n" not in signs
    return Shape("class", relation=named) if named in _CLASSES and is_said else _UNREAD


def _identify(signs: str) -> Shape:
    """`The player who .. is NAME`. Other statements with such a word only describe."""
    found = _IDENTIFY.fullmatch(signs)
    if found is None or "X" in signs:
        plain = _DURING.sub("", signs.replace("w", ""))
        is_plain = UNKNOWN not in signs and ("b" not in signs or signs.count("n") > 1)
        return _without_word(plain) if is_plain else _UNREAD
    return Shape("identify", left=_side(signs, found.start(1), found.end(1)), right=_side(signs, 0, found.start(1)))


def _without_word(signs: str) -> Shape:
    dated = _dated(signs)
    if dated and not _RELATION.search(signs):
        return Shape("dated", dated, negated="X" in signs)
    return _UNREAD


def _relation(
    signs: str, found: re.Match[str], dated: tuple[Dated, ...], invented: bool, comma: int, is_note: bool
) -> Shape:
    """`comma`: the place of the first comma; -1 if there is none. `is_note`: a sentence such as `During NAME's time.`"""
    at = found.start()
    left, right = _side(signs, 0, at), _side(signs, at + 1, len(signs))
    if left.names and not right.names and _WITH_PRONOUN.match(left.rest):
        # `This period and NAME have time in common`
        left, right = _side(signs, 0, left.rest.index("&")), _side(signs, left.rest.index("&"), at)
        left, right = (right, left) if left.names else (left, right)
    if found[0] in "WUBA":
        left = _at_stated_edge(left)  # `NAME began in 1990, during ..`
    if found[0] in "BA":
        right = _at_stated_edge(right)  # `.. after NAME began in 1990`
    if signs[0] == "U" and comma < 0:
        comma = signs.find("&")
    if signs[0] in _FRONTED and not {"n", "q"}.isdisjoint(signs[1 : max(comma, 1)]) and "?" not in signs:
        # `While NAME was .., NAME ..`, `before it began, NAME ..`: the main clause comes last.
        left, right = _side(signs, comma, len(signs)), _side(signs, 1, comma)
        if not (left.names or left.pronoun):
            return _UNREAD
    if invented:
        return _UNREAD
    if signs[0] == "U" and not (left.names or left.pronoun or is_note):
        return _UNREAD
    if signs[:2] == "Vb" or (signs[0] == "V" and signs.count("n") > 1 and len(_WHEN.findall(signs)) == 1):
        return _UNREAD  # `the overlap is from 1985 to 1997`, `the overlap of NAME and NAME lasts until 1997`
    negated = "X" in signs
    if negated and "X" in signs[at + 1 :].removesuffix("X")[1:]:
        return _UNREAD  # `they overlap without one lying in the other`
    return Shape("relation", dated, left, found[0], negated, right, invented)


def _at_stated_edge(side: Side) -> Side:
    """A side of which only the beginning or the end has a date is about that edge."""
    if not side.names or side.part or side.when is None or side.when.kind not in ("from", "until"):
        return side
    return side._replace(part="start" if side.when.kind == "from" else "end")


def _two_relations(signs: str, found: list[re.Match[str]], comma: int, plural: bool) -> Shape:
    """`X ended before Y began, so they do not overlap`: the second relation is between the same two times as the first.

    It may name another right side: `X is after Y and before Z`.
    """
    cut = signs.rfind("&", found[0].end(), found[1].start())
    if cut < 0:
        return _UNREAD
    head, tail, at = signs[:cut], signs[cut + 1 :], found[1].start() - cut - 1
    if "n" not in head and "d" not in head:  # `No overlap: X ended before Y began`
        head, tail, at, comma = tail, head, found[0].start(), comma - cut - 1
    own = _RELATION.search(head)
    if own is None or max(head.count("X"), tail.count("X")) > 1 or not _ELLIPTIC.fullmatch(tail):
        return _UNREAD
    first = _relation(head, own, _dated(head), False, comma, False)._replace(plural=plural)
    if first.kind != "relation":
        return _UNREAD
    right = _side(signs, found[1].end(), len(signs)) if "n" in tail else first.right
    if not (right.names or right.pronoun or right.when or first.left.names):
        return _UNREAD
    second = first._replace(
        dated=(),
        left=first.left._replace(part=""),
        relation=tail[at],
        negated="X" in tail,
        right=right._replace(part=""),
    )
    return first._replace(also=(second,))


def _negated(shape: Shape) -> Shape:
    """`Neither overlaps nor contains` denies both."""
    return shape._replace(also=tuple([other._replace(negated=True) for other in shape.also]))


def _side(signs: str, start: int, end: int) -> Side:
    part = signs[start:end]
    first = signs.count("n", 0, start)
    names = tuple(range(first, first + part.count("n")))
    time = _WHEN.search(part)
    when = _when(time[0], signs.count("d", 0, start + time.start())) if time else None
    pronoun = "p" if "p" in part else "q" if "q" in part else ""
    bare = _WHEN.sub("", part)
    if "c" not in bare and "e" not in bare and not ("c" in part and "e" in part):
        bare = part  # `NAME began in 1990, during ..`
    edge: Literal["", "start", "end"] = "start" if "c" in bare else "end" if "e" in bare else ""
    return Side(names, when, tuple(_parts(part, first)), pronoun, edge, part)


def _parts(part: str, first: int) -> Iterator[tuple[int, ...]]:
    for piece in part.split("&"):
        if count := piece.count("n"):
            yield tuple(range(first, first + count))
            first += count


def _when(text: str, first: int) -> When:
    if text.count("d") == 2:
        return When("span", first, first + 1)
    kind: WhenKind = "from" if text[0] in "fc" else "until" if text[0] in "te" else "point"
    return When(kind, first, first)


def _dated(signs: str) -> tuple[Dated, ...]:
    """Each stated time with the names before it; the first one with those after it if there are none before."""
    found: list[Dated] = []
    names: tuple[int, ...] = ()
    pronoun, at = "", 0
    for time in _WHEN.finditer(signs):
        between = signs[at : time.start()]
        # Words of another side of a relation do not belong to this time.
        cut = max(map(between.rfind, RELATIONS))
        if cut >= 0:
            names, pronoun = (), ""
        first = signs.count("n", 0, at + cut + 1)
        here = tuple(range(first, first + between.count("n", cut + 1)))
        if here:
            names, pronoun = here, ""
        elif not names and ("p" in between[cut + 1 :] or "q" in between[cut + 1 :]):
            # After a name, a pronoun means what was named: `NAME joined NAME in 1990 and left it in 1995`.
            pronoun = "p"
        if names or pronoun or (cut < 0 and not found):
            when = _when(time[0], signs.count("d", 0, time.start()))
            if when.kind == "point" and ("c" in between or "e" in between):
                when = when._replace(kind="until" if between.rfind("e") > between.rfind("c") else "from")
            if found and when.kind == "until" and found[-1].when.kind == "point" and found[-1].names == names:
                # `NAME took a job there in 1990, keeping it until 1995`
                found[-1] = found[-1]._replace(when=found[-1].when._replace(kind="from"))
            found.append(Dated(names, when, pronoun))
        at = time.end()
    if len(found) == 1 and not _RELATION.search(signs):
        after = _side(signs, at, len(signs))
        if not found[0].names or _GOES_ON.fullmatch(after.rest):
            found[0] = found[0]._replace(names=found[0].names + after.names)
    return tuple(found)
