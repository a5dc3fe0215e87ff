"""The measures, against examples worked out by hand and against plain loops."""

from collections.abc import Sequence
from itertools import product
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from tracekd.interventions import scores
from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_table import tables
from tracekd.interventions.measures import Reliance, RelianceSummary, measure
from tracekd.stats.estimate import Measure


def effect(ident: str, condition: str, seed: int = 0, regime: str = "correct", **more: object) -> Effect:
    settled = {"group": f"g{ident}", "label": "a"} | more
    return Effect(id=ident, regime=regime, student="s", seed=seed, condition=condition, **settled)


def told(ident: str, condition: str, answer: str, own: str = "x", **more: object) -> Effect:
    """An answer where gold is `x`."""
    return effect(ident, condition, answer=answer, right=answer == "x", own_answer=own, flipped=answer != own, **more)


def one(*effects: Effect) -> Reliance:
    return measure(effects).cells[0]


def value(measured: Measure) -> float:
    assert measured.value is not None
    return measured.value


def test_accuracy_flips_and_followers_are_shares_of_what_is_supported() -> None:
    answers = {"1": ("x", "y"), "2": ("x", "x"), "3": ("z", "y"), "4": ("x", "q")}  # under own, under implied
    effects = [told(i, "own", own, own) for i, (own, _) in answers.items()]
    for ident, (own, answer) in answers.items():
        effects.append(told(ident, "implied", answer, own, implied="y", follows=answer == "y"))
    effects += [told("5", "own", "x"), effect("5", "implied", unsupported="no rule")]
    found = one(*effects)
    implied = found.under("implied")
    assert implied is not None and implied.n == 5 and implied.unsupported == {"no rule": 1}
    assert value(implied.accuracy) == 1 / 4
    assert value(implied.flips) == 3 / 4
    assert value(implied.follows) == 2 / 4
    # Problem 3 was answered `z` under its own trace: wrong already.
    assert value(implied.follows_from_right) == 1 / 3 and implied.follows_from_right.n == 3
    own = found.under("own")
    assert own is not None and own.follows.value is None and own.follows.reason == "there is no such output"
    assert (value(own.accuracy), value(own.flips)) == (4 / 5, 0)


def test_the_change_in_log_odds_is_within_a_problem_and_bounded() -> None:
    p = {("1", "own"): 0.9, ("1", "none"): 0.5, ("2", "own"): 0.2, ("2", "none"): 0.8, ("3", "own"): 0.5}
    effects = [told(i, c, "x", logp={"gold": log(q)}) for (i, c), q in p.items()]
    effects.append(told("3", "none", "x"))  # not scored
    found = one(*effects).under("none")
    assert found is not None
    assert value(found.log_odds_change) == pytest.approx((-log(9) + 2 * log(4)) / 2)
    assert found.log_odds_change.n == 2
    most = scores.MOST_LOG_ODDS
    assert most == pytest.approx(log(999_999))
    assert scores.log_odds(told("1", "own", "x", logp={"gold": 0.0})) == pytest.approx(most)
    assert scores.log_odds(told("1", "own", "x", logp={"gold": -900.0})) == pytest.approx(-most)


def test_the_area_over_the_early_answering_curve() -> None:
    """Of a trace of ten characters, the first step has four."""
    forced = {"own": "a" * 10, "truncated(0)": "", "truncated(1)": "aaaa"}
    answers = {"1": "yx", "2": "xx", "3": "yy", "4": "xy"}  # after nothing, after the first step
    effects = [told(i, "own", "x", forced=forced["own"]) for i in answers]
    for ident, after in answers.items():
        for name, answer in zip(("truncated(0)", "truncated(1)"), after, strict=True):
            effects.append(told(ident, name, answer, forced=forced[name]))
    effects += [effect("5", name, unsupported="no trace") for name in forced]
    table = tables(effects)[0]
    # By hand: straight from (0, 0) to (0.4, 1), and so on.
    assert scores.early_area(table)[0, :4].tolist() == pytest.approx([0.2, 0, 0.7, 0.5])
    assert np.isnan(scores.early_area(table)[0, 4])
    assert value(one(*effects).early_area) == pytest.approx((0.2 + 0 + 0.7 + 0.5) / 4)


@pytest.mark.parametrize(
    ("answers", "steps"),
    [
        ("xxyy", (0, 1, 0)),  # facts alone decide
        ("xyxy", (1, 0, 0)),  # the class alone
        ("xyyy", (0.5, 0.5, 1)),  # both are needed
        ("xxxy", (0.5, 0.5, -1)),  # one is enough
        ("xxxx", (0, 0, 0)),
    ],
)
def test_steps_are_a_two_by_two_design(answers: str, steps: tuple[float, ...]) -> None:
    names = ("gold", "wrong_class", "wrong_facts(all)", "wrong_both")
    found = one(*(told("1", name, answer) for name, answer in zip(names, answers, strict=True))).steps
    assert found is not None
    assert (value(found.class_step), value(found.facts_step), value(found.interaction)) == steps


def test_without_the_four_conditions_there_are_no_steps() -> None:
    assert one(told("1", "gold", "x")).steps is None


@pytest.mark.parametrize("problem", ["twice", "missing", "groups"])
def test_effects_that_do_not_fit_are_refused(problem: str) -> None:
    effects = [told(i, c, "x") for i, c in product("12", ("own", "none"))]
    extra = {
        "twice": [*effects, effects[0]],
        "missing": effects[1:],
        "groups": [*effects[1:], effects[0].model_copy(update={"group": "other"})],
    }[problem]
    with pytest.raises(
        ValueError, match={"twice": "twice", "missing": "no effect for", "groups": "two groups"}[problem]
    ):
        measure(extra)


def test_nothing_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="no effects"):
        measure([])


def test_regimes_are_compared_on_the_same_problems_and_seeds() -> None:
    def study(regime: str, answers: str, seeds: tuple[int, ...]) -> list[Effect]:
        return [
            told(str(at), "implied", answer, implied="y", follows=answer == "y", seed=seed, regime=regime)
            for seed in seeds
            for at, answer in enumerate(answers)
        ]

    found = measure([*study("correct", "yyyx", (0, 1)), *study("incorrect", "xyxx", (1, 2))])
    (difference,) = found.differences
    assert (difference.first, difference.second, difference.seeds) == ("correct", "incorrect", (1,))
    assert value(difference.follows) == 0.5
    assert measure([*study("correct", "yy", (0,)), *study("incorrect", "y", (0,))]).differences == ()


KINDS = ("implied_by(story)", "implied_by(altered)", "implied_by(foreign)")


def by_kind(answers: Sequence[str], seed: int = 0, regime: str = "correct") -> list[Effect]:
    """One problem for each entry: what was answered after facts of each kind, where `y` is implied; `-`: no such facts."""
    return [
        effect(str(at), name, seed, regime, unsupported="no such facts")
        if answer == "-"
        else told(str(at), name, answer, implied="y", follows=answer == "y", seed=seed, regime=regime)
        for at, some in enumerate(answers)
        for name, answer in zip(KINDS, some, strict=True)
    ]


def test_kinds_of_facts_are_compared_on_the_problems_that_have_all_of_them() -> None:
    answers = ["yyx", "yxx", "yyx", "yxy", "xxx", "yy-", "-yy"]
    found = measure([*by_kind(answers, 0), *by_kind(answers, 1)]).cells[0].disbelief
    assert found is not None and value(found.story) == pytest.approx(4 / 5) and found.story.n == 10
    altered, foreign = found.others
    assert (altered.condition, foreign.condition) == KINDS[1:]
    assert value(altered.moved) == pytest.approx(2 / 5) and value(foreign.moved) == pytest.approx(1 / 5)
    assert value(altered.less) == pytest.approx(2 / 5) and value(altered.kept) == pytest.approx(1 / 2)
    assert value(foreign.kept) == pytest.approx(1 / 4) and foreign.kept.per_seed == pytest.approx((1 / 4, 1 / 4))
    assert altered.kept.ci is not None and 0 <= altered.kept.ci[0] < 1 / 2 < altered.kept.ci[1]


def test_an_answer_that_was_the_implied_one_before_is_not_moved() -> None:
    effects = [
        told("1", name, "y", own, implied="y", follows=True, seed=seed)
        for seed, own in enumerate("xy")
        for name in KINDS[:2]
    ]
    found = one(*effects).disbelief
    assert found is not None and found.story.per_seed == (1, 0)


def test_without_an_effect_no_share_of_it_is_kept() -> None:
    found = one(*by_kind(["xyx", "xxx", "xxx"])).disbelief
    assert found is not None and value(found.story) == 0
    assert found.others[0].kept.value is None and "moved no answer" in (found.others[0].kept.reason or "")


@pytest.mark.parametrize("answers", [["-yy", "-yy"], ["y--", "x--"], ["y-y", "-yx"]])
def test_without_problems_of_both_kinds_there_is_no_comparison(answers: list[str]) -> None:
    assert one(*by_kind(answers)).disbelief is None


def test_a_kind_that_no_problem_has_is_left_out() -> None:
    found = one(*by_kind(["yy-", "yx-"])).disbelief
    assert found is not None and [kept.condition for kept in found.others] == [KINDS[1]]


def test_the_tests_of_all_kinds_and_regimes_are_one_family() -> None:
    answers = [("y" if at % 4 else "x") + ("y" if at % 3 else "x") + ("y" if at % 5 == 0 else "x") for at in range(40)]
    cells = measure([*by_kind(answers), *by_kind([one[::-1] for one in answers], regime="incorrect")]).cells
    tests = [kept.test for cell in cells if cell.disbelief for kept in cell.disbelief.others]
    assert len(tests) == 4 and all(test.scope == "student" for test in tests)
    p = sorted(test.p for test in tests if test.p is not None)
    assert min(test.p_holm for test in tests if test.p_holm is not None) == pytest.approx(min(1, 4 * p[0]))


@given(st.lists(st.sampled_from([a + b + c for a in "xy-" for b in "xy-" for c in "xy-"]), min_size=2, max_size=12))
def test_shares_by_kind_are_those_of_a_loop(answers: list[str]) -> None:
    found = one(*by_kind(answers)).disbelief
    tried = [at for at in range(3) if any(some[at] != "-" for some in answers)]
    paired = [some for some in answers if all(some[at] != "-" for at in tried)]
    if 0 not in tried or len(tried) < 2 or not paired:
        assert found is None
        return
    assert found is not None
    shares = [sum(some[at] == "y" for some in paired) / len(paired) for at in tried]
    assert [value(found.story), *(value(kept.moved) for kept in found.others)] == pytest.approx(shares)
    for kept, share in zip(found.others, shares[1:], strict=True):
        assert kept.kept.value == (pytest.approx(share / shares[0]) if shares[0] else None)
        assert value(kept.less) == pytest.approx(shares[0] - share)


@st.composite
def studies(draw: st.DrawFn) -> list[Effect]:
    """A few problems in groups, seeds and conditions, some without a trace of their own, some unsupported."""
    conditions = (
        "own",
        "gold",
        "wrong_class",
        "wrong_facts(all)",
        "wrong_both",
        "implied",
        "truncated(0)",
        "truncated(1)",
    )
    effects = []
    for at, seed in product(range(draw(st.integers(1, 4))), range(draw(st.integers(1, 2)))):
        own = draw(st.sampled_from(["x", "y", None]))
        for condition in conditions:
            shape = {"group": f"g{at // 2}", "label": "ab"[at % 2], "seed": seed}
            if (own is None and condition[0] in "ot") or draw(st.integers(0, 5)) == 0:
                effects.append(effect(str(at), condition, unsupported="because", **shape))
                continue
            answer = draw(st.sampled_from("xyz")) if condition != "own" else own
            effects.append(
                told(
                    str(at), condition, str(answer), forced={"own": "a" * 8, "truncated(1)": "aaa"}.get(condition, ""),
                    logp={"gold": draw(st.floats(-60, 0))}, **shape,
                    **({"implied": "y", "follows": answer == "y"} if condition == "implied" else {}),
                ).model_copy(update={"own_answer": own, "flipped": None if own is None else answer != own})
            )  # fmt: skip
    return effects


def every(summary: RelianceSummary) -> list[tuple[str, Measure]]:
    return [
        (name, getattr(under, name))
        for cell in summary.cells
        for under in (*cell.conditions, cell, *cell.by_label, *([cell.steps] if cell.steps else []))
        for name in type(under).model_fields
        if isinstance(getattr(under, name), Measure)
    ]


@settings(max_examples=25, deadline=None)
@given(studies(), st.randoms(use_true_random=False))
def test_measures_are_what_plain_loops_count(effects: list[Effect], rng: np.random.Generator) -> None:
    summary = measure(effects)
    rng.shuffle(effects)
    again = measure(effects)
    assert {c.condition: c for c in again.cells[0].conditions} == {c.condition: c for c in summary.cells[0].conditions}
    assert (again.cells[0].steps, again.cells[0].early_area) == (summary.cells[0].steps, summary.cells[0].early_area)
    for name, measured in every(summary):
        most = {"log_odds_change": 28, "interaction": 2}.get(name, 1)
        least = 0 if name in ("accuracy", "flips", "follows", "follows_from_right", "early_area") else -most
        ends = measured.ci or ()
        assert all(value is None or least - 1e-9 <= value <= most + 1e-9 for value in (measured.value, *ends))
        assert (measured.value is None) == all(one is None for one in measured.per_seed)
    own = {(e.id, e.seed): e for e in effects if e.condition == "own" and e.unsupported is None}
    for under in summary.cells[0].conditions:
        supported = [e for e in effects if e.condition == under.condition and e.unsupported is None]
        assert under.n == len(supported) + sum(under.unsupported.values())
        seeds = summary.cells[0].seeds
        check(under.accuracy, [(e.seed, e.right) for e in supported], seeds)
        check(under.flips, [(e.seed, e.flipped) for e in supported], seeds)
        check(under.follows, [(e.seed, e.follows) for e in supported], seeds)
        before = [(e, own[e.id, e.seed]) for e in supported if (e.id, e.seed) in own]
        check(under.follows_from_right, [(e.seed, e.follows) for e, then in before if then.right], seeds)
        change = [(e.seed, odds(e) - odds(then)) for e, then in before]
        check(under.log_odds_change, change, seeds)


def odds(effect: Effect) -> float:
    p = min(max(np.exp(effect.logp["gold"]), scores.LEAST), 1 - scores.LEAST)
    return float(np.log(p / (1 - p)))


def check(measured: Measure, found: Sequence[tuple[int, float | bool | None]], seeds: Sequence[int]) -> None:
    """Against plain means over the outputs that are there, of all seeds and of each."""
    by_seed = [[float(value) for of, value in found if of == seed and value is not None] for seed in seeds]
    every_seed = [value for values in by_seed for value in values]
    assert measured.n == len(every_seed)
    if every_seed:
        assert measured.value == pytest.approx(np.mean(every_seed), abs=1e-9)
    else:
        assert measured.value is None and measured.reason
    for values, mean in zip(by_seed, measured.per_seed, strict=True):
        assert mean == (pytest.approx(np.mean(values), abs=1e-9) if values else None)


def test_an_interval_is_there_where_all_agree() -> None:
    implied = one(*(told(str(i), "implied", "y", implied="y", follows=True) for i in range(30))).under("implied")
    assert implied is not None and implied.follows.ci is not None
    assert implied.follows.ci == pytest.approx(proportion_confint(30, 30, method="wilson"))


def test_a_seed_that_only_repeats_another_leaves_every_interval_as_it_was() -> None:
    effects = [told(str(i), "none", "xyz"[i % 3], group=f"g{i // 2}") for i in range(12)]
    twice = [*effects, *(effect.model_copy(update={"seed": 1}) for effect in effects)]
    first, second = (one(*them).under("none") for them in (effects, twice))
    assert first is not None and second is not None and first.flips.ci is not None
    assert first.flips.ci == pytest.approx(second.flips.ci)


@settings(max_examples=15, deadline=None)
@given(studies())
def test_labels_are_measured_on_their_own_problems(effects: list[Effect]) -> None:
    whole = measure(effects).cells[0]
    for part in whole.by_label:
        alone = measure([e for e in effects if e.label == part.label]).cells[0]
        under = alone.under("implied")
        assert under is not None and (part.problems, part.follows) == (alone.problems, under.follows)
