"""From texts to token ids: the forced text after a prompt, and the scored answers after it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tracekd.regimes.contract import Unsupported
from tracekd.students.shared_prefixes import Ids

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

CLOSING = "</answer>"
OPENING, CLOSED = "<think>", "</think>"  # around the trace


def head(trace: str) -> str:
    """The student's text before its answer, with this trace; the same strings as in training."""
    return f"{OPENING}{trace}{CLOSED} <answer>"


def prefix_ids(tokenizer: "PreTrainedTokenizerBase", trace: str) -> Ids:
    """The token ids that are forced after the prompt. Tokenised separately from it, as completions in training."""
    return tuple(tokenizer.encode(head(trace), add_special_tokens=False))


def trace_in_prefix(tokenizer: "PreTrainedTokenizerBase", trace: str) -> tuple[int, int]:
    """Which of `prefix_ids` hold the trace: the first, and the one after the last. A token that the trace shares with the
    closing tag is not among them: it is the first that does not see a hidden part.
    """
    coded = tokenizer(head(trace), add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    begin, end = len(OPENING), len(OPENING) + len(trace)
    inside = [at for at, (first, last) in enumerate(coded) if last > begin and last <= end and first < last]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def beginning_ids(tokenizer: "PreTrainedTokenizerBase", begin: str) -> Ids:
    """The token ids of the beginning of a trace, which the student writes on."""
    return tuple(tokenizer.encode(f"{OPENING}{begin}", add_special_tokens=False))


def written_trace(tokenizer: "PreTrainedTokenizerBase", begin: Sequence[int], written: Sequence[int]) -> str | None:
    """The whole trace that the student wrote after its beginning; None if it did not end it."""
    text = _decode(tokenizer, [*begin, *written]).partition(OPENING)[2]
    trace, closed, _ = text.partition(CLOSED)
    return trace if closed else None


def answer_ids(tokenizer: "PreTrainedTokenizerBase", trace: str, prefix: Ids, answer: str) -> Ids:
    """The token ids of an answer after this trace, with its closing tag: the same ids as in the whole completion.

    `prefix` is the trace's. Raises Unsupported if the tokenizer merges across the boundary: such an answer cannot
    follow the forced tokens.
    """
    whole = tuple(tokenizer.encode(f"{head(trace)}{answer}{CLOSING}", add_special_tokens=False))
    if whole[: len(prefix)] != prefix:
        raise Unsupported("the tokenizer merges the answer with the text before it")
    return whole[len(prefix) :]


def answer_text(tokenizer: "PreTrainedTokenizerBase", before: Sequence[int], written: Sequence[int]) -> str | None:
    """The text of the ids after a prefix, up to the closing tag; None for no text.

    They are decoded together with the prefix: some tokenizers drop a blank at the beginning of a text.
    """
    whole, known = _decode(tokenizer, [*before, *written]), _decode(tokenizer, before)
    return whole[len(known) :].partition(CLOSING)[0].strip() or None


def _decode(tokenizer: "PreTrainedTokenizerBase", ids: Sequence[int]) -> str:
    return str(tokenizer.decode(list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False))
