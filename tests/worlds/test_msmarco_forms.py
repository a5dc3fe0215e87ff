"""The sentences that the world of passages is made of: each can be read back, and says one thing only."""

import re
from collections import Counter
from itertools import combinations

import pytest

from tracekd.tasks.msmarco import LABELS
from tracekd.tasks.normalize import normalize_answer
from tracekd.worlds.msmarco.dials import PassageDials
from tracekd.worlds.msmarco.knowledge import Attribute, fillers, kinds, mentions, topics
from tracekd.worlds.msmarco.values import NAMES, Flag, Listed, Number, Person, Phrase, Place, Year, name

ATTRIBUTES = [(kind, attribute) for kind in kinds() for attribute in kind.attributes]
EVERY = pytest.mark.parametrize(("kind", "attribute"), ATTRIBUTES, ids=[f"{k.name}-{a.name}" for k, a in ATTRIBUTES])
SENTENCES = [*(form for _, a in ATTRIBUTES for form in a.says), *fillers(), *mentions()]
MOST_PASSAGES = 50


def filled(form: str) -> str:
    return f" {normalize_answer(form.replace('{x}', 'xx').replace('{y}', 'yy').replace('{v}', 'vv'))} "


def test_every_kind_can_be_asked_about_in_every_type() -> None:
    for kind in kinds():
        assert {attribute.label for attribute in kind.attributes} == set(LABELS)
        assert len({attribute.name for attribute in kind.attributes}) == len(kind.attributes) == 8
        assert sum(isinstance(attribute.values, Flag) for attribute in kind.attributes) == 1
    assert sum(len(topics(label, yes_no)) for label in LABELS for yes_no in (False, True)) == len(ATTRIBUTES)
    assert {topic.attribute.label for topic in topics("DESCRIPTION", True)} == {"DESCRIPTION"}


@EVERY
def test_the_forms_of_an_attribute(kind: object, attribute: Attribute) -> None:
    assert len(set(attribute.says)) == 4 and len(set(attribute.asks)) >= 4
    for form in (*attribute.says, attribute.answer):
        assert form.count("{x}") == form.count("{v}") == 1
    for form in attribute.asks:
        assert form.count("{x}") == 1 and form == form.lower() and "?" not in form
    for form in attribute.says:
        assert form.endswith(".") and form.count(".") == 1
    assert not attribute.answer.endswith(".")


@EVERY
def test_the_rewritten_answer_stands_in_no_sentence(kind: object, attribute: Attribute) -> None:
    rewritten = filled(attribute.answer)
    for form in SENTENCES:
        assert rewritten not in filled(form)


def test_no_two_forms_are_alike() -> None:
    assert len({*fillers(), *mentions()}) == len(fillers()) + len(mentions())
    for kind in kinds():
        says = Counter(form for attribute in kind.attributes for form in attribute.says)
        assert says.most_common(1)[0][1] == 1
        for one, other in combinations(kind.attributes, 2):
            assert not set(one.asks) & set(other.asks), (kind.name, one.name, other.name)


def test_nothing_in_a_passage_looks_like_yes_or_no() -> None:
    spoken = SENTENCES + [attribute.values.value(at).said for _, attribute in ATTRIBUTES for at in range(2)]
    for text in spoken:
        assert not {"yes", "no", "It"} & set(re.findall(r"\w+", text.removeprefix("It "))), text
    for text in spoken:
        assert "the year" not in text.lower() and "USD" not in text


@EVERY
def test_values(kind: object, attribute: Attribute) -> None:
    values = attribute.values
    indices = range(values.size) if values.size < 30_000 else [*range(5_000), *range(values.size - 5_000, values.size)]
    made = [values.value(index) for index in indices]
    # Every passage may need one of its own; of lists, several numbers give the same.
    assert isinstance(values, Flag) or len({value.said for value in made}) > 2 * MOST_PASSAGES - 10
    if not isinstance(values, Listed):
        assert len({value.said for value in made}) == len(made)
    for value in made:
        assert not {"{", "}"} & set(value.said + value.other + value.short)
        assert ". " not in value.said and not value.said.endswith(".")
        if not isinstance(values, Flag):
            assert value.short == value.said
            assert f" {normalize_answer(value.other)} " not in f" {normalize_answer(value.said)} "


@pytest.mark.parametrize("values", [a.values for _, a in ATTRIBUTES if isinstance(a.values, Phrase | Listed)])
def test_no_value_is_part_of_another(values: Phrase | Listed) -> None:
    # Both ways of writing them: what answers one question must not stand in the passage about another thing.
    made = [values.value(index) for index in range(0, values.size, max(1, values.size // 300))]
    said = {f" {normalize_answer(value.said)} " for value in made}
    for text in said | {f" {normalize_answer(value.other)} " for value in made}:
        assert not [other for other in said if text in other and text != other]
    assert not said & {f" {normalize_answer(value.other)} " for value in made}


def test_no_sentence_is_too_long_for_the_shortest_passages() -> None:
    least = next(one.ge for one in PassageDials.model_fields["passage_words_most"].metadata if hasattr(one, "ge"))
    longest_name = 2

    def words(attribute: Attribute) -> int:
        values = attribute.values
        said = max(len(values.value(at).said.split()) for at in range(min(values.size, 5_000)))
        return said + longest_name + max(len(form.split()) for form in attribute.says)

    assert max(words(a) for _, a in ATTRIBUTES) + max(len(form.split()) for form in fillers()) <= least


def test_names_are_all_different_and_no_words_of_the_forms() -> None:
    made = {name(index) for index in range(200_000)}
    assert len(made) == 200_000
    assert {len(re.findall("[aeiou]", one)) for one in made} == {3}
    words = set(re.findall(r"[a-z]+", " ".join(SENTENCES).lower()))
    pools = {
        word for _, a in ATTRIBUTES if isinstance(a.values, Listed) for one in a.values.pool for word in one.split()
    }
    assert not made & (words | pools)
    assert name(NAMES - 1) != name(NAMES - 2)


def test_pools_have_forty_different_things() -> None:
    for _, attribute in ATTRIBUTES:
        if isinstance(attribute.values, Listed):
            assert len(set(attribute.values.pool)) == len(attribute.values.pool) == 40


def test_each_kind_of_value() -> None:
    assert Number(1_000, 2_000, 500, "feet", "ft").value(1).said == "1,500 feet"
    assert Number(1_000, 2_000, 500, "feet", "ft").size == 3
    assert (Year(1990, 2000).size, Year(1990, 2000).value(10).other) == (11, "the year 2000")
    assert re.fullmatch("[A-Z][a-z]+, [A-Z][a-z]+", Place().value(10**9).said)
    assert re.fullmatch("([A-Z])[a-z]+ ([A-Z][a-z]+)", Person().value(10**9).said)
    pool = [f"t{at:02}" for at in range(40)]
    for index in range(0, Listed(pool).size, 7):
        value = Listed(pool).value(index)
        things = re.findall("t[0-9]+", value.said)
        assert 3 <= len(things) <= 6 and things == sorted(set(things)) == re.findall("t[0-9]+", value.other)[::-1]
    assert Flag("wet", "dry").value(1).short == "No" and Flag("wet", "dry").value(0).said == "wet"
    assert Phrase("{a} {b}", "{b}: {a}", {"{a}": "xy", "{b}": "pq"}).value(3).other == "q: y"
