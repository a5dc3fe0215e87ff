import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.discrete.discrete_model import Logit

from tracekd.stats.answer_model import _STEPS, _independent, _separated, answer_model


def outputs(make, rng: np.random.Generator, problems: int, seeds: int, per_group: int, effect: float = 1.5) -> list:
    verdicts = []
    for i in range(problems):
        hard = rng.normal() if i % per_group == 0 else hard  # noqa: F821
        for seed in range(seeds):
            first, second = rng.random(2) < 0.5
            p = 1 / (1 + np.exp(-(hard + effect * second - 0.8 + 0.5 * seed)))
            verdicts.append(
                make(
                    f"p{i}", seed=seed, group=f"g{i // per_group}", class_step="right" if first else "wrong",
                    retrieval_step="right" if second else "wrong", answer=bool(rng.random() < p),
                )
            )  # fmt: skip
    return verdicts


def test_finds_what_was_put_in(make, columns_of) -> None:
    (cell,) = columns_of(outputs(make, np.random.default_rng(0), 600, 3, 3)).cells()
    found = answer_model(cell)
    by_name = {term.name: term for term in found.terms}
    assert list(by_name) == ["class right", "retrieval right"]
    # Averaged over problems and students, effects are somewhat nearer to 1 than within one.
    assert 2.5 < by_name["retrieval right"].odds_ratio < 5.5
    assert by_name["retrieval right"].test.p < 0.05
    low, high = by_name["class right"].ci
    assert low < 1 < high
    assert by_name["class right"].test.p > 0.05
    assert (found.outputs, found.groups, found.reason, found.dropped) == (1800, 200, None, ())
    assert {term.test.scope for term in found.terms} == {"regime"}


def test_single_outputs_give_the_logistic_model(make, columns_of) -> None:
    verdicts = outputs(make, np.random.default_rng(1), 400, 1, 1)
    (cell,) = columns_of(verdicts).cells()
    found = answer_model(cell)
    design = [[1, v.class_step == "right", v.retrieval_step == "right"] for v in verdicts]
    fitted = Logit([v.answer for v in verdicts], np.array(design, dtype=float)).fit(disp=0, cov_type="HC0")
    assert [t.odds_ratio for t in found.terms] == pytest.approx(np.exp(fitted.params[1:]), rel=1e-6)
    # The sandwich, with Student's t over groups, and one more output of each outcome.
    widths = [np.log(t.ci[1] / t.ci[0]) for t in found.terms]
    assert widths == pytest.approx(2 * 1.966 * fitted.bse[1:], rel=0.02)
    assert [t.test.p for t in found.terms] == pytest.approx(fitted.pvalues[1:], rel=0.05, abs=1e-5)
    assert {t.test.scope for t in found.terms} == {"student"}


def test_without_the_other_step_it_is_the_odds_ratio(make, columns_of) -> None:
    counts = {(True, True): 40, (True, False): 10, (False, True): 20, (False, False): 30}
    verdicts = [
        make(f"p{s}{a}{i}", class_step="right", retrieval_step="right" if s else "wrong", answer=a)
        for (s, a), n in counts.items()
        for i in range(n)
    ]
    found = answer_model(columns_of(verdicts).cells()[0])
    assert found.dropped == ("class right",)
    assert [t.name for t in found.terms] == ["retrieval right"]
    assert found.terms[0].odds_ratio == pytest.approx(40 * 30 / (10 * 20))


def test_separation_is_said_and_no_number_given(make, columns_of) -> None:
    steps = [("right" if i % 3 else "wrong", "right" if i % 2 else "wrong") for i in range(60)]
    verdicts = [make(f"p{i}", answer=b == "right", class_step=a, retrieval_step=b) for i, (a, b) in enumerate(steps)]
    found = answer_model(columns_of(verdicts).cells()[0])
    assert found.terms == ()
    assert found.reason.startswith("separation: ")
    assert "retrieval right" in found.reason


def test_one_empty_cell_is_separation_too(make, columns_of) -> None:
    verdicts = [
        make(f"p{i}", answer=a, retrieval_step="right" if s else "wrong", class_step="right")
        for i, (s, a) in enumerate([(1, True)] * 20 + [(0, True)] * 20 + [(0, False)] * 20)
    ]
    found = answer_model(columns_of(verdicts).cells()[0])
    assert found.terms == ()
    assert "separation" in found.reason
    assert found.dropped == ("class right",)


@pytest.mark.parametrize(
    ("answers", "groups", "reason"),
    [
        ([True] * 30, 30, "all answers are right, or all are wrong"),
        ([True, False] * 15, 4, "fewer than 10 groups"),
        ([True, False] * 15, 30, "no predictor"),
    ],
)
def test_what_has_no_model_is_said(make, columns_of, answers: list[bool], groups: int, reason: str) -> None:
    verdicts = [make(f"p{i}", answer=a, group=f"g{i % groups}") for i, a in enumerate(answers)]
    found = answer_model(columns_of(verdicts).cells()[0])
    assert found.terms == ()
    assert reason in found.reason


def test_groups_that_come_again_are_no_evidence(make, columns_of) -> None:
    verdicts = outputs(make, np.random.default_rng(2), 200, 1, 1)
    copies = [v.model_copy(update={"id": f"{v.id} {i}"}) for v in verdicts for i in range(4)]
    one, four = (answer_model(columns_of(some).cells()[0]).terms for some in (verdicts, copies))
    for a, b in zip(one, four, strict=True):
        assert b.odds_ratio == pytest.approx(a.odds_ratio)
        assert b.ci == pytest.approx(a.ci, rel=0.03)


def test_columns_that_say_nothing_are_dropped() -> None:
    one, x = np.ones(6), np.array([0.0, 1, 0, 1, 0, 1])
    assert _independent(np.column_stack([one, x, 1 - x, one, x * 0])) == [0, 1]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_separation_by_brute_force(counts: list[int]) -> None:
    table = np.array(counts).reshape(4, 2)
    if not table.any():
        return
    design = _STEPS[:, _independent(_STEPS[table.sum(axis=1) > 0])]
    # With two predictors of 0 and 1, a direction that separates is among these, if there is one.
    grid = np.stack(np.meshgrid(*[np.arange(-2, 3)] * design.shape[1]), axis=-1).reshape(-1, design.shape[1])
    sides = np.concatenate([design[table[:, 0] > 0], -design[table[:, 1] > 0]]) @ grid.T
    separable = bool(((sides >= 0).all(axis=0) & (sides > 0).any(axis=0)).any())
    assert bool(_separated(design, table)) == separable
