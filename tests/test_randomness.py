"""Random draws: pure functions of (seed, ident, purpose), the same on every machine."""

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.randomness import share, stream

TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x1f"), max_size=8)


@given(st.integers(), TEXTS, TEXTS)
def test_a_draw_is_a_pure_function(seed: int, ident: str, purpose: str) -> None:
    first = share(seed, ident, purpose)
    share(seed + 1, ident, purpose)
    assert share(seed, ident, purpose) == first == stream(seed, ident, purpose).random()
    assert 0 <= first < 1


@given(st.tuples(st.integers(), TEXTS, TEXTS), st.tuples(st.integers(), TEXTS, TEXTS))
def test_whatever_differs_makes_another_stream(a: tuple[int, str, str], b: tuple[int, str, str]) -> None:
    assert (stream(*a).getrandbits(256) == stream(*b).getrandbits(256)) == (a == b)


def test_neither_part_runs_into_the_next() -> None:
    assert len({share(1, "1", "x"), share(11, "", "x"), share(1, "", "1x"), share(1, "1x", "")}) == 4


@pytest.mark.parametrize(
    ("seed", "ident", "purpose", "value"),
    [
        (0, "", "", 0.4865377557928058),
        (7, "qa1_a/0/3", "regime:incorrect", 0.23502788882905945),
    ],
)
def test_a_seed_means_the_same_everywhere(seed: int, ident: str, purpose: str, value: float) -> None:
    assert share(seed, ident, purpose) == value


def test_shares_are_uniform() -> None:
    draws = [share(0, str(i), "test") for i in range(4000)]
    assert mean(draws) == pytest.approx(0.5, abs=0.02)
    assert mean(draw < 0.25 for draw in draws) == pytest.approx(0.25, abs=0.02)
