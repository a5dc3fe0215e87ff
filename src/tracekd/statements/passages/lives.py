"""When the people and things that paragraphs are about were born, died, were made: the dates that their paragraphs give."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracekd.statements.passages.sentences import Sentence
from tracekd.statements.passages.tokens import Token, plain, raw_words, tokens_of, words_of
from tracekd.statements.passages.words import stem

# (year,), (year, month) or (year, month, day)
Date = tuple[int, ...]
# What dates are given of, by the stem of its word.
EVENTS = frozenset(("born", "die", "release", "publish", "found", "build", "form", "open"))
_WORKS = frozenset(map(stem, "film album song novel book single play show series game opera poem comedy drama".split()))
_MONTHS = dict(zip("jan feb mar apr may jun jul aug sep oct nov dec".split(), range(1, 13), strict=True))
_BRACKETS = re.compile(r"\(([^()]{4,120})\)")
_DASH = re.compile(r" ?[–—-] ?(?=\D)| ?[–—-] ?(?=\d{1,4}\b)")
_WORK = re.compile(r"\b(?:is|was) an? ([12]\d{3}) ((?:[\w-]+ ){0,5}[\w-]+)")
_LATEST_WORK = 160
_HAS_YEAR = re.compile(r"[12]\d{3}")
_LATEST_BRACKET = 90
# A date stands at most this many words after the word of its event.
_REACH = 8
_PRONOUNS = frozenset("he she it they".split())
_THINGS = frozenset("film album song novel book single series game company band group school club station".split())
_EMPTY: frozenset[str] = frozenset()


class Given(NamedTuple):
    """A date and the number of the sentence that gives it."""

    date: Date
    place: int


@dataclass(frozen=True)
class Lives:
    """The dates of what paragraphs are about, by title and event.

    `implied`: those without the word of the event: in brackets behind the name, and the year of a work (`is a 1949 film`).
    `tokens` gives those of a sentence. The other dates are read when they are first asked for.
    """

    sentences: Sequence[Sentence]
    of_title: dict[str, int]
    tokens: Callable[[int], list[Token]]
    implied: dict[tuple[str, str], Given]
    _found: dict[str, dict[str, list[Given]]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, sentences: Sequence[Sentence], of_title: dict[str, int], tokens: Callable[[int], list[Token]]
    ) -> "Lives":
        """The dates of these paragraphs. `of_title`: a bit for each sentence of each title."""
        firsts = [(title, _first_place(places)) for title, places in of_title.items() if title]
        brackets = {
            (title, event): Given(date, place)
            for title, place in firsts
            for event, date in (*_in_brackets(sentences[place]), *_of_work(sentences[place]))
        }
        return cls(sentences, of_title, tokens, brackets)

    def of_event(self, title: str, event: str) -> Given | None:
        """The date of an event, as exactly as it is given; None if it is not given, or if two different ones are."""
        if title not in self._found:
            self._found[title] = self._read(title)
        given: list[Given] = [*self._found[title].get(event, ())]
        if (title, event) in self.implied:
            given.append(self.implied[title, event])
        if not given or not all(same_date(one.date, given[0].date) for one in given):
            return None
        return max(given, key=lambda one: len(one.date))

    def _read(self, title: str) -> dict[str, list[Given]]:
        found: dict[str, list[Given]] = {}
        places = self.of_title.get(title, 0)
        first = _first_place(places)
        for place in range(first, places.bit_length()):
            one = self.sentences[place]
            if (
                one.title == title
                and _HAS_YEAR.search(one.text)
                and (place == first or _is_about(one, self.sentences[first]))
            ):
                for event, date in _after_words(self.tokens(place), title):
                    found.setdefault(event, []).append(Given(date, place))
        return found


def _first_place(places: int) -> int:
    return (places & -places).bit_length() - 1


def dates_in(tokens: Sequence[Token]) -> list[tuple[int, int, Date]]:
    """The dates in these words: the first word, the word after the last one, and the date."""
    found: list[tuple[int, int, Date]] = []
    for at, token in enumerate(tokens):
        if token.kind != "year":
            continue
        year = int(token.form)
        one, two = (tokens[at - back] if at >= back else None for back in (1, 2))
        if one and one.kind == "month":
            if two and _is_day(two):
                found.append((at - 2, at + 1, (year, _MONTHS[one.stem], int(two.form))))
            else:
                found.append((at - 1, at + 1, (year, _MONTHS[one.stem])))
        elif one and two and _is_day(one) and two.kind == "month":
            found.append((at - 2, at + 1, (year, _MONTHS[two.stem], int(one.form))))
        else:
            found.append((at, at + 1, (year,)))
    return found


def same_date(one: Date, other: Date) -> bool:
    """Whether two dates are equal as far as both are known."""
    return all(a == b for a, b in zip(one, other, strict=False))


def shown(date: Date) -> str:
    """The date for people, such as 1904-12-12."""
    return "-".join([f"{part:02}" for part in date])


def _is_day(token: Token) -> bool:
    return token.form.isdigit() and len(token.form) <= 2 and 1 <= int(token.form) <= 31


def _in_brackets(sentence: Sentence) -> list[tuple[str, Date]]:
    """Birth and death from `(9 January 1868 – 12 February 1939)` or `(born 1970)` after a name."""
    bracket = _BRACKETS.search(sentence.text, 0, _LATEST_BRACKET + 120)
    if not bracket or bracket.start() > _LATEST_BRACKET:
        return []
    words = tokens_of(words_of(bracket[1]), bracket[1], _EMPTY)
    if any(word.kind == "content" and word.stem not in ("born", "die") for word in words):
        return []
    parts = [part for part in _DASH.split(bracket[1]) if part]
    dates = [dates_in(tokens_of(words_of(part), part, _EMPTY)) for part in parts]
    if len(parts) == 2 and all(len(one) == 1 for one in dates):
        return [("born", dates[0][0][2]), ("die", dates[1][0][2])]
    if len(parts) == 1 and len(dates[0]) == 1 and len(stems := {word.stem for word in words} & {"born", "die"}) == 1:
        return [(stems.pop(), dates[0][0][2])]
    return []


def _is_about(sentence: Sentence, first: Sentence) -> bool:
    """Whether a sentence speaks of what its paragraph is about: it begins with a pronoun, with the title, or with `The film`
    if the first sentence has this word.
    """
    word, second = (*sentence.forms, "")[:2]
    is_thing = word == "the" and second in _THINGS and second in first.forms
    return word in _PRONOUNS or is_thing or f" {word} " in f" {sentence.title.lower()} "


def _of_work(sentence: Sentence) -> list[tuple[str, Date]]:
    """The year of a work: `is a 1949 film`."""
    found = _WORK.search(sentence.text, 0, _LATEST_WORK)
    return [("release", (int(found[1]),))] if found and not _WORKS.isdisjoint(map(stem, found[2].split())) else []


def _after_words(tokens: Sequence[Token], title: str) -> list[tuple[str, Date]]:
    """Dates that follow the word of an event."""
    found = []
    for start, _, date in dates_in(tokens):
        before = [token.stem for token in tokens[max(0, start - _REACH) : start]]
        events = [stem for stem in before if stem in EVENTS]
        if not events or any(token.kind in ("year", "number") for token in _since(tokens, start, events[-1])):
            continue
        if events[-1] not in ("born", "die") or _is_own(tokens, events[-1], title):
            found.append((events[-1], date))
    return found


def _is_own(tokens: Sequence[Token], event: str, title: str) -> bool:
    """Whether it is a birth or death of whom the paragraph is about: before its word stands only a name or a pronoun."""
    at = next(at for at, token in enumerate(tokens) if token.stem == event)
    if event == "die" and any(token.stem == "born" for token in tokens[:at]) and _is_own(tokens, "born", title):
        return True
    own = set(map(plain, raw_words(title)))
    return all(token.kind == "function" or token.form in own for token in tokens[:at])


def _since(tokens: Sequence[Token], start: int, event: str) -> Sequence[Token]:
    at = next(at for at in range(start - 1, -1, -1) if tokens[at].stem == event)
    return tokens[at:start]
