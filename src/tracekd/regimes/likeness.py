"""How unlike two sentences look, whatever they say: what could give a wrong fact away without reading it."""

from functools import lru_cache

_DIGITS = b"0123456789"
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# What weighs as much as so many characters. A digit too few weighs more than one too many: where the supporting fact has
# the long dates, most others have shorter ones, and the few that have longer ones must make up for them. These name more
# months, too, so that a capital too many is worst of all. Chosen on generated CoTempQA problems, whose
# traces are told right or wrong by their share of digits: 61.0 in 100 of them when length alone is matched, 53.4 when too
# many weighs as much as too few, 52.5 with these weights, 51.5 with the limit below, too (`benchmarks/validation/give_away.md`).
_WORD = 10
_DIGIT_TOO_FEW = 24
_DIGIT_TOO_MANY = 4
_CAPITAL_TOO_FEW = 12
_CAPITAL_TOO_MANY = 36
_QUOTE = 40

# Two sentences whose unlikeness to a third differs by no more than this are as good as each other; of a long one, by a
# character more for each so many that it has.
SLACK = 8
SLACK_LENGTH = 16

# Wrong facts are not used where they are less like the right ones than this, each on average; of long ones, by a
# character more for each so many that they have. Chosen on generated problems, too: 7 in 100 of CoTempQA's are left out
# for it (`benchmarks/validation/give_away.md`, with the other tasks).
MOST_UNLIKE = 60
MOST_UNLIKE_LENGTH = 2

# Characters, words, digits, capital letters (of ASCII), and double quotes as Python prints it in a list.
Form = tuple[int, ...]
NOTHING: Form = (0, 0, 0, 0, 0)


@lru_cache(maxsize=2**14)
def form(text: str) -> Form:
    """What of a sentence can be counted."""
    plain = text.encode("ascii", "replace")
    digits = len(plain) - len(plain.translate(None, _DIGITS))
    capitals = len(plain) - len(plain.translate(None, _CAPITALS))
    quotes = text.count('"') or (2 if "'" in text else 0)
    return len(text), len(text.split()), digits, capitals, quotes


def unlikeness(wrong: Form, target: Form) -> int:
    """How much a wrong sentence differs from what is to stand in its place, in characters."""
    # Taken apart at once: this is asked of every fact of a context.
    chars, words, digits, capitals, quotes = wrong
    right_chars, right_words, right_digits, right_capitals, right_quotes = target
    digits -= right_digits
    capitals -= right_capitals
    return (
        abs(chars - right_chars)
        + _WORD * abs(words - right_words)
        + (_DIGIT_TOO_MANY * digits if digits > 0 else -_DIGIT_TOO_FEW * digits)
        + (_CAPITAL_TOO_MANY * capitals if capitals > 0 else -_CAPITAL_TOO_FEW * capitals)
        + _QUOTE * abs(quotes - right_quotes)
    )
