"""From texts to token ids: the forced text after a prompt, the scored answers after it, and shared prefixes of texts."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from tracekd.regimes.contract import Unsupported

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Ids = tuple[int, ...]

CLOSING = "</answer>"

# A shared prefix is read separately only if that saves this many tokens, because it needs a pass through the model.
WORTH = 64


def head(trace: str) -> str:
    """The student's text before its answer, with this trace; the same strings as in training."""
    return f"<think>{trace}</think> <answer>"


def prefix_ids(tokenizer: "PreTrainedTokenizerBase", trace: str) -> Ids:
    """The token ids that are forced after the prompt. Tokenised separately from it, as completions in training."""
    return tuple(tokenizer.encode(head(trace), add_special_tokens=False))


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


def shared_prefixes(texts: Sequence[Ids], begin: int, worth: int = WORTH) -> Iterator[tuple[int, list[int]]]:
    """Yield groups of texts that agree from position `begin` to `end`, each as (end, indexes of its texts).

    The common part is read once: most forced traces of a problem state the same class. All texts agree before
    `begin`, and are longer. In a group of several texts, each continues after `end`. A text that shares too little is a
    group of one, up to its end.
    """
    yield from _split(texts, sorted(range(len(texts)), key=texts.__getitem__), begin, worth)


def _split(texts: Sequence[Ids], places: list[int], begin: int, worth: int) -> Iterator[tuple[int, list[int]]]:
    # They are sorted: all share what the first and the last share.
    end = min(_agree(texts[places[0]], texts[places[-1]]), min(len(texts[at]) for at in places) - 1)
    if (end - begin) * (len(places) - 1) >= worth:
        yield end, places
        return
    groups = [list(group) for _, group in groupby(places, key=lambda at: texts[at][end])]
    if len(groups) == 1:  # there is only one text, or they agree up to the end of one
        yield from ((len(texts[at]), [at]) for at in places)
        return
    for group in groups:
        yield from _split(texts, group, begin, worth)


def _agree(first: Ids, second: Ids) -> int:
    """How many tokens two texts share at their beginning."""
    return next(
        (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
