"""The report of an audit, as `--json` prints it; and which faults are above their threshold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tracekd.audit.faults import FAULTS, FaultKind, Finding, Findings
from tracekd.audit.give_away import GiveAway
from tracekd.audit.ledger import Ledger, PartKey

Verdict = Literal["ok", "FAULT", "reported", "not checked"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FaultReport(_Frozen):
    """One fault. `share` is `rows` / `checked`; for give_away, it is the highest accuracy found."""

    name: str
    about: str
    rows: int
    checked: int
    share: float | None
    threshold: float | None
    verdict: Verdict
    by_part: dict[str, int]
    examples: tuple[Finding, ...]


class PartReport(_Frozen):
    """Rows of one regime and split. `regime_from` says how the regime was determined."""

    regime: str
    regime_from: str
    split: str | None
    side: str
    files: tuple[str, ...]
    rows: int
    classes: dict[str, int]


class LostTargets(_Frozen):
    """With a token limit: how many rows lose a part of their completion, and how many lose all of it."""

    max_tokens: int
    part: int
    all: int


class TraceCounts(_Frozen):
    """How many traces were judged by each reading, and what the free ones consist of.

    `free` are judged statement by statement; `not_judged` ones are not in the template, and cannot be judged otherwise:
    `reasons` says why. `problems_skipped` records of --problems are not valid problems. `unread` of the statements cannot be
    read, `claims` of them claim something, `holding` of these are in the context or follow from it.
    """

    template: int
    free: int
    not_judged: int
    reasons: dict[str, int]
    problems_skipped: int
    statements: int
    unread: int
    claims: int
    holding: int


class AuditReport(_Frozen):
    """The report of an audit. `against` says how --against was interpreted, and why. `layouts` and `delimiters` count the
    rows by the columns that were read, and by what marks the trace within a completion. `copies` are files that were not read,
    because a Parquet file has the same name. `traces` is None if all traces were judged by the template."""

    task: str
    rows: int
    copies: tuple[str, ...]
    layouts: dict[str, int]
    delimiters: dict[str, int]
    parts: tuple[PartReport, ...]
    traces: TraceCounts | None
    against: str | None
    faults: tuple[FaultReport, ...]
    give_away: tuple[GiveAway, ...]
    lost_targets: LostTargets | None

    @property
    def is_faulty(self) -> bool:
        """Whether any fault is above its threshold."""
        return any(fault.verdict == "FAULT" for fault in self.faults)


_LISTED = 5


def fault_reports(
    findings: Findings,
    thresholds: Mapping[str, float | None],
    ledgers: Sequence[Ledger],
    telling: Sequence[GiveAway],
    *,
    has_free: bool,
) -> tuple[FaultReport, ...]:
    """A report of each fault, in the order in which they are listed. `has_free`: traces were judged as free ones."""
    special = {"class_imbalance": _imbalance(thresholds, ledgers), "give_away": _give_away(thresholds, telling)}
    kinds = [kind for kind in FAULTS.values() if has_free or not kind.of_free]
    return tuple(special.get(kind.name) or _counted(kind, findings, thresholds[kind.name]) for kind in kinds)


def _counted(kind: FaultKind, findings: Findings, threshold: float | None) -> FaultReport:
    by_part: Counter[str] = Counter()
    for (fault, key), rows in findings.found.items():
        if fault == kind.name:
            by_part[part_name(key)] += rows
    checked = sum(rows for (fault, _), rows in findings.checked.items() if fault == kind.name)
    rows = by_part.total()
    share = rows / checked if checked else None
    return FaultReport(
        name=kind.name, about=kind.about, rows=rows, checked=checked, share=share, threshold=threshold,
        verdict=_verdict(share, threshold), by_part=dict(by_part), examples=tuple(findings.examples[kind.name]),
    )  # fmt: skip


def part_name(key: PartKey) -> str:
    """The name of a part, for people."""
    return " ".join(filter(None, (key.regime, key.split, "--against" if key.side == "against" else None)))


def _verdict(share: float | None, threshold: float | None) -> Verdict:
    if share is None:
        return "not checked"
    if threshold is not None and share > threshold:
        return "FAULT"
    return "reported" if share else "ok"


def _imbalance(thresholds: Mapping[str, float | None], ledgers: Sequence[Ledger]) -> FaultReport:
    classes = sum((ledger.labels for ledger in ledgers if ledger.key.side == "path"), Counter[str]())
    checked, threshold = classes.total(), thresholds["class_imbalance"]
    label, rows = max(classes.items(), key=lambda item: item[1], default=("", 0))
    share = rows / checked if checked else None
    said = f"{label!r}, of {len(classes)} classes"
    example = Finding(fault="class_imbalance", where="all rows", regime="", split=None, said=said)
    return FaultReport(
        name="class_imbalance", about=FAULTS["class_imbalance"].about, rows=rows, checked=checked, share=share,
        threshold=threshold, verdict=_verdict(share, threshold), by_part={}, examples=(example,) if checked else (),
    )  # fmt: skip


def _give_away(thresholds: Mapping[str, float | None], telling: Sequence[GiveAway]) -> FaultReport:
    """`rows` counts pairs of regimes and numbers; the share is the highest accuracy among the judged pairs."""
    judged = [(pair, name, found) for pair in telling if pair.judged for name, found in pair.numbers.items()]
    judged.sort(key=lambda item: -item[2].accuracy)
    given = sum(found.gives_away for _, _, found in judged)
    threshold = thresholds["give_away"]
    verdict: Verdict = "FAULT" if given else "not checked" if not judged else "reported" if threshold is None else "ok"
    examples = [
        Finding(fault="give_away", where=f"{pair.first} and {pair.second}", regime=pair.second, split=None,
                said=f"{name.replace('_', ' ')} tells {found.accuracy:.0%} of them ({found.low:.2f} to {found.high:.2f})")
        for pair, name, found in judged if found.gives_away
    ]  # fmt: skip
    return FaultReport(
        name="give_away", about=FAULTS["give_away"].about, rows=given, checked=len(judged),
        share=judged[0][2].accuracy if judged else None, threshold=threshold, verdict=verdict,
        by_part=dict(Counter(f"{pair.first}, {pair.second}" for pair, _, found in judged if found.gives_away)),
        examples=tuple(examples[:_LISTED]),
    )  # fmt: skip
