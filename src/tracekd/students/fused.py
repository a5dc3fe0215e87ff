"""Trains a BLOOM model with fused kernels: on a CPU, a training step takes about half the time.

The library's own code computes attention and GELU step by step, with tensors of (batch, heads, time, time) and larger. It
also computes the last block for all tokens, though only the tokens of completions have a loss.
"""

from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel
from transformers.models.bloom import modeling_bloom as library

from tracekd.students.gelu import Gelu


def fuse(model: PreTrainedModel) -> None:
    """Let a BLOOM model train with fused kernels: the same loss and gradients, up to rounding. Other models are not
    changed. Batches must be padded on the right, as training batches are; values on the padding are not used.
    Evaluation (with prompts padded on the left, and a cache of keys) uses the library's attention.
    """
    if not isinstance(model, library.BloomForCausalLM) or model.config.attention_dropout or model.config.hidden_dropout:
        return
    for block in model.transformer.h:
        block.self_attention.__class__ = _FusedAttention
        block.mlp.gelu_impl = Gelu()
    if model.device.type == "cpu":
        model.__class__ = BloomForCausalLM
        model.transformer.h[-1].__class__ = _LastBlock


# The name is the library's, because a saved model's config.json contains the name of its class.
class BloomForCausalLM(library.BloomForCausalLM):  # type: ignore[misc]  # transformers is not typed
    """Tells its last block which places have logits, so that it computes only those."""

    def forward(self, input_ids: Tensor | None = None, logits_to_keep: int | Tensor = 0, **given: Any) -> Any:
        """See the library. In training, `logits_to_keep` should contain the places, (kept,) int64."""
        last = self.transformer.h[-1]
        # Checkpointing computes the blocks again after this call.
        if self.training and isinstance(logits_to_keep, Tensor) and not self.transformer.gradient_checkpointing:
            last.kept = logits_to_keep
        try:
            return super().forward(input_ids, logits_to_keep=logits_to_keep, **given)
        finally:
            last.kept = None


class _LastBlock(library.BloomBlock):  # type: ignore[misc]
    kept: Tensor | None = None  # the places to compute, (kept,) int64; None: all

    def forward(self, hidden_states: Tensor, alibi: Tensor, attention_mask: Any, **rest: Any) -> Any:
        """hidden_states: (batch, time, hidden). Returns the same shape, with zeros at the other places."""
        if self.kept is None:
            return super().forward(hidden_states, alibi, attention_mask, **rest)
        normed = self.input_layernorm(hidden_states)
        residual = normed if self.apply_residual_connection_post_layernorm else hidden_states
        kept = self.kept
        attended = self.self_attention.attend(normed, residual[:, kept], alibi, kept)
        again = self.post_attention_layernorm(attended)
        made = self.mlp(again, again if self.apply_residual_connection_post_layernorm else attended)
        return hidden_states.new_zeros(hidden_states.shape).index_copy(1, kept, made), None


class _FusedAttention(library.BloomAttention):  # type: ignore[misc]
    def forward(
        self,
        hidden_states: Tensor,
        residual: Tensor,
        alibi: Tensor,
        attention_mask: Tensor,
        layer_past: Any = None,
        **rest: Any,
    ) -> Any:
        """hidden_states, residual: (batch, time, hidden); alibi: (batch x heads, 1, time)."""
        if layer_past is not None or not self.training:
            return super().forward(hidden_states, residual, alibi, attention_mask, layer_past, **rest)
        places = torch.arange(hidden_states.shape[1], device=hidden_states.device)
        return self.attend(hidden_states, residual, alibi, places), None

    def attend(self, hidden: Tensor, residual: Tensor, alibi: Tensor, places: Tensor) -> Tensor:
        """The attention of some places, (kept,) int64, to all earlier ones. hidden: (batch, time, hidden); residual:
        (batch, kept, hidden), as the result.
        """
        batch, time, _ = hidden.shape
        query, key, value = self._reshape(self.query_key_value(hidden))
        if len(places) < time:
            query = query[:, :, places]
        is_later = torch.arange(time, device=places.device) > places[:, None]
        later = torch.zeros(is_later.shape, dtype=query.dtype, device=query.device).masked_fill(is_later, float("-inf"))
        # The row with the least padding has the most positions; all other rows have the same positions up to their padding.
        positions = alibi.view(batch, self.num_heads, 1, time).amax(0, keepdim=True)
        bias = (positions.to(query.dtype) + later).expand(batch, -1, -1, -1)
        mixed = torch.nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=bias, scale=self.inv_norm_factor
        )
        return self.dense(mixed.transpose(1, 2).reshape(batch, len(places), -1)) + residual  # type: ignore[no-any-return]
