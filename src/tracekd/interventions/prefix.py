"""From texts to token ids: what is forced after a prompt, and the answers that are scored after that."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tracekd.regimes.contract import Unsupported

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Ids = tuple[int, ...]

CLOSING = "</answer>"


def head(trace: str) -> str:
    """What a student has written before its answer, if this is its trace; the strings are those of training."""
    return f"<think>{trace}</think> <answer>"


def prefix_ids(tokenizer: "PreTrainedTokenizerBase", trace: str) -> Ids:
    """The token ids that are forced after the prompt. Tokenised apart from it, as completions are in training."""
    return tuple(tokenizer.encode(head(trace), add_special_tokens=False))


def answer_ids(tokenizer: "PreTrainedTokenizerBase", trace: str, prefix: Ids, answer: str) -> Ids:
    """The token ids of an answer after this trace, with its closing tag: as they are in the whole completion.

    `prefix` is the trace's. Raises Unsupported where the tokenizer merges across the boundary: such an answer cannot
    follow the forced tokens.
    """
    whole = tuple(tokenizer.encode(f"{head(trace)}{answer}{CLOSING}", add_special_tokens=False))
    if whole[: len(prefix)] != prefix:
        raise Unsupported("the tokenizer merges the answer with what stands before it")
    return whole[len(prefix) :]


def answer_text(tokenizer: "PreTrainedTokenizerBase", before: Sequence[int], written: Sequence[int]) -> str | None:
    """What the ids written after those of a prefix say, up to the closing tag; None for nothing.

    Decoded with what stands before them: some tokenizers drop a blank at the beginning of a text.
    """
    whole, known = _decode(tokenizer, [*before, *written]), _decode(tokenizer, before)
    return whole[len(known) :].partition(CLOSING)[0].strip() or None


def _decode(tokenizer: "PreTrainedTokenizerBase", ids: Sequence[int]) -> str:
    return str(tokenizer.decode(list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False))
