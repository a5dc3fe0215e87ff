"""The speed of generation with our engine, against the usual loops; the outputs must be the same.

    python benchmarks/speed/generation.py                  # writes generation.md beside this file
    python benchmarks/speed/generation.py --base FOLDER    # writes generation_real.md: a base or a student, as it is

The problems are 1,000 of the four families of the default study, generated and drawn by seed, in the order of drawing, as in the
test file of a study. The student is the embedded base, trained under the regime `correct` as in that study. It decodes greedily,
at most 500 tokens. Three ways are compared, in one process on one core, by processor time:

- engine: `transformers` of this package: it batches prompts of similar length, finished rows leave their batch, and an output
  ends with `</answer>`;
- plain batches: `model.generate` on batches of the same size, in the order of the file, until the end token;
- one by one: `model.generate` on single prompts, without a cache, until the end token, as in the released code of
  arXiv 2505.13792; measured on 40 of the problems, drawn by seed, and scaled to 1,000.

The first two are measured in turn, twice; the better time counts. The outputs of all three are compared up to `</answer>`; the
last column is the number of outputs that differ.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.sft.example import build_example
from tracekd.students.base import base_folder
from tracekd.students.checkpoint import load
from tracekd.students.engines.contract import STOP, Decoding
from tracekd.students.engines.transformers import TransformersEngine
from tracekd.students.prompting import Prompting
from tracekd.students.quiet import quiet
from tracekd.students.student import Student
from tracekd.students.teach import teach
from tracekd.tasks import get_task
from tracekd.worlds import get_world
from tracekd.worlds.dials import choose_families, set_dials
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

TEMPLATE = get_task("babi").template
FAMILIES = ["single-supporting-fact", "two-supporting-facts", "conjunction", "basic-deduction"]
STUDENT = Student(name="student", steps=160, batch=16, learning_rate=2e-3, embedding_learning_rate=1e-2)
TRAINED_ON, PROBLEMS, BY_ONES = 2400, 1000, 40
LIMIT, BATCH, TIMES = 500, 64, 2

Texts = dict[int, str]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Taught:
    """A student, and the prompts that it is given."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    prompts: Sequence[list[int]]
    ends: Sequence[int] = ()  # end tokens in addition to the tokenizer's


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", help="a folder with a base or a trained student, `smollm2` or a Hub id")
    parser.add_argument("--problems", type=int, default=64, help="with --base: how many problems")
    parser.add_argument("--one-by-one", type=int, default=8, help="with --base: how many of them one by one")
    options = parser.parse_args()
    quiet()
    torch.set_num_threads(1)
    if options.base is not None:
        from generation_real import with_base

        with_base(options.base, options.problems, options.one_by_one)
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = list(table(taught(Path(folder))))
    lines = ["# Generating 1,000 answers", "", *(__doc__ or "").splitlines()[5:], "", *rows, ""]
    lines.append("vLLM, and any engine on a GPU: not measured, because no GPU was available.")
    write_text(Path(__file__).with_suffix(".md"), "\n".join(lines) + "\n")
    print("\n".join(lines))


def taught(folder: Path) -> Taught:
    """The student after its training, and 1,000 problems that it has not seen."""
    problems = drawn_problems(folder)
    asked, shown = problems[:PROBLEMS], problems[PROBLEMS : PROBLEMS + TRAINED_ON]
    examples = (build_example(problem, problem.trace, TEMPLATE) for problem in shown)
    teach(STUDENT, 0, base_folder(STUDENT.base), examples, folder / "student")
    model, tokenizer = load(folder / "student", device="cpu")
    prompting = Prompting.of(tokenizer)
    return Taught(model.eval(), tokenizer, [prompting.prompt_ids(prompt(problem)) for problem in asked])


def drawn_problems(folder: Path) -> list[Problem]:
    """The problems of four families, in random order."""
    world = get_world("babi")
    write_world("babi", set_dials(world, choose_families(world, FAMILIES), {}), folder / "world", n=1000, seed=1)
    problems = list(load_world(folder / "world"))
    Random(0).shuffle(problems)
    return problems


def prompt(problem: Problem) -> str:
    """What a student is asked."""
    return build_example(problem, None, TEMPLATE).prompt


def table(student: Taught) -> Iterator[str]:
    """A row for each way."""
    everything, some = range(PROBLEMS), Random(1).sample(range(PROBLEMS), BY_ONES)
    engine, plain = [], []
    for _ in range(TIMES):
        engine.append(measured(lambda: by_engine(student)))
        plain.append(measured(lambda: by_batches(student, everything, BATCH, use_cache=True)))
    seconds, (texts, tokens) = min(engine, key=lambda found: found[0])
    plain_seconds, plain_texts = min(plain, key=lambda found: found[0])
    ones_seconds, ones_texts = measured(lambda: by_batches(student, some, 1, use_cache=False))
    ended = sum(STOP in text for text in texts.values())
    yield f"{tokens / PROBLEMS:.1f} tokens an output; {ended:,} of {PROBLEMS:,} come to `{STOP}`. Batches of {BATCH}."
    yield ""
    yield "| way | seconds for 1,000 | to the engine | outputs that differ from the engine's |"
    yield "|---|---:|---:|---:|"
    yield f"| engine | {seconds:,.1f} | 1 | |"
    for name, found, each in (
        ("plain batches", plain_texts, plain_seconds / PROBLEMS),
        ("one by one", ones_texts, ones_seconds / BY_ONES),
    ):
        differ = sum(texts[i] != text for i, text in found.items())
        spent = each * PROBLEMS
        yield f"| {name} | {spent:,.1f} | {spent / seconds:.1f} | {differ} of {len(found):,} |"


def measured(work: Callable[[], Found]) -> tuple[float, Found]:
    """Seconds of processor time, and what the work gave."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def by_engine(student: Taught, limit: int = LIMIT) -> tuple[Texts, int]:
    """Our way: the texts, and how many tokens they have."""
    engine = TransformersEngine(student.model, student.tokenizer, batch=BATCH, ends=student.ends)
    ids = {index: made.ids for index, (made,) in engine.generate(student.prompts, Decoding(limit))}
    return {i: answered(student, list(written)) for i, written in ids.items()}, sum(map(len, ids.values()))


@torch.inference_mode()
def by_batches(student: Taught, chosen: Sequence[int], batch: int, *, use_cache: bool, limit: int = LIMIT) -> Texts:
    """The usual way, in the order that is given."""
    texts: Texts = {}
    pad = student.tokenizer.pad_token_id
    for begin in range(0, len(chosen), batch):
        part = chosen[begin : begin + batch]
        width = max(len(student.prompts[i]) for i in part)
        gaps = {i: width - len(student.prompts[i]) for i in part}
        ids = torch.tensor([[pad] * gaps[i] + student.prompts[i] for i in part])
        mask = torch.tensor([[0] * gaps[i] + [1] * (width - gaps[i]) for i in part])
        written = student.model.generate(
            ids, attention_mask=mask, max_new_tokens=limit, do_sample=False, use_cache=use_cache, pad_token_id=pad
        )
        texts |= {i: answered(student, row) for i, row in zip(part, written[:, width:].tolist(), strict=True)}
    return texts


def answered(student: Taught, ids: list[int]) -> str:
    """The text up to `</answer>`, or to the end token."""
    end = student.tokenizer.eos_token_id
    text = str(student.tokenizer.decode(ids[: ids.index(end)] if end in ids else ids))
    before, found, _ = text.partition(STOP)
    return before + found


if __name__ == "__main__":
    main()
