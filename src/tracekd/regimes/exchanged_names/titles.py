"""The titles of paragraphs, where facts have them."""

import re

from tracekd.problem import Problem

_TITLED = re.compile(r".{1,120}?: \S")


def has_titles(problem: Problem) -> bool:
    """Whether every fact of a context begins with a title and a colon."""
    return bool(problem.context) and all(_TITLED.match(fact.text) for fact in problem.context)
