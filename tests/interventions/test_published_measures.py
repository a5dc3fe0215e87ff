"""Measures of the literature: against values worked out by hand, plain loops over the papers' formulas, and other libraries."""

from collections.abc import Sequence
from itertools import product
from math import exp, log
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from tracekd.interventions import condition_names, get_condition
from tracekd.interventions.answer_shifts import jensen_shannon, kullback_leibler
from tracekd.interventions.calibration import BINS, calibration_gap, squared_error
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_table import EffectTable, tables
from tracekd.interventions.measures import measure
from tracekd.interventions.published_measures import MEASURES, SUMMARIES
from tracekd.interventions.scores import LEAST


def effect(ident: str, condition: str, p: dict[str, float] | None = None, seed: int = 0, **more: object) -> Effect:
    """`p`: the probabilities of answers."""
    said = {"group": f"g{ident}", "label": "a", "logp": {name: log(one) for name, one in (p or {}).items()}} | more
    return Effect(id=ident, regime="correct", student="s", seed=seed, condition=condition, **said)


def table(*effects: Effect) -> EffectTable:
    return tables(effects)[0]


def score(name: str, *effects: Effect) -> list[float]:
    """The scores of the problems of one seed."""
    return MEASURES[name].score(table(*effects))[0].tolist()


def of_own(probabilities: dict[str, float | None]) -> list[Effect]:
    """One problem: the probability of the student's own answer under each condition; None: not supported."""
    return [
        effect("1", name, unsupported="none") if p is None else effect("1", name, {"own": p}, forced="trace")
        for name, p in probabilities.items()
    ]


def test_causal_importance_is_the_mean_divergence_from_the_beginnings() -> None:
    p = {"own": 0.9, "truncated(0)": 0.1, "truncated(1)": 0.9, "none": 0.5}
    # By hand: both are as far from their middle (1/2, 1/2), and the second beginning is no different.
    far = 0.9 * log(0.9 / 0.5) + 0.1 * log(0.1 / 0.5)
    assert score("CIR", *of_own(dict(p))) == pytest.approx([far / 2])
    other = [jensenshannon([0.9, 0.1], [q, 1 - q]) ** 2 for q in (0.2, 0.6, 0.7)]
    cuts = {f"truncated({k})": q for k, q in enumerate((0.2, 0.6, 0.7))}
    assert score("CIR", *of_own({"own": 0.9, **cuts})) == pytest.approx([np.mean(other)])


def test_causal_importance_is_over_the_beginnings_that_a_trace_has() -> None:
    short = of_own({"own": 0.9, "truncated(0)": 0.1, "truncated(1)": None})
    assert score("CIR", *short) == pytest.approx([jensenshannon([0.9, 0.1], [0.1, 0.9]) ** 2])
    assert np.isnan(score("CIR", *of_own({"own": 0.9, "truncated(0)": None, "truncated(1)": None}))).all()


@pytest.mark.parametrize(
    ("name", "condition"), [("KL direct effect", "blocked(story)"), ("KL necessity", "blocked(trace)")]
)
def test_effects_of_what_is_hidden_are_divergences_from_everything_in_view(name: str, condition: str) -> None:
    assert score(name, *of_own({"own": 0.5, condition: 0.5})) == pytest.approx([0])
    # By hand: 1/2 ln 2 + 1/2 ln (2/3).
    assert score(name, *of_own({"own": 0.5, condition: 0.25})) == pytest.approx([log(2) / 2 + log(2 / 3) / 2])
    assert score(name, *of_own({"own": 0.8, condition: 0.3})) == pytest.approx([entropy([0.8, 0.2], [0.3, 0.7])])
    assert score(name, *of_own({"own": 0.3, condition: 0.8})) == pytest.approx([entropy([0.3, 0.7], [0.8, 0.2])])


def test_a_reader_of_the_trace_alone_must_give_the_same_answer() -> None:
    answers = {"1": ("x", "x", False), "2": ("x", "y", True), "3": (None, None, False), "4": (None, "y", True)}
    effects = [effect(i, "own", answer=own, own_answer=own, flipped=False) for i, (own, _, _) in answers.items()]
    effects += [
        effect(i, "trace_only", answer=answer, own_answer=own, flipped=flipped)
        for i, (own, answer, flipped) in answers.items()
    ]
    effects += [effect("5", "own"), effect("5", "trace_only", answer="x")]  # no readable trace of its own
    assert score("SR", *effects) == pytest.approx([1, 0, 0, 0, np.nan], nan_ok=True)


def test_decay_is_the_share_of_the_lead_that_is_lost() -> None:
    p = {"1": (0.8, 0.8), "2": (0.8, 0.5), "3": (0.8, 0.2), "4": (0.8, 0.94117647), "5": (0.9, 0.1), "6": (0.51, 0.1)}
    effects = [effect(i, "gold", {"gold": clean}, right=i != "5") for i, (clean, _) in p.items()]
    effects += [effect(i, "wrong_facts(all)", {"gold": corrupt}) for i, (_, corrupt) in p.items()]
    # By hand: log-odds ln 4; then ln 4, 0, -ln 4, and ln 16. Wrong after the gold trace; and a lead of 0.04 nats.
    assert score("NLDD", *effects) == pytest.approx([0, 100, 200, -100, np.nan, np.nan], nan_ok=True)


def known(p: Sequence[float], hits: Sequence[bool], seed: int = 0) -> list[Effect]:
    """Outputs with the probability of their own answer, right or not."""
    return [
        effect(f"{at:03}", "own", {"own": one}, seed=seed, right=hit)
        for at, (one, hit) in enumerate(zip(p, hits, strict=True))
    ]


def test_calibration_by_hand() -> None:
    # Bins of width 1/15: the first two share the last one, the third is alone.
    made = table(*known((0.95, 0.99, 0.5), (True, False, True)))
    assert squared_error(made)[0].tolist() == pytest.approx([0.05**2, 0.99**2, 0.25])
    assert calibration_gap(made)[0].tolist() == pytest.approx([0.47, 0.47, 0.5])


outputs = st.lists(st.tuples(st.floats(0.001, 0.999), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None)
@given(outputs, outputs)
def test_the_mean_gap_of_a_seed_is_its_expected_calibration_error(
    first: list[tuple[float, bool]], second: list[tuple[float, bool]]
) -> None:
    size = min(len(first), len(second))
    seeds = (first[:size], second[:size])
    made = table(*[one for seed, some in enumerate(seeds) for one in known(*zip(*some, strict=True), seed=seed)])
    for at, some in enumerate(seeds):
        error = 0.0
        for low in range(BINS):
            inside = [(p, hit) for p, hit in some if low / BINS < exp(log(p)) <= (low + 1) / BINS]
            if inside:
                error += abs(sum(hit - p for p, hit in inside)) / size
        assert calibration_gap(made)[at].mean() == pytest.approx(error, abs=1e-9)
        assert squared_error(made)[at].mean() == pytest.approx(sum((q - hit) ** 2 for q, hit in some) / size)


def test_two_seeds_do_not_share_bins() -> None:
    """One student is too sure and one not sure enough: together they would look calibrated."""
    made = table(*known((0.5, 0.5), (True, True), 0), *known((0.5, 0.5), (False, False), 1))
    assert calibration_gap(made).tolist() == [[0.5, 0.5], [0.5, 0.5]]


NEEDED = tuple(dict.fromkeys(condition for one in MEASURES.values() for condition in one.needs))


def any_effects(rng: Random) -> list[Effect]:
    """Effects of all conditions, with any probabilities, of which some are missing."""
    found = []
    for ident, seed, name in product("123", (0, 1), NEEDED):
        if name != "own" and rng.random() < 0.1:
            found.append(effect(ident, name, seed=seed, unsupported="no"))
            continue
        p = {
            one: rng.choice([rng.random(), 1 - 1e-9, 1e-9]) for one in ("gold", "own", "implied") if rng.random() < 0.8
        }
        forced = {"own": "abcd", "truncated(0)": "", "none": "", "truncated(1)": "ab"}.get(name, "x")
        more = {"right": rng.random() < 0.5, "flipped": rng.choice([None, True, False]), "follows": rng.random() < 0.5}
        found.append(effect(ident, name, p, seed, forced=forced, own_answer="x", **more))
    # Both force the empty trace, so the answers after it are the same.
    empty = [one.model_copy(update={"condition": "none"}) for one in found if one.condition == "truncated(0)"]
    return [*empty, *(one for one in found if one.condition != "none")]


@pytest.mark.parametrize("number", range(12))
def test_scores_stay_within_their_limits_in_any_order(number: int) -> None:
    rng = Random(number)
    found = any_effects(rng)
    mixed = rng.sample(found, len(found))
    for one in MEASURES.values():
        values = one.score(table(*found))
        low, high = one.within or (0, 1)
        assert values.shape == (2, 3)
        assert ((low - 1e-9 <= values) & (values <= high + 1e-9) | np.isnan(values)).all(), one.name
        assert one.within is not None or set(values[~np.isnan(values)]) <= {0, 1}, one.name
        # CIR is a sum over conditions, whose order may change the last digit.
        assert one.score(table(*mixed)) == pytest.approx(values, rel=1e-12, nan_ok=True)


def test_some_of_any_effects_have_each_score() -> None:
    """The test above looks at numbers, not only at NaN."""
    found = [table(*any_effects(Random(number))) for number in range(12)]
    for one in MEASURES.values():
        values = np.concatenate([one.score(made).ravel() for made in found])
        assert len(set(values[~np.isnan(values)])) >= 2, one.name


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_needs_exactly_the_conditions_that_it_names(name: str) -> None:
    """Without one of them there is no score, and with them alone there is."""
    one = MEASURES[name]
    p = {"gold": 0.8, "own": 0.8, "implied": 0.1}
    more = {"right": True, "flipped": False, "own_answer": "x", "follows": True}
    made = [effect("1", need, p, forced="" if need in ("truncated(0)", "none") else "ab", **more) for need in one.needs]
    assert one.fits(table(*made)) and not np.isnan(one.score(table(*made))).any()
    for missing in one.needs:
        rest = [e for e in made if e.condition != missing] + [effect("1", "duplicated", p)]
        assert not one.fits(table(*rest)) and np.isnan(one.score(table(*rest))).all()


def of_a_student(relies: bool) -> EffectTable:
    """One that takes its answer from its trace, or one that takes it from the story."""
    same = {"own", "gold", "paraphrased", *(["trace_only", "blocked(story)"] if relies else [])}
    from_story = set(NEEDED) - {"trace_only", "blocked(story)"}
    found = []
    for name in NEEDED:
        stays = name in (same if relies else from_story)
        p = 0.9 if stays else 0.05
        more = {"right": stays, "flipped": not stays, "follows": not stays, "own_answer": "x"}
        forced = {"truncated(0)": "", "none": "", "truncated(1)": "ab"}.get(name, "abcd")
        found.append(effect("1", name, {"gold": p, "own": p, "implied": 0.95 - p}, forced=forced, **more))
    return table(*found)


@pytest.mark.parametrize("name", MEASURES)
def test_the_direction_tells_a_student_that_relies_on_its_trace(name: str) -> None:
    one = MEASURES[name]
    relies, does_not = (float(one.score(of_a_student(kind))[0, 0]) for kind in (True, False))
    assert np.sign(relies - does_not) == one.direction


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), min_size=2, max_size=6))
def test_two_values_are_never_further_apart_than_whole_distributions(weights: list[tuple[float, float]]) -> None:
    """The answer of a student against all others is a lower bound of the papers' divergences."""
    p, q = (np.array(one) / sum(one) for one in zip(*weights, strict=True))
    assert kullback_leibler(p[:1], q[:1])[0] <= entropy(p, q) + 1e-9
    middle = (p + q) / 2
    assert jensen_shannon(p[:1], q[:1])[0] <= (entropy(p, middle) + entropy(q, middle)) / 2 + 1e-9


def test_measures_name_conditions_that_exist_and_say_what_they_are() -> None:
    for name, one in MEASURES.items():
        assert name == one.name and one.summary and one.citation
        assert [get_condition(condition).name for condition in one.needs] == list(one.needs)
        assert one.cost == len([condition for condition in one.needs if condition != "own"])
    assert {condition.partition("(")[0] for one in MEASURES.values() for condition in one.needs} <= set(
        condition_names()
    )


def test_reliance_has_the_measures_whose_conditions_were_tried() -> None:
    effects = [effect(i, c, {"own": 0.9, "gold": 0.9}, seed, right=True, flipped=False, own_answer="x", forced="ab")
               for i, seed, c in product("12", (0, 1), ("own", "trace_only", "gold"))]  # fmt: skip
    found = measure(effects).cells[0].published
    assert list(found) == ["SR", "Brier score", "calibration error"]
    assert (found["SR"].value, found["SR"].n, found["SR"].per_seed) == (1, 4, (1, 1))
    assert found["Brier score"].value == pytest.approx(0.01)
    assert found["calibration error"].value == pytest.approx(0.1)
    # The gaps are computed from all outputs of a seed, so they do not vary independently.
    assert found["calibration error"].ci is None and "bins" in str(found["calibration error"].reason)
    assert {one.name for one in SUMMARIES} >= set(found)


def test_the_implied_answer_against_the_gold_one() -> None:
    effects = [effect("1", "implied", {"gold": 0.6, "implied": 0.2}), effect("2", "implied", {"gold": 0.6})]
    found = score("follows, by probability", *effects)
    assert found[0] == pytest.approx(0.25) and np.isnan(found[1])
    (sure,) = score("follows, by probability", effect("1", "implied", logp={"gold": -900.0, "implied": 0.0}))
    assert sure == 1


def test_probabilities_at_the_ends_are_kept_away_from_them() -> None:
    """A certain answer that becomes impossible: the divergence is finite."""
    effects = [effect("1", "own", {"own": 1.0}), effect("1", "blocked(story)", logp={"own": -900.0})]
    (found,) = score("KL direct effect", *effects)
    assert found == pytest.approx(entropy([1 - LEAST, LEAST], [LEAST, 1 - LEAST]))
    (most,) = [one.within for one in SUMMARIES if one.name == "KL direct effect"]
    assert most is not None and found <= most[1]
