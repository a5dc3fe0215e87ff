"""Statements that say what the answer is."""

import re
from collections.abc import Sequence

from tracekd.statements.cotempqa.known import Known
from tracekd.statements.cotempqa.words import NAME_MARK
from tracekd.statements.introductions import answer_part
from tracekd.statements.statement import Grounds

_LINK = re.compile(
    r"\([a-j]\)|\b(?:and|or|as well as|also|both|the|is|are|a|an|himself|herself|text|boxed|"
    r"fboxed|too|to|be|at|in|of|for|answer)\b|[^\w\ue001]"
)
_NOTHING = re.compile(r"(?:none|no one|nobody|nothing|no other|there (?:is|are) (?:none|no)|unknown|n/a)\b")


def ground_answer(known: Known, body: str, names: Sequence[str]) -> Grounds | None:
    """How an answer stands to the context; None if the statement gives no answer in names."""
    part = answer_part(body)
    if part is None or not known.answers or known.anchor is None:
        return None
    support = known.ids((known.anchor, *known.answers.values()))
    if not names:
        if not _NOTHING.match(part):
            return None
        reason = f"by the dates, the answer is {_list(known.answers)}"
        return Grounds("contradicted", support, reason, slot=("answer",), answer=("none",))
    named = names[len(names) - part.count(NAME_MARK) :] if NAME_MARK in part else []
    if not named or _LINK.sub("", part).strip(NAME_MARK):
        return None
    wrong = [name for name in named if name not in known.possible_answers]
    if wrong:
        reason = f"by the dates, the answer is {_list(known.answers)}, not {wrong[0][:80]}"
        return Grounds("contradicted", support, reason, slot=("answer",), answer=tuple(named))
    places = [known.anchor, *[known.possible_answers[name] for name in named]]
    missing = len(set(known.answers) - set(named))
    reason = f"it follows from the dates; {missing} more would be right too" if missing else "it follows from the dates"
    return Grounds("derived", known.ids(places), reason, slot=("answer",), answer=tuple(named))


def _list(names: "dict[str, int]") -> str:
    shown = [name[:80] for name in list(names)[:4]]
    return " and ".join(shown) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
