"""Names with a parameter, as people write them."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.parameter import read_list, read_name

NAMES = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
VALUES = st.from_regex(r"[a-z0-9.,:]{0,8}", fullmatch=True)


@dataclass(frozen=True)
class Thing:
    """What has a name."""

    name: str


@given(name=NAMES, value=VALUES, space=st.sampled_from(["", " ", "\t"]))
def test_names_are_read_with_and_without_a_value(name: str, value: str, space: str) -> None:
    assert read_name(f"{space}{name}{space}", "thing") == (name, None)
    assert read_name(f" {name}{space}({space}{value}{space}) ", "thing") == (name, value)
    assert read_name(f"{name}:{value}", "thing") == (name, value)


@pytest.mark.parametrize("written", ["", "a b", "(1)", "a(1", "a(1)2", "a((1))", ":1", "a(1):2"])
def test_what_is_no_name_is_refused(written: str) -> None:
    with pytest.raises(UserError, match="is no thing"):
        read_name(written, "thing")


@given(st.lists(st.tuples(NAMES, st.none() | VALUES), min_size=1, max_size=6, unique=True))
def test_lists_are_parted_at_commas_that_stand_in_no_value(written: list[tuple[str, str | None]]) -> None:
    parts = [name if value is None else f"{name}({value})" for name, value in written]
    things = read_list(",".join(parts), "thing", Thing, lambda thing: thing.name)
    assert [thing.name for thing in things] == parts


def test_two_things_of_one_key_are_refused() -> None:
    with pytest.raises(UserError, match="the thing 'B' is named twice"):
        list(read_list("a,b,B", "thing", Thing, lambda thing: thing.name.lower()))
