"""A fused BLOOM reads and writes what the library's does, up to rounding."""

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")


def test_a_fused_model_reads_as_the_librarys_does(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase"
) -> None:
    """Padded on the left, in one go, and in two with a cache between them."""
    import torch

    from tracekd.students.engines.fused_reading import fuse_reading

    fused = deepcopy(model).eval()
    fuse_reading(fused)
    assert type(fused.transformer.h[0].self_attention) is not type(model.transformer.h[0].self_attention)
    ids = torch.randint(2, 300, (3, 40), generator=torch.Generator().manual_seed(0))
    mask = torch.ones_like(ids)
    mask[0, :17] = mask[1, :1] = 0
    with torch.inference_mode():
        expected = model.eval()(input_ids=ids, attention_mask=mask).logits
        whole = fused(input_ids=ids, attention_mask=mask).logits
        first = fused(input_ids=ids[:, :25], attention_mask=mask[:, :25], use_cache=True)
        second = fused(input_ids=ids[:, 25:], attention_mask=mask, past_key_values=first.past_key_values)
    read = mask.bool()
    assert torch.allclose(whole[read], expected[read], atol=1e-5)
    assert torch.allclose(second.logits, expected[:, 25:], atol=1e-5)


def test_a_fused_model_writes_what_the_librarys_does(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase"
) -> None:
    from tracekd.students.engines.contract import Decoding
    from tracekd.students.engines.fused_reading import fuse_reading
    from tracekd.students.engines.transformers import TransformersEngine

    fused = deepcopy(model)
    fuse_reading(fused)
    prompts = [
        tokenizer.encode(f"Mary moved to the {place}. Where is Mary?") for place in ("park", "old garden", "hall")
    ]
    made = [
        dict(TransformersEngine(each, tokenizer, batch=2).generate(prompts, Decoding(20))) for each in (model, fused)
    ]
    assert made[0] == made[1]


def test_what_is_no_bloom_is_left_alone() -> None:
    import torch

    from tracekd.students.engines.fused_reading import fuse_reading

    fuse_reading(torch.nn.Linear(1, 1))  # type: ignore[arg-type]
