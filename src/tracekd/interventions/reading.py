"""A model that continues reading from a text: keys and values are computed once, and shared by all continuations.

Texts are always padded on the left, so that the last column is always the last token. So there is also padding between
a prompt and the text after it: it is masked, and positions are counted without it. What was read can also be hidden from
what is read next (`Read.hiding`): its positions stay.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from random import Random

import torch
from transformers import Cache, PreTrainedModel
from transformers.cache_utils import DynamicLayer

from tracekd.errors import UserError
from tracekd.students.engines.contract import EngineError, Finish, Generation
from tracekd.students.engines.prefill import can_prefill, prefill
from tracekd.students.engines.stopping import Stopping

# What a mask says of a column, besides 0 for padding and 1 for a token: it was read, and is hidden from the next tokens.
_HIDDEN = 2


class Reader:
    """A model in evaluation mode. Raises UserError if its cache cannot be shared."""

    def __init__(self, model: PreTrainedModel, pad: int = 0) -> None:
        self.model, self.pad = model.eval(), pad
        inner = model.get_base_model() if hasattr(model, "get_base_model") else model  # the model inside an adapter
        taken = inspect.signature(inner.forward).parameters
        self._takes_positions, self._takes_last = "position_ids" in taken, "logits_to_keep" in taken
        self.context: int | None = getattr(model.config.get_text_config(), "max_position_embeddings", None)
        self._check_cache()
        self._prefills = can_prefill(model)

    def _check_cache(self) -> None:
        """Check the cache: a window over the last tokens, or a recurrent state, would not skip the padding in between."""
        # Tested by a call: the configuration does not always say what the model keeps.
        with torch.inference_mode():
            out = self.model(input_ids=torch.tensor([[self.pad]], device=self.model.device), use_cache=True)
        cache = getattr(out, "past_key_values", None)
        if not isinstance(cache, Cache) or any(type(layer) is not DynamicLayer for layer in cache.layers):
            raise UserError(
                f"the student's cache of keys and values cannot be shared ({self.model.config.model_type})",
                expected="a student in which every layer attends to the whole text",
            )

    def read(self, texts: Sequence[Sequence[int]]) -> "Read":
        """Read texts (token ids, not empty) from their beginning, as one batch."""
        ids, mask = self._padded(texts)
        if not self._prefills:
            return self._forward(ids, mask, None)
        with torch.inference_mode():
            cache, logits = prefill(self.model, texts)
        return Read(self, cache, mask, _numbers(logits.float()))

    @torch.inference_mode()
    def _forward(self, ids: torch.Tensor, mask: torch.Tensor, cache: Cache | None, keep: int = 1) -> "Read":
        """Read ids, (batch, time) int64, after what is in the cache; `mask` covers both.

        BLOOM counts positions by what is visible. It adds them to attention as biases, so that hiding a part makes only what
        stands before it seem nearer.
        """
        options: dict[str, object] = {"logits_to_keep": keep} if self._takes_last else {}
        if self._takes_positions:
            options["position_ids"] = ((mask > 0).cumsum(-1) - 1).clamp(min=0)[:, -ids.shape[1] :]
        visible = (mask == 1).long()
        out = self.model(input_ids=ids, attention_mask=visible, past_key_values=cache, use_cache=True, **options)
        return Read(self, out.past_key_values, mask, _numbers(out.logits[:, -keep:].float()))

    def _padded(self, texts: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and mask, each (batch, time) int64."""
        width, device = max(map(len, texts)), self.model.device
        ids = [[self.pad] * (width - len(text)) + list(text) for text in texts]
        mask = [[0] * (width - len(text)) + [1] * len(text) for text in texts]
        return torch.tensor(ids, device=device), torch.tensor(mask, device=device)


def _numbers(logits: torch.Tensor) -> torch.Tensor:
    """The same logits. Raises EngineError if they are not numbers."""
    if not torch.isfinite(logits.amax(dim=-1)).all():
        raise EngineError(
            "the student's logits are not numbers (NaN)", next_step="train it again with a lower learning rate"
        )
    return logits


@dataclass(frozen=True)
class Read:
    """Texts that a model has read, one in each row. The methods do not change them.

    `mask`: (rows, time) int64, 0 for padding, 2 for what is hidden, 1 for the other tokens; `logits`: after each of the last
    tokens read, (rows, last tokens, vocabulary) float32.
    """

    reader: Reader
    cache: Cache
    mask: torch.Tensor
    logits: torch.Tensor

    def then(self, rows: Sequence[int], texts: Sequence[Sequence[int]]) -> "Read":
        """Read a text after each of these rows; a row may occur any number of times."""
        ids, more = self.reader._padded(texts)
        mask, cache = self._fork(rows)
        return self.reader._forward(ids, torch.cat([mask, more], dim=1), cache)

    def hiding(self, parts: Sequence[tuple[int, int]]) -> "Read":
        """The same texts, with a part of each, token `begin` to `end`, hidden from all that is read after them.

        The tokens between the part and the end of a text were read with the part visible.
        """
        begins, ends = torch.tensor(parts, device=self.mask.device).T[..., None]
        places = (self.mask > 0).cumsum(-1) - 1
        is_part = (self.mask > 0) & (places >= begins) & (places < ends)
        return replace(self, mask=self.mask.masked_fill(is_part, _HIDDEN))

    @torch.inference_mode()
    def write(self, stopping: Stopping, limits: Mapping[int, int], pick: "Pick | None" = None) -> dict[int, Generation]:
        """The continuation of some rows, until the model ends it or the number of tokens in `limits` is reached.

        `limits` maps each of these rows to a number of at least 1; `pick` chooses the next tokens, by default the likeliest.
        """
        pick = pick or _likeliest
        made: dict[int, Generation] = {}
        live: list[tuple[int, list[int]]] = [(row, []) for row in limits]  # rows, and their tokens so far
        read, places = self, list(limits)  # the indexes of these rows in `read`
        while live:
            logits = read.logits[torch.tensor(places, device=self.mask.device), -1]
            tokens = pick(logits, [row for row, _ in live])
            going: list[int] = []
            for at, ((row, ids), token) in enumerate(zip(live, tokens, strict=True)):
                if (finish := _take(token, ids, limits[row], stopping)) is None:
                    going.append(at)
                else:
                    made[row] = Generation(tuple(ids), finish)
            if going:
                read = read.then([places[at] for at in going], [[tokens[at]] for at in going])
            live, places = [live[at] for at in going], list(range(len(going)))
        return made

    @torch.inference_mode()
    def score(self, rows: Sequence[int], texts: Sequence[Sequence[int]]) -> list[tuple[float, bool]]:
        """For a text (not empty) after each of these rows: the natural logarithm of its probability, and whether it is greedy.

        It is greedy if each of its tokens is the most probable one, so that greedy decoding would write it.
        """
        width = max(map(len, texts))
        first = self.logits[torch.tensor(rows, device=self.mask.device), -1:]
        # The longest text is read up to its last token, which is only predicted; the surplus of shorter texts is not used.
        logits = first if width == 1 else torch.cat([first, self._follow(rows, texts, width - 1)], dim=1)
        ids = torch.tensor([[*text, *[0] * (width - len(text))] for text in texts], device=logits.device)
        each = logits.gather(-1, ids[..., None])[..., 0].double() - logits.double().logsumexp(dim=-1)
        lengths = torch.tensor([len(text) for text in texts], device=logits.device)
        is_after = torch.arange(width, device=logits.device) >= lengths[:, None]
        logps = each.masked_fill(is_after, 0.0).sum(dim=-1)
        likeliest = ((logits.argmax(dim=-1) == ids) | is_after).all(dim=-1)
        return list(zip(logps.tolist(), likeliest.tolist(), strict=True))

    def _follow(self, rows: Sequence[int], texts: Sequence[Sequence[int]], width: int) -> torch.Tensor:
        """The logits after each of the first `width` tokens of texts, (batch, width, vocabulary) float32."""
        pad, device = self.reader.pad, self.mask.device
        # Padded on the right: the first columns have to be the first tokens.
        ids = [[*text[:width], *[pad] * (width - len(text))] for text in texts]
        more = [[1] * min(len(text), width) + [0] * (width - len(text)) for text in texts]
        mask, cache = self._fork(rows)
        mask = torch.cat([mask, torch.tensor(more, device=device)], dim=1)
        return self.reader._forward(torch.tensor(ids, device=device), mask, cache, width).logits

    def _fork(self, rows: Sequence[int]) -> tuple[torch.Tensor, Cache]:
        """Mask and cache for these rows. The next tokens are added to this cache, and the rows' own cache stays the same."""
        cache = Cache(layers=[copy(layer) for layer in self.cache.layers])
        if list(rows) == list(range(len(self.mask))):
            return self.mask, cache  # a growing layer makes new tensors, so these can be shared
        chosen = torch.tensor(rows, device=self.mask.device)
        cache.batch_select_indices(chosen)
        return self.mask[chosen], cache


def _take(token: int, ids: list[int], limit: int, stopping: Stopping) -> Finish | None:
    """Add a token to the text, and return whether it was the last one."""
    if token in stopping.ends:
        return "stop"
    ids.append(token)
    if stopping.completes(ids):
        return "stop"
    return "length" if len(ids) == limit else None


# From the logits of some rows, (rows, vocabulary), and their numbers to the next token of each.
Pick = Callable[[torch.Tensor, Sequence[int]], list[int]]


def _likeliest(logits: torch.Tensor, rows: Sequence[int]) -> list[int]:
    return [int(token) for token in logits.argmax(dim=-1)]


def sampled(draws: Mapping[int, Random]) -> Pick:
    """Draws each next token by its probability (temperature 1), with the random numbers of its row."""

    def pick(logits: torch.Tensor, rows: Sequence[int]) -> list[int]:
        up_to = logits.double().softmax(dim=-1).cumsum(dim=-1)
        drawn = torch.tensor([[draws[row].random()] for row in rows], dtype=torch.float64, device=logits.device)
        places = torch.searchsorted(up_to, drawn * up_to[:, -1:], right=True)
        return [int(token) for token in places.clamp(max=logits.shape[-1] - 1)[:, 0]]

    return pick
