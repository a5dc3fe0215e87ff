"""The outputs that a command judges, and the problems that they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tracekd.cli.terminal import echo
from tracekd.errors import UserError
from tracekd.tasks import Task
from tracekd.tasks.loading import load
from tracekd.transcript.trace_tags import TraceTags
from tracekd.verify.files_to_judge import FilesToJudge, Outputs
from tracekd.verify.join import Problems
from tracekd.verify.judge import Judge
from tracekd.verify.verified_folder import Inputs

__all__ = ["OutputOptions", "Outputs"]


@dataclass(frozen=True)
class OutputOptions:
    """The options that say which outputs a command judges, of which problems, and under which names."""

    paths: Sequence[str]
    problems: Sequence[str] = ()
    format: str | None = None
    mapping: Sequence[str] = ()
    model: str | None = None
    regime: str | None = None
    trace_tags: str | None = None

    @cached_property
    def _files(self) -> FilesToJudge:
        return FilesToJudge(
            self.paths, self.format, _mapping(self.mapping), self.model, self.regime, TraceTags.read(self.trace_tags)
        )

    def check(self, out: Path | None) -> None:
        """Raises UserError for a name that is too long, and for a folder to write into that is read from."""
        _ = self._files
        if out is not None and any(_lies_in(out, path) for path in (*self.paths, *self.problems)):
            raise UserError(
                "the results would be written into a folder that is read", where=out, next_step="name another --out"
            )
        if out is not None and out.exists() and not out.is_dir():
            raise UserError("this is a file, not a folder", where=out, next_step="name another --out")

    def read(self) -> Outputs:
        """The outputs, under the names that were given. Raises UserError at once for a request that cannot be met."""
        return self._files.read()

    def recorded(self, judge: Judge) -> Inputs:
        """What is judged, and how, for the folder of results."""
        return Inputs.of(judge, tuple(self.problems), self._files)

    def load_problems(self, task: Task) -> Problems:
        """The problems of --problems, or those that the outputs' own records hold. Raises UserError if there is none."""
        problems, faulty = self._files.problems(task, load(task, self.problems) if self.problems else None)
        reasons = ", ".join(f"{reason} ({number:,})" for reason, number in faulty.most_common(5))
        if not problems.all and (faulty or self.problems):
            raise UserError(
                f"no problem could be read: {reasons}" if reasons else "no problem could be read",
                where=self.problems[0] if self.problems else self.paths[0],
                expected=f"files of problems of {task.name}, or outputs whose records contain question, context and gold",
                next_step="name the problems: --problems SOURCE",
            )
        if faulty:
            echo(f"tracekd: {faulty.total():,} records are not valid problems: {reasons}", err=True)
        return problems


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    """`FIELD=PATH` of each --map. Raises UserError for anything else, and for a field that is named twice."""
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
