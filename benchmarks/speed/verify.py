"""Outputs judged per second on one core, with verdicts written to a file.

    python benchmarks/speed/verify.py [--problems 1000] [--each 20] [--seed 0] [--released FOLDER] [--out FILE.md]

Problems of the bAbI and CoTempQA worlds are asked; outputs like those that models write are made for each (right, with
another class, other facts, another answer, with facts run together, without a trace, cut off). Time is the process's
own, the best of five. With --released, the files of arXiv 2505.13792's authors are measured, too.
"""

import argparse
import gc
import json
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from tracekd.files import jsonl_writer, write_jsonl
from tracekd.problem import Problem
from tracekd.students.output import Output
from tracekd.tasks import Task, get_task
from tracekd.tasks.loading import load_strict
from tracekd.tasks.template import render_answer
from tracekd.verify.join import Problems, problems_in
from tracekd.verify.judge import Judge, Prepared
from tracekd.verify.reading import Unread, Written, read_outputs
from tracekd.verify.run import verify_outputs
from tracekd.worlds import get_world
from tracekd.worlds.contract import World, draw

TASKS = ("babi", "cotempqa")
# The demanded speeds, in outputs per second.
WANTED = {"babi": 20_000, "cotempqa": 10_000}
TIMES = 5
Row = tuple[str, int, float]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for name in TASKS for row in measured(name, Path(folder), options)]
        if options.released:
            rows += [row for name in TASKS for row in released(name, options.released / name, Path(folder))]
    wanted = ", ".join(f"{count:,} of {name}" for name, count in WANTED.items())
    lines = [
        "# Judging outputs",
        "",
        f"`python benchmarks/speed/verify.py --problems {options.problems} --each {options.each} --seed {options.seed}`, "
        f"Python {platform.python_version()}, one core ({platform.machine()}).",
        f"Verdicts are written to a file in every row. Asked for: {wanted} a second.",
        "",
        "| what | outputs | µs each | outputs/s |",
        "|---|---|---|---|",
        *(f"| {what} | {count:,} | {1e6 * each:.1f} | {1 / each:,.0f} |" for what, count, each in rows),
    ]
    print("\n".join(lines))
    if options.out:
        options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", type=int, default=1000)
    parser.add_argument("--each", type=int, default=20, help="outputs for each problem (the authors released about 20)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--released", type=Path, help="a folder with babi and cotempqa in it, as the authors have them")
    parser.add_argument("--out", type=Path, help="the Markdown file to write")
    return parser.parse_args()


def measured(name: str, folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    """The rows of a task: judging alone, with the problems made ready, from JSON Lines, and the whole path."""
    task = get_task(name)
    judge = Judge.of(task)
    problems = list(islice(problems_of(get_world(name), folder, options), options.problems))
    ready = [judge.prepare(problem) for problem in problems]
    outputs = [outputs_of(task, problem, options.each) for problem in problems]
    path, count = folder / f"{name}.jsonl", options.each * len(problems)
    write_jsonl(path, (output for each in outputs for output in each))
    lines = [each.splitlines() for each in chunks(path, options.each)]
    texts = [line for each in lines for line in each]
    yield row(f"{name}, for scale: the JSON lines parsed, nothing else", count, lambda: list(map(json.loads, texts)))
    yield row(f"{name}, problems ready", count, partial(judge_all, judge, ready, outputs, folder))
    once = [each[:1] for each in outputs]
    yield row(
        f"{name}, problems to prepare, 1 output each",
        len(problems),
        partial(from_problems, judge, problems, once, folder),
    )
    yield row(f"{name}, problems to prepare, {options.each} outputs each", count,
              partial(from_problems, judge, problems, outputs, folder))  # fmt: skip
    yield row(f"{name}, problems to prepare, outputs as JSON lines in memory", count,
              partial(from_lines, judge, problems, lines, folder))  # fmt: skip
    known = Problems.of(problems, task.template)
    yield row(f"{name}, a file read, joined and judged", count, partial(whole, [str(path)], known, judge, folder))


def released(name: str, path: Path, folder: Path) -> Iterator[Row]:
    """The rows of the released files, which hold their problems themselves."""
    task = get_task(name)
    read = list(read_outputs([str(path)]))
    known = known_problems(read, task)
    judge = Judge.of(task)
    yield row(f"{name}, released files read, joined and judged", len(read),
              partial(whole, [str(path)], known, judge, folder))  # fmt: skip
    yield row(f"{name}, released files, problems made of the records, too", len(read),
              partial(whole_with_problems, str(path), task, judge, folder))  # fmt: skip


def row(what: str, count: int, work: Callable[[], object]) -> Row:
    """The best of a few times, in seconds for each output."""
    return what, count, min(seconds(work) for _ in range(TIMES)) / count


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    gc.freeze()  # as `tracekd verify` does with its problems; here, what other rows hold is there, too
    begin = time.process_time()
    work()
    return time.process_time() - begin


def judge_all(judge: Judge, ready: Sequence[Prepared], outputs: Sequence[Sequence[Output]], folder: Path) -> None:
    with jsonl_writer(folder / "verdicts.jsonl") as write:
        for prepared, said in zip(ready, outputs, strict=True):
            for output in said:
                write(judge.verdict(prepared, output))


def from_problems(judge: Judge, problems: Sequence[Problem], outputs: Sequence[Sequence[Output]], folder: Path) -> None:
    with jsonl_writer(folder / "verdicts.jsonl") as write:
        for problem, said in zip(problems, outputs, strict=True):
            prepared = judge.prepare(problem)
            for output in said:
                write(judge.verdict(prepared, output))


def from_lines(judge: Judge, problems: Sequence[Problem], lines: Sequence[Sequence[str]], folder: Path) -> None:
    with jsonl_writer(folder / "verdicts.jsonl") as write:
        for problem, said in zip(problems, lines, strict=True):
            prepared = judge.prepare(problem)
            for line in said:
                write(judge.verdict(prepared, Output.model_validate_json(line)))


def whole(paths: Sequence[str], problems: Problems, judge: Judge, folder: Path) -> None:
    with jsonl_writer(folder / "verdicts.jsonl") as write:
        report = verify_outputs(read_outputs(paths), problems, judge, write)
    assert not report.unknown.count, report


def whole_with_problems(path: str, task: Task, judge: Judge, folder: Path) -> None:
    whole([path], known_problems(read_outputs([path]), task), judge, folder)


def known_problems(outputs: Iterator[Written | Unread] | Sequence[Written | Unread], task: Task) -> Problems:
    found = problems_in(outputs, task)
    return Problems.of((each for each in found if isinstance(each, Problem)), task.template)


def chunks(path: Path, each: int) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        while some := "".join(islice(lines, each)):
            yield some


def problems_of(world: World, folder: Path, options: argparse.Namespace) -> Iterator[Problem]:
    """The first questions of stories of all families, as the task's own loader reads them."""
    each = -(-options.problems // len(world.families))
    for name, family in world.families.items():
        path = folder / family.file_name
        items = (draw(world, name, family.dials(), options.seed, index).cut(1) for index in range(each))
        path.write_text("".join(item.text() for item in items), encoding="utf-8", newline="")
        yield from load_strict(get_task(world.task), [str(path)])


def outputs_of(task: Task, problem: Problem, each: int) -> list[Output]:
    """So many outputs for a problem, of every kind in turn, and each with its own number."""
    texts = list(texts_of(task, problem))
    return [
        Output(id=problem.id, regime="made", student="made", seed=0, text=texts[number % len(texts)], token_ids=(),
               finish="stop", sample=number)
        for number in range(each)
    ]  # fmt: skip


def texts_of(task: Task, problem: Problem) -> Iterator[str]:
    """What models write: half of it right."""
    template, answer = task.template, render_answer(problem.answer)
    trace = template.render_trace(problem, problem.trace)
    other = next(label for label in task.labels if label != problem.label)
    facts = [problem.context[0].text, problem.context[-1].text]
    right = f"<think>{trace}</think> <answer>{answer}</answer>"
    yield right
    yield f"assistant\n\n{right}".replace(f" {problem.label}.\n", f" {other}.\n", 1)
    yield right
    yield f"<think>{template.classify} {problem.label}.\n{template.retrieve} {facts!r}</think> <answer>{answer}</answer>"
    yield f"assistant\n{right}"
    yield f"<think>{trace}</think> <answer>elsewhere</answer>"
    yield right
    yield f"<think>{template.classify} {problem.label}.\n{template.retrieve} {' '.join(facts)}</think> {answer}"
    yield f"assistant\n\n{answer}"
    yield f"<think>{trace[:60]}"


if __name__ == "__main__":
    main()
