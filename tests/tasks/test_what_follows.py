"""What cited facts may mean where the context repeats a sentence, and what follows from them."""

from collections.abc import Sequence
from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as st

from tracekd.problem import Answer
from tracekd.tasks import get_task
from tracekd.tasks.context import Context
from tracekd.tasks.what_follows import MOST_READINGS, answers, readings


def context_of(texts: Sequence[str]) -> Context:
    return Context.of_texts(tuple(texts))


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=6), st.data())
def test_readings_are_all_places_together_or_one_place_of_each(texts: list[str], data: st.DataObject) -> None:
    quoted = data.draw(st.lists(st.sampled_from([*texts, "x", "y"]), max_size=4))
    found = list(readings(context_of(texts), quoted))
    known = [text for text in dict.fromkeys(quoted) if text in texts]
    foreign = tuple(text for text in dict.fromkeys(quoted) if text not in texts)
    # One place for each text, such that the places go up.
    allowed = {
        order + foreign
        for order in permutations(known)
        for places in product(*([at for at, text in enumerate(texts) if text == one] for one in order))
        if list(places) == sorted(places)
    }
    everything = (*(text for text in texts if text in known), *foreign)
    assert found[0] == everything
    assert set(found) == allowed | {everything} and len(found) == len(set(found))


def test_texts_are_as_the_context_has_them_and_foreign_ones_come_last() -> None:
    assert list(readings(context_of(["A.", "B  b"]), ["x", "B b", "A", "A"])) == [("A.", "B  b", "x")]


def test_many_repetitions_end_soon() -> None:
    texts = list("abcdefgh") * 9
    assert 0 < len(list(readings(context_of(texts), "abcdefgh"))) <= MOST_READINGS


def test_of_very_much_invented_text_a_rule_is_asked_about_little() -> None:
    (reading,) = readings(context_of(["A."]), ["A", "x" * 501, *(f"fact {number}" for number in range(100))])
    assert reading == ("A.", *(f"fact {number}" for number in range(64)))


def test_a_repeated_sentence_counts_as_often_as_the_story_says_it() -> None:
    story = ["Mary took the milk.", "Mary dropped the milk.", "Mary took the milk."]
    cited = ["Mary took the milk", "Mary dropped the milk"]
    question, label = "How many objects is Mary carrying?", "counting"
    found = list(answers(get_task("babi").derive, question, context_of(story), cited, (label,)))
    assert found[0] == Answer(kind="one_of", values=("one",))
