"""What `tracekd analyze` prints: one JSON object, or tables for people. The files of --out contain more columns."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console

from tracekd.cli.free_rows import Show, free_rows
from tracekd.cli.plain_table import Row, print_table, say, say_whole, short
from tracekd.cli.terminal import echo_json, terminal
from tracekd.stats.association import StepAnswer
from tracekd.stats.cell_summary import CellSummary, judged_by
from tracekd.stats.estimate import Ends, Share
from tracekd.stats.pairs import Pair
from tracekd.stats.summary import Summary

_NONE = "-"
_P = "p: corrected by Holm"


def show(summary: Summary, out: Path | None, *, as_json: bool) -> None:
    """Print the summary: on standard output as JSON alone, or as tables, warnings and notes."""
    if as_json:
        echo_json(summary)
        return
    console = terminal()
    for model, cells in groupby(summary.cells, lambda cell: cell.model):
        say(console, f"\n{short(model)}", "bold")
        _show_model(console, list(cells), [pair for pair in summary.comparisons if pair.model == model])
    for warning in _warnings(summary.cells):
        say(console, f"! {warning}", "bold red")
    say(console, "")
    say(console, "- Intervals (in brackets) are 95 % intervals.")
    for note in summary.notes:
        say(console, f"- {note}")
    where = f"written, with all tables as CSV, Markdown and LaTeX: {out}"
    say_whole(console, where if out else "--out DIR writes all tables, with more columns")


def _show_model(console: Console, cells: Sequence[CellSummary], pairs: Sequence[Pair]) -> None:
    _show_rates(console, cells)
    print_table(
        console,
        f"step and answer (step first; r right, w wrong); {_P}",
        ("", "r&r", "r&w", "w&r", "w&w", "phi", "p"),
        [row for cell in cells for row in ((short(cell.regime),), *map(_step_row, cell.association.named(short)))],
    )
    _show_models(console, cells)
    if pairs:
        _show_pairs(console, pairs)


def _show_rates(console: Console, cells: Sequence[CellSummary]) -> None:
    kinds = sorted({kind for cell in cells for kind in cell.retrieval})
    free = list(free_rows(cells, _percent))
    rates = zip(*(_rates(cell, kinds, free) for cell in cells), strict=True)
    rows = [(row[0][0], *(value for _, value in row)) for row in rates]
    title = f"right, per cent of all outputs (consistent: of those that a rule judges){judged_by(cells, short)}"
    print_table(console, title, ("", *(short(cell.regime) for cell in cells)), rows)


def _rates(cell: CellSummary, kinds: Sequence[str], free: Sequence[tuple[str, Show]]) -> Iterator[tuple[str, str]]:
    yield "outputs", f"{cell.n:,}"
    yield "answer", _percent(cell.answer)
    yield "  read leniently", _percent(cell.lenient_answer)
    yield "class", _percent(cell.class_)
    yield from ((f"retrieval: {short(kind)}", _percent(cell.retrieval.get(kind))) for kind in kinds)
    yield "trace", _percent(cell.trace)
    yield "consistent", _percent(cell.consistent)
    yield from ((name, show(cell)) for name, show in free)


def _step_row(named: tuple[str, StepAnswer]) -> Row:
    name, step = named
    return name, *map(str, step.counts), _number(step.phi.value, step.phi.ci), _p(step.test.p_holm)


def _show_models(console: Console, cells: Sequence[CellSummary]) -> None:
    """The fitted models; below, the reason for each cell without one."""
    title = "odds of a right answer, with the other step kept equal (logistic model; p not corrected)"
    rows = [row for cell in cells if cell.answer_model.terms for row in ((short(cell.regime),), *_terms(cell))]
    if rows:
        print_table(console, title, ("", "odds ratio", "p"), rows)
    for cell in cells:
        if cell.answer_model.reason:
            say(console, f"{title if not rows else 'odds'}, {short(cell.regime)}: {cell.answer_model.reason}")


def _terms(cell: CellSummary) -> Iterator[Row]:
    return ((term.name, _number(term.odds_ratio, term.ci), _p(term.test.p)) for term in cell.answer_model.terms)


def _show_pairs(console: Console, pairs: Sequence[Pair]) -> None:
    rows: list[Row] = []
    for outcome, some in groupby(pairs, lambda pair: pair.outcome):
        tested = [pair for pair in some if pair.tested]
        rows.extend([(outcome,), *map(_pair, tested)] if tested else [])
    margin = 100 * pairs[0].equivalence.margin
    print_table(
        console,
        f"first regime minus second, on common outputs; {_P}; p=: of equivalence within {margin:g} points; least: the "
        "smallest detectable difference",
        ("", "pairs", "points", "p", "p=", "least"),
        rows,
    )
    if any(pair.test.scope == "student" for pair in pairs):
        say(console, "With one seed, differences are between these students: no test is about their regimes.")
    for pair in pairs:
        left_out = pair.left_out.first, pair.left_out.second
        if pair.outcome == pairs[0].outcome and any(left_out):
            said = "{:,} outputs of the first and {:,} of the second have no counterpart, and are left out"
            say(console, f"{_sides(pair)}: {said.format(*left_out)}")


def _pair(pair: Pair) -> Row:
    return (
        _sides(pair),
        f"{pair.pairs:,}",
        _points(pair.difference.value, pair.difference.ci),
        _p(pair.test.p_holm),
        _p(pair.equivalence.p_holm),
        _points(pair.detectable.difference, None).removeprefix("+"),
    )


def _sides(pair: Pair) -> str:
    return f"{short(pair.first)} - {short(pair.second)}"


def _warnings(cells: Sequence[CellSummary]) -> Iterator[str]:
    for cell in cells:
        for name, step in cell.association.named(short):
            if step.classes is not None and step.classes.warning:
                yield f"{short(cell.model)}, {short(cell.regime)}, {name}: {step.classes.warning}"
            if step.carried_by is not None:
                label = short(step.carried_by.label)
                yield (
                    f"{short(cell.model)}, {short(cell.regime)}, {name}: the association comes from the questions of {label}; "
                    "without them none is shown"
                )


def _percent(share: Share | None) -> str:
    if share is None or share.rate is None or share.ci is None:
        return _NONE
    return f"{100 * share.rate:.1f} [{100 * share.ci[0]:.1f}, {100 * share.ci[1]:.1f}]"


def _number(value: float | None, ci: Ends | None) -> str:
    if value is None:
        return _NONE
    return _digits(value) + (f" [{_digits(ci[0])}, {_digits(ci[1])}]" if ci else "")


def _digits(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}" if abs(value) < 1e6 else f"{value:.1e}"


def _points(value: float | None, ci: Ends | None) -> str:
    if value is None:
        return _NONE
    return f"{100 * value:+.1f}" + (f" [{100 * ci[0]:+.1f}, {100 * ci[1]:+.1f}]" if ci else "")


def _p(p: float | None) -> str:
    if p is None:
        return _NONE
    return "<0.001" if p < 0.001 else f"{p:.3f}"
