"""What can be asked of an engine, and where its random draws come from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.students.engines.contract import STOP, Decoding

PROMPTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"max_new_tokens": 0}, "1 or more"),
        ({"samples": 0}, "1 or more"),
        ({"temperature": -1.0}, "0, or 0.01 to 10"),
        ({"temperature": 0.001}, "0, or 0.01 to 10"),
        ({"temperature": 11.0}, "0, or 0.01 to 10"),
        ({"temperature": float("nan")}, "0, or 0.01 to 10"),
        ({"samples": 2}, "all be the same"),
        ({"stop": ""}, "empty"),
    ],
)
def test_what_cannot_be_is_told(settings: dict[str, object], said: str) -> None:
    with pytest.raises(UserError, match=said):
        Decoding(**{"max_new_tokens": 8, **settings})  # type: ignore[arg-type]


def test_the_default_takes_the_likeliest_up_to_the_end_of_the_answer() -> None:
    assert Decoding(8) == Decoding(8, temperature=0.0, samples=1, seed=0, stop=STOP)


@given(PROMPTS, PROMPTS)
def test_draws_are_a_pure_function_of_seed_prompt_and_sample(one: list[int], other: list[int]) -> None:
    decoding = Decoding(8, temperature=1.0, samples=4, seed=5)
    streams = {
        (seed, tuple(prompt), sample): Decoding(9, 0.5, 3, seed).draws(prompt, sample).random()
        for seed in (5, 6)
        for prompt in (one, other)
        for sample in (0, 1)
    }
    assert len(set(streams.values())) == len(streams), "two of them share a stream"
    assert decoding.draws(tuple(one), 1).random() == streams[5, tuple(one), 1]
    assert 0 <= decoding.seed_of(one, 0) < 2**31
    assert decoding.seed_of(one, 0) != decoding.seed_of(one, 1)
