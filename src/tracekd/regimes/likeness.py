"""How much two sentences differ in form, which could show a wrong fact to someone who does not read it."""

from functools import lru_cache

_DIGITS = b"0123456789"
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# The weight of each difference, in characters. A missing digit counts more than an extra one: if the supporting
# fact has long dates, most other facts have shorter ones, and the few with longer ones must make up for them. Longer
# dates also name more months, so an extra capital letter counts most. The weights were chosen on generated CoTempQA
# problems, where the share of digits separates right traces from wrong ones in 61.0 % of cases if only the length is matched,
# in 53.4 % if extra counts as much as missing, in 52.5 % with these weights, and in 51.5 % with the limit below
# (`benchmarks/validation/give_away.md`).
_WORD = 10
_DIGIT_TOO_FEW = 24
_DIGIT_TOO_MANY = 4
_CAPITAL_TOO_FEW = 12
_CAPITAL_TOO_MANY = 36
_QUOTE = 40

# Two sentences are equally good if their unlikeness to a third differs by at most SLACK, plus one for every SLACK_LENGTH
# characters of that sentence.
SLACK = 8
SLACK_LENGTH = 16

# Wrong facts are not used if their mean unlikeness to the right ones is above MOST_UNLIKE, plus one for every
# MOST_UNLIKE_LENGTH characters. Chosen on generated problems, too: 7 % of CoTempQA's problems are left out because of it
# (`benchmarks/validation/give_away.md`, with the other tasks).
MOST_UNLIKE = 60
MOST_UNLIKE_LENGTH = 2

# Characters, words, digits, capital letters (ASCII), and double quotes as Python prints the sentence in a list.
Form = tuple[int, ...]
NOTHING: Form = (0, 0, 0, 0, 0)


@lru_cache(maxsize=2**14)
def form(text: str) -> Form:
    """The counts of a sentence."""
    plain = text.encode("ascii", "replace")
    digits = len(plain) - len(plain.translate(None, _DIGITS))
    capitals = len(plain) - len(plain.translate(None, _CAPITALS))
    quotes = text.count('"') or (2 if "'" in text else 0)
    return len(text), len(text.split()), digits, capitals, quotes


def unlikeness(wrong: Form, target: Form) -> int:
    """How much a wrong sentence differs from the one that it replaces, in characters."""
    # Unpacked once, for speed: this is computed for every fact of a context.
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
