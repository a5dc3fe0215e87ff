import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.stats.association import StepAnswer, associate

# Right & right, right & wrong, wrong & right, wrong & wrong.
tables = st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), min_size=2, max_size=4)

# Charig et al., BMJ 292 (1986): open surgery (right) or not, success (right), for small and for large kidney stones.
KIDNEY = [[81, 6, 234, 36], [192, 71, 55, 25]]
TURNED = [1, 0, 3, 2]


@pytest.fixture(scope="session")
def step_of(make, columns_of):
    """The association of trace and answer of these tables, a class each; every output of a group of its own."""

    def step(classes: list[list[int]]) -> StepAnswer:
        outcomes = [(s, a) for s in (True, False) for a in (True, False)]
        verdicts = [
            make(f"{label} {at} {i}", label=f"class {label}", trace=outcomes[at][0], answer=outcomes[at][1])
            for label, table in enumerate(classes)
            for at, n in enumerate(table)
            for i in range(n)
        ]
        columns = columns_of(verdicts)
        (cell,) = columns.cells()
        return associate(cell, cell.trace, np.ones(len(cell), bool), columns.labels)

    return step


def common_odds_ratio(used: np.ndarray) -> float:
    n = used.sum(axis=1)
    return float((used[:, 0] * used[:, 3] / n).sum() / (used[:, 1] * used[:, 2] / n).sum())


def test_kidney_stones(step_of) -> None:
    step = step_of(KIDNEY)
    within = step.classes
    assert (within.classes, within.odds_ratio) == (2, pytest.approx(common_odds_ratio(np.array(KIDNEY))))
    # Pooled, the other operation looks better (83 against 78 %), but not beyond chance.
    assert step.phi.value < 0 < within.covariance.value
    assert step.test.p > 0.05
    assert within.warning is None


def test_simpsons_warning_is_for_what_is_shown(step_of) -> None:
    # Ten times as many patients: then both are.
    step = step_of([[10 * n for n in table] for table in KIDNEY])
    assert max(step.test.p, step.classes.test.p) < 0.05
    assert "over all classes together the association is negative, within classes it is positive (in 2 of 2" in (
        step.classes.warning
    )


def test_covariance_by_hand(step_of) -> None:
    within = step_of([[30, 10, 10, 30], [40, 20, 20, 40]]).classes
    # Of each class: share of both right less the product of the margins; weighed by size.
    expected = (80 * (30 / 80 - 1 / 4) + 120 * (40 / 120 - 1 / 4)) / 200
    assert within.covariance.value == pytest.approx(expected)
    assert within.covariance.ci[0] < expected < within.covariance.ci[1]
    assert within.test.p < 1e-3
    assert within.warning is None


def test_classes_without_both_outcomes_say_nothing(step_of) -> None:
    with_empty = step_of([*KIDNEY, [50, 0, 20, 0], [0, 9, 0, 9]]).classes
    alone = step_of(KIDNEY).classes
    assert (with_empty.classes, with_empty.odds_ratio) == (2, pytest.approx(alone.odds_ratio))
    assert with_empty.covariance.value == pytest.approx(alone.covariance.value)
    assert with_empty.test.p == pytest.approx(alone.test.p, rel=0.05)


def test_constants_in_each_class_leave_nothing_within(step_of) -> None:
    # Pooled, step and answer go together; within classes nothing is to be seen.
    step = step_of([[50, 0, 0, 0], [0, 0, 0, 50]])
    assert step.phi.value == pytest.approx(1)
    assert (step.classes.classes, step.classes.test.p, step.classes.odds_ratio) == (0, None, None)
    assert step.classes.test.reason == "in no class do both step and answer vary"


def test_one_class_has_no_classes(step_of) -> None:
    step = step_of([KIDNEY[0]])
    assert step.classes is None
    assert step.carried_by is None


def test_the_class_that_carries_an_association_is_named(step_of) -> None:
    nothing = [20, 20, 20, 20]
    step = step_of([nothing, [40, 2, 2, 40], nothing])
    assert step.test.p < 0.05
    assert step.carried_by.label == "class 1"
    assert step.carried_by.phi.value == pytest.approx(0)
    assert step.carried_by.test.p > 0.05
    assert step_of([[30, 5, 5, 30]] * 3).carried_by is None  # each could be left out
    assert step_of([nothing] * 3).carried_by is None  # nothing to carry


@settings(max_examples=40, deadline=None)
@given(tables)
def test_never_fails_and_turns_with_its_tables(step_of, classes: list[list[int]]) -> None:
    if not sum(map(sum, classes)):
        return
    step = step_of(classes)
    table = np.array(classes)
    used = table[[min(t[0] + t[1], t[2] + t[3], t[0] + t[2], t[1] + t[3]) > 0 for t in table]]
    if step.classes is None:
        assert (table.sum(axis=1) > 0).sum() == 1
        return
    assert step.classes.classes == len(used)
    if not len(used):
        return
    turned = step_of(table[:, TURNED].tolist()).classes
    assert turned.covariance.value == pytest.approx(-step.classes.covariance.value, abs=1e-12)
    if step.classes.test.p is None:
        assert step.classes.test.reason.startswith("no test")
    else:
        assert turned.test.p == pytest.approx(step.classes.test.p)
