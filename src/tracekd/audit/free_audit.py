"""The part of an audit that judges free traces: which rows it judges, what it finds, and the counts of both."""

from collections import Counter
from dataclasses import dataclass, field

from tracekd.audit.faults import Findings
from tracekd.audit.free_checks import free_checks
from tracekd.audit.free_rows import FreeRows
from tracekd.audit.ledger import PartKey
from tracekd.audit.report import TraceCounts
from tracekd.audit.row_parts import RegimeRow, RowParts
from tracekd.transcript.transcript import Transcript
from tracekd.verify.free_verdict import FreeVerdict
from tracekd.verify.trace_kind import TraceKind, is_free

OF_ANOTHER = "its messages belong to another question"


@dataclass
class FreeAudit:
    """Judges the free traces of an audit. `kind` is `free` or `auto`."""

    kind: TraceKind
    rows: FreeRows
    findings: Findings
    template: int = 0
    not_judged: Counter[str] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)

    def is_in_template(self, parts: RowParts) -> bool:
        """Whether the trace of a row is judged by the template; counts those that are."""
        found = is_free(self.kind, Transcript.of(parts.source.completion), self.rows.task.template)
        self.template += not found
        return not found

    def check(self, row: RegimeRow, key: PartKey) -> FreeVerdict | None:
        """Judge the free trace of a row; None if that is impossible. Messages of another question are one fault, so their
        trace is not judged.
        """
        if not row.comparable:
            self.not_judged[OF_ANOTHER] += 1
            return None
        judged = self.rows.judge(row.source, row.gold)
        if isinstance(judged, str):
            self.not_judged[judged] += 1
            return None
        if judged.no_trace is not None:
            self.not_judged[judged.no_trace] += 1
            return judged.verdict
        self._add(judged.verdict)
        for fault, said in free_checks(judged.verdict, row.intent):
            self.findings.tell(fault, key, row.source.where, said)
        return judged.verdict

    def _add(self, verdict: FreeVerdict) -> None:
        self.totals["free"] += 1
        trace = verdict.trace
        self.totals.update(statements=trace.total, unread=trace.unread, claims=trace.claims, holding=trace.holding)

    def counts(self) -> TraceCounts:
        """How many traces were judged, and what they consist of."""
        totals = {name: self.totals[name] for name in ("free", "statements", "unread", "claims", "holding")}
        return TraceCounts(
            template=self.template, not_judged=self.not_judged.total(), reasons=dict(self.not_judged.most_common()),
            problems_skipped=self.rows.skipped,
            **totals,
        )  # fmt: skip
