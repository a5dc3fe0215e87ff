"""Two regimes of a model, compared on the outputs that both have: the same problem, seed and sample."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, groupby

import numpy as np

from tracekd.stats.association import FourCounts, four_counts
from tracekd.stats.cell import Cell, parts
from tracekd.stats.clusters import MeanSquares
from tracekd.stats.contingency import by_seed
from tracekd.stats.estimate import Bools, Frozen, Measure
from tracekd.stats.families import Analysis, corrected
from tracekd.stats.inference import (
    DIFFERENCE,
    Test,
    against_zero,
    measured,
    quotients,
    scope_of,
    table_squares,
    unknown_spread,
)
from tracekd.stats.pivot import Pivot
from tracekd.stats.power import Detectable, detectable

ANSWER = "answer"
OUTCOMES: dict[str, Callable[[Cell], Bools]] = {
    ANSWER: lambda cell: cell.answer,
    "class": lambda cell: cell.classified(),
    "retrieval": lambda cell: cell.retrieved(),
    "trace": lambda cell: cell.trace,
}
# With more pairs (of an outcome), the smallest detectable difference is not computed: it takes longer than all else.
MOST_DETECTABLE = 200
# With more pairs, each regime is compared with one other only. Nobody reads so many comparisons, and the correction over
# all of them would leave hardly any power.
MOST_PAIRS = 1000
REFERENCE = "answer_only"
TOO_MANY_PAIRS = "Too many pairs of regimes"
ONE_SEED = "one seed: a difference between these two students, which says nothing about their regimes"
UNTESTED = "not compared: one regime has no traces"
# The derivatives of the difference by the shares: right in both, only in the first, only in the second, in neither.
_GRADIENT = np.array([0.0, 1.0, -1.0, 0.0])


class LeftOut(Frozen):
    """Outputs of each side without a counterpart on the other side; no number of the comparison uses them."""

    first: int
    second: int


class Equivalence(Frozen):
    """The larger p of two one-sided tests that the true rates differ by at least `margin` (a share), and Holm's."""

    margin: float
    p: float | None
    p_holm: float | None = None


class Pair(Frozen):
    """One outcome of two regimes of a model. `counts`: right in both, only in the first, only in the second, in neither.

    `difference`: the first rate minus the second, over all pairs. `test`: of no difference between the regimes; with
    one seed there is no test (see `scope`). `equivalence`: is one as good as the other? `spread`: the mean squares
    behind all of this. Holm's family is the outcome over all pairs of the run, or what the analysis declares.
    If a regime has no traces, traces are not compared: such pairs have no tests and belong to no family.
    """

    model: str
    outcome: str
    first: str
    second: str
    seeds: tuple[int, ...]
    problems: int
    groups: int
    pairs: int
    left_out: LeftOut
    counts: FourCounts
    seeds_counts: tuple[FourCounts, ...]
    difference: Measure
    test: Test
    equivalence: Equivalence
    spread: MeanSquares
    detectable: Detectable

    @property
    def tested(self) -> bool:
        """Whether the two regimes can be compared by this outcome."""
        return self.test.reason != UNTESTED


def compare_all(cells: Sequence[Cell], analysis: Analysis) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """Every pair of regimes of a model with an output in common, by outcome; and a note on each pair without.

    If there are more than `MOST_PAIRS` pairs, each regime is compared only with the reference of its model: `answer_only`,
    or else the first regime by name. A note says so.
    """
    found: list[Pair] = []
    notes: list[str] = []
    models = [list(some) for _, some in groupby(cells, lambda cell: cell.model)]
    total = sum(len(some) * (len(some) - 1) // 2 for some in models)
    of_model = _every_pair if total <= MOST_PAIRS else _pairs_with_reference
    pairs = [pair for some in models for pair in of_model(some)]
    for first, second in pairs:
        outcomes = _compare(first, second, analysis, with_detectable=total <= MOST_DETECTABLE)
        found.extend(outcomes)
        if not outcomes:
            notes.append(f"{first.regime} and {second.regime} ({first.model}) have no problem and seed in common.")
    if total > MOST_DETECTABLE:
        notes.append(
            f"More than {MOST_DETECTABLE} pairs: the smallest detectable difference of each pair is not computed."
        )
    if total > MOST_PAIRS:
        notes.append(
            f"{TOO_MANY_PAIRS}: {len(cells):,} regimes are {total:,} pairs, of which at most {MOST_PAIRS:,} are compared. So "
            f"each regime is compared only with {REFERENCE}, or without it with the first regime of its model by name. To "
            "compare others, name the verdicts of fewer regimes."
        )
    return _with_holm(found, analysis), tuple(notes)


def _every_pair(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    return combinations(cells, 2)


def _pairs_with_reference(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Each regime of a model and its reference; within a pair, the first by name comes first, as in every pair."""
    at = next((at for at, cell in enumerate(cells) if cell.regime == REFERENCE), 0)
    yield from ((cell, cells[at]) for cell in cells[:at])
    yield from ((cells[at], cell) for cell in cells[at + 1 :])


def _compare(first: Cell, second: Cell, analysis: Analysis, *, with_detectable: bool) -> list[Pair]:
    """All outcomes of two regimes; empty if no output has a counterpart."""
    a, b = _common(first, second)
    if not len(a):
        return []
    left_out = LeftOut(first=len(first) - len(a), second=len(second) - len(b))
    both_traced = first.is_traced and second.is_traced
    return [
        _pair(a, b, outcome, left_out, analysis, outcome == ANSWER or both_traced, with_detectable)
        for outcome in OUTCOMES
    ]


def _common(first: Cell, second: Cell) -> tuple[Cell, Cell]:
    """The outputs of both that have a counterpart, in the same order."""
    known = second.output  # ascends
    a, b, count = np.empty_like(first.rows), np.empty_like(first.rows), 0
    for part in parts(len(first)):
        some = first.only(part)
        outputs = some.output
        places = np.minimum(np.searchsorted(known, outputs), len(known) - 1)
        found = known[places] == outputs
        end = count + int(found.sum())
        a[count:end], b[count:end] = some.rows[found], second.rows[places[found]]
        count = end
    return replace(first, rows=a[:count]), replace(second, rows=b[:count])


def _pair(
    first: Cell,
    second: Cell,
    outcome: str,
    left_out: LeftOut,
    analysis: Analysis,
    is_question: bool,
    with_detectable: bool,
) -> Pair:
    """One outcome of the outputs that two regimes have in common."""
    right = OUTCOMES[outcome]
    code = (~right(first) * np.int8(2) + ~right(second)).astype(np.int8)
    table, clusters = first.counts(code, 4), first.clusters
    total, seeds = table.sum(axis=0), by_seed(table, clusters)
    present = seeds.sum(axis=1) > 0
    n = int(total.sum())
    value = float(total[1] - total[2]) / n
    squares = table_squares(table, _GRADIENT, clusters)
    per_seed = quotients(seeds[present, 1] - seeds[present, 2], seeds[present].sum(axis=1))
    return Pair(
        model=first.model,
        outcome=outcome,
        first=first.regime,
        second=second.regime,
        seeds=tuple(seed for seed, there in zip(first.seeds, present.tolist(), strict=True) if there),
        problems=first.n_problems,
        groups=squares.groups,
        pairs=n,
        left_out=left_out,
        counts=four_counts(total),
        seeds_counts=tuple(four_counts(row.astype(np.int64)) for row in seeds[present]),
        difference=measured(value, squares, n, per_seed, DIFFERENCE),
        test=_test(value, squares) if is_question else Test(scope=scope_of(squares.seeds), p=None, reason=UNTESTED),
        equivalence=_equivalence(value, squares, analysis.margin, is_question),
        spread=squares,
        detectable=_detectable(squares, is_question, with_detectable),
    )


def _test(value: float, squares: MeanSquares) -> Test:
    """Test whether the regimes differ. One student of each is not enough for a test."""
    return Test(scope="student", p=None, reason=ONE_SEED) if squares.seeds < 2 else against_zero(value, squares)


def _equivalence(value: float, squares: MeanSquares, margin: float, is_question: bool) -> Equivalence:
    if not is_question or squares.seeds < 2 or unknown_spread(squares) is not None:
        return Equivalence(margin=margin, p=None)
    return Equivalence(margin=margin, p=Pivot.of(squares).equivalence_p(value, margin))


def _detectable(squares: MeanSquares, is_question: bool, is_wanted: bool) -> Detectable:
    if not is_question:
        return Detectable(difference=None, reason=UNTESTED)
    return detectable(squares) if is_wanted else Detectable(difference=None, reason="too many pairs of regimes")


def _with_holm(pairs: Sequence[Pair], analysis: Analysis) -> tuple[Pair, ...]:
    """The pairs by outcome, with the corrected p values of both tests."""
    by_outcome = {outcome: [pair for pair in pairs if pair.outcome == outcome] for outcome in OUTCOMES}
    tests = corrected(by_outcome, lambda pair: pair.test.p, analysis)
    equivalences = corrected(by_outcome, lambda pair: pair.equivalence.p, analysis)
    return tuple(
        pair.model_copy(
            update={
                "test": pair.test.model_copy(update={"p_holm": p}),
                "equivalence": pair.equivalence.model_copy(update={"p_holm": p_equivalence}),
            }
        )
        for outcome, some in by_outcome.items()
        for pair, p, p_equivalence in zip(some, tests[outcome], equivalences[outcome], strict=True)
    )
