"""Random dials: they reach the ends of every dial, are allowed, and say so where none can be drawn."""

from random import Random
from typing import Literal, Self

import pytest
from pydantic import Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from tracekd.errors import UserError
from tracekd.worlds import get_world, world_names
from tracekd.worlds.contract import Dials
from tracekd.worlds.dials import random_dials, random_value, try_random_dials


class Shown(Dials):
    """A dial of each type."""

    count: int = Field(3, ge=2, le=9)
    fewest: int = Field(3, gt=0, le=2)
    other: int | None = Field(None, ge=0, le=5)
    share: float = Field(0.5, ge=0, le=1)
    weight: float = Field(0.5, gt=0, le=1)
    yes: bool = False
    names: tuple[Literal["a", "b", "c"], ...] = ("a",)


ALLOWED = {
    "count": set(range(2, 10)),
    "fewest": {1, 2},
    "other": {None, *range(6)},
    "yes": {True, False},
}


def values(name: str) -> list[object]:
    rng = Random(name)
    return [random_value(Shown.model_fields[name], rng) for _ in range(500)]


@pytest.mark.parametrize("name", ["count", "fewest", "other", "yes"])
def test_every_value_of_a_small_dial_is_drawn_and_no_other(name: str) -> None:
    assert set(values(name)) == ALLOWED[name]


def test_shares_are_drawn_with_their_ends_and_above_a_bound_that_is_excluded() -> None:
    share, weight = values("share"), values("weight")
    assert {0, 1} < set(share) and all(0 <= value <= 1 for value in share)
    assert {0.001, 1} < set(weight) and all(0 < value <= 1 for value in weight)


def test_of_literals_any_are_drawn_each_once() -> None:
    drawn = set(values("names"))
    assert {frozenset(names) for names in drawn} == {
        frozenset(names) for names in ("a", "b", "c", "ab", "ac", "bc", "abc")
    }
    assert all(len(set(names)) == len(names) for names in drawn)


def test_some_dials_are_drawn_and_some_keep_their_defaults() -> None:
    rng = Random(0)
    drawn = [random_dials(Shown, rng).model_fields_set for _ in range(50)]
    for name in Shown.model_fields:
        assert 0 < sum(name in names for names in drawn) < 50


@pytest.mark.parametrize("world", world_names())
def test_the_same_stream_gives_the_same_dials_in_every_family(world: str) -> None:
    for family in get_world(world).families.values():
        one, again = Random(family.name), Random(family.name)
        drawn = [random_dials(family.dials, one) for _ in range(5)]
        assert drawn == [random_dials(family.dials, again) for _ in range(5)]
        assert len(set(drawn)) > 1


class Contrary(Dials):
    """Nothing can be set but this."""

    least: int = Field(1, ge=1, le=3)

    @model_validator(mode="after")
    def _never(self) -> Self:
        raise UserError("this contradicts everything")


class Faulty(Dials):
    """What its validator finds is no contradiction, but an error."""

    least: int = Field(1, ge=1, le=3)

    @model_validator(mode="after")
    def _never(self) -> Self:
        raise ValueError("an odd number")


def test_what_contradicts_itself_is_none_and_in_the_end_an_error() -> None:
    assert try_random_dials(Contrary, Random(0)) is None
    with pytest.raises(ValueError, match="the values of nearly all settings of Contrary contradict each other"):
        random_dials(Contrary, Random(0))
    with pytest.raises(ValidationError, match="odd number"):
        random_dials(Faulty, Random(0))


@pytest.mark.parametrize(
    "dial",
    [
        FieldInfo(annotation=str, default="a"),
        FieldInfo(annotation=int, default=1),
        FieldInfo.from_annotated_attribute(int, Field(1, ge=0)),
        FieldInfo.from_annotated_attribute(float, Field(0.5, ge=0, lt=1)),
        FieldInfo(annotation=tuple[int, ...], default=()),
    ],
)
def test_a_dial_that_no_value_can_be_drawn_for_is_named(dial: FieldInfo) -> None:
    with pytest.raises(TypeError, match="cannot draw a value"):
        random_value(dial, Random(0))
