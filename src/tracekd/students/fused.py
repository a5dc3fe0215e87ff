"""The sums of a BLOOM model in fused kernels: on a CPU a training step takes about half the time.

The library's own code writes attention and its GELU out step by step, over (batch, heads, time, time) and more.
"""

from typing import Any

import torch
from torch import Tensor
from transformers import BloomForCausalLM, PreTrainedModel
from transformers.models.bloom.modeling_bloom import BloomAttention


def fuse(model: PreTrainedModel) -> None:
    """Have a BLOOM model train in fused kernels: the same loss and gradients, up to rounding. Any other is left alone.

    For batches that are padded on the right, as training batches are: what stands on the padding is of no account.
    Evaluation, where prompts are padded on the left and keys are kept, goes the library's way.
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
        # The row with the fewest padding has the widest positions; those of all others are the same up to their padding.
        positions = alibi.view(batch, self.num_heads, 1, time).amax(0, keepdim=True)
        bias = (positions.to(query.dtype) + later).expand(batch, -1, -1, -1)
        mixed = torch.nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=bias, scale=self.inv_norm_factor
        )
        return self.dense(mixed.transpose(1, 2).reshape(batch, time, -1)) + residual, None
