"""Miniatures of the released data (arXiv 2505.13792, its CSV files): its formats and its flaws, about made-up people."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tracekd.audit.audit import AuditScope, audit
from tracekd.audit.faults import thresholds
from tracekd.audit.report import AuditReport, FaultReport
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.babi.story_format import read_stories
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.tasks.msmarco.load import read_problems
from tracekd.tasks.reading.record import Record
from tracekd.tasks.template import Template, render_answer
from tracekd.worlds import get_world
from tracekd.worlds.contract import draw

Rows = list[dict[str, str]]
Write = Callable[[Problem], str]
COLUMNS = {
    "cotempqa": ("index", "triple_element", "facts", "question", "reasoning", "answer", "messages"),
    "vanilla": ("index", "question", "reasoning", "answer", "messages"),
    "babi": (
        "passages", "query", "question", "query_type", "reasoning", "answer_passage", "answer", "messages",
    ),
}  # fmt: skip
COLUMNS["msmarco"] = COLUMNS["babi"]
BABI = {number: FAMILIES[number] for number in (1, 2, 15, 16)}


@lru_cache
def problems(task: str, count: int = 60, seed: int = 0) -> tuple[Problem, ...]:
    """So many problems of each class."""
    world = get_world(task)
    found: list[Problem] = []
    for name, family in world.families.items():
        if task == "babi" and name not in BABI.values():
            continue
        texts = (draw(world, name, family.dials(), seed, index).text() for index in range(count))
        found += [problem for at, text in enumerate(texts) for problem in _read(task, name, text, f"{name}/{at}")]
    return tuple(found)


def _read(task: str, name: str, text: str, ident: str) -> Iterable[Problem]:
    if task == "babi":
        (story,) = read_stories(StringIO(text), "world")
        number = next(number for number, family in BABI.items() if family == name)
        return list(story_problems(story, number, ident, "world"))[:1]
    if task == "msmarco":
        return [p for p in read_problems(Record.of(text.strip().encode())) if p.stratum == "answerable"]
    row = json.loads(text)
    return [make_problem(name, row["question"], row["facts"], row["answer"], source=ident)]


def template_of(problem: Problem) -> Template:
    return get_task(problem.task).template


def completion(problem: Problem, label: str, cited: str, answer: str | None = None) -> str:
    """The assistant's turn, to the byte as in the released data; `cited` is what follows the sentence."""
    template = template_of(problem)
    answer = render_answer(problem.answer) if answer is None else answer
    return f"<think>{template.classify} {label}.\n{template.retrieve} {cited}</think> <answer>{answer}</answer>"


def gold_texts(problem: Problem) -> list[str]:
    return list(problem.texts(problem.trace.facts))


def right(problem: Problem) -> str:
    """A correct trace that cites what it should."""
    if problem.task == "msmarco":
        return completion(problem, problem.label, gold_texts(problem)[0])
    return completion(problem, problem.label, repr(gold_texts(problem)))


def wrong(problem: Problem) -> str:
    """An incorrect trace that differs in nothing but its content: as many other facts, about as long."""
    gold = {fact for ids in problem.support.values() for fact in problem.texts(ids)}
    others = [fact.text for fact in problem.context if fact.text not in gold]
    cited = []
    for text in gold_texts(problem)[: 1 if problem.task == "msmarco" else None]:
        cited.append(min(others, key=lambda other, text=text: abs(len(other) - len(text))))  # type: ignore[misc]
        others.remove(cited[-1])
    return completion(problem, another_label(problem), cited[0] if problem.task == "msmarco" else repr(cited))


def another_label(problem: Problem) -> str:
    labels = get_task(problem.task).labels
    return labels[(labels.index(problem.label) + 1) % len(labels)]


def has_others(problem: Problem) -> bool:
    """Whether there are enough facts for a wrong trace."""
    gold = {fact for ids in problem.support.values() for fact in problem.texts(ids)}
    return len({fact.text for fact in problem.context} - gold) >= 2 * len(problem.trace.facts)


def messages(prompt: str, said: str) -> str:
    return repr([{"content": prompt, "role": "user"}, {"content": said, "role": "assistant"}])


def released_row(at: int, problem: Problem, said: str, prompt: str | None = None) -> dict[str, str]:
    """One row of a released CSV, before the columns of its file are chosen."""
    template = template_of(problem)
    prompt = template.render_prompt(problem) if prompt is None else prompt
    texts = [fact.text for fact in problem.context]
    gold = gold_texts(problem)
    return {
        "index": str(at), "triple_element": "S1_R1_O2", "facts": repr(texts), "passages": repr(texts), "query": prompt,
        "question": prompt if problem.task == "cotempqa" else problem.question, "query_type": problem.label,
        "reasoning": f"{template.classify} {problem.label}.\n",
        "answer_passage": gold[0] if problem.task == "msmarco" else repr(gold),
        "answer": render_answer(problem.answer), "messages": messages(prompt, said),
    }  # fmt: skip


def released(chosen: Sequence[Problem], write: Write) -> Rows:
    return [released_row(at, problem, write(problem)) for at, problem in enumerate(chosen)]


def write_csv(path: Path, rows: Rows, columns: Sequence[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def place(path: Path, at: int) -> str:
    """`file:line` of a row, from 0: a cell may take several lines."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        lines = [reader.line_num + 1 for _ in reader]
    return f"{path}:{lines[at]}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name says nothing."""
    made = tmp_path / "data"
    made.mkdir()
    return made


class Audited:
    """A report whose faults are found by name."""

    def __init__(self, report: AuditReport) -> None:
        self.report = report
        self.faults: dict[str, FaultReport] = {fault.name: fault for fault in report.faults}

    def rows(self, name: str) -> int:
        return self.faults[name].rows

    def above(self) -> set[str]:
        """The faults above their thresholds."""
        return {name for name, fault in self.faults.items() if fault.verdict == "FAULT"}

    def said(self, name: str) -> str:
        return " ".join(f"{finding.where}: {finding.said}" for finding in self.faults[name].examples)


def audited(*paths: Path, settings: Sequence[str] = (), **more: Any) -> Audited:
    against = [str(path) for path in more.pop("against", ())]
    tokenizer = {key: more.pop(key) for key in ("tokenizer", "decode") if key in more}
    scope = AuditScope(paths=[str(path) for path in paths], thresholds=thresholds(settings), against=against, **more)
    return Audited(audit(scope, **tokenizer))
