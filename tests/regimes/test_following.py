"""Whether the answer follows from quoted texts, whichever of several equal sentences they mean."""

from collections.abc import Sequence
from dataclasses import replace

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
