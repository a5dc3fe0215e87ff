"""A student some of whose tokens cannot attend to the story of the question.

Earlier tokens and the question stay visible. Their keys and values were computed with the story visible, so the student can
still read from them what they contain of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import torch
from transformers import Cache, PreTrainedModel

from tracekd.interventions.forcing import Forcer
from tracekd.interventions.prefix import head
from tracekd.interventions.reading import Read, Reader
from tracekd.students.prompting import Prompting
from tracekd.tasks.template import Template

# From where on the story is hidden.
Since = Literal["trace", "answer"]

# What a mask says of a token, besides 0 (padding) and 1 (read).
_STORY, _BLIND = 2, 3


class BlockedForcer(Forcer):
    """Forces traces as `Forcer` does, with the story hidden from the trace, or from the answer on.

    For templates that write the story between a head and the word `Question`, and a tokenizer that has a token for it.
    """

    def __init__(
        self, model: PreTrainedModel, prompting: Prompting, template: Template, since: Since, **given: Any
    ) -> None:
        super().__init__(model, prompting, **given)
        begin, *_ = template.prompt.partition("{facts}")
        encode = prompting.tokenizer.encode
        (question,) = encode("Question", add_special_tokens=False)
        # The first token of `</think>` may be one with the end of the trace.
        tail = () if since == "trace" else tuple(encode(head("").partition("</")[2], add_special_tokens=False))
        pad = self.tokenizer.pad_token_id or 0
        self._reader = _BlockedReader(model, pad, len(encode(begin, add_special_tokens=False)), question, tail)


class _BlockedReader(Reader):
    """The masks of what it reads mark the story, and the tokens that do not see it.

    Where the story is out of sight, positions are counted without it. BLOOM adds them to attention as biases, which are the
    same up to a constant for all that stands after the story: only the words before it seem nearer.
    """

    def __init__(self, model: PreTrainedModel, pad: int, begin: int, question: int, tail: Sequence[int]) -> None:
        super().__init__(model, pad)
        self.begin, self.question, self.tail = begin, question, torch.tensor(tail, dtype=torch.int64)

    def read(self, texts: Sequence[Sequence[int]]) -> Read:
        """Read prompts, and mark the story in each."""
        read = super().read(texts)
        mask = read.mask.clone()
        for row, text in zip(mask, texts, strict=True):
            end = len(text) - 1 - list(text)[::-1].index(self.question)
            row[self.begin - len(text) : end - len(text)] = _STORY
        return replace(read, mask=mask)

    def _forward(self, ids: torch.Tensor, mask: torch.Tensor, cache: Cache | None, keep: int = 1) -> Read:
        if cache is not None:
            ids, mask, cache = self._up_to_tail(ids, mask, cache)
        blocked = (mask == _STORY) & (mask == _BLIND).any(dim=1, keepdim=True)
        seen = ((mask > 0) & ~blocked).long()
        return replace(super()._forward(ids, seen, cache, keep), mask=mask)

    def _up_to_tail(
        self, ids: torch.Tensor, mask: torch.Tensor, cache: Cache
    ) -> tuple[torch.Tensor, torch.Tensor, Cache]:
        """Read what still sees the story, and mark what does not: the tail, if that is where these ids end."""
        number = len(self.tail)
        if not number:
            return ids, torch.cat([mask[:, : -ids.shape[1]], mask[:, -ids.shape[1] :] * _BLIND], dim=1), cache
        ends = (ids[:, -number:] == self.tail).all(dim=1) if ids.shape[1] > number else torch.tensor([False])
        if not ends.any():
            return ids, mask, cache
        assert ends.all(), "traces are read to their end apart from what several of them begin with"
        read = self._forward(ids[:, :-number], mask[:, :-number], cache)
        return ids[:, -number:], torch.cat([mask[:, :-number], mask[:, -number:] * _BLIND], dim=1), read.cache
