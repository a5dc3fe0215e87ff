"""A cell's outputs by the official logic: each judged, and the tables as they were published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from counts import Counts
from lines import Line, Row, read_lines, read_rows, rows_of
from official_answer import official_answer
from official_trace import Joined, OfficialJudge, OfficialTrace
from released import Cell, Released

from tracekd.errors import UserError
from tracekd.stats.estimate import Frozen
from tracekd.tasks.reading.fault import Skipped

STEPS = ("class", "retrieval", "trace")


@dataclass(frozen=True, slots=True)
class Judged:
    """One output by the official logic; `paper` and `fixed`: its answer before and after the parser was corrected."""

    line: Line
    trace: OfficialTrace
    paper: bool
    fixed: bool

    def step(self, name: str) -> bool:
        """Whether a step, or the whole trace, counts as right."""
        return {"class": self.trace.class_right, "retrieval": self.trace.facts_right, "trace": self.trace.right}[name]


class OfficialNumbers(Frozen):
    """The published tables' numbers. Shares are in [0, 1], and means over classes where the data set has several files.

    `class_step` and `retrieval_step` keep outputs without a trace in the denominator, `tables` leave them out
    (`unevaluated`), as the official scripts do; the answer in `tables` is the corrected one. `joined` counts outputs by the
    problem whose gold they were judged against.
    """

    n: int
    answer_paper: float
    answer_fixed: float
    answers_right_paper: int
    answers_right_fixed: int
    class_step: float
    retrieval_step: float
    unevaluated: int
    joined: dict[Joined, int]
    tables: dict[str, Counts]


@dataclass(frozen=True, slots=True)
class OfficialCell:
    """The results of the official logic for a cell. `unread`: invalid lines. `rebuilt`: there was no table of test items."""

    judged: tuple[Judged, ...]
    unread: tuple[Skipped, ...]
    rebuilt: bool
    numbers: OfficialNumbers


def judge_cell(cell: Cell, released: Released) -> OfficialCell:
    """Judge all outputs of a cell, file by file. Raises UserError if no output can be read."""
    by_class: dict[str, list[Judged]] = {}
    unread: list[Skipped] = []
    rebuilt = False
    for label, path in released.outputs[cell].items():
        found = list(read_lines(path, cell.data_set, label))
        lines = [line for line in found if isinstance(line, Line)]
        unread += [line for line in found if isinstance(line, Skipped)]
        rows = _gold_rows(released.tables.get((cell.data_set, label)), label, unread)
        rebuilt |= rows is None
        by_class[label] = list(_judge(cell, lines, rows_of(lines) if rows is None else rows))
    judged = tuple(one for group in by_class.values() for one in group)
    if not judged:
        files = next(iter(released.outputs[cell].values()))
        raise UserError("no output can be read", where=files, expected="the released format, one JSON object per line")
    return OfficialCell(judged, tuple(unread), rebuilt, _numbers(by_class))


def _gold_rows(table: Path | None, label: str, unread: list[Skipped]) -> list[Row] | None:
    """The rows of a table; None if there is no table, or if its format is unknown."""
    if table is None:
        return None
    try:
        return read_rows(table, label)
    except UserError as error:
        where = error.where or str(table)
        unread.append(Skipped(where=where, reason="this table of test items is not used", detail=error.problem[:300]))
        return None


def _judge(cell: Cell, lines: Iterable[Line], rows: Sequence[Row]) -> Iterable[Judged]:
    judge = OfficialJudge(cell.data_set, rows)
    for line in lines:
        answers = (official_answer(line, cell.data_set, when) for when in ("paper", "fixed"))
        yield Judged(line, judge.judge(line), *answers)


def _numbers(by_class: Mapping[str, Sequence[Judged]]) -> OfficialNumbers:
    judged = [one for group in by_class.values() for one in group]
    evaluated = [one for one in judged if one.trace.evaluated]
    joined: dict[Joined, int] = {"own": 0, "other": 0, "none": 0}
    for one in judged:
        joined[one.trace.joined] += 1
    return OfficialNumbers(
        n=len(judged),
        answer_paper=_macro([[one.paper for one in group] for group in by_class.values()]),
        answer_fixed=_macro([[one.fixed for one in group] for group in by_class.values()]),
        answers_right_paper=sum(one.paper for one in judged),
        answers_right_fixed=sum(one.fixed for one in judged),
        class_step=_macro([[one.trace.class_right for one in group] for group in by_class.values()]),
        retrieval_step=_macro([[one.trace.facts_right for one in group] for group in by_class.values()]),
        unevaluated=len(judged) - len(evaluated),
        joined=joined,
        tables={step: _table(step, evaluated) for step in STEPS} if evaluated else {},
    )


def _macro(classes: Sequence[Sequence[bool]]) -> float:
    """The mean over classes of the share that is right; all classes have the same weight (F12)."""
    return float(np.mean([np.mean(group) for group in classes if group]))


def _table(step: str, judged: Sequence[Judged]) -> Counts:
    counts = [0, 0, 0, 0]
    for one in judged:
        counts[2 * (not one.step(step)) + (not one.fixed)] += 1
    return Counts.model_validate(dict(zip(Counts.model_fields, counts, strict=True)))
