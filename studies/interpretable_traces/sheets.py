"""The tables of the study."""

from collections.abc import Sequence

from correct import counts_of
from counts import Counts, chi_square, joint, phi
from evidence import Evidence
from official import STEPS
from published import COUNTED
from published_sheets import STEP_NAMES, published_answers, published_steps
from released import DATA_SETS, TITLES, Cell
from sheet import Column, Entry, Sheet, Value

from tracekd.stats.association import StepAnswer


def all_sheets(evidence: Evidence) -> tuple[Sheet, ...]:
    """Every table, including empty ones."""
    return (
        *(sheet(evidence, d) for d in DATA_SETS for sheet in (published_answers, published_steps)),
        joins(evidence),
        disagreements(evidence),
        associations(evidence),
        correct_steps(evidence),
        differences(evidence),
    )


def joins(evidence: Evidence) -> Sheet:
    """The problems whose gold the official join uses."""
    entries = []
    for cell, found in evidence.cells.items():
        official, joined = found.official, found.official.joined
        left_out = official.unevaluated if cell.traced else None
        whose = (joined["own"], joined["other"], joined["other"] / official.n, joined["none"])
        entries.append(Entry(str(cell), (official.n, *whose, left_out, found.correct.unmatched)))
    return Sheet(
        name="joins",
        caption="The problem whose gold the official join uses for each output (the first test item whose answer text "
        "contains the first gold answer)",
        corner="Outputs",
        columns=(
            Column("outputs", "count"),
            Column("its own", "count"),
            Column("another problem's", "count"),
            Column("share", "percent"),
            Column("nobody's", "count"),
            Column("left out of the matrices", "count"),
            Column("without a problem here", "count"),
        ),
        entries=tuple(entries),
    )


def disagreements(evidence: Evidence) -> Sheet:
    """Differences between official and correct verdicts, output by output."""
    entries = []
    for cell, found in evidence.cells.items():
        for step, counts in found.disagreement.steps.items():
            entries.append(
                Entry(
                    f"{cell}: {STEP_NAMES.get(step, step)}",
                    (counts.right_right, counts.right_wrong, counts.wrong_right, counts.wrong_wrong,
                     _over(counts.right_wrong, counts.right_wrong + counts.wrong_wrong)),
                )
            )  # fmt: skip
    return Sheet(
        name="disagreements",
        caption="Official against correct verdicts, output by output (answers: the corrected official rule, against the exact "
        "set)",
        corner="What is judged",
        columns=(
            Column("both right", "count"),
            Column("official right, but wrong", "count"),
            Column("official wrong, but right", "count"),
            Column("both wrong", "count"),
            Column("of the wrong ones, accepted", "percent"),
        ),
        entries=tuple(entries),
    )


def associations(evidence: Evidence) -> Sheet:
    """Step against answer: the counts, joint and conditional shares, and the test, by each logic."""
    entries: list[Entry] = []
    for cell, found in evidence.cells.items():
        if not (cell.traced and found.official.tables):
            continue
        for step in STEPS:
            if step == "trace" and cell in COUNTED:
                entries.append(_association(cell, step, "published", COUNTED[cell]))
            entries.append(_association(cell, step, "official", found.official.tables[step]))
            entries.append(_correct_association(cell, step, found.correct.tables[step]))
    return Sheet(
        name="associations",
        caption="Steps against answers: the joint share of outputs with both right is not the share of right answers among "
        "outputs whose step is right. Chi-square as the paper computes it; the interval of phi and the p of phi = 0 "
        "account for problems that belong together, and are about this student only",
        corner="Step and logic",
        columns=(
            *(
                Column(name, "count", "Step and answer")
                for name in ("both right", "step only", "answer only", "neither")
            ),
            Column("both right", "percent", "Joint"),
            *(Column(name, "percent", "Answer right") for name in ("step right", "step wrong")),
            *(Column(name, "number", "Association") for name in ("chi-square", "phi", "from", "to")),
            Column("p", "p", "Association"),
        ),
        entries=tuple(entries),
    )


def _association(cell: Cell, step: str, logic: str, c: Counts) -> Entry:
    return Entry(f"{cell}: {STEP_NAMES[step]}", (*_counted(c), chi_square(c), phi(c), None, None, None), logic)


def _correct_association(cell: Cell, step: str, found: StepAnswer) -> Entry:
    c, (low, high) = counts_of(found), found.phi.ci or (None, None)
    values = (*_counted(c), chi_square(c), found.phi.value, low, high, found.test.p)
    return Entry(f"{cell}: {STEP_NAMES[step]}", values, "correct")


def _counted(c: Counts) -> tuple[Value, ...]:
    given, otherwise = _over(c.right_right, c.step_right), _over(c.wrong_right, c.step_wrong)
    return c.right_right, c.right_wrong, c.wrong_right, c.wrong_wrong, joint(c), given, otherwise


def correct_steps(evidence: Evidence) -> Sheet:
    """The correct numbers, by each kind of gold support."""
    kinds = tuple(dict.fromkeys(kind for found in evidence.cells.values() for kind in found.correct.retrieval))
    entries = []
    for cell, found in evidence.cells.items():
        right, share = found.correct, found.correct.share
        asked = cell.traced
        steps: Sequence[Value] = (
            share(right.class_step),
            *(share(right.retrieval[kind]) if kind in right.retrieval else None for kind in kinds),
            share(right.trace),
            share(right.unparsed_class),
            share(right.unparsed_retrieval),
            _over(right.consistent, right.ruled),
        )
        values = (right.n, share(right.answer), share(right.lenient_answer), *(steps if asked else [None] * len(steps)))
        entries.append(Entry(str(cell), values, f"trace by {right.support}" if asked else "no trace is asked for"))
    return Sheet(
        name="correct",
        caption="Correct verdicts, every output in the denominator, by each kind of gold support",
        corner="Outputs",
        columns=(
            Column("outputs", "count"),
            *(Column(name, "percent", "Answer right") for name in ("strict", "lenient")),
            Column("class", "percent", "Step right"),
            *(Column(f"facts: {kind}", "percent", "Step right") for kind in kinds),
            Column("whole trace", "percent", "Step right"),
            *(Column(name, "percent", "Unparsed") for name in ("class", "facts")),
            Column("answer follows from the cited facts", "percent", "Consistent"),
        ),
        entries=tuple(entries),
    )


def differences(evidence: Evidence) -> Sheet:
    """Comparisons of regimes."""
    entries = []
    for (data_set, model, first, second), found in evidence.differences.items():
        if first < second:
            header = f"{TITLES[data_set]}, {model}: {first} minus {second}"
            remark = "of these two students only" if found.scope == "student" else ""
            entries.append(Entry(header, (found.value, found.low, found.high, found.p), remark))
    return Sheet(
        name="differences",
        caption="Right answers by regime, paired on problem and seed, with 95\u00a0% intervals over groups of problems "
        "that belong together; with one seed, about these two students only, and without a p value for their regimes",
        corner="Regimes",
        columns=(Column("difference", "points"), Column("from", "points"), Column("to", "points"), Column("p", "p")),
        entries=tuple(entries),
    )


def _over(part: int, whole: int) -> float | None:
    return part / whole if whole else None
