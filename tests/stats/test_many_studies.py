"""The vectorised path of the calibration gives, study by study, what the engine's own functions give."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tracekd.stats import inference, pairs
from tracekd.stats.cell_summary import summarise_cell
from tracekd.stats.clusters import Clusters
from tracekd.stats.pivot import Pivot

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks/validation"))
from many_studies import Differences, Rates
from simulated import INDEPENDENT, Outcome, Size, draw, true_table
from simulated_cells import cell_of

STUDIES = 6
SIZES = [Size(20, 1, 1), Size(12, 2, 4), Size(35, 5, 3), Size(20, 10, 1)]


def outputs(size: Size, rates: tuple[float, float] = (0.8, 0.7)) -> np.ndarray:
    return draw([Outcome(rate, 0.05) for rate in rates], size, STUDIES, np.random.default_rng(3))[0]


@pytest.mark.parametrize("size", SIZES)
def test_rates(size: Size) -> None:
    right = outputs(size)[0]
    found, clusters = Rates.of(right), Clusters.of_table(size.groups, size.seeds)
    grid = np.linspace(0.5, 0.95, 46)
    held = np.array([found.cover(truth) for truth in grid])
    for at in range(STUDIES):
        hits = right[at].sum(axis=1).ravel()
        share = inference.share(hits, np.full(len(hits), size.problems), clusters)
        assert found.rate[at] == pytest.approx(share.rate)
        low, high = share.ci
        assert held[:, at].tolist() == [bool(low <= truth <= high) for truth in grid]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("rates", [(0.8, 0.7), (0.999, 0.999)])
def test_differences(size: Size, rates: tuple[float, float]) -> None:
    first, second = draw([Outcome(rate, 0.0005) for rate in rates], size, STUDIES, np.random.default_rng(4))[0]
    found, clusters = Differences.of(first, second), Clusters.of_table(size.groups, size.seeds)
    p, equivalent = found.p(), found.equivalence_p(0.03)
    for at in range(STUDIES):
        code = 2 * ~first[at] + 1 * ~second[at]
        table = np.stack([(code == which).sum(axis=1).ravel() for which in range(4)], axis=1)
        squares = inference.table_squares(table, pairs._GRADIENT, clusters)
        assert found.spreads.one(at).model_dump() == pytest.approx(squares.model_dump())
        value = float(found.difference[at])
        assert p[at] == pytest.approx(inference.against_zero(value, squares).p)
        assert equivalent[at] == pytest.approx(Pivot.of(squares).equivalence_p(value, 0.03))


def test_all_right_has_wilsons_interval_of_groups() -> None:
    right = np.ones((1, 20, 2, 3), bool)
    low, _ = inference.wilson_of_groups(1.0, 20)
    assert Rates.of(right).cover(low + 0.001).all()
    assert not Rates.of(right).cover(low - 0.001).any()


@pytest.mark.parametrize(("rate", "seed_sd"), [(0.75, 0.0), (0.6, 0.1), (0.97, 0.03)])
def test_simulated_rates_are_the_true_ones(rate: float, seed_sd: float) -> None:
    outcome = Outcome(rate, seed_sd)
    right, students = draw([outcome], Size(200, 200, 1), 10, np.random.default_rng(0))
    assert right.mean() == pytest.approx(rate, abs=0.02)
    rates = outcome.student_rates(students[0])
    assert (rates.mean(), rates.std()) == pytest.approx((rate, seed_sd), abs=0.004)


def test_simulated_tables_are_the_true_ones() -> None:
    step, answer, shared = Outcome(0.6), Outcome(0.7), (0.5, 0.5, 0.5, 0.5, 0.8)
    right, students = draw([step, answer], Size(400, 100, 2), 4, np.random.default_rng(1), shared)
    code = 2 * ~right[0] + 1 * ~right[1]
    found = np.bincount(code.ravel(), minlength=4) / code.size
    assert found == pytest.approx(true_table(step, answer, shared), abs=0.015)
    own = true_table(step, answer, shared, students.reshape(2, -1))
    assert own.mean(axis=0) == pytest.approx(found, abs=0.02)
    alone = true_table(step, answer, INDEPENDENT)
    assert alone[0] == pytest.approx(0.6 * 0.7, abs=1e-6)


def test_a_spread_that_no_rate_has_is_refused() -> None:
    with pytest.raises(ValueError, match="sign"):
        _ = Outcome(0.99, 0.2).threshold


def test_simulated_cells_are_those_of_verdicts(make, columns_of) -> None:
    class_step, retrieval, trace, answer = np.random.default_rng(5).random((4, 15, 4, 3)) < 0.6
    words = {True: "right", False: "wrong"}
    columns = columns_of(
        make(
            f"p{g} {p}", group=f"g{g}", label=f"l{p % 2}", seed=s, class_step=words[bool(class_step[g, p, s])],
            retrieval_step=words[bool(retrieval[g, p, s])], retrieval={"support": words[bool(retrieval[g, p, s])]},
            support="support", trace=bool(trace[g, p, s]), answer=bool(answer[g, p, s]),
            lenient_answer=bool(answer[g, p, s]), precision=0, recall=0, f1=0,
        )
        for g, p, s in np.ndindex(answer.shape)
    )  # fmt: skip
    (expected,) = columns.cells()
    found = cell_of(class_step, retrieval, trace, answer, classes=2)
    ours, theirs = (summarise_cell(cell, ("l0", "l1")) for cell in (found, expected))
    left_out = {"model", "regime", "citing", "answer_f1", "consistent"}
    assert ours.model_dump(exclude=left_out) == approximately(theirs.model_dump(exclude=left_out))


def approximately(record: object) -> object:
    """Nested records whose numbers are compared as floats."""
    if isinstance(record, dict):
        return {name: approximately(value) for name, value in record.items()}
    if isinstance(record, list | tuple):
        return type(record)(approximately(value) for value in record)
    return pytest.approx(record, abs=1e-6) if isinstance(record, float) else record
