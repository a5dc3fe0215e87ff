"""Whether the answer follows from quoted texts, whichever of several equal sentences they mean."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as st

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.regimes import Setting, draw_trace
from tracekd.regimes.following import Story, gives_gold, gives_whole_gold
from tracekd.tasks import get_task
from tracekd.tasks.babi.families import FAMILIES

BABI = get_task("babi")


def story_of(texts: Sequence[str], *answers: str, gold: tuple[str, ...] = ("0",), family: int = 1) -> Story:
    return Story.of(
        Problem(
            id="p", task="babi", group="g", question="Where is Daniel?", source="f:1",
            context=tuple(Fact(id=str(at), text=text) for at, text in enumerate(texts)),
            answer=Answer(kind="set", values=answers), trace=gold_trace(FAMILIES[family], gold),
        )
    )  # fmt: skip


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=6), st.data())
def test_the_readings_are_the_orders_that_the_places_allow(texts: list[str], data: st.DataObject) -> None:
    quoted = data.draw(st.lists(st.sampled_from([*texts, "x", "y"]), max_size=4))
    found = list(Story.of(story_of(texts).problem).readings(quoted))
    known = [text for text in dict.fromkeys(quoted) if text in texts]
    foreign = tuple(text for text in dict.fromkeys(quoted) if text not in texts)
    # One place for each text, such that the places go up.
    allowed = {
        order + foreign
        for order in permutations(known)
        for places in product(*([at for at, text in enumerate(texts) if text == one] for one in order))
        if list(places) == sorted(places)
    }
    assert set(found) == allowed and len(found) == len(allowed)


def test_texts_are_the_same_when_normalised_and_foreign_ones_come_last() -> None:
    assert list(story_of(["A.", "B  b"]).readings(["x", "B b.", "A", "A."])) == [("A.", "B  b", "x")]


def test_many_repetitions_end_soon() -> None:
    texts = list("abcdefgh") * 9
    assert 0 < len(list(story_of(texts).readings("abcdefgh"))) <= 64


def test_a_sentence_that_occurs_twice_may_mean_either() -> None:
    texts = ["Daniel journeyed to the bedroom.", "Then he travelled to the garden.", "Daniel journeyed to the bedroom."]
    story = story_of(texts, "garden", family=11)
    assert gives_gold(story, Setting.of(BABI), [texts[1], texts[2]])
    assert not gives_gold(story_of(texts[1:], "garden", family=11), Setting.of(BABI), texts[1:])


def test_no_wrong_trace_can_be_read_as_a_right_one() -> None:
    texts = ["Daniel journeyed to the bedroom.", "Then he travelled to the garden.", "Daniel journeyed to the bedroom."]
    texts += ["Then he ran to the hall.", "Daniel went to the office.", "After that he moved to the garden."]
    problem = story_of(texts, "garden", gold=("4", "5"), family=11).problem
    for seed in range(20):
        trace = draw_trace(problem, "incorrect_facts", Setting.of(BABI), seed)
        assert trace is not None and trace.facts in (("2", "3"), ("1", "3"))


def test_a_part_of_the_answer_is_not_the_whole() -> None:
    setting = replace(Setting.of(BABI), derive=lambda question, facts, label: Answer(kind="set", values=("Milk",)))
    assert gives_gold(story_of("a", "milk", "apple"), setting, ["a"])
    assert not gives_whole_gold(story_of("a", "milk", "apple"), setting, ["a"])
    assert gives_whole_gold(story_of("a", "milk"), setting, ["a"])
    nothing = replace(setting, derive=lambda question, facts, label: Answer(kind="set", values=()))
    assert gives_gold(story_of("a"), nothing, ["a"]) and not gives_gold(story_of("a", "milk"), nothing, ["a"])
