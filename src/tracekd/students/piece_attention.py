"""Attention in a sequence of pieces: each piece attends to the pieces before it in its row, and to itself.

It is registered with transformers as an attention of its own, which is the library's way to replace attention
(`AttentionInterface`). A call without pieces uses the library's `sdpa`.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from tracekd.students.pieces import Piece

_NAME = "tracekd_pieces"
# Architectures that hand further arguments of a call on to the attention.
_KNOWN = ("llama", "qwen2", "qwen3", "mistral", "olmo2", "smollm3")


def takes_pieces(model: PreTrainedModel) -> bool:
    """Whether every layer of the model attends to the whole text before a token, without dropout."""
    config = model.config.get_text_config()
    layers = getattr(config, "layer_types", None) or ["full_attention"]
    return (
        config.model_type in _KNOWN
        and config._attn_implementation in ("sdpa", _NAME)
        and set(layers) == {"full_attention"}
        and not (getattr(config, "sliding_window", None) and getattr(config, "use_sliding_window", True))
        and not getattr(config, "attention_dropout", 0)
    )


def let_take_pieces(model: PreTrainedModel) -> None:
    """Let a model take the argument `pieces`, a list of `Piece`, for a sequence that consists of these pieces."""
    AttentionInterface.register(_NAME, _attend)
    AttentionMaskInterface.register(_NAME, sdpa_mask)
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model  # an adapter's model
    inner.set_attn_implementation(_NAME)


def _attend(
    module: torch.nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    pieces: Sequence[Piece] | None = None,
    scaling: float | None = None,
    **rest: Any,
) -> tuple[Tensor, None]:
    """query: (1, heads, time, dim); key, value: (1, key heads, time, dim). Returns (1, time, heads, dim)."""
    if pieces is None:
        made: tuple[Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, scaling=scaling, **rest
        )
        return made
    lengths = [len(piece) for piece in pieces]
    # One split instead of many slices: the gradient of each slice would be as large as the whole tensor.
    queries, keys, values = (tensor.split(lengths, dim=2) for tensor in (query, key, value))  # type: ignore[no-untyped-call]
    attended = [
        _one(query, _joined(keys, at, piece), _joined(values, at, piece), scaling)
        for at, (query, piece) in enumerate(zip(queries, pieces, strict=True))
    ]
    return torch.cat(attended, dim=2).transpose(1, 2).contiguous(), None


def _joined(parts: Sequence[Tensor], at: int, piece: Piece) -> Tensor:
    """Keys or values of a piece, after those of the pieces before it."""
    return torch.cat([*(parts[earlier] for earlier in piece.before), parts[at]], dim=2) if piece.before else parts[at]


def _one(query: Tensor, key: Tensor, value: Tensor, scaling: float | None) -> Tensor:
    """The attention of the last tokens of a row to the row."""
    new, time = query.shape[2], key.shape[2]
    mask = None
    if new < time:
        mask = torch.full((new, time), float("-inf"), dtype=query.dtype, device=query.device).triu_(time - new + 1)
    return torch.nn.functional.scaled_dot_product_attention(
        query, key, value, attn_mask=mask, is_causal=mask is None, scale=scaling, enable_gqa=True
    )
