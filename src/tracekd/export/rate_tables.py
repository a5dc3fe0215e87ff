"""Verdicts and rates as tables, for cards and trackers of experiments."""

from tracekd.export.judged_run import JudgedRun
from tracekd.export.scores import STEPS, effects_of, rates_of, steps_of
from tracekd.stats.tables import Row, Table

_LONGEST = 500  # characters of a text in a table


def rates_table(run: JudgedRun) -> Table:
    """A row for each model, regime, seed and score."""
    rows = tuple(
        (*cell, name, number, rate)
        for cell, outputs in run.cells.items()
        for name, (rate, number) in rates_of(outputs).items()
    )
    columns = ("model", "regime", "seed", "score", "outputs", "rate")
    return Table("rates", "Rates by model, regime and seed", columns, rows)


def verdicts_table(run: JudgedRun) -> Table:
    """A row for each output; long texts are cut short."""
    effects = tuple(dict.fromkeys(name for judged in run.outputs for name in effects_of(judged.effects)))
    rows: list[Row] = []
    for problem, output, verdict, changed in run.outputs:
        steps, made = steps_of(verdict), effects_of(changed)
        rows.append(
            (
                problem.id, verdict.student, verdict.regime, verdict.seed, verdict.sample, problem.question[:_LONGEST],
                output.text[:_LONGEST], *(steps.get(name) for name in STEPS), verdict.reason[:_LONGEST],
                *(made.get(name) for name in effects),
            )
        )  # fmt: skip
    columns = ("id", "model", "regime", "seed", "sample", "question", "output", *STEPS, "reason", *effects)
    return Table("verdicts", "The verdict on each output", columns, tuple(rows))


def numbers(run: JudgedRun) -> dict[str, float]:
    """Each rate, in [0, 1], as `MODEL/REGIME/SEED/SCORE`."""
    return {
        f"{cell.model}/{cell.regime}/s{cell.seed}/{name}": rate
        for cell, outputs in run.cells.items()
        for name, (rate, _) in rates_of(outputs).items()
    }
