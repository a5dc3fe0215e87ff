"""Stories about swaps: the state after each step, which swap comes next, and text of all kinds."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

STORY = (
    "Ada, Ben, and Cleo play a game.",
    "At the start of the game, they each hold a ball: Ada has a red ball, Ben has a blue ball, and Cleo has a green ball.",
    "As the game goes on, pairs of players trade balls.",
    "First, Ada and Ben swap balls.",
    "Then, Ben and Cleo swap balls.",
    "Finally, Cleo and Ada swap balls.",
)  # red blue green; blue red green; blue green red; red green blue
QUESTION = "At the end of the game, Ben has the\nOptions:\n(A) red ball.\n(B) blue ball.\n(C) green ball."
NAMES, COLOURS = ("Ada", "Ben", "Cleo", "Dan"), ("red", "blue", "green", "white")


@pytest.fixture
def swaps(judging):
    return judging("swaps", QUESTION, STORY)


SAID = [
    ("r", "At the start: Ada: red, Ben: blue, Cleo: green."),
    ("r", "A: red, B: blue, C: green"),
    ("rdd", "A: red, B: blue, C: green\nA: blue, B: red, C: green\nA: blue, B: green, C: red"),
    ("rd", "Ada: red, Ben: blue.\nAda and Ben swap balls: Ada: blue, Ben: red, Cleo: green."),
    ("q", "Ada and Ben swap balls."),
    ("d", "Ada and Ben swap: Ada has the blue ball, Ben has the red ball."),
    ("d", "Ada swaps with Ben: Ada: blue."),
    ("d", "At the end of the game, Ben has the green ball."),
    ("d", "After the second swap, Cleo has the red ball."),
    ("d", "After the second swap, Cleo does not have the green ball."),
    ("c", "After the second swap, Cleo has the green ball."),
    ("c", "At the end of the game, Ben has the blue ball."),
    ("c", "At the start: Ada: blue, Ben: red, Cleo: green."),
    ("c", "Ada and Ben swap: Ada: red, Ben: blue, Cleo: green."),
    ("c", "Ada and Ben swap: Ada: blue, Ben: blue, Cleo: green."),
    ("qqc", "Ada and Ben swap balls. Cleo and Ada swap balls. Ben and Cleo swap balls."),
    ("d", "So the answer is (C)"),
    ("d", "The answer is the green ball."),
    ("c", "So the answer is (A)"),
    ("n", "I need to follow the swaps."),
    ("n", "If Ada and Ben swap balls, Ada has the blue ball."),
    ("x", "Ada dropped the red ball."),
]


@pytest.mark.parametrize(("kinds", "text"), SAID)
def test_statements(kinds, text, swaps, short):
    found = short(swaps(text))
    assert found.replace("q", "r") == kinds.replace("q", "r")


def test_a_pair_that_never_swaps_is_contradicted(judging, short):
    judge = judging("swaps", QUESTION, [*STORY[:4], "Finally, Ben and Cleo swap balls."])
    assert short(judge("Ada and Cleo swap balls.")) == "c"


def test_verdicts_say_which_sentences_decide(swaps):
    (one,) = swaps("At the end, Cleo has the blue ball.")
    assert (one.grounding, one.facts) == ("derived", ("2", "4", "6"))


def test_titles_may_be_shortened(judging, short):
    judge = judging("swaps", "Al has", [
        "Al gets The Tall Ship, Bo gets Ember-9, and Cy gets The Long Road.", "First, Al and Bo swap books.",
    ])  # fmt: skip
    assert (
        short(judge("At the start: Al: Ship, Bo: Ember, Cy: Road.\nAl and Bo swap: Al: Ember-9, Bo: The Tall Ship."))
        == "rd"
    )


def made(seed: int) -> tuple[list[str], list[tuple[str, str]], list[dict[str, str]]]:
    """A random story: its sentences, its swaps, and its states."""
    rng = random.Random(seed)
    people = NAMES[: rng.randint(3, 4)]
    colours = rng.sample(COLOURS, len(people))
    states = [dict(zip(people, colours, strict=True))]
    swaps = []
    for _ in range(rng.randint(1, 5)):
        one, other = rng.sample(people, 2)
        now = states[-1]
        swaps.append((one, other))
        states.append({**now, one: now[other], other: now[one]})
    start = ", ".join(f"{who} has a {colour} ball" for who, colour in states[0].items())
    return [f"They each hold a ball: {start}.", *(f"Then, {a} and {b} swap balls." for a, b in swaps)], swaps, states


def listed(state: dict[str, str]) -> str:
    return ", ".join(f"{who}: {colour}" for who, colour in state.items())


@given(
    seed=st.integers(0, 10**6), form=st.sampled_from(["{0} and {1} swap balls: {2}.", "{0} and {1} swap: {2}.", "{2}"])
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_right_trace_holds_and_a_planted_error_is_found_in_its_step(seed, form, judging):
    facts, swaps, states = made(seed)
    lines = [f"At the start: {listed(states[0])}."]
    lines += [form.format(*pair, listed(state)) for pair, state in zip(swaps, states[1:], strict=True)]
    judge = judging("swaps", f"At the end, {NAMES[0]} has the", facts)
    assert all(one.holds for one in judge("\n".join(lines)))
    rng = random.Random(seed + 1)
    at = rng.randrange(len(swaps))
    one, other = swaps[at]
    state = states[at + 1]
    third = next(who for who in state if who not in (one, other))
    wrong = {**state, one: state[third], third: state[one]}
    lines[at + 1] = form.format(one, other, listed(wrong))
    found = judge("\n".join(lines))
    assert [one.grounding == "contradicted" for one in found[: at + 2]] == [False] * (at + 1) + [True]


WORDS = [*"Ada Ben red blue : , . swap and has not A B the end start after first 1 ball".split(), "\n"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=80)


@given(text=TEXTS)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_judged(text, judging):
    for one in judging("swaps", QUESTION, STORY)(text):
        assert text[one.start : one.end] == one.text


@pytest.mark.parametrize("facts", [[], ["Ada and Ben swap balls."], ["Ada has a ball."], ["x" * 5000]])
def test_what_is_no_such_story_is_never_called_false(facts, judging):
    for one in judging("swaps", "?", facts)("Ada and Ben swap balls: Ada: red, Ben: blue."):
        assert one.grounding != "contradicted"


@pytest.mark.parametrize(
    "part", ["Ada: red, ", "Ada and Ben swap ", "A: red, B: ", "Ada and Ben swap balls: Ada: red.\n"]
)
def test_repetition_takes_linear_time(part, swaps, slower):
    judge = lambda size: swaps(part * (size // len(part)))  # noqa: E731
    assert slower(judge, (20_000, 80_000), most=12, at_least=1 / 12) < 12


@pytest.mark.parametrize("part", ["Ada , has red ", "A: and : red ", "Ada Ben swap has ", "red with Ada: "])
def test_one_long_statement_is_read_in_bounded_time(part, swaps, seconds):
    assert seconds(lambda: swaps((part * 80)[:990])) < 0.5
