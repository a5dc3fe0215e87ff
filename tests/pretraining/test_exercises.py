"""What the base is pretrained on: never what the regimes teach, never a story of the study part."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.pretraining.exercises import (
    ANSWER,
    QUOTE,
    Mix,
    Turn,
    answer_turn,
    cite_turn,
    draw,
    evaluation_problems,
    quote_turn,
)
from tracekd.pretraining.stories import Dials, story
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.tasks.babi.families import FAMILIES, TEMPLATE
from tracekd.tasks.babi.load import story_problems

MIX = Mix()
PROGRESS = (0.0, 0.3, 0.5, 1.0)
CITING = replace(MIX, cite_share=0.5, detour_share=0.5, detour_words=8, most_facts=30, handling=0.8)


@cache
def exercises() -> list[list[Turn]]:
    return [draw(mix, 0, i, progress) for mix in (MIX, CITING) for i in range(250) for progress in PROGRESS]


def text(turns: list[Turn]) -> str:
    return "".join(turn.prompt + turn.completion for turn in turns)


def world(family: int, n: int = 15) -> list[Problem]:
    dials = Dials(facts_between=3)
    return [p for i in range(n) for p in story_problems(story(family, 0, i, dials), family, f"{family}/{i}", "world")]


@pytest.mark.parametrize(
    "taught", [TEMPLATE.classify, TEMPLATE.retrieve, "<think>", "</think>", "<answer>", "</answer>"]
)
def test_no_exercise_shows_a_trace(taught: str) -> None:
    assert not [turns for turns in exercises() if taught.lower() in text(turns).lower()]


@pytest.mark.parametrize("label", FAMILIES.values())
def test_an_exercise_names_a_class_only_as_one_of_many_words(label: str) -> None:
    plain = [turn.prompt + turn.completion for turns in exercises() for turn in turns if "? Say " not in turn.prompt]
    assert len(plain) > 1000
    assert not [turn for turn in plain if label in turn]


def test_no_exercise_cites_a_list() -> None:
    assert not [turns for turns in exercises() if "['" in text(turns)]


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_an_exercise_is_a_pure_function(seed: int, index: int, progress: float) -> None:
    first = draw(MIX, seed, index, progress)
    draw(MIX, seed, index + 1, progress)
    assert draw(MIX, seed, index, progress) == first
    assert 1 <= len(first) <= MIX.turns
    assert all(turn.prompt and turn.completion for turn in first)


def test_later_turns_do_not_repeat_the_story() -> None:
    several = [turns for turns in exercises() if len(turns) > 1]
    assert len(several) > 100
    for first, *later in several:
        assert first.prompt.startswith("Answer the question based on the context:\n")
        assert all(turn.prompt.startswith("\nQuestion: ") for turn in later)
        # Besides those around the turn, there may be one in the marks that sentences are cited in.
        assert all(turn.prompt.count("\n") <= 3 for turn in later)


def test_no_question_is_asked_twice_in_the_same_way() -> None:
    for turns in exercises():
        questions = [turn.prompt.rpartition("Question: ")[2] for turn in turns if "Repeat" not in turn.prompt]
        assert len(questions) == len(set(questions))


@pytest.mark.parametrize("family", MIX.families)
def test_shortened_to_nothing_the_answer_is_left(family: int) -> None:
    for problem in world(family):
        turn = answer_turn(problem, 1.0)
        assert turn == answer_turn(problem) == Turn(TEMPLATE.render_prompt(problem), problem.answer.values[0])


@pytest.mark.parametrize("family", MIX.families)
def test_unshortened_the_whole_support_is_quoted(family: int) -> None:
    for problem in world(family):
        whole = " ".join(problem.texts(problem.trace.facts)) + "\n" + problem.answer.values[0]
        assert answer_turn(problem, 0.0).completion == whole
        quoted = quote_turn(problem)
        assert quoted.completion == whole
        assert quoted.prompt == TEMPLATE.render_prompt(problem).replace(ANSWER, QUOTE)


@given(st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=40)
def test_the_quote_is_shortened_from_the_left_word_by_word(one: float, other: float) -> None:
    problem = world(2, 1)[0]
    more, less = (answer_turn(problem, shortening).completion for shortening in (min(one, other), max(one, other)))
    assert more == less or more.endswith(" " + less) or (more.endswith(less) and less == problem.answer.values[0])
    assert all(c.endswith(problem.answer.values[0]) for c in (more, less))


@pytest.mark.parametrize("family", MIX.families)
def test_the_support_is_cited_as_shown_before_the_answer(family: int) -> None:
    for problem in world(family):
        turn = cite_turn(problem, CITING, stream(0, problem.id, "test"))
        instruction = turn.prompt.rpartition("? ")[2]
        said, _, rest = instruction.removeprefix("Say ").partition(", cite like ")
        marks, _, tags = rest.removesuffix(".\n").rpartition(" in ")
        marks, _, first = marks.removesuffix(", then answer").rpartition(" in ")
        texts = problem.texts(problem.trace.facts)
        before, _, rest = marks.partition("A.")
        between = rest.partition("B.")[0]
        assert turn.completion.startswith(f"<{first}>{said} {before}{texts[0]}")
        assert all(text in turn.completion for text in texts)
        assert turn.completion.endswith(f"</{first}> <{tags}>{problem.answer.values[0]}</{tags}>")
        if len(texts) > 1:
            assert f"{texts[0]}{between}{texts[1]}" in turn.completion


def quoted_words(progress: float) -> float:
    """Words a turn before the answer, where the answer is asked for."""
    turns = [t for i in range(150) for t in draw(MIX, 1, i, progress) if t.prompt.endswith(ANSWER)]
    return sum(len(t.completion.rpartition("\n")[0].split()) for t in turns) / len(turns)


def test_quotes_are_shortened_to_nothing_as_training_goes_on() -> None:
    shares = [quoted_words(progress) for progress in (0.0, 0.35, 0.5, MIX.shorten_until, 1.0)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 5
    assert shares[-1] == shares[-2] == 0


def test_evaluation_shows_no_story_of_the_exercises() -> None:
    def problem_text(problem: Problem) -> str:
        return "\n".join(fact.text for fact in problem.context)

    chosen = list(evaluation_problems(MIX, 0, 300))
    assert len(chosen) == 300
    shown = {turns[0].prompt.rpartition("\nQuestion:")[0].partition("\n")[2] for turns in exercises()}
    assert not shown & {problem_text(p) for p in chosen}
    assert {p.label for p in chosen} == {FAMILIES[number] for number in MIX.families}


def test_no_problem_of_a_study_is_an_exercise() -> None:
    """Problems of two facts and more: a story's part hangs on its first two sentences."""
    stories = {turns[0].prompt.rpartition("\nQuestion:")[0].partition("\n")[2] for turns in exercises()}
    study = {"\n".join(f.text for f in p.context) for family in MIX.families for p in world(family, 60)}
    assert len(study) > 1000
    assert not stories & study
