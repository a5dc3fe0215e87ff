import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.discrete.discrete_model import Logit
from tracekd.stats.separation import independent_columns, separated_columns

from tracekd.stats.answer_model import answer_model


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
    assert list(by_name) == ["class right", "retrieval right", "seed 1", "seed 2"]
    # Averaged over problems, effects are somewhat nearer to 1 than within one.
    assert 2.5 < by_name["retrieval right"].odds_ratio < 5.5
    assert by_name["retrieval right"].p < 1e-6
    low, high = by_name["class right"].ci
    assert low < 1 < high
    assert by_name["seed 2"].odds_ratio > by_name["seed 1"].odds_ratio > 1
    assert 0.05 < found.correlation < 0.5
    assert (found.outputs, found.of, found.groups, found.reason) == (1800, 1800, 200, None)


def test_single_outputs_give_the_logistic_model(make, columns_of) -> None:
    verdicts = outputs(make, np.random.default_rng(1), 400, 1, 1)
    (cell,) = columns_of(verdicts).cells()
    found = answer_model(cell)
    design = [[1, v.class_step == "right", v.retrieval_step == "right"] for v in verdicts]
    fitted = Logit([v.answer for v in verdicts], np.array(design, dtype=float)).fit(disp=0, cov_type="HC0")
    assert [t.odds_ratio for t in found.terms] == pytest.approx(np.exp(fitted.params[1:]), rel=1e-4)
    assert [t.p for t in found.terms] == pytest.approx(fitted.pvalues[1:], rel=1e-3)
    assert found.correlation is None


def test_separation_is_said_and_no_number_given(make, columns_of) -> None:
    steps = [("right" if i % 3 else "wrong", "right" if i % 2 else "wrong") for i in range(60)]
    verdicts = [make(f"p{i}", answer=b == "right", class_step=a, retrieval_step=b) for i, (a, b) in enumerate(steps)]
    found = answer_model(columns_of(verdicts).cells()[0])
    assert found.terms == ()
    assert found.reason.startswith("separation: along")
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
        ([True] * 30, 30, "always or never"),
        ([True, False] * 15, 4, "fewer than 10 groups"),
        ([True, False] * 15, 30, "no predictor"),
    ],
)
def test_what_has_no_model_is_said(make, columns_of, answers: list[bool], groups: int, reason: str) -> None:
    verdicts = [make(f"p{i}", answer=a, group=f"g{i % groups}") for i, a in enumerate(answers)]
    found = answer_model(columns_of(verdicts).cells()[0])
    assert found.terms == ()
    assert reason in found.reason


def test_too_many_outputs_are_sampled_by_whole_groups(make, columns_of) -> None:
    verdicts = outputs(make, np.random.default_rng(2), 300, 2, 3)
    (cell,) = columns_of(verdicts).cells()
    found = answer_model(cell, max_outputs=200)
    assert (found.outputs, found.of, found.groups) == (198, 600, 33)
    assert answer_model(columns_of(reversed(verdicts)).cells()[0], max_outputs=200).outputs == 198


def test_columns_that_say_nothing_are_dropped() -> None:
    one, x = np.ones(6), np.array([0.0, 1, 0, 1, 0, 1])
    assert independent_columns(np.column_stack([one, x, 1 - x, one, x * 0])) == [0, 1]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=2, max_size=25))
def test_separation_by_brute_force(rows: list[tuple[bool, bool, bool]]) -> None:
    design = np.array([[1, a, b] for a, b, _ in rows], dtype=float)
    outcome = np.array([y for _, _, y in rows], dtype=float)
    design = design[:, independent_columns(design)]
    # With two predictors of 0 and 1, a direction that separates is among these, if there is one.
    grid = np.stack(np.meshgrid(*[np.arange(-2, 3)] * design.shape[1]), axis=-1).reshape(-1, design.shape[1])
    sides = (design * (2 * outcome - 1)[:, None]) @ grid.T
    separable = bool(((sides >= 0).all(axis=0) & (sides > 0).any(axis=0)).any())
    assert bool(separated_columns(design, outcome)) == separable
