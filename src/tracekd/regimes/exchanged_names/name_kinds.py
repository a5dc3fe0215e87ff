"""What the names of a context stand for: persons, places, works ..., by what their paragraphs say and the words around them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracekd.regimes.exchanged_names.countries import STATES, word_of
from tracekd.regimes.exchanged_names.given_names import MEN, WOMEN
from tracekd.regimes.exchanged_names.kind_words import (
    ASKED,
    BEFORE,
    DOES,
    FEMALE,
    INTO,
    KIND_OF_LAST,
    KIND_OF_NOUN,
    LIVED,
    MALE,
    NO_NOUN_AFTER,
    TEAM_BEFORE,
    WHICH,
    Kind,
)
from tracekd.regimes.exchanged_names.runs import HONORIFICS, Run, runs

_LOWER = re.compile(r"[^\W\d_]+")
_IS = re.compile(r"\b(?:is|was|are|were|be) (?:an?|the|one of the|also an?|a former) ((?:[^\s.;:]+ ?){1,12})")
_HEAD_ENDS = frozenset("in of from by who which that at on for with to based whose near directed written".split())
_LIFE = re.compile(r"^ ?\( ?(?:[^()]{0,60}\bborn\b|[^()]{0,40}\b\d{3,4}\b[^()]{0,12}[–-])")
_HAS_KIN = re.compile(r"^['’]s (?:wife|husband|son|daughter|brother|sister|father|mother|career|death|mother)\b")
_STRONG, _FAIR, _WEAK = 6, 3, 1
_CUT = re.compile(r"\b\d+[\w-]* $")
_FIRST_PART = 400
_LONGEST_PERSON = 4
_SHORT_PLACE = 2
_KIN = "mother father son daughter wife husband sister brother aunt uncle niece nephew grandmother grandfather"
_ASKED_KIN = (
    re.compile(rf"\b(?:who|what)(?: is| was|'s) the (?:\w+ )?({_KIN.replace(' ', '|')}) of\b"),
    re.compile(rf"['’]s (?:\w+ )?({_KIN.replace(' ', '|')}) ?\?*$"),
    re.compile(r"\b(?:what|which|was the) (?:[\w-]+ ){0,4}(actress|woman|actor|man|king|queen)\b"),
)
_TITLE = re.compile(r"^(.{1,120}?)(?: ?\([^()]*\))?: ")


@dataclass
class Known:
    """What is known of a name: how it is written, how often each kind was seen, signs of a man or a woman.

    `region`: the state or country that stands behind it; `is_cut`: a number belongs to it, which its text has not.
    """

    text: str
    kinds: Counter[Kind] = field(default_factory=Counter)
    female: int = 0
    male: int = 0
    before: Counter[str] = field(default_factory=Counter)
    region: str = ""
    is_cut: bool = False
    in_sentence: bool = False

    @property
    def kind(self) -> Kind | None:
        """The kind; None if nothing, or too little, tells it."""
        best = self.kinds.most_common(2)
        if not best or best[0][1] < _FAIR or (len(best) > 1 and best[1][1] * 2 > best[0][1]):
            return None
        return best[0][0]

    @property
    def is_female(self) -> bool | None:
        """Whether it is a woman, by the words around it, or by the first name; None if it is not known."""
        first = self.text.split(" ")[0].lower()
        if (first in WOMEN) != (first in MEN):
            return first in WOMEN
        return None if self.female == self.male else self.female > self.male


class Names:
    """The names of a context, by their words in lower case."""

    def __init__(self, texts: Iterable[str], has_titles: bool) -> None:
        self.known: dict[tuple[str, ...], Known] = {}
        titles: dict[str, list[str]] = {}
        for text in texts:
            title = _TITLE.match(text) if has_titles else None
            body = text[title.end() :] if title else text
            if title:
                titles.setdefault(title[1], []).append(body)
            for run in runs(body):
                self._read(run, body)
        for name, bodies in titles.items():
            self._read_title(name, bodies)

    def of(self, name: str) -> Known | None:
        """What is known of a name."""
        found = next(runs(f"a {name}"), None)
        return self.known.get(found.forms) if found else None

    def _add(self, run: Run) -> Known:
        return self.known.setdefault(run.forms, Known(run.text))

    def _read(self, run: Run, text: str) -> None:
        known = self._add(run)
        known.in_sentence |= not run.first
        before = [word.lower() for word in _LOWER.findall(text[max(0, run.start - 30) : run.start])]
        after = text[run.end : run.end + 130]
        last, second = (before[-1:] or [""])[0], (before[-2:-1] or [""])[0]
        known.before[last] += 1
        touches = text[max(0, run.start - len(last) - 1) : run.start].lower() == f"{last} "
        if TEAM_BEFORE.search(text[max(0, run.start - 60) : run.start]):
            known.kinds["team"] += _FAIR
        if touches and last == "in" and len(run.forms) <= _SHORT_PLACE:
            known.kinds["place"] += _WEAK
        if (kind := BEFORE.get(last)) is not None and touches:
            known.kinds[kind] += _FAIR
        if last == "by" and len(run.forms) > 1:
            known.kinds["person"] += _WEAK + (second.endswith("ed") or second in ("written", "sung")) * 2
        if touches and last in INTO and second in LIVED:
            known.kinds["place"] += _FAIR
        if touches and last == "of" and KIND_OF_NOUN.get(second) == "place":
            known.kinds["place"] += _FAIR
        known.is_cut |= _CUT.search(text[max(0, run.start - 12) : run.start]) is not None
        if region := _place_ahead(after):
            known.region = known.region or region
            if last in ("in", "at", "near", "of"):
                known.kinds["place"] += _FAIR
        next_word = (_LOWER.findall(after[:20]) or [""])[0]
        if len(run.forms) > 1 and (_HAS_KIN.match(after) or _LIFE.match(after) or next_word in DOES):
            known.kinds["person"] += _FAIR
        if text[run.start - 1 : run.start] in ('"', "“") and after[:1] in ('"', "”"):
            known.kinds["work"] += _FAIR
        near = {last, second}
        known.female += bool(FEMALE & near)
        known.male += bool(MALE & near)
        by_words(run.forms, run.text, known.kinds)

    def _read_title(self, title: str, bodies: list[str]) -> None:
        run = next(runs(f"a {title}"), None)
        if run is None or len(run.text) < len(title.removeprefix("The ")):
            return
        known = self._add(run)
        known.text, known.in_sentence = title, True
        body = bodies[0][:_FIRST_PART]
        if kind := described(body):
            known.kinds[kind] += _STRONG
        if (begin := body.find("(")) >= 0 and begin < len(title) + 30 and _LIFE.match(body[begin:]):
            known.kinds["person"] += _STRONG
        words = Counter([word.lower() for one in bodies for word in _LOWER.findall(one)])
        known.female += sum(words[word] for word in FEMALE)
        known.male += sum(words[word] for word in MALE)
        by_words(run.forms, title, known.kinds)


def by_words(forms: tuple[str, ...], text: str, kinds: Counter[Kind]) -> None:
    """Count what the words of a name itself tell."""
    if (word := word_of(text)) is not None:
        kinds["country" if word.form == "name" else "nationality"] += 2 * _STRONG
    elif text in STATES:
        kinds["state"] += 2 * _STRONG
    elif forms[-1] in KIND_OF_LAST and len(forms) > 1:
        kinds[KIND_OF_LAST[forms[-1]]] += 2 * _STRONG
    elif "of" in forms[1:-1] and (head := forms[forms.index("of") - 1]) in KIND_OF_LAST:
        kinds[KIND_OF_LAST[head]] += 2 * _STRONG
    elif len(forms) == 2 and forms[0] == "liga":
        kinds["league"] += 2 * _STRONG
    elif forms[0] in ("lake", "port") and len(forms) == 2:
        kinds["lake" if forms[0] == "lake" else "harbour"] += _STRONG
    elif 1 < len(forms) <= _LONGEST_PERSON and (forms[0] in HONORIFICS or forms[0] in WOMEN or forms[0] in MEN):
        kinds["person"] += _FAIR


def described(text: str) -> Kind | None:
    """The kind that the first sentence of a paragraph gives to what it is about: `.. is a village in ..`."""
    found = _IS.search(text)
    if found is None:
        return None
    parts: list[list[str]] = [[]]
    for word in re.findall(r"[\w'-]+|,", found[1]):
        if word in _HEAD_ENDS:
            break
        if word in (",", "and"):
            parts.append([])
        parts[-1].append(word.lower())
    # Of `actor and film director`, the last noun of the first part that has one.
    kinds = (KIND_OF_NOUN.get(noun) for part in parts for noun in reversed(part))
    return next((kind for kind in kinds if kind is not None), None)


def asked_kind(question: str) -> Kind | None:
    """The kind of name that a question asks for; None if its words do not tell."""
    lower = question.lower()
    if (kind := _noun_after_which(lower)) is not None:
        return kind
    return next((kind for pattern, kind in ASKED if re.search(pattern, lower)), None)


def _noun_after_which(question: str) -> Kind | None:
    """The kind of the last noun right after `which` or `what`: of `which Danish football club`, that of `club`."""
    for found in WHICH.finditer(question):
        kind = None
        for word in re.findall(r"[\w'’-]+", found[1].removeprefix(" of the")):
            if word in NO_NOUN_AFTER:
                break
            kind = KIND_OF_NOUN.get(word) or KIND_OF_NOUN.get(word.removesuffix("s")) or kind
        if kind is not None:
            return kind
    return None


def asked_female(question: str) -> bool | None:
    """Whether a question asks for a woman; None if its words do not tell."""
    lower = question.lower().strip()
    found = next((match[1] for pattern in _ASKED_KIN if (match := pattern.search(lower))), None)
    return None if found is None else found in FEMALE


def _place_ahead(after: str) -> str:
    """The state or country behind a comma; empty if there is none."""
    if not after.startswith(", "):
        return ""
    ahead = next(runs(after[:60]), None)
    if ahead is None or ahead.start != 2:
        return ""
    word = word_of(ahead.text)
    return ahead.text if ahead.text in STATES or (word is not None and word.form == "name") else ""
