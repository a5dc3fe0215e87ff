"""Where texts mention a name: as a whole, longer (with middle names), by surname or first name, by its initials."""

import re
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

from tracekd.regimes.contract import Unsupported
from tracekd.regimes.exchanged_names.countries import word_of
from tracekd.regimes.exchanged_names.edits import Edit
from tracekd.regimes.exchanged_names.given_names import MEN, WOMEN
from tracekd.regimes.exchanged_names.kind_words import KIND_OF_NOUN
from tracekd.regimes.exchanged_names.letters import Letters, Place
from tracekd.regimes.exchanged_names.runs import HONORIFICS, LATER, Run, full_words, runs
from tracekd.statements.passages.words import FUNCTION_WORDS

Form = Literal["full", "long", "surname", "given"]
_LEADING = re.compile(r"\A(?:the|an?)\s+", re.IGNORECASE)
_ARTICLE_BEFORE = re.compile(r"(?<!\w)(the|an?) $", re.IGNORECASE)
_ACRONYM = re.compile(r" ?\( ?([A-Z]{2,6}) ?\)")
_PARTICLES = frozenset("of de da di van von der la the at in al ibn bin".split())
_MOST_MORE = 4


class Name(NamedTuple):
    """A name: how it is written, and whether it is a person's."""

    text: str
    is_person: bool = False
    is_place: bool = False

    @property
    def bare(self) -> str:
        """The name without an article before it."""
        return _LEADING.sub("", self.text)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the name in lower case, without a rank before it and what distinguishes namesakes after it."""
        words = list(full_words(self.bare.partition(", ")[0]))
        while len(words) > 1 and words[0] in HONORIFICS:
            words = words[1:]
        while len(words) > 1 and words[-1] in LATER:
            words = words[:-1]
        return tuple(words)

    def written(self, form: Form) -> str:
        """The name in another form."""
        if not self.is_person or form in ("full", "long"):
            return self.text
        parts = [part for part in self.bare.partition(", ")[0].split() if part.lower().strip(".") not in LATER]
        while len(parts) > 1 and parts[0].lower().strip(".") in HONORIFICS:
            parts = parts[1:]
        return parts[-1] if form == "surname" else parts[0]

    @property
    def initials(self) -> str:
        """The capital letters with which its words begin."""
        return "".join([word[0] for word in re.findall(r"[^\W\d_]+", self.bare) if word[0].isupper()])


class Mention(NamedTuple):
    """A place where a text mentions a name."""

    place: Place
    form: Form


def mentions(
    text: str, name: Name, ambiguous: Collection[str] = (), covered: Collection[Place] = ()
) -> Iterator[Mention]:
    """Yield the mentions of a name. `ambiguous`: parts of names (in lower case) that may mean somebody else; `covered`:
    places that are mentions of another name.

    Raises Unsupported if the name is a part of a longer one.
    """
    found = list(runs(text))
    whole = [
        Mention(_widened(place, name, found, text), "full")
        for place in Letters(text).find(name.bare)
        if not any(place.start < one.end and one.start < place.end for one in covered)
        # The ship of `A Hijacking` may be saved from a hijacking.
        and not (name.bare[0].isupper() and text[place.start].islower())
    ]
    yield from whole
    words = name.words
    if (
        not name.is_person
        or len(words) < 2
        or ", " in name.text
        or not _PARTICLES.isdisjoint(words[:-1])
        or "of" in words
    ):
        return
    for run in found:
        if any(one.place.start < run.end and run.start < one.place.end for one in whole):
            continue
        if (form := _form(run, words)) and not (form in ("surname", "given") and own_words(run)[0] in ambiguous):
            start = run.start if form == "long" else run.end - len(run.text.split(" ")[-1])
            yield Mention(Place(start, run.end), form)


def own_words(run: Run) -> tuple[str, ...]:
    """The words of a run without ranks."""
    words = run.forms
    while len(words) > 1 and words[0] in HONORIFICS:
        words = words[1:]
    while len(words) > 1 and words[-1] in LATER:
        words = words[:-1]
    return words


def _form(run: Run, words: tuple[str, ...]) -> Form | None:
    own = own_words(run)
    if own == words[-1:]:
        return "surname"
    if own == words[:1] and len(words[0]) > 1:
        return "given"
    if 2 <= len(own) <= len(words) + _MOST_MORE and (_within(words, own) or _within(own, words)):
        return "long"
    return None


def _within(words: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether these words occur in this order among others; an initial is equal to a word. The last one must be whole."""
    rest = iter(longer)
    return words[-1] in longer and all(any(_alike(word, other) for other in rest) for word in words)


def _alike(word: str, other: str) -> bool:
    return word == other or (word[0] == other[0] and (len(word) == 1 or len(other) == 1))


def _widened(place: Place, name: Name, found: list[Run], text: str) -> Place:
    """The place with `Jr.` and the like. Raises Unsupported if it is a part of another name."""
    if not name.bare[:1].isupper():
        return place
    run = next((one for one in found if one.start < place.end and place.start < one.end), None)
    if run is None:
        return place
    before = full_words(text[run.start : place.start]) if run.start < place.start else ()
    after = full_words(text[place.end : run.end]) if run.end > place.end else ()
    is_whole_name = run.first or text[place.start - 1 : place.start] == "-" or bool(before and before[0] in WOMEN | MEN)
    if name.is_person and before and is_whole_name and _is_long(run, name):
        return Place(run.start, max(run.end, place.end))
    if name.is_person and after and after[0] in _PARTICLES and not before and len(name.words) == 1:
        return Place(place.start, run.end)
    if after and (all(word in LATER for word in after) or (name.is_place and after in (("city",), ("state",)))):
        place, after = Place(place.start, run.end), ()
    if (
        before
        and not (name.is_person and len(name.words) > 1)
        and not (_only_describes(before, text[run.start : place.start].strip()) or before[-1] in _PARTICLES)
    ):
        raise Unsupported("the answer is a part of a longer name in the facts")
    if after and not name.is_place and not name.is_person:
        raise Unsupported("the answer is a part of a longer name in the facts")
    if after and name.is_person and after[0] != "and":
        if not _is_long(run, name):
            raise Unsupported("the answer is a part of a longer name in the facts")
        return Place(place.start, max(run.end, place.end))
    return place


def _is_long(run: Run, name: Name) -> bool:
    return len(name.words) > 1 and "of" not in run.forms and _form(run, name.words) == "long"


def _only_describes(before: tuple[str, ...], text: str) -> bool:
    """Whether the words before a name only describe it: `Sir`, `Director`, `Danish`, `The`."""
    return word_of(text) is not None or all(
        word in HONORIFICS or word in FUNCTION_WORDS or word in KIND_OF_NOUN for word in before
    )


def replaced(text: str, place: Place, old: Name, written: str) -> Edit:
    """The edit that puts a name for another; an article before the place belongs to a name that begins with it."""
    article = _ARTICLE_BEFORE.search(text, max(0, place.start - 4), place.start)
    if article and old.text.lower().startswith(f"{article[1].lower()} "):
        return Edit(Place(article.start(), place.end), written)
    if article and written.startswith("The "):
        return Edit(place, written[4:])
    return Edit(place, written)


def exchange(
    text: str, old: Name, new: Name, ambiguous: Collection[str] = (), covered: Collection[Place] = ()
) -> list[Edit]:
    """The edits that put one name for another in a text, each form by the same form."""
    edits: list[Edit] = []
    for place, form in mentions(text, old, ambiguous, covered):
        edits.append(replaced(text, place, old, new.written(form)))
        acronym = _ACRONYM.match(text, place.end)
        if acronym and acronym[1] == old.initials and len(new.initials) > 1:
            edits.append(Edit(Place(*acronym.span(1)), new.initials))
    return edits
