"""The byte-level tokenizer, and what the loss covers with it."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracekd.sft.example import Example
from tracekd.students.batch import IGNORED

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")
once = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def decode(tokenizer: "PreTrainedTokenizerBase", ids: list[int]) -> str:
    return str(tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False))


@given(st.text())
@once
def test_any_text_is_read_back(tokenizer: "PreTrainedTokenizerBase", text: str) -> None:
    assert decode(tokenizer, tokenizer.encode(text, add_special_tokens=False)) == text


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n ", " a  b ", "it 's , n't .", "<think>", "𝔘🦙‍\u200d", "\x00\x7f\x85\u2028", "é e\u0301"]
)
def test_the_hard_texts_are_read_back(tokenizer: "PreTrainedTokenizerBase", text: str) -> None:
    assert decode(tokenizer, tokenizer.encode(text, add_special_tokens=False)) == text


def test_frequent_words_are_one_token(tokenizer: "PreTrainedTokenizerBase") -> None:
    assert len(tokenizer.encode(" bathroom", add_special_tokens=False)) == 1
    assert len(tokenizer) <= 600
    assert tokenizer.pad_token_id != tokenizer.eos_token_id


def test_nothing_is_added_in_front_of_a_text(tokenizer: "PreTrainedTokenizerBase") -> None:
    with_specials = tokenizer.encode("Where is Mary?", add_special_tokens=True)
    assert with_specials == tokenizer.encode("Where is Mary?", add_special_tokens=False)


def test_the_loss_covers_the_completion_and_its_end_only(
    examples: list[Example], tokenizer: "PreTrainedTokenizerBase"
) -> None:
    from tracekd.sft.tokens import tokenize

    for example in examples:
        row = tokenize(example, tokenizer)
        prompt = tokenizer.encode(example.prompt, add_special_tokens=False)
        cut = len(prompt)
        assert list(row.ids[:cut]) == prompt
        assert list(row.labels[:cut]) == [IGNORED] * cut
        assert list(row.labels[cut:]) == list(row.ids[cut:])
        assert row.ids[-1] == tokenizer.eos_token_id
        assert decode(tokenizer, list(row.ids[cut:-1])) == example.completion


def test_training_the_tokenizer_is_deterministic(examples: list[Example], tokenizer: "PreTrainedTokenizerBase") -> None:
    from tracekd.students.tokenizer import train_tokenizer

    again = train_tokenizer((e.prompt + e.completion for e in examples), vocabulary=600)
    assert again.get_vocab() == tokenizer.get_vocab()
