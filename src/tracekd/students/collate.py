"""Makes the inputs of a training step from rows: parts that go through the model one after the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel

from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.batch import pad_batch, pad_weights, parts_of
from tracekd.students.piece_attention import takes_pieces
from tracekd.students.pieces import Piece, pieces_of

ROWS = "rows"  # the column of a data set whose items are the rows of a step
PARTS = "parts"  # the parts of a step
COUNT = "count"  # the number of rows of a part
Inputs = dict[str, Any]  # the arguments of a call of the model, with `labels` and `weights`

# Architectures whose attention uses position_ids, so that rows can be packed into one.
_PACKABLE = ("llama", "qwen2", "qwen3", "mistral", "gemma2", "gemma3_text", "phi3", "olmo2", "smollm3")


@dataclass(frozen=True)
class Collator:
    """Makes the parts of a step. A part has at most `most` rows and at most `tokens` tokens, or a single row."""

    part: Callable[[Sequence[TokenizedExample]], Inputs]
    most: int
    tokens: int
    is_padded: bool

    def __call__(self, items: Sequence[Mapping[str, Any]]) -> dict[str, list[Inputs]]:
        rows = [row for item in items for row in item[ROWS]]
        if not self.is_padded:  # rows that begin alike lie together, so that they come into the same part
            rows = sorted(rows, key=lambda row: tuple(row.ids))
        lengths = [len(row.ids) for row in rows]
        parts = parts_of(lengths, self.most, self.tokens, is_padded=self.is_padded)
        return {PARTS: [{**self.part([rows[at] for at in part]), COUNT: len(part)} for part in parts]}


def collator(model: PreTrainedModel, pad: int, most: int, tokens: int, *, is_shared: bool = True) -> Collator:
    """The collator for this model on its device. On a CPU, rows become pieces, and common beginnings of prompts are computed
    once if `is_shared`. On a GPU, rows are packed. If the architecture allows neither, rows are padded.
    """
    if model.device.type == "cuda":
        if model.config.model_type in _PACKABLE:
            return Collator(packed, most, tokens, is_padded=False)
    elif takes_pieces(model):
        return Collator(lambda rows: in_pieces(rows, is_shared=is_shared), most, tokens, is_padded=False)
    return Collator(lambda rows: padded(rows, pad), most, tokens, is_padded=True)


def padded(rows: Sequence[TokenizedExample], pad: int) -> Inputs:
    """Rows padded on the right: a causal model needs no mask for this padding, and labels ignore it."""
    ids, labels = pad_batch(rows, pad)
    weights = pad_weights(rows)
    return _inputs(ids, labels[:, 1:], None if weights is None else weights[:, 1:])


def packed(rows: Sequence[TokenizedExample]) -> Inputs:
    """Rows packed into one, (1, time). Positions start again at 0 in each row, which keeps attention within the row."""
    return _in_one(rows, pieces_of(rows, is_shared=False))


def in_pieces(rows: Sequence[TokenizedExample], *, is_shared: bool = True) -> Inputs:
    """Pieces of rows in one sequence, (1, time); see `piece_attention`."""
    pieces = pieces_of(rows, is_shared=is_shared)
    # The attention needs no mask; the library makes none if it gets one of four dimensions.
    return {**_in_one(rows, pieces), "pieces": pieces, "attention_mask": torch.ones(1, 1, 1, 1)}


def _in_one(rows: Sequence[TokenizedExample], pieces: Sequence[Piece]) -> Inputs:
    """The tokens of all pieces, one after the other. The last token of a piece has no label."""
    chosen = [(rows[piece.row], slice(piece.begin, piece.end)) for piece in pieces]
    weighted = any(row.weights is not None for row in rows)
    ids = np.concatenate([np.asarray(row.ids, dtype=np.int64)[part] for row, part in chosen])[None]
    targets = np.concatenate([_next(row.labels, IGNORED, np.int64)[part] for row, part in chosen])[None]
    weights = np.concatenate([_next(_weights(row), 0.0, np.float32)[part] for row, part in chosen])[None]
    positions = np.concatenate([np.arange(piece.begin, piece.end) for piece in pieces])[None]
    made = _inputs(ids, targets, weights if weighted else None)
    return {**made, "position_ids": torch.from_numpy(positions)}


def _inputs(ids: NDArray[Any], targets: NDArray[Any], weights: NDArray[Any] | None) -> Inputs:
    """`targets` and `weights`: of the next token after each place. `logits_to_keep` are the places with a target in any row:
    the head is computed only there.
    """
    kept = np.flatnonzero((targets != IGNORED).any(axis=0))
    made = {"input_ids": ids, "labels": np.ascontiguousarray(targets[:, kept]), "logits_to_keep": kept}
    if weights is not None:
        made["weights"] = np.ascontiguousarray(weights[:, kept])
    return {name: torch.from_numpy(array) for name, array in made.items()}


def _next(values: Sequence[float], last: float, kind: type[np.generic]) -> NDArray[Any]:
    """The value of the token after each place; `last` after the last one."""
    return np.asarray([*values[1:], last], dtype=kind)


def _weights(row: TokenizedExample) -> Sequence[float]:
    return [1.0] * len(row.ids) if row.weights is None else row.weights
