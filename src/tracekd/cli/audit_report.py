"""What `tracekd audit` prints: one JSON object, or tables for people."""

from collections.abc import Iterator
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tracekd.audit.give_away import GiveAway
from tracekd.audit.report import AuditReport, FaultReport, TraceCounts
from tracekd.cli.layout_line import layout_line
from tracekd.cli.terminal import echo_json, terminal
from tracekd.plain_text import plain_line

_LISTED = 8
_STYLES = {"FAULT": "[bold red]FAULT[/]", "not checked": "[dim]not checked[/]"}


def show(report: AuditReport, out: Path | None, *, as_json: bool) -> None:
    """Print the report: on standard output as JSON, or as tables, with the first findings of each fault."""
    if as_json:
        echo_json(report)
        return
    console = terminal()
    console.print(f"{report.rows:,} rows of {_plain(report.task)}", highlight=False)
    console.print(_plain(layout_line(report.layouts, report.delimiters)), highlight=False, soft_wrap=True)
    if report.copies:
        names = ", ".join(Path(file).name for file in report.copies[:_LISTED]) + ", ..." * (
            len(report.copies) > _LISTED
        )
        said = f"not read, because the Parquet file of the same name is: {_plain(names)}"
        console.print(said, highlight=False, soft_wrap=True)
    if report.traces:
        for line in _traces(report.traces):
            console.print(_plain(line), highlight=False, soft_wrap=True)
    console.print(_parts(report))
    if report.against:
        console.print(f"--against is treated as {_plain(report.against)}\n", highlight=False)
    console.print(_faults(report))
    if report.give_away:
        console.print(_give_away(report))
    if report.lost_targets:
        lost = report.lost_targets
        console.print(
            f"at {lost.max_tokens:,} tokens, {lost.part:,} rows lose a part of their completion, {lost.all:,} all of it",
            highlight=False,
        )
    for fault in report.faults:
        if fault.rows and fault.verdict != "ok":
            _examples(fault, console)
    if out is not None:
        console.print(f"all findings: {_plain(str(out))}", highlight=False, soft_wrap=True)


def _traces(traces: TraceCounts) -> Iterator[str]:
    judged = [f"{traces.template:,} by the template", f"{traces.free:,} statement by statement"]
    yield f"traces: {', '.join(judged)}, {traces.not_judged:,} not judged"
    for reason, count in traces.reasons.items():
        yield f"  not judged: {reason}: {count:,}"
    if traces.problems_skipped:
        yield f"{traces.problems_skipped:,} records of --problems are not valid problems"
    if traces.statements:
        unread = f"{traces.unread / traces.statements:.1%} of them cannot be read"
        holding = f"{traces.holding:,} of the {traces.claims:,} claims hold"
        yield f"statements: {traces.statements:,}; {unread}; {holding}"


def _parts(report: AuditReport) -> Table:
    table = _table("regime", "as", "split", "rows", "classes", "files")
    for part in report.parts:
        files = ", ".join(Path(file).name for file in part.files[:3]) + (", ..." if len(part.files) > 3 else "")
        split = part.split or "-"
        table.add_row(
            _plain(part.regime), _plain(part.regime_from), _plain(split), f"{part.rows:,}", f"{len(part.classes)}",
            _plain(files),
        )  # fmt: skip
    return table


def _faults(report: AuditReport) -> Table:
    table = _table("fault", "rows", "share", "threshold", "verdict")
    for fault in report.faults:
        table.add_row(
            fault.name, f"{fault.rows:,}", _share(fault.share),
            "-" if fault.threshold is None else f"{fault.threshold:g}",
            _STYLES.get(fault.verdict, fault.verdict),
        )  # fmt: skip
    return table


def _give_away(report: AuditReport) -> Table:
    pairs = report.give_away
    table = _table("distinguished by", *(f"{_plain(pair.first)}\n{_plain(pair.second)}" for pair in pairs))
    for name in dict.fromkeys(name for pair in pairs for name in pair.numbers):
        table.add_row(name.replace("_", " "), *(_accuracy(pair, name) for pair in pairs))
    table.add_section()
    table.add_row("judged", *(_judged(pair) for pair in pairs))
    return table


def _judged(pair: GiveAway) -> str:
    if pair.judged:
        return "yes"
    return "no: meant to differ" if pair.same_problems else "no: other problems"


def _accuracy(pair: GiveAway, name: str) -> str:
    if name not in pair.numbers:
        return "-"
    found = pair.numbers[name]
    shown = f"{found.accuracy:.3f}"
    return f"[bold red]{shown}[/]" if found.gives_away else shown


def _examples(fault: FaultReport, console: Console) -> None:
    console.print(f"\n[bold]{fault.name}[/]: {_plain(fault.about)}", highlight=False, soft_wrap=True)
    for finding in fault.examples:
        console.print(f"  {_plain(finding.where)}: {_plain(finding.said)}", highlight=False, soft_wrap=True)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.2%}"


def _table(first: str, *columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first, overflow="fold")
    for name in columns:
        right = name in ("rows", "share", "threshold", "classes")
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    return table


def _plain(text: str) -> str:
    """Text of a file, for the terminal: no control characters, no markup."""
    return escape(plain_line(text))
