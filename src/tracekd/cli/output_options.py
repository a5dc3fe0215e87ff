"""The outputs that a command judges, and the problems that they answer."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks import Task
from tracekd.tasks.loading import load
from tracekd.tasks.reading.fault import Skipped
from tracekd.verify.join import Problems, problems_in
from tracekd.verify.reading import OutputRecord, Unread, read_outputs

_LONGEST_NAME = 200

Outputs = Iterator[OutputRecord | Unread]


@dataclass(frozen=True)
class OutputOptions:
    """The options that say which outputs a command judges, of which problems, and under which names."""

    paths: Sequence[str]
    problems: Sequence[str] = ()
    format: str | None = None
    mapping: Sequence[str] = ()
    model: str | None = None
    regime: str | None = None

    def check(self, out: Path | None) -> None:
        """Raises UserError for a name that is too long, and if the results would be written into a folder that is read."""
        for name in (self.model, self.regime):
            if name is not None and not 0 < len(name) <= _LONGEST_NAME:
                raise UserError(f"the name of a model or a regime has 1 to {_LONGEST_NAME} characters")
        if out is not None and any(_lies_in(out, path) for path in (*self.paths, *self.problems)):
            raise UserError(
                "the results would be written into a folder that is read", where=out, next_step="name another --out"
            )
        if out is not None and out.exists() and not out.is_dir():
            raise UserError("this is a file, not a folder", where=out, next_step="name another --out")

    def read(self) -> Outputs:
        """The outputs, with the requested names. Raises UserError at once for an invalid request."""
        found = read_outputs(self.paths, self.format, _mapping(self.mapping))
        given = {name: value for name in ("model", "regime") if (value := getattr(self, name)) is not None}
        if not given:
            return found
        return (output if isinstance(output, Unread) else output._replace(**given) for output in found)

    def load_problems(self, task: Task) -> Problems:
        """The problems of --problems, or those in the records of the outputs. Raises UserError if there is none."""
        found = load(task, self.problems) if self.problems else problems_in(self.read(), task)
        skipped: Counter[str] = Counter()
        problems = Problems.of(_sound(found, skipped), task.template)
        reasons = ", ".join(f"{reason} ({number:,})" for reason, number in skipped.most_common(5))
        if not problems.all and (skipped or self.problems):
            raise UserError(
                f"no problem could be read: {reasons}" if reasons else "no problem could be read",
                where=self.problems[0] if self.problems else self.paths[0],
                expected=f"files of problems of {task.name}, or outputs whose records contain question, context and gold",
                next_step="name the problems: --problems SOURCE",
            )
        if skipped:
            typer.echo(f"tracekd: {skipped.total():,} records are not valid problems: {reasons}", err=True)
        return problems


def _sound(found: Iterator[Problem | Skipped], skipped: Counter[str]) -> Iterator[Problem]:
    for each in found:
        if isinstance(each, Skipped):
            skipped[each.reason] += 1
        else:
            yield each


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Read `FIELD=PATH` of each --map. Raises UserError for an invalid one, or a field that is named twice."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        name, sign, path = pair.partition("=")
        if not sign or not name or not path:
            raise UserError(
                f"--map {pair[:80]!r} is not a mapping", expected="FIELD=PATH, such as text=.choices[0].text"
            )
        if name in mapping:
            raise UserError(f"--map defines {name[:80]!r} twice", next_step="leave one of them out")
        mapping[name] = path
    return mapping


def _lies_in(out: Path, path: str) -> bool:
    return out.resolve().is_relative_to(Path(path).resolve())
