"""Marks of reasoning that the user names."""

import pytest

from tracekd.errors import UserError
from tracekd.transcript.trace_tags import TraceTags

PLAN = TraceTags("<plan>", "</plan>")


@pytest.mark.parametrize(
    ("text", "divided"),
    [
        ("<plan>a</plan>b", ("a", "b")),
        ("a</plan>b", ("a", "b")),
        ("<plan>a</plan><plan>b</plan><answer>c</answer>", ("a\nb", "<answer>c</answer>")),
        ("<plan>a", None),
        ("<think>a</think>b", None),
        ("", None),
    ],
)
def test_reasoning_between_the_marks(text: str, divided: tuple[str, str] | None) -> None:
    assert PLAN.divide(text) == divided


def test_marks_are_texts_and_no_patterns() -> None:
    assert TraceTags("(.*", "[x").divide("(.*a[xb") == ("a", "b")
    assert TraceTags("(.*", "[x").divide("aab") is None


def test_an_option_states_two_marks() -> None:
    assert TraceTags.read(None) is None
    assert TraceTags.read("<plan>,</plan>") == PLAN
    for written in ("", ",", "a", "a,", ",b", "a,a", " ,b"):
        with pytest.raises(UserError, match="are not two marks"):
            TraceTags.read(written)


@pytest.mark.parametrize("text", ["<plan>" * 200_000, "</plan>" * 200_000, "<plan>a</plan>" * 100_000])
def test_a_million_marks_end(text: str) -> None:
    PLAN.divide(text)  # quadratic time would take minutes
