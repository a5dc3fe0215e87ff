"""One cell: train, generate, verify. Finished parts are read, not made again."""

import time
from collections.abc import Sequence
from pathlib import Path

from tracekd.content_hash import remove
from tracekd.files import discard, read_json, read_jsonl, write_jsonl
from tracekd.problem import Problem
from tracekd.regimes import get_regime
from tracekd.sft.example import Example
from tracekd.students.clock import Step, Watch
from tracekd.students.engines.settings import TransformersSettings
from tracekd.students.generate import Origin
from tracekd.students.output import Output
from tracekd.students.output_file import files_of_outputs
from tracekd.students.prompting import Prompting
from tracekd.students.session import Session
from tracekd.students.teach import teach
from tracekd.students.training_record import RECORD, TrainingRecord, state_folder
from tracekd.study.plan import Cell
from tracekd.study.probe import Probe, Shares, shares
from tracekd.study.progress import Progress, Tell
from tracekd.study.record import CellRecord, peak_memory, write_record
from tracekd.tasks import get_task
from tracekd.verify.join import Problems
from tracekd.verify.judge import Judge
from tracekd.verify.run import judge_outputs
from tracekd.verify.verdict import Verdict

# When accuracy on the validation sample is measured; after the last step, the outputs for the test problems come next.
_PROBED_AT = (0.25, 0.5, 0.75)
_TOLD_EVERY = 8  # outputs


def run_cell(
    cell: Cell, task: str, base: Path, validation: Sequence[Problem], test: Sequence[Problem], tell: Tell
) -> Session | None:
    """Make the missing parts of the cell. Returns its student's session; None if its outputs were there, so that no
    student was needed. Raises UserError if the student cannot be trained or loaded.
    """
    training = _train(cell, task, base, validation, tell)
    started, session = time.monotonic(), None
    problems, judge = Problems.of(test), Judge.of(get_task(task), trace=cell.trace)
    if not cell.outputs.is_file():
        session = session_of(cell, task, base)
        _generate(cell, session, test, problems, judge, tell)
    generate_seconds = time.monotonic() - started
    write_jsonl(cell.verdicts, judge_outputs(read_jsonl(cell.outputs, Output), problems, judge))
    if session is None and cell.record.is_file():  # only the verdicts were missing: the times are still right
        return None
    record = CellRecord(
        cell=cell.name,
        train_seconds=training.seconds if training else 0.0,
        generate_seconds=generate_seconds,
        steps=training.steps if training else 0,
        out_of_time=training.out_of_time if training else False,
        trained_on=training.trained_on if training else 0,
        too_long=training.too_long if training else 0,
        peak_memory=peak_memory(),
    )
    write_record(cell.record, record)
    return session


def session_of(cell: Cell, task: str, base: Path, prompting: Prompting | None = None) -> Session:
    """A session with the student of a cell, or with the base if the regime trains no student. `prompting` is given for
    a student that is still in training and not yet in its folder.
    """
    regime, student = get_regime(cell.regime), cell.student
    return Session.of(
        base if regime.prompted else cell.model,
        get_task(task),
        regime,
        Origin(cell.regime, student.name, cell.seed),
        max_new_tokens=student.max_new_tokens,
        settings=TransformersSettings(student.precision, student.generation_batch),
        chat=student.chat,
        examples=list(read_jsonl(cell.sft, Example)) if regime.prompted else (),
        prompting=prompting,
    )


def _train(cell: Cell, task: str, base: Path, validation: Sequence[Problem], tell: Tell) -> TrainingRecord | None:
    """Train the student of the cell, unless it is trained; None if the regime asks the base without training."""
    if get_regime(cell.regime).prompted:
        return None
    if (cell.model / RECORD).is_file():
        discard(state_folder(cell.model))  # a kill may have left it
        return read_json(cell.model / RECORD, TrainingRecord)
    _forget(cell)

    def told(step: Step, right: Shares | None) -> None:
        answer, trace = right or (None, None)
        tell(
            Progress(
                cell=cell.name, phase="train", step=step.number, total=step.of, loss=step.loss, answer=answer, trace=trace
            )
        )  # fmt: skip

    def watcher(prompting: Prompting) -> Watch:
        session = session_of(cell, task, base, prompting)
        return Probe(session, validation, _PROBED_AT, told, cell.trace).watch

    return teach(cell.student, cell.seed, base, read_jsonl(cell.sft, Example), cell.model, watcher)


def _forget(cell: Cell) -> None:
    """Delete the results of an earlier student of this name: with a time budget, a new training gives another student."""
    for path in (*files_of_outputs(cell.outputs), cell.verdicts, cell.record):
        remove(path)
    discard(cell.model)


def _generate(
    cell: Cell, session: Session, test: Sequence[Problem], problems: Problems, judge: Judge, tell: Tell
) -> None:
    """Generate the missing outputs. If the process is killed, the outputs so far are kept."""
    verdicts: list[Verdict] = []

    def told(done: int) -> None:
        if verdicts and (done % _TOLD_EVERY == 0 or done == len(test)):
            answer, trace = shares(verdicts)
            tell(
                Progress(
                    cell=cell.name, phase="generate", step=done, total=len(test), answer=answer, trace=trace
                )
            )  # fmt: skip

    def judged(outputs: Sequence[Output]) -> None:
        verdicts.extend(judge_outputs(outputs, problems, judge))

    session.complete(cell.outputs, session.asked(test), told, judged)
