"""The folder that `tracekd verify --out` writes: its names, and the record of what was judged."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from tracekd.errors import UserError
from tracekd.tasks import get_task
from tracekd.tasks.reading.source import HUB
from tracekd.verify.files_to_judge import FilesToJudge
from tracekd.verify.judge import Judge
from tracekd.verify.trace_kind import TraceKind

VERDICTS, INPUTS = "verdicts.jsonl", "inputs.json"


class Inputs(BaseModel):
    """`inputs.json`: the task, the kind of gold support, how traces were judged, and the files that were judged, as absolute
    paths.

    With it, `tracekd export` reads the same outputs again. `problems` are the named sources; empty: the outputs' own records.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str
    support: str | None = None
    outputs: tuple[str, ...]
    problems: tuple[str, ...] = ()
    format: str | None = None
    mapping: dict[str, str] = {}
    model: str | None = None
    regime: str | None = None
    trace_tags: tuple[str, str] | None = None
    trace: TraceKind = "template"

    @classmethod
    def of(cls, judge: Judge, problems: tuple[str, ...], files: FilesToJudge) -> Self:
        """The record of a request."""
        return cls(
            task=judge.task.name, support=judge.support, trace=judge.trace, outputs=tuple(map(_absolute, files.paths)),
            problems=tuple(map(_absolute, problems)), format=files.format, mapping=dict(files.mapping), model=files.model,
            regime=files.regime, trace_tags=files.trace_tags,
        )  # fmt: skip

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The record in a folder. Raises UserError if there is none."""
        path = folder / INPUTS
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            raise UserError(
                "it is unknown which files were judged", where=path, expected="a file that tracekd verify --out wrote",
                next_step="judge the outputs again: tracekd verify OUTPUTS --task TASK --out DIR",
            ) from None  # fmt: skip

    @property
    def judge(self) -> Judge:
        """The judge that judges these files as they were judged. Raises UserError for an unknown task or kind of support."""
        return Judge.of(get_task(self.task), self.support, self.trace)

    @property
    def files(self) -> FilesToJudge:
        """The files that were judged. Raises UserError for names that are too long."""
        return FilesToJudge(self.outputs, self.format, self.mapping, self.model, self.regime, self.trace_tags)


def _absolute(source: str) -> str:
    """A path as an absolute one; a source on the Hub (`hub:ID`) is not a path."""
    return source if source.startswith(HUB) else str(Path(source).absolute())
