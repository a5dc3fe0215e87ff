"""Trains a BLOOM model with fused kernels: on a CPU, a training step takes about half the time.

The library's own code computes attention and GELU step by step, with tensors of (batch, heads, time, time) and larger.
"""

from typing import Any

import torch
from torch import Tensor
from transformers import BloomForCausalLM, PreTrainedModel
from transformers.models.bloom.modeling_bloom import BloomAttention


def fuse(model: PreTrainedModel) -> None:
    """Let a BLOOM model train with fused kernels: the same loss and gradients, up to rounding. Other models are not
    changed. Batches must be padded on the right, as training batches are; values on the padding are not used.
    Evaluation (with prompts padded on the left, and a cache of keys) uses the library's code.
    """
    if not isinstance(model, BloomForCausalLM) or model.config.attention_dropout or model.config.hidden_dropout:
        return
    for block in model.transformer.h:
        block.self_attention.__class__ = _FusedAttention
        block.mlp.gelu_impl = torch.nn.GELU(approximate="tanh")


class _FusedAttention(BloomAttention):  # type: ignore[misc]  # transformers is not typed
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
        batch, time, _ = hidden_states.shape
        query, key, value = self._reshape(self.query_key_value(hidden_states))
        later = torch.full((time, time), float("-inf"), dtype=query.dtype, device=query.device).triu(1)
        # The row with the least padding has the most positions; all other rows have the same positions up to their padding.
        positions = alibi.view(batch, self.num_heads, 1, time).amax(0, keepdim=True)
        bias = (positions.to(query.dtype) + later).expand(batch, -1, -1, -1)
        mixed = torch.nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=bias, scale=self.inv_norm_factor
        )
        return self.dense(mixed.transpose(1, 2).reshape(batch, time, -1)) + residual, None
