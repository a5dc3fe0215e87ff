"""Reads a statement about relatives: every word of it must be understood."""

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tracekd.statements.kinship.relations import compose, relation_of
from tracekd.statements.kinship.words import RELATIVES, WORD_GENDER, Signs

_MARRIED, _CHILD = relation_of("spouse"), relation_of("child")
_MOST_SIGNS = 60
_MOST_PARTS = 6
_JOINT = re.compile(r"[,&]+")
_VERBS = ("I", "h")


class Related(NamedTuple):
    """`one` is one of these relatives of `other`. `word`: how the text calls it. `denied`: it is not."""

    one: str
    relations: int
    other: str
    gender: str | None = None
    word: str = ""
    denied: bool = False


class Gendered(NamedTuple):
    """Somebody is male or female."""

    who: str
    gender: str


Clause = Related | Gendered
_SOME = r"N(?:(?:,|&|,&)N)*"
# `people` are those before the verb; `owner` has the relative. A pronoun stands where a name may stand.
_SHAPES: tuple[tuple["re.Pattern[str]", str], ...] = tuple(
    [
        (re.compile(pattern), kind)
        for pattern, kind in (
            (rf"(?P<people>{_SOME}|q|u)I(?P<not>n?)(?P<owners>{_SOME})'(?P<rel>r(?:'r)*)", "owned"),
            (rf"(?P<people>{_SOME}|q|u)I(?P<not>n?)(?P<rel>r)o(?P<owners>{_SOME})", "owned"),
            (r"(?P<people>N|q)I(?P<not>n?)(?P<owners>p)(?P<rel>r(?:'r)*)", "owned"),
            (rf"(?P<owners>{_SOME}|p)'?(?P<rel>r(?:'r)*)(?:I|aI)?(?P<not>)(?P<people>{_SOME})", "owned"),
            (rf"(?P<owners>{_SOME}|u|q)h(?P<not>n?)(?P<rel>r),?a?(?P<people>{_SOME})", "owned"),
            (r"k(?P<people>N|q)(?P<not>)(?P<owners>N)'(?P<rel>r)", "owned"),
            (r"(?P<owners>N&N|u)h(?P<not>)(?P<people>N(?:(?:,|&|,&)N)*)", "children"),
            (r"(?P<people>N(?:,|&|,&)N(?:(?:,|&|,&)N)*|u)I(?P<not>n?)(?P<rel>r)", "mutual"),
            (r"(?P<people>N|q)Im?(?P<not>n?)mo?(?P<owners>N)", "married"),
            (r"(?P<people>N&N|u)I?(?P<not>n?)m", "mutual married"),
            (r"(?P<people>N|q)I(?P<not>)(?P<gender>g)", "gender"),
        )
    ]
)
_SUBJECT = re.compile(rf"(?:{_SOME}|q|u)(?=[Ih])")
_DOUBLE = re.compile(r"(?P<head>NI)(?P<first>(?:N'r))&(?P<second>(?:N'r))")


class Speaker(Protocol):
    """What pronouns stand for in a trace. `they`: the people named together last."""

    they: Sequence[str]

    def person(self, pronoun: str, but: str | None) -> str | None:
        """Whom `he`, `she`, `his` or `her` means; not the person `but`."""


def read_clauses(signs: Signs, names: Sequence[str], speaker: Speaker) -> list[Clause] | None:
    """What a statement says; None if a part of it is not understood, or speaks of nobody known."""
    text = signs.text.strip(".,&")
    if not text or len(text) > _MOST_SIGNS:
        return None
    at = signs.text.find(text)
    return _read(Signs(text, signs.words[at : at + len(text)]), names, speaker, _MOST_PARTS)


def _read(signs: Signs, names: Sequence[str], speaker: Speaker, parts: int) -> list[Clause] | None:
    """One clause, or several with `and` or a comma between them."""
    text, words = signs
    if (one := _read_one(text, words, names, speaker)) or not parts:
        return one
    for joint in _JOINT.finditer(text):
        begin, end = joint.span()
        count = text.count("N", 0, begin)
        first = _read_one(text[:begin], words[:begin], names[:count], speaker)
        if not first:
            continue
        rest = Signs(text[end:], words[end:])
        others = names[count:]
        if rest.text[:1] in _VERBS and (subject := _SUBJECT.match(text)):  # `Ada is Ben's aunt and is married to Al`
            rest = Signs(subject[0] + rest.text, [*words[: subject.end()], *rest.words])
            others = [*names[: subject[0].count("N")], *others]
        if more := _read(rest, others, speaker, parts - 1):
            return [*first, *more]
    return None


def _read_one(text: str, words: Sequence[str], names: Sequence[str], speaker: Speaker) -> list[Clause] | None:
    if double := _DOUBLE.fullmatch(text):
        return _double(double, words, names)
    for pattern, kind in _SHAPES:
        if found := pattern.fullmatch(text):
            return _meant(found, kind, words, names, speaker)
    return None


def _double(found: "re.Match[str]", words: Sequence[str], names: Sequence[str]) -> list[Clause]:
    """`Ada is Ben's sister and Eve's aunt`."""
    first, second = words[found.end("first") - 1], words[found.end("second") - 1]
    return [
        Related(names[0], RELATIVES[word].relations, owner, RELATIVES[word].gender, word)
        for word, owner in ((first, names[1]), (second, names[2]))
    ]


def _meant(
    found: "re.Match[str]", kind: str, words: Sequence[str], names: Sequence[str], speaker: Speaker
) -> list[Clause] | None:
    groups = found.groupdict()
    denied = bool(groups["not"])
    people = _those(found, "people", words, names, speaker)
    if not people:
        return None
    if kind == "gender":
        return [Gendered(people[0], WORD_GENDER[words[found.start("gender")]])]
    if kind.startswith("mutual"):
        return _mutual(found, kind, people, words)
    owners = _those(found, "owners", words, names, speaker)
    if not owners:
        return None
    if kind == "married":
        return [Related(people[0], _MARRIED, owners[0], None, "married", denied)]
    if kind == "children":
        return [
            Related(one, _CHILD, owner, None, "child") for one in people for owner in owners if one != owner
        ] or None
    chain = [words[at] for at in range(found.start("rel"), found.end("rel")) if words[at] in RELATIVES]
    relations, gender = RELATIVES[chain[-1]]
    for word in reversed(chain[:-1]):  # `Ada's son's uncle` is an uncle of her son
        relations = compose(relations, RELATIVES[word].relations)
    return [
        Related(one, relations, owner, gender, " of the ".join(reversed(chain)), denied)
        for one in people
        for owner in owners
        if one != owner
    ] or None


def _mutual(found: "re.Match[str]", kind: str, people: Sequence[str], words: Sequence[str]) -> list[Clause] | None:
    """`Ada and Ben are siblings`."""
    denied = bool(found["not"])
    if kind == "mutual married":
        return [Related(people[0], _MARRIED, people[1], None, "married", denied)] if len(people) == 2 else None
    word = words[found.start("rel")]
    relations, gender = RELATIVES[word]
    if relations not in _SYMMETRIC:
        return None
    return [
        Related(one, relations, other, gender, word, denied) for one in people for other in people if one != other
    ] or None


_SYMMETRIC = frozenset(relation_of(name) for name in ("spouse", "sibling", "cousin", "sibling_in_law"))


def _those(
    found: "re.Match[str]", group: str, words: Sequence[str], names: Sequence[str], speaker: Speaker
) -> list[str]:
    """The people of a part of a statement; none if a pronoun stands for nobody known."""
    part = found[group]
    if part == "u" or (part == "p" and words[found.start(group)] == "their"):
        return list(speaker.they)
    if part in ("q", "p"):
        # In `Ben is his father`, `his` is not Ben's.
        but = names[0] if names and "N" in found.string[: found.start(group)] else None
        person = speaker.person(words[found.start(group)], but)
        return [person] if person else []
    first = found.string.count("N", 0, found.start(group))
    return list(names[first : first + part.count("N")])
