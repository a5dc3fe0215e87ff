"""Makes the inputs of a model from rows: padded, or, on a GPU, packed into a single row without padding."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.batch import pad_batch, pad_weights

ROWS = "rows"  # the column of a data set whose items are batches
# A collator takes a list of one item; this item is a batch of rows.
Collate = Callable[[Sequence[Mapping[str, Any]]], dict[str, Tensor]]

# Architectures whose attention uses position_ids, so that rows can be packed into one.
_PACKABLE = ("llama", "qwen2", "qwen3", "mistral", "gemma2", "gemma3_text", "phi3", "olmo2", "smollm3")


def collator(model: PreTrainedModel, pad: int) -> Collate:
    """The function that makes batches for this model on its device. On a CPU, packing takes about six times as long per
    token, so rows of similar length are padded there.
    """
    packs = model.device.type == "cuda" and model.config.model_type in _PACKABLE
    return packed if packs else lambda items: padded(items, pad)


def padded(items: Sequence[Mapping[str, Any]], pad: int) -> dict[str, Tensor]:
    """Rows padded on the right: a causal model needs no mask for this padding, and labels ignore it."""
    rows = [row for item in items for row in item[ROWS]]
    ids, labels = pad_batch(rows, pad)
    weights = pad_weights(rows)
    return _inputs(ids, labels, weights)


def packed(items: Sequence[Mapping[str, Any]]) -> dict[str, Tensor]:
    """Rows packed into one, (1, time). Positions start again at 0 in each row, which keeps attention within the row."""
    rows = [row for item in items for row in item[ROWS]]
    ids = np.concatenate([np.asarray(row.ids, dtype=np.int64) for row in rows])[None]
    labels = np.concatenate([_labels(row) for row in rows])[None]
    weighted = any(row.weights is not None for row in rows)
    weights = np.concatenate([_weights(row) for row in rows])[None] if weighted else None
    positions = np.concatenate([np.arange(len(row.ids)) for row in rows])[None]
    return {**_inputs(ids, labels, weights), "position_ids": torch.from_numpy(positions)}


def _inputs(ids: Any, labels: Any, weights: Any) -> dict[str, Tensor]:
    """`logits_to_keep` are the places whose next token has a label in any row: the head is computed only there."""
    targets = labels[:, 1:]
    kept = np.flatnonzero((targets != IGNORED).any(axis=0))
    made = {"input_ids": ids, "labels": np.ascontiguousarray(targets[:, kept]), "logits_to_keep": kept}
    if weights is not None:
        made["weights"] = np.ascontiguousarray(weights[:, 1:][:, kept])
    return {name: torch.from_numpy(array) for name, array in made.items()}


def _labels(row: TokenizedExample) -> Any:
    """The first token of a row has no label, because the previous row must not learn to continue with it."""
    labels = np.asarray(row.labels, dtype=np.int64)
    labels[0] = IGNORED
    return labels


def _weights(row: TokenizedExample) -> Any:
    return np.ones(len(row.ids), dtype=np.float32) if row.weights is None else np.asarray(row.weights, dtype=np.float32)
