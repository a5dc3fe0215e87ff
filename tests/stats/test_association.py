import numpy as np
import pytest

from tracekd.stats.association import CONDITIONALS, JOINT, Associations, StepAnswer, associate, associations
from tracekd.stats.contingency import phi


def outputs(make, *seeds: tuple[int, int, int, int]) -> list:
    """Outputs of these tables, a seed each; the trace is the step, and each problem a group."""
    verdicts = []
    for seed, table in enumerate(seeds):
        outcomes = [pair for pair, n in zip([(1, 1), (1, 0), (0, 1), (0, 0)], table, strict=True) for _ in range(n)]
        verdicts += [
            make(f"p{i}", seed=seed, trace=bool(s), answer=bool(a)) for i, (s, a) in enumerate(outcomes)
        ]  # fmt: skip
    return verdicts


def step_of(columns_of, verdicts: list, present: object = None) -> StepAnswer:
    columns = columns_of(verdicts)
    (cell,) = columns.cells()
    return associate(cell, cell.trace, np.ones(len(cell), bool) if present is None else present, columns.labels)


def test_a_table_by_hand(make, columns_of) -> None:
    found = step_of(columns_of, outputs(make, (40, 10, 20, 30)))
    assert found.counts == (40, 10, 20, 30)
    assert {name: (one.right, one.n) for name, one in found.conditional.items()} == {
        "answer_right_given_step_right": (40, 50),
        "answer_right_given_step_wrong": (20, 50),
        "step_right_given_answer_right": (40, 60),
        "step_right_given_answer_wrong": (10, 40),
    }
    assert [found.joint[name].rate for name in JOINT] == [0.4, 0.1, 0.2, 0.3]
    assert found.phi.value == pytest.approx(1000 / np.sqrt(6_000_000))


def test_over_seeds(make, columns_of) -> None:
    tables = (40, 10, 20, 30), (30, 20, 30, 20)
    found = step_of(columns_of, outputs(make, *tables))
    assert found.seeds == tables
    assert found.counts == (70, 30, 50, 50)
    assert found.phi.per_seed == pytest.approx([float(phi(np.array(table))) for table in tables])
    assert found.phi.ci[0] < found.phi.value < found.phi.ci[1]
    assert found.conditional["answer_right_given_step_right"].per_seed == (0.8, 0.6)
    assert sum(found.joint[name].rate for name in JOINT) == pytest.approx(1)


def test_nothing_to_condition_on_is_none(make, columns_of) -> None:
    found = step_of(columns_of, outputs(make, (7, 3, 0, 0)))
    empty = found.conditional["answer_right_given_step_wrong"]
    assert (empty.right, empty.n, empty.rate, empty.ci) == (0, 0, None, None)
    assert (found.test.p, found.phi.value) == (None, None)
    assert "margin is empty" in found.phi.reason


def test_one_seed_with_an_empty_margin_has_no_phi(make, columns_of) -> None:
    found = step_of(columns_of, outputs(make, (40, 10, 20, 30), (60, 40, 0, 0))).phi
    assert found.per_seed[0] is not None
    assert found.per_seed[1] is None
    assert found.value is not None  # of both together


def test_a_certain_conditional_counts_groups(make, columns_of) -> None:
    found = step_of(columns_of, outputs(make, (12, 0, 8, 10))).conditional["answer_right_given_step_right"]
    assert found.rate == 1
    assert found.ci == pytest.approx((12 / (12 + 1.959964**2), 1.0), abs=1e-4)


def test_outputs_without_the_step_do_not_count(make, columns_of) -> None:
    verdicts = outputs(make, (40, 10, 20, 30))
    (cell,) = columns_of(verdicts).cells()
    absent = cell.trace & ~cell.answer
    assert step_of(columns_of, verdicts, ~absent).counts == (40, 0, 20, 30)


def test_each_step_has_its_table(make, columns_of) -> None:
    verdicts = [
        make(
            f"p{i}", class_step="right" if i % 2 else "wrong", retrieval={"full": "right" if i % 3 else "wrong"},
            support="full", trace=i % 5 > 0, answer=i % 4 > 0,
        )
        for i in range(60)
    ]  # fmt: skip
    columns = columns_of(verdicts)
    found = associations(columns.cells()[0], columns.labels)
    assert list(found.retrieval) == ["full"]
    rights = (
        lambda v: v.class_step == "right",
        lambda v: v.retrieval["full"] == "right",
        lambda v: v.trace,
    )
    for step, right in zip(found.steps, rights, strict=True):
        pairs = [(right(v), v.answer) for v in verdicts]
        expected = [pairs.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))]
        assert list(step.counts) == expected
    assert found.tables.trace == found.trace.counts
    assert set(found.trace.conditional) == set(CONDITIONALS)
    assert found.with_steps(found.steps) == found
    assert Associations.model_validate_json(found.model_dump_json()) == found
