"""Which requests are sent again, and after which time."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tracekd.randomness import share

_FIRST, _LONGEST, _LONGEST_ASKED_FOR = 1.0, 60.0, 120.0  # seconds
RETRIED_STATUS = frozenset({408, 409, 425, 429, *range(500, 600)})


def delay(seed: int, key: str, attempt: int, retry_after: str) -> float:
    """Seconds to wait after attempt number `attempt` (from 1).

    The time that the endpoint asks for (`Retry-After`: seconds or a date), at most 120 s. Otherwise 1 s, doubled each
    time up to 60 s, times a factor from 0.5 to 1.5 that is a pure function of (seed, key, attempt).
    """
    asked = _seconds(retry_after)
    if asked is not None:
        return min(max(asked, 0.0), _LONGEST_ASKED_FOR)
    doubled = min(_FIRST * 2.0 ** min(attempt - 1, 10), _LONGEST)
    return doubled * (0.5 + share(seed, key, f"teacher:backoff:{attempt}"))


def _seconds(retry_after: str) -> float | None:
    text = retry_after.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return ((until if until.tzinfo else until.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
