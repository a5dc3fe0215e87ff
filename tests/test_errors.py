"""The one error that people see."""

from pathlib import Path

import pytest

from tracekd.errors import UserError, unknown_name


def test_it_says_what_where_what_else_and_what_next() -> None:
    error = UserError("this is wrong", where=Path("a/b.toml"), expected="something else", next_step="do that")
    assert str(error) == "a/b.toml: this is wrong\n  expected: something else\n  next: do that"
    assert (error.problem, error.where, error.expected) == ("this is wrong", "a/b.toml", "something else")


def test_what_is_not_given_is_not_said() -> None:
    assert str(UserError("this is wrong")) == "this is wrong"
    assert str(UserError("this is wrong", next_step="do that")) == "this is wrong\n  next: do that"


def test_it_is_a_value_error_so_that_pydantic_tells_the_place() -> None:
    with pytest.raises(ValueError, match="this is wrong"):
        raise UserError("this is wrong")


@pytest.mark.parametrize(
    ("name", "hint"), [("corect", "did you mean 'correct'?"), ("incorrec", "did you mean 'incorrect'?"), ("xyz", None)]
)
def test_the_nearest_name_is_offered_if_one_is_near(name: str, hint: str | None) -> None:
    error = unknown_name("regime", name, ["correct", "answer_only", "incorrect"], where="f:3")
    assert error.problem == f"there is no regime {name!r}"
    assert error.where == "f:3"
    assert error.expected == "one of answer_only, correct, incorrect"
    assert error.next_step == hint


def test_a_registry_may_be_empty() -> None:
    assert "there is no task 'x'" in str(unknown_name("task", "x", []))


def test_of_a_name_that_is_megabytes_long_only_the_beginning_is_repeated() -> None:
    assert len(str(unknown_name("task", "ba" * 1_000_000, ["babi"]))) < 200
