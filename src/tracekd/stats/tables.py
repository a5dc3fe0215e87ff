"""The tables of a run: each a name, headers, and rows of plain values, for a file or for the terminal."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tracekd.stats.cell_record import CellRecord
from tracekd.stats.rates import Macro, Rates
from tracekd.stats.run_summary import RunSummary
from tracekd.stats.shares import Measure, Share
from tracekd.stats.steps import StepAnswer

Value = str | int | float | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is that of its files. A value is None where the number is undefined."""

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


_CELL = ("model", "regime")
_COUNTS = ("right & right", "right & wrong", "wrong & right", "wrong & wrong")
_SHARE = ("right", "n", "rate", "low", "high")
_MEASURE = ("value", "low", "high")


def tables(summary: RunSummary) -> tuple[Table, ...]:
    """All tables of a run."""
    cells = summary.cells
    by = "".join(f"; traces by {kind}" for kind in sorted({cell.support for cell in cells if cell.support}))
    return (
        _table("rates", f"Rates, every output counted; 95 % intervals{by}", cells, ("measure", *_SHARE), _rates),
        _table("macro", f"Means over classes of the rates of each{by}", cells, ("measure", *_MEASURE), _macro),
        _table("classes", f"Rates by class of question{by}", cells, ("class", "measure", *_SHARE), _by_label),
        _table("seeds", f"Rates by seed{by}", cells, ("seed", "measure", *_SHARE), _by_seed),
        _table("reading", "Outputs that were not read, or not ended", cells, ("outputs", "count"), _reading),
        _table("counts", f"Step and answer: outputs (step first){by}", cells, ("step", *_COUNTS), _counts),
        _table("shares", "Step and answer: joint and conditional shares", cells, ("step", "share", *_SHARE), _shares),
        _table("strength", "Step and answer: strength", cells, ("step", "statistic", *_MEASURE), _strength),
        _table("tests", f"Step and answer: are they independent? {_QUOTE}", cells, _TESTS, _tests),
        _table(
            "stratified",
            f"Step and answer within classes (Cochran, Mantel, Haenszel). {_UNSURE}",
            cells,
            _CMH,
            _stratified,
        ),
        _table("model", "Odds of a right answer, by generalised estimating equations", cells, _MODEL, _model),
        Table("comparisons", "Pairs of regimes on common outputs", _PAIRS, tuple(_comparisons(summary))),
        Table("mcnemar", "Exact McNemar tests, a seed each", _MCNEMAR, tuple(_mcnemar(summary))),
        Table(
            "detectable", "Smallest difference that would show (80 % power, alpha 0.05)", _LEAST, tuple(_least(summary))
        ),
    )


# Which p to quote stands first, and the caption says why.
_QUOTE = (
    "Quote p clustered: p takes outputs as independent, though a problem comes again with every seed. Where counts are too "
    "small for p clustered, p is the one there is."
)
_UNSURE = "All p take outputs as independent, and are too sure where a problem comes again with every seed"
_TESTS = ("step", "p clustered (Holm)", "p clustered", "test", "statistic", "p", "p (Holm)")
_CMH = ("step", "classes", "common odds ratio", "p (Holm)", "p", "statistic", "p of homogeneity", "warning")
_MODEL = ("outputs", "groups", "term", "odds ratio", "low", "high", "p", "remark")
_PAIRS = (
    "model", "outcome", "first", "second", "pairs", "left out of first", "left out of second", "both right",
    "first only", "second only", "both wrong", "difference", "low", "high", "p clustered (Holm)", "p clustered",
)  # fmt: skip
_MCNEMAR = ("model", "outcome", "first", "second", "seed", "first only", "second only", "p", "p (Holm)")
_LEAST = ("model", "outcome", "first", "second", "observations", "difference", "remark")


def _table(
    name: str, caption: str, cells: Sequence[CellRecord], columns: tuple[str, ...],
    rows: Callable[[CellRecord], Iterator[Row]],
) -> Table:  # fmt: skip
    found = tuple((cell.model, cell.regime, *row) for cell in cells for row in rows(cell))
    return Table(name, caption, (*_CELL, *columns), found)


def _rates(cell: CellRecord) -> Iterator[Row]:
    yield from _of_rates(cell)
    yield "consistent", *_share(cell.consistent)
    yield "cites an invented fact", *_share(cell.citing.invented)


def _of_rates(rates: Rates) -> Iterator[Row]:
    yield "answer", *_share(rates.answer)
    yield "answer, read leniently", *_share(rates.lenient_answer)
    yield "class", *_share(rates.class_)
    yield from ((f"retrieval: {kind}", *_share(share)) for kind, share in rates.retrieval.items())
    yield "trace", *_share(rates.trace)


def _macro(cell: CellRecord) -> Iterator[Row]:
    macro: Macro = cell.macro
    yield "answer", *_measure(macro.answer)
    yield "answer, read leniently", *_measure(macro.lenient_answer)
    yield "class", *_measure(macro.class_)
    yield from ((f"retrieval: {kind}", *_measure(mean)) for kind, mean in macro.retrieval.items())
    yield "trace", *_measure(macro.trace)


def _by_label(cell: CellRecord) -> Iterator[Row]:
    return ((part.label, *row) for part in cell.by_label for row in _of_rates(part))


def _by_seed(cell: CellRecord) -> Iterator[Row]:
    return ((part.seed, *row) for part in cell.by_seed for row in _of_rates(part))


def _reading(cell: CellRecord) -> Iterator[Row]:
    yield "all", cell.n
    yield "answer unparsed", cell.unparsed.answer
    yield "class unparsed", cell.unparsed.class_
    yield "retrieval unparsed", cell.unparsed.retrieval
    yield from ((f"trace: {status}", count) for status, count in cell.status.items())
    yield "cut off by the length limit", cell.cut_off


def _steps(cell: CellRecord) -> Iterator[tuple[str, StepAnswer]]:
    yield "class", cell.association.class_
    yield from ((f"retrieval: {kind}", step) for kind, step in cell.association.retrieval.items())
    yield "trace", cell.association.trace


def _counts(cell: CellRecord) -> Iterator[Row]:
    return ((name, *step.counts) for name, step in _steps(cell))


def _shares(cell: CellRecord) -> Iterator[Row]:
    for name, step in _steps(cell):
        for which, share in (*step.joint.items(), *step.conditional.items()):
            yield name, which.replace("_", " "), *_share(share)


def _strength(cell: CellRecord) -> Iterator[Row]:
    for name, step in _steps(cell):
        yield name, "phi", *_measure(step.phi)
        yield name, "odds ratio", *_measure(step.odds_ratio)
        yield name, "mutual information (bits)", *_measure(step.mutual_information)


def _tests(cell: CellRecord) -> Iterator[Row]:
    for name, step in _steps(cell):
        t = step.test
        yield name, t.p_clustered_holm, t.p_clustered, t.name, t.statistic, t.p, t.p_holm


def _stratified(cell: CellRecord) -> Iterator[Row]:
    for name, step in _steps(cell):
        if (s := step.classes) is not None:
            yield name, s.classes, s.odds_ratio, s.p_holm, s.p, s.statistic, s.homogeneity_p, s.warning or ""


def _model(cell: CellRecord) -> Iterator[Row]:
    fit = cell.answer_model
    remarks = [fit.reason] if fit.reason else []
    if fit.dropped:
        remarks.append(f"says nothing more: {', '.join(fit.dropped)}")
    if fit.outputs < fit.of:
        remarks.append(f"{fit.outputs:,} of {fit.of:,} outputs")
    remark = "; ".join(remarks)
    for term in fit.terms:
        yield fit.outputs, fit.groups, term.name, term.odds_ratio, *term.ci, term.p, remark
    if not fit.terms:
        yield fit.outputs, fit.groups, "", None, None, None, None, remark


def _comparisons(summary: RunSummary) -> Iterator[Row]:
    for c in summary.comparisons:
        yield (
            c.model, c.outcome, c.first, c.second, c.pairs, c.left_out.first, c.left_out.second, *c.counts,
            *_measure(c.difference), c.p_clustered_holm, c.p_clustered,
        )  # fmt: skip


def _mcnemar(summary: RunSummary) -> Iterator[Row]:
    for c in summary.comparisons:
        for test in c.mcnemar:
            yield (
                c.model, c.outcome, c.first, c.second, test.seed, test.first_only, test.second_only, test.p, test.p_holm,
            )  # fmt: skip


def _least(summary: RunSummary) -> Iterator[Row]:
    for cell in summary.cells:
        found = cell.detectable
        against = "(as many other problems)"
        yield cell.model, "answer", cell.regime, against, found.n, found.difference, found.reason or ""
    for c in summary.comparisons:
        found = c.detectable
        yield c.model, c.outcome, c.first, c.second, found.n, found.difference, found.reason or ""


def _share(share: Share) -> Row:
    low, high = share.ci or (None, None)
    return share.right, share.n, share.rate, low, high


def _measure(found: Measure) -> Row:
    low, high = found.ci or (None, None)
    return found.value, low, high
