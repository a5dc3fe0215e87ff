"""Lists of quoted sentences: Python's own, and those that models write."""

import ast
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.tasks.list_literal import read_list, read_list_and_rest, write_list


@given(st.lists(st.text()))
def test_what_is_written_is_read_back(items: list[str]) -> None:
    assert read_list(write_list(tuple(items))) == tuple(items)


@given(st.lists(st.text(alphabet="'\"\\,[] ax\n")))
def test_the_hard_characters_are_read_back(items: list[str]) -> None:
    written = write_list(tuple(items))
    assert read_list(written) == tuple(items) == tuple(ast.literal_eval(written))


@given(st.text(alphabet="'\"\\,[] xuUN019\n"))
def test_any_text_is_read_or_refused(text: str) -> None:
    items = read_list(text)
    assert items is None or text.lstrip().startswith("[")
    assert items is None or all(isinstance(item, str) for item in items)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("[]", ()),
        (" [ ] ", ()),
        ("['A.']", ("A.",)),
        ("['A.', \"B.\",]", ("A.", "B.")),
        ("['King's College']", ("King's College",)),
        ("['King's College', 'St John's.']", ("King's College", "St John's.")),
        ("['the boys' school']", ("the boys' school",)),
        ("['A. B.']", ("A. B.",)),
        ("['A.'] and then some", ("A.",)),
        ("\n ['A.'\n,\n'B.'\n]", ("A.", "B.")),
        (r"['it\'s', 'a\\']", ("it's", "a\\")),
    ],
)
def test_lists(text: str, items: tuple[str, ...]) -> None:
    assert read_list(text) == items


@pytest.mark.parametrize(
    "text", ["", "A.", "[A.]", "['A.'", "['A.", "['A.' 'B.'", "[1]", "__import__('os')", "('A.',)"]
)
def test_what_is_no_list(text: str) -> None:
    assert read_list(text) is None


@pytest.mark.parametrize("escape", [r"\ud800", r"\udfff", r"\U00110000", r"\Uffffffff"])
def test_an_escape_that_is_no_character_stays_as_written(escape: str) -> None:
    items = read_list(f"['{escape}']")
    assert items == (escape,)
    assert items[0].encode() == escape.encode()


@pytest.mark.parametrize("piece", ["[", "['", "'", "['a', ", "['a'", "'\\", "\\", "', '", "' ", "['a' ,"])
def test_repetition_is_read_in_linear_time(piece: str) -> None:
    # Quadratic time would take minutes here.
    for head in ("", "[", "['a'"):
        for tail in ("", "x", "']"):
            read_list(head + piece * 50_000 + tail)


def test_white_space_after_an_item_is_read_in_linear_time() -> None:
    for tail in ("x", ",x", "", "]"):
        read_list("['a'" + " " * 1_000_000 + tail)
    assert read_list("['a'," + " " * 1_000_000 + "'b']") == ("a", "b")


def test_many_items_do_not_exhaust_the_stack() -> None:
    count = 10 * sys.getrecursionlimit()
    assert read_list("[" + "'a', " * count) is None
    assert len(read_list("[" + "'a', " * count + "]") or ()) == count


@given(st.lists(st.text()), st.text())
def test_what_follows_a_list_is_told(items: list[str], rest: str) -> None:
    assert read_list_and_rest(write_list(tuple(items)) + rest) == (tuple(items), rest)
