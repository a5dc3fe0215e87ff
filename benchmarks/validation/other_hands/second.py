"""A second set of wordings by a hand that has seen neither the program nor the other wordings.

`SECOND` (CoTempQA) and `SECOND_STORIES` (bAbI). Beyond plain templates:
- parts of a time: `{when}` is an adverbial ("from 1999 to 2003", "on May 3, 1999"); `{when.bare}`, `{when.a}`, `{when.b}`,
  `{when.in_a}`, `{when.in_b}` are its other forms; keys that end in " span" hold templates that suit a span only;
- `{v}`, `{ve}`, `{was}`, `{has}`, `{is_}` agree with `{p}`; `{d}` is `{n}` as a digit and `{are}` its verb; `{A}`, `{kl}` are
  `{a}`, `{k}` in the other case; `{ao}` is the office `{o}` with an article if it needs one;
- a template that starts with "~" is a terse note: its lead (if any) comes from the key "terse LEAD", which suits a fragment.
"""

import re
from dataclasses import dataclass, field
from random import Random

from tracekd.worlds.free_traces.wording import Wording

_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}
_DIGITS = {word: str(number) for number, word in enumerate("no one two three four five".split())}
# Offices that several people can hold at once.
_WITH_ARTICLE = ("member", "envoy", "judge")
_LEADS = ("lead", "so", "hedge", "wait")


class When(str):
    """A time as an adverbial; its attributes have it in other forms."""

    bare: str
    a: str
    b: str
    in_a: str
    in_b: str
    is_span: bool


@dataclass(frozen=True)
class SecondWording(Wording):
    """Wordings whose templates may have the parts that are listed at the top of this module."""

    # Whether the last thing said was a terse note; the maker asks for the lead right after the thing itself.
    terse: list[bool] = field(default_factory=lambda: [False])

    def say(self, rng: Random, what: str, **parts: str) -> str:
        """One of the templates, with its parts filled in."""
        if what in ("span", "point"):
            return self._time(rng, what, **parts)
        if what in _LEADS:
            return rng.choice(self.templates[f"terse {what}" if self.terse[0] else what])
        options = self.templates[what]
        when = parts.get("when")
        if isinstance(when, When) and when.is_span:
            options += self.templates.get(f"{what} span", ())
        template = rng.choice(options)
        if not what.startswith("noun "):
            self.terse[0] = template.startswith("~")
        said = template.removeprefix("~").format(**parts, **_agreement(parts))
        return said.replace("s's ", "s' ") if "s's " in said and what != "quote" and rng.random() < 0.5 else said

    def _time(self, rng: Random, what: str, a: str, b: str) -> str:
        form = rng.choice(DATE_FORMS)
        (a, on_a), (b, on_b) = _redate(a, form), _redate(b, form)
        year = re.fullmatch(r"[0-9]+", a)
        known = {
            "a": a,
            "b": b,
            "in_a": f"{on_a} {a}",
            "in_b": f"{on_b} {b}",
            "during_a": f"{'on' if on_a == 'on' else 'during'} {a}",
            "year_a": f"in the year {a}" if year else f"{on_a} {a}",
            "date_a": f"on the date {a}" if on_a == "on" and a[0].isdigit() else f"{on_a} {a}",
            "dash": "-" if re.fullmatch(r"[0-9]+", a) and re.fullmatch(r"[0-9]+", b) else " - ",
            "endash": "–" if re.fullmatch(r"[0-9]+", a) and re.fullmatch(r"[0-9]+", b) else " – ",
        }
        time = When(rng.choice(self.templates[what]).format(**known))
        time.bare = rng.choice(self.templates[f"bare {what}"]).format(**known)
        time.a, time.b, time.in_a, time.in_b, time.is_span = a, b, known["in_a"], known["in_b"], what == "span"
        return time


# "" leaves a date as the maker writes it: "March 3, 1999", "3 Mar 1999", "March 1999". "comma" is the form of the data set:
# "March, 1999".
DATE_FORMS = ("", "", "", "", "comma", "comma", "iso", "ordinal", "day first", "short")


def _redate(date: str, form: str) -> tuple[str, str]:
    """The date in this form, and its preposition."""
    numbers = [int(number) for number in re.findall(r"[0-9]+", date)]
    word = re.search(r"[A-Z][a-z]+", date)
    if not word:
        return date, "in"
    month, year, day = _MONTH[word[0][:3]], numbers[-1], numbers[0] if len(numbers) == 2 else 0
    name = _MONTHS[month - 1]
    if day:
        return {
            "iso": f"{year:04}-{month:02}-{day:02}",
            "ordinal": f"{name} {_ordinal(day)}, {year}",
            "day first": f"{_ordinal(day)} {name} {year}",
            "short": f"{name[:3]} {day}, {year}",
        }.get(form, date), "on"
    return {"comma": f"{name}, {year}", "iso": f"{year:04}-{month:02}", "short": f"{name[:3]} {year}"}.get(
        form, date
    ), "in"


def _ordinal(day: int) -> str:
    return f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def _agreement(parts: dict[str, str]) -> dict[str, str]:
    more: dict[str, str] = {}
    if "p" in parts:
        several = " and " in parts["p"]
        more |= {"v": "", "ve": "", "was": "were", "has": "have", "is_": "are"} if several else {
            "v": "s", "ve": "es", "was": "was", "has": "has", "is_": "is"}  # fmt: skip
    if "n" in parts:
        more |= {"d": _DIGITS[parts["n"]], "are": "are" if parts["s"] else "is"}
    if "o" in parts:
        first = parts["o"].split()[0]
        more["ao"] = f"{'an' if first[0] in 'aeiou' else 'a'} {parts['o']}" if first in _WITH_ARTICLE else parts["o"]
    if "a" in parts:
        more["A"] = parts["a"][:1].upper() + parts["a"][1:]
    if "k" in parts:
        more["kl"] = parts["k"].lower()
    return more


_TALK = {
    "so": (
        "so ",
        "so, ",
        "therefore, ",
        "thus, ",
        "this means ",
        "that means ",
        "this means that ",
        "hence, ",
        "it follows that ",
        "in other words, ",
        "okay, so ",
    ),
    "hedge": (
        "I think ",
        "I believe ",
        "it looks like ",
        "it seems that ",
        "as far as I can tell, ",
        "if I read it correctly, ",
        "if I'm not mistaken, ",
        "hmm, I think ",
        "it appears that ",
        "I'm fairly sure that ",
    ),
    "wait": (
        "wait, ",
        "wait, no, ",
        "no, wait, ",
        "actually, ",
        "hold on, ",
        "hmm, wait, ",
        "let me correct that: ",
        "let me double-check: ",
        "sorry, ",
        "no, that's wrong: ",
        "wait, let me re-read: ",
    ),
    "terse so": ("so: ", "hence: ", "therefore: ", "=> ", "-> ", "result: ", ""),
    "terse hedge": ("I think: ", "hmm: ", "if I read it right: ", "probably: ", "as I read it: ", "looks like: "),
    "terse wait": ("wait: ", "wait, no: ", "correction: ", "actually: ", "fixed: ", "sorry: ", "no: "),
    "terse lead": ("given: ", "fact: ", "note: ", "next: ", "from the text: ", "", ""),
}

_TIMES = {
    "span": (
        "from {a} to {b}",
        "from {a} to {b}",
        "from {a} until {b}",
        "between {a} and {b}",
        "from {a} through {b}",
        "from {a} up to {b}",
        "starting {in_a} and ending {in_b}",
        "in the period from {a} to {b}",
        "in the period {a}{dash}{b}",
    ),
    "point": (
        "{in_a}",
        "{in_a}",
        "{in_a}",
        "{in_a}",
        "{during_a}",
        "{in_a} (a single date)",
        "{year_a}",
        "{date_a}",
        "specifically {in_a}",
    ),
    "bare span": (
        "{a}{dash}{b}",
        "{a}{dash}{b}",
        "{a}{endash}{b}",
        "{a} to {b}",
        "from {a} to {b}",
        "{a} until {b}",
        "{a} through {b}",
    ),
    "bare point": ("{a}", "{a}", "{a}", "{a}", "{in_a}", "{during_a}", "just {a}", "single date {a}"),
}

_FACTS = {
    "P102": (
        "{s} was a member of the {o} {when}",
        "{s} was a member of the {o} {when}",
        "{s} is a member of the {o} {when}",
        "{s} belonged to the {o} {when}",
        "{when}, {s} was a member of the {o}",
        "{s} was in the {o} {when}",
        "~{s}'s membership in the {o}: {when.bare}",
        "the {o} had {s} as a member {when}",
        "{s} had a membership in the {o} ({when.bare})",
        "{when}, {s} belonged to the {o}",
        "{s} was with the {o} as a member {when}",
        "~{s}, member of the {o}: {when.bare}",
        "~{s} in the {o}, {when.bare}",
    ),
    "P102 span": (
        "{s} joined the {o} {when.in_a} and left {when.in_b}",
        "{s} was a member of the {o} starting {when.in_a}, and this lasted until {when.b}",
        "{s}'s time in the {o} started {when.in_a} and ended {when.in_b}",
    ),
    "P108": (
        "{s} worked for {o} {when}",
        "{s} worked for {o} {when}",
        "{s} works for {o} {when}",
        "{s} was working for {o} {when}",
        "{s} worked at {o} {when}",
        "{s} was employed by {o} {when}",
        "{when}, {s} worked for {o}",
        "{s} did work for {o} {when}",
        "{o} employed {s} {when}",
        "{s} had a job at {o} ({when.bare})",
        "{s} was on the staff of {o} {when}",
        "~{s} at {o}: {when.bare}",
        "~{s}, employed by {o}, {when.bare}",
    ),
    "P108 span": (
        "{s} started working for {o} {when.in_a} and stopped {when.in_b}",
        "{s}'s job at {o} began {when.in_a} and ended {when.in_b}",
        "{s} worked for {o} starting {when.in_a}, and the end date is {when.b}",
    ),
    "P127": (
        "{s} was owned by {o} {when}",
        "{s} was owned by {o} {when}",
        "{s} is owned by {o} {when}",
        "{o} owned {s} {when}",
        "{when}, {s} was owned by {o}",
        "{s} had {o} as its owner {when}",
        "{s} belonged to {o} {when}",
        "{o} was the owner of {s} {when}",
        "{s} was the property of {o} ({when.bare})",
        "{when}, the owner of {s} was {o}",
        "~{s}, owner {o}: {when.bare}",
        "~{s} owned by {o}, {when.bare}",
    ),
    "P127 span": (
        "{o} became the owner of {s} {when.in_a} and stayed the owner until {when.b}",
        "{o}'s ownership of {s} began {when.in_a} and ended {when.in_b}",
    ),
    # The two rarest relations were added later, by a hand that had not read the grammars' words for them.
    "P488": (
        "{s} was the chair of {o} {when}",
        "{s} served as {o}'s chairperson {when}",
        "the chair of {o} was {s} {when}",
    ),
    "P6": ("{s} was the head of {o} {when}", "{s} was at the head of {o} {when}", "{s} governed {o} {when}"),
    "noun both P488": ("{s}'s time as chair of {o}", "{s}'s chairmanship of {o}"),
    "noun both P6": ("{s}'s time as head of {o}", "{s}'s time at the head of {o}"),
    "noun subject P488": ("{s}'s time as chair", "{s}'s chairmanship"),
    "noun subject P6": ("{s}'s time in office",),
    "P39": (
        "{s} held the position of {o} {when}",
        "{s} held the position of {o} {when}",
        "{s} holds the position of {o} {when}",
        "{s} was {ao} {when}",
        "{s} served as {ao} {when}",
        "{when}, {s} was {ao}",
        "{s} was holding the position of {o} {when}",
        "the position of {o} was held by {s} {when}",
        "{when}, {s} held the position of {o}",
        "{s} had the role of {o} ({when.bare})",
        "~{s}'s term as {ao}: {when.bare}",
        "{s} occupied the post of {o} {when}",
        "~{s}, {o}: {when.bare}",
        "~{s} as {ao}, {when.bare}",
    ),
    "P39 span": (
        "{s} became {ao} {when.in_a} and served until {when.b}",
        "{s}'s term as {ao} started {when.in_a} and ended {when.in_b}",
        "{s} took the position of {o} {when.in_a} and left it {when.in_b}",
    ),
    "P54": (
        "{s} played for {o} {when}",
        "{s} played for {o} {when}",
        "{s} plays for {o} {when}",
        "{s} was playing for {o} {when}",
        "{when}, {s} played for {o}",
        "{s} was a player of {o} {when}",
        "{s} was on the team of {o} {when}",
        "{o} had {s} as a player {when}",
        "{s} was playing at {o} {when}",
        "{s} was at {o} as a player ({when.bare})",
        "~{s}, player for {o}: {when.bare}",
        "~{s} at {o}, {when.bare}",
    ),
    "P54 span": (
        "{s} joined {o} {when.in_a} and left {when.in_b}",
        "{s} started playing for {o} {when.in_a} and stopped {when.in_b}",
        "{s}'s time as a player for {o} started {when.in_a} and ended {when.in_b}",
    ),
    "P69": (
        "{s} attended {o} {when}",
        "{s} attended {o} {when}",
        "{s} was attending {o} {when}",
        "{s} studied at {o} {when}",
        "{s} was a student at {o} {when}",
        "{when}, {s} attended {o}",
        "{s} went to {o} {when}",
        "{when}, {s} was a student at {o}",
        "{s} was studying at {o} {when}",
        "{s} was enrolled at {o} {when}",
        "{o} was attended by {s} {when}",
        "{s} was at {o} as a student ({when.bare})",
        "~{s}, student at {o}: {when.bare}",
        "~{s} at {o}, {when.bare}",
    ),
    "P69 span": (
        "{s} started at {o} {when.in_a} and finished {when.in_b}",
        "{s} entered {o} {when.in_a} and left {when.in_b}",
        "{s}'s time at {o} started {when.in_a} and ended {when.in_b}",
    ),
    "listed": (
        "{s}: {o}, {when.bare}",
        "{s}: {o} ({when.bare})",
        "{s} ({o}): {when.bare}",
        "{s} - {o} - {when.bare}",
        "{s} – {o}: {when.bare}",
        "{s} / {o} / {when.bare}",
        "{o} ({s}): {when.bare}",
        "{o}: {s}, {when.bare}",
        "**{s}**: {o}, {when.bare}",
        "{s} -> {o}, {when.bare}",
        "{when.bare}: {s}, {o}",
        "{s} | {o} | {when.bare}",
    ),
    "listed span": (
        "{s}, {o}: start {when.a}, end {when.b}",
        "{s} ({o}): start = {when.a}; end = {when.b}",
    ),
    "quote": (
        "{fact}",
        "{fact}",
        'the context says "{fact}"',
        'it says: "{fact}"',
        'we have the statement "{fact}"',
        '"{fact}"',
        "the context states: {fact}",
        "one of the facts: {fact}",
        "from the context: {fact}",
        'one sentence reads: "{fact}"',
    ),
}

_NOUNS = {
    "noun both P102": (
        "{s}'s membership in the {o}",
        "{s}'s time in the {o}",
        "{s}'s membership of the {o}",
        "the period when {s} was a member of the {o}",
        "the time {s} belonged to the {o}",
        "{s}'s period in the {o}",
        "the membership of {s} in the {o}",
    ),
    "noun both P108": (
        "{s}'s time at {o}",
        "{s}'s work for {o}",
        "{s}'s employment at {o}",
        "the period when {s} worked for {o}",
        "{s}'s job at {o}",
        "{s}'s stint at {o}",
        "the time {s} spent at {o}",
    ),
    "noun both P127": (
        "{o}'s ownership of {s}",
        "the ownership of {s} by {o}",
        "the period when {s} was owned by {o}",
        "the time {o} owned {s}",
        "the period when {o} owned {s}",
        "the time {s} belonged to {o}",
    ),
    "noun both P39": (
        "{s}'s term as {ao}",
        "{s}'s time as {ao}",
        "{s}'s tenure as {ao}",
        "the period when {s} was {ao}",
        "the time {s} held the position of {o}",
        "{s}'s period as {ao}",
        "the term of {s} as {ao}",
    ),
    "noun both P54": (
        "{s}'s time at {o}",
        "{s}'s spell at {o}",
        "{s}'s time with {o}",
        "{s}'s stint with {o}",
        "the period when {s} played for {o}",
        "the time {s} was playing for {o}",
        "{s}'s tenure at {o}",
    ),
    "noun both P69": (
        "{s}'s time at {o}",
        "{s}'s attendance at {o}",
        "{s}'s period at {o}",
        "the period when {s} attended {o}",
        "the time {s} studied at {o}",
        "{s}'s schooling at {o}",
        "the time {s} was a student at {o}",
    ),
    "noun subject P102": (
        "{s}'s membership",
        "{s}'s membership period",
        "{s}'s time in the party",
        "the membership of {s}",
        "{s}'s time as a member",
        "{s}'s period of membership",
    ),
    "noun subject P108": (
        "{s}'s employment",
        "{s}'s work period",
        "{s}'s time there",
        "the employment of {s}",
        "{s}'s job",
        "the period when {s} worked there",
    ),
    "noun subject P127": (
        "the ownership of {s}",
        "the ownership period of {s}",
        "the ownership period for {s}",
        "the period of {s}'s ownership",
        "the ownership period given for {s}",
        "the time period for {s}",
    ),
    "noun subject P39": (
        "{s}'s term",
        "{s}'s tenure",
        "{s}'s time in the position",
        "{s}'s time in office",
        "the term of {s}",
        "{s}'s period in the position",
    ),
    "noun subject P54": (
        "{s}'s time at the club",
        "{s}'s time on the team",
        "{s}'s playing period",
        "{s}'s stint",
        "{s}'s tenure",
        "{s}'s spell at the team",
    ),
    "noun subject P69": (
        "{s}'s attendance",
        "{s}'s time at the school",
        "{s}'s time as a student",
        "{s}'s school period",
        "the attendance of {s}",
        "{s}'s study period",
    ),
}

_JOINS = {
    "overlaps": (
        "{x} overlaps with {y}",
        "{x} overlaps with {y}",
        "{x} and {y} overlap",
        "there is an overlap between {x} and {y}",
        "{x} shares some time with {y}",
        "{x} and {y} have some time in common",
        "{x} happened at the same time as {y}, at least in part",
        "{x} coincides with {y} at least partly",
        "{x} overlaps in time with {y}",
        "{x} is concurrent with {y} for at least some time",
    ),
    "it overlaps": (
        "that overlaps with {y}",
        "this overlaps with {y}",
        "so there is an overlap with {y}",
        "it overlaps {y}",
        "~overlaps with {y}",
        "this shares some time with {y}",
        "so that was going on at the same time as {y}, at least partly",
        "this time period overlaps with {y}",
        "~overlap with {y}: yes",
        "it has some time in common with {y}",
    ),
    "apart": (
        "{x} does not overlap with {y}",
        "{x} doesn't overlap with {y}",
        "there is no overlap between {x} and {y}",
        "{x} and {y} do not overlap",
        "{x} and {y} have no time in common",
        "{x} is not at the same time as {y}",
        "{x} was not during {y}, and the two never coincide",
        "{x} is completely outside {y}",
        "{x} doesn't overlap in time with {y}",
        "{x} and {y} were at different times, with no overlap",
    ),
    "it apart": (
        "that does not overlap with {y}",
        "this doesn't overlap with {y}",
        "so no overlap with {y}",
        "~no overlap with {y}",
        "so it is not at the same time as {y}",
        "this has no time in common with {y}",
        "that is completely outside {y}",
        "it does not coincide with any part of {y}",
        "~overlap with {y}: no",
        "this time period doesn't overlap with {y}",
    ),
    "before": (
        "{x} was before {y}",
        "{x} is before {y}",
        "{x} ended before {y} started",
        "{x} was over before {y} began",
        "{x} came earlier than {y}",
        "{y} started after {x} had ended",
        "{x} took place before {y}",
        "{y} began only after {x} was over",
        "{x} was already over when {y} started",
        "{x} precedes {y}",
    ),
    "it before": (
        "that is before {y}",
        "that was before {y} started",
        "this ended before {y} began",
        "so it was already over when {y} started",
        "~before {y}",
        "this is earlier than {y}",
        "so {y} started later than that ended",
        "it ended too early, before {y}",
        "this comes before {y}",
        "it was over before {y} even started",
    ),
    "after": (
        "{x} was after {y}",
        "{x} is after {y}",
        "{x} started after {y} ended",
        "{x} began only after {y} was over",
        "{x} came later than {y}",
        "{y} was over before {x} started",
        "{x} took place after {y}",
        "{y} had already ended when {x} began",
        "{x} comes after {y}",
        "{y} ended before {x} started",
    ),
    "it after": (
        "that is after {y}",
        "that was after {y} ended",
        "this started after {y} was over",
        "so {y} had already ended by then",
        "~after {y}",
        "this is later than {y}",
        "it started too late, after {y}",
        "so it began when {y} was already over",
        "this comes after {y}",
        "{y} ended before that",
    ),
    "within": (
        "{x} is within {y}",
        "{x} falls within {y}",
        "{x} was during {y}",
        "{x} lies completely inside {y}",
        "{x} happened during {y}",
        "{y} covers all of {x}",
        "{x} is fully contained in {y}",
        "{y} includes the whole of {x}",
    ),
    "it within": (
        "that is within {y}",
        "this falls within {y}",
        "that was during {y}",
        "so it is fully contained in {y}",
        "~within {y}",
        "this is inside {y}",
        "{y} covers all of that",
        "it happened during {y}",
    ),
    "contains": (
        "{x} covers all of {y}",
        "{x} contains {y}",
        "{x} includes the whole of {y}",
        "{y} falls within {x}",
        "{y} was during {x}",
        "{y} lies completely inside {x}",
        "{x} spans all of {y}",
        "{y} is fully contained in {x}",
    ),
    "it contains": (
        "that covers all of {y}",
        "this contains {y}",
        "this includes the whole of {y}",
        "so {y} falls within it",
        "so {y} was during that time",
        "it spans all of {y}",
        "~covers all of {y}",
        "{y} lies completely inside that period",
    ),
    "equal": (
        "{x} and {y} have exactly the same dates",
        "{x} is exactly the same period as {y}",
        "{x} has the same dates as {y}",
        "the dates of {x} are identical to those of {y}",
        "{x} matches {y} exactly in time",
        "{x} starts and ends at the same time as {y}",
        "{x} covers exactly the same time as {y}",
        "{x} has a time period identical to that of {y}",
    ),
    "it equal": (
        "that is exactly the same time as {y}",
        "this is the same period as {y}",
        "these are the same dates as those of {y}",
        "so it matches {y} exactly",
        "~same dates as {y}",
        "the dates are identical to those of {y}",
        "this is an exact match with {y}",
        "it starts and ends together with {y}",
    ),
}

_CLASSES = {
    "class equal": (
        "each match has exactly the same dates as the event in the question",
        "the matching periods are identical, with the same start and the same end",
        'this is an "equal" case: the dates are exactly the same',
        "the relation is equality, as both the start and the end agree every time",
        "every match covers exactly the same time as the event we are asked about",
        'the type of temporal relation is "equal"',
        "all the matches are exact, with identical dates",
        '~an "equal" relation (identical dates)',
    ),
    "class during": (
        "in each case a shorter period lies inside a longer one",
        'this is a "during" case: a shorter period falls within a longer one',
        "the periods are not identical, but one of the two fully contains the other every time",
        "the relation is containment, a shorter period completely inside a longer one every time",
        'the type of temporal relation is "during"',
        "for every match, one period is longer and fully covers the other",
        '~a "during" relation (the shorter period is inside the longer one)',
    ),
    "class overlap": (
        "the periods overlap only partially",
        "each match overlaps only in part, and neither period contains the other",
        'this is an "overlap" case: they share some time, but neither lies inside the other',
        "every match is a partial overlap",
        'the type of temporal relation is "overlap", that is, only partial',
        "the overlap is always partial, so neither of the two periods covers the other completely",
        '~an "overlap" relation (partial only)',
    ),
    "class mix": (
        "the matches relate to the event in the question in different ways",
        'this is a "mix" case: the matches do not all stand in the same relation to the event in the question',
        "the relation in time is not the same for every match",
        "there is more than one type of temporal relation among the matches",
        'the type of temporal relation is "mix"',
        "we have a mixture of relations here, not the same one for all the matches",
        '~a "mix" (different relations for different matches)',
    ),
}

SECOND = SecondWording(
    "blind2",
    {
        **_TALK,
        **_TIMES,
        **_FACTS,
        **_NOUNS,
        **_JOINS,
        **_CLASSES,
        "lead": (
            "according to the context, ",
            "from the context, ",
            "we know that ",
            "now, ",
            "next, ",
            "the context says that ",
            "the facts say ",
            "looking at the list, ",
            "okay, ",
            "it is given that ",
            "we are told that ",
            "based on the information provided, ",
        ),
        "plan": (
            "Okay, let's see. The question is: {question} I need to find the dates first and then compare them.",
            "To answer the question, we need to look at the time periods and check which ones overlap.",
            "Okay, so I need to answer this: {question} Let me go through the facts one by one.",
            "Let me look at the facts and compare the dates.",
            "Question: {question}\nLet's think step by step.",
            "First, I need to find the relevant time period. Then I'll check the other entries.",
            "Alright, let's tackle this question. {question} Let me check the timeline.",
            "We are asked: {question} Let's list the relevant facts.",
            "**Step-by-step explanation:**",
        ),
        "suppose": (
            "What about {s} and {o}? Let me check the dates.",
            "Maybe {s} with {o}? I need to check.",
            "Suppose it is {s} with {o}: do the dates fit?",
            "Next candidate: {s}, {o}?",
            "Let me see whether {s} and {o} could be a match.",
            "Could it be {s} with {o}? Let me verify that.",
            "If {s} with {o} were the match, the dates would have to overlap.",
        ),
        "answer": (
            "the answer is {answers}",
            "the answer is {answers}",
            "so the answer is {answers}",
            "therefore, the answer is {answers}",
            "answer: {answers}",
            "**Answer:** {answers}",
            "final answer: {answers}",
            "the answer is \\boxed{{{answers}}}",
            "so the answer should be {answers}",
            "based on the facts, the answer is {answers}",
            "that leaves {answers} as the answer",
            "I'll go with {answers}",
        ),
    },
)

_COMPASS = (
    "the {{x}} is {w} of the {{y}}",
    "the {{x}} is {w} of the {{y}}",
    "the {{x}} is to the {w} of the {{y}}",
    "the {{x}} lies {w} of the {{y}}",
    "{w} of the {{y}} is the {{x}}",
    "the {{x}} is located {w} of the {{y}}",
    "the {{y}} has the {{x}} to its {w}",
    "from the {{y}}, the {{x}} is to the {w}",
    "the {{x}} is further {w} than the {{y}}",
    "~{{x}}: {w} of {{y}}",
    "~{{x}} is {w} of {{y}}",
)
_SIDES = (
    "the {{x}} is to the {w} of the {{y}}",
    "the {{x}} is to the {w} of the {{y}}",
    "the {{x}} is {w} of the {{y}}",
    "to the {w} of the {{y}} is the {{x}}",
    "the {{x}} lies to the {w} of the {{y}}",
    "the {{x}} is located to the {w} of the {{y}}",
    "the {{y}} has the {{x}} to its {w}",
    "the {{x}} is further {w} than the {{y}}",
    "~{{x}}: {w} of {{y}}",
    "~{{x}} is {w} of {{y}}",
)
_HEIGHTS = (
    "the {{x}} is {w} the {{y}}",
    "the {{x}} is {w} the {{y}}",
    "{w} the {{y}} is the {{x}}",
    "the {{x}} lies {w} the {{y}}",
    "the {{x}} is located {w} the {{y}}",
    "the {{x}} is positioned {w} the {{y}}",
    "the {{x}} is {more} than the {{y}}",
    "the {{y}} has the {{x}} {w} it",
    "~{{x}}: {w} {{y}}",
    "~{{x}} is {w} {{y}}",
)

SECOND_STORIES = SecondWording(
    "blind2",
    {
        **_TALK,
        "lead": (
            "according to the story, ",
            "from the text, ",
            "we know that ",
            "the story says that ",
            "the text says ",
            "we are told that ",
            "next, ",
            "okay, ",
            "looking at the story, ",
            "it is stated that ",
            "from what is given, ",
        ),
        "plan": (
            "Okay, let's see. The question is: {question} Let me go through the story step by step.",
            "Let me read the sentences in order.",
            "Okay, so I need to figure this out: {question}",
            "To answer this question, I need to go through the statements one at a time.",
            "Question: {question}\nLet's think step by step.",
            "We are asked: {question} Let me look at the facts.",
            "Alright, let me work through this. {question}",
            "I need to trace what happens, step by step.",
            "**Step-by-step reasoning:**",
        ),
        "suppose": (
            "What if {p} were in the {l}? I should check that.",
            "Maybe {p} is in the {l}? Let me check.",
            "Suppose {p} were in the {l}. Would that fit?",
            "Could {p} be in the {l}? Let me look again.",
            "Let me see whether {p} could be in the {l}.",
            "Does it say anywhere that {p} went to the {l}? Let me re-read.",
            "If {p} were in the {l}, the story would have to say so.",
        ),
        "quote": (
            "{fact}",
            "{fact}",
            'the story says "{fact}"',
            'it says: "{fact}"',
            'one sentence is "{fact}"',
            '"{fact}"',
            "the text states: {fact}",
            "given: {fact}",
            "from the story: {fact}",
            'there is the line "{fact}"',
        ),
        "move": (
            "{p} went to the {l}",
            "{p} went to the {l}",
            "{p} moved to the {l}",
            "{p} travelled to the {l}",
            "{p} go{ve} to the {l}",
            "{p} move{v} to the {l}",
            "{p} walked to the {l}",
            "{p} headed to the {l}",
            "{p} entered the {l}",
            "the {l} was visited by {p}",
            "{p} came to the {l}",
            "~{p} -> {l}",
            "~{p}: moved to the {l}",
            "~{p} to the {l}",
        ),
        "at": (
            "{p} is in the {l}",
            "{p} is in the {l}",
            "{p} is located in the {l}",
            "{p} is said to be in the {l}",
            "the {l} is given as the location of {p}",
            "{p}'s location is the {l}",
            "{p} is found in the {l}",
            "{p} was in the {l}",
            "~{p}: {l}",
            "~{p} in the {l}",
        ),
        "at now": (
            "{p} is in the {l}",
            "{p} is now in the {l}",
            "{p} is currently in the {l}",
            "{p} is in the {l} now",
            "{p}'s current location is the {l}",
            "{p}'s last known location is the {l}",
            "{p} ended up in the {l}",
            "{p} is still in the {l}",
            "at the end of the story, {p} is in the {l}",
            "{p} must be in the {l} now",
            "the current location of {p} is the {l}",
            "the {l} is where {p} is now",
            "~{p} now: {l}",
            "~{p}'s place now: {l}",
        ),
        "not at": (
            "{p} is not in the {l}",
            "{p} is not in the {l}",
            "{p} isn't in the {l}",
            "{p} was not in the {l}",
            "the {l} is not where {p} is",
            "{p} is said not to be in the {l}",
            "{p} is somewhere other than the {l}",
            "the {l} can be ruled out for {p}",
            "~{p}: not in the {l}",
            "~not in the {l}: {p}",
        ),
        "either": (
            "{p} is either in the {l} or the {kl}",
            "{p} is in the {l} or in the {kl}",
            "{p} is in one of two places, the {l} or the {kl}",
            "{p} could be in the {l} or in the {kl}, one of the two",
            "either the {l} or the {kl} is where {p} is",
            "{p}'s location is either the {l} or the {kl}",
            "~{p}: {l} or {kl}",
            "~{p}: either {l} or {kl}",
        ),
        "before": (
            "before the {kl}, {x} was in the {l}",
            "{x} was in the {l} before going to the {kl}",
            "{x} was in the {l} before the {kl}",
            "{x} went from the {l} to the {kl}",
            "prior to the {kl}, {x} was in the {l}",
            "{x} was in the {l} first and then moved to the {kl}",
            "just before the {kl}, {x} was in the {l}",
            "{x} came to the {kl} from the {l}",
            "~{x}: {l} -> {kl}",
            "~{x}: {l}, then {kl}",
        ),
        "get": (
            "{p} picked up the {t}",
            "{p} took the {t}",
            "{p} got the {t}",
            "{p} grabbed the {t}",
            "{p} picks up the {t}",
            "{p} takes the {t}",
            "the {t} was picked up by {p}",
            "the {t} was taken by {p}",
            "it was {p} who got the {t}",
            "~{p}: picked up the {t}",
            "~{p} takes {t}",
        ),
        "give": (
            "{p} gave the {t} to {k}",
            "{p} gave the {t} to {k}",
            "{p} gave {k} the {t}",
            "{p} handed the {t} to {k}",
            "{p} passed the {t} to {k}",
            "{p} gives the {t} to {k}",
            "{k} got the {t} from {p}",
            "{k} received the {t} from {p}",
            "the {t} was given to {k} by {p}",
            "the {t} went from {p} to {k}",
            "~{t}: {p} -> {k}",
            "~{p}: gave {t} to {k}",
        ),
        "drop": (
            "{p} dropped the {t}",
            "{p} put down the {t}",
            "{p} left the {t}",
            "{p} discarded the {t}",
            "{p} drops the {t}",
            "{p} put the {t} down",
            "the {t} was dropped by {p}",
            "the {t} was put down by {p}",
            "{p} let go of the {t}",
            "~{p}: dropped the {t}",
            "~{p} drops {t}",
        ),
        "has now": (
            "{p} has the {t}",
            "{p} has the {t} now",
            "{p} is carrying the {t}",
            "{p} is holding the {t}",
            "{p} still has the {t}",
            "{p} currently has the {t}",
            "the {t} is with {p}",
            "the {t} is now with {p}",
            "the {t} is in {p}'s possession",
            "the person who has the {t} is {p}",
            "~{t}: with {p}",
            "~{p} has {t}",
        ),
        "lies now": (
            "the {t} is in the {l}",
            "the {t} is in the {l}",
            "the {t} is now in the {l}",
            "the {t} is currently in the {l}",
            "the {t} must be in the {l}",
            "the {t}'s location is the {l}",
            "the {t} ended up in the {l}",
            "at the end, the {t} is in the {l}",
            "the {l} is where the {t} is now",
            "the {t} can be found in the {l}",
            "~{t}: {l}",
            "~{t} is in {l}",
        ),
        "count": (
            "{p} is carrying {n} object{s}",
            "{p} is carrying {n} object{s}",
            "{p} has {n} object{s}",
            "{p} is holding {d} object{s}",
            "{p} has {n} item{s} in total",
            "{p} carries {n} thing{s}",
            "{n} object{s} {are} being carried by {p}",
            "the number of objects {p} is carrying is {n}",
            "the count for {p} is {d} object{s}",
            "~{p}: {d} object{s}",
            "~{p} carries {n} item{s}",
        ),
        "answer": (
            "the answer is {a}",
            "the answer is {a}",
            "so the answer is {a}",
            "therefore, the answer is {a}",
            "answer: {a}",
            "**Answer:** {A}",
            "final answer: {a}",
            'the answer is "{a}"',
            "the answer is \\boxed{{{a}}}",
            "so the answer should be {a}",
            "I'd say the answer is {a}",
            "the answer to the question is {a}",
        ),
        **{
            f"lies {word}": tuple(template.format(w=word) for template in _COMPASS)
            for word in ("north", "south", "east", "west")
        },
        **{f"lies {word}": tuple(template.format(w=word) for template in _SIDES) for word in ("left", "right")},
        **{
            f"lies {word}": tuple(template.format(w=word, more=more) for template in _HEIGHTS)
            for word, more in (("above", "higher"), ("below", "lower"))
        },
        "bigger": (
            "the {x} is bigger than the {y}",
            "the {x} is bigger than the {y}",
            "the {x} is larger than the {y}",
            "the {y} is smaller than the {x}",
            "compared to the {y}, the {x} is bigger",
            "the bigger one of the {x} and the {y} is the {x}",
            "the {x} has a larger size than the {y}",
            "~{x} > {y}",
            "~{x} bigger than {y}",
            "~{y} < {x}",
        ),
        "fits": (
            "the {y} fits inside the {x}",
            "the {y} fits in the {x}",
            "the {y} can fit inside the {x}",
            "the {x} can hold the {y}",
            "the {x} is big enough for the {y}",
            "the {y} will fit in the {x}",
            "you can put the {y} into the {x}",
            "~{y} fits in {x}",
            "~{y} fits inside the {x}",
        ),
        "is a": (
            "{p} is a {k}",
            "{p} is a {k}",
            "{p} is a {k}",
            "{p} is listed as a {k}",
            "{p} is said to be a {k}",
            "{p} happens to be a {k}",
            "{p}'s type is {k}",
            "the animal {p} is a {k}",
            "{p} was described as a {k}",
            "~{p}: {k}",
            "~{p} = {k}",
            "~{p} -> {k}",
        ),
        "kind fears": (
            "{kl} are afraid of {f}",
            "{kl} are afraid of {f}",
            "{kl} fear {f}",
            "{kl} are scared of {f}",
            "all {kl} are afraid of {f}",
            "the animals that {kl} are afraid of are {f}",
            "{f} are feared by {kl}",
            "{f} scare {kl}",
            "~{kl}: afraid of {f}",
            "~{kl}: fear of {f}",
        ),
        "fears": (
            "{p} is afraid of {f}",
            "{p} is afraid of {f}",
            "{p} fears {f}",
            "{p} is scared of {f}",
            "{p} must be afraid of {f}",
            "{p} would be afraid of {f}",
            "{f} are what {p} is afraid of",
            "{f} scare {p}",
            "~{p}: afraid of {f}",
            "~{p}: fear of {f}",
        ),
        "colour": (
            "{p} is {c}",
            "{p} is {c}",
            "{p}'s color is {c}",
            "{p}'s colour is {c}",
            "the color of {p} is {c}",
            "{p} is {c} in color",
            "{p} has the color {c}",
            "the color given for {p} is {c}",
            "~{p}: {c}",
            "~{p} = {c}",
        ),
        "state": (
            "{p} is {m}",
            "{p} is {m}",
            "{p} feels {m}",
            "{p} was {m}",
            "{p} is feeling {m}",
            "{p} is said to be {m}",
            "{p} is described as {m}",
            "{p} is reported to be {m}",
            "~{p}: {m}",
            "~{p} = {m}",
        ),
        "will go": (
            "{p} will go to the {l}",
            "{p} will go to the {l}",
            "{p} is going to go to the {l}",
            "{p} would go to the {l}",
            "{p} should go to the {l}",
            "{p} will probably go to the {l}",
            "the {l} is where {p} will go",
            "{p} will head to the {l}",
            "we can expect {p} to go to the {l}",
            "~{p}: will go to the {l}",
            "~{p} -> will go to {l}",
        ),
    },
)
