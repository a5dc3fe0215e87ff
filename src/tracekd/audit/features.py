"""The form of a completion, in numbers. They should not tell whether its trace is right."""

import re

from tracekd.tasks.template import Template
from tracekd.verify.parse import Parsed

# A wrong class may have a different length, so no number includes the stated class.
FEATURES = (
    "characters", "words", "cited_facts", "cited_characters", "bare", "empty", "upper_case", "upper_case_starts",
    "digits", "double_quotes",
)  # fmt: skip
TOKENS = "tokens"

_UPPER = bytes(range(ord("A"), ord("Z") + 1))
_DIGITS = b"0123456789"
_QUOTE = re.compile(r"['\"]")


def cites_bare(parsed: Parsed, template: Template) -> bool:
    """Whether the facts are introduced without a list around them."""
    if not parsed.cited:
        return False
    introduced = template.retrieve_pattern.search(parsed.trace_text)
    return introduced is not None and not parsed.trace_text[introduced.end() :].lstrip().startswith("[")


def features(completion: str, parsed: Parsed, *, bare: bool) -> tuple[float, ...]:
    """A number for each of FEATURES; numbers of letters are shares of the trace, in [0, 1]."""
    cited = parsed.cited or ()
    label = parsed.stated_label or ""
    trace = parsed.trace_text.replace(label, "", 1) if label else parsed.trace_text
    letters = trace.encode()
    size = max(1, len(letters))
    return (
        len(completion) - len(label),
        len(completion.split()) - len(label.split()),
        len(cited),
        sum(map(len, cited)),
        bare,
        parsed.cited == (),
        _count(letters, _UPPER) / size,
        sum([fact[:1].isupper() for fact in cited]) / max(1, len(cited)),
        _count(letters, _DIGITS) / size,
        trace.count('"') / max(1, trace.count('"') + trace.count("'")),
    )


def _count(letters: bytes, which: bytes) -> int:
    return len(letters) - len(letters.translate(None, which))
