"""The world of passages against a reader that knows its forms, and nothing of how a question was drawn.

The reader turns the text of passages back into statements. What a question asks for must be stated by each selected
passage alone, and by no other.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import pytest

from tracekd.tasks.normalize import normalize_answer
from tracekd.worlds.contract import Dials, Supports, draw
from tracekd.worlds.dials import random_dials
from tracekd.worlds.msmarco import WORLD
from tracekd.worlds.msmarco.knowledge import Attribute, Kind, fillers, kinds, mentions
from tracekd.worlds.msmarco.values import Flag, Listed, Number, Person, Phrase, Place, Year

Row = dict[str, Any]
NO_ANSWER = ["No Answer Present."]
FAMILIES = tuple(WORLD.families)


@dataclass(frozen=True)
class Form:
    """A form of a sentence or a question: `literal` is its longest piece between the slots."""

    kind: Kind
    attribute: Attribute
    literal: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Statement:
    """That an attribute of a thing has a value."""

    thing: str
    kind: str
    attribute: str
    value: str


def value_pattern(values: object) -> str:
    word = "[A-Z][a-z]+"
    match values:
        case Number():
            return rf"[0-9][0-9,]* {re.escape(values.unit)}"
        case Year():
            return "[0-9]{4}"
        case Place():
            return f"{word}, {word}"
        case Person():
            return f"{word} {word}"
        case Listed():
            thing = "|".join(map(re.escape, values.pool))
            return f"(?:(?:{thing})(?:, | and )?)+"
        case Phrase():
            form = re.escape(values.form).replace(r"\{", "{").replace(r"\}", "}")
            for key, choices in values.parts.items():
                form = form.replace(key, f"(?:{'|'.join(map(re.escape, choices))})")
            return form
        case Flag():
            return f"(?:{re.escape(values.yes)}|{re.escape(values.no)})"
    raise AssertionError(values)


def name_pattern(kind: Kind, lower: bool = False) -> str:
    naming = kind.naming.replace("{N}", "{n}").lower() if lower else kind.naming
    # No name is as short as a pronoun.
    return naming.replace("{n}", "[a-z]{4,}").replace("{N}", "[A-Z][a-z]{4,}")


def form_of(kind: Kind, attribute: Attribute, text: str, name: str) -> Form:
    pieces = re.split(r"(\{[xv]\})", text)
    slots = {"{x}": f"(?P<name>{name})", "{v}": f"(?P<value>{value_pattern(attribute.values)})"}
    pattern = "".join(slots.get(piece) or re.escape(piece) for piece in pieces)
    literal = max((piece for at, piece in enumerate(pieces) if piece not in slots and at), key=len)
    # The first letter of a sentence is a capital, also where a name of lower case stands there.
    return Form(kind, attribute, literal, re.compile(pattern))


@cache
def sentence_forms() -> tuple[Form, ...]:
    found = []
    for kind in kinds():
        for attribute in kind.attributes:
            for text in attribute.says:
                found.append(form_of(kind, attribute, text, name_pattern(kind)))
                for subject in ("The {x}", "A {x}", "{x}"):
                    if text.startswith(subject):
                        found.append(form_of(kind, attribute, text.replace(subject, "{x}", 1), "it"))
                        break
    return tuple(found)


@cache
def question_forms() -> tuple[Form, ...]:
    return tuple(
        form_of(kind, attribute, text, name_pattern(kind, lower=True))
        for kind in kinds()
        for attribute in kind.attributes
        for text in attribute.asks
    )


@cache
def mention_patterns() -> tuple[re.Pattern[str], ...]:
    endings = "|".join(kind.naming[len("{n}") :] for kind in kinds())
    name = f"[A-Za-z][a-z]+(?:{endings})"
    return tuple(re.compile(re.escape(form).replace(r"\{x\}", name).replace(r"\{y\}", name)) for form in mentions())


def sentences_of(passage: str) -> list[str]:
    assert passage.endswith(".")
    return [f"{sentence}." for sentence in passage.removesuffix(".").split(". ")]


def statements_of(passage: str) -> list[Statement]:
    """What a passage states. Every sentence must be one that can be read, and in one way only."""
    found: list[Statement] = []
    for sentence in sentences_of(passage):
        if sentence in fillers():
            continue
        if any(pattern.fullmatch(sentence) for pattern in mention_patterns()):
            continue
        readings = set(readings_of(sentence, found[-1] if found else None))
        assert len(readings) == 1, (sentence, readings)
        found.extend(readings)
    assert len({statement.thing for statement in found}) == 1, "a passage is about one thing"
    return found


def readings_of(sentence: str, before: Statement | None) -> Iterator[Statement]:
    for text in (sentence, sentence[0].lower() + sentence[1:]):
        for form in sentence_forms():
            if form.literal in text and (match := form.pattern.fullmatch(text)):
                thing = match["name"]
                if thing == "it":
                    if before is None or before.kind != form.kind.name:
                        continue
                    thing = before.thing
                yield Statement(thing.lower(), form.kind.name, form.attribute.name, match["value"])


def asked_by(query: str) -> list[tuple[str, Form]]:
    """What a question may ask for: the thing, and the form with its attribute."""
    plain = re.sub(r"^(\. |\))", "", query.lower()).removesuffix("?").replace(".", " ")
    found = [(match["name"], form) for form in question_forms() if (match := form.pattern.fullmatch(plain))]
    assert found, query
    return found


def says_the_same(answer: str, value: str, attribute: Attribute) -> bool:
    """Whether an answer, in whatever wording, gives this value."""
    values = attribute.values
    lower = answer.lower()
    match values:
        case Flag():
            gold, other = ("yes", "no") if value == values.yes else ("no", "yes")
            # A sentence must name the value; it ends with it, and `not free` is not `free`.
            stated = re.search(rf"\b(?:is|to|are|remains) {re.escape(value)}\b", answer)
            return lower == gold or (bool(stated) and not re.search(rf"\b{other}\b", lower))
        case Number() | Year():
            number = "[0-9]+(?:,[0-9]{3})*"
            return set(re.findall(number, value)) == set(re.findall(number, answer))
        case Person():
            first, last = value.split()
            return f"{first} {last}" in answer or f"{first[0]}. {last}" in answer
        case Place():
            return all(part in answer for part in value.split(", "))
        case Listed():
            return {one for one in values.pool if one in answer} == {one for one in values.pool if one in value}
        case Phrase():
            parts = [max((c for c in choices if c in value), key=len) for choices in values.parts.values()]
            return all(part in answer for part in parts)
    raise AssertionError(values)


def hold_against_the_reader(row: Row, supports: Supports) -> None:
    texts = [page["passage_text"] for page in row["passages"]]
    selected = {at for at, page in enumerate(row["passages"]) if page["is_selected"]}
    read = [statements_of(text) for text in texts]
    known: dict[tuple[str, str], str] = {}
    for statement in (one for passage in read for one in passage):
        assert known.setdefault((statement.thing, statement.attribute), statement.value) == statement.value
    answered = []
    for thing, form in asked_by(row["query"]):
        assert form.attribute.label == row["query_type"]
        stating = {
            at: one.value
            for at, passage in enumerate(read)
            for one in passage
            if (one.thing, one.kind, one.attribute) == (thing, form.kind.name, form.attribute.name)
        }
        if stating:
            answered.append(form.attribute)
            assert set(stating) == selected, "each selected passage states it, and no other"
            value = next(iter(stating.values()))
            assert set(stating.values()) == {value}
            references = [*row["answers"], *([] if row["wellFormedAnswers"] == "[]" else row["wellFormedAnswers"])]
            for reference in references:
                assert says_the_same(reference, value, form.attribute), (reference, value)
    assert len(answered) == bool(selected)
    if selected:
        assert supports == tuple((str(at),) for at in sorted(selected))
        assert len(set(row["answers"])) == len(row["answers"]) and NO_ANSWER[0] not in row["answers"]
        no_leak(row, answered[0])
    else:
        assert (row["answers"], row["wellFormedAnswers"], supports) == (NO_ANSWER, "[]", ((),))


def no_leak(row: Row, attribute: Attribute) -> None:
    """No answer stands word for word in a passage that is not selected (yes and no in none at all)."""
    for page in row["passages"]:
        text = f" {normalize_answer(page['passage_text'])} "
        if not page["is_selected"] or isinstance(attribute.values, Flag):
            assert not [answer for answer in row["answers"] if f" {normalize_answer(answer)} " in text]


def made(family: str, dials: Dials, seed: int, index: int) -> tuple[Row, Supports]:
    item = draw(WORLD, family, dials, seed, index)
    (supports,) = item.supports
    row: Row = json.loads(item.text())
    return row, supports


@pytest.mark.parametrize("family", FAMILIES)
def test_truth_with_the_default_dials(family: str) -> None:
    dials = WORLD.families[family].dials()
    for index in range(250):
        hold_against_the_reader(*made(family, dials, 11, index))


@pytest.mark.parametrize("family", FAMILIES)
def test_truth_with_any_dials(family: str) -> None:
    rng = Random(f"dials of {family}")
    for index in range(100):
        dials = random_dials(WORLD.families[family].dials, rng)
        try:
            hold_against_the_reader(*made(family, dials, 12, index))
        except Exception as error:
            raise AssertionError(f"{dials!r}: item {index}") from error


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda row: row["passages"][0].update(is_selected=1 - row["passages"][0]["is_selected"]), "states it"),
        (lambda row: row.update(query_type="NUMERIC"), "NUMERIC"),
        (lambda row: row["passages"][0].update(passage_text="Nobody wrote this."), "Nobody"),
        (lambda row: row.update(answers=["Somebody Else"]), "Somebody"),
        (lambda row: row.update(query="who wrote nothing at all"), "nothing"),
    ],
)
def test_the_reader_sees_what_is_wrong(change: Any, complaint: str) -> None:
    # A reader that lets everything pass would prove nothing.
    dials = WORLD.families["PERSON"].dials(no_answer=0, passages=5, fewer_passages=0)
    row, supports = made("PERSON", dials, 13, 0)
    hold_against_the_reader(row, supports)
    change(row)
    with pytest.raises(AssertionError, match=complaint):
        hold_against_the_reader(row, supports)


def test_the_reader_knows_more_than_one_statement_a_passage() -> None:
    row, _ = made("NUMERIC", WORLD.families["NUMERIC"].dials(passage_words=120, fillers=0), 14, 0)
    read = [statements_of(page["passage_text"]) for page in row["passages"]]
    assert sum(len(passage) for passage in read) > 3 * len(read)
