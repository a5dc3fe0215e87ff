"""How unlike two sentences look, whatever they say: what could give a wrong fact away without reading it."""

from functools import lru_cache

_DIGITS = b"0123456789"
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# A digit or a capital too many or too few is as bad as so many characters, and a digit too few worst of all: where the
# supporting fact has the long dates, most others have shorter ones, and the few that have longer ones must make up for
# them. Chosen on generated CoTempQA problems: by their share of digits, 66 in 100 traces are told right or wrong when
# length alone is matched, 54 when a digit more weighs as much as one less, 52 as it is.
_CAPITAL = 12
_DIGIT_TOO_FEW = 24
_DIGIT_TOO_MANY = 4

# Two sentences whose unlikeness to a third differs by no more than this are as good as each other.
SLACK = 8

# Characters, digits, capital letters (of ASCII).
Form = tuple[int, int, int]


@lru_cache(maxsize=2**14)
def form(text: str) -> Form:
    """What of a sentence can be counted."""
    plain = text.encode("ascii", "replace")
    without_digits, without_capitals = plain.translate(None, _DIGITS), plain.translate(None, _CAPITALS)
    return len(text), len(plain) - len(without_digits), len(plain) - len(without_capitals)


def unlikeness(wrong: Form, right: Form) -> int:
    """How much a wrong sentence differs from the right one in whose place it stands, in characters."""
    digits = wrong[1] - right[1]
    weighed = _DIGIT_TOO_MANY * digits if digits > 0 else -_DIGIT_TOO_FEW * digits
    return abs(wrong[0] - right[0]) + _CAPITAL * abs(wrong[2] - right[2]) + weighed
