"""Reads supervised data row by row and reports what is wrong with it. Nothing in the data is ever evaluated."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from pydantic import BaseModel

from tracekd.audit.faults import Findings
from tracekd.audit.free_audit import FreeAudit
from tracekd.audit.free_rows import FreeRows
from tracekd.audit.give_away import give_aways
from tracekd.audit.ledger import Ledger, PartKey, Place
from tracekd.audit.report import AuditReport, PartReport, fault_reports
from tracekd.audit.row_checks import checks
from tracekd.audit.row_parts import regime_row, row_parts
from tracekd.audit.shared_rows import Origins, by_split, find_duplicates, find_overlap, relate
from tracekd.audit.survey import DataFile, Survey, audited_files, copies_of, survey
from tracekd.audit.tokens import TokenLengths, TokenMeter
from tracekd.errors import UserError
from tracekd.regimes.names import intent_of
from tracekd.sft.layouts import Decode
from tracekd.sft.supervised_row import ReadRow, SupervisedRow, read_row
from tracekd.tasks import Task
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import records_of_file
from tracekd.transcript.trace_tags import TraceTags
from tracekd.verify.trace_kind import TraceKind

_TOLD_EVERY = 1000


@dataclass(frozen=True)
class AuditScope:
    """What to audit. `thresholds` has an entry for every fault; `regime` is for rows that do not name their regime;
    `trace_tags` are marks of reasoning that the user names. `trace` says how traces are judged; free ones belong to one of
    `problems`, or, without them, to the question and context that their own row shows.
    """

    paths: Sequence[str]
    thresholds: dict[str, float | None]
    against: Sequence[str] = ()
    task: str | None = None
    regime: str | None = None
    max_tokens: int | None = None
    trace_tags: TraceTags | None = None
    trace: TraceKind = "template"
    problems: Sequence[str] = ()


def audit(
    scope: AuditScope,
    *,
    tokenizer: TokenLengths | None = None,
    decode: Decode | None = None,
    write: Callable[[BaseModel], None] | None = None,
    tell: Callable[[int], None] = lambda rows: None,
) -> AuditReport:
    """Audit the data. `write` is called with every finding, `tell` with the number of rows read so far.

    Raises UserError if no data can be read, or if its task cannot be determined.
    """
    files = [*audited_files(scope.paths, "path"), *audited_files(scope.against, "against")]
    read = partial(read_row, decode=decode, tags=scope.trace_tags)
    found = survey(files, scope.task, scope.regime, read)
    findings = Findings(write)
    meter = TokenMeter(tokenizer, scope.max_tokens, findings) if tokenizer else None
    running = _Audit(found, files, findings, read, meter, _traces(scope, found.task, findings))
    records = ((number, record) for number, file in enumerate(files) for record in records_of_file(file.path))
    count = 0
    for count, (number, record) in enumerate(records, start=1):
        running.read(record, number)
        if count % _TOLD_EVERY == 0:
            tell(count)
    if not count:
        raise UserError("there is no row to audit", where=files[0].path)
    return running.finish(scope)


def _traces(scope: AuditScope, task: Task, findings: Findings) -> FreeAudit | None:
    """Raises UserError if free traces of the task cannot be judged, or if no problem can be read."""
    if scope.trace == "template":
        return None
    return FreeAudit(scope.trace, FreeRows.of(task, scope.problems), findings)


@dataclass
class _Audit:
    survey: Survey
    files: Sequence[DataFile]
    findings: Findings
    read_row: ReadRow
    meter: TokenMeter | None
    traces: FreeAudit | None
    ledgers: dict[PartKey, Ledger] = field(default_factory=dict)
    origins: Origins = field(default_factory=Origins)
    layouts: Counter[str] = field(default_factory=Counter)
    delimiters: Counter[str] = field(default_factory=Counter)

    def read(self, record: Record | Skipped, number: int) -> None:
        """Check one record of the file with this number."""
        file = self.files[number]
        try:
            row = self._row(record)
        except Fault as fault:
            key = PartKey(file.side, file.split, self.survey.regimes[file.path][0])
            self.findings.count_checked("unreadable", key, 1)
            skipped = Skipped.of(fault, record.where)
            self.findings.add("unreadable", key, skipped.where, f"{skipped.reason}: {skipped.detail}")
            return
        self.layouts[row.layout] += 1
        self.delimiters[row.delimiters] += 1
        key = PartKey(file.side, file.split, self.survey.regime(row, file))
        self.findings.count_checked("unreadable", key, 1)
        if key not in self.ledgers:
            self.ledgers[key] = Ledger(key)
        self._check(row, self.ledgers[key], number)

    def _row(self, record: Record | Skipped) -> SupervisedRow:
        if isinstance(record, Skipped):
            raise Fault(record.reason, record.detail)
        row = self.read_row(record)
        if row.task is not None and row.task != self.survey.task.name:
            raise Fault("of another task", row.task[:60])
        return row

    def _check(self, source: SupervisedRow, ledger: Ledger, number: int) -> None:
        task, regime = self.survey.task, ledger.key.regime
        parts = row_parts(source, task, self.files[number].path.stem)
        expected = self.survey.expected_of(regime)
        in_template = self.traces is None or self.traces.is_in_template(parts)
        if not in_template:
            expected = replace(expected, label=False, facts=False)
        row = regime_row(parts, task, regime, intent_of(regime), expected)
        ledger.add(row, Place(number, source.line, source.number))
        if self.traces and not in_template:
            verdict = self.traces.check(row, ledger.key)
            # The answer of a free trace may stand anywhere, in a form that the template does not foresee.
            if row.differs and verdict is not None and verdict.lenient_answer:
                row = replace(row, differs=False)
        for fault, said in checks(row, in_template=in_template):
            if said and fault == "message_of_another_question" and self.origins.wait(row, ledger.key, said):
                self.findings.count_checked(fault, ledger.key, 1)
            elif said is not None:
                self.findings.tell(fault, ledger.key, source.where, said)
        if self.meter:
            self.meter.add(row, ledger)

    def finish(self, scope: AuditScope) -> AuditReport:
        """Find the faults that need all rows, and make the report."""
        if self.meter:
            self.meter.flush()
        ledgers = list(self.ledgers.values())
        against = relate(ledgers)
        self.origins.tell(ledgers, self._where, self.findings)
        for ledger in ledgers:
            find_duplicates(ledger, self._where, self.findings)
        splits = by_split(ledgers)
        for at, later in enumerate(splits[1:], start=1):
            for ledger in later:
                find_overlap(list(chain(*splits[:at])), ledger, self._where, self.findings)
        telling = tuple(give_aways(ledgers, scope.thresholds["give_away"]))
        return AuditReport(
            task=self.survey.task.name,
            rows=sum(ledger.rows_read for ledger in ledgers),
            copies=(*map(str, copies_of(scope.paths)), *map(str, copies_of(scope.against))),
            layouts=dict(self.layouts.most_common()),
            delimiters=dict(self.delimiters.most_common()),
            parts=tuple(map(self._part, ledgers)),
            traces=self.traces.counts() if self.traces else None,
            against=against,
            faults=fault_reports(self.findings, scope.thresholds, ledgers, telling, has_free=self.traces is not None),
            give_away=telling,
            lost_targets=self.meter.lost() if self.meter else None,
        )

    def _where(self, place: Place) -> str:
        return Record(self.files[place.file].path, place.line, place.number, b"").where

    def _part(self, ledger: Ledger) -> PartReport:
        files = [self.files[number].path for number in sorted(ledger.files)]
        said_by = dict.fromkeys(self.survey.regimes[path][1] for path in files)
        return PartReport(
            regime=ledger.key.regime,
            regime_from=" and ".join(said_by),
            split=ledger.key.split,
            side=ledger.key.side,
            files=tuple(map(str, files)),
            rows=ledger.rows_read,
            classes=dict(ledger.labels.most_common()),
        )
