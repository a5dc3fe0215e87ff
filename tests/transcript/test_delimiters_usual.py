"""The short way for the most usual outputs gives what the long way gives."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracekd.transcript import delimiters

PIECES = st.sampled_from(
    ["<think>", "</think>", "<answer>", "</answer>", " ", "\n", "a", "the hall", "<thinking>", "[THINK]", "<|channel|>",
     "</thinking>", "<response>", "<|im_end|>", "<think", "think>", "\u25c1", "\x1c", "\u2028", "\x85"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=9).map("".join))
@settings(max_examples=300)
@example("<think>a</think> <answer>b</answer></think>")
@example("<think></think>")
@example(" <think>\n</think>\n<response>a</response>")
def test_both_ways_agree(text: str) -> None:
    usual = delimiters._usual(text)
    assert usual is None or usual == delimiters._divided(text)


def test_the_usual_output_goes_the_short_way() -> None:
    assert delimiters._usual("\n<think>a</think> <answer>b</answer>") == delimiters.Divided(
        "a", " <answer>b</answer>", "whole", "think"
    )
