"""Reads what a statement says about an order, as the set of orders in which it is so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from tracekd.statements.alternatives import any_of
from tracekd.statements.names import without_stops
from tracekd.statements.orderings.orders import Orders
from tracekd.statements.orderings.places import COMPARED, DIRECTION, ORDINAL, PLACE, comes_first, is_forward, read_place

THING = "\ue002"


class Claim(NamedTuple):
    """What a statement says. `orders`: in which it is so. `is_listed`: it fills places of a list of the whole order.

    `possible`: what it says can be, each as the orders in which it is. `open_places`: places for which it says that
    anything can be there. `forward`: from which end plain ordinals count from here on, if it says so. `about`: the thing
    of which it gives the place.
    """

    orders: int
    is_listed: bool = False
    possible: tuple[int, ...] = ()
    open_places: tuple[int, ...] = ()
    forward: bool | None = None
    about: int | None = None


_NOT = (
    "(?:cannot|can't|can not|could not|couldn't|must not|does not|did not|didn't|is not|isn't|are not|aren't|was not|"
    "wasn't|will not|won't)(?: be| have been| finish| have finished)?"
)
_MUST = any_of(
    "is|are|was|were|must be|has to be|have to be|will be|can only be|should be|has been|must have been|would be",
    "comes|came|finished|finishes|must have finished|ranks|ranked|stands|sits|sat|must finish|placed",
)
_CAN = any_of("can|could|may|might") + " be"
_VERB = rf"(?P<not>{_NOT})|(?P<must>{_MUST})|(?P<can>{_CAN})"
_SOME = "T(?:(?:, and |, or |, | and | or )T)*"
_WORDS = "(?:also |still |now |then |therefore |thus |either |only |in |at |be )*(?:the )?"
_TAIL = r"(?: (?:place|position|spot|overall|in line|in the order(?:ing)?|in order|in total|one|again))*"
_LEADS = re.compile(
    any_of(
        "so|then|and|but|therefore|thus|hence|since|because|this means|that means|finally|now|however|also|while",
        "(?:we|i) (?:(?:have|had|previously|already|now|also|can|then) )*"
        + any_of("concluded?|established|determined?|found|deduced?|know|knew|said|saw|stated|see|conclude"),
        "(?:according to|based on|from|in|given) (?:this|the|our|that)(?: \\w+)? "
        + any_of("ordering|order|arrangement|list|ranking|clues?|information"),
        "(?:by|through) (?:the )?(?:process of )?elimination",
        r"there (?:are|were) \w+ \w+(?: in total| in all)?",
    )
    + r"(?: that)?[,:]?(?: |\Z)"
)
_MOST_LEADS = 6
_ARTICLE = re.compile("(?:the|an?) (?=T)")
_PUNCTUATION = " .,;:!\"'()[]“”"
_ORDINALS = rf"{ORDINAL}(?:(?:,? and |,? or |, ){ORDINAL})*"
_RANGE = rf"{ORDINAL} ?(?:to|through|until|-|–) ?{ORDINAL}"
_EACH = re.compile(ORDINAL)
_AND = re.compile(r",? and |, |; ")


def key_of(marked: str) -> str:
    """A marked text with single blanks, and `T` for each thing, without its article."""
    key = without_stops(marked).replace(THING, "T")
    return _ARTICLE.sub("", " ".join(key.split()))


def without_leads(key: str) -> str:
    """A key without the words that lead in, and without punctuation around it."""
    for _ in range(_MOST_LEADS):
        lead = _LEADS.match(key)
        if lead is None:
            break
        key = key[lead.end() :]
    return key.strip(_PUNCTUATION)


class Patterns(NamedTuple):
    """The patterns of statements about things of one kind.

    `within`: a kind within the words of a place (`the second bird from the left`). `of_place`: `the second-newest vehicle is
    the bus`, `third and fourth can be any vehicle`. `of_thing`: `the bus is the second-newest`, `the bus is newer than the
    truck`.
    """

    within: "re.Pattern[str]"
    of_place: "re.Pattern[str]"
    of_thing: "re.Pattern[str]"


@lru_cache(maxsize=64)
def patterns_of(kind: str) -> Patterns:
    """The patterns for things of this kind."""
    kinds = any_of(re.escape(kind.lower().removesuffix("s")) + "s?", "things?|objects?|items?|ones?")
    which = f"(?:only )?(?:{kinds}|person) (?:that|which|who)"
    only = f"(?:{which} (?:can be|could be|can finish|could have finished|finished|is|was) (?:in |at )?(?:the )?)?"
    places = f"(?P<range>{_RANGE})|(?P<list>{_ORDINALS})|(?P<place>{PLACE})"
    of_place = re.compile(
        rf"(?:the )?{only}(?:{places})(?: {kinds}| place| position|,)*,? (?:{_VERB}) {_WORDS}"
        rf"(?:(?P<open>(?:any|an unknown|unknown|some|another|one of)\b[^T]*?)(?: except {_SOME})?"
        rf"|(?P<things>{_SOME})|(?P<same>{PLACE})(?: {kinds})?)"
    )
    of_thing = re.compile(
        rf"(?P<things>{_SOME}|it|they|he|she) (?:{_VERB}) {_WORDS}"
        rf"(?:(?P<compared>{COMPARED}) (?P<others>{_SOME})|(?P<place>{PLACE})(?: {kinds})?{_TAIL}"
        rf"(?: or (?:the )?(?:(?P<higher>higher|better|above|earlier)|(?P<lower>lower|worse|below|later)"
        rf"|(?P<second>{PLACE})))?)"
    )
    return Patterns(re.compile(rf"\b({ORDINAL}|last) {kinds} (?=from )"), of_place, of_thing)


@dataclass(frozen=True)
class Reading:
    """Reads statements about a puzzle with these orders. `forward`: from which end plain ordinals count, if known."""

    orders: Orders
    kind: str
    forward: bool | None

    def read(self, key: str, things: Sequence[int], it: int | None = None) -> Claim | None:
        """What a statement says; None if it cannot be read. `things`: those that its marks stand for, in order.

        `it`: the thing that a pronoun means.
        """
        key = patterns_of(self.kind).within.sub(r"\1 ", without_leads(key))
        if direction := DIRECTION.match(key):
            forward = is_forward(direction)
            rest = key[direction.end() :].lstrip(" ,:-").removeprefix("it is ")
            if not rest:
                return Claim(self.orders.every, True, forward=forward)
            claim = Reading(self.orders, self.kind, forward)._read_all(rest, things, it)
            return claim._replace(forward=forward, is_listed=True) if claim else None
        return self._read_all(key, things, it)

    def _read_all(self, key: str, things: Sequence[int], it: int | None) -> Claim | None:
        claim = self._read_one(key, things, it)
        if claim is not None or len(key) > 400:
            return claim
        for joint in _AND.finditer(key):
            first, count = key[: joint.start()], key.count("T", 0, joint.start())
            one = self._read_one(first, things[:count], it)
            if one is None:
                continue
            rest = without_leads(key[joint.end() :])
            subject = things[0] if count else it
            other = self._read_all(rest, things[count:], subject)
            return _both(one, other) if other else None
        return None

    def _read_one(self, key: str, things: Sequence[int], it: int | None) -> Claim | None:
        if found := patterns_of(self.kind).of_place.fullmatch(key):
            return self._filled(found, things)
        if found := patterns_of(self.kind).of_thing.fullmatch(key):
            return self._placed(found, things, it)
        return None

    def _placed(self, found: "re.Match[str]", things: Sequence[int], it: int | None) -> Claim | None:
        count = found["things"].count("T")
        who = list(things[:count]) if count else [it]
        if None in who or found["can"]:
            return None
        orders = self.orders.every
        if found["compared"]:
            first = comes_first(found["compared"])
            for one in who:
                for other in things[count:]:
                    assert one is not None
                    said = self.orders.before(one, other) if first else self.orders.before(other, one)
                    orders &= self.orders.not_(said) if found["not"] else said
            return Claim(orders)
        places = self._either(found)
        if not places:
            return None
        for one in who:
            assert one is not None
            said = reduce(or_, [self.orders.at(one, place) for place in places])
            orders &= self.orders.not_(said) if found["not"] else said
        return Claim(orders, about=who[0])

    def _either(self, found: "re.Match[str]") -> list[int]:
        """The places of `the second or third`, `third or higher`; none if nobody knows from where they count."""
        place = read_place(found["place"], self.orders.size, self.forward)
        if place is None:
            return []
        if found["higher"] or found["lower"]:
            return list(range(place + 1)) if found["higher"] else list(range(place, self.orders.size)) or [place]
        second = read_place(found["second"], self.orders.size, self.forward) if found["second"] else place
        return [] if second is None else [place, second]

    def _filled(self, found: "re.Match[str]", things: Sequence[int]) -> Claim | None:
        places = self._places(found)
        if not places:
            return None
        is_listed = found["place"] is None or _EACH.fullmatch(found["place"]) is not None
        if found["same"]:
            same = read_place(found["same"], self.orders.size, self.forward)
            return None if same is None else Claim(self.orders.every if [same] == places else 0, is_listed)
        if found["open"]:
            return self._open(places, things) if not found["not"] else None
        return self._of_things(found, places, things, is_listed)

    def _open(self, places: list[int], things: Sequence[int]) -> Claim:
        """`third to fifth can be any book`, perhaps with exceptions."""
        orders = self.orders.every
        for thing in things:
            for place in places:
                orders &= self.orders.not_(self.orders.at(thing, place))
        return Claim(0 if max(places) >= self.orders.size else orders, True, open_places=tuple(places))

    def _of_things(
        self, found: "re.Match[str]", places: list[int], things: Sequence[int], is_listed: bool
    ) -> Claim | None:
        one_each = found["list"] is not None and " or " not in found["list"] and len(places) == len(things) > 1
        if one_each and not found["can"] and not found["not"] and " or " not in found["things"]:
            orders = self.orders.every
            for thing, place in zip(things, places, strict=True):
                orders &= self.orders.at(thing, place)
            return Claim(orders, is_listed)
        each = [self.orders.at(thing, place) for place in places for thing in things]
        orders = reduce(or_, each)
        if found["not"]:
            return Claim(self.orders.not_(orders), is_listed)
        if len(places) > 1:  # `third or fourth is the bus`, `third to fifth are the bus, the truck and the sedan`
            is_short = len(things) < len(places) and found["must"] and " or " not in found[0]
            orders = 0 if is_short else self.orders.every  # a thing cannot have two places
            for thing in things:
                orders &= reduce(or_, [self.orders.at(thing, place) for place in places])
        return Claim(orders, is_listed, tuple(each) if len(things) > 1 else (), about=things[0])

    def _places(self, found: "re.Match[str]") -> list[int]:
        size = self.orders.size
        if found["place"]:
            place = read_place(found["place"], size, self.forward)
            return [] if place is None else [place]
        said = _EACH.findall(found["range"] or found["list"])
        numbers = [read_place(one, size, self.forward) for one in said]
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            return []
        return list(range(min(known), max(known) + 1)) if found["range"] else known


def _both(one: Claim, other: Claim) -> Claim:
    return Claim(
        one.orders & other.orders,
        one.is_listed or other.is_listed,
        one.possible + other.possible,
        one.open_places + other.open_places,
        about=one.about,
    )
