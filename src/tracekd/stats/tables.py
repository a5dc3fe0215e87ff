"""The tables of a run: each has a name, headers, and rows of plain values, for a file or the terminal."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tracekd.stats.cell_summary import CellSummary, judged_by
from tracekd.stats.estimate import Measure, Share
from tracekd.stats.pairs import Pair
from tracekd.stats.rates import Macro, Rates
from tracekd.stats.summary import Summary

Value = str | int | float | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is the name of its files. A value is None if the number is undefined."""

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


_CELL = ("model", "regime")
_COUNTS = ("right & right", "right & wrong", "wrong & right", "wrong & wrong")
_SHARE = ("right", "n", "rate", "low", "high")
_MEASURE = ("value", "low", "high")


def tables(summary: Summary) -> tuple[Table, ...]:
    """All tables of a run."""
    cells = summary.cells
    by = judged_by(cells)
    return (
        _table("rates", f"Rates over all outputs, with 95 % intervals{by}", cells, ("measure", *_SHARE), _rates),
        _table("macro", f"Rates as means over classes{by}", cells, ("measure", *_MEASURE), _macro),
        _table("classes", f"Rates by class of question{by}", cells, ("class", "measure", *_SHARE), _by_label),
        _table("seeds", f"Rates by seed{by}", cells, ("seed", "measure", *_SHARE), _by_seed),
        *_free_traces(cells, by),
        _table(
            "reading", f"Outputs that could not be read, or were cut off{by}", cells, ("outputs", "count"), _reading
        ),
        _table(
            "counts", f"Step and answer: numbers of outputs (first the step){by}", cells, ("step", *_COUNTS), _counts
        ),
        _table(
            "shares", f"Step and answer: joint and conditional shares{by}", cells, ("step", "share", *_SHARE), _shares
        ),
        _table("strength", f"Step and answer: strength{by}", cells, ("step", "statistic", *_MEASURE), _strength),
        _table("tests", f"Step and answer: is there an association?{by}", cells, _TESTS, _tests),
        _table("stratified", f"Step and answer within classes (Mantel and Haenszel){by}", cells, _WITHIN, _stratified),
        _table(
            "model", f"Odds of a right answer while the other step is fixed (logistic model){by}", cells, _MODEL, _model
        ),
        _of_pairs("comparisons", f"Pairs of regimes on their common outputs{by}", summary, _PAIRS, _comparison),
        _of_pairs(
            "equivalence",
            f"Is one regime as good as the other, within the margin?{by}",
            summary,
            _EQUIVALENCE,
            _equivalence,
        ),
        _of_pairs(
            "pairs_by_seed",
            f"Pairs of regimes in each seed: about these students only{by}",
            summary,
            _BY_SEED,
            _pair_by_seed,
        ),
        Table(
            "detectable",
            "Smallest difference that would be detected (80 % power, alpha 0.05)",
            _LEAST,
            tuple(_least(summary)),
        ),
    )


_TESTS = ("step", "p (Holm)", "p", "about", "carried by class", "phi without it", "remark")
_WITHIN = (
    "step", "classes", "common odds ratio", "p (Holm)", "p", "covariance", "low", "high", "warning",
)  # fmt: skip
_MODEL = ("outputs", "groups", "term", "odds ratio", "low", "high", "p", "remark")
_SIDES = ("model", "outcome", "first", "second")
_PAIRS = (
    "pairs", "left out of first", "left out of second", "both right", "first only", "second only", "both wrong",
    "difference", "low", "high", "p (Holm)", "p", "remark",
)  # fmt: skip
_EQUIVALENCE = ("margin", "difference", "low", "high", "p (Holm)", "p")
_BY_SEED = ("seed", "both right", "first only", "second only", "both wrong", "difference")
_LEAST = (*_SIDES, "outputs", "difference", "remark")


def _table(
    name: str, caption: str, cells: Sequence[CellSummary], columns: tuple[str, ...],
    rows: Callable[[CellSummary], Iterator[Row]],
) -> Table:  # fmt: skip
    found = tuple((cell.model, cell.regime, *row) for cell in cells for row in rows(cell))
    return Table(name, caption, (*_CELL, *columns), found)


def _free_traces(cells: Sequence[CellSummary], by: str) -> Iterator[Table]:
    if any(cell.free for cell in cells):
        yield _table("free_traces", f"Statements of free traces{by}", cells, ("measure", *_SHARE), _free)


def _of_pairs(
    name: str, caption: str, summary: Summary, columns: tuple[str, ...], rows: Callable[[Pair], Iterator[Row]]
) -> Table:
    found = tuple((p.model, p.outcome, p.first, p.second, *row) for p in summary.comparisons for row in rows(p))
    return Table(name, caption, (*_SIDES, *columns), found)


def _rates(cell: CellSummary) -> Iterator[Row]:
    yield from _of_rates(cell)
    yield "consistent", *_share(cell.consistent)
    yield "cites an invented fact", *_share(cell.citing.invented)


def _of_rates(rates: Rates) -> Iterator[Row]:
    yield "answer", *_share(rates.answer)
    yield "answer, read leniently", *_share(rates.lenient_answer)
    yield "class", *_share(rates.class_)
    yield from ((f"retrieval: {kind}", *_share(share)) for kind, share in rates.retrieval.items())
    yield "trace", *_share(rates.trace)


def _free(cell: CellSummary) -> Iterator[Row]:
    free = cell.free
    if free is not None:
        yield "outputs with free traces", free.outputs, cell.n, free.outputs / cell.n, None, None
        yield "claims that hold", *_share(free.claims_hold)
        yield "steps that hold", *_share(free.steps_hold)
        yield "outputs with steps, none false", *_share(free.no_false_step)
        yield "outputs with steps, all hold", *_share(free.all_hold)
        yield "outputs without a step", free.without_step, free.outputs, free.without_step / free.outputs, None, None
        yield "statements unread", *_share(free.unread)


def _macro(cell: CellSummary) -> Iterator[Row]:
    macro: Macro = cell.macro
    yield "answer", *_measure(macro.answer)
    yield "answer, read leniently", *_measure(macro.lenient_answer)
    yield "class", *_measure(macro.class_)
    yield from ((f"retrieval: {kind}", *_measure(mean)) for kind, mean in macro.retrieval.items())
    yield "trace", *_measure(macro.trace)


def _by_label(cell: CellSummary) -> Iterator[Row]:
    return ((part.label, *row) for part in cell.by_label for row in _of_rates(part))


def _by_seed(cell: CellSummary) -> Iterator[Row]:
    return ((part.seed, *row) for part in cell.by_seed for row in _of_rates(part))


def _reading(cell: CellSummary) -> Iterator[Row]:
    yield "all", cell.n
    yield "answer unparsed", cell.unparsed.answer
    yield "class unparsed", cell.unparsed.class_
    yield "retrieval unparsed", cell.unparsed.retrieval
    yield from ((f"trace: {status}", count) for status, count in cell.status.items())
    yield "cut off by the length limit", cell.cut_off


def _counts(cell: CellSummary) -> Iterator[Row]:
    return ((name, *step.counts) for name, step in cell.association.named())


def _shares(cell: CellSummary) -> Iterator[Row]:
    for name, step in cell.association.named():
        for which, share in (*step.joint.items(), *step.conditional.items()):
            yield name, which.replace("_", " "), *_share(share)


def _strength(cell: CellSummary) -> Iterator[Row]:
    for name, step in cell.association.named():
        yield name, "phi", *_measure(step.phi)
        yield name, "odds ratio", *_measure(step.odds_ratio)
        yield name, "mutual information (bits)", *_measure(step.mutual_information)


def _tests(cell: CellSummary) -> Iterator[Row]:
    for name, step in cell.association.named():
        carried, test = step.carried_by, step.test
        without = (carried.label, carried.phi.value) if carried else ("", None)
        yield name, test.p_holm, test.p, test.scope, *without, test.reason or ""


def _stratified(cell: CellSummary) -> Iterator[Row]:
    for name, step in cell.association.named():
        if (s := step.classes) is not None:
            yield name, s.classes, s.odds_ratio, s.test.p_holm, s.test.p, *_measure(s.covariance), s.warning or ""


def _model(cell: CellSummary) -> Iterator[Row]:
    fit = cell.answer_model
    remarks = [fit.reason] if fit.reason else []
    if fit.dropped:
        remarks.append(f"dropped, because it adds nothing: {', '.join(fit.dropped)}")
    remark = "; ".join(remarks)
    for term in fit.terms:
        yield fit.outputs, fit.groups, term.name, term.odds_ratio, *term.ci, term.test.p, remark
    if not fit.terms:
        yield fit.outputs, fit.groups, "", None, None, None, None, remark


def _comparison(pair: Pair) -> Iterator[Row]:
    left_out, test = pair.left_out, pair.test
    yield (
        pair.pairs, left_out.first, left_out.second, *pair.counts, *_measure(pair.difference), test.p_holm, test.p,
        test.reason or "",
    )  # fmt: skip


def _equivalence(pair: Pair) -> Iterator[Row]:
    if pair.equivalence.p is not None:
        yield pair.equivalence.margin, *_measure(pair.difference), pair.equivalence.p_holm, pair.equivalence.p


def _pair_by_seed(pair: Pair) -> Iterator[Row]:
    return (
        (seed, *counts, value)
        for seed, counts, value in zip(pair.seeds, pair.seeds_counts, pair.difference.per_seed, strict=True)
    )


def _least(summary: Summary) -> Iterator[Row]:
    for cell in summary.cells:
        found = cell.detectable
        against = "(as many other problems)"
        yield cell.model, "answer", cell.regime, against, cell.n, found.difference, found.reason or ""
    for pair in summary.comparisons:
        found = pair.detectable
        yield pair.model, pair.outcome, pair.first, pair.second, pair.pairs, found.difference, found.reason or ""


def _share(share: Share) -> Row:
    low, high = share.ci or (None, None)
    return share.right, share.n, share.rate, low, high


def _measure(found: Measure) -> Row:
    low, high = found.ci or (None, None)
    return found.value, low, high
