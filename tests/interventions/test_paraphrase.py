"""The same in other words: what is stated, cited and derived stays."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.interventions import Own, Unsupported, force
from tracekd.interventions.conditions.paraphrased import reworded
from tracekd.regimes import Setting
from tracekd.tasks import get_task
from tracekd.tasks.check import same_answer
from tracekd.verify.parse import parse

World = Callable[[str], Any]


@pytest.mark.parametrize("name", ["babi", "cotempqa"])
def test_the_same_answer_follows_from_a_paraphrase(world: World, name: str) -> None:
    sample = world(name)
    changed = followed = 0
    reasons: set[str] = set()
    for problem in sample.problems:
        own = sample.own(problem)
        try:
            told = force(problem, own, "paraphrased", sample.setting, 0)
        except Unsupported as why:
            reasons.add(str(why))
            continue
        changed += 1
        before, after = (
            parse(f"<think>{text}</think>", sample.task.template, "stop") for text in (own.text, told.text)
        )
        assert told.text != own.text and told.implied is None
        assert after.stated_label == before.stated_label
        assert before.cited and after.cited and len(after.cited) == len(before.cited)
        order = {fact.text: at for at, fact in enumerate(problem.context)}
        pairs = sorted(zip(before.cited, after.cited, strict=True), key=lambda pair: order[pair[0]])
        derived = [
            sample.task.derive(problem.question, list(texts), problem.label) for texts in zip(*pairs, strict=True)
        ]
        # Of a sentence that the story repeats, the last may be the wrong one.
        assert (derived[0] is None) == (derived[1] is None)
        followed += derived[0] is not None
        assert derived[0] is None or derived[1] is None or same_answer(derived[1], derived[0])
    assert reasons == {"no rule can paraphrase a sentence of the trace"}
    assert followed > 0.97 * changed
    assert changed > len(sample.problems) * {"babi": 0.7, "cotempqa": 0.3}[name]


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("Mary took the milk there.", {f"Mary {got} the milk there." for got in ("got", "grabbed", "picked up")}),
        ("Mary went back to the hall.", {f"Mary {went} to the hall." for went in ("moved", "journeyed", "travelled")}),
        ("He died in 1990.", {"He died in 1990."}),
        ("Mary passed the milk to Fred.", {"Mary gave the milk to Fred.", "Mary handed the milk to Fred."}),
        ("Bill is either in the park or the school.", {"Bill is either in the school or the park."}),
        ("The a is north of the b.", {"The b is south of the a."}),
        ("Ann attended Hill School in May 2, 1990.", {"Ann attended Hill School from May 2, 1990 to May 2, 1990."}),
        ("Ann works for Hill from 1990 to 1991.", {"Ann worked for Hill from 1990 to 1991."}),
        ("It was not found, for example.", {"It wasn't found, for instance."}),
        ("Mary is not in the hall.", {"Mary is not in the hall."}),
        ("The senate passed the law to end it.", {"The senate passed the law to end it."}),
        ("She left the building in 1990 because of him.", {"She left the building in 1990 due to him."}),
        ("Gertrude is a mouse.", {"Gertrude is a mouse."}),
    ],
)  # fmt: skip
def test_facts_in_other_words(fact: str, expected: set[str]) -> None:
    assert {reworded(fact, Random(seed)) for seed in range(20)} == expected


@given(st.text(max_size=60), st.integers(0, 3))
def test_any_text_can_be_asked_for(text: str, seed: int) -> None:
    said = reworded(text, Random(seed))
    assert said == reworded(text, Random(seed))


def test_a_trace_of_nothing_but_prose_is_reworded_line_by_line(world: World) -> None:
    sample = world("babi")
    text = "So Mary did not go.\nMary went to the hall.\n"
    told = force(sample.problems[0], Own(text, (text,), None), "paraphrased", sample.setting, 0)
    assert told.text.startswith("So Mary didn't go.\nMary ") and told.text.endswith(" to the hall.\n")


def test_quotes_in_facts_survive() -> None:
    task = get_task("hotpotqa")
    problem = task.example()
    text = f"{task.template.retrieve} ['It is not \\'so\\' or \"so\".', \"O'Hara did not.\"]"
    told = force(problem, Own(text, (text,), None), "paraphrased", Setting.of(task), 0)
    assert parse(f"<think>{told.text}</think>", task.template, "stop").cited == (
        "It isn't 'so' or \"so\".",
        "O'Hara didn't.",
    )
