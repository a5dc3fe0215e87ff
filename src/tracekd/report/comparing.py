"""The tables of trace against answer (section 4) and of regime against regime (section 5)."""

from tracekd.report.figures import Mosaic
from tracekd.report.layout import Outcome, Step, StudentPart, association
from tracekd.report.numbers import Number, of, p_value, percent
from tracekd.report.tables import Row, Table, column
from tracekd.report.wording import both_ask_for_trace, is_as_good, shown_direction
from tracekd.stats.association import CONDITIONALS, JOINT, StepAnswer
from tracekd.stats.inference import Test
from tracekd.stats.pairs import Pair

STEPS: dict[Step, str] = {"trace": "trace", "class": "class step", "retrieval": "retrieval step"}


def mosaic_counts(found: StepAnswer) -> Mosaic:
    """The four counts, over all seeds."""
    return Mosaic(*found.counts)


def table_of(part: StudentPart, step: Step) -> Table:
    """Four counts, joint fractions, both conditionals, phi and its test, side by side."""
    name = STEPS[step]
    found = [association(cell, step) for cell in part.cells]
    cells = {c: f"{name} {c.split('_')[0]}, answer {c.split('_')[1]}" for c in JOINT}
    rows = [
        Row(f"Outputs: {words}", tuple(Number(f"{item.counts[at]:,}") for item in found), "all seeds together")
        for at, words in enumerate(cells.values())
    ]
    rows += [
        Row(f"Share: {words}", tuple(of(item.joint[cell]) for item in found), "of all outputs")
        for cell, words in cells.items()
    ]
    rows += [
        Row(_conditional(given, name), tuple(of(item.conditional[given]) for item in found)) for given in CONDITIONALS
    ]
    rows += [
        Row("Phi", tuple(of(item.phi, "number") for item in found), "\u22121 to 1; 0 is no association"),
        Row(
            "p, Holm",
            tuple(_p(item.test) for item in found),
            "test of no association; corrected for all tests of section 4",
        ),
        Row("Phi within classes", tuple(map(_within, found)), "p, Holm, association within classes"),
        Row("Comes from one class", tuple(map(_carried, found)), "without it, no association is shown"),
    ]
    caption = f"{part.prefix}{_upper(name)} and answer, with 95\u00a0% intervals"
    return Table(caption, "Measure", tuple(column(cell) for cell in part.cells), tuple(rows))


def seeds_of(part: StudentPart, step: Step) -> Table:
    """For each seed: the counts and phi."""
    rows = [
        Row(f"{cell.regime}, seed {seed}", (Number(", ".join(f"{n:,}" for n in counts)), _seed_phi(found, at)))
        for cell in part.cells
        for found in (association(cell, step),)
        for at, (seed, counts) in enumerate(zip(cell.seeds, found.seeds, strict=True))
    ]
    name = STEPS[step]
    caption = f"{part.prefix}{_upper(name)} and answer, by seed. Counts: {name} and answer both right, {name} only, "
    return Table(f"{caption}answer only, neither", "Regime and seed", ("counts", "phi"), tuple(rows))


def differences(part: StudentPart, outcome: Outcome) -> Table:
    """Every pair of regimes: difference with interval, tests, and what they show."""
    rows = []
    for pair in part.of(outcome):
        like = outcome == "answer" or both_ask_for_trace(pair)
        shown = Number(_shown(pair), note="" if like else "one regime does not ask for a trace")
        equivalent = Number(p_value(pair.equivalence.p_holm), note=f"margin {percent(pair.equivalence.margin)}")
        numbers = (of(pair.difference, "points"), _p(pair.test), equivalent, _detectable(pair), shown)
        rows.append(Row(f"{pair.first} \u2212 {pair.second}", numbers))
    columns = (
        "difference in percentage points", "p, Holm", "p of equivalence, Holm", "smallest detectable difference",
        "result",
    )  # fmt: skip
    caption = f"{part.prefix}Right {outcome}s, first regime minus second, with 95\u00a0% intervals"
    return Table(caption, "Regimes", columns, tuple(rows))


def pairs_by_seed(part: StudentPart, outcome: Outcome) -> Table:
    """For each pair and seed: on how many problems the two students agree and differ."""
    rows = [
        Row(f"{pair.first} and {pair.second}, seed {seed}", tuple(Number(f"{n:,}") for n in counts))
        for pair in part.of(outcome)
        for seed, counts in zip(pair.seeds, pair.seeds_counts, strict=True)
    ]
    columns = ("both right", "first only", "second only", "both wrong")
    caption = f"{part.prefix}Right {outcome}s, problem by problem, for each seed"
    return Table(caption, "First and second regime", columns, tuple(rows))


def _conditional(given: str, step: str) -> str:
    what, which = given.split("_given_")
    return f"{_upper(_words(what, step))}, given {_words(which, step)}"


def _words(which: str, step: str) -> str:
    return which.replace("step", step).replace("_", " ")


def _p(test: Test) -> Number:
    return Number(p_value(test.p_holm), note=test.reason or "")


def _within(found: StepAnswer) -> Number:
    if found.classes is None:
        return Number("\u2013", note="there is one class only")
    return Number(p_value(found.classes.test.p_holm), note=found.classes.warning or found.classes.test.reason or "")


def _carried(found: StepAnswer) -> Number:
    carried = found.carried_by
    if carried is None:
        return Number("\u2013")
    without = of(carried.phi, "number")
    return Number(
        carried.label, note=f"phi without it {without.text}" + (f" ({without.interval})" if without.interval else "")
    )


def _seed_phi(found: StepAnswer, at: int) -> Number:
    value = found.phi.per_seed[at] if found.phi.per_seed else None
    return Number("\u2013") if value is None else Number(f"{value:.2f}".replace("-", "\u2212"))


def _detectable(pair: Pair) -> Number:
    least = pair.detectable
    if least.difference is None:
        return Number("\u2013", note=least.reason or "")
    return Number(f"{100 * least.difference:.1f}")


def _shown(pair: Pair) -> str:
    side = shown_direction(pair.difference, pair.test)
    if side == "none":
        return "as good as each other, within the margin" if is_as_good(pair) else "no difference was shown"
    return f"{pair.first if side == 'above' else pair.second} is higher"


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]
