"""Where an output ends, however the tokenizer cuts up the stop string."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.students.engines.contract import Generation
from tracekd.students.engines.stopping import Stopping, end_tokens

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")

TEXTS = st.text(st.sampled_from("</answer>. \nKé€😀k"), max_size=24)


class Words:
    """A tokenizer whose tokens are these strings."""

    eos_token_id = 0

    def __init__(self, *words: str) -> None:
        self.words = words

    def decode(self, ids: list[int], **options: bool) -> str:
        assert options == {"skip_special_tokens": False, "clean_up_tokenization_spaces": False}
        return "".join(self.words[token] for token in ids)


class Bytes:
    """A tokenizer whose tokens are bytes: no character beyond ASCII is one token."""

    def encode(self, text: str) -> list[int]:
        return list(text.encode())

    def decode(self, ids: list[int], **options: bool) -> str:
        return bytes(ids).decode(errors="replace")


def expected(tokenizer: object, ids: list[int], stop: str) -> Generation:
    """The shortest beginning that holds the stop string, found by decoding them all."""
    for length in range(1, len(ids) + 1):
        text = tokenizer.decode(ids[:length], skip_special_tokens=False, clean_up_tokenization_spaces=False)  # type: ignore[attr-defined]
        if stop in text:
            return Generation(tuple(ids[:length]), "stop")
    return Generation(tuple(ids), "length")


@given(before=TEXTS, after=TEXTS)
def test_a_learnt_tokenizer_merges_it_with_what_is_beside(
    tokenizer: "PreTrainedTokenizerBase", before: str, after: str
) -> None:
    for text in (f"{before}</answer>{after}", before):
        ids = tokenizer.encode(text, add_special_tokens=False)
        assert Stopping(tokenizer, "</answer>", [0, 1]).cut(ids, "length") == expected(tokenizer, ids, "</answer>")


@given(before=TEXTS, after=TEXTS, stop=st.sampled_from(["</answer>", "€", "😀k", "é€"]))
def test_bytes_of_a_character_complete_it(before: str, after: str, stop: str) -> None:
    ids = Bytes().encode(before + stop + after)
    assert Stopping(Bytes(), stop, []).cut(ids, "length") == expected(Bytes(), ids, stop)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "length"),
    [("a </ answer >", 4), ("a </answer>. b", 2), ("a </answer >\n\n b", 3), ("a x</answ er>y </answer>", 3)],
)
def test_tokens_may_share_it_in_any_way(written: str, length: int) -> None:
    words = written.replace("\\n", "\n").split(" ")
    stopping = Stopping(Words(*words), "</answer>", [])  # type: ignore[arg-type]
    ids = list(range(len(words)))
    assert stopping.cut(ids, "length") == Generation(tuple(ids[:length]), "stop")


def test_an_end_token_ends_it_and_is_left_off() -> None:
    stopping = Stopping(Words("", "a", "b"), "</answer>", [0])  # type: ignore[arg-type]
    assert stopping.cut([1, 2, 0, 1], "length") == Generation((1, 2), "stop")
    assert stopping.cut([1, 2], "length") == Generation((1, 2), "length")
    assert stopping.cut([], "stop") == Generation((), "stop")


def test_without_a_stop_string_nothing_is_decoded() -> None:
    stopping = Stopping(None, None, [0])  # type: ignore[arg-type]
    assert stopping.cut([3, 4, 0], "length") == Generation((3, 4), "stop")


@pytest.mark.parametrize(("said", "found"), [(None, {0}), (5, {0, 5}), ([5, 6], {0, 5, 6})])
def test_end_tokens_are_those_of_tokenizer_and_model(said: int | list[int] | None, found: set[int]) -> None:
    assert end_tokens(Words(), said) == found  # type: ignore[arg-type]
