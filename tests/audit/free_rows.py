"""Rows with free traces whose truth is known by construction: problems of a world, and traces with planted errors."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tracekd.problem import Problem
from tracekd.tasks.template import render_answer
from tracekd.worlds.free_traces import ERRORS, MadeTrace, Wording, make_trace
from tracekd.worlds.free_traces.developed import DEVELOPED, DEVELOPED_STORIES

from .conftest import problems, template_of

WORDINGS: dict[str, Wording] = {"babi": DEVELOPED_STORIES, "cotempqa": DEVELOPED}


@dataclass(frozen=True)
class Made:
    """A problem, and a trace for it."""

    problem: Problem
    trace: MadeTrace

    @property
    def prompt(self) -> str:
        return template_of(self.problem).render_prompt(self.problem)

    @property
    def answer(self) -> str:
        return render_answer(self.problem.answer)

    @property
    def completion(self) -> str:
        return f"<think>{self.trace.text}</think>\n\n<answer>{self.answer}</answer>"


@lru_cache
def made(task: str, count: int, *, with_errors: bool = True) -> tuple[Made, ...]:
    """So many rows; every second one has a planted error, of each kind in turn."""
    found: list[Made] = []
    for number, problem in enumerate(problems(task, count)[:: len(problems(task, count)) // count][:count]):
        kinds = ERRORS[task]
        error = kinds[number // 2 % len(kinds)] if with_errors and number % 2 else None
        found.append(Made(problem, make_trace(problem, WORDINGS[task], number, error)))
    return tuple(found)


def messages(row: Made) -> dict[str, Any]:
    return {
        "messages": [{"role": "user", "content": row.prompt}, {"role": "assistant", "content": row.completion}],
        "note": {"kept": ["as", 1]},
    }


def in_field(row: Made) -> dict[str, Any]:
    said = {"role": "assistant", "content": f"<answer>{row.answer}</answer>", "reasoning_content": row.trace.text}
    return {"messages": [{"role": "user", "content": row.prompt}, said]}


def prompt_completion(row: Made) -> dict[str, Any]:
    return {"prompt": row.prompt, "completion": row.completion, "answer": row.answer, "label": row.problem.label}


def own_prompt(row: Made) -> dict[str, Any]:
    """A prompt in a form that no template has."""
    facts = " ".join(fact.text for fact in row.problem.context)
    return {"prompt": f"Read this. {facts}\n\n{row.problem.question}", "completion": row.completion}


def write_rows(path: Path, rows: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_problems(path: Path, rows: Sequence[Made]) -> Path:
    path.write_text("".join(row.problem.model_dump_json() + "\n" for row in rows), encoding="utf-8")
    return path


def with_traces_of(rows: Sequence[Made], shift: int = 1) -> Iterator[Made]:
    """Each problem with the trace and of another one, `shift` places further."""
    for at, row in enumerate(rows):
        yield Made(row.problem, rows[(at + shift) % len(rows)].trace)
