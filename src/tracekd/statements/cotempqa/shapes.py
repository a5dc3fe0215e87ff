"""The shape of a statement about events in time: which names and dates it connects, and how."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from tracekd.statements.cotempqa.dates import DATE_MARK
from tracekd.statements.cotempqa.words import NUMBER, RELATIONS, UNKNOWN, symbols
from tracekd.statements.kept import KEPT, Kept

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
    a name is expected. `plural`: it speaks of several things, as `they` does.
    """

    kind: Literal["heading", "event", "dated", "relation", "identify", "class", "unread"]
    dated: tuple[Dated, ...] = ()
    left: Side = Side()
    relation: str = ""
    negated: bool = False
    right: Side = Side()
    invented: bool = False
    plural: bool = False


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
# Relations with which a clause before the main clause begins.
_FRONTED = "UBAL"
_MOST = 120


def read_shape(body: str) -> Shape:
    """The shape of the statement with this body; `unread` if a word is not known or the order of words is not."""
    if _CUT_TIME.search(body):
        return _UNREAD
    shape = _of_signs(symbols(body))
    return shape._replace(plural=True) if shape.relation and _PLURAL.search(body) else shape


SHAPES = Kept(read_shape)


# The same rows of symbols come again and again, in other words.
@lru_cache(maxsize=KEPT)
def _of_signs(signs: str) -> Shape:
    if len(signs) > _MOST or not signs or NUMBER in signs or signs.count("X") > 1:
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
    if len(found) > 1:
        return _UNREAD
    dated = _dated(signs)
    if found:
        return _relation(signs, found[0], dated, invented, comma)
    if dated:
        return Shape("dated", dated, negated="X" in signs, invented=invented)
    names = _side(signs, 0, len(signs))
    if not names.names:
        return _UNREAD
    if set(signs) <= set("n&-"):
        return Shape("heading", left=names)
    return _UNREAD if invented else Shape("event", left=names, negated="X" in signs)


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


def _relation(signs: str, found: re.Match[str], dated: tuple[Dated, ...], invented: bool, comma: int) -> Shape:
    """`comma`: the place of the first comma; -1 if there is none."""
    at = found.start()
    left, right = _side(signs, 0, at), _side(signs, at + 1, len(signs))
    if found[0] in "WU" and left.names and left.when and left.when.kind in ("from", "until"):
        left = left._replace(part="start" if left.when.kind == "from" else "end")  # `NAME began in 1990, during ..`
    if signs[0] == "U" and comma < 0:
        comma = signs.find("&")
    if signs[0] in _FRONTED and "n" in signs[1 : max(comma, 1)] and "?" not in signs:
        # `While NAME was .., NAME ..`: the main clause comes last.
        left, right = _side(signs, comma, len(signs)), _side(signs, 1, comma)
        if not (left.names or left.pronoun):
            return _UNREAD
    if invented:
        return _UNREAD
    if signs[0] == "U" and not (left.names or left.pronoun):
        return _UNREAD
    if signs[:2] == "Vb" or (signs[0] == "V" and signs.count("n") > 1 and len(_WHEN.findall(signs)) == 1):
        return _UNREAD  # `the overlap is from 1985 to 1997`, `the overlap of NAME and NAME lasts until 1997`
    negated = "X" in signs
    return Shape("relation", dated, left, found[0], negated, right, invented)


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
