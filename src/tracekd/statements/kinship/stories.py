"""Finds relations in stories in free words, such as CLUTRR's: `[Ada] walked home with her sister [Eve].`

What stands between names is sure (`Ada's sister Eve`); whose sister `her sister` means is likely only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tracekd.statements.kinship.clauses import Related
from tracekd.statements.kinship.relations import relation_of
from tracekd.statements.kinship.words import PRONOUN_GENDER, RELATIVES, WORD_GENDER, Signs

_MANY = r"N(?:(?:,|&|,&)N)*"
_OWNED = re.compile(rf"(?P<owner>N)'(?P<rel>r),?(?P<who>{_MANY})(?!')")
_MORE = re.compile(r"(?:&|,&?)(?P<rel>r),?(?P<who>N)(?!')")  # `his son Al and daughter Bea`
_COUPLE = re.compile(r"N&(?:pr,?)?N")
_WITH = re.compile(r"N&(?:pr,?)?\Z")
_BARE = re.compile(r"(?P<owner>N)(?P<rel>r)(?P<who>N)(?!')")  # `Ada brother Ben`: the apostrophe is lost
_APPOSED = re.compile(r"(?P<who>N),?w?(?P<link>,|I|w)?(?P<owner>N)'(?P<rel>r)(?!,?N|')")
_OF = re.compile(r"(?P<who>N),?w?I?,?(?P<rel>r)o(?P<owner>N)(?!')")
_THEIR = re.compile(rf"(?P<owner>p)(?P<rel>r),?a?(?P<who>{_MANY})(?!'r)")
_AFTER = re.compile(r"(?P<who>N),(?P<owner>p)(?P<rel>r)(?=[,.w]|\Z)")
_NAMED = re.compile(r"(?P<owner>p)(?P<rel>r)(?!')[^N.]{0,30}\.pa?I?(?P<who>N)")
_HAS = re.compile(rf"(?P<owner>N|q|u)w?ho?(?:w{{0,2}})(?P<rel>r),?a?(?P<who>{_MANY})")
_BOTH = re.compile(r"(?P<one>N)&(?P<other>N)I(?P<rel>r)(?=[,.&w]|\Z)")
_SHARE = re.compile(r"(?P<one>N)&(?P<other>N)w{1,3}pr(?!,?N)")  # `Ada and Ben asked their mother`
_WED = re.compile(r"(?P<one>N)(?:,?I?mo?(?P<other>N)|&(?P<second>N)[wh,]{0,7}m)")
_GENDER = re.compile(r"(?P<who>N),?w?I?,?w?(?P<gender>g)")
# `Ada's sister (, Eve)` and, where a sentence begins, `her sister (, Eve)`: Eve is the subject.
_HEAD = re.compile(r"(?:'r|(?:\A|\.)pr),?\Z")
_SPOUSE, _SIBLING, _PARENT = relation_of("spouse"), relation_of("sibling"), relation_of("parent")
# After these words, a name is rarely the subject of its sentence.
_BEFORE_OBJECTS = frozenset(
    "with for asked asks told called took takes saw met by from at than visited helped bought gave invited drove sent about "
    "picked brought if visiting wanted loves loved mentioned reminded".split()
)


class Found(NamedTuple):
    """A relation that a story states, and the place in the text where it does. `is_sure`: no pronoun was resolved."""

    related: Related
    at: int
    is_sure: bool


class Story:
    """A story as signs, with the names in it. `genders`: what the words for relatives tell."""

    def __init__(self, signs: Signs, names: Sequence[str]) -> None:
        self.words = signs.words
        self.text = signs.text
        self.name_at = dict(zip([at for at, sign in enumerate(signs.text) if sign == "N"], names, strict=False))
        self.genders: Mapping[str, str | None] = {}

    def read(self) -> list[Found]:
        """The relations that the story states."""
        found = list(self._sure())
        self._learn(found)
        likely: list[Found] = []
        for _ in range(2):  # what `her sister Eve` tells of Eve helps to tell whom another `her` means
            likely = list(self._likely())
            self._learn([*found, *likely])
        return [*found, *likely]

    def _learn(self, found: Sequence[Found]) -> None:
        told = [(one.related.one, one.related.gender) for one in found if one.related.gender]
        told += [
            (self.name_at[one.start()], WORD_GENDER[self.words[one.start("gender")]])
            for one in _GENDER.finditer(self.text)
        ]
        pronouns = [(who, PRONOUN_GENDER[word]) for who, word in self._plain_pronouns()]
        # `Ben told her`: what a word for a relative tells counts more than what a pronoun does.
        self.genders = {**_agreed(pronouns), **_agreed(told)}

    def _plain_pronouns(self) -> Iterator[tuple[str, str]]:
        """The people who are the only ones before a pronoun in their sentence, and the pronoun."""
        for at, word in enumerate(self.words):
            if word in PRONOUN_GENDER:
                start = self.text.rfind(".", 0, at) + 1
                before = {self.name_at[place] for place in range(start, at) if self.text[place] == "N"}
                if len(before) == 1:
                    yield before.pop(), word

    def _sure(self) -> Iterator[Found]:
        for pattern in (_OWNED, _BARE, _APPOSED, _OF):
            for one in pattern.finditer(self.text):
                yield from self._found(one, [self.name_at[one.start("owner")]], True)
        for one in _HAS.finditer(self.text):
            if owners := self._owners_of_has(one):
                yield from self._found(one, owners, True)
        for one in _BOTH.finditer(self.text):
            word = self.words[one.start("rel")]
            if word in ("brothers", "sisters", "siblings", "cousins"):
                yield from self._pair(one, *RELATIVES[word], word, True)
        for one in _WED.finditer(self.text):
            other = self.name_at[one.start("other" if one["other"] else "second")]
            yield Found(Related(self.name_at[one.start()], _SPOUSE, other, None, "married"), one.start(), True)

    def _likely(self) -> Iterator[Found]:
        for pattern in (_THEIR, _AFTER, _NAMED):
            for one in pattern.finditer(self.text):
                yield from self._found(one, self._meant(one.start("owner"), self._people(one, "who")), False)

        for one in _SHARE.finditer(self.text):
            if self.words[one.end() - 2] == "their" and RELATIVES[self.words[one.end() - 1]].relations == _PARENT:
                yield from self._pair(one, _SIBLING, None, "sibling", False)

    def _pair(
        self, one: "re.Match[str]", relations: int, gender: str | None, word: str, is_sure: bool
    ) -> Iterator[Found]:
        pair = self.name_at[one.start("one")], self.name_at[one.start("other")]
        for first, second in (pair, pair[::-1]):
            yield Found(Related(first, relations, second, gender, word), one.start(), is_sure)

    def _found(self, one: "re.Match[str]", owners: Sequence[str], is_sure: bool) -> Iterator[Found]:
        word = self.words[one.start("rel")]
        relations, gender = RELATIVES[word]
        many = self._people(one, "who")
        # `his wife Ada and Eve` is one wife.
        for who in many if word.endswith(("s", "children")) else many[:1]:
            for owner in owners:
                if who != owner:
                    yield Found(Related(who, relations, owner, gender, word), one.start(), is_sure)
        if more := _MORE.match(self.text, one.end()):
            yield from self._found(more, owners, is_sure)

    def _people(self, one: "re.Match[str]", group: str) -> list[str]:
        return [self.name_at[at] for at in range(one.start(group), one.end(group)) if self.text[at] == "N"]

    def _owners_of_has(self, one: "re.Match[str]") -> list[str]:
        """Who has the relatives: a name, both names before it (`Ada and Ben have`), or the couple that is meant by `they`."""
        at = one.start("owner")
        if one["owner"] == "N":
            with_ = _WITH.search(self.text, max(0, at - 5), at)
            return [self.name_at[with_.start()], self.name_at[at]] if with_ else [self.name_at[at]]
        if one["owner"] == "u":
            _, _, before = self.text[:at].rstrip(".").rpartition(".")
            start = at - len(self.text[:at]) + self.text[:at].rstrip(".").rfind(".") + 1
            names = [self.name_at[place] for place in range(start, at) if self.text[place] == "N"]
            return names if before and len(names) == 2 else []
        return self._meant(at, ())

    def _meant(self, at: int, but: Sequence[str]) -> list[str]:
        """Whom the pronoun at this place may mean: the nearest subject before it in its sentence, else in the one before."""
        gender = PRONOUN_GENDER.get(self.words[at])
        start = self.text.rfind(".", 0, at) + 1
        for begin, end in ((start, at), (self.text.rfind(".", 0, max(start - 1, 0)) + 1, start)):
            named = [place for place in range(begin, end) if self.text[place] == "N" and self.name_at[place] not in but]
            places = [
                place for place in named if gender is None or self.genders.get(self.name_at[place]) in (gender, None)
            ]
            if self.words[at] == "their":
                pair = [self.name_at[place] for place in places[:2]]
                return pair if _COUPLE.match(self.text, begin) and len(pair) == 2 else []
            if named:
                return self._subject(places)
        return []

    def _subject(self, places: Sequence[int]) -> list[str]:
        """The nearest subject among the people at these places, else the first one; nobody if two are equally near."""
        if not places:
            return []
        place = next((place for place in reversed(places) if self._is_subject(place)), places[0])
        # `Ada and Eve went out with her husband` leaves open whose husband.
        is_open = self.text[place + 1 : place + 3] == "&N" and place + 2 in places
        return [] if is_open else [self.name_at[place]]

    def _is_subject(self, place: int) -> bool:
        before = self.text[max(0, place - 2) : place]
        if self.text[place + 1 : place + 2] != "'" and _HEAD.search(self.text, max(0, place - 5), place):
            return True
        if before[-1:] in ("r", "o", "p", "&", "a", "'") or before == "r," or self.text[place + 1 : place + 2] == "'":
            return False
        return not before or self.words[place - 1] not in _BEFORE_OBJECTS


def _agreed(told: Sequence[tuple[str, str | None]]) -> dict[str, str | None]:
    """The gender of each person; None if the story says both."""
    genders: dict[str, str | None] = {}
    for who, gender in told:
        genders[who] = gender if genders.get(who, gender) == gender else None
    return genders
