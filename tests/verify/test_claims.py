"""Which claim of a trace is the reason not to keep it."""

import pytest

from tracekd.errors import UserError
from tracekd.statements.statement import Statement
from tracekd.verify.claims import FALSE, GROUNDLESS, NO_CLAIM, UNREAD, failed_claim, read_keep

KINDS = {
    "q": ("quoted", True), "d": ("derived", True), "c": ("contradicted", True), "u": ("unsupported", True),
    "x": ("unsupported", False), "n": ("no_claim", True), "-": ("no_claim", False), "a": ("derived", True),
}  # fmt: skip


def statements(letters: str) -> list[Statement]:
    """A statement for each letter; `a` is a right answer."""
    return [
        Statement(letter, at, at + 1, KINDS[letter][0], (), "", KINDS[letter][1], answer=("office",) * (letter == "a"))
        for at, letter in enumerate(letters)
    ]


@pytest.mark.parametrize("letters", ["q", "qd", "nq-a", "dd-"])
def test_a_trace_whose_claims_hold_has_no_failed_claim(letters: str) -> None:
    assert failed_claim(statements(letters)) is None


@pytest.mark.parametrize(
    ("letters", "reason", "at"),
    [
        ("quxcc", FALSE, 3), ("qxuu", GROUNDLESS, 2), ("qxx", UNREAD, 1), ("n-", NO_CLAIM, None), ("", NO_CLAIM, None),
        ("a", NO_CLAIM, None), ("ac", FALSE, 1),
    ],
)  # fmt: skip
def test_the_worst_one_is_named(letters: str, reason: str, at: int | None) -> None:
    assert failed_claim(statements(letters)) == (reason, at)


def test_what_is_kept_is_named() -> None:
    assert [read_keep(name) for name in ("answer", "claims", "both")] == ["answer", "claims", "both"]
    with pytest.raises(UserError, match="did you mean 'claims'"):
        read_keep("claim")
