"""What `tracekd intervene` prints: how far answers moved with the trace, for each student and regime."""

from collections.abc import Iterator

import typer
from pydantic import BaseModel
from rich.console import Console

from tracekd.cli.intervene import Tried
from tracekd.cli.plain_table import print_table, say, say_whole, short
from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_file import read_effects
from tracekd.interventions.measures import Reliance, RelianceSummary, UnderCondition, measure
from tracekd.interventions.run import own_again
from tracekd.stats.estimate import Measure
from tracekd.students.output import Output

# How the table shows it: answers that are right, that are others than after the student's own trace, that are the one
# implied; and the change in the log-odds of the gold answer, in nats.
_HEAD = ("trace", "n", "right", "others", "implied", "log-odds")


class Report(BaseModel):
    """What was measured; where the effects lie; which cells of a study were left out, and which failed, with the reason.

    `own_again`: how many answers after a student's own trace, forced again, are those that it gave by itself, of
    `own_traces`.
    """

    files: tuple[str, ...]
    own_again: int
    own_traces: int
    left_out: dict[str, str]
    failures: dict[str, str]
    summary: RelianceSummary


def show(tried: Tried, *, as_json: bool) -> None:
    """Measure, and print it. Raises UserError where the files do not go together."""
    report = _report(tried)
    if as_json:
        typer.echo(report.model_dump_json(indent=1))
        return
    console = Console()
    for reliance in report.summary.cells:
        _print(console, reliance)
    say(
        console,
        "\nright, others (than after the student's own trace), implied: answers, per cent; log-odds: of the gold answer, "
        "less those after its own trace, in nats; intervals, in brackets, are of 95 %",
    )
    if report.own_again < report.own_traces:
        say(
            console,
            f"after their own trace, forced again, students gave their own answer {report.own_again:,} times in "
            f"{report.own_traces:,}: between trace and answer they write something else than `</think> <answer>`",
        )
    for cell, reason in report.left_out.items():
        say_whole(console, f"{cell} is left out: {reason}")
    for cell, reason in report.failures.items():
        say_whole(console, f"tracekd: interventions on the cell {cell} failed: {reason}")
    for file in report.files:
        say_whole(console, f"effects: {file}")


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
    return Report(
        files=files,
        own_again=again,
        own_traces=traces,
        left_out=tried.left_out,
        failures=tried.failures,
        summary=summary,
    )


def _print(console: Console, reliance: Reliance) -> None:
    seeds = ", ".join(map(str, reliance.seeds))
    title = f"{short(reliance.student)}, taught {short(reliance.regime)}; {reliance.problems:,} problems, seeds {seeds}"
    print_table(console, title, _HEAD, [_row(under) for under in reliance.conditions])
    for line in _unsupported(reliance):
        say_whole(console, line)


def _row(under: UnderCondition) -> tuple[str, ...]:
    supported = under.n - sum(under.unsupported.values())
    shares = (_with_interval(one, "{:.0f}", 100) for one in (under.accuracy, under.flips, under.follows))
    return under.condition, f"{supported:,}", *shares, _with_interval(under.log_odds_change, "{:+.1f}", 1)


def _with_interval(measured: Measure, form: str, unit: int) -> str:
    if measured.value is None:
        return "-"
    said = form.format(unit * measured.value)
    ends = measured.ci
    return said if ends is None else f"{said} [{form.format(unit * ends[0])}, {form.format(unit * ends[1])}]"


def _unsupported(reliance: Reliance) -> Iterator[str]:
    """What was not tried, and why; conditions that lack it for the same reason together."""
    named: dict[str, list[str]] = {}
    for under in reliance.conditions:
        for reason, number in under.unsupported.items():
            named.setdefault(reason, []).append(f"{under.condition} {number:,}")
    for reason, conditions in named.items():
        yield f"not tried, as {reason}: {', '.join(conditions)}"
