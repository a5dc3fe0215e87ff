"""Splits: nothing that belongs together is parted, every class is dealt out evenly, and the paper's own draw."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.tasks.split import components, join_ties, paper_split, split_by_group

REAL = Path(__file__).parents[2].parent / "shared/data"
SHARES = {"train": 0.7, "validation": 0.1, "test": 0.2}


def problem(ident: object, group: str, label: str = "a", ties: Sequence[str] = ()) -> Problem:
    return Problem(
        id=str(ident),
        task="made",
        group=group,
        question="Which?",
        context=(Fact(id="0", text="This."),),
        answer=Answer(kind="one_of", values=("this",)),
        trace=gold_trace(label, ["0"]),
        ties=tuple(ties),
        source="made:1",
    )


@st.composite
def problem_lists(draw: st.DrawFn) -> list[Problem]:
    """Problems of few groups and ties, so that many hang together."""
    size = draw(st.integers(0, 30))
    few = st.integers(0, draw(st.integers(1, 40)))
    return [
        problem(i, f"g{draw(few)}", draw(st.sampled_from("abc")), [f"t{draw(few)}" for _ in range(draw(st.integers(0, 2)))])
        for i in range(size)
    ]  # fmt: skip


def sides_of(sides: dict[str, list[Problem]]) -> dict[str, str]:
    return {p.id: side for side, problems in sides.items() for p in problems}


def bonds(p: Problem) -> set[str]:
    return {p.group, *p.ties}


@given(problem_lists(), st.integers(0, 5))
def test_what_hangs_together_is_never_parted(problems: list[Problem], seed: int) -> None:
    side_of = sides_of(split_by_group(problems, SHARES, seed))
    assert side_of.keys() == {p.id for p in problems}
    for p in problems:
        assert {side_of[q.id] for q in problems if bonds(p) & bonds(q)} == {side_of[p.id]}


@given(problem_lists())
def test_components_are_the_closure_of_groups_and_ties(problems: list[Problem]) -> None:
    merged: list[set[str]] = []
    for p in problems:
        touched = [bond for bond in merged if bond & bonds(p)]
        merged = [bond for bond in merged if not bond & bonds(p)] + [set().union(bonds(p), *touched)]
    assert components(problems) == [next(min(bond) for bond in merged if p.group in bond) for p in problems]


@given(problem_lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_problems_changes_nothing_but_the_order(problems: list[Problem], rng: random.Random) -> None:
    shuffled = rng.sample(problems, len(problems))
    sides, other = split_by_group(problems, SHARES, 7), split_by_group(shuffled, SHARES, 7)
    assert sides_of(sides) == sides_of(other)
    assert all(side == [p for p in problems if p in side] for side in sides.values())
    assert all(side == [p for p in shuffled if p in side] for side in other.values())


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=40),
    st.lists(st.floats(0.02, 1), min_size=2, max_size=4),
    st.integers(0, 100),
)
@settings(deadline=None)
def test_every_class_is_dealt_out_exactly_but_for_one_component(
    sizes: list[int], weights: list[float], seed: int
) -> None:
    shares = {str(i): weight / sum(weights) for i, weight in enumerate(weights)}
    problems = [problem((g, i), f"g{g}", "ab"[g % 2]) for g, size in enumerate(sizes) for i in range(size)]
    sides = split_by_group(problems, shares, seed)
    for label in {p.label for p in problems}:
        groups = Counter(p.group for p in problems if p.label == label)
        for side, part in shares.items():
            there = sum(p.label == label for p in sides[side])
            assert abs(there - part * groups.total()) < max(groups.values())


def test_a_huge_component_is_put_where_there_is_room_and_the_others_make_up_for_it() -> None:
    problems = [problem(i, f"g{i}") for i in range(600)]
    problems += [problem(f"huge {i}", f"huge {i}", ties=["one subject"]) for i in range(400)]
    for seed in range(20):
        sides = split_by_group(problems, SHARES, seed)
        assert {side: len(there) for side, there in sides.items()} == {"train": 700, "validation": 100, "test": 200}


def test_a_component_larger_than_any_share_leaves_the_rest_to_the_other_sides() -> None:
    problems = [problem(f"huge {i}", "huge") for i in range(90)] + [problem(i, f"g{i}") for i in range(30)]
    sides = split_by_group(problems, SHARES, 0)
    assert {p.group for p in sides["train"]} == {"huge"}
    assert sorted(len(side) for side in sides.values()) == [9, 21, 90]  # each as far from its 12 and 24


def test_groups_of_any_size_fall_on_any_side_as_often_as_its_share() -> None:
    problems = [problem((g, i), f"g{g}") for g in range(100) for i in range(4 if g < 50 else 7)]
    tested: Counter[str] = Counter()
    for seed in range(200):
        tested.update({p.group for p in split_by_group(problems, SHARES, seed)["test"]})
    small = [tested[f"g{g}"] for g in range(50)]
    large = [tested[f"g{g}"] for g in range(50, 100)]
    # Each count is binomial (200 draws at 0.2): 40 with a standard deviation of 5.7.
    assert all(15 < count < 65 for count in [*small, *large])
    assert abs(sum(small) / 50 - 40) < 4 and abs(sum(large) / 50 - 40) < 4


def test_seeds_make_different_splits() -> None:
    problems = [problem(i, f"g{i}") for i in range(50)]
    assert len({tuple(p.id for p in split_by_group(problems, SHARES, seed)["test"]) for seed in range(20)}) == 20


def test_a_class_is_dealt_out_whatever_the_other_classes_are() -> None:
    these = [problem(i, f"g{i}") for i in range(40)]
    others = [problem(f"b{i}", f"h{i}", "b") for i in range(9)]
    assert (
        sides_of(split_by_group(these, SHARES, 3)).items()
        <= sides_of(split_by_group(others + these, SHARES, 3)).items()
    )


def test_a_component_counts_for_its_most_frequent_class() -> None:
    # Ten stories of two questions of class b and one of class a; ten of class a alone.
    mixed = [problem((g, i), f"m{g}", "abb"[i]) for g in range(10) for i in range(3)]
    plain = [problem(g, f"p{g}", "a") for g in range(10)]
    sides = split_by_group(mixed + plain, SHARES, 0)
    counts = {side: Counter(p.label for p in there) for side, there in sides.items()}
    assert counts == {"train": {"a": 14, "b": 14}, "validation": {"a": 2, "b": 2}, "test": {"a": 4, "b": 4}}


@pytest.mark.parametrize(
    "shares", [{}, {"train": 0.5}, {"train": 0.7, "test": 0.4}, {"train": 1.2, "test": -0.2}, {"train": 1.0, "test": 0.0},
               {"train": float("nan"), "test": 0.5}],
)  # fmt: skip
def test_invalid_shares_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(UserError, match="invalid shares"):
        split_by_group([problem(1, "g")], shares, 0)


def test_joined_ties_make_groups_that_can_be_kept_whole() -> None:
    problems = [
        problem(1, "b", ties=["x"]),
        problem(2, "a", ties=["x", "y"]),
        problem(3, "c"),
        problem(4, "d", ties=["c"]),
    ]
    joined = join_ties(problems)
    assert [p.group for p in joined] == ["a", "a", "c", "c"]
    assert [p.model_copy(update={"group": ""}) for p in joined] == [
        p.model_copy(update={"group": ""}) for p in problems
    ]


def test_the_split_of_the_paper_draws_one_fifth_of_each_class() -> None:
    problems = [problem(i, f"g{i}", "ab"[i % 3 == 0]) for i in range(31)]
    sides = paper_split(problems)
    # pandas draws these: DataFrame(range(20)) and (range(11)), each with .sample(frac=0.2, random_state=42).
    drawn = {"a": [0, 17, 15, 1], "b": [5, 0]}
    expected = {p.id for label, at in drawn.items() for p in [[p for p in problems if p.label == label][i] for i in at]}
    assert {p.id for p in sides["test"]} == expected
    assert sides["train"] == [p for p in problems if p.id not in expected]
    assert sides["test"] == [p for p in problems if p.id in expected]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not on this machine")
def test_the_split_of_the_paper_is_that_of_its_released_outputs() -> None:
    problems = [
        problem(json.loads(line)["question"], "g", label)
        for label in ("equal", "overlap")
        for line in (REAL / f"cotempqa/{label}.json").read_text(encoding="utf-8").splitlines()
    ]
    test = paper_split(problems)["test"]
    for label, size in (("equal", 87), ("overlap", 131)):
        questions = [p.id for p in test if p.label == label]
        assert len(questions) == size
        for file in (REAL / f"released_outputs/cotempqa/{label}").iterdir():
            lines = file.read_text(encoding="utf-8").splitlines()
            assert [json.loads(line)["question"] for line in lines] == questions
