"""Waiting: longer each time, as the endpoint asks, never without bound."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.http.retries import RETRIED_STATUS, delay


@given(st.integers(), st.text(max_size=5).filter(str.isascii), st.integers(1, 50))
def test_a_delay_is_a_pure_function_within_bounds(seed: int, key: str, attempt: int) -> None:
    assert delay(seed, key, attempt, "") == delay(seed, key, attempt, "")
    doubled = min(2 ** (attempt - 1), 60)
    assert 0.5 * doubled <= delay(seed, key, attempt, "") < 1.5 * doubled


def test_requests_do_not_come_back_together() -> None:
    assert len({delay(0, str(key), 1, "") for key in range(100)}) == 100


@pytest.mark.parametrize(("asked", "seconds"), [("0", 0.0), ("7", 7.0), (" 7 ", 7.0), ("999999", 120.0)])
def test_what_the_endpoint_asks_for_is_done(asked: str, seconds: float) -> None:
    assert delay(0, "k", 1, asked) == seconds


def test_it_may_ask_with_a_date() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=50)
    assert 40 < delay(0, "k", 1, format_datetime(soon)) <= 50
    assert delay(0, "k", 1, format_datetime(soon - timedelta(days=1))) == 0
    assert delay(0, "k", 1, format_datetime(soon + timedelta(days=1))) == 120


@given(st.text())
def test_nonsense_is_not_waited_for(asked: str) -> None:
    assert 0 <= delay(0, "k", 1, asked) <= 120


def test_what_will_not_get_better_is_not_asked_again() -> None:
    assert {408, 409, 425, 429, 500, 502, 503, 529} <= RETRIED_STATUS
    assert not {200, 301, 400, 401, 402, 403, 404, 413, 422} & RETRIED_STATUS
