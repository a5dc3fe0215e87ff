import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.stats import cell as cell_module
from tracekd.stats import problem_table
from tracekd.stats.cell import Cell
from tracekd.stats.columns import Columns
from tracekd.stats.problem_table import ProblemTable, name_hash


def test_every_field_comes_back(make, columns_of) -> None:
    other = make(
        "p1", right=False, label="who", seed=7, sample=2, class_step="unparsed", retrieval_step="wrong",
        retrieval={"full": "unparsed"}, lenient_answer=True, answer_parsed=False, consistent=None, finish="length",
        status="truncated", invented=3,
    )  # fmt: skip
    (cell,) = columns_of([make("p0", seed=3), other]).cells()
    assert (cell.model, cell.regime, cell.seeds, cell.samples, len(cell)) == ("tiny", "correct", (3, 7), 2, 2)
    assert cell.kinds == ("support", "full")
    for column, expected in [
        (cell.answer, [1, 0]), (cell.lenient_answer, [1, 1]), (cell.answer_parsed, [1, 0]), (cell.trace, [1, 0]),
        (cell.cut_off, [0, 1]), (cell.cites_invented, [0, 1]), (cell.judged, [1, 0]), (cell.consistent, [1, 0]),
        (cell.classified(), [1, 0]), (cell.classified("unparsed"), [0, 1]), (cell.retrieved(), [1, 0]),
        (cell.retrieved("support"), [1, 0]), (cell.has_kind("support"), [1, 0]), (cell.has_kind("full"), [0, 1]),
        (cell.retrieved("full", "unparsed"), [0, 1]), (cell.with_status("truncated"), [0, 1]), (cell.seed, [0, 1]),
        (cell.problem, [0, 1]), (cell.label, [0, 1]),
    ]:  # fmt: skip
        assert column.tolist() == expected
    assert [cell.score(name).tolist() for name in ("invented", "f1")] == [[0, 3], [1, 0]]


def test_cells_are_sorted_and_may_lack_problems(make, columns_of) -> None:
    verdicts = [make("p0", regime="b"), make("p1", regime="b"), make("p1", regime="a"), make("p2", student="large")]
    cells = columns_of(verdicts).cells()
    assert [(c.model, c.regime, len(c)) for c in cells] == [("large", "correct", 1), ("tiny", "a", 1), ("tiny", "b", 2)]


def test_counts_by_group_and_seed(make, columns_of) -> None:
    verdicts = [
        make(f"p{i}", seed=seed, group=f"g{i // 2}", answer=(i + seed) % 3 == 0) for i in range(6) for seed in (0, 1)
    ]
    (cell,) = columns_of(verdicts).cells()
    counts = cell.counts(cell.answer, 2)
    assert counts.shape == (6, 2)
    assert counts.sum(axis=1).tolist() == [2] * 6
    right = {(v.group, v.seed): 0 for v in verdicts}
    for v in verdicts:
        right[v.group, v.seed] += v.answer
    # Groups come in the order of the hashes of their names, whatever the order of the verdicts.
    names = sorted({v.group for v in verdicts}, key=name_hash)
    assert counts[:, 1].tolist() == [right[name, seed] for name in names for seed in (0, 1)]
    assert (cell.clusters.group.tolist(), cell.clusters.seed.tolist()) == ([0, 0, 1, 1, 2, 2], [0, 1] * 3)
    assert cell.sums(lambda some, part: cell.answer[part]).tolist() == counts[:, 1].tolist()


def test_pairs_of_group_and_seed_without_outputs_are_left_out(make, columns_of, monkeypatch) -> None:
    verdicts = [make(f"p{i}", seed=seed, group=f"g{i}") for i in range(5) for seed in (0, 1) if (i, seed) != (2, 1)]
    (cell,) = columns_of(verdicts).cells()
    assert len(cell.clusters.group) == 9
    monkeypatch.setattr(cell_module, "_PLACES", 1)  # as where groups are too many to have a place each
    (sparse,) = columns_of(verdicts).cells()
    assert sparse.clusters.group.tolist() == cell.clusters.group.tolist()
    assert sparse.clusters.seed.tolist() == cell.clusters.seed.tolist()
    assert sparse.counts(sparse.answer, 2).tolist() == cell.counts(cell.answer, 2).tolist()


def test_an_output_given_twice_is_refused(make, columns_of) -> None:
    with pytest.raises(ValueError, match="1 verdicts of model 'tiny', regime 'correct' occur twice"):
        columns_of([make("p0"), make("p1"), make("p0", right=False)]).cells()
    assert len(columns_of([make("p0"), make("p0", sample=1), make("p0", seed=1)]).cells()[0]) == 3


@pytest.mark.parametrize("change", [{"group": "other"}, {"label": "other"}])
def test_a_problem_has_one_group_and_class(make, columns_of, change: dict) -> None:
    with pytest.raises(ValueError, match="another group or class"):
        columns_of([make("p0"), make("p0", regime="x", **change)]).cells()


def test_a_tenth_kind_is_refused(make, columns_of) -> None:
    with pytest.raises(ValueError, match="more than 9 kinds"):
        columns_of([make(retrieval={f"k{i}": "right" for i in range(10)})])


@given(st.lists(st.integers(0, 30), max_size=80))
def test_problems_are_numbered_as_they_come(names: list[int]) -> None:
    table = ProblemTable()
    pending = problem_table._PENDING
    problem_table._PENDING = 7  # looked up in several goes
    try:
        for name in names:
            table.add(name_hash(str(name)), name_hash(str(name // 3)), name % 4)
    finally:
        problem_table._PENDING = pending
    numbers, groups, labels = table.numbers().tolist(), table.groups(), table.labels()
    assert len(labels) == len(groups) == len(set(names))
    assert [labels[n] for n in numbers] == [name % 4 for name in names]
    for a, first in zip(numbers, names, strict=True):
        for b, second in zip(numbers, names, strict=True):
            assert (a == b) == (first == second)
            assert (groups[a] == groups[b]) == (first // 3 == second // 3)


def test_adding_goes_on_after_reading(make, columns_of) -> None:
    columns = columns_of([make("p0")])
    assert len(columns.cells()[0]) == 1
    columns.add(make("p1"))
    assert len(columns.cells()[0]) == 2


@given(order=st.permutations(range(24)), at_a_time=st.integers(1, 30))
def test_a_part_at_a_time_is_the_same(make, columns_of, order: list[int], at_a_time: int) -> None:
    verdicts = [make(f"p{i % 6}", seed=i // 6 % 2, regime="ab"[i // 12], group=f"g{i % 3}") for i in range(24)]
    whole = columns_of(verdicts).cells()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cell_module, "_AT_A_TIME", at_a_time)
        cells = columns_of([verdicts[i] for i in order]).cells()
        for a, b in zip(whole, cells, strict=True):
            assert [order[row] for row in b.rows] == a.rows.tolist()
            assert b.counts(b.answer, 2).tolist() == a.counts(a.answer, 2).tolist()
            assert b.counts(b.answer, 2).sum(axis=1).tolist() == [2] * 6
        with pytest.raises(ValueError, match="1 verdicts of model 'tiny', regime 'a' occur twice"):
            columns_of([*verdicts, verdicts[order[0] % 12]]).cells()


def test_more_runs_than_two_bytes_can_number(make, columns_of, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = columns_of([make("p0", sample=i) for i in range(3)])
    assert columns._run.typecode == "H"
    columns._runs.update({("other", "", 0, i): 3 + i for i in range(2**16)})
    columns.add(make("p0", sample=3))
    assert columns._run.tolist() == [0, 1, 2, 3 + 2**16]


def test_the_kind_of_support(make, columns_of) -> None:
    kinds = {"none": [None, None], "one": ["full", None], "two": ["full", "support"]}
    cells = columns_of(
        [make(f"p{i}", regime=regime, support=kind) for regime, two in kinds.items() for i, kind in enumerate(two)]
    ).cells()
    assert {cell.regime: cell.support for cell in cells} == {"none": None, "one": "full", "two": None}


def test_a_cell_is_traced_unless_no_output_has_a_trace(make, columns_of) -> None:
    without = make("p0", status="no_trace", right=False)
    assert not columns_of([without]).cells()[0].is_traced
    for status in ("ok", "unclosed", "truncated"):
        assert columns_of([without, make("p1", status=status)]).cells()[0].is_traced


def test_order_of_the_verdicts_does_not_matter(make, columns_of) -> None:
    verdicts = [make(f"p{i}", seed=s, group=f"g{i // 3}", right=i % 4 == s) for i in range(30) for s in range(3)]
    shuffled = random.Random(1).sample(verdicts, len(verdicts))
    (a,), (b,) = columns_of(verdicts).cells(), columns_of(shuffled).cells()
    assert np.array_equal(a.counts(a.answer, 2), b.counts(b.answer, 2))


def test_wide_output_numbers_give_the_same_order(make, columns_of, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = [make(f"p{i}", seed=s, sample=k) for i in range(9) for s in range(3) for k in range(2)]
    random.Random(2).shuffle(verdicts)
    (narrow,) = columns_of(verdicts).cells()
    monkeypatch.setattr(Cell, "output_kind", property(lambda self: np.dtype(np.uint64)))
    (wide,) = columns_of(verdicts).cells()
    assert np.array_equal(narrow.rows, wide.rows)
    assert (np.diff(wide.output.astype(np.int64)) > 0).all()


def test_more_than_a_thousand_classes_are_refused(make) -> None:
    columns = Columns.of(make(f"p{number}", label=f"class {number}") for number in range(1000))
    with pytest.raises(ValueError, match="more than 1,000 classes of question"):
        columns.add(make("one more", label="another class"))
