"""What a CPU keeps in memory at a time, and that it computes activations only once unless asked."""

import logging
from typing import TYPE_CHECKING

import pytest

from tracekd.sft.tokens import TokenizedExample
from tracekd.students.memory import activation_bytes, is_checkpointed, tokens_at_once

from .conftest import a_student, tiny_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")


def test_only_a_gpu_checkpoints_unless_it_is_said() -> None:
    for preset in ("paper", "full-1b"):
        student = a_student(preset=preset)
        assert [is_checkpointed(student, device) for device in ("cuda", "cpu")] == [True, False]
        said = a_student(preset=preset, gradient_checkpointing=True)
        assert is_checkpointed(said, "cpu")
    assert not is_checkpointed(a_student(), "cuda")


def test_the_estimate_of_activations_has_the_widths_of_all_blocks_and_the_vocabulary(
    tokenizer: "PreTrainedTokenizerBase",
) -> None:
    from transformers import LlamaConfig

    config = LlamaConfig(hidden_size=576, intermediate_size=1536, num_hidden_layers=30, vocab_size=49152)
    assert activation_bytes(config) == 4 * (30 * (8 * 576 + 4 * 1536) + 3 * 49152)
    model = tiny_model("llama", tokenizer)
    assert tokens_at_once(model, checkpointed=True) == 32768 < tokens_at_once(model, checkpointed=False)


@pytest.mark.parametrize("kind", ["llama", "bloom"])
def test_no_part_has_more_tokens_than_the_budget(
    kind: str, model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample],
    trained: "Callable[..., object]", monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from tracekd.students.trainer import TraceTrainer

    tokens: list[int] = []
    plain = TraceTrainer.part_step

    def spy(self, model, part, *given):  # type: ignore[no-untyped-def]
        tokens.append(part["input_ids"].numel())
        return plain(self, model, part, *given)

    monkeypatch.setattr(TraceTrainer, "part_step", spy)
    budget = 2 * max(len(row.ids) for row in rows)
    chosen = model if kind == "bloom" else tiny_model(kind, tokenizer)
    trained(chosen, rows, steps=2, batch=8, micro_batch_tokens=budget)
    assert 2 * 2 <= len(tokens) < 2 * 8 and max(tokens) <= budget


def test_a_preset_made_for_a_gpu_says_what_it_does_on_a_cpu(
    tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], trained: "Callable[..., object]",
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from transformers import PreTrainedModel

    def enable(self, *given, **named):  # type: ignore[no-untyped-def]
        raise AssertionError("checkpointed")

    monkeypatch.setattr(PreTrainedModel, "gradient_checkpointing_enable", enable)
    with caplog.at_level(logging.INFO, logger="tracekd"):
        trained(tiny_model("llama", tokenizer), rows, steps=1, gradient_checkpointing=None, micro_batch_tokens=500)
        trained(tiny_model("llama", tokenizer), rows, steps=1)
    said = "s is trained on a CPU: at most 500 tokens at a time, activations are not checkpointed"
    assert (caplog.records[0].levelname, caplog.records[0].getMessage()) == ("WARNING", said)
    assert caplog.records[1].levelname == "INFO"
