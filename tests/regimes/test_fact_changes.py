"""Facts changed by rule: one value for another of its kind, the two things exchanged, the same said in reverse."""

from itertools import chain

import pytest

from tracekd.regimes.fact_changes import converse, exchanged, with_other_values
from tracekd.tasks import get_task

KNOWN = [
    "Mary went to the garden.",
    "John took the milk.",
    "Fred grabbed the apple there.",
    "John grabbed the milk there.",
]


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("Bill moved to the garden.", ["garden"], []),
        ("Mary went to the garden.", ["garden"], []),
        ("Bill took the milk.", ["milk"], ["Bill took the apple."]),
        ("Bill took the milk.", ["garden"], []),
        ("Bill took the milk.", [""], []),
    ],
)
def test_values_change_for_those_of_their_kind(text: str, answers: list[str], expected: list[str]) -> None:
    assert list(with_other_values(text, KNOWN, answers, whole=True, near=False)) == expected


def test_values_of_several_words_change_whole() -> None:
    known = ["Ada works for Hill Bakery from 1990 to 1991.", "Ada works for St. Ann's Book Shop from 1993 to 1999."]
    changed = list(with_other_values(known[0], known, ["Hill Bakery"], whole=True, near=False))
    assert changed == ["Ada works for St. Ann's Book Shop from 1990 to 1991."]


@pytest.mark.parametrize(
    ("text", "same", "opposite"),
    [
        ("The red box is above the lamp.", "The lamp is below the red box.", "The lamp is above the red box."),
        ("The a fits inside the b", "The b is bigger than the a", "The b fits inside the a"),
        ("Mary is above the lamp.", None, None),
        ("The box is near the lamp.", None, None),
    ],
)
def test_relations_are_turned_round(text: str, same: str | None, opposite: str | None) -> None:
    assert (converse(text), exchanged(text)) == (same, opposite)
    assert same is None or converse(same) == text


def test_every_relation_is_read_by_a_rule() -> None:
    facts = [
        f"The a {said} the b."
        for said in ("is north of", "is west of", "is above", "is to the left of", "is bigger than")
    ]
    questions = [
        "What is north of the b?",
        "What is west of the b?",
        "Is the a above the b?",
        "Is the a to the left of the b?",
        "Is the a bigger than the b?",
    ]
    labels = ["two-arg-relations"] * 2 + ["positional-reasoning"] * 2 + ["size-reasoning"]
    derive = get_task("babi").derive
    for fact, question, label in zip(facts, questions, labels, strict=True):
        first, second = derive(question, [fact], label), derive(question, [str(converse(fact))], label)
        assert first is not None and first == second
        assert derive(question, [str(exchanged(fact))], label) != first


def test_letter_case_is_that_of_the_place() -> None:
    known = ["Wolves are afraid of cats.", "Mice are afraid of sheep.", "Bill met Jeff.", "Sheep are afraid of cats."]
    lower = list(with_other_values("Emil is afraid of sheep.", known, ["sheep"], whole=True, near=False))
    assert lower == ["Emil is afraid of cats.", "Emil is afraid of wolves.", "Emil is afraid of mice."]
    first = list(with_other_values("Sheep fear dogs.", known, ["sheep"], whole=True, near=False))
    assert first == ["Cats fear dogs.", "Wolves fear dogs.", "Mice fear dogs."]
    name = list(
        with_other_values("Ann met Jeff.", [*known, "Jeff went.", "Fred went."], ["Jeff"], whole=True, near=False)
    )
    assert name == ["Ann met Fred."]


def test_what_stands_in_the_same_place_comes_before_what_is_of_a_kind() -> None:
    known = ["Ann took the apple there.", "Ann took the milk there.", "Ben got the apple.", "Cal got the lamp."]
    near, far = (
        list(with_other_values("Dan took the milk there.", known, ["milk"], whole=True, near=near))
        for near in (True, False)
    )
    assert near == ["Dan took the apple there."]
    assert far == ["Dan took the apple there.", "Dan took the lamp there."]


def test_one_does_not_replace_many() -> None:
    """`sheep` is one or many: what is met after `a` is not what is met after `of`."""
    known = [
        "Ann is a wolf.",
        "Ben is a sheep.",
        "Dan is a cat.",
        "Mice are afraid of sheep.",
        "Wolves are afraid of mice.",
    ]

    def changed(text: str, value: str) -> list[str]:
        return list(with_other_values(text, [*known, text], [value], whole=True, near=False))

    assert changed("Cats are afraid of sheep.", "sheep") == ["Cats are afraid of mice.", "Cats are afraid of wolves."]
    assert changed("Ben is a sheep.", "sheep") == ["Ben is a wolf.", "Ben is a cat."]
    assert changed("Emil is a mouse.", "mouse") == ["Emil is a wolf.", "Emil is a sheep.", "Emil is a cat."]


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("Ann gave the milk to Ben.", "gave", ["handed"]),
        ("Ann got the milk.", "got", ["took"]),
        ("Ann went back to the hall.", "went", ["moved"]),
        ("Ann went to the hall.", "went", ["ran"]),
        ("Ann is in the hall.", "is", []),
        ("Lily is green.", "green", ["white"]),
    ],
)
def test_a_verb_keeps_the_form_of_its_sentence(text: str, value: str, expected: list[str]) -> None:
    known = [
        "Ann took the lamp.", "Ann handed the lamp to Cal.", "Ann moved back to the park.", "Ann ran to the park.",
        "Lily is a frog.", "Greg is white.", "Ben is not in the park.",
    ]  # fmt: skip
    changed = list(with_other_values(text, [*known, text], [value], whole=True, near=False))
    assert changed == [text.replace(value, other) for other in expected]


def test_every_value_is_offered_once() -> None:
    changed = list(with_other_values("John took the milk.", KNOWN, [], whole=False, near=False))
    assert len(changed) == len(set(changed))
    assert "John took the milk." not in changed
    assert set(chain.from_iterable(text.split() for text in changed)) <= set(" ".join(KNOWN).split()) | {
        "milk.",
        "apple.",
    }
