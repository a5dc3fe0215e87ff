"""Whether an answer flipped: compared as the answers of a problem's kind are, right or wrong."""

import pytest

from tracekd.interventions.answers import same_answer
from tracekd.problem import Answer

ONE = Answer(kind="one_of", values=("kitchen",))
SET = Answer(kind="set", values=("milk", "apple"))
PATH = Answer(kind="path", values=("n", "w"))
LISTED = Answer(kind="set", values=("King's College, London",), written="list")


@pytest.mark.parametrize(
    ("first", "second", "gold"),
    [
        ("the park", "The  Park.", ONE),
        ("football,milk", "milk, football", SET),
        ("nothing", "nothing", SET),
        ("s,e", "S, E", PATH),
        ("['a', 'b, c']", "['b, c', 'a']", LISTED),
        ("no list", "no list", LISTED),
        (None, None, ONE),
    ],
)
def test_the_same(first: str | None, second: str | None, gold: Answer) -> None:
    assert same_answer(first, second, gold)
    assert same_answer(second, first, gold)


@pytest.mark.parametrize(
    ("first", "second", "gold"),
    [
        ("kitchen", "garden", ONE),
        ("kitchen", None, ONE),
        ("football,milk", "footballmilk", SET),
        ("football,milk", "football", SET),
        ("nothing", "milk", SET),
        ("s,e", "e,s", PATH),
        ("['a', 'b']", "['a', 'c']", LISTED),
        ("['a']", "no list", LISTED),
    ],
)
def test_another(first: str | None, second: str | None, gold: Answer) -> None:
    assert not same_answer(first, second, gold)
    assert not same_answer(second, first, gold)
