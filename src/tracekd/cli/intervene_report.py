"""What `tracekd intervene` prints: how much answers changed with the trace, for each student and regime."""

from collections.abc import Iterator

from pydantic import BaseModel
from rich.console import Console

from tracekd.cli.made_effects import MadeEffects
from tracekd.cli.plain_table import print_table, say, say_whole, short
from tracekd.cli.terminal import echo_json, terminal
from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_file import read_effects
from tracekd.interventions.measures import Reliance, RelianceSummary, UnderCondition, measure
from tracekd.interventions.mediation import Mediation
from tracekd.interventions.run import own_again
from tracekd.stats.estimate import Measure
from tracekd.students.output import Output

# The columns: the share of right answers, of answers that differ from the one after the student's own trace, and of
# implied answers; the change in the log-odds of the gold answer, in nats.
_HEAD = ("trace", "n", "right", "changed", "implied", "log-odds")


class Report(BaseModel):
    """The measures; the files of effects; the cells of a study that were left out or failed, with the reason.

    `own_traces`: how many traces of students were forced on them again; `own_again`: how often the student then gave the
    same answer as in its own output.
    """

    files: tuple[str, ...]
    own_again: int
    own_traces: int
    left_out: dict[str, str]
    failures: dict[str, str]
    summary: RelianceSummary


def show(made: MadeEffects, *, as_json: bool) -> None:
    """Compute the measures, and print them. Raises UserError if the files do not belong together."""
    report = _report(made)
    if as_json:
        echo_json(report)
        return
    console = terminal()
    for reliance in report.summary.cells:
        _print(console, reliance)
    for one in report.summary.mediations:
        _print_mediation(console, one)
    say(
        console,
        "\nper cent of answers: right, changed (against the student's own trace), implied; log-odds of the gold answer, "
        "minus those after its own trace, in nats; 95 % intervals in brackets",
    )
    if report.own_again < report.own_traces:
        say(
            console,
            f"with their own trace forced again, students repeated their own answer in {report.own_again:,} of "
            f"{report.own_traces:,} outputs: the others have other text than `</think> <answer>` between trace and answer",
        )
    for cell, reason in report.left_out.items():
        say_whole(console, f"{cell} is left out: {reason}")
    for cell, reason in report.failures.items():
        say_whole(console, f"tracekd: interventions on the cell {cell} failed: {reason}")
    for file in report.files:
        say_whole(console, f"effects: {file}")


def _report(made: MadeEffects) -> Report:
    effects: list[Effect] = []
    again = traces = 0
    for file, outputs in made.files.items():
        found = list(read_effects(file, [problem.id for problem in made.problems], made.conditions))
        same, of = own_again(found, read_jsonl(outputs, Output), made.problems, made.setting)
        effects, again, traces = effects + found, again + same, traces + of
    try:
        summary = measure(effects)
    except ValueError as error:
        raise UserError(str(error), where=next(iter(made.files))) from None
    files = tuple(map(str, made.files))
    return Report(
        files=files,
        own_again=again,
        own_traces=traces,
        left_out=made.left_out,
        failures=made.failures,
        summary=summary,
    )


def _print(console: Console, reliance: Reliance) -> None:
    seeds = ", ".join(map(str, reliance.seeds))
    title = f"{short(reliance.student)}, taught {short(reliance.regime)}; {reliance.problems:,} problems, seeds {seeds}"
    print_table(console, title, _HEAD, [_row(under) for under in reliance.conditions])
    published = {name: one for name, one in reliance.published.items() if one.value is not None}
    if published:
        said = ", ".join(f"{name} {_with_interval(one, '{:.2f}', 1)}" for name, one in published.items())
        say_whole(console, f"measures of the literature: {said}")
    for line in _unsupported(reliance):
        say_whole(console, line)


def _print_mediation(console: Console, one: Mediation) -> None:
    title = (
        f"{short(one.student)}: right answers, from {short(one.first)} to {short(one.second)}, in points; direct: only the "
        "student is exchanged, indirect: only the trace"
    )
    effects = {
        "in all": one.total,
        f"direct, after traces of {short(one.first)}": one.direct.difference,
        f"direct, after traces of {short(one.second)}": one.direct_after_second.difference,
        f"indirect, in students of {short(one.first)}": one.indirect_in_first.difference,
        f"indirect, in students of {short(one.second)}": one.indirect.difference,
    }
    rows = [(name, f"{value.n:,}", _with_interval(value, "{:+.0f}", 100)) for name, value in effects.items()]
    print_table(console, title, ("effect", "n", "difference"), rows)


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
    """What was not tried, and why; conditions with the same reason are on one line."""
    named: dict[str, list[str]] = {}
    for under in reliance.conditions:
        for reason, number in under.unsupported.items():
            named.setdefault(reason, []).append(f"{under.condition} {number:,}")
    for reason, conditions in named.items():
        yield f"not tried, because {reason}: {', '.join(conditions)}"
