"""Rewrites rows of symbols by patterns, in order."""

import re
from collections.abc import Callable, Iterable

# A pattern, and what is written instead of what it matches: a template of `re`, or a function.
Rule = tuple[str, str | Callable[[re.Match[str]], str]]


class Rewriting:
    """Rules that are applied one after the other, each to what the ones before it made."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple([(re.compile(pattern), _writes(meaning)) for pattern, meaning in rules])

    def __call__(self, signs: str) -> str:
        """These symbols, rewritten by all rules."""
        for pattern, meaning in self._rules:
            signs = pattern.sub(meaning, signs)
        return signs


def _writes(meaning: str | Callable[[re.Match[str]], str]) -> str | Callable[[re.Match[str]], str]:
    """A function for a template with groups: `re` would read the template anew for each text, also without a match."""
    if isinstance(meaning, str) and "\\" in meaning:
        return lambda found: found.expand(meaning)
    return meaning
