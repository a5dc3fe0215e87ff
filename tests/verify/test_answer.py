"""Strict and lenient readings of answers; no credit for a part of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.problem import Answer, AnswerKind
from tracekd.tasks.normalize import normalize_answer, normalize_fact, normalize_label
from tracekd.tasks.template import render_answer
from tracekd.verify.answer import Comparison, answer_f1, answer_is_right, lenient_answer_is_right
from tracekd.verify.answer_forms import forms

GREEN = Answer(kind="one_of", values=("green", "dark green"))
THINGS = Answer(kind="set", values=("apple", "milk"))
NOTHING = Answer(kind="set", values=())
PATH = Answer(kind="path", values=("s", "e"))
LOOP = Answer(kind="path", values=("s", "s"))


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("green", GREEN),
        ("Green.", GREEN),
        (" dark \n green", GREEN),
        ("\uff47reen", GREEN),
        ("apple,milk", THINGS),
        ("milk, Apple", THINGS),
        ("milk,apple,milk", THINGS),
        ("apple,milk.", THINGS),
        ("nothing", NOTHING),
        ("Nothing.", NOTHING),
        ("s,e", PATH),
        ("s, e", PATH),
        ("s,s", LOOP),
    ],
)
def test_strictly_right(text: str, gold: Answer) -> None:
    assert answer_is_right(text, gold)
    assert lenient_answer_is_right(text, gold)


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("['apple', 'milk', ]", THINGS),
        ("apple and milk", THINGS),
        ("milk AND apple.", THINGS),
        ("apple, and milk", THINGS),
        ("apple  milk", THINGS),
        ("'apple milk'", THINGS),
        ("[]", NOTHING),
        ("s e", PATH),
        ("'s and e'", PATH),
        ("['Discovery, Inc.', 'HBO']", Answer(kind="set", values=("HBO", "Discovery, Inc."))),
    ],
)
def test_right_by_the_lenient_reading_only(text: str, gold: Answer) -> None:
    assert not answer_is_right(text, gold)
    assert lenient_answer_is_right(text, gold)


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        (None, GREEN),
        ("", GREEN),
        (" ", GREEN),
        (".", GREEN),
        ("the green one", GREEN),
        ("gree", GREEN),
        ("green green", GREEN),
        ("green, red", GREEN),
        ("not green", GREEN),
        ("['green', 'red']", GREEN),
        ("['green'] or ['red']", GREEN),
        ("apple", THINGS),
        ("apple,milk,football", THINGS),
        ("apple and milk and football", THINGS),
        ("apple,,milk", THINGS),
        ("apple,milk,", THINGS),
        ("['apple', 'milk'], 'football'", THINGS),
        ("applemilk", THINGS),
        ("nothing", THINGS),
        ("nothing,apple,milk", THINGS),
        ("", NOTHING),
        (None, NOTHING),
        (",", NOTHING),
        ("apple", NOTHING),
        ("[] apple", NOTHING),
        ("e,s", PATH),
        ("s,e,e", PATH),
        ("['e', 's']", PATH),
        ("se", PATH),
        ("s", LOOP),
        ("s and s and s", LOOP),
    ],
)
def test_wrong_by_either_reading(text: str | None, gold: Answer) -> None:
    assert not answer_is_right(text, gold)
    assert not lenient_answer_is_right(text, gold)


def test_an_answer_of_punctuation_only_equals_only_itself() -> None:
    plus = Answer(kind="one_of", values=("+",))
    assert answer_is_right("+", plus)
    assert not answer_is_right("-", plus)
    assert not answer_is_right("", plus)


words = st.text(alphabet="abcXYZé7", min_size=1).filter(lambda word: normalize_answer(word) not in {"and", "nothing"})
golds = st.builds(
    lambda kind, values: Answer(kind=kind, values=tuple(values)),
    st.sampled_from(["one_of", "set", "path"]),
    st.lists(words, min_size=1, max_size=4),
)


@given(golds)
def test_the_rendered_gold_answer_is_right(gold: Answer) -> None:
    assert answer_is_right(render_answer(gold), gold)


@given(golds)
def test_gold_as_a_list_and_with_and_is_right_leniently(gold: Answer) -> None:
    values = gold.values[:1] if gold.kind == "one_of" else gold.values
    assert lenient_answer_is_right(repr(list(values)), gold)
    assert lenient_answer_is_right(" and ".join(values), gold)
    assert lenient_answer_is_right(repr(values[0]), gold) == (gold.kind == "one_of" or _all_same(gold))


def _all_same(gold: Answer) -> bool:
    names = [normalize_answer(value) for value in gold.values]
    return len(set(names) if gold.kind == "set" else names) == 1


@given(golds, words, st.booleans())
def test_one_wrong_item_more_or_less_is_wrong(gold: Answer, extra: str, lenient: bool) -> None:
    right = lenient_answer_is_right if lenient else answer_is_right
    names = {normalize_answer(value) for value in gold.values}
    if normalize_answer(extra) not in names:
        assert not right(f"{render_answer(gold)},{extra}", gold)
    if gold.kind == "set" and len(names) > 1:
        assert not right(",".join(v for v in gold.values if normalize_answer(v) != min(names)), gold)


@given(st.text(), golds)
def test_strictly_right_is_leniently_right(text: str, gold: Answer) -> None:
    assert lenient_answer_is_right(text, gold) or not answer_is_right(text, gold)


@given(st.text())
def test_any_text_equals_itself(text: str) -> None:
    assert answer_is_right(text, Answer(kind="one_of", values=(text,))) == bool(text.strip())


def test_facts_keep_their_case() -> None:
    assert normalize_fact("  Mary \n went\u00a0there. ") == "Mary went there"
    assert normalize_fact("mary went there") != normalize_fact("Mary went there")
    assert normalize_fact("A..") == "A."
    assert normalize_fact("cafe\u0301") == normalize_fact("caf\u00e9")


def test_labels_do_not() -> None:
    assert normalize_label(" Two-Supporting  facts\n") == "two-supporting facts"


KINDS: tuple[AnswerKind, ...] = ("one_of", "set", "path")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("piece", [" ", ",", "a,", "a and ", "['", "['a', ", "'", ".", "\u0301\u0316", "\ufdfa"])
def test_repetition_takes_linear_time(piece: str, kind: AnswerKind) -> None:
    # Quadratic time would take minutes here.
    many = piece * (20_000 // len(piece))
    for text in (many, f"a{many}", f"['a'{many}", f"'{many}'"):
        assert not lenient_answer_is_right(text, Answer(kind=kind, values=("b",)))


PEERS = Answer(kind="set", values=("Lindow, Inc.", "King's Mill"), written="list")
CAPITAL = Answer(kind="text", values=("the town of Ryk", "Ryk"))


@pytest.mark.parametrize(
    "text",
    ["['Lindow, Inc.', \"King's Mill\"]", "['King's Mill', 'Lindow, Inc.']", '["lindow inc", "kings mill"]'],
)
def test_a_set_that_is_written_as_a_list_holds_commas_in_its_values(text: str) -> None:
    assert answer_is_right(text, PEERS)


@pytest.mark.parametrize(
    "text",
    [
        "Lindow, Inc., King's Mill",
        "['Lindow, Inc.']",
        "['Lindow', 'Inc.', 'King's Mill']",
        "[]",
        "['Lindow, Inc.', 'X']",
    ],
)
def test_what_is_no_such_list_or_holds_other_values_is_wrong(text: str) -> None:
    assert not answer_is_right(text, PEERS)
    assert not lenient_answer_is_right(text, PEERS)


def test_a_single_value_without_its_list_is_right_by_the_lenient_reading_only() -> None:
    one = Answer(kind="set", values=("Lindow, Inc.",), written="list")
    assert not answer_is_right("Lindow, Inc.", one)
    assert lenient_answer_is_right("Lindow, Inc.", one)


def test_written_and_read_lists_agree() -> None:
    assert answer_is_right(render_answer(PEERS), PEERS)
    assert answer_is_right(
        render_answer(Answer(kind="set", values=(), written="list")), NOTHING.model_copy(update={"written": "list"})
    )


def test_free_text_is_right_by_any_reference_and_by_nothing_less() -> None:
    assert answer_is_right("Ryk", CAPITAL) and answer_is_right("The town of Ryk.", CAPITAL)
    assert not answer_is_right("town of Ryk", CAPITAL)
    assert not answer_is_right("Ryk, of course", CAPITAL)


@pytest.mark.parametrize(
    ("text", "f1"),
    [
        (None, 0.0),
        ("", 0.0),
        ("Lublin", 0.0),
        ("ryk", 1.0),
        ("of Ryk", 2 * 1 / (2 + 1)),
        ("the big town of Ryk", 2 * 4 / (5 + 4)),
        ("Ryk Ryk", 2 * 1 / (2 + 1)),
    ],
)
def test_token_f1_counts_words_with_their_number_against_the_best_reference(text: str | None, f1: float) -> None:
    assert answer_f1(text, CAPITAL) == pytest.approx(f1)


def test_a_list_that_python_escapes_is_read_as_it_was_written() -> None:
    gold = Answer(kind="set", values=("Klub\xa0Łódź", 'it\'s "so"'), written="list")
    assert "\\xa0" in render_answer(gold)
    assert answer_is_right(render_answer(gold), gold)
    assert answer_is_right(render_answer(gold) + ".", gold)
    assert not answer_is_right(render_answer(gold) + " and more", gold)
    assert not answer_is_right(render_answer(gold) * 2, gold)


@given(
    st.lists(
        st.sampled_from(["b", "a ", "B", "no", "n", "o, ", "and ", "'", "**", "<b>", "Answer: ", "$", "[", "]", "\n- "])
    ),
    st.sampled_from(
        [("one_of", ("ab",)), ("text", ("no", "a b")), ("set", ("a", "b")), ("path", ("b", "n")), ("set", ())]
    ),
)
def test_a_text_is_wrong_at_once_only_if_it_is_wrong_by_every_reading(pieces, answer):
    text, comparison = "".join(pieces), Comparison.of(Answer(kind=answer[0], values=answer[1]))
    if comparison._lacks_characters(text):
        inside = list(forms(text))
        assert not any(map(comparison._is_right_by_a_reading, [text, *inside])) and not any(
            map(comparison.is_right, inside)
        )
