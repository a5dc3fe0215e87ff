"""The speed of training, against TRL's defaults; and the cost of two cells side by side.

    python benchmarks/speed/training.py                # writes training.md beside this file; needs two quiet cores at the end
    python benchmarks/speed/training.py --base FOLDER  # writes training_real.md: a real model with LoRA; options --steps, --batch

The data are those of the default study: four bAbI families of the world, the regime `correct`, 16 examples per step. Model,
optimizer and number of steps are the same in all rows. "Tokens" are tokens of completions, because only these are learnt.
Everything is measured a few times in turn, in one run; the best time counts. The ratio is to the row "plain" above it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from tracekd.files import write_text
from tracekd.sft.example import Example, build_example
from tracekd.students.base import base_folder
from tracekd.study.config import load_study
from tracekd.study.plan import hash_bases, make_plan
from tracekd.study.resolved import resolved_toml
from tracekd.study.run import make_data
from tracekd.tasks import get_task
from tracekd.worlds import get_world
from tracekd.worlds.dials import choose_families, set_dials
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

FAMILIES = ["single-supporting-fact", "two-supporting-facts", "conjunction", "basic-deduction"]
PER_FAMILY = 400
STEPS = 40
TIMES = 2
BATCH = 16


def main() -> None:
    """Measure, and write the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", help="a folder, `smollm2` or a Hub id")
    parser.add_argument("--steps", type=int, default=200, help="steps of tracekd; the other ways do --others")
    parser.add_argument("--others", type=int, help="steps of the other ways (default: as many)")
    parser.add_argument("--batch", type=int, default=8, help="examples per step")
    options = parser.parse_args()
    if options.base is not None:
        with_base(options.base, options.steps, options.others or options.steps, options.batch)
        return
    with tempfile.TemporaryDirectory() as folder:
        examples = made(Path(folder))
        run = Path(folder) / "run"
        lines = [*throughput(examples), "", *on_a_gpu(examples), "", *side_by_side(run)]
    text = "\n".join(["# Training", "", *(__doc__ or "").splitlines()[5:], "", *lines])
    write_text(Path(__file__).with_suffix(".md"), text + "\n")
    print(text)


def with_base(base: str, steps: int, others: int, batch: int) -> None:
    """Measure with a real model, and write its table."""
    import training_real
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(base_folder(base))
    about = (
        f"The base is a {config.model_type} of {config.num_hidden_layers} blocks, {config.hidden_size} wide, with a vocabulary "
        f"of {config.vocab_size:,}; {batch} examples per step."
    )
    rows = list(
        training_real.table(base, {way: steps if way == "tracekd" else others for way in training_real.WAYS}, batch)
    )
    text = "\n".join(
        ["# Training a real model", "", *(training_real.__doc__ or "").splitlines()[2:], "", about, "", *rows]
    )
    write_text(Path(training_real.__file__).with_suffix(".md"), text + "\n")
    print(text)


def made(folder: Path) -> list[Example]:
    """The examples of the default study's families."""
    world = get_world("babi")
    dials = set_dials(world, choose_families(world, FAMILIES), {"questions": 4})
    write_world("babi", dials, folder / "world", n=PER_FAMILY, seed=5)
    template = get_task("babi").template
    return [build_example(problem, problem.trace, template) for problem in load_world(folder / "world")]


def throughput(examples: Sequence[Example]) -> Iterator[str]:
    """The rows of the first table."""
    runs: dict[str, Callable[[], tuple[int, float]]] = {
        "plain: TRL's SFTTrainer and default collator, float32, no checkpointing": lambda: trl(examples),
        "tracekd, preset `embedded`": lambda: ours(examples),
        "TRL with gradient checkpointing, its own default": lambda: trl(examples, as_it_comes=True),
    }
    best = dict.fromkeys(runs, 0.0)
    for _ in range(TIMES):
        for name, run in runs.items():
            tokens, seconds = run()
            best[name] = max(best[name], tokens / seconds)
    plain = next(iter(best.values()))
    yield from ("| trainer, one thread | completion tokens a second | to plain |", "|---|---:|---:|")
    for name, rate in best.items():
        yield f"| {name} | {rate:,.0f} | {rate / plain:.2f} |"


def ours(examples: Sequence[Example]) -> tuple[int, float]:
    """Completion tokens of a training of ours, and the seconds of processor time that it took."""
    import torch

    from tracekd.sft.tokens import IGNORED
    from tracekd.students.base import base_folder
    from tracekd.students.checkpoint import load
    from tracekd.students.prompting import Prompting
    from tracekd.students.student import Student
    from tracekd.students.train import train
    from tracekd.students.trainer import TraceTrainer

    torch.set_num_threads(1)
    model, tokenizer = load(base_folder("embedded"))
    prompting = Prompting.of(tokenizer)
    rows = [prompting.row(example) for example in examples]
    student = Student(name="s", steps=STEPS, batch=BATCH, learning_rate=2e-3)
    seen = _Seen(lambda inputs: sum(int((part["labels"] != IGNORED).sum()) for part in inputs["parts"]))
    with tempfile.TemporaryDirectory() as folder, seen.watching(TraceTrainer):
        train(model, tokenizer, rows, student, 0, Path(folder), lambda step: None)
    return seen.tokens, seen.seconds


def trl(examples: Sequence[Example], as_it_comes: bool = False) -> tuple[int, float]:
    """The same for TRL: prompts and completions, which it tokenizes and batches itself."""
    import torch
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    from tracekd.sft.tokens import IGNORED
    from tracekd.students.base import base_folder
    from tracekd.students.checkpoint import load

    torch.set_num_threads(1)
    model, tokenizer = load(base_folder("embedded"))
    data = Dataset.from_list([{"prompt": e.prompt, "completion": e.completion} for e in examples])
    alike: dict[str, Any] = {} if as_it_comes else {"gradient_checkpointing": False}
    seen = _Seen(lambda inputs: int((inputs["labels"][:, 1:] != IGNORED).sum()))
    with tempfile.TemporaryDirectory() as folder, seen.watching(SFTTrainer):
        args = SFTConfig(
            output_dir=folder, max_steps=STEPS, per_device_train_batch_size=BATCH, learning_rate=2e-3, report_to="none",
            save_strategy="no", logging_strategy="no", disable_tqdm=True, dataloader_pin_memory=False, bf16=False, **alike,
        )  # fmt: skip
        SFTTrainer(model=model, args=args, train_dataset=data, processing_class=tokenizer).train()
    return seen.tokens, seen.seconds


class _Seen:
    """Counts the tokens of the steps of a trainer, and the time from its second step to its last one."""

    def __init__(self, count: Callable[[Any], int]) -> None:
        self.count, self.tokens, self.steps, self.start, self.seconds = count, 0, 0, 0.0, 0.0

    def watching(self, trainer: Any) -> "_Watching":
        """While the block lasts, steps of this class of trainers are counted."""
        return _Watching(self, trainer)

    def step(self, inputs: Any) -> None:
        """Before a step: the first one warms up, and is not counted."""
        self.steps += 1
        if self.steps == 1:
            return
        if self.steps == 2:
            self.start = time.process_time()
        self.tokens += self.count(inputs)


class _Watching:
    def __init__(self, seen: _Seen, trainer: Any) -> None:
        self.seen, self.trainer, self.real = seen, trainer, trainer.training_step

    def __enter__(self) -> None:
        seen, real = self.seen, self.real

        def step(trainer: Any, model: Any, inputs: Any, *given: Any, **named: Any) -> Any:
            seen.step(inputs)
            return real(trainer, model, inputs, *given, **named)

        self.trainer.training_step = step

    def __exit__(self, *error: object) -> None:
        self.seen.seconds = time.process_time() - self.seen.start
        self.trainer.training_step = self.real


def on_a_gpu(examples: Sequence[Example]) -> Iterator[str]:
    """Where there is one: the embedded base, and a Llama of 1B random weights with LoRA."""
    import torch

    if torch.cuda.is_available():
        from training_gpu import table

        yield from table(examples)
    else:
        yield "On a GPU: not measured: none was available. With one, this script adds the embedded base, and a Llama of 1B"
        yield "random weights with LoRA: tokens a second, and the share of the card's bf16 peak."


def side_by_side(folder: Path) -> Iterator[str]:
    """Whole cells of the default study (start, training, generation, verification), by wall time; in turn, the best counts."""
    study = load_study("first", ['regimes=["correct"]', "seeds=[0,1]"])
    plan = make_plan(study, folder, hash_bases(study, {s.name: base_folder(s.base) for s in study.students}))
    write_text(folder / "study.toml", resolved_toml(study))
    make_data(plan)
    first, second = (cell.name for cell in plan.cells)
    ways = {
        "one cell, two threads": ([first], 2),
        "two cells side by side, one thread each": ([first, second], 1),
        "one cell, one thread": ([first], 1),
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(TIMES):
        for way, (cells, threads) in ways.items():
            best[way] = min(best[way], wall(folder, cells, threads))
    alone = next(iter(best.values()))
    yield from ("| on two cores, wall time | seconds | to one with two threads |", "|---|---:|---:|")
    for way, seconds in best.items():
        yield f"| {way} | {seconds:.1f} | {seconds / alone:.2f} |"


ONE_CELL = """
import sys
from pathlib import Path
from tracekd.study.make_cell import make_cell
make_cell(Path(sys.argv[1]), sys.argv[2], lambda progress: None)
"""


def wall(folder: Path, cells: Sequence[str], threads: int) -> float:
    """Seconds until so many cells, begun at the same time, are done."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    environment = {**os.environ, **dict.fromkeys(names, str(threads)), "TOKENIZERS_PARALLELISM": "false"}
    with tempfile.TemporaryDirectory() as fresh:
        run = shutil.copytree(folder, Path(fresh) / "run")
        command = [sys.executable, "-c", ONE_CELL, str(run)]
        begun = time.monotonic()
        running = [subprocess.Popen([*command, cell], env=environment, stdout=subprocess.DEVNULL) for cell in cells]
        codes = [process.wait() for process in running]
        seconds = time.monotonic() - begun
    if any(codes):
        raise SystemExit("a cell failed, so there is nothing to time")
    return seconds


if __name__ == "__main__":
    main()
