"""Prompts that are read in pieces have the keys, values and logits of prompts that are read one by one."""

from typing import TYPE_CHECKING

import pytest

from ..conftest import tiny_model

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")

STORY = list(range(20, 60))
PROMPTS = [[*STORY, 3, 4], [5, 6, 7], [*STORY, 8], [*STORY[:20], 9, 10], [*STORY, 3, 4], [11]]


@pytest.mark.parametrize("kind", ["llama", "qwen3"])
@pytest.mark.parametrize("tokens", [768, 60])
def test_each_prompt_is_read_as_if_it_were_alone(
    kind: str, tokens: int, tokenizer: "PreTrainedTokenizerBase", monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from tracekd.students.engines import prefill

    monkeypatch.setattr(prefill, "_TOKENS", tokens)
    model = tiny_model(kind, tokenizer).eval()
    with torch.inference_mode():
        alone = [model(input_ids=torch.tensor([ids]), use_cache=True) for ids in PROMPTS]
        assert prefill.can_prefill(model)
        cache, logits = prefill.prefill(model, PROMPTS)
    assert logits.shape[:2] == (len(PROMPTS), 1)
    for at, (ids, own) in enumerate(zip(PROMPTS, alone, strict=True)):
        torch.testing.assert_close(logits[at, 0], own.logits[0, -1], atol=1e-5, rtol=1e-4)
        for found, expected in zip(cache.layers, own.past_key_values.layers, strict=True):
            for kept, whole in ((found.keys, expected.keys), (found.values, expected.values)):
                torch.testing.assert_close(kept[at, :, -len(ids) :], whole[0], atol=1e-5, rtol=1e-4)
                assert not kept[at, :, : -len(ids)].any(), "nothing but zeros in the padding"


def test_a_common_beginning_is_read_once(tokenizer: "PreTrainedTokenizerBase", monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from tracekd.students.engines import prefill

    model = tiny_model("llama", tokenizer).eval()
    read: list[int] = []
    model.get_input_embeddings().register_forward_hook(lambda module, given, made: read.append(made.shape[1]))
    prefill.can_prefill(model)
    with torch.inference_mode():
        prefill.prefill(model, PROMPTS)
    assert read == [len(STORY) + 2 + 3 + 1 + 2 + 2 + 1]


def test_other_architectures_and_windows_are_read_with_padding(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase"
) -> None:
    from tracekd.students.engines.prefill import can_prefill

    assert not can_prefill(model)  # BLOOM
    windowed = {"use_sliding_window": True, "sliding_window": 4, "max_window_layers": 0}
    assert not can_prefill(tiny_model("qwen3", tokenizer, **windowed))
