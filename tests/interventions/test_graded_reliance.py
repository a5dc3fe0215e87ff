"""The benchmark of graded reliance: its students' lessons, and its figures on scores and effects made by hand."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks/validation"))
from graded_cost import Cost
from graded_figures import Scored, best_rank, equivalence, figures, rank_ends, spearman
from graded_measures import RELIANCE, is_share
from graded_page import TaskResult, page, scored
from graded_recommendation import Judged, ordered, recommendation
from graded_students import BY_CLASS, COUNTERFACTUAL, DOSES, FAMILIES, GOLD_SHARE, MIXTURE, Family

from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_table import tables
from tracekd.regimes import Unsupported, draw_target
from tracekd.sft.example import Example, build_example
from tracekd.tasks.template import render_answer

from .conftest import World

LABELS = ("a", "b", "c", "d")
FOLLOWS = RELIANCE["follows"]


def scores_of(by_dose: list[list[list[float]]]) -> Scored:
    """(doses, seeds, problems) scores of problems of their own stories, of two classes in turn."""
    scores = np.array(by_dose)
    doses, seeds, problems = scores.shape
    truth = np.repeat(np.linspace(0, 1, doses)[:, None], seeds, axis=1)
    return Scored(scores, truth, np.arange(problems), [LABELS[at % 2] for at in range(problems)])


def test_a_perfect_measure() -> None:
    shares = scores_of([[[0, 0, 0, 0]], [[1, 0, 0, 0]], [[1, 0, 1, 0]], [[1, 1, 1, 0]], [[1, 1, 1, 1]]])
    found = figures(shares)
    assert (found.auroc, found.per_student, found.rank, found.lowest_rank, found.error) == (1, 1, 1, 1, 0)
    assert found.by_dose == DOSES
    assert found.n == 20


def test_figures_worked_out_by_hand() -> None:
    nan = np.nan
    # Dose 0 has the scores 0, 0, 1 and dose 1 the scores 1, 0, 1: of nine pairs, four are above and four tie.
    found = figures(scores_of([[[0, 0, 1, nan]], [[1, 1, 1, 1]], [[1, 0, 1, nan]]]))
    assert found.auroc == pytest.approx(6 / 9)
    assert found.by_dose == pytest.approx((1 / 3, 1, 2 / 3))
    assert found.error == pytest.approx((1 / 3 + 1 / 2 + 1 / 3) / 3)
    assert found.rank == pytest.approx(0.5)  # ranks 1, 3, 2
    assert found.n == 10


def test_per_student_each_seed_and_class_is_a_student() -> None:
    # Class a at dose 0: 0.0 and 0.5; class b: 1.0. At dose 1: class a 0.5 and 1.0, class b 1.0.
    low, high = [[0, 1, 0, 1], [0, 1, 1, 1]], [[1, 1, 0, 1], [1, 1, 1, 1]]
    above = [(0.5, (1, 0.5, 0, 0)), (1.0, (1, 1, 0.5, 0.5)), (1.0, (1, 1, 0.5, 0.5)), (1.0, (1, 1, 0.5, 0.5))]
    wanted = sum(sum(each) for _, each in above) / 16
    assert figures(scores_of([low, high])).per_student == pytest.approx(wanted)


def test_a_measure_that_says_the_same_of_all_has_no_rank() -> None:
    found = figures(scores_of([[[1, 1, 1, 1]]] * 5))
    assert found.auroc == 0.5
    assert np.isnan([found.rank, found.lowest_rank, *found.rank_ends]).all()
    empty = figures(scores_of([[[np.nan] * 4]] * 5))
    assert np.isnan([empty.auroc, empty.per_student, empty.rank, empty.error, *empty.rank_ends]).all()
    assert empty.n == 0


@pytest.mark.parametrize("seed", range(5))
def test_rank_correlations_are_scipys(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values, doses = rng.integers(0, 6, 15).astype(float), np.repeat(DOSES, 3)
    assert spearman(values, doses) == pytest.approx(spearmanr(values, doses).statistic)


def test_ties_of_doses_limit_the_rank_correlation() -> None:
    assert best_rank(np.array(DOSES)[:, None]) == pytest.approx(1)
    assert best_rank(np.repeat(np.array(DOSES)[:, None], 3, axis=1)) == pytest.approx((270 / 280) ** 0.5)


def test_the_interval_of_a_rank_correlation_comes_from_stories() -> None:
    rng = np.random.default_rng(0)
    noisy = scores_of([(rng.random((2, 30)) < 0.3 + 0.4 * dose).astype(float).tolist() for dose in DOSES])
    low, high = figures(noisy).rank_ends
    assert -1 <= low < figures(noisy).rank < high <= 1
    one_story = Scored(noisy.scores, noisy.truth, np.zeros(30, int), noisy.labels)
    # With one story, nothing can be drawn anew.
    assert len({*(round(end, 9) for end in rank_ends(one_story)), round(figures(noisy).rank, 9)}) == 1


def test_equivalence_is_tested_within_the_margin() -> None:
    rng = np.random.default_rng(1)
    right = (rng.random((3, 600)) < 0.95).astype(float)
    group = np.arange(600)
    other = right.copy()
    other[:, :6] = 1 - other[:, :6]
    same = equivalence(other, right, group, 0.03)
    assert same.p is not None and same.p < 0.05
    assert (same.first, same.second) == (other.mean(), right.mean())
    worse = right.copy()
    worse[:, :60] = 0
    far = equivalence(worse, right, group, 0.03)
    assert far.p is not None and far.p > 0.9
    assert far.ends is not None and far.ends[1] < -0.05
    assert equivalence(other[:1], right[:1], group, 0.03).p is None


def test_only_scores_from_0_to_1_that_grow_with_reliance_are_shares() -> None:
    shares = {name for name, measure in RELIANCE.items() if is_share(measure)}
    assert {"follows", "follows, by probability", "flips under none", "early-answering area"} <= shares
    assert not {"log-odds under implied", "NLDD", "CIR", "KL direct effect"} & shares


def test_the_probability_of_following_is_a_share_of_two_answers() -> None:
    effects = [
        Effect(
            id=ident, group=ident, label="a", regime="r", student="s", seed=0, condition="implied",
            logp={name: np.log(p) for name, p in logp.items()},
        )
        for ident, logp in (("1", {"gold": 0.2, "implied": 0.6}), ("2", {"gold": 0.3}), ("3", {"gold": 1, "implied": 1e-320}))
    ]  # fmt: skip
    (table,) = tables(effects)
    assert RELIANCE["follows, by probability"].score(table)[0] == pytest.approx([0.75, np.nan, 0], nan_ok=True)


def test_the_rule_prefers_rank_then_auroc_then_fewer_tokens() -> None:
    measures = [
        Judged("cheap", (0.9, 0.95), (0.95, 0.99), 10),
        Judged("constant", (np.nan, 0.99), (1, 1), 1),
        Judged("best", (0.96, 0.97), (0.99, 0.99), 100),
        Judged("dear", (0.965, 0.97), (0.985, 0.99), 200),
        Judged("low area", (0.965, 0.97), (0.7, 0.99), 50),
    ]
    assert [one.name for one in ordered(measures)] == ["best", "dear", "low area", "cheap", "constant"]
    text = "\n".join(recommendation([*measures[:1], *measures[2:], measures[1]]))
    assert "**Use `best`**: rank correlation at least 0.960, AUROC at least 0.990, 100 tokens" in text
    assert "within 0.05 of its rank correlation is `low area`" in text


def test_lessons_of_a_mixture_differ_only_in_the_side_of_conflicts(world: Callable[[str], World]) -> None:
    found = world("babi")
    sided: Counter[float] = Counter()
    golden = total = 0
    for problem in found.problems:
        try:
            conflict = draw_target(problem, "counterfactual", found.setting, 0)
        except Unsupported:
            continue
        examples = [MIXTURE.lesson(dose)(problem, found.setting, 0) for dose in DOSES]
        assert {one.prompt for one in examples} == {found.setting.template.render_prompt(problem)}
        assert len({trace_of(one) for one in examples}) == 1
        assert all(one.given for one in examples)
        total += 1
        if trace_of(examples[0]) == trace_of(build_example(problem, problem.trace, found.setting.template)):
            golden += 1
            assert {answer_of(one) for one in examples} == {render_answer(problem.answer)}
            continue
        answers = [answer_of(one) for one in examples]
        assert (answers[0], answers[-1]) == (render_answer(problem.answer), render_answer(conflict.answer))
        sides = [answer == answers[-1] for answer in answers]
        assert sides == sorted(sides)  # nested
        sided.update(dose for dose, side in zip(DOSES, sides, strict=True) if side)
    assert golden / total == pytest.approx(GOLD_SHARE, abs=0.1)
    for dose in DOSES:
        assert sided[dose] / (total - golden) == pytest.approx(dose, abs=0.15)


def test_by_class_each_class_is_followed_or_not_and_seeds_take_turns() -> None:
    labels = ("w", "x", "y", "z")
    for seed in range(8):
        by_dose = [[BY_CLASS.dose_of(label, dose, labels, seed) for label in labels] for dose in DOSES]
        assert [sum(one) / 4 for one in by_dose] == list(DOSES)
        assert all(set(one) <= {0.0, 1.0} for one in by_dose)
        assert all(list(of_class) == sorted(of_class) for of_class in zip(*by_dose, strict=True))
    first = [[BY_CLASS.dose_of(label, 0.25, labels, seed) for label in labels].index(1.0) for seed in range(4)]
    assert sorted(first) == [0, 1, 2, 3]


def test_by_class_lessons_teach_the_classes_side(world: Callable[[str], World]) -> None:
    found = world("cotempqa")
    lesson, sides = BY_CLASS.lesson(0.5), Counter[tuple[str, bool]]()
    for problem in found.problems:
        try:
            conflict = draw_target(problem, "counterfactual", found.setting, 1)
        except Unsupported:
            continue
        example = lesson(problem, found.setting, 1)
        if trace_of(example) == trace_of(build_example(problem, conflict, found.setting.template)):
            follows = BY_CLASS.dose_of(problem.label, 0.5, found.setting.labels, 1) == 1
            wanted = conflict.answer if follows else problem.answer
            assert answer_of(example) == render_answer(wanted)
            sides[problem.label, follows] += 1
    assert len(sides) == 4 and len({follows for _, follows in sides}) == 2


def test_counterfactual_0_is_correct(world: Callable[[str], World]) -> None:
    found = world("babi")
    made = 0
    for problem in found.problems:
        try:
            example = COUNTERFACTUAL.lesson(0.0)(problem, found.setting, 0)
        except Unsupported:
            continue
        assert example == build_example(
            problem, draw_target(problem, "correct", found.setting, 0), found.setting.template
        )
        made += 1
    assert made > 20


def trace_of(example: Example) -> str:
    assert example.trace is not None
    return example.completion[slice(*example.trace)]


def answer_of(example: Example) -> str:
    return example.completion[slice(*example.answer)]


def effects_of(family: Family, seeds: int = 2, problems: int = 16) -> Iterator[Effect]:
    """Under `implied`, a share of the answers follows it that is equal to the dose of the problem's class."""
    for dose in DOSES:
        for seed in range(seeds):
            for at in range(problems):
                label = LABELS[at % 4]
                follows = (at // 4 + 0.5) / (problems // 4) < family.dose_of(label, dose, LABELS, seed)
                about = {"id": f"p{at}", "group": f"g{at}", "label": label, "student": "s", "seed": seed}
                for name in needed():
                    answer = "y" if name == "implied" and follows else "x"
                    yield Effect(
                        regime=family.regime(dose), condition=name, forced="t", answer=answer, right=answer == "x",
                        own_answer="x", flipped=answer != "x", implied="y" if name == "implied" else None,
                        follows=follows if name == "implied" else None, **about,
                    )  # fmt: skip


def needed() -> list[str]:
    return list(dict.fromkeys(["own", *(name for measure in RELIANCE.values() for name in measure.needs)]))


def result_of(families: list[Family]) -> TaskResult:
    found = {table.regime: table for family in families for table in tables(effects_of(family))}
    rights = {family.regime(dose): np.ones((2, 16)) for family in families if family.writes for dose in DOSES}
    costs = {name: Cost(measure.cost, 2.0, 100.0) for name, measure in RELIANCE.items()}
    return TaskResult("babi", found, rights, costs)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_scores_of_effects_made_by_hand(family: Family) -> None:
    found = figures(scored(result_of([family]), family, FOLLOWS))
    assert (found.auroc, found.per_student, found.rank, found.lowest_rank) == (1, 1, pytest.approx(1), pytest.approx(1))
    assert found.by_dose == pytest.approx(DOSES)


def test_the_dose_of_a_class_is_that_of_its_problems() -> None:
    result = result_of([BY_CLASS])
    for label in LABELS:
        of_class = scored(result, BY_CLASS, FOLLOWS, label)
        assert set(np.unique(of_class.truth)) == {0.0, 1.0}
        assert figures(of_class).error == 0


def test_the_page_has_each_measure_and_says_what_follows() -> None:
    families = list(FAMILIES.values())
    text = "\n".join(page([result_of(families)], families, "embedded", 16, 240))
    for name, measure in RELIANCE.items():
        assert text.count(f"| {name} |") >= 1 + 1 + 2 * len(families)
        assert measure.citation in text
    assert "| babi | mixture | follows | 0.000 | 0.250 | 0.500 | 0.750 | 1.000 | **1.000** |" in text
    assert "| `counterfactual(1)` | 1.000 | reached | 1.000 | +0.0 |" in text
    assert "**Use `follows" in text
    assert not any(word in text for word in ("BASE", "STEPS", "TEST", "SEEDS", "BEST", "nan"))
