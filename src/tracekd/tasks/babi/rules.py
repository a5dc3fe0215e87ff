"""What follows from a bAbI story by rule: one rule for each of the twenty families.

The rules are those of the published task descriptions (arXiv 1502.05698), applied to any facts in story order: the
whole story, the gold support alone, or the facts that a trace cites.
"""

from collections.abc import Callable, Sequence

from tracekd.tasks.babi import kinds_and_motives, layouts, possessions, whereabouts
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.babi.sentences import plain
from tracekd.tasks.solution import Solution

# A rule takes the question and the facts in lower case with single blanks.
Rule = Callable[[str, Sequence[str]], Solution | None]

_BY_NUMBER: dict[int, Rule] = {
    1: whereabouts.where_is,
    2: possessions.where_is,
    3: possessions.where_was,
    4: layouts.what_is,
    5: possessions.gift,
    6: whereabouts.is_there,
    7: possessions.how_many,
    8: possessions.which,
    9: whereabouts.is_there,
    10: whereabouts.is_there,
    11: whereabouts.where_is,
    12: whereabouts.where_is,
    13: whereabouts.where_is,
    14: whereabouts.where_was,
    15: kinds_and_motives.what_is_feared,
    16: kinds_and_motives.what_colour,
    17: layouts.lies_so,
    18: layouts.is_larger,
    19: layouts.way,
    20: kinds_and_motives.motive,
}
_RULES = {FAMILIES[number]: rule for number, rule in _BY_NUMBER.items()}


def has_rule(label: str) -> bool:
    """Whether there is a rule for questions of this class."""
    return label in _RULES


def solve(question: str, facts: Sequence[str], label: str) -> Solution | None:
    """What follows from these facts alone, and from which, or None if nothing follows or the class is unknown.

    `facts` are in story order; letter case, white space and a missing full stop make no difference, and a fact in
    any other form says nothing. The support is cited in the order of the reasoning, as the official files do.
    """
    rule = _RULES.get(label)
    return rule(plain(question), [plain(fact) for fact in facts]) if rule else None
