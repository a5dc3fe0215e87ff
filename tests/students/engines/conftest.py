"""Students whose outputs differ from prompt to prompt, of the kinds of positions that there are."""

from typing import TYPE_CHECKING, Any

import pytest

from tracekd.problem import Problem
from tracekd.tasks.babi.families import TEMPLATE

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

KINDS = ("bloom", "llama", "qwen3", "gpt2")


@pytest.fixture(scope="session")
def prompts(problems: list[Problem], tokenizer: "PreTrainedTokenizerBase") -> list[list[int]]:
    made = [tokenizer.encode(TEMPLATE.render_prompt(p), add_special_tokens=False) for p in problems[:24]]
    assert len({len(prompt) for prompt in made}) > 8, "batches must have something to pad"
    return made


def build(kind: str, vocabulary: int, **more: Any) -> "PreTrainedModel":
    """Large random weights: no two tokens are nearly as probable."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    sizes: dict[str, dict[str, Any]] = {
        "bloom": {"hidden_size": 32, "n_layer": 2, "n_head": 2, "initializer_range": 0.5},
        "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 512, "initializer_range": 0.5},
    }
    rotary = {
        "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 512, "initializer_range": 0.5,
    }  # fmt: skip
    ends = {"eos_token_id": None, "bos_token_id": None, "pad_token_id": None}
    torch.manual_seed(0)
    config = AutoConfig.for_model(kind, vocab_size=vocabulary, **{**ends, **sizes.get(kind, rotary), **more})
    return AutoModelForCausalLM.from_config(config).eval()


@pytest.fixture(scope="session", params=KINDS)
def student(request: pytest.FixtureRequest, tokenizer: "PreTrainedTokenizerBase") -> "PreTrainedModel":
    return build(request.param, len(tokenizer))


@pytest.fixture(scope="session")
def bloom(tokenizer: "PreTrainedTokenizerBase") -> "PreTrainedModel":
    return build("bloom", len(tokenizer))
