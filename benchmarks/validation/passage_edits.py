"""Makes free traces over passages from their own sentences, by rules, so that the truth of each statement is known.

Each sentence is quoted, shortened, or told with the title for its pronoun; or one value in it is changed (a false claim),
or its beginning is joined to the end of another one (a claim without ground). The rules know nothing of the grammar.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.worlds.free_traces import MadeTrace, Planted

ERRORS = ("year", "number", "agent", "name", "mixed")
LEADS = (
    "", "", "", "So ", "According to the passage, ", "Passage {n} says that ", "[{n}] ", "The context states that ",
    "I see that ", "Looking at the second paragraph, ", "From passage {n}, we know that ", "Okay, ", "Next, ", "Also, ",
)  # fmt: skip
TALK = (
    "Let me read the passages again.", "The question asks about {title}.", "Now I need to find what is said about {title}.",
    "Hmm, which of them is it?", "Let me check passage {n}.", "I should compare the two.", "Okay, so what do we know?",
    "First, I need to look at {title}.",
)  # fmt: skip
NAMES = (
    "Oskar Lindqvist", "Petra Halloran", "Tobias Wren", "Ines Marchetti", "Hugo Ashdown", "Selma Korvin", "Viktor Almgren",
    "Clara Benedek",
)  # fmt: skip
_STOP = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“(\[]?[A-Z0-9])")
_PRONOUN = re.compile(
    r"(?:He|She|It)(?= (?:is|was|has|had|worked|served|studied|lived|won|made|played|wrote|received|became)\b)"
)
_YEAR = re.compile(r"(?<![\w–-])(?:1[5-9]\d\d|20[012]\d)(?![\w–-])")
_NUMBER = re.compile(r"(?<![\w.,–$-])(?!1[0-9]{3} |20[0-9]{2} )(?:\d{1,3}(?:,\d{3})+|\d{2,6})(?= [a-z]{3,})")
_AGENT = re.compile(r"\bby ([A-Z][\w.'’-]+ (?:[A-Z][\w.'’-]+ ?){1,2})(?=[ .,;])")
_NAME = re.compile(r"(?<=[a-z] )(?!The )[A-Z][a-z]+ [A-Z][a-z]+(?=[ .,])")
_BRACKET = re.compile(r" ?\([^()]*\)")
_LAST_PHRASE = re.compile(r",? (?:with|in|at|for|during|from|on|by|after|before) (?:[\w'’-]+ ?){1,5}\.\Z")
_VERB = re.compile(r" (?:is|was|were|are|has|had) ")
_LONGEST = 400


class Line(NamedTuple):
    """A sentence of the context: its title (empty if it has none) and its text."""

    title: str
    text: str


def lines_of(problem: Problem, titled: bool) -> list[Line]:
    """The sentences of a problem's context that an edit can be made of."""
    found = []
    for fact in problem.context:
        title, _, text = fact.text.partition(": ") if titled else ("", "", fact.text)
        found += [Line(title, part.strip()) for part in _STOP.split(text) if 30 <= len(part.strip()) <= _LONGEST]
    return [line for line in found if line.text[-1] in ".!" and line.text[0].isupper() and ": " not in line.text[:60]]


@dataclass
class Writer:
    """Writes a trace sentence by sentence, and keeps what each one is worth."""

    rng: Random
    text: str = ""
    planted: list[Planted] = field(default_factory=list)

    def say(self, text: str, worth: str, error: str | None = None, lead: bool = True) -> None:
        """Add a sentence, with words that lead in."""
        intro = self.rng.choice(LEADS).format(n=self.rng.randint(1, 9)) if lead else ""
        self.text += "" if not self.text else self.rng.choice((" ", " ", "\n", "\n- "))
        self.text += intro
        start = len(self.text)
        self.text += text
        self.planted.append(Planted(start, len(self.text), worth, error))  # type: ignore[arg-type]


def make_trace(problem: Problem, seed: int, error: str | None, titled: bool) -> MadeTrace:
    """A trace over the sentences of a problem, with one planted error of a kind, or without any."""
    rng = stream(seed, f"{problem.id}/{error}", "free trace over passages")
    lines = lines_of(problem, titled)
    writer = Writer(rng)
    chosen = rng.sample(lines, min(len(lines), 6))
    at = rng.randrange(len(chosen)) if chosen else 0
    made = _error(error, lines, problem, rng) if error else None
    for number, line in enumerate(chosen):
        if rng.random() < 0.5:
            writer.say(rng.choice(TALK).format(title=line.title or "it", n=rng.randint(1, 9)), "nothing", lead=False)
        if made and number == at:
            writer.say(made, "invented" if error == "mixed" else "false", error)
        writer.say(_true(line, rng), "said")
    return MadeTrace(writer.text, tuple(writer.planted))


def _true(line: Line, rng: Random) -> str:
    """The sentence in one of the ways in which it stays true."""
    ways = [line.text]
    ways += [told for told in (_BRACKET.sub("", line.text), _LAST_PHRASE.sub(".", line.text)) if told != line.text]
    if line.title and _PRONOUN.match(line.text):
        ways += [_PRONOUN.sub(_plain(line.title), line.text, count=1)] * 2
    return rng.choice([way for way in ways if len(way) > 20])


def _plain(title: str) -> str:
    return _BRACKET.sub("", title)


def _error(error: str, lines: Sequence[Line], problem: Problem, rng: Random) -> str | None:
    """A sentence with an error of this kind; None if no sentence has room for it."""
    if error == "mixed":
        return _mixed(lines, rng)
    found = list(_changed(error, lines, problem, rng))
    return rng.choice(found) if found else None


def _changed(error: str, lines: Sequence[Line], problem: Problem, rng: Random) -> Iterator[str]:
    whole = " ".join(fact.text for fact in problem.context)
    pattern = {"year": _YEAR, "number": _NUMBER, "agent": _AGENT, "name": _NAME}[error]
    for line in lines:
        places = list(pattern.finditer(line.text))
        if not places:
            continue
        place = rng.choice(places)
        start, end = place.span(1) if error == "agent" else place.span()
        old = line.text[start:end].strip()
        new = _other(error, old, rng)
        if new in whole:
            continue
        text = line.text[:start] + new + line.text[start + len(old) :]
        if line.title and _PRONOUN.match(text):
            text = _PRONOUN.sub(_plain(line.title), text, count=1)
        yield text


def _other(error: str, old: str, rng: Random) -> str:
    if error == "year":
        return str(int(old) + rng.choice((-13, -7, -3, -1, 1, 2, 5, 11)))
    if error == "number":
        value = int(old.replace(",", ""))
        return f"{value + rng.choice((1, 3, 7)) * max(1, value // 5):{',' if ',' in old else ''}}"
    return rng.choice(NAMES)


def _mixed(lines: Sequence[Line], rng: Random) -> str | None:
    """The subject of one sentence with what another one says, of another title."""
    able = [
        line
        for line in lines
        if (verb := _VERB.search(line.text)) and verb.start() < 60 and not _PRONOUN.match(line.text)
    ]
    for _ in range(8):
        if len(able) < 2:
            return None
        one, other = rng.sample(able, 2)
        if one.title != other.title or not one.title:
            first, second = _VERB.search(one.text), _VERB.search(other.text)
            assert first is not None, "only sentences with a verb are taken"
            assert second is not None, "only sentences with a verb are taken"
            subject = _BRACKET.sub("", one.text[: first.start()])
            if subject.lower() not in other.text.lower() and len(other.text) - second.start() > 20:
                return subject + other.text[second.start() :]
    return None
