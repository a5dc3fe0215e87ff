"""Names with a parameter, as people write them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.parameter import FunctionRegistry, NamedFunction, Parameter, read_name

NAMES = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
VALUES = st.from_regex(r"[a-z0-9.,:]{0,8}", fullmatch=True).filter(lambda value: value != "no")


@dataclass(frozen=True)
class Thing(NamedFunction[Callable[[], str]]):
    """Returns its value."""

    noun = "thing"
    field_name = "call"
    call: Callable[[], str]


class Things(FunctionRegistry[Thing]):
    """Knows a thing of every name."""

    def get(self, name: str) -> Thing:
        return Thing.with_parameter(name, "a thing", Parameter("word", "any word but no", "yes", bind))


def bind(value: str) -> Callable[[], str]:
    if value == "no":
        raise ValueError(value)
    return lambda: value


def file_name(written: tuple[str, str | None]) -> str:
    name, value = written
    return THINGS.read(name).chosen(value).file_name


THINGS = Things("group", "thing", Thing)


@given(name=NAMES, value=VALUES, space=st.sampled_from(["", " ", "\t"]))
def test_names_are_read_with_and_without_a_value(name: str, value: str, space: str) -> None:
    assert read_name(f"{space}{name}{space}", "thing") == (name, None)
    assert read_name(f" {name}{space}({space}{value}{space}) ", "thing") == (name, value)
    assert read_name(f"{name}:{value}", "thing") == (name, value)


def test_a_value_may_have_a_value_of_its_own() -> None:
    assert read_name("cross(corrupted(0.3))", "thing") == read_name("cross:corrupted(0.3)", "thing")
    assert read_name("cross(corrupted(0.3))", "thing") == ("cross", "corrupted(0.3)")
    assert THINGS.read("cross(few_shot(2,trace))").file_name == "cross-few_shot-2-trace"
    assert [thing.name for thing in THINGS.read_list("a(b(1,2)),c")] == ["a(b(1,2))", "c"]


@pytest.mark.parametrize(
    "written", ["", "a b", "(1)", "a(1", "a(1)2", "a((1))", "a(b(c(1)))", "a(b(1)", ":1", "a(1):2"]
)
def test_an_invalid_name_is_refused(written: str) -> None:
    with pytest.raises(UserError, match="is not a thing"):
        read_name(written, "thing")


@given(st.lists(st.tuples(NAMES, st.none() | VALUES), min_size=1, max_size=6, unique_by=file_name))
def test_lists_are_parted_at_commas_that_stand_in_no_value(written: list[tuple[str, str | None]]) -> None:
    parts = [name if value is None else f"{name}({value})" for name, value in written]
    things = THINGS.read_list(",".join(parts))
    assert [thing.name for thing in things] == parts


@given(NAMES, VALUES)
def test_a_value_sets_the_function_and_stands_in_the_name(name: str, value: str) -> None:
    thing = THINGS.read(f"{name}:{value}")
    assert (thing.name, thing.call()) == (f"{name}({value})", value)
    assert (THINGS.read(name).name, THINGS.read(name).call()) == (name, "yes")


def test_an_invalid_value_is_told() -> None:
    with pytest.raises(
        UserError, match=r"'no' is not a valid word of the thing 'a'(.|\n)*any word but no, for example a\(yes\)"
    ):
        THINGS.read("a(no)")
    with pytest.raises(UserError, match="the thing 'b' has no parameter"):
        Thing("b", "without", bind("x")).bound("1")


def test_two_things_of_one_file_are_refused() -> None:
    with pytest.raises(UserError, match=r"the thing 'a\(1\)' is named twice"):
        list(THINGS.read_list("a:1,b,a(1)"))
