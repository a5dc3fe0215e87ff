"""The speed and the memory of training a real model with LoRA on a CPU. Called by `training.py --base`.

The data are four bAbI families of the world with the regime `correct`; the base has rank-16 adapters on all linear modules,
without dropout, in float32. Model, data, optimizer and number of examples per step are the same in all rows. Each way runs in
a process of its own, on one thread, one after the other. "Tokens" are tokens of completions, by processor time, without the
first step. Memory is the largest that the process had in use until the last step; "growth" is the memory in use after the
last step, against that after a tenth of the steps.

- tracekd: preset `cpu`;
- plain loop: PyTorch; random batches padded to the longest example; logits at all positions;
- plain loop on sorted batches: the same with batches drawn as in tracekd, whose examples have similar lengths;
- TRL: SFTTrainer with its defaults (gradient checkpointing), in float32.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from tracekd.sft.example import Example
from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.student import Student

WAYS = {
    "tracekd": "tracekd, preset `cpu`",
    "plain": "plain loop",
    "plain-sorted": "plain loop on sorted batches",
    "trl": "TRL's defaults",
}
RATE = 1e-3


@dataclass
class Seen:
    """Counts completion tokens and processor time after the first step, and the memory in use after each step, in GB."""

    tokens: int = 0
    start: float = 0.0
    seconds: float = 0.0
    loss: float = 0.0
    memory: list[float] = field(default_factory=list)

    def step(self, tokens: int, loss: float) -> None:
        """After a step: the first one warms up, and is not counted."""
        if self.memory:
            self.tokens += tokens
            self.seconds = time.process_time() - self.start
        else:
            self.start = time.process_time()
        self.loss = loss
        self.memory.append(in_use())


def in_use() -> float:
    """The memory of this process in GB (resident set)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e9


def table(base: str, steps: dict[str, int], batch: int) -> Iterator[str]:
    """A row for each way."""
    yield "| way, one thread | steps | completion tokens a second | to the plain loop | most memory | growth | last loss |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    made = {way: in_a_process(way, base, steps[way], batch) for way in WAYS}
    plain = made["plain"]["rate"]
    for way, name in WAYS.items():
        one = made[way]
        yield (
            f"| {name} | {steps[way]} | {one['rate']:.1f} | {one['rate'] / plain:.2f} | {one['peak']:.2f} GB | "
            f"{one['growth']:+.2f} GB | {one['loss']:.3f} |"
        )


def in_a_process(way: str, base: str, steps: int, batch: int) -> dict[str, float]:
    """The figures of one way."""
    command = [sys.executable, __file__, way, base, str(steps), str(batch)]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    made: dict[str, float] = json.loads(said.splitlines()[-1])
    print(way, made, file=sys.stderr, flush=True)
    return made


def measure(way: str, base: str, steps: int, batch: int) -> dict[str, float]:
    """Train in this process."""
    import torch
    from training import made as examples_of

    from tracekd.students.base import base_folder
    from tracekd.students.teach import prepare

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        examples = examples_of(Path(folder))
    student = Student(name="student", preset="cpu", base=base, steps=steps, batch=batch, learning_rate=RATE)
    model, tokenizer = prepare(student, 0, base_folder(base))
    seen = Seen()
    if way == "trl":
        by_trl(model, tokenizer, examples, student, seen)
    else:
        by_rows(way, model, tokenizer, examples, student, seen)
    after = seen.memory[len(seen.memory) // 10]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    return {
        "rate": seen.tokens / seen.seconds, "peak": peak, "growth": seen.memory[-1] - after, "loss": seen.loss
    }  # fmt: skip


def by_rows(way: str, model: Any, tokenizer: Any, examples: Sequence[Example], student: Student, seen: Seen) -> None:
    """Our trainer, or a plain loop, on the same rows."""
    from tracekd.students.batch import batch_order
    from tracekd.students.prompting import Prompting
    from tracekd.students.train import train

    prompting = Prompting.of(tokenizer)
    rows = [prompting.row(example) for example in examples]
    steps, batch = student.steps or 0, student.batch
    if way == "tracekd":
        counted = _watched(lambda inputs: sum(int((part["labels"] != IGNORED).sum()) for part in inputs["parts"]))
        with tempfile.TemporaryDirectory() as folder:
            train(model, tokenizer, rows, student, 0, Path(folder), lambda step: seen.step(counted[-1], step.loss))
        return
    rng = Random(0)
    if way == "plain-sorted":
        order = batch_order([len(row.ids) for row in rows], batch, steps, rng)
    else:
        order = [at for _ in range(steps) for at in rng.sample(range(len(rows)), batch)]
    plain_loop(model, [[rows[at] for at in order[i : i + batch]] for i in range(0, len(order), batch)], student, seen)


def _watched(count: Callable[[Any], int]) -> list[int]:
    """Fills with the completion tokens of each step of our trainer."""
    from tracekd.students.trainer import TraceTrainer

    counted: list[int] = []
    real = TraceTrainer.training_step

    def step(trainer: Any, model: Any, inputs: Any, *given: Any, **named: Any) -> Any:
        counted.append(count(inputs))
        return real(trainer, model, inputs, *given, **named)

    TraceTrainer.training_step = step  # type: ignore[method-assign]
    return counted


def plain_loop(model: Any, batches: Sequence[Sequence[TokenizedExample]], student: Student, seen: Seen) -> None:
    """What one writes without a library: a batch, its logits, its loss, its gradient, a step."""
    import torch

    from tracekd.students.batch import pad_batch

    trained = [weights for weights in model.parameters() if weights.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=student.learning_rate, weight_decay=0.0)
    model.train()
    for rows in batches:
        ids, labels = (torch.from_numpy(array) for array in pad_batch(rows, 0))
        logits = model(input_ids=ids, use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(
            logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=IGNORED
        )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen.step(int((labels[:, 1:] != IGNORED).sum()), float(loss))


def by_trl(model: Any, tokenizer: Any, examples: Sequence[Example], student: Student, seen: Seen) -> None:
    """TRL's trainer on prompts and completions, which it tokenizes and batches itself; prompts are rendered before."""
    from datasets import Dataset
    from transformers import TrainerCallback
    from trl import SFTConfig, SFTTrainer

    from tracekd.students.prompting import Prompting

    prompting = Prompting.of(tokenizer)
    data = Dataset.from_list([{"prompt": prompting.prompt(e.prompt), "completion": e.completion} for e in examples])
    counted: list[tuple[int, float]] = []
    real = SFTTrainer.training_step

    def step(trainer: Any, model: Any, inputs: Any, *given: Any, **named: Any) -> Any:
        loss = real(trainer, model, inputs, *given, **named)
        counted.append((int((inputs["labels"][:, 1:] != IGNORED).sum()), float(loss)))
        return loss

    class After(TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, *given: Any, **named: Any) -> None:
            seen.step(*counted[-1])

    SFTTrainer.training_step = step
    with tempfile.TemporaryDirectory() as folder:
        args = SFTConfig(
            output_dir=folder, max_steps=student.steps or 0, per_device_train_batch_size=student.batch,
            learning_rate=student.learning_rate, report_to="none", save_strategy="no", logging_strategy="no",
            disable_tqdm=True, dataloader_pin_memory=False, bf16=False, use_cpu=True,
        )  # fmt: skip
        SFTTrainer(model=model, args=args, train_dataset=data, processing_class=tokenizer, callbacks=[After()]).train()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("base")
    parser.add_argument("steps", type=int)
    parser.add_argument("batch", type=int)
    print(json.dumps(measure(**vars(parser.parse_args()))))
