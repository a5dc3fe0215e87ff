"""Training on a GPU: tokens a second, and the share of the card's bf16 peak. Called by `training.py` if there is a GPU.

Weights are random: speed does not depend on them. Each token of prompt and completion takes two floating-point operations
a weight forward, two for the gradients of what flows, and two more for the gradients of weights that learn (with
LoRA nearly none do).
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tracekd.sft.example import Example
from tracekd.students.student import Student

# Dense bf16, floating-point operations a second, as the makers' data sheets have it.
PEAKS = {"H200": 989e12, "H100": 989e12, "A100": 312e12, "L40S": 362e12, "L4": 121e12, "RTX 4090": 165e12}
LLAMA_1B = {
    "vocab_size": 128256, "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16,
    "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64, "max_position_embeddings": 4096,
    "tie_word_embeddings": True,
}  # fmt: skip
STEPS = 30
WARM = 5


def table(examples: Sequence[Example], llama: dict[str, Any] = LLAMA_1B) -> Iterator[str]:
    """The rows: the embedded base in float32, and a Llama of 1B with LoRA in bfloat16."""
    import torch

    name = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    peak = next((value for card, value in PEAKS.items() if card in name), None)
    yield f"| on {name} | tokens a second | of completions | share of the bf16 peak |"
    yield "|---|---:|---:|---:|"
    with tempfile.TemporaryDirectory() as folder:
        base = _made(Path(folder), llama)
        for student in (
            Student(name="embedded", steps=STEPS, batch=64),
            Student(
                name="llama-1b-lora", base=str(base), method="lora", steps=STEPS, batch=32, precision="bfloat16",
                learning_rate=2e-4,
            ),
        ):  # fmt: skip
            tokens, completions, operations = measure(student, examples, Path(folder) / "training")
            share = f"{operations / peak:.1%}" if peak and student.precision == "bfloat16" else "-"
            yield f"| {student.name} | {tokens:,.0f} | {completions:,.0f} | {share} |"


def measure(student: Student, examples: Sequence[Example], folder: Path) -> tuple[float, float, float]:
    """Tokens, tokens of completions and floating-point operations a second, after a few steps of warm-up."""
    import torch

    from tracekd.students.base import base_folder
    from tracekd.students.prompting import Prompting
    from tracekd.students.teach import prepare, rows_of
    from tracekd.students.train import train
    from tracekd.students.trainer import TraceTrainer

    model, tokenizer = prepare(student, 0, base_folder(student.base))
    rows, _, _ = rows_of(student, Prompting.of(tokenizer), examples, model)
    weights = sum(p.numel() for p in model.parameters())
    learning = sum(p.numel() for p in model.parameters() if p.requires_grad)
    seen: list[tuple[int, int]] = []
    begun = [0.0]
    real = TraceTrainer.training_step

    def step(trainer: Any, model: Any, inputs: Any, *given: Any, **named: Any) -> Any:
        if len(seen) == WARM and torch.cuda.is_available():
            torch.cuda.synchronize()
        if len(seen) == WARM:
            begun[0] = time.monotonic()
        parts = inputs["parts"]
        tokens = sum(part["input_ids"].numel() for part in parts)
        seen.append((tokens, sum(int((part["labels"] >= 0).sum()) for part in parts)))
        return real(trainer, model, inputs, *given, **named)

    TraceTrainer.training_step = step  # type: ignore[method-assign]
    try:
        train(model, tokenizer, rows, student, 0, folder / student.name, lambda step: None)
        if torch.cuda.is_available():
            torch.cuda.synchronize()
    finally:
        TraceTrainer.training_step = real  # type: ignore[method-assign]
    seconds = time.monotonic() - begun[0]
    tokens, completions = (sum(counts) / seconds for counts in zip(*seen[WARM:], strict=True))
    return tokens, completions, tokens * (4 * weights + 2 * learning)


def _made(folder: Path, config: dict[str, Any]) -> Path:
    """A Llama of random weights with the embedded base's tokenizer."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    from tracekd.students.base import base_folder

    tokenizer = AutoTokenizer.from_pretrained(base_folder("embedded"))
    torch.manual_seed(0)
    model = LlamaForCausalLM(LlamaConfig(**config, eos_token_id=tokenizer.eos_token_id)).to(torch.bfloat16)
    model.save_pretrained(folder / "llama")
    tokenizer.save_pretrained(folder / "llama")
    return folder / "llama"
