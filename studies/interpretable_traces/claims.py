"""The claims of the paper, each compared with the evidence by a rule that is the same for all files.

The claims are those of arXiv 2505.13792 (abstract and project page). This file contains no results: rulings and
sentences come only from the numbers. When the rules were written, the counts of Llama-3.2-1B on CoTempQA were already
known, but no others.
"""

from collections.abc import Iterable, Iterator, Mapping

from correct import counts_of
from counts import Counts, chi_square, joint, phi
from evidence import Evidence
from findings import FALLS, OPEN, STANDS, Finding, Ruling, narrowest, of_all, of_any
from orderings import data_set_claims
from published import COUNTED, CRITICAL, LED_TO_RIGHT
from released import DATA_SETS, MODELS, STEPS, TITLES, Cell
from supervision import best_supervision
from wording import correlation, counted_share, interval, percent, points, share

from tracekd.report.numbers import number, p_value
from tracekd.stats.association import StepAnswer
from tracekd.stats.estimate import Scope
from tracekd.stats.families import holm

# The largest loss that still counts as no loss.
MARGIN = 0.02
ALPHA = 0.05


def findings(evidence: Evidence) -> tuple[Finding, ...]:
    """Every claim with its ruling, in the order of the paper."""
    independent, supervision = _independent(evidence), best_supervision(evidence)
    return (
        _led_to_right(evidence),
        _not_degraded(evidence),
        independent,
        supervision,
        _ratings(),
        _decouple(independent, supervision),
        *data_set_claims(evidence),
    )


def _led_to_right(evidence: Evidence) -> Finding:
    parts, figures, official = list[Ruling](), list[str](), list[str]()
    for cell, table in _traces(evidence, ("correct",)):
        found = table.conditional["answer_right_given_step_right"]
        if found.ci is None:
            parts.append(OPEN)
            figures.append(f"{cell}: nothing is known about the answers after right traces ({found.reason}).")
            continue
        parts.append(STANDS if found.ci[0] <= LED_TO_RIGHT <= found.ci[1] else FALLS)
        figures.append(
            f"{cell}: of {found.n:,} right traces, {found.right:,} lead to a right answer, {interval(found)}; "
            f"both are right in {interval(table.joint['right_right'])} of all outputs."
        )
        figures.append(_by_step(cell, evidence.cells[cell].correct.tables))
        made = evidence.cells[cell].official.tables["trace"]
        official.append(
            f"{cell}, official logic: trace and answer count as right in {share(joint(made))} of the outputs, and "
            f"{counted_share(made.right_right, made.step_right)} of the right traces have a right answer."
        )
    return Finding(
        key="C1a",
        claim=f"Correct traces lead to a correct solution for only {percent(LED_TO_RIGHT)} of the test problems.",
        rule="Read in the usual way, as P(answer right | trace right), in the regime that trains on correct traces: "
        f"it stands if the 95\u00a0% interval contains {percent(LED_TO_RIGHT)} for every available model and data set, and falls "
        "with the first that does not contain it.",
        ruling=of_all(parts),
        figures=tuple(figures) or ("There are no outputs of the regime with correct traces.",),
        official=(*official, _nearest_joint()),
        scope="student" if figures else None,
    )


def _by_step(cell: Cell, tables: Mapping[str, StepAnswer]) -> str:
    """Which step is associated with right answers."""
    facts, classes = (tables[step].conditional["answer_right_given_step_right"] for step in ("retrieval", "class"))
    of_facts, of_classes = interval(facts), interval(classes)
    return f"{cell}: if the facts are right, {of_facts} of the answers are right; if the class is right, {of_classes}."


def _nearest_joint() -> str:
    """The published counts whose joint share is closest to the number."""
    cell, counts = min(COUNTED.items(), key=lambda item: abs(joint(item[1]) - LED_TO_RIGHT))
    right = counts.right_right
    return (
        f"The published counts of {cell} are closest: in {counted_share(right, counts.total)} of all outputs, "
        f"both are right. That is a joint share; among the right traces, the share is "
        f"{counted_share(right, counts.step_right)}."
    )


def _not_degraded(evidence: Evidence) -> Finding:
    parts, figures, scopes = list[Ruling](), list[str](), list[Scope]()
    for data_set in DATA_SETS:
        for model in MODELS:
            found = evidence.differences.get((data_set, model, "incorrect", "answer_only"))
            if found is None:
                parts.append(OPEN)
                continue
            parts.append(STANDS if found.low >= -MARGIN else FALLS if found.high < 0 else OPEN)
            scopes.append(found.scope)
            figures.append(f"{TITLES[data_set]}, {model}: incorrect traces against answers only, {points(found)}.")
    lacking = len(DATA_SETS) * len(MODELS) - len(figures)
    if lacking:
        figures.append(f"{lacking} of {len(parts)} pairs of data set and model are missing.")
    return Finding(
        key="C1b",
        claim="Incorrect traces do not necessarily degrade the solutions.",
        rule="Right answers after incorrect traces minus those after answers only, paired: it stands if for at least one "
        f"model and data set the interval excludes a loss of more than {100 * MARGIN:.0f} points; it falls if all six "
        "pairs are available and each interval is below 0.",
        ruling=of_any(parts),
        figures=tuple(figures),
        scope=narrowest(scopes),
    )


def _independent(evidence: Evidence) -> Finding:
    parts, figures, official = list[Ruling](), list[str](), list[str]()
    traced = list(_traces(evidence, STEPS))
    for (cell, table), p in zip(traced, holm(table.test.p for _, table in traced), strict=True):
        parts.append(OPEN if p is None else STANDS if p >= ALPHA else FALLS)
        figures.append(f"{cell}: {_association(table, p)}.")
        official.append(f"{cell}, official logic: {_counted(evidence.cells[cell].official.tables['trace'])}.")
    here = {(cell.data_set, cell.model, cell.regime) for cell in evidence.cells}
    wanted = [(d, m, r) for d in DATA_SETS for m in MODELS for r in STEPS]
    parts += [OPEN for one in wanted if one not in here]
    return Finding(
        key="C2",
        claim="Whether the trace is right and whether the answer is right are nearly independent: chi-square stays below "
        f"its critical value of {CRITICAL}.",
        rule="The test that trace and answer are associated (phi is not 0) over groups of problems, with Holm's correction "
        f"over all available tables: it falls if p is below {ALPHA} for any model, data set and regime with traces; it stands "
        "if all twelve are available and no p is.",
        ruling=of_all(parts),
        figures=tuple(figures) or ("There are no outputs with traces.",),
        official=(*official, _published_squares()),
        scope="student" if figures else None,
    )


def _published_squares() -> str:
    squares = {cell: chi_square(counts) for cell, counts in COUNTED.items()}
    above = [f"{cell} ({square:.2f})" for cell, square in squares.items() if square is not None and square >= CRITICAL]
    tested = sum(square is not None for square in squares.values())
    return (
        f"In the published counts themselves chi-square reaches the critical value in {len(above)} of {tested} tables "
        f"that have one: {'; '.join(above) or 'none'}."
    )


def _association(table: StepAnswer, p: float | None) -> str:
    square = chi_square(counts_of(table))
    if p is None or square is None:
        return f"no test ({table.test.reason})"
    right, wrong = (table.conditional[f"answer_right_given_step_{step}"] for step in ("right", "wrong"))
    carried = table.carried_by
    alone = f"; without the class {carried.label}, no association is shown" if carried is not None else ""
    return (
        f"phi {correlation(table.phi)}, p {p_value(p)}{alone}; answers are right in {interval(right)} of the outputs with a "
        f"right trace and in {interval(wrong)} of the others; chi-square as the paper computes it {number(square, 'number')}"
    )


def _counted(made: Counts) -> str:
    square, found = chi_square(made), phi(made)
    if square is None or found is None:
        return "the trace, or the answer, is always or never right, so there is no chi-square"
    return (
        f"chi-square {number(square, 'number')}, phi {number(found, 'number')}; answers are right in "
        f"{counted_share(made.right_right, made.step_right)} of the outputs with a right trace and in "
        f"{counted_share(made.wrong_right, made.step_wrong)} of the others"
    )


def _ratings() -> Finding:
    return Finding(
        key="C3b",
        claim="Readers find R1's traces least interpretable (3.39 of 5) and most taxing (4.59 of 5), decomposed traces most "
        "interpretable (4.86).",
        rule="Needs the ratings of the hundred readers.",
        ruling=OPEN,
        figures=("No released file contains ratings.",),
    )


def _decouple(independent: Finding, supervision: Finding) -> Finding:
    premises = (independent, supervision)
    return Finding(
        key="C4",
        claim="The traces for supervision should be decoupled from the traces for users.",
        rule=f"A recommendation that follows from {independent.key} and {supervision.key}: it stands if both stand; if one of "
        "them does not, it loses this reason, but may still be right.",
        ruling=STANDS if all(premise.ruling == STANDS for premise in premises) else OPEN,
        figures=tuple(f"{premise.key} {premise.ruling}." for premise in premises),
        scope=narrowest(premise.scope for premise in premises),
    )


def _traces(evidence: Evidence, regimes: Iterable[str]) -> Iterator[tuple[Cell, StepAnswer]]:
    """The cells of these regimes that have outputs with a trace, with their table of trace against answer."""
    wanted = tuple(regimes)
    for cell, found in evidence.cells.items():
        if cell.regime in wanted and found.official.tables:
            yield cell, found.correct.tables["trace"]
