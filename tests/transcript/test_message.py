"""What a conversation asks last."""

from typing import Any

import pytest

from tracekd.transcript.message import last_asked

USER = {"role": "user", "content": "Where?"}
SAID = {"role": "assistant", "content": "Here."}


@pytest.mark.parametrize(
    ("turns", "asked"),
    [
        ("Where?", "Where?"),
        (" \n", None),
        ([USER, SAID], "Where?"),
        ([{"role": "user", "content": "Who?"}, SAID, USER], "Where?"),
        ((USER,), "Where?"),
        ([{"from": "human", "value": "Where?"}, {"from": "gpt", "value": "Here."}], "Where?"),
        ([{"role": "user", "content": [{"type": "text", "text": "Where"}, {"type": "text", "text": "?"}]}], "Where?"),
        # A turn without a text asks nothing.
        ([USER, {"role": "user", "content": None}, {"role": "user", "content": " "}], "Where?"),
        ([{"role": "system", "content": "Be short."}, SAID], None),
        ([7, "Where?", None, ["user"]], None),
        ([], None),
        (None, None),
        ({"role": "user"}, None),
        (7, None),
    ],
)
def test_what_was_asked_last(turns: Any, asked: str | None) -> None:
    assert last_asked(turns) == asked
