"""One cell: train, generate, verify. What is finished already is read, not made again."""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from tracekd.errors import UserError
from tracekd.files import read_jsonl, write_jsonl, write_text
from tracekd.problem import Problem
from tracekd.regimes import get_regime
from tracekd.sft.example import Example
from tracekd.students.output import Output
from tracekd.study.plan import Cell
from tracekd.tasks import get_task
from tracekd.verify.judge import Judge
from tracekd.verify.verdict import Verdict

if TYPE_CHECKING:  # torch takes seconds to import, and a cell that is only verified again has no need of it
    from tracekd.students.clock import Step, Watch
    from tracekd.students.generate import Asked
    from tracekd.students.output_file import OutputRecipe
    from tracekd.students.prompting import Prompting
    from tracekd.students.teach import TrainingRecord
    from tracekd.study.writes import Writer


class Progress(BaseModel):
    """Where a cell stands: the loss of the last step, and the shares exact so far, in [0, 1]; None before any is known.

    The phases are `train`, `generate`, `intervene` and, when all is there, `done`; any may be left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    cell: str
    phase: str
    step: int
    total: int
    loss: float | None = None
    answer: float | None = None
    trace: float | None = None


class CellRecord(BaseModel):
    """How a cell was made: seconds of each phase, steps, what was left out, and the peak of memory in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    cell: str
    train_seconds: float
    generate_seconds: float
    intervene_seconds: float = 0.0
    steps: int
    out_of_time: bool
    trained_on: int
    too_long: int
    peak_memory: int


Tell = Callable[[Progress], None]
DONE = "done"  # the last phase of every cell
_PROBES = 4  # how often a training shows answer-exact and trace-exact on the validation sample


def run_cell(
    cell: Cell, task: str, base: Path, validation: Sequence[Problem], test: Sequence[Problem], tell: Tell
) -> None:
    """Make what the cell has not made yet. Raises UserError where its student cannot be trained or loaded."""
    training = _trained(cell, task, base, validation, tell)
    started = time.monotonic()
    if not cell.outputs.is_file():
        _generate(cell, task, base, test, tell)
    generate_seconds = time.monotonic() - started
    outputs = list(read_jsonl(cell.outputs, Output))
    write_jsonl(cell.verdicts, judge(task, test, outputs))
    record = CellRecord(
        cell=cell.name,
        train_seconds=training.seconds if training else 0.0,
        generate_seconds=generate_seconds,
        steps=training.steps if training else 0,
        out_of_time=training.out_of_time if training else False,
        trained_on=training.trained_on if training else 0,
        too_long=training.too_long if training else 0,
        peak_memory=_peak_memory(),
    )
    write_text(cell.record, record.model_dump_json(indent=1) + "\n")


def read_record(cell: Cell) -> CellRecord:
    """How a finished cell was made."""
    return CellRecord.model_validate_json(cell.record.read_text(encoding="utf-8"))


def record_interventions(cell: Cell, seconds: float) -> None:
    """Add to a finished cell's record that this process intervened on its student for so long."""
    known = read_record(cell)
    changed = {
        "intervene_seconds": known.intervene_seconds + seconds,
        "peak_memory": max(known.peak_memory, _peak_memory()),
    }
    write_text(cell.record, known.model_copy(update=changed).model_dump_json(indent=1) + "\n")


def _peak_memory() -> int:
    """Of this process, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def judge(task: str, problems: Sequence[Problem], outputs: Sequence[Output]) -> list[Verdict]:
    """The verdict on each output, joined to its problem by id. Raises UserError if one has no problem."""
    by_id = {problem.id: problem for problem in problems}
    unknown = next((output.id for output in outputs if output.id not in by_id), None)
    if unknown is not None:
        raise UserError(
            f"there is no problem {unknown!r} for this output", expected="outputs of this study's test side"
        )
    judged_by = Judge.of(get_task(task))
    return [judged_by.verdict(judged_by.prepare(by_id[o.id]), o) for o in outputs]


def _trained(cell: Cell, task: str, base: Path, validation: Sequence[Problem], tell: Tell) -> "TrainingRecord | None":
    """Train the student of the cell, if that is not done yet; None where the regime asks the base as it is."""
    from tracekd.students.teach import RECORD, TrainingRecord, teach

    if get_regime(cell.regime).prompted:
        return None
    if (cell.model / RECORD).is_file():
        return TrainingRecord.model_validate_json((cell.model / RECORD).read_text(encoding="utf-8"))

    def watcher(prompting: "Prompting") -> "Watch":
        return _Probe(cell, task, validation, _writer(cell, task, prompting), tell).watch

    return teach(cell.student, cell.seed, base, read_jsonl(cell.sft, Example), cell.model, watcher)


class _Probe:
    """Tells the progress of a training, with exact answers and traces on a validation sample a few times."""

    def __init__(self, cell: Cell, task: str, validation: Sequence[Problem], writer: "Writer", tell: Tell) -> None:
        self.cell, self.task, self.validation, self.writer, self.tell = cell, task, validation, writer, tell
        self.answer: float | None = None
        self.trace: float | None = None

    def watch(self, step: "Step") -> None:
        if step.number % max(1, step.of // _PROBES) == 0:
            self.answer, self.trace = self.writer.exact(step.model, get_task(self.task), self.validation)
            step.log({"answer_exact": self.answer, "trace_exact": self.trace})
        self.tell(
            Progress(
                cell=self.cell.name, phase="train", step=step.number, total=step.of, loss=step.loss,
                answer=self.answer, trace=self.trace,
            )
        )  # fmt: skip


def _writer(cell: Cell, task: str, prompting: "Prompting") -> "Writer":
    from tracekd.students.asking import asker, stop_of
    from tracekd.students.generate import Origin
    from tracekd.study.writes import Writer

    regime = get_regime(cell.regime)
    examples = list(read_jsonl(cell.sft, Example)) if regime.prompted else []
    ask = asker(regime, get_task(task).template, examples, cell.seed)
    origin = Origin(cell.regime, cell.student.name, cell.seed)
    return Writer(cell.student, prompting, ask, origin, stop_of(regime, prompting.chat))


def _generate(cell: Cell, task: str, base: Path, test: Sequence[Problem], tell: Tell) -> None:
    """Make the outputs that are not there yet: a kill loses none that was made."""
    import torch

    from tracekd.students.checkpoint import load
    from tracekd.students.output_file import complete
    from tracekd.students.prompting import Prompting

    folder = base if get_regime(cell.regime).prompted else cell.model
    model, tokenizer = load(folder, dtype=getattr(torch, cell.student.precision))
    writer = _writer(cell, task, Prompting.of(tokenizer, cell.student.chat))
    verdicts: list[Verdict] = []

    def make(missing: Sequence["Asked"]) -> Iterator[tuple[Output, ...]]:
        for outputs in writer.outputs(model, missing):
            verdicts.extend(judge(task, test, outputs))
            yield outputs

    def told(done: int) -> None:
        if verdicts and (done % 8 == 0 or done == len(test)):
            answer, trace = sum(v.answer for v in verdicts), sum(v.trace for v in verdicts)
            tell(
                Progress(
                    cell=cell.name, phase="generate", step=done, total=len(test),
                    answer=answer / len(verdicts), trace=trace / len(verdicts),
                )
            )  # fmt: skip

    complete(cell.outputs, _recipe(cell, task, writer), writer.asked(test), make, told)


def _recipe(cell: Cell, task: str, writer: "Writer") -> "OutputRecipe":
    from tracekd.students.output_file import OutputRecipe

    decoding = writer.decoding
    return OutputRecipe(
        task=task, regime=cell.regime, student=cell.student.name, weights=cell.model.name, engine="transformers",
        precision=cell.student.precision, chat=writer.prompting.chat, max_new_tokens=decoding.max_new_tokens,
        temperature=decoding.temperature, samples=decoding.samples, seed=cell.seed, stop=decoding.stop,
    )  # fmt: skip
