"""A tiny student and its tokenizer.

torch and transformers take seconds to import: they are imported inside fixtures and tests, so that only the xdist
worker that runs the group `torch` pays for it.
"""

import os
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

# One thread, said before torch is imported: bit-identical runs, and no fight with the other workers.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["HF_HUB_OFFLINE"] = "1"

from tracekd.pretraining.stories import Dials, story
from tracekd.problem import Problem
from tracekd.sft.example import Example, build_example
from tracekd.sft.tokens import TokenizedExample
from tracekd.students.student import Student
from tracekd.tasks.babi.families import TEMPLATE
from tracekd.tasks.babi.load import story_problems

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from tracekd.students.clock import Step


@pytest.fixture(scope="session")
def problems() -> list[Problem]:
    made: list[Problem] = []
    for index in range(60):
        for family in (1, 15):
            told = story(family, 3, index, Dials(questions=2, facts_between=2 + index % 4))
            made += story_problems(told, family, f"qa{family}/{index}", "world")
    return made


@pytest.fixture(scope="session")
def examples(problems: list[Problem]) -> list[Example]:
    return [build_example(problem, problem.trace, TEMPLATE) for problem in problems]


@pytest.fixture(scope="session")
def tokenizer(examples: list[Example]) -> "PreTrainedTokenizerBase":
    import torch

    from tracekd.students.tokenizer import train_tokenizer

    torch.set_num_threads(1)
    return train_tokenizer((e.prompt + e.completion for e in examples), vocabulary=600)


@pytest.fixture(scope="session")
def rows(examples: list[Example], tokenizer: "PreTrainedTokenizerBase") -> list[TokenizedExample]:
    from tracekd.sft.tokens import tokenize

    return [tokenize(example, tokenizer) for example in examples[:40]]


@pytest.fixture
def model(tokenizer: "PreTrainedTokenizerBase") -> "PreTrainedModel":
    return tiny_bloom(tokenizer)


def tiny_bloom(tokenizer: "PreTrainedTokenizerBase") -> "PreTrainedModel":
    """Random weights, always the same: a BLOOM of two layers, as the embedded base has four."""
    import torch
    from transformers import BloomConfig, BloomForCausalLM

    torch.manual_seed(0)
    config = BloomConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        n_layer=2,
        n_head=2,
        initializer_range=0.05,
        hidden_dropout=0.0,
        attention_dropout=0.0,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.eos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    return BloomForCausalLM(config)


# Chat templates with what the real ones are known for: a date, a role header, thoughts that are dropped or begun.
LLAMA_CHAT = """{{- bos_token }}
{%- if not date_string is defined %}{% set date_string = strftime_now("%d %b %Y") %}{% endif %}
{{- "<|header|>system<|/header|>\n\nToday Date: " + date_string + "<|eot|>" }}
{%- for message in messages %}
{{- "<|header|>" + message["role"] + "<|/header|>\n\n" + message["content"] | trim + "<|eot|>" }}
{%- endfor %}
{%- if add_generation_prompt %}{{- "<|header|>assistant<|/header|>\n\n" }}{% endif %}"""

QWEN_CHAT = """{%- for message in messages %}
{%- set said = message["content"] %}
{%- if message["role"] == "assistant" and not loop.last %}{% set said = said.split("</think>")[-1].lstrip() %}{% endif %}
{{- "<|header|>" + message["role"] + "\n" + said + "<|eot|>\n" }}
{%- endfor %}
{%- if add_generation_prompt %}{{- "<|header|>assistant\n" }}{% endif %}"""


def chatting(tokenizer: "PreTrainedTokenizerBase", template: str) -> "PreTrainedTokenizerBase":
    """A copy with a chat template. Its turns end with another token than its own end."""
    made = deepcopy(tokenizer)
    made.add_special_tokens(
        {"bos_token": "<|begin|>", "additional_special_tokens": ["<|header|>", "<|/header|>", "<|eot|>"]}
    )
    made.chat_template = template
    return made


@pytest.fixture(scope="session")
def chat_tokenizer(tokenizer: "PreTrainedTokenizerBase") -> "PreTrainedTokenizerBase":
    return chatting(tokenizer, LLAMA_CHAT)


def tiny_model(kind: str, tokenizer: "PreTrainedTokenizerBase", **given: object) -> "PreTrainedModel":
    """A `llama` or `qwen3` of two layers; its random weights are always the same."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(0)
    sizes = {
        "vocab_size": len(tokenizer), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 2048,
        "initializer_range": 0.2, "tie_word_embeddings": True, "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id,
    }  # fmt: skip
    if kind == "llama":
        return LlamaForCausalLM(LlamaConfig(**{**sizes, **given}))
    return Qwen3ForCausalLM(Qwen3Config(**{**sizes, **given}))


@pytest.fixture(params=["bloom", "llama", "qwen3"])
def any_model(
    request: pytest.FixtureRequest, model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase"
) -> "PreTrainedModel":
    """One of each architecture, for the tokenizer without a chat template."""
    return model if request.param == "bloom" else tiny_model(request.param, tokenizer)


def a_student(**given: object) -> Student:
    """A short training in which everything is small."""
    defaults = {"name": "s", "steps": 4, "batch": 4, "learning_rate": 2e-3, "embedding_learning_rate": 5e-3}
    return Student(**{**defaults, **given})  # type: ignore[arg-type]


def no_watch(step: "Step") -> None:
    """Look at nothing."""


@pytest.fixture
def trained(tmp_path: Path, tokenizer: "PreTrainedTokenizerBase") -> Callable[..., dict[str, "Tensor"]]:
    """`trained(model, rows, seed=0, **student)`: the weights after a training of a copy of the model."""

    def run(
        model: "PreTrainedModel", rows: Sequence[TokenizedExample], seed: int = 0, **given: object
    ) -> dict[str, "Tensor"]:
        from tracekd.students.train import train

        copy = deepcopy(model)
        with TemporaryDirectory(dir=tmp_path) as folder:
            train(copy, tokenizer, rows, a_student(**given), seed, Path(folder), no_watch)
        return dict(copy.state_dict())

    return run


@dataclass(frozen=True)
class Part:
    """What the trainer was given at a time, and the loss that it said."""

    inputs: dict[str, "Tensor"]
    loss: float


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Part]:
    """Fills with the parts of batches that our trainer sees."""
    from tracekd.students.trainer import TraceTrainer

    parts: list[Part] = []
    plain = TraceTrainer.part_step

    def spy(self, model, inputs, *args, **kwargs):  # type: ignore[no-untyped-def]
        given = dict(inputs)
        loss = plain(self, model, inputs, *args, **kwargs)
        parts.append(Part(given, float(loss)))
        return loss

    monkeypatch.setattr(TraceTrainer, "part_step", spy)
    return parts
