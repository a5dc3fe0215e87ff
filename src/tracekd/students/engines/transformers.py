"""The engine that runs anywhere: a transformers model, in batches that shrink as their rows end."""

import inspect
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import torch
from transformers import Cache, PreTrainedModel, PreTrainedTokenizerBase

from tracekd.students.engines.context import check_prompts
from tracekd.students.engines.contract import Decoding, EngineError, Finish, Generation
from tracekd.students.engines.prefill import can_prefill, prefill
from tracekd.students.engines.roomy_cache import with_room
from tracekd.students.engines.stopping import Stopping, end_tokens

_OUT_OF_MEMORY = ("out of memory", "can't allocate memory")


@dataclass(slots=True)
class _Row:
    """One unfinished output: at most `limit` tokens, drawn with `draws`."""

    index: int
    sample: int
    prompt: Sequence[int]
    limit: int
    draws: random.Random
    ids: list[int] = field(default_factory=list)
    finish: Finish | None = None

    def take(self, token: int, stopping: Stopping) -> None:
        """Add one token, or end the output."""
        if token in stopping.ends:
            self.finish = "stop"
            return
        self.ids.append(token)
        if stopping.completes(self.ids):
            self.finish = "stop"
        elif len(self.ids) == self.limit:
            self.finish = "length"


class TransformersEngine:
    """Batches of prompts of similar length, the longest first, with a cache of keys and values. A finished row leaves
    its batch, so that one long output does not delay all others. Where the model allows it, prompts are read without padding,
    and common beginnings once (see `prefill`). In float32 on a CPU, the outputs do not depend on
    batch size or order. In bfloat16 on a GPU, the last bits of the logits depend on the shape of the batch: if two
    tokens are almost equally likely, an output may differ. If memory runs out, later batches are half as large. `ends`
    are end tokens in addition to those of the tokenizer and the model.
    """

    def __init__(
        self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, *, batch: int = 64, ends: Iterable[int] = ()
    ) -> None:
        self.model, self.tokenizer, self.batch = model, tokenizer, batch
        self.ends = end_tokens(tokenizer, getattr(model.generation_config, "eos_token_id", None)) | set(ends)
        inner = model.get_base_model() if hasattr(model, "get_base_model") else model  # an adapter's model
        taken = inspect.signature(inner.forward).parameters
        self._takes_positions, self._takes_last = "position_ids" in taken, "logits_to_keep" in taken
        self._prefills = can_prefill(model)
        self._vocabulary = int(model.get_input_embeddings().weight.shape[0])
        self._context: int | None = getattr(model.config.get_text_config(), "max_position_embeddings", None)

    def generate(
        self, prompts: Sequence[Sequence[int]], decoding: Decoding
    ) -> Iterator[tuple[int, tuple[Generation, ...]]]:
        """See `Engine.generate`. Raises EngineError if a single output needs too much memory."""
        check_prompts(prompts, self._context, self._vocabulary)
        order = sorted(range(len(prompts)), key=lambda index: -len(prompts[index]))
        waiting = [(index, sample) for index in order for sample in range(decoding.samples)]
        done: dict[int, list[Generation]] = {}
        size = self.batch
        while waiting:
            rows = [self._row(index, sample, prompts[index], decoding) for index, sample in waiting[:size]]
            if not self._fits(rows, decoding):
                if len(rows) == 1:
                    raise EngineError("a single output needs too much memory", next_step="lower --max-new-tokens")
                size = len(rows) // 2
                continue
            del waiting[: len(rows)]
            for row in rows:
                samples = done.setdefault(row.index, [])
                samples.append(Generation(tuple(row.ids), row.finish or "length"))
                if len(samples) == decoding.samples:
                    yield row.index, tuple(done.pop(row.index))

    def _row(self, index: int, sample: int, prompt: Sequence[int], decoding: Decoding) -> _Row:
        room = decoding.max_new_tokens if self._context is None else self._context - len(prompt)
        limit = min(decoding.max_new_tokens, room)
        return _Row(index, sample, prompt, limit, decoding.draws(prompt, sample))

    def _fits(self, rows: Sequence[_Row], decoding: Decoding) -> bool:
        """Generate all rows to their ends; False if memory runs out."""
        training = self.model.training
        self.model.eval()
        try:
            self._write(rows, decoding)
            return True
        except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
            if not isinstance(error, MemoryError) and not any(said in str(error) for said in _OUT_OF_MEMORY):
                raise
        finally:
            self.model.train(training)
        torch.cuda.empty_cache()  # only here, because the error no longer references the batch; does nothing on a CPU
        return False

    @torch.inference_mode()
    def _write(self, rows: Sequence[_Row], decoding: Decoding) -> None:
        stopping = Stopping(self.tokenizer, decoding.stop, self.ends)
        live = list(rows)
        logits, cache, mask = self._begin(rows)
        while True:
            tokens = _choose(logits, live, decoding.temperature)
            for row, token in zip(live, tokens.tolist(), strict=True):
                row.take(token, stopping)
            going = [place for place, row in enumerate(live) if row.finish is None]
            if not going:
                return
            if len(going) < len(live):
                kept = torch.tensor(going, device=mask.device)
                cache.batch_select_indices(kept)
                live, mask, tokens = [live[place] for place in going], mask[kept], tokens[kept]
            mask = torch.cat([mask, mask.new_ones(len(live), 1)], dim=1)
            logits, cache = self._step(tokens[:, None], mask, cache)

    def _begin(self, rows: Sequence[_Row]) -> tuple[torch.Tensor, Cache, torch.Tensor]:
        """Read the prompts: logits of the next tokens, (batch, vocabulary) float32, cache, and mask."""
        ids, mask = self._padded(rows)
        if not self._prefills:
            return *self._step(ids, mask, None), mask
        cache, logits = prefill(self.model, [row.prompt for row in rows])
        return logits[:, -1].float(), with_room(cache), mask

    def _padded(self, rows: Sequence[_Row]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and mask, each (batch, time) int64, padded on the left."""
        width = max(len(row.prompt) for row in rows)
        pad = self.tokenizer.pad_token_id or 0  # padding is masked
        gaps = [width - len(row.prompt) for row in rows]
        ids = [[pad] * gap + list(row.prompt) for gap, row in zip(gaps, rows, strict=True)]
        mask = [[0] * gap + [1] * (width - gap) for gap in gaps]
        return torch.tensor(ids, device=self.model.device), torch.tensor(mask, device=self.model.device)

    def _step(self, ids: torch.Tensor, mask: torch.Tensor, cache: Cache | None) -> tuple[torch.Tensor, Cache]:
        """Logits of the next token, (batch, vocabulary) float32, and the cache with these ids in it."""
        options: dict[str, object] = {"logits_to_keep": 1} if self._takes_last else {}
        if self._takes_positions:  # counted without the padding
            options["position_ids"] = (mask.cumsum(-1) - 1).clamp(min=0)[:, -ids.shape[1] :]
        out = self.model(input_ids=ids, attention_mask=mask, past_key_values=cache, use_cache=True, **options)
        return out.logits[:, -1].float(), out.past_key_values


def _choose(logits: torch.Tensor, rows: Sequence[_Row], temperature: float) -> torch.Tensor:
    """The next token of each row, (batch,) int64."""
    best = logits.max(dim=-1)
    if not torch.isfinite(best.values).all():
        raise EngineError(
            "the student's logits are not numbers (NaN)", next_step="train it again with a lower learning rate"
        )
    if temperature == 0:
        return best.indices
    # Inverting the distribution takes one number per row, so a row's draws do not depend on its batch.
    cumulative = torch.softmax(logits.double() / temperature, dim=-1).cumsum(dim=-1)
    drawn = torch.tensor([[row.draws.random()] for row in rows], dtype=cumulative.dtype, device=cumulative.device)
    found = torch.searchsorted(cumulative, drawn * cumulative[:, -1:], right=True)
    return found[:, 0].clamp(max=logits.shape[-1] - 1)
