"""Python literals are read as Python reads them, and nothing is ever evaluated."""

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.python_literal import read_literal

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LEAVES = st.one_of(
    TEXTS,
    st.text("'\"\\\n\r\t {}[],:()xuUN07", max_size=12),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.none(),
    st.booleans(),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner),
        st.tuples(inner, inner),
        st.dictionaries(TEXTS, inner, max_size=4),
    ),
    max_leaves=12,
)


@given(VALUES)
def test_what_repr_prints_comes_back(value: Any) -> None:
    assert read_literal(repr(value)) == value
    assert read_literal(f" \n{value!r}\t") == value


@given(st.one_of(st.text(max_size=60), st.text("[](){}'\",:\\ ntfN0x1e.-+", max_size=25)))
def test_any_text_is_a_value_that_python_reads_too_or_a_fault(text: str) -> None:
    try:
        value = read_literal(text)
    except Fault:
        return
    assert ast.literal_eval(text.strip()) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'''a'b\nc'''", "a'b\nc"),
        ('"""a""b"""', 'a""b'),
        (r"'\x41\u00e9\U0001F600\101\n'", "Aé😀A\n"),
        ("'a\\\nb'", "ab"),
        ("[1, -2.5e3, .5, 2., None, True,]", [1, -2500.0, 0.5, 2.0, None, True]),
        ("()", ()),
        ("('a')", "a"),
        ("('a',)", ("a",)),
        ("{1: {'a': [()]}}", {1: {"a": [()]}}),
    ],
)
def test_what_repr_never_prints_but_people_write(text: str, value: Any) -> None:
    assert read_literal(text) == value == ast.literal_eval(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "[", "]", "[1", "[1 2]", "['a' 'b']", "[,]", "[1,,2]", "{1}", "{1: 2, 3}", "{1: 2 3: 4}", "{[]: 1}", "1,",
        "1 2", "(,)", "'a", "'a\nb'", "b'a'", "f'{1}'", "1 + 2", "__import__('os')", "[].append", "nan", "1_000", "0x10",
        "{'a': 1}}", "[1)", "None1", "{:}", "[:]", "'\\x4'", "'\\ud800'", "'\\U00110000'", "9" * 5000, "1e" + "9" * 50,
    ],
)  # fmt: skip
def test_all_else_is_a_fault(text: str) -> None:
    with pytest.raises(Fault):
        read_literal(text)


@pytest.mark.parametrize("text", ["[" * 10**6, "{" * 10**6, "(" * 10**6 + ")" * 10**6, "[" * 101 + "]" * 101])
def test_depth_stops_no_reader(text: str) -> None:
    with pytest.raises(Fault):
        read_literal(text)


def test_a_hundred_deep_is_read() -> None:
    assert repr(read_literal("[" * 100 + "]" * 100)) == "[" * 100 + "]" * 100


@pytest.mark.parametrize(
    "text",
    [
        "'" + "\\" * (2 * 10**6 + 1), "'" * (10**6 + 1), '"""' + '"' * 10**6 + "x", "[" + "'a'," * 3 * 10**5, " " * 3 * 10**6,
        "'" + "\\x4" * 10**5, "1" * 10**6 + "x", "1." * 10**6, "[" + " " * 10**6 + "1" + " " * 10**6,
    ],
)  # fmt: skip
def test_a_long_faulty_text_ends_soon(text: str) -> None:
    # Quadratic time would take hours here: no clock is needed to see that there is none.
    with pytest.raises(Fault):
        read_literal(text)
