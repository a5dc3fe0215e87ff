"""What a test side shares with its training side, on made problems and against the counts known of real splits."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.tasks import get_task
from tracekd.tasks.leakage import Counts, Leakage, fingerprint, leakage, leakage_of_split
from tracekd.tasks.list_literal import read_list
from tracekd.tasks.loading import load_strict
from tracekd.tasks.split import paper_split, split_by_group

REAL = Path(__file__).parents[2].parent / "shared/data"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not on this machine")

FACTS = ("Anna went to Rome.", "Ben stayed at home.")


def problem(
    question: str = "Where is Anna?",
    facts: Sequence[str] = FACTS,
    gold: Iterable[int] = (0,),
    *,
    group: str = "g",
    ties: Sequence[str] = (),
    label: str = "a",
) -> Problem:
    return Problem(
        id="p",
        task="made",
        group=group,
        question=question,
        context=tuple(Fact(id=str(i), text=text) for i, text in enumerate(facts)),
        answer=Answer(kind="one_of", values=("Rome",)),
        trace=gold_trace(label, map(str, gold)),
        ties=tuple(ties),
        source="made:1",
    )


TRAIN = [problem(group="story 1", ties=["Anna | Rome"])]
OTHER = "Cleo is a cat."


@pytest.mark.parametrize(
    ("asked", "shared"),
    [
        (problem("Who?", [OTHER], group="h"), []),
        (problem("Where is \u00a0 Anna? ", ["Anna  went to Rome.", FACTS[1]], group="h"),
         ["verbatim", "same_question", "shared_facts", "shared_gold_facts", "same_question_and_gold_facts"]),
        (problem(facts=FACTS[::-1], gold=[1], group="h"),
         ["same_question", "shared_facts", "shared_gold_facts", "same_question_and_gold_facts"]),
        (problem(facts=[*FACTS, OTHER], gold=[0, 2], group="h"), ["same_question", "shared_facts"]),
        (problem("Who?", [*FACTS, OTHER], [0, 1], group="h"), ["shared_facts", "shared_gold_facts"]),
        (problem(facts=[*FACTS, OTHER], gold=[1], group="h"), ["same_question", "shared_facts", "shared_gold_facts"]),
        (problem("Who?", [OTHER, "Anna went to Rome"], [1], group="h"), ["shared_facts", "shared_gold_facts"]),
        (problem("Who?", ["anna went to rome."], group="h"), []),
        (problem(facts=[OTHER], group="h"), ["same_question"]),
        (problem("where is anna?", [OTHER], group="h"), []),
        (problem("Who?", [FACTS[0]], [], group="h"), ["shared_facts"]),  # no gold facts: none of them is known
        (problem("Who?", [OTHER], group="h", ties=["Ben | Bonn", "Anna | Rome"]), ["mirrored"]),
        (problem("Who?", [OTHER], group="story 1", ties=["Ben | Bonn"]), ["same_group"]),
    ],
)  # fmt: skip
def test_each_way_of_leaking_is_counted_by_itself(asked: Problem, shared: list[str]) -> None:
    expected = Counts(problems=1, **dict.fromkeys(shared, 1))
    assert leakage(TRAIN, [asked]) == Leakage(**expected.model_dump(), by_label={"a": expected})


def test_a_fact_that_stands_twice_among_the_gold_is_needed_twice() -> None:
    twice = problem(facts=[FACTS[0], FACTS[0]], gold=[0, 1])
    assert leakage(TRAIN, [twice]).same_question_and_gold_facts == 0
    assert leakage([twice], [twice]).same_question_and_gold_facts == 1


def test_the_gold_facts_need_no_order() -> None:
    one, other = problem(gold=[0, 1]), problem(facts=FACTS[::-1], gold=[0, 1], group="h")
    assert leakage([one], [other]).same_question_and_gold_facts == 1


def test_a_text_boundary_is_no_white_space() -> None:
    assert leakage([problem(facts=["Anna went", "to Rome."])], [problem(facts=["Anna went to", "Rome."])]).verbatim == 0


def test_the_counts_of_each_class_add_up_to_the_whole() -> None:
    found = leakage(TRAIN, [problem(label="b"), problem(label="b", facts=[OTHER]), problem("Who?", label="a")])
    assert list(found.by_label) == ["a", "b"]
    assert (found.problems, found.verbatim, found.same_question) == (3, 1, 2)
    assert (found.by_label["b"].problems, found.by_label["b"].verbatim, found.by_label["a"].same_question) == (2, 1, 0)


def test_nothing_leaks_into_nothing() -> None:
    assert leakage([], []) == leakage(TRAIN, []) == Leakage(by_label={})
    assert leakage([], TRAIN) == Leakage(problems=1, by_label={"a": Counts(problems=1)})


def test_each_side_is_held_against_those_before_it() -> None:
    sides = {"train": TRAIN, "validation": [problem("Who?", group="h")], "test": [problem("Who?", [OTHER], group="h")]}
    found = leakage_of_split(sides)
    assert {before: list(later) for before, later in found.items()} == {
        "train": ["validation", "test"],
        "validation": ["test"],
    }
    assert found["train"]["validation"] == leakage(TRAIN, sides["validation"])
    assert (found["train"]["test"].same_question, found["validation"]["test"].same_question) == (0, 1)
    assert (found["train"]["test"].same_group, found["validation"]["test"].same_group) == (0, 1)


_WORDS = st.sampled_from(["Anna", "Ben", "Cleo", "Dora"])


@given(st.lists(st.builds(problem, _WORDS, st.lists(_WORDS, min_size=1, max_size=3), group=_WORDS,
                          ties=st.lists(_WORDS, max_size=2), label=_WORDS), max_size=25))  # fmt: skip
def test_a_split_by_group_parts_no_group_and_no_tie(problems: list[Problem]) -> None:
    sides = split_by_group(problems, {"train": 0.5, "validation": 0.2, "test": 0.3}, 0)
    for later in leakage_of_split(sides).values():
        for found in later.values():
            assert found.same_group == found.mirrored == 0
    known = leakage(problems, problems)
    assert known.verbatim == known.same_group == known.shared_gold_facts == known.problems == len(problems)


@pytest.fixture(scope="module")
def real_babi() -> list[Problem]:
    return list(load_strict(get_task("babi"), [str(REAL / "babi/en")]))


@needs_real
def test_repeated_problems_of_the_real_babi_files_are_counted(real_babi: list[Problem]) -> None:
    problems = real_babi
    repeated = {
        label: len(same) - len(set(same))
        for label in get_task("babi").labels
        if (same := [fingerprint(p) for p in problems if p.label == label])
    }
    assert list(repeated.values()) == [3, 0, 0, 81, 0, 1, 2, 1, 0, 0, 3, 0, 0, 0, 305, 0, 373, 346, 0, 91]
    sides = split_by_group(problems, {"train": 0.7, "validation": 0.1, "test": 0.2}, 0)
    found = leakage(**_ends(sides))
    assert found.same_group == 0
    assert all(abs(leak.problems - 200) < 5 for leak in found.by_label.values())


@needs_real
def test_the_papers_babi_test_has_18_problems_of_its_training_side(real_babi: list[Problem]) -> None:
    test = list(_released_babi())
    labels = {p.label for p in test}
    stories = {p.group: p for p in reversed(real_babi)}
    train = [first for first in stories.values() if first.label in labels]
    assert (len(train), len({fingerprint(p) for p in train}), len(test)) == (3773, 3773 - 87, 376)
    found = leakage(train, test)
    assert (found.verbatim, found.by_label["two-arg-relations"].verbatim) == (18, 18)


@needs_real
def test_the_papers_cotempqa_split_shares_facts_within_each_class() -> None:
    shares = {}
    for label in ("equal", "overlap"):
        found = leakage(**paper_split(list(_cotempqa(label))))
        shares[label] = round(100 * found.shared_facts / found.problems)
    assert shares == {"equal": 13, "overlap": 47}


@needs_real
def test_the_papers_cotempqa_split_parts_mirrored_questions() -> None:
    task = pytest.importorskip("tracekd.tasks.cotempqa").TASK
    problems = list(load_strict(task, [str(REAL / f"cotempqa/{label}.json") for label in ("equal", "overlap")]))
    found = leakage(**paper_split(problems))
    counts = {label: (leak.mirrored, leak.problems) for label, leak in found.by_label.items()}
    assert counts == {"equal": (11, 87), "overlap": (8, 131)}
    assert leakage(**_ends(split_by_group(problems, {"train": 0.8, "test": 0.2}, 0))).mirrored == 0


def _ends(sides: dict[str, list[Problem]]) -> dict[str, list[Problem]]:
    return {"train": sides["train"], "test": sides["test"]}


def _released_babi() -> Iterable[Problem]:
    for file in (REAL / "released_outputs/babi").iterdir():
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            facts = read_list(row["passage"]) or ()
            gold = [facts.index(text) for text in read_list(row["answer_passage"]) or ()]
            yield problem(row["question"], facts, gold, group="test", label=row["query_type"])


def _cotempqa(label: str) -> Iterable[Problem]:
    for line in (REAL / f"cotempqa/{label}.json").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield problem(row["question"], row["facts"], label=label)
