"""The report of `tracekd problems`: one JSON object, or tables for people."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict
from rich import box
from rich.markup import escape
from rich.table import Table

from tracekd.cli.terminal import echo_json, terminal
from tracekd.plain_text import plain_line
from tracekd.tasks.leakage import Leakage
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.tally import Agreement, Counts, Oracle

# Leakage by side: leaks[train][test] tells how much the test side shares with the training side.
Leaks = dict[str, dict[str, Leakage]]

_ALL = "all"
_HEADINGS = {
    "class_agree": "class",
    "answer_agree": "answer",
    "support_sufficient": "support suffices",
    "support_agree": "support",
}


class Side(BaseModel):
    """One side of a split."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    problems: int
    groups: int
    classes: dict[str, int]


class Report(Counts):
    """The output of `--json`. `files`: the written files. `against_skipped`: the skipped records of `--against`, by reason."""

    task: str
    sources: tuple[str, ...]
    outside_subset: int
    against_skipped: dict[str, int]
    files: tuple[str, ...]
    skipped_file: str | None
    split: dict[str, Side]
    leakage: Leaks


def show(report: Report, first_skipped: Sequence[Skipped], *, as_json: bool) -> None:
    """Print the report: on standard output as JSON, or as tables with the first skipped records."""
    if as_json:
        echo_json(report)
        return
    console = terminal()
    console.print(f"{report.problems:,} problems of {_plain(report.task)}\n", highlight=False)
    if report.problems:
        console.print(_classes(report))
    if set(report.strata) - {"answerable"}:
        console.print(_counted("stratum", report.strata))
    if report.outside_subset:
        console.print(f"{report.outside_subset:,} problems are outside the subset")
    if report.oracle:
        console.print(_counted("label fault", report.labels) if report.labels else "No label fault was found.")
    if report.split:
        console.print(_split(report.split))
    if report.leakage:
        console.print(_leaks(report.leakage))
    if report.skipped:
        console.print(_counted("skipped because", report.skipped))
        for skipped in first_skipped:
            console.print(
                _plain(": ".join(filter(None, (skipped.where, skipped.reason, skipped.detail)))), soft_wrap=True
            )
        console.print(f"All skipped records: {_plain(str(report.skipped_file))}", soft_wrap=True)
    if report.against_skipped:
        console.print(_counted("skipped from --against", report.against_skipped))
    for file in report.files:
        console.print(f"written: {_plain(file)}", soft_wrap=True)


def _classes(report: Report) -> Table:
    """A row for each class: the number of problems, and how many of them agree with the rules."""
    measures = _measures(report.oracle) if report.oracle else {}
    title = "agree/checked: class and answer by rule, and whether the gold support suffices" if measures else None
    table = _table(title, "class", "problems", *map(_heading, measures))
    for label, count in report.classes.items():
        found = report.oracle.by_class[label] if report.oracle else {}
        table.add_row(escape(label), f"{count:,}", *(_agreement(found[measure]) for measure in measures))
    table.add_section()
    table.add_row(_ALL, f"{report.problems:,}", *map(_agreement, measures.values()))
    return table


def _measures(oracle: Oracle) -> dict[str, Agreement]:
    """The measures that were checked for at least one problem."""
    every = {
        "class_agree": oracle.class_agree,
        "answer_agree": oracle.answer_agree,
        "support_sufficient": oracle.support_sufficient,
        **oracle.more,
    }
    return {measure: found for measure, found in every.items() if found[1]}


def _heading(measure: str) -> str:
    return _HEADINGS.get(measure, measure.replace("_", " "))


def _agreement(found: Agreement) -> str:
    agree, checked = found
    return f"{agree}/{checked}" if checked else "-"


def _split(sides: Mapping[str, Side]) -> Table:
    table = _table("split", "class", *sides)
    for label in sorted({label for side in sides.values() for label in side.classes}):
        table.add_row(escape(label), *(f"{side.classes.get(label, 0):,}" for side in sides.values()))
    table.add_section()
    table.add_row("problems", *(f"{side.problems:,}" for side in sides.values()))
    table.add_row("groups", *(f"{side.groups:,}" for side in sides.values()))
    return table


def _leaks(leaks: Leaks) -> Table:
    """A row for each measure, a column for each pair of sides."""
    columns = {f"{side}\nknown from {known}": leak for known, found in leaks.items() for side, leak in found.items()}
    table = _table("leakage: problems", "", *columns)
    counts = [leak.model_dump(exclude={"by_label"}) for leak in columns.values()]
    for measure in counts[0] if counts else ():
        table.add_row(measure.replace("_", " "), *(f"{count[measure]:,}" for count in counts))
    return table


def _counted(first: str, counts: Mapping[str, int]) -> Table:
    table = _table(None, first, "records" if first.startswith("skipped") else "problems")
    for name, count in counts.items():
        table.add_row(escape(name), f"{count:,}")
    return table


def _table(title: str | None, first: str, *columns: str) -> Table:
    table = Table(
        title=title and escape(title), box=box.SIMPLE_HEAD, title_justify="left", caption_justify="left",
        padding=(0, 1, 0, 0), pad_edge=False,
    )  # fmt: skip
    table.add_column(first, no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", overflow="fold")
    return table


def _plain(text: str) -> str:
    """Text from a file for the terminal, without control characters and markup."""
    return escape(plain_line(text))
