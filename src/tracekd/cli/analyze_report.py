"""What `tracekd analyze` prints: one JSON object, or tables for people."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tracekd.stats.cell_record import CellRecord
from tracekd.stats.intervals import Ends
from tracekd.stats.pairs import Pair
from tracekd.stats.run_summary import RunSummary
from tracekd.stats.shares import Share
from tracekd.stats.steps import StepAnswer
from tracekd.stats.table_files import shown

_NONE = "-"


def show(summary: RunSummary, out: Path | None, *, as_json: bool) -> None:
    """Print the summary: on standard output as JSON alone, or as tables, warnings and notes."""
    if as_json:
        typer.echo(summary.model_dump_json(indent=1))
        return
    console = Console()
    for model, cells in groupby(summary.cells, lambda cell: cell.model):
        console.print(f"\n[bold]{_plain(model)}[/]", highlight=False)
        _show_model(console, list(cells), [pair for pair in summary.comparisons if pair.model == model])
    for warning in _warnings(summary.cells):
        console.print(f"[bold red]![/] {_plain(warning)}", highlight=False, soft_wrap=True)
    for note in summary.notes:
        console.print(f"- {_plain(note)}", highlight=False, soft_wrap=True)
    where = f"written, with every table as CSV, Markdown and LaTeX: {_plain(str(out))}"
    console.print(where if out else "every table, and more: --out DIR", highlight=False, soft_wrap=True)


def _show_model(console: Console, cells: Sequence[CellRecord], pairs: Sequence[Pair]) -> None:
    kinds = sorted({kind for cell in cells for kind in cell.retrieval})
    rates = zip(*(_rates(cell, kinds) for cell in cells), strict=True)
    console.print(
        _table(
            "right, per cent of all outputs (consistent: of those that a rule can judge), with 95 % intervals",
            ("", *(f"{cell.regime} ({cell.n:,})" for cell in cells)),
            ((row[0][0], *(value for _, value in row)) for row in rates),
        )
    )
    steps = [(cell.regime, name, step) for cell in cells for name, step in _steps(cell)]
    console.print(
        _table(
            "step and answer (step first): right & right, right & wrong, wrong & right, wrong & wrong",
            ("regime", "step", "r&r", "r&w", "w&r", "w&w", "phi", "odds ratio", "p (Holm)", "clustered p (Holm)"),
            ((regime, name, *map(str, step.counts), *_strength(step)) for regime, name, step in steps),
        )
    )
    console.print(
        _table(
            "odds of a right answer, the other terms being equal (generalised estimating equations)",
            ("regime", "term", "odds ratio", "p", "remark"),
            (row for cell in cells for row in _fit(cell)),
        )
    )
    if pairs:
        console.print(
            _table(
                "first regime less second, on common outputs",
                (
                    "outcome",
                    "first",
                    "second",
                    "pairs",
                    "points",
                    "McNemar p (Holm)",
                    "clustered p (Holm)",
                    "would show",
                ),
                map(_pair, pairs),
            )
        )


def _rates(cell: CellRecord, kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield "answer", _percent(cell.answer)
    yield "answer, read leniently", _percent(cell.lenient_answer)
    yield "class", _percent(cell.class_)
    yield from ((f"retrieval: {kind}", _percent(cell.retrieval.get(kind))) for kind in kinds)
    yield "trace", _percent(cell.trace)
    yield "consistent", _percent(cell.consistent)


def _steps(cell: CellRecord) -> Iterator[tuple[str, StepAnswer]]:
    yield "class", cell.association.class_
    yield from cell.association.retrieval.items()
    yield "trace", cell.association.trace


def _strength(step: StepAnswer) -> tuple[str, ...]:
    test = step.test
    return (
        _number(step.phi.value, step.phi.ci),
        _number(step.odds_ratio.value, step.odds_ratio.ci),
        _p(test.p_holm),
        _p(test.p_clustered_holm),
    )


def _fit(cell: CellRecord) -> Iterator[tuple[str, ...]]:
    fit = cell.answer_model
    remark = fit.reason or (f"{fit.outputs:,} of {fit.of:,} outputs" if fit.outputs < fit.of else "")
    for term in fit.terms:
        yield cell.regime, term.name, _number(term.odds_ratio, term.ci), _p(term.p), remark
    if not fit.terms:
        yield cell.regime, _NONE, _NONE, _NONE, remark


def _pair(pair: Pair) -> tuple[str, ...]:
    """Several seeds have a test each; the least sure of them is shown."""
    exact = [test.p_holm for test in pair.mcnemar if test.p_holm is not None]
    left_out = pair.left_out.first + pair.left_out.second
    return (
        pair.outcome,
        pair.first,
        pair.second,
        f"{pair.pairs:,}" + (f" ({left_out:,} left out)" if left_out else ""),
        _points(pair.difference.value, pair.difference.ci),
        _p(max(exact, default=None)),
        _p(pair.p_clustered_holm),
        _points(pair.detectable.difference, None).removeprefix("+"),
    )


def _warnings(cells: Sequence[CellRecord]) -> Iterator[str]:
    for cell in cells:
        for name, step in _steps(cell):
            if step.classes is not None and step.classes.warning:
                yield f"{cell.model}, {cell.regime}, {name}: {step.classes.warning}"


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", padding=(0, 1, 0, 0), pad_edge=False)
    for name in columns:
        table.add_column(escape(name), overflow="fold")
    for row in rows:
        table.add_row(*(escape(shown(value)) for value in row))
    return table


def _percent(share: Share | None) -> str:
    if share is None or share.rate is None or share.ci is None:
        return _NONE
    return f"{100 * share.rate:.1f} ({100 * share.ci[0]:.1f} to {100 * share.ci[1]:.1f})"


def _number(value: float | None, ci: Ends | None) -> str:
    if value is None:
        return _NONE
    return f"{value:.2f}" + (f" ({ci[0]:.2f} to {ci[1]:.2f})" if ci else "")


def _points(value: float | None, ci: Ends | None) -> str:
    if value is None:
        return _NONE
    return f"{100 * value:+.1f}" + (f" ({100 * ci[0]:+.1f} to {100 * ci[1]:+.1f})" if ci else "")


def _p(p: float | None) -> str:
    if p is None:
        return _NONE
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _plain(text: str) -> str:
    """Text of a file, for the terminal: no control characters, no markup."""
    return escape("".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text))
