"""The speed of interventions with shared keys and values, against reading everything anew; the results must be the same.

    python benchmarks/speed/interventions.py                  # writes interventions.md beside this file
    python benchmarks/speed/interventions.py --base FOLDER    # writes interventions_real.md: a base or a student, as it is

The problems are 400 of the four families of the default study, generated and drawn by seed. The student is the embedded base,
trained under the regime `correct` as in that study. Its outputs exist already, and all default conditions are tried. Two ways
are compared, in one process on one core, by processor time, in batches of 64:

- shared: `tracekd intervene`: it reads a prompt once for all conditions, the common beginning of their traces once, and a trace
  of several conditions once; it writes and scores answers from these keys and values;
- from scratch: for each condition, the engine `transformers` writes the answers after prompt and trace; the gold, own and implied
  answers (each once, if two are equal) are scored by reading prompt, trace and answer completely, in batches of similar length.

They are measured in turn, twice; the better time counts. The forced traces are drawn before, for both.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
from transformers import PreTrainedModel

from tracekd.files import write_text
from tracekd.interventions import CONDITIONS, Condition, Forced, Own, Setting, Streams, Unsupported, get_condition
from tracekd.interventions.effect import Effect
from tracekd.interventions.forcing import Forcer
from tracekd.interventions.prefix import answer_ids, answer_text, prefix_ids
from tracekd.interventions.run import Subject, intervene
from tracekd.problem import Problem
from tracekd.regimes.donors import Donors
from tracekd.sft.example import build_example
from tracekd.students.base import base_folder
from tracekd.students.checkpoint import load
from tracekd.students.engines.contract import Decoding
from tracekd.students.engines.transformers import TransformersEngine
from tracekd.students.generate import Origin, asked_for, generate
from tracekd.students.prompting import Prompting
from tracekd.students.quiet import quiet
from tracekd.students.student import Student
from tracekd.students.teach import teach
from tracekd.tasks import get_task
from tracekd.worlds import get_world
from tracekd.worlds.dials import choose_families, set_dials
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

TASK = get_task("babi")
FAMILIES = ["single-supporting-fact", "two-supporting-facts", "conjunction", "basic-deduction"]
STUDENT = Student(name="student", steps=240, batch=16, learning_rate=2e-3, embedding_learning_rate=1e-2)
TRAINED_ON, PROBLEMS = 2400, 400
LIMIT, BATCH, TIMES = 128, 64, 2

REAL = """The problems are of the four families of the default study, generated and drawn by seed. All default conditions are
tried. Two ways are compared, in one process on one core, by processor time:

- shared: `tracekd intervene`: it reads a prompt once for all conditions, the common beginning of their traces once, and a trace
  of several conditions once; it writes and scores answers from these keys and values;
- from scratch: for each condition and problem, one at a time, the engine `transformers` writes the answer after prompt and trace;
  the gold, own and implied answers are scored by reading prompt, trace and answer completely, without a cache."""

Ids = tuple[int, ...]
Key = tuple[str, str]
Result = tuple[str | None, dict[str, float]]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Bench:
    """A student, what it wrote, and the problems."""

    model: PreTrainedModel
    prompting: Prompting
    subject: Subject
    problems: Sequence[Problem]
    setting: Setting
    conditions: Sequence[Condition]


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", help="a folder with a base or a trained student, `smollm2` or a Hub id")
    parser.add_argument("--problems", type=int, default=8, help="with --base: how many problems")
    options = parser.parse_args()
    quiet()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        if options.base is None:
            rows = list(table(taught(Path(folder)), BATCH, TIMES))
            lines = ["# Interventions on 400 problems", "", *(__doc__ or "").splitlines()[5:], "", *rows]
        else:
            rows = list(table(as_it_is(options.base, options.problems, Path(folder)), 1, 1))
            lines = [
                f"# Interventions on {options.problems} problems with a real model",
                "",
                *REAL.splitlines(),
                "",
                *rows,
            ]
    write_text(
        Path(__file__).with_name(f"interventions{'' if options.base is None else '_real'}.md"), "\n".join(lines) + "\n"
    )
    print("\n".join(lines))


def taught(folder: Path) -> Bench:
    """The student after its training, and what it wrote for problems that it has not seen."""
    shown, asked = drawn_problems(folder, PROBLEMS)
    examples = (build_example(problem, problem.trace, TASK.template) for problem in shown)
    teach(STUDENT, 0, base_folder(STUDENT.base), examples, folder / "student")
    return bench(folder / "student", shown, asked)


def as_it_is(base: str, problems: int, folder: Path) -> Bench:
    """A base or a student without further training."""
    return bench(base_folder(base), *drawn_problems(folder, problems))


def drawn_problems(folder: Path, count: int) -> tuple[list[Problem], list[Problem]]:
    """Problems for training and donors, and others."""
    world = get_world("babi")
    write_world("babi", set_dials(world, choose_families(world, FAMILIES), {}), folder / "world", n=1000, seed=1)
    problems = list(load_world(folder / "world"))
    Random(0).shuffle(problems)
    return problems[:TRAINED_ON], problems[-count:]


def bench(student: Path, shown: Sequence[Problem], asked: Sequence[Problem]) -> Bench:
    """A student, and what it wrote for problems that it has not seen."""
    model, tokenizer = load(student, device="cpu")
    prompting = Prompting.of(tokenizer)

    def prompt_ids(problem: Problem) -> list[int]:
        return prompting.prompt_ids(TASK.template.render_prompt(problem))

    origin = Origin("correct", "student", 0)
    engine = TransformersEngine(model, tokenizer, batch=BATCH, ends=[prompting.end])
    made = generate(engine, tokenizer, asked_for(asked, prompt_ids), Decoding(LIMIT), origin)
    written = {output.id: output for outputs in made for output in outputs}
    subject = Subject.asked(prompting, lambda p: (TASK.template.render_prompt(p), ()), TASK.template, written, origin)
    setting = Setting(tuple(FAMILIES), TASK.derive, TASK.template, Donors.of(shown))
    conditions = [drawn(get_condition(name)) for name in CONDITIONS]
    return Bench(model, prompting, subject, asked, setting, conditions)


def drawn(condition: Condition) -> Condition:
    """The same condition, whose traces are drawn once: that is not what is measured."""
    known: dict[str, Forced | Unsupported] = {}

    def force(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
        if problem.id not in known:
            try:
                known[problem.id] = condition.force(problem, own, setting, streams)
            except Unsupported as why:
                known[problem.id] = why
        found = known[problem.id]
        if isinstance(found, Unsupported):
            raise found
        return found

    return replace(condition, force=force)


def table(bench: Bench, batch: int, times: int) -> Iterator[str]:
    """A row for each way."""
    effects = by_sharing(bench)
    tried = [effect for effect in effects if effect.unsupported is None]
    ours, theirs = [], []
    for _ in range(times):
        ours.append(measured(lambda: by_sharing(bench)))
        theirs.append(measured(lambda: from_scratch(bench, tried, batch)))
    seconds, theirs_seconds = min(ours)[0], min(theirs, key=lambda found: found[0])[0]
    right = sum(effect.right for effect in tried if effect.condition == "own") / len(bench.problems)
    yield (
        f"{len(CONDITIONS)} conditions, {len(effects):,} effects, of which {len(effects) - len(tried):,} are not supported. "
        f"The student answers {right:.0%} right."
    )
    yield ""
    yield "| way | seconds | to shared |"
    yield "|---|---:|---:|"
    yield f"| shared | {seconds:,.1f} | 1 |"
    yield f"| from scratch | {theirs_seconds:,.1f} | {theirs_seconds / seconds:.1f} |"
    yield ""
    yield compared(tried, theirs[0][1])


def compared(effects: Sequence[Effect], results: dict[Key, Result]) -> str:
    """What both ways found, side by side."""
    differ = sum(effect.answer != results[key(effect)][0] for effect in effects)
    gaps = [abs(logp - results[key(effect)][1][name]) for effect in effects for name, logp in effect.logp.items()]
    return f"{differ} of {len(effects):,} answers differ; the {len(gaps):,} log-probabilities differ by {max(gaps):.1e} at most."


def measured(work: Callable[[], Found]) -> tuple[float, Found]:
    """Seconds of processor time, and what the work gave."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def by_sharing(bench: Bench) -> list[Effect]:
    """Our way."""
    forcer = Forcer(bench.model, bench.prompting, max_new_tokens=LIMIT, batch=BATCH)
    made = intervene(forcer, bench.subject, bench.problems, bench.conditions, bench.setting, 0)
    return [effect for effects in made for effect in effects]


def from_scratch(bench: Bench, effects: Sequence[Effect], batch: int) -> dict[Key, Result]:
    """The usual way, one condition after the other."""
    found: dict[Key, Result] = {}
    for name in CONDITIONS:
        under = [effect for effect in effects if effect.condition == name]
        for effect, answer, scores in zip(
            under, answered(bench, under, batch), scored(bench, under, batch), strict=True
        ):
            found[key(effect)] = answer, scores
    return found


def key(effect: Effect) -> Key:
    """Names an effect."""
    return effect.id, effect.condition


def answered(bench: Bench, effects: Sequence[Effect], batch: int) -> Iterator[str | None]:
    """The answers after prompts and traces."""
    engine = TransformersEngine(bench.model, bench.prompting.tokenizer, batch=batch, ends=[bench.prompting.end])
    texts = read_before(bench, effects)
    made = dict(engine.generate([[*prompt, *prefix] for prompt, prefix in texts], Decoding(LIMIT)))
    for at, (_, prefix) in enumerate(texts):
        yield answer_text(bench.prompting.tokenizer, prefix, made[at][0].ids)


def scored(bench: Bench, effects: Sequence[Effect], batch: int) -> Iterator[dict[str, float]]:
    """The log-probabilities of the answers after prompts and traces."""
    wanted: dict[tuple[Ids, Ids], float] = {}
    named: list[dict[str, tuple[Ids, Ids]]] = []
    gold = {problem.id: problem for problem in bench.problems}
    for effect, (prompt, prefix) in zip(effects, read_before(bench, effects), strict=True):
        said = {"gold": build_example(gold[effect.id], None, TASK.template).completion, "own": effect.own_answer,
                "implied": effect.implied}  # fmt: skip
        texts = {name: said[name] for name in effect.logp}
        ids = {
            name: answer_ids(bench.prompting.tokenizer, effect.forced, prefix, text or "")
            for name, text in texts.items()
        }
        named.append({name: ((*prompt, *prefix), each) for name, each in ids.items()})
    whole = sorted({pair for pairs in named for pair in pairs.values()}, key=lambda pair: -len(pair[0]) - len(pair[1]))
    for begin in range(0, len(whole), batch):
        part = whole[begin : begin + batch]
        wanted |= zip(part, logps(bench, part), strict=True)
    for pairs in named:
        yield {name: wanted[pair] for name, pair in pairs.items()}


def read_before(bench: Bench, effects: Iterable[Effect]) -> list[tuple[Ids, Ids]]:
    """Prompts and forced traces, as token ids."""
    prompts = {problem.id: tuple(bench.subject.prompt_ids(problem)) for problem in bench.problems}
    return [(prompts[effect.id], prefix_ids(bench.prompting.tokenizer, effect.forced)) for effect in effects]


@torch.inference_mode()
def logps(bench: Bench, pairs: Sequence[tuple[Ids, Ids]]) -> list[float]:
    """The log-probability of each second text after the first, both read whole; padded on the left."""
    width, last = max(len(a) + len(b) for a, b in pairs), max(len(b) for _, b in pairs)
    ids = torch.tensor([[0] * (width - len(a) - len(b)) + [*a, *b] for a, b in pairs])
    mask = torch.tensor([[0] * (width - len(a) - len(b)) + [1] * (len(a) + len(b)) for a, b in pairs])
    logits = bench.model(input_ids=ids, attention_mask=mask, use_cache=False, logits_to_keep=last + 1).logits
    each = logits[:, :-1].log_softmax(dim=-1).gather(-1, ids[:, -last:, None])[..., 0].double()
    return [float(row[last - len(b) :].sum()) for row, (_, b) in zip(each, pairs, strict=True)]


if __name__ == "__main__":
    main()
