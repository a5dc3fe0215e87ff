"""Keeps the rows of supervised data whose answers are right, whose claims all hold, or both. Reads one row at a time."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracekd.audit.free_rows import FreeRows, JudgedRow
from tracekd.audit.kept_files import kept_name, kept_rows
from tracekd.errors import UserError
from tracekd.files import jsonl_writer
from tracekd.sft.supervised_row import ReadRow, SupervisedRow
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import records_of_file
from tracekd.verify.claims import Keep, failed_claim

LEFT_OUT = Path("left_out", "rows.jsonl")
NO_GOLD = "its right answer is not known"
WRONG_ANSWER = "its answer is wrong"
_TOLD_EVERY = 500
_LONGEST_QUOTE = 300
# Marks that are not known come from the rows, so there may be as many of them as rows.
_MOST_NAMES, _OTHERS = 1000, "others"


class LeftOutRow(BaseModel):
    """A row that is not kept. `where` is its file and line. If a statement is the reason, `at` is its index (from 0),
    `start` and `end` its place in the trace, `text` its first 300 characters, and `why` says how it stands to the context.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    where: str
    reason: str
    why: str = ""
    at: int | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None


class KeptFile(BaseModel):
    """A file that was written: its source (the name of the file and of its folder), and how many rows were read and kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: str
    rows: int
    kept: int


class FilterReport(BaseModel):
    """What a filter did. `left_out` counts rows by reason, `layouts` and `delimiters` by the columns that were read and by
    what marks their traces. `problems_skipped` records of --problems are not valid problems. Of the `statements` of judged
    traces, `unread` could not be read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str
    keep: Keep
    rows: int
    kept: int
    left_out: dict[str, int]
    problems_skipped: int
    statements: int
    unread: int
    layouts: dict[str, int]
    delimiters: dict[str, int]
    files: dict[str, KeptFile]


def kept_names(files: Sequence[Path]) -> dict[str, Path]:
    """The names of the files that are written, each with its source. Raises UserError if two sources have one name."""
    names: dict[str, Path] = {}
    for file in files:
        name = kept_name(file)
        if name in names:
            raise UserError(
                f"the kept rows of this file and of {names[name]} would be in one file, {name}", where=file,
                next_step="filter them one after the other",
            )  # fmt: skip
        names[name] = file
    return names


def filter_rows(
    files: Sequence[Path],
    rows: FreeRows,
    keep: Keep,
    read: ReadRow,
    out: Path,
    *,
    before_files_appear: Callable[[], None] = lambda: None,
    tell: Callable[[int], None] = lambda rows: None,
) -> FilterReport:
    """Write the rows of each file that are kept, in their order, and the list of the others. All files appear at the end.

    `tell` is called with the number of rows read. Raises UserError for a file that cannot be read at all, or if two files
    have the same name.
    """
    running = _Filter(rows, keep, read)
    made: dict[str, KeptFile] = {}
    with ExitStack() as opened:
        list_left_out = opened.enter_context(jsonl_writer(out / LEFT_OUT))
        for name, file in kept_names(files).items():
            write = opened.enter_context(kept_rows(file, out / name))
            before, kept = running.rows_read, 0
            for record in records_of_file(file):
                left_out = running.why_not(record)
                if left_out is not None:
                    list_left_out(left_out)
                elif isinstance(record, Record):
                    write(record)
                    kept += 1
                if running.rows_read % _TOLD_EVERY == 0:
                    tell(running.rows_read)
            source = f"{file.absolute().parent.name}/{file.name}"
            made[name] = KeptFile(source=source, rows=running.rows_read - before, kept=kept)
        before_files_appear()
    return running.report(made)


@dataclass
class _Filter:
    rows: FreeRows
    keep: Keep
    read: ReadRow
    rows_read: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    statements: int = 0
    unread: int = 0
    layouts: Counter[str] = field(default_factory=Counter)
    delimiters: Counter[str] = field(default_factory=Counter)

    def why_not(self, record: Record | Skipped) -> LeftOutRow | None:
        """Why a record is left out; None if it is kept."""
        self.rows_read += 1
        found = self._why_not(record)
        if found is not None:
            self.left_out[found.reason] += 1
        return found

    def _why_not(self, record: Record | Skipped) -> LeftOutRow | None:
        if isinstance(record, Skipped):
            return LeftOutRow(where=record.where, reason=record.reason, why=record.detail)
        try:
            row = self.read(record)
        except Fault as fault:
            skipped = Skipped.of(fault, record.where)
            return LeftOutRow(where=skipped.where, reason=skipped.reason, why=skipped.detail)
        _count(self.layouts, row.layout)
        _count(self.delimiters, row.delimiters)
        judged = self.rows.judge(row)
        if isinstance(judged, str):
            return LeftOutRow(where=row.where, reason=judged)
        if judged.no_trace is not None:
            return LeftOutRow(where=row.where, reason=judged.no_trace)
        self.statements += len(judged.verdict.statements)
        self.unread += sum(not one.is_read for one in judged.verdict.statements)
        return self._wrong_answer(row, judged) or self._wrong_claim(row, judged)

    def _wrong_answer(self, row: SupervisedRow, judged: JudgedRow) -> LeftOutRow | None:
        if self.keep == "claims":
            return None
        if not judged.has_gold:
            return LeftOutRow(where=row.where, reason=NO_GOLD)
        if judged.verdict.lenient_answer:
            return None
        return LeftOutRow(
            where=row.where, reason=WRONG_ANSWER, text=(judged.verdict.answer_text or "")[:_LONGEST_QUOTE]
        )

    def _wrong_claim(self, row: SupervisedRow, judged: JudgedRow) -> LeftOutRow | None:
        failed = None if self.keep == "answer" else failed_claim(judged.verdict.statements)
        if failed is None:
            return None
        if failed.at is None:
            return LeftOutRow(where=row.where, reason=failed.reason)
        one = judged.verdict.statements[failed.at]
        return LeftOutRow(
            where=row.where, reason=failed.reason, why=one.reason[:_LONGEST_QUOTE], at=failed.at, start=one.start,
            end=one.end, text=one.text[:_LONGEST_QUOTE],
        )  # fmt: skip

    def report(self, files: dict[str, KeptFile]) -> FilterReport:
        """The report on all rows that were read."""
        return FilterReport(
            task=self.rows.task.name,
            keep=self.keep,
            rows=self.rows_read,
            kept=self.rows_read - self.left_out.total(),
            left_out=dict(self.left_out.most_common()),
            problems_skipped=self.rows.skipped,
            statements=self.statements,
            unread=self.unread,
            layouts=dict(self.layouts.most_common()),
            delimiters=dict(self.delimiters.most_common()),
            files=files,
        )


def _count(names: Counter[str], name: str) -> None:
    names[name if name in names or len(names) < _MOST_NAMES else _OTHERS] += 1
