"""Loads the problems of a task's sources, with the checks that all tasks share.

A source may also be a file of problems that tracekd wrote, such as one side of a split.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from tracekd.content_hash import check
from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks.contract import Task
from tracekd.tasks.reading.fault import Fault, Skipped


def load(task: Task, sources: Iterable[str]) -> Iterator[Problem | Skipped]:
    """Yield the problems of all sources, and a Skipped for each invalid record: nothing is dropped silently.

    Raises UserError for a source that cannot be read at all. Memory grows by about 60 bytes per problem (its id).
    """
    seen: set[int] = set()
    for source in sources:
        for found in _found(task, source):
            if isinstance(found, Skipped):
                yield found
                continue
            fault = _fault(found, task) or _seen_before(found, seen)
            yield Skipped.of(fault, _where(source, found)) if fault else found


def _found(task: Task, source: str) -> Iterator[Problem | Skipped]:
    try:
        yield from _read_written_by_tracekd(source, task.name) if _is_written_by_tracekd(source) else task.load(source)
    except (UserError, OSError):
        raise
    except Exception as error:  # a loader of another package may raise anything
        raise UserError(
            f"the loader of {task.name} failed ({type(error).__name__}: {str(error)[:200]})", where=source,
            next_step="report it to its authors; for an invalid record, a loader should raise Fault",
        ) from error  # fmt: skip


def load_strict(task: Task, sources: Iterable[str]) -> Iterator[Problem]:
    """Yield the problems of all sources. Raises UserError at the first invalid record."""
    for found in load(task, sources):
        if isinstance(found, Skipped):
            raise found.error()
        yield found


def _where(source: str, problem: Problem) -> str:
    """The place of the problem, with the folder, which its own `source` omits."""
    path = Path(source)
    if path.is_file():
        return str(path.with_name(problem.source))
    return str(path / problem.source) if path.is_dir() else problem.source


def _fault(problem: Problem, task: Task) -> Fault | None:
    if not problem.id.strip():
        return Fault("empty id")
    if not any(fact.text.strip() for fact in problem.context):
        return Fault("empty context")
    if not problem.question.strip():
        return Fault("empty question")
    if problem.label not in task.labels:
        return Fault("unknown class", f"{problem.label[:60]!r}, expected one of {', '.join(task.labels)}")
    if problem.answer.kind != "set" and not any(value.strip() for value in problem.answer.values):
        return Fault("empty answer")
    ids = {fact.id for fact in problem.context}
    if len(ids) < len(problem.context):
        return Fault("duplicate fact id")
    if not all(map(ids.issuperset, (problem.trace.facts, *problem.support.values()))):
        return Fault("support is not in the context")
    return None


def _seen_before(problem: Problem, seen: set[int]) -> Fault | None:
    digest = int.from_bytes(hashlib.blake2b(problem.id.encode(), digest_size=8).digest())
    if digest in seen:
        return Fault("duplicate id", problem.id[:80])
    seen.add(digest)
    return None


_HEAD = 2**16
_LINE_START = b'{"id":'
_LINE_PARTS = (b'"task":', b'"group":', b'"context":[{"id":')


def _is_written_by_tracekd(source: str) -> bool:
    """Whether the source is a file that `tracekd problems --out` wrote."""
    path = Path(source)
    if path.suffix != ".jsonl" or not path.is_file():
        return False
    with path.open("rb") as file:
        line = file.readline(_HEAD)
    return line.startswith(_LINE_START) and all(part in line for part in _LINE_PARTS)


def _read_written_by_tracekd(source: str, task: str) -> Iterator[Problem | Skipped]:
    """Yield the problems of such a file, and a Skipped for each line that is invalid or belongs to another task."""
    check(Path(source))
    with Path(source).open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            where = f"{source}:{number}"
            try:
                problem = Problem.model_validate_json(line)
            except ValidationError as error:
                yield Skipped.of(Fault("not a problem", error.errors(include_url=False)[0]["msg"]), where)
                continue
            if problem.task == task:
                yield problem
            else:
                yield Skipped.of(Fault("another task", problem.task[:60]), where)
