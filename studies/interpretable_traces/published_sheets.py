"""The published tables; beside each number are the result of the official logic and the correct one."""

from correct import CorrectNumbers
from counts import right_share
from evidence import Evidence
from published import PRINTED, Printed
from released import TITLES, Cell, DataSet
from sheet import Column, Entry, Sheet

STEP_NAMES = {"class": "class step", "retrieval": "retrieval step", "trace": "whole trace"}


def published_answers(evidence: Evidence, data_set: DataSet) -> Sheet:
    """Right answers: the printed number, the result of the official logic, and the correct one."""
    entries = []
    for cell in _cells(evidence, data_set):
        official, correct = evidence.cells[cell].official, evidence.cells[cell].correct
        printed = _share(PRINTED[cell].answer) if cell in PRINTED else None
        made = (official.answer_paper, official.answer_fixed)
        compared = (value for share in made for value in (share, _less(share, printed)))
        right = _right(correct, data_set, "answer", correct.answer)
        entries.append(Entry(_name(cell), (printed, *compared, *right), _table_of(cell)))
    return Sheet(
        name=f"answers-{data_set}",
        caption=f"{TITLES[data_set]}: right answers{_means(data_set)}",
        corner="Model and regime",
        columns=(
            Column("published", "printed"),
            Column("at paper time", "printed", "Official logic"),
            Column("minus published", "points", "Official logic"),
            Column("mended", "printed", "Official logic"),
            Column("minus published", "points", "Official logic"),
            *_correct_columns(data_set),
        ),
        entries=tuple(entries),
    )


def published_steps(evidence: Evidence, data_set: DataSet) -> Sheet:
    """The same for right steps of the trace."""
    entries = []
    for cell in _cells(evidence, data_set):
        official, correct = evidence.cells[cell].official, evidence.cells[cell].correct
        if not (cell.traced and official.tables):
            continue
        printed = PRINTED.get(cell, Printed("", 0.0))
        steps: dict[str, tuple[float | None, float | None, int]] = {
            "class": (printed.class_step, official.class_step, correct.class_step),
            "retrieval": (printed.retrieval_step, official.retrieval_step, correct.headline),
            "trace": (None, right_share(official.tables["trace"]), correct.trace),
        }
        for step, (percent, made, right) in steps.items():
            share = _share(percent)
            values = (share, made, _less(made, share), *_right(correct, data_set, step, right))
            entries.append(Entry(f"{_name(cell)}: {STEP_NAMES[step]}", values, _table_of(cell) if percent else ""))
    return Sheet(
        name=f"steps-{data_set}",
        caption=f"{TITLES[data_set]}: right steps of the trace{_means(data_set)}; the official share of whole "
        "traces is that of all outputs",
        corner="Model, regime and step",
        columns=(
            Column("published", "printed"),
            Column("as it counts", "printed", "Official logic"),
            Column("minus published", "points", "Official logic"),
            *_correct_columns(data_set),
        ),
        entries=tuple(entries),
    )


def _means(data_set: DataSet) -> str:
    return ", means over the four classes" if data_set == "cotempqa" else ""


def _correct_columns(data_set: DataSet) -> tuple[Column, ...]:
    means = (Column("mean over classes", "printed", "Correct"),) if data_set == "cotempqa" else ()
    return (*means, Column("all outputs", "printed", "Correct"))


def _right(correct: CorrectNumbers, data_set: DataSet, step: str, right: int) -> tuple[float | None, ...]:
    """The correct shares for the columns; only the published ones of CoTempQA are means over classes."""
    means = (correct.macro.get(step),) if data_set == "cotempqa" else ()
    return (*means, correct.share(right))


def _table_of(cell: Cell) -> str:
    return PRINTED[cell].table if cell in PRINTED else "not published"


def _cells(evidence: Evidence, data_set: DataSet) -> list[Cell]:
    return [cell for cell in evidence.cells if cell.data_set == data_set]


def _name(cell: Cell) -> str:
    return f"{cell.model}, {cell.regime}" + (f", seed {cell.seed}" if cell.seed else "")


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def _less(made: float | None, printed: float | None) -> float | None:
    return None if made is None or printed is None else made - printed
