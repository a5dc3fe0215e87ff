import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from tracekd.stats.clusters import Clusters, MeanSquares, mean_squares
from tracekd.stats.pivot import Pivot
from tracekd.stats.plan import MOST_GROUPS, StudyPlan, plan_study
from tracekd.stats.power import (
    POWER,
    Components,
    components,
    detectable,
    power_of_difference,
    power_of_equivalence,
)

TRUE = Components(groups=0.03, seeds=0.002, rest=0.15)
variances = st.builds(Components, groups=st.floats(0.001, 0.2), seeds=st.floats(0.0, 0.01), rest=st.floats(0.01, 0.5))
sizes = st.tuples(st.integers(10, 200), st.integers(2, 12))


def studies(true: Components, difference: float, groups: int, seeds: int, n: int) -> list[tuple[float, MeanSquares]]:
    """Normal data: what each study finds."""
    rng, clusters, ones = np.random.default_rng(0), Clusters.of_table(groups, seeds), np.ones(groups * seeds)
    found = []
    for _ in range(n):
        values = difference + np.sqrt(true.rest) * rng.standard_normal((groups, seeds))
        values += np.sqrt(true.groups) * rng.standard_normal((groups, 1))
        values += np.sqrt(true.seeds) * rng.standard_normal((1, seeds))
        mean = values.mean()
        found.append((mean, mean_squares((values - mean).ravel() / values.size, ones, clusters)))
    return found


@given(variances, sizes)
def test_expected_mean_squares_give_the_variances_back(true: Components, size: tuple[int, int]) -> None:
    assert components(true.mean_squares(*size)).model_dump() == pytest.approx(true.model_dump(), abs=1e-9)


def test_variances_of_a_study_are_near_the_true_ones() -> None:
    found = [components(squares) for _, squares in studies(TRUE, 0.0, 60, 6, 300)]
    for name, value in TRUE.model_dump().items():
        assert np.mean([getattr(one, name) for one in found]) == pytest.approx(value, rel=0.2)


def test_what_would_be_negative_is_nothing() -> None:
    found = components(MeanSquares(groups=10, seeds=3, between_groups=0.1, between_seeds=0.1, rest=0.2))
    assert (found.groups, found.seeds, found.rest) == (0, 0, 0.2)


@pytest.mark.parametrize(("difference", "groups", "seeds"), [(0.12, 40, 3), (0.08, 50, 5), (0.06, 100, 10)])
def test_predicted_power_is_that_of_simulated_studies(difference: float, groups: int, seeds: int) -> None:
    found = studies(TRUE, difference, groups, seeds, 800)
    shown = np.mean([value > 0 and Pivot.of(squares).beyond(value) < 0.05 for value, squares in found])
    # Three standard errors of 800 studies, and the points that the benchmark allows.
    assert power_of_difference(difference, TRUE, groups, seeds) == pytest.approx(shown, abs=0.08)


def test_predicted_power_of_equivalence() -> None:
    found = studies(TRUE, 0.0, 100, 8, 800)
    shown = np.mean([Pivot.of(squares).equivalence_p(value, 0.08) < 0.05 for value, squares in found])
    predicted = power_of_equivalence(0.08, TRUE, 100, 8)
    assert 0.2 < predicted < 0.98
    assert predicted == pytest.approx(shown, abs=0.08)


def test_much_knowledge_is_the_textbooks_power() -> None:
    true = Components(groups=0.1, seeds=0.0, rest=0.2)
    deviation = np.sqrt((0.1 + 0.2 / 400) / 4000)
    expected = norm.sf(1.96 - 0.01 / deviation)
    assert power_of_difference(0.01, true, 4000, 400) == pytest.approx(expected, abs=0.01)


@settings(max_examples=20, deadline=None)
@given(variances, sizes, st.floats(0.01, 0.3))
def test_larger_effects_and_margins_are_shown_more_often(true: Components, size: tuple[int, int], value: float) -> None:
    for power in (power_of_difference, power_of_equivalence):
        less, more = (power(one, true, *size) for one in (value, 2 * value))
        assert 0 <= less <= more <= 1
    assert power_of_equivalence(value, true, *size, difference=value) <= 0.06


def test_detectable_is_found_in_four_of_five() -> None:
    squares = TRUE.mean_squares(60, 5)
    found = detectable(squares)
    assert found.reason is None
    # The pilot knows the variances only as well as its mean squares do, so that it takes more than if they were known.
    assert 0.05 < found.difference < 0.3
    assert power_of_difference(found.difference, TRUE, 60, 5) > POWER
    assert detectable(squares) == found


@settings(max_examples=20, deadline=None)
@given(variances)
def test_more_seeds_detect_less(true: Components) -> None:
    few, many = (detectable(true.mean_squares(100, seeds)).difference for seeds in (3, 12))
    assert many is not None
    assert few is None or many < few


@pytest.mark.parametrize(
    ("squares", "reason"),
    [
        (MeanSquares(groups=1, seeds=3, between_groups=0, between_seeds=1, rest=0), "one group"),
        (MeanSquares(groups=9, seeds=1, between_groups=1, between_seeds=0, rest=0), "with one seed, the variance"),
        (MeanSquares(groups=9, seeds=3, between_groups=0, between_seeds=0, rest=0), "never differ"),
        (MeanSquares(groups=5, seeds=2, between_groups=1, between_seeds=9, rest=1), "even a difference of 100"),
    ],
)
def test_what_nothing_would_show(squares: MeanSquares, reason: str) -> None:
    found = detectable(squares)
    assert found.difference is None
    assert reason in found.reason


def test_one_seed_has_no_variances() -> None:
    with pytest.raises(ValueError, match="one seed"):
        components(MeanSquares(groups=9, seeds=1, between_groups=1, between_seeds=0, rest=0))


def test_a_plan() -> None:
    plan = plan_study("effect", 0.05, TRUE, 4.0)
    power = {(one.seeds, one.groups): one.power for one in plan.studies}
    assert power[10, 500] == pytest.approx(power_of_difference(0.05, TRUE, 500, 10))
    by_seeds = {one.seeds: one for one in plan.smallest}
    # With few seeds no number of problems is enough, and what is reached is said.
    assert by_seeds[2].groups is None
    assert by_seeds[2].most == pytest.approx(power_of_difference(0.05, TRUE, MOST_GROUPS, 2))
    enough = by_seeds[20].groups
    assert power_of_difference(0.05, TRUE, enough, 20) >= POWER
    assert power_of_difference(0.05, TRUE, round(0.97 * enough) - 2, 20) < POWER
    assert by_seeds[20].groups < by_seeds[15].groups
    assert StudyPlan.model_validate_json(plan.model_dump_json()) == plan


def test_a_plan_for_a_margin() -> None:
    plan = plan_study("margin", 0.05, Components(groups=0.01, seeds=0.0, rest=0.02))
    enough = {one.seeds: one.groups for one in plan.smallest}
    assert enough[5] is not None
    assert power_of_equivalence(0.05, plan.components, enough[5], 5) >= POWER
    assert plan.problems_a_group is None
