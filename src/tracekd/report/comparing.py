"""The tables of trace against answer (section 4) and of regime against regime (section 5)."""

from tracekd.report.figures import Mosaic
from tracekd.report.layout import StudentPart, association
from tracekd.report.numbers import Number, Unit, number, of_difference, of_estimate, of_proportion, p_value
from tracekd.report.tables import Row, Table, column
from tracekd.report.wording import both_ask_for_trace, direction
from tracekd.stats.association import Association, Counts, SeedTable, StepName
from tracekd.stats.paired import Comparison, Outcome

STEPS: dict[StepName, str] = {"trace": "trace", "class_step": "class step", "retrieval_step": "retrieval step"}
_TESTS = {"chi2": "chi-square", "fisher": "Fisher's exact", "none": "none"}
_CELLS = ("right_right", "right_wrong", "wrong_right", "wrong_wrong")


def mosaic_counts(found: Association) -> Mosaic:
    """The four counts, summed over seeds."""
    return Mosaic(*(sum(getattr(table.counts, cell) for table in found.tables) for cell in _CELLS))


def table_of(part: StudentPart, step: StepName) -> Table:
    """Four counts, joint fractions, both conditionals and phi, side by side."""
    name = STEPS[step]
    cells = {c: f"{name} {c.split('_')[0]}, answer {c.split('_')[1]}" for c in _CELLS}
    found = [association(cell, step) for cell in part.cells]

    counts = [mosaic_counts(item) for item in found]

    def estimates(header: str, of: str, remark: str = "", unit: Unit = "percent") -> Row:
        return Row(header, tuple(of_estimate(getattr(item, of), unit) for item in found), remark)

    rows = [
        Row(f"Outputs: {words}", tuple(Number(f"{getattr(c, cell):,}") for c in counts), "sum over seeds")
        for cell, words in cells.items()
    ]
    rows += [estimates(f"Share: {words}", cell, "of all outputs") for cell, words in cells.items()]
    rows += [
        estimates(f"Answer right, given {name} right", "answer_right_given_step_right"),
        estimates(f"Answer right, given {name} wrong", "answer_right_given_step_wrong"),
        estimates(f"{_upper(name)} right, given answer right", "step_right_given_answer_right"),
        estimates(f"{_upper(name)} right, given answer wrong", "step_right_given_answer_wrong"),
        estimates("Phi", "phi", "\u22121 to 1; 0 is no association", "number"),
    ]
    caption = f"{part.prefix}{_upper(name)} and answer, with 95\u00a0% intervals"
    return Table(caption, "Measure", tuple(column(cell) for cell in part.cells), tuple(rows))


def tests_of(part: StudentPart, step: StepName) -> Table:
    """Each seed by itself: its counts, conditionals, phi and test."""
    name = STEPS[step]
    rows = [
        Row(f"{cell.regime}, seed {table.seed}", _seed_numbers(table))
        for cell in part.cells
        for table in association(cell, step).tables
    ]
    columns = (
        "counts", f"answer right, given {name} right", f"answer right, given {name} wrong",
        f"{name} right, given answer right", f"{name} right, given answer wrong",
        "phi", "test", "chi-square", "p", "p, Holm",
    )  # fmt: skip
    caption = f"{part.prefix}{_upper(name)} and answer, each seed by itself. Counts: {name} and answer both right, {name} only, "
    return Table(f"{caption}answer only, neither", "Regime and seed", columns, tuple(rows))


def differences(part: StudentPart, outcome: Outcome) -> Table:
    """Every pair of regimes: difference with interval, and what it shows."""
    rows = []
    for c in part.of(outcome):
        d = c.difference
        like = outcome == "answer" or both_ask_for_trace(c)
        shown = Number(_shown(c), note="" if like else "one of them is not asked for a trace")
        rows.append(Row(f"{c.first} \u2212 {c.second}", (of_difference(d.value, d.interval, d.per_seed), shown)))
    columns = ("difference in percentage points", "what was shown")
    caption = f"{part.prefix}Right {outcome}s, regime less regime, with 95\u00a0% intervals"
    return Table(caption, "Regimes", columns, tuple(rows))


def mcnemar(part: StudentPart, outcome: Outcome) -> Table:
    """Every pair and seed: the exact McNemar test and the counts that it rests on."""
    rows = [
        Row(
            f"{c.first} and {c.second}, seed {test.seed}",
            (
                *(Number(f"{n:,}") for n in (test.both_right, test.first_only, test.second_only, test.both_wrong)),
                *(Number(p_value(p)) for p in (test.p, test.p_holm)),
            ),
        )
        for c in part.of(outcome)
        for test in c.tests
    ]
    columns = ("both right", "first only", "second only", "both wrong", "p", "p, Holm")
    caption = f"{part.prefix}Right {outcome}s: exact McNemar test of each pair and seed"
    return Table(caption, "First and second regime", columns, tuple(rows))


def _seed_numbers(table: SeedTable) -> tuple[Number, ...]:
    given = (
        table.answer_right_given_step_right,
        table.answer_right_given_step_wrong,
        table.step_right_given_answer_right,
        table.step_right_given_answer_wrong,
    )
    statistic = Number("\u2013") if table.statistic is None else Number(number(table.statistic, "number"))
    return (
        Number(_four(table.counts)),
        *(of_proportion(found) for found in given),
        Number("\u2013") if table.phi is None else Number(number(table.phi, "number")),
        Number(_TESTS[table.test], note=table.reason or ""),
        statistic,
        Number(p_value(table.p)),
        Number(p_value(table.p_holm)),
    )


def _four(counts: Counts) -> str:
    return ", ".join(f"{getattr(counts, cell):,}" for cell in _CELLS)


def _shown(comparison: Comparison) -> str:
    return {
        "above": f"{comparison.first} is higher",
        "below": f"{comparison.second} is higher",
        "none": "no difference was shown",
    }[direction(comparison.difference.interval)]


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]
