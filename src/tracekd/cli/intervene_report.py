"""What `tracekd intervene` prints: how far answers moved with the trace, for each student and regime."""

from collections.abc import Iterator

import typer
from pydantic import BaseModel
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tracekd.cli.intervene import Tried
from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_file import read_effects
from tracekd.interventions.measures import Measured, Reliance, RelianceSummary, measure
from tracekd.interventions.run import own_again
from tracekd.students.output import Output

_NUMBERS = ("right", "other answer than own", "implied answer", "log-odds of gold")


class Report(BaseModel):
    """What was measured; where the effects lie; and which cells of a study were left out, with the reason.

    `own_again`: how many answers after a student's own trace, forced again, are those that it gave by itself, of
    `own_traces`.
    """

    files: tuple[str, ...]
    own_again: int
    own_traces: int
    left_out: dict[str, str]
    summary: RelianceSummary


def show(tried: Tried, *, as_json: bool) -> None:
    """Measure, and print it. Raises UserError where the files do not go together."""
    report = _report(tried)
    if as_json:
        typer.echo(report.model_dump_json(indent=1))
        return
    console = Console()
    for reliance in report.summary.cells:
        console.print(_table(reliance))
        for line in _unsupported(reliance):
            console.print(line, soft_wrap=True, highlight=False)
    if report.own_again < report.own_traces:
        console.print(
            f"after their own trace, forced again, students gave their own answer {report.own_again:,} times in "
            f"{report.own_traces:,}: between trace and answer they write something else than `</think> <answer>`",
            soft_wrap=True, highlight=False,
        )  # fmt: skip
    for cell, reason in report.left_out.items():
        console.print(f"{escape(cell)} is left out: {escape(reason)}", soft_wrap=True, highlight=False)
    for file in report.files:
        console.print(f"effects: {escape(file)}", soft_wrap=True, highlight=False)


def _report(tried: Tried) -> Report:
    effects: list[Effect] = []
    again = traces = 0
    for file, outputs in tried.files.items():
        found = list(read_effects(file, tried.problems, tried.conditions))
        same, of = own_again(found, read_jsonl(outputs, Output), tried.template)
        effects, again, traces = effects + found, again + same, traces + of
    try:
        summary = measure(effects)
    except ValueError as error:
        raise UserError(str(error), where=next(iter(tried.files))) from None
    files = tuple(map(str, tried.files))
    return Report(files=files, own_again=again, own_traces=traces, left_out=tried.left_out, summary=summary)


def _table(reliance: Reliance) -> Table:
    seeds = ", ".join(map(str, reliance.seeds))
    title = (
        f"{escape(reliance.student)}, taught {escape(reliance.regime)}; {reliance.problems:,} problems, seeds {seeds}"
    )
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("trace", no_wrap=True)
    table.add_column("n", justify="right")
    for name in _NUMBERS:
        table.add_column(name, justify="right")
    for under in reliance.conditions:
        supported = under.n - sum(under.unsupported.values())
        shares = (_share(one) for one in (under.accuracy, under.flips, under.follows))
        table.add_row(escape(under.condition), f"{supported:,}", *shares, _nats(under.log_odds_change))
    return table


def _share(measured: Measured) -> str:
    return _with_interval(measured, "{:.0%}")


def _nats(measured: Measured) -> str:
    return _with_interval(measured, "{:+.2f}")


def _with_interval(measured: Measured, form: str) -> str:
    if measured.value is None:
        return "–"
    said = form.format(measured.value)
    interval = measured.interval
    return said if interval is None else f"{said} [{form.format(interval.low)}, {form.format(interval.high)}]"


def _unsupported(reliance: Reliance) -> Iterator[str]:
    """What was not tried, and why; conditions that lack it for the same reason together."""
    named: dict[str, list[str]] = {}
    for under in reliance.conditions:
        for reason, number in under.unsupported.items():
            named.setdefault(reason, []).append(f"{under.condition} {number:,}")
    for reason, conditions in named.items():
        yield f"not tried, as {escape(reason)}: {escape(', '.join(conditions))}"
