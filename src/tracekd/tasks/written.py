"""Problems that tracekd itself wrote, such as one side of a split: they are read as they are, whatever the task."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from tracekd.problem import Problem
from tracekd.tasks.reading.fault import Fault, Skipped

_HEAD = 2**16
_BEGINS = b'{"id":'
_HAS = (b'"task":', b'"group":', b'"context":[{"id":')


def is_written(source: str) -> bool:
    """Whether the source is a file of problems, as `tracekd problems --out` writes them."""
    path = Path(source)
    if path.suffix != ".jsonl" or not path.is_file():
        return False
    with path.open("rb") as file:
        line = file.readline(_HEAD)
    return line.startswith(_BEGINS) and all(part in line for part in _HAS)


def read_written(source: str, task: str) -> Iterator[Problem | Skipped]:
    """Yield the problems of such a file, and a Skipped for each line that is none, or is of another task."""
    with Path(source).open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            where = f"{source}:{number}"
            try:
                problem = Problem.model_validate_json(line)
            except ValidationError as error:
                yield Skipped.of(Fault("no problem", error.errors(include_url=False)[0]["msg"]), where)
                continue
            if problem.task == task:
                yield problem
            else:
                yield Skipped.of(Fault("another task", problem.task[:60]), where)
