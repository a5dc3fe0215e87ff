import random
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.stats.summary import Summary, summarise
from tracekd.verify.verdict import Verdict


def verdict(
    ident: str = "p0", *, regime: str = "correct", seed: int = 0, right: bool = True, **changes: object
) -> Verdict:
    step = "right" if right else "wrong"
    fields: dict[str, object] = {
        "id": ident,
        "group": f"story of {ident}",
        "label": "where",
        "regime": regime,
        "student": "tiny",
        "seed": seed,
        "status": "ok",
        "class_step": "right",
        "retrieval_step": step,
        "trace": right,
        "answer": right,
        "lenient_answer": right,
        "answer_parsed": True,
        "stated_label": "where",
        "cited": (),
        "precision": float(right),
        "recall": float(right),
        "f1": float(right),
        "invented": 0,
        "consistent": True,
        "finish": "stop",
        "reason": "",
    }
    return Verdict.model_validate(fields | changes)


def study(regimes: int = 2, seeds: int = 2, problems: int = 12, *, per_group: int = 2) -> list[Verdict]:
    rng = random.Random(0)
    return [
        verdict(
            f"p{i}",
            regime=f"r{r}",
            seed=s,
            right=rng.random() < 0.3 + 0.2 * r,
            answer=rng.random() < 0.6,
            group=f"g{i // per_group}",
            label=f"l{i % 3}",
        )
        for r in range(regimes)
        for s in range(seeds)
        for i in range(problems)
    ]


def test_one_cell_by_hand() -> None:
    unread = verdict(
        "p3", right=False, class_step="unparsed", retrieval_step="unparsed", answer_parsed=False, status="truncated",
        finish="length", consistent=None, stated_label=None,
    )  # fmt: skip
    found = summarise([verdict("p0"), verdict("p1"), verdict("p2", right=False, answer=True), unread])
    (cell,) = found.cells
    assert (cell.problems, cell.groups, cell.seeds, cell.n) == (4, 4, (0,), 4)
    # Unparsed stands in the denominator of every rate, as wrong.
    rates = cell.answer, cell.trace, cell.class_step, cell.retrieval_step
    assert [(r.right, r.n) for r in rates] == [(3, 4), (2, 4), (3, 4), (2, 4)]
    unparsed = cell.unparsed
    assert [u.value for u in (unparsed.class_step, unparsed.retrieval_step, unparsed.answer)] == [0.25, 0.25, 0.25]
    assert unparsed.status == {"ok": 3, "no_trace": 0, "unclosed": 0, "truncated": 1}
    assert cell.truncated.value == 0.25
    assert cell.f1.value == 0.5
    assert cell.consistent is not None
    assert (cell.judged, cell.consistent.n, cell.consistent.value) == (3, 3, 1.0)
    assert [a.step for a in cell.associations] == ["class_step", "retrieval_step", "trace"]
    assert cell.associations[2].tables[0].counts.model_dump() == {
        "right_right": 2, "right_wrong": 0, "wrong_right": 1, "wrong_wrong": 1,
    }  # fmt: skip
    assert found.comparisons == ()


def test_a_task_without_rule_has_no_consistency() -> None:
    (cell,) = summarise([verdict("p0", consistent=None), verdict("p1", consistent=None)]).cells
    assert (cell.judged, cell.consistent) == (0, None)


def test_classes_are_told_apart() -> None:
    verdicts = [verdict("p0", label="a"), verdict("p1", label="b", right=False), verdict("p2", label="b")]
    (cell,) = summarise(verdicts).cells
    assert [(x.label, x.problems, x.answer.value, x.trace.value) for x in cell.by_label] == [
        ("a", 1, 1.0, 1.0),
        ("b", 2, 0.5, 0.5),
    ]
    assert cell.by_label[0].answer.interval.method == "wilson_groups"


def test_every_pair_of_a_student_is_compared_and_no_other() -> None:
    other = [v.model_copy(update={"student": "large"}) for v in study(1)]
    found = summarise(study(3) + other, resamples=50)
    assert [(c.student, c.regime) for c in found.cells] == [
        ("large", "r0"),
        ("tiny", "r0"),
        ("tiny", "r1"),
        ("tiny", "r2"),
    ]
    pairs = [("r0", "r1"), ("r0", "r2"), ("r1", "r2")]
    for outcome in ("answer", "trace"):
        assert [(c.first, c.second) for c in found.comparisons if c.outcome == outcome] == pairs
    for c in found.comparisons:
        by_name = {cell.regime: getattr(cell, c.outcome).value for cell in found.cells if cell.student == "tiny"}
        assert c.difference.value == pytest.approx(by_name[c.first] - by_name[c.second])
        assert all(test.p_holm is not None and test.p_holm >= test.p for test in c.tests)


def test_traces_are_not_tested_against_none() -> None:
    verdicts = study(2)
    silent = [verdict(f"p{i}", regime="silent", seed=s, status="no_trace", right=False, group=f"g{i // 2}", label=f"l{i % 3}")
              for s in range(2) for i in range(12)]  # fmt: skip
    alone, found = (summarise(some, resamples=100).comparisons for some in (verdicts, verdicts + silent))
    traces = {(c.first, c.second): c for c in found if c.outcome == "trace"}
    # Holm's family is as if the regime without traces were not there.
    assert traces["r0", "r1"].tests == next(c.tests for c in alone if c.outcome == "trace")
    assert traces["r0", "silent"].tests == traces["r1", "silent"].tests == ()
    assert traces["r0", "silent"].difference.value > 0
    assert all(len(c.tests) == 2 for c in found if c.outcome == "answer")


def test_counts_sum_to_n() -> None:
    for cell in summarise(study(), resamples=50).cells:
        assert sum(cell.unparsed.status.values()) == cell.n == cell.answer.n == 24
        for item in cell.associations:
            assert [sum(t.counts.model_dump().values()) for t in item.tables] == [12, 12]
        assert sum(x.answer.right for x in cell.by_label) == cell.answer.right


@settings(max_examples=6, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_is_irrelevant(rng: random.Random) -> None:
    verdicts = study()
    expected = summarise(verdicts, resamples=50)
    rng.shuffle(verdicts)
    assert summarise(verdicts, resamples=50) == expected


def test_json_and_back() -> None:
    found = summarise(study(), resamples=50)
    assert Summary.model_validate_json(found.model_dump_json()) == found


def test_a_seed_that_repeats_another_leaves_the_intervals_alone() -> None:
    one = study(seeds=1, problems=60)
    two = one + [v.model_copy(update={"seed": 1}) for v in one]
    for a, b in zip(summarise(one).cells, summarise(two).cells, strict=True):
        assert (a.answer.interval.low, a.answer.interval.high) == (b.answer.interval.low, b.answer.interval.high)
        assert b.answer.n == 2 * a.answer.n


def test_seeds_that_are_not_shared_are_left_out_and_noted() -> None:
    verdicts = [v for v in study() if (v.regime, v.seed) != ("r1", 1)]
    found = summarise(verdicts, resamples=50)
    assert {c.seeds for c in found.comparisons} == {(0,)}
    assert any("compared on seeds [0] only" in note for note in found.notes)
    none = [v for v in verdicts if (v.regime, v.seed) != ("r0", 0)]
    found = summarise(none, resamples=50)
    assert found.comparisons == ()
    assert any("not compared" in note for note in found.notes)


def test_one_seed_and_few_groups_are_noted() -> None:
    notes = " ".join(summarise(study(seeds=1), resamples=50).notes)
    assert "one seed" in notes
    assert "Only 6 groups" in notes


@pytest.mark.parametrize(
    ("verdicts", "message"),
    [
        ([], "no verdicts"),
        ([verdict(), verdict()], "'p0' is there twice in student 'tiny', regime 'correct', seed 0"),
        (
            [verdict("p0"), verdict("p1"), verdict("p0", seed=1)],
            "seed 1 lacks 1 problems that other runs have, such as p1",
        ),
        ([verdict("p0"), verdict("p1", regime="x")], "regime 'correct', seed 0 lacks 1 .* p1"),
        ([verdict(), verdict(seed=1, group="other")], "'p0' has group 'other'"),
        ([verdict(), verdict(seed=1, label="other")], "class 'other'"),
    ],
)
def test_what_does_not_fit_is_refused(verdicts: list[Verdict], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        summarise(verdicts)


def test_a_study_takes_a_second_or_so() -> None:
    verdicts = study(3, 3, 400, per_group=5)
    start = time.perf_counter()
    summarise(verdicts)
    assert time.perf_counter() - start < 5  # about 0.6 s on two idle cores


def test_torch_is_not_imported() -> None:
    code = "import sys, tracekd.stats.summary; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
