"""Dates, years, numbers and amounts in a text, by shape, and how another value is written in the same shape."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from tracekd.regimes.exchanged_names.letters import Place
from tracekd.statements.passages.words import MONTHS

ValueKind = Literal["date", "year", "season", "decade", "phone", "time", "number", "word"]
_NAMES = "January February March April May June July August September October November December".split()
_MONTH = "|".join(sorted((*_NAMES, *(name[:3] for name in _NAMES), "Sept"), key=len, reverse=True))
NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
_UNIT = r"(?=(?:mg|mcg|kg|km|cm|mm|ml|lbs?|oz|mph|am|pm|g|m|k|F|C|K)?(?!\w))"
_VALUE = re.compile(
    rf"(?P<dmy>(?<![\w.,])\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})\.?,? \d{{3,4}}(?!\w))"
    rf"|(?P<mdy>\b(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}(?!\w))"
    rf"|(?P<my>\b(?:{_MONTH}),? \d{{4}}(?!\w))"
    r"|(?P<season>(?<![\w$.,])(?:1[0-9]{3}|20[0-2][0-9])[–-]\d{2}(?![\w–-]))"
    r"|(?P<decade>(?<![\w$.,])(?:1[0-9]{2}0|20[0-2]0)s(?!\w))"
    r"|(?P<year>(?<![\w$£€.,])(?:1[0-9]{3}|20[0-2][0-9])(?![\w%°]|[.,]\d))"
    r"|(?P<phone>(?<![\w.,])\+?(?:\d[ -]?)?\(?\d{3}\)?[ -]\d{3}[ -]\d{4}(?!\w))"
    r"|(?P<time>(?<![\w.,:])\d{1,2}:\d{2}(?![\w:]))"
    rf"|(?P<number>(?<![\w.,])[$£€]?(?:\d{{1,3}}(?:,\d{{3}}){{1,5}}(?!\d)|\d{{1,15}})(?:\.\d{{1,10}})?{_UNIT})"
    rf"|(?P<word>\b(?i:{'|'.join(NUMBER_WORDS)})\b(?!-))"
)
_PART = re.compile(r"\d+|[A-Za-z]{3,}")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_NEXT = re.compile(r"\s?-?\s?([^\W\d_]+|%|°)")
_ITEM = re.compile(r"(?:[.)]\s*|\s{2,})(?=[A-Z(])")
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
# `1500 calories` is a number.
_COUNTED = frozenset(
    "calories square miles feet people dollars meters metres kilometers kilometres pounds students species members acres "
    "employees inhabitants copies years days hours seats".split()
)


class Value(NamedTuple):
    """A value in a text. `key`: equal for equal values: (year,), (year, month), (year, month, day), or a number as it is
    read; `unit`: the word or sign after a number, in lower case.
    """

    place: Place
    kind: ValueKind
    text: str
    key: tuple[float, ...]
    unit: str


def values(text: str) -> Iterator[Value]:
    """Yield the values of a text, from left to right."""
    for found in _VALUE.finditer(text):
        after = _NEXT.match(text, found.end())
        unit = after[1].lower() if after else ""
        name = found.lastgroup or ""
        if name == "number" and _is_item(text, found):
            continue
        if name == "year" and unit in _COUNTED:
            name = "number"
        yield Value(Place(*found.span()), _kind(name), found[0], _key(name, found[0]), unit)


def _is_item(text: str, found: re.Match[str]) -> bool:
    """Whether a number only counts the items of a list: `2. Biology ..`."""
    before = text[max(0, found.start() - 9) : found.start()].rstrip()[-1:]
    return len(found[0]) <= 2 and (not before or before in ".!?:") and _ITEM.match(text, found.end()) is not None


def _kind(name: str) -> ValueKind:
    kinds: dict[str, ValueKind] = {"dmy": "date", "mdy": "date", "my": "date", "season": "season", "decade": "decade"}
    kinds |= {"year": "year", "phone": "phone", "time": "time", "number": "number", "word": "word"}
    return kinds[name]


def _key(name: str, text: str) -> tuple[float, ...]:
    if name == "word":
        return (_number_of(text.lower()),)
    if name == "time":
        hours, minutes = text.split(":")
        return (int(hours), int(minutes) / 100)
    if name == "phone":
        return (float("".join(re.findall(r"\d", text))),)
    if name == "number":
        return (float(text.lstrip("$£€").replace(",", "")),)
    parts = _PART.findall(text)
    if name in ("dmy", "mdy", "my"):
        month = next(MONTHS[part.lower()] for part in parts if part.lower() in MONTHS)
        numbers = [int(part) for part in parts if part.isdigit()]
        return (numbers[-1], month, *numbers[:-1])
    return (int(parts[0]),)


def _number_of(word: str) -> int:
    at = NUMBER_WORDS.index(word)
    return at + 2 if at <= 18 else 10 * (at - 15)


def year_of(value: Value) -> int | None:
    """The year of a date, year, season or decade."""
    return None if value.kind in ("number", "word", "phone", "time") else int(value.key[0])


def written(value: Value, key: tuple[float, ...]) -> str:
    """Another value in the shape of this one. `key` has as many parts as that of the value."""
    if value.kind == "word":
        word = word_of_number(int(key[0]))
        return word.capitalize() if value.text[0].isupper() else word
    if value.kind == "time":
        hours = f"{int(key[0]):02}" if value.text[0] == "0" else str(int(key[0]))
        return hours + value.text[value.text.index(":") :]
    if value.kind == "phone":
        digits = iter(f"{int(key[0]):0{sum(map(str.isdigit, value.text))}}")
        return "".join([next(digits) if sign.isdigit() else sign for sign in value.text])
    if value.kind == "number":
        return _DIGITS.sub(lambda found: _number(found[0], key[0]), value.text, count=1)
    if value.kind == "season":
        return f"{int(key[0])}{value.text[4]}{(int(key[0]) + 1) % 100:02}"
    if value.kind == "decade":
        return f"{int(key[0])}s"
    return _date(value, key)


def word_of_number(number: int) -> str:
    """The word of 2 to 20, or of a multiple of ten up to 90."""
    return NUMBER_WORDS[number - 2 if number <= 20 else number // 10 + 15]


def _number(old: str, new: float) -> str:
    decimals = len(old.partition(".")[2])
    return f"{new:,.{decimals}f}" if "," in old else f"{new:.{decimals}f}"


def _date(value: Value, key: tuple[float, ...]) -> str:
    year, month, day = (*map(int, key), 0, 0)[:3]
    own = (*value.key, 0, 0)[:3]

    def part(found: re.Match[str]) -> str:
        text = found[0]
        if text.isdigit():
            is_year = found.end() >= len(value.text.rstrip())
            return str(year) if is_year else str(day or int(own[2]))
        if text.lower() not in MONTHS or not month:
            return text
        name = _NAMES[month - 1]
        return name if len(text) > 4 or text == _NAMES[int(own[1]) - 1] else name[:3]

    return _ORDINAL.sub("th", _PART.sub(part, value.text))


def with_year(value: Value, year: int) -> str:
    """The value with another year and the same day and month."""
    return written(value, (year, *value.key[1:]))
