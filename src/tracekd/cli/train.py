"""`tracekd train`."""

import os
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tracekd.cli.layout_line import layout_line
from tracekd.cli.requests.students import TrainRequest
from tracekd.cli.terminal import echo, terminal
from tracekd.content_hash import State, state_of
from tracekd.errors import UserError, unknown_name
from tracekd.files import contents, discard, only_one, read_json, refuse_broken_link
from tracekd.problem import Problem
from tracekd.regimes import get_regime
from tracekd.setting import read_setting
from tracekd.sft.copies import copies
from tracekd.sft.example import Example
from tracekd.sft.manifest import read_manifest
from tracekd.sft.supervised_row import SupervisedRow, read_row
from tracekd.students.student import PRESETS, Lora, Student
from tracekd.students.training_record import RECIPE, RECORD, TrainingRecord, state_folder
from tracekd.tasks import get_task
from tracekd.tasks.loading import load
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.source import ENDINGS, data_files, records_of_file
from tracekd.transcript.trace_tags import TraceTags

if TYPE_CHECKING:  # torch takes seconds to import, so errors in the request are reported before
    from tracekd.students.clock import Step, Watch
    from tracekd.students.prompting import Prompting
    from tracekd.study.probe import Shares

# When answers and traces are generated for the validation sample: the shares of the training's steps.
_PROBED_AT = tuple(tenth / 10 for tenth in range(1, 11))


def run(request: TrainRequest) -> None:
    """Train a student and print its folder. Raises UserError for an invalid request."""
    if not request.out.name:  # this folder
        request = replace(request, out=request.out.absolute())
    student = read_student(request.student, request.settings)
    file, tags = _data_file(request.data, request.regime), TraceTags.read(request.trace_tags)
    _check_prompts(file)
    problems = _validation(request)
    work = state_folder(request.out)
    if (known := _finished(request.out, student, request.seed)) is not None:
        _show(known, request.out, work)
        return
    _check_out(request.out, work)
    from tracekd.students.base import base_folder

    base = base_folder(student.base)
    from tracekd.students.teach import teach

    # With several processes (`accelerate launch`), the first one locks the folder for all.
    held = only_one(work, "another training is running in this folder") if _is_first() else nullcontext()
    with held, _progress() as bars:
        shown = _Shown(bars, request.task, problems, student)
        recognised = Recognised()
        record = teach(student, request.seed, base, read_examples(file, recognised, tags), request.out, shown.watcher)
    if _is_first():
        _show(record, request.out, work)
        echo(layout_line(recognised.layouts, recognised.delimiters))


def _finished(out: Path, student: Student, seed: int) -> TrainingRecord | None:
    """The record of this training, if it was killed when the student was written, but its state not yet removed."""
    if not (out / RECORD).is_file() or state_of(state_folder(out) / RECIPE) is State.UNKNOWN:
        return None
    record = read_json(out / RECORD, TrainingRecord)
    return record if (record.student, record.seed) == (student, seed) else None


def _show(record: TrainingRecord, out: Path, work: Path) -> None:
    discard(work)
    late = ", ended by the time limit" if record.out_of_time else ""
    left = f"; {record.too_long:,} longer than {record.tokens:,} tokens were left out" if record.too_long else ""
    echo(
        f"{record.trained_on:,} examples{left}; {record.steps:,} steps in {record.seconds:,.0f} s{late}, "
        f"last loss {record.loss:.4f}"
    )
    echo(f"student: {out}")
    echo(f"next: tracekd generate {out} TASK SOURCE --out outputs.jsonl")


def _is_first() -> bool:
    return int(os.environ.get("RANK", "0")) == 0


def _check_out(out: Path, work: Path) -> None:
    """Raises UserError if the folder contains a student or anything else: nothing is replaced. The same for the folder of
    the training's state, which is removed at the end.
    """
    refuse_broken_link(out)
    if work.is_symlink() or (work.is_dir() and contents(work) and state_of(work / RECIPE) is State.UNKNOWN):
        raise UserError(
            "this folder is needed for the state of the training, and contains something else", where=work,
            next_step="name another --out, or move this away",
        )  # fmt: skip
    if (out / "training.json").is_file():
        raise UserError("this folder already contains a trained student", where=out, next_step="name another --out")
    if out.is_file() or (out.is_dir() and contents(out)):
        raise UserError("this folder already contains something else", where=out, next_step="name another --out")


def read_student(named: str, settings: Iterable[str]) -> Student:
    """The student of a preset, or of a TOML file (its only table `[[students]]`, or its keys), with the settings
    applied.

    Raises UserError if there is none, or if it is invalid.
    """
    if named in PRESETS:
        table: dict[str, Any] = {"preset": named}
    elif named.endswith(".toml") or Path(named).is_file():
        table = _table(Path(named))
    else:
        raise unknown_name("preset of a student", named, tuple(PRESETS))
    for item in settings:
        key, value = read_setting(item, "learning_rate=1e-4")
        part, _, inner = key.partition(".")
        if inner and not isinstance(table.get(part, {}), dict):
            raise UserError(
                f"--set {item!r} does not lead to a key", expected="a key of the student, for example lora.r"
            )
        table[part] = {**table.get(part, {}), inner: value} if inner else value
    try:
        return Student.model_validate({"name": "student", **table})
    except ValidationError as error:
        first = error.errors()[0]
        cause = first.get("ctx", {}).get("error")
        key = ".".join(map(str, first["loc"]))
        if isinstance(cause, UserError):
            raise cause from None
        if first["type"] == "extra_forbidden":
            keys = tuple(Lora.model_fields if key.startswith("lora.") else Student.model_fields)
            raise unknown_name("key of a student", key.removeprefix("lora."), keys, where=named) from None
        raise UserError(f"{key}: {first['msg']}", where=named) from None


def _table(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserError(f"this is not a valid TOML file: {error}", where=path, expected="a TOML file") from None
    students = raw.get("students", [raw])
    if not isinstance(students, list) or len(students) != 1 or not isinstance(students[0], dict):
        raise UserError("this file does not define exactly one student", where=path, expected="one table [[students]]")
    return dict(students[0])


def _data_file(data: Path, regime: str | None) -> Path:
    """The file of training data. If two files have the same rows, the Parquet file is taken, and this is said."""
    files = data_files(data, ENDINGS)
    not_read = copies(files)
    chosen = [file for file in files if file not in not_read]
    if regime is not None:
        wanted = get_regime(regime).file_name
        named = [file for file in chosen if file.stem == wanted]
        if not named:
            raise unknown_name("regime in this folder", wanted, [file.stem for file in chosen])
        chosen = named
    if len(chosen) > 1:
        names = ", ".join(file.stem if regime is None else file.name for file in chosen)
        expected = f"--regime with one of {names}" if regime is None else f"one of {names} as the data"
        raise UserError("this folder contains several data files", where=data, expected=expected)
    (found,) = chosen
    if (copy := found.with_suffix(".jsonl")) in not_read:
        echo(f"{found.name} is read; {copy.name} should have the same rows, and is not read")
    return found


def _check_prompts(file: Path) -> None:
    """Raises UserError for prompts that a chat template rendered: students' own templates would render them again."""
    try:
        manifest = read_manifest(file.parent)
    except UserError:  # not data of `tracekd sft`
        return
    if manifest.prompts == "chat template":
        raise UserError(
            "the prompts of this data are already written with a chat template", where=file,
            expected="prompts as messages, or as plain text", next_step="tracekd sft .. --format conversational",
        )  # fmt: skip


@dataclass
class Recognised:
    """How many rows have each layout, and what marks their traces."""

    layouts: Counter[str] = field(default_factory=Counter)
    delimiters: Counter[str] = field(default_factory=Counter)


def read_examples(file: Path, recognised: Recognised | None = None, tags: TraceTags | None = None) -> Iterator[Example]:
    """Yield the examples of a file in any layout that trainers read, and count in `recognised` what they are. `tags` are
    marks of reasoning that the user names. Raises UserError at an invalid row.
    """
    seen = recognised or Recognised()
    for found in records_of_file(file):
        if isinstance(found, Skipped):
            raise UserError(f"this row cannot be read: {found.reason}", where=found.where)
        try:
            row = read_row(found, None, tags)
        except Fault as fault:
            raise UserError(
                f"this row is not an example: {fault}", where=f"{file}:{found.line}",
                expected="messages, or prompt and completion, or another layout (not labels: they depend on a tokenizer)",
            ) from None  # fmt: skip
        ident = found.parse(_Named).id
        if row.turns != 2:
            raise UserError(
                f"this row has {row.turns} messages; students can be taught only two",
                where=f"{file}:{found.line}", expected="one message of a user, and one of the assistant",
            )  # fmt: skip
        if row.completion.endswith("</think>") and row.delimiters.startswith("field"):
            raise UserError(
                "this row has a trace, but no answer", where=f"{file}:{found.line}",
                expected="a text beside the trace's field, which is the answer",
            )  # fmt: skip
        seen.layouts[row.layout] += 1
        seen.delimiters[row.delimiters] += 1
        yield _example(row, str(ident) if isinstance(ident, str | int) and ident != "" else row.where)


class _Named(BaseModel):
    id: Any = None


def _example(row: SupervisedRow, ident: str) -> Example:
    """The tags give the spans. Without `<answer>`, the answer is what follows the trace; without tags, the completion."""
    said = row.completion
    begin, end = said.find("<think>"), said.find("</think>")
    trace = (begin + len("<think>"), end) if 0 <= begin < end else None
    at = said.find("<answer>")
    close = said.rfind("</answer>")
    after = 0 if trace is None else end + len("</think>")
    answer = (at + len("<answer>") if at >= 0 else after, close if close > at else len(said))
    return Example(id=ident, prompt=row.prompt, completion=said, trace=trace, answer=answer, given=row.given)


def _validation(request: TrainRequest) -> list[Problem]:
    if request.validation is None:
        return []
    if request.task is None:
        raise UserError("--validation needs the task", next_step="add --task TASK; `tracekd tasks` lists them")
    found = (p for p in load(get_task(request.task), [request.validation]) if isinstance(p, Problem))
    problems = list(islice(found, request.sample))
    if not problems:
        raise UserError("no problem could be loaded", where=request.validation)
    return problems


@contextmanager
def _progress() -> Iterator[Progress]:
    console = terminal(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    silent = not console.is_terminal or not _is_first()
    with Progress(*columns, console=console, disable=silent) as bars:
        yield bars


class _Shown:
    """Shows each step, and from time to time the student's accuracy on the validation sample."""

    def __init__(self, bars: Progress, task: str | None, problems: list[Problem], student: Student) -> None:
        self.bars, self.task, self.problems, self.student = bars, task, problems, student
        self.line = bars.add_task("training", total=None, said="")

    def watcher(self, prompting: "Prompting") -> "Watch":
        """The function that is called after every step."""
        if self.task is None or not self.problems:
            return lambda step: self._tell(step, None)
        from tracekd.students.engines.settings import TransformersSettings
        from tracekd.students.generate import Origin
        from tracekd.students.session import Session
        from tracekd.study.probe import Probe

        session = Session.of(
            Path(self.student.base), get_task(self.task), get_regime("correct"), Origin("", self.student.name, 0),
            max_new_tokens=self.student.max_new_tokens,
            settings=TransformersSettings(self.student.precision, self.student.generation_batch), prompting=prompting,
        )  # fmt: skip
        return Probe(session, self.problems, _PROBED_AT, self._tell).watch

    def _tell(self, step: "Step", right: "Shares | None") -> None:
        exact = "" if right is None else f"answers {right[0]:.2f} traces {right[1]:.2f}"
        self.bars.update(self.line, completed=step.number, total=step.of, said=f"loss {step.loss:.3f} {exact}")
