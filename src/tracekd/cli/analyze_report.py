"""What `tracekd analyze` prints: one JSON object, or tables for people. They leave out what only files have room for."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import typer
from rich.console import Console

from tracekd.cli.plain_table import Row, print_table, say, say_whole, short
from tracekd.stats.cell_record import CellRecord
from tracekd.stats.intervals import Ends
from tracekd.stats.pairs import Pair
from tracekd.stats.run_summary import RunSummary
from tracekd.stats.shares import Share
from tracekd.stats.steps import Independence, StepAnswer

_NONE = "-"
_P = "p, corrected by Holm: clustered where the counts allow it, else one that takes outputs as independent (i)."


def show(summary: RunSummary, out: Path | None, *, as_json: bool) -> None:
    """Print the summary: on standard output as JSON alone, or as tables, warnings and notes."""
    if as_json:
        typer.echo(summary.model_dump_json(indent=1))
        return
    console = Console()
    for model, cells in groupby(summary.cells, lambda cell: cell.model):
        say(console, f"\n{short(model)}", "bold")
        _show_model(console, list(cells), [pair for pair in summary.comparisons if pair.model == model])
    for warning in _warnings(summary.cells):
        say(console, f"! {warning}", "bold red")
    say(console, "")
    say(console, "- Intervals, in brackets, are of 95 %.")
    for note in summary.notes:
        say(console, f"- {note}")
    where = f"written, with every table as CSV, Markdown and LaTeX: {out}"
    say_whole(console, where if out else "every table, and more: --out DIR")


def _show_model(console: Console, cells: Sequence[CellRecord], pairs: Sequence[Pair]) -> None:
    _show_rates(console, cells)
    print_table(
        console,
        f"step and answer (step first; r right, w wrong); {_P}",
        ("", "r&r", "r&w", "w&r", "w&w", "phi", "p"),
        [row for cell in cells for row in ((short(cell.regime),), *map(_step_row, _steps(cell)))],
    )
    _show_models(console, cells)
    if pairs:
        _show_pairs(console, pairs)


def _show_rates(console: Console, cells: Sequence[CellRecord]) -> None:
    kinds = sorted({kind for cell in cells for kind in cell.retrieval})
    rates = zip(*(_rates(cell, kinds) for cell in cells), strict=True)
    rows = [(row[0][0], *(value for _, value in row)) for row in rates]
    by = "".join(f"; traces by {short(kind)}" for kind in sorted({cell.support for cell in cells if cell.support}))
    title = f"right, per cent of all outputs (consistent: of those that a rule judges){by}"
    print_table(console, title, ("", *(short(cell.regime) for cell in cells)), rows)


def _rates(cell: CellRecord, kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield "outputs", f"{cell.n:,}"
    yield "answer", _percent(cell.answer)
    yield "  read leniently", _percent(cell.lenient_answer)
    yield "class", _percent(cell.class_)
    yield from ((f"retrieval: {short(kind)}", _percent(cell.retrieval.get(kind))) for kind in kinds)
    yield "trace", _percent(cell.trace)
    yield "consistent", _percent(cell.consistent)


def _steps(cell: CellRecord) -> Iterator[tuple[str, StepAnswer]]:
    yield "class", cell.association.class_
    yield from ((f"retrieval: {short(kind)}", step) for kind, step in cell.association.retrieval.items())
    yield "trace", cell.association.trace


def _step_row(named: tuple[str, StepAnswer]) -> Row:
    name, step = named
    return name, *map(str, step.counts), _number(step.phi.value, step.phi.ci), _step_p(step.test)


def _step_p(test: Independence) -> str:
    return _p(test.p_clustered_holm, None if test.name == "none" else test.p_holm)


def _show_models(console: Console, cells: Sequence[CellRecord]) -> None:
    """Where nothing could be fitted, the reason stands below."""
    title = "odds of a right answer, the other terms being equal (generalised estimating equations)"
    rows = [row for cell in cells if cell.answer_model.terms for row in ((short(cell.regime),), *_terms(cell))]
    if rows:
        print_table(console, title, ("", "odds ratio", "p"), rows)
    for cell in cells:
        fit = cell.answer_model
        remark = fit.reason or (f"fitted on {fit.outputs:,} of {fit.of:,} outputs" if fit.outputs < fit.of else "")
        if remark:
            say(console, f"{title if not rows else 'odds'}, {short(cell.regime)}: {remark}")


def _terms(cell: CellRecord) -> Iterator[Row]:
    return ((term.name, _number(term.odds_ratio, term.ci), _p(term.p, None)) for term in cell.answer_model.terms)


def _show_pairs(console: Console, pairs: Sequence[Pair]) -> None:
    rows: list[Row] = []
    for outcome, some in groupby(pairs, lambda pair: pair.outcome):
        tested = [pair for pair in some if pair.tested]
        rows.extend([(outcome,), *map(_pair, tested)] if tested else [])
    print_table(
        console,
        f"first regime less second, on common outputs (least: the smallest difference that would show); {_P}",
        ("", "pairs", "points", "p", "least"),
        rows,
    )
    for pair in pairs:
        left_out = pair.left_out.first, pair.left_out.second
        if pair.outcome == pairs[0].outcome and any(left_out):
            said = "{:,} outputs of the first and {:,} of the second have no counterpart, and are left out"
            say(console, f"{_sides(pair)}: {said.format(*left_out)}")


def _pair(pair: Pair) -> Row:
    """Several seeds have an exact test each; the least sure of them is shown."""
    exact = [test.p_holm for test in pair.mcnemar if test.p_holm is not None]
    return (
        _sides(pair),
        f"{pair.pairs:,}",
        _points(pair.difference.value, pair.difference.ci),
        _p(pair.p_clustered_holm, max(exact, default=None)),
        _points(pair.detectable.difference, None).removeprefix("+"),
    )


def _sides(pair: Pair) -> str:
    return f"{short(pair.first)} - {short(pair.second)}"


def _warnings(cells: Sequence[CellRecord]) -> Iterator[str]:
    for cell in cells:
        for name, step in _steps(cell):
            if step.classes is not None and step.classes.warning:
                yield f"{short(cell.model)}, {short(cell.regime)}, {name}: {step.classes.warning}"


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


def _p(clustered: float | None, exact: float | None) -> str:
    """The p to quote: that of the clustered test, if there is one; else the other, marked."""
    if clustered is None:
        return _NONE if exact is None else f"{_shown_p(exact)} i"
    return _shown_p(clustered)


def _shown_p(p: float) -> str:
    return "<0.001" if p < 0.001 else f"{p:.3f}"
