"""Statements that say what the answer is."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tracekd.statements.cotempqa.dates import DATE_MARK
from tracekd.statements.cotempqa.known import Known
from tracekd.statements.cotempqa.words import NAME_MARK
from tracekd.statements.grounding import Said
from tracekd.statements.kept import Kept
from tracekd.statements.statement import Grounds

# What may stand beside the names of an answer: options, list marks, words without content, a time.
_LINK = re.compile(
    r"\([a-j]\)|\(?\b\d{1,2}[).]|\b(?:and|or|as well as|also|both|all of the above|the|is|are|a|an|himself|herself|"
    r"text|boxed|fboxed|too|to|from|be|at|in|of|for|answer|position|employer)\b|[^\w\ue001]"
)
_OPTION = re.compile(r"\([a-j]\)|\(?\b\d{1,2}\)")
_AROUND = " .,:;*\"'“”{}()\\$"
_BEFORE_NAME = re.compile(r"(?:\W|f?boxed\b|text\b|the (?=\w))*")
_NOTHING = re.compile(
    r"(?:none|no one|nobody|nothing|no other|there (?:is|are) (?:none|no)|unknown|n/a|undetermined|"
    r"not (?:given|provided|stated|specified|listed|available|mentioned|in the (?:context|list|text))|"
    r"(?:cannot|can't|can not|could not|couldn't) be (?:determined|found|inferred|known|identified))\b"
)
_DESCRIBED = re.compile(
    r"(?:only )?the (?:other |only |same )?(?:person|individual|player|employee|member|student|one|man|woman|company|employer|"
    r"organi[sz]ation|school|team|party|political party|position|entity|thing|role|job) "
    r"(?:who|that|which|whom|whose|where|during|at the same)\b"
)
_NAMED_LAST = re.compile(rf"(?:\b(?:is|was|are|were|be|namely)|[:=])[^\w{NAME_MARK}]*(?:the )?{NAME_MARK}")
_SOMEBODY = (
    r"(?:person|people|individuals?|players?|positions?|employers?|compan(?:y|ies)|members?|schools?|teams?|part(?:y|ies)|"
    r"one|names?|students?)"
)
_NONE = r"(?:no|n't any|not (?:\w+ ){0,3}?any|n't (?:\w+ ){1,3}?any)(?: ?one| ?body)?"
_NOBODY_ELSE = re.compile(rf"(?:[^,;:]{{0,80}}? )?{_NONE} (?:else|other (?:\w+ ){{0,2}}?{_SOMEBODY})\b")
_UNSURE = re.compile(r"\b(?:sure|may|might|could|would|if|whether|explicitly|clear|directly|know|specif\w+)\b")
_SAME = re.compile(r"\b(?<!at the )(?:same|identical)\b")
_AT_ONCE = re.compile(r"\b(?:simultaneously|concurrently|overlap\w*|during|at the same time)\b")
_BOX = re.compile(r"\\(?:f?boxed|text) ?\{|[{}]")
_SHORTEST_BEGINNING = 6


class _Part(NamedTuple):
    """What is given as the answer, whatever it names. `is_list`: it has only names and times, and words between them."""

    describes: bool
    is_nothing: bool
    is_list: bool


def _read_part(part: str) -> _Part:
    return _Part(
        describes=_DESCRIBED.match(part) is not None and _NAMED_LAST.search(part) is None,
        is_nothing=_NOTHING.match(_OPTION.sub("", part).lstrip(_AROUND)) is not None,
        is_list=not _LINK.sub("", part).strip(NAME_MARK + DATE_MARK),
    )


_PARTS = Kept(_read_part)


def ground_answer(known: Known, part: str, said: Said) -> Grounds | None:
    """How an answer stands to the context; None if it is no list of names. `part`: what `said` gives as the answer, with
    marks; `said` has the names of this part.
    """
    if not known.answers or known.anchor is None:
        return None
    describes, is_nothing, is_list = _PARTS[part]
    if describes:
        return Grounds("no_claim", reason="it describes the answer, but does not name it")
    names = [str(value) for _, _, mark, value in said.mentions if mark != DATE_MARK]
    if not names and is_nothing:
        return _nothing(known)
    named = names if is_list else _completed(known, part, said)
    return _grounds(known, named) if named else None


def ground_names(known: Known, names: Sequence[str]) -> Grounds | None:
    """How some names, given as the answer, stand to the context."""
    return _grounds(known, names) if names and known.answers and known.anchor is not None else None


def without_box(part: str) -> str:
    """An answer without `\\boxed{}` around it."""
    return _BOX.sub("", part)


def deny_answer(known: Known, body: str, names: Sequence[str]) -> Grounds | None:
    """How `there is no other player at the same time` stands to the context; None if the statement says something else.

    Only of the names of the question, because nobody else's time is asked for.
    """
    if " other " not in body and " else" not in body:
        return None  # nearly all statements
    if known.asked is None or known.anchor is None or DATE_MARK in body:
        return None
    if not _NOBODY_ELSE.match(body) or _UNSURE.search(body):
        return None
    if not {known.asked.anchor.subject, known.asked.anchor.object, known.asked.given}.issuperset(names):
        return None
    own = known.events[known.anchor]
    others = [event for place in known.answers.values() if (event := known.events[place])]
    # Nobody can say of times that only overlap whether they are the same.
    exact = own is not None and any(event.when == own.when for event in others)
    is_false = exact if _SAME.search(body) else bool(others) and _AT_ONCE.search(body) is not None
    return _nothing(known) if is_false else None


def _completed(known: Known, part: str, said: Said) -> list[str]:
    """The names that an answer consists of, which may be incomplete; none if it says something else as well."""
    if DATE_MARK in part:
        return []
    found = [_complete(known, one) for one in _OPTION.split(_as_written(part, said)) if one.strip(_AROUND)]
    return [name for name in found if name] if all(found) else []


def _as_written(part: str, said: Said) -> str:
    """A part of a statement with its names as they were written, in lower case."""
    names = iter([said.text[one.start - said.start : one.end - said.start].lower() for one in said.mentions])
    return "".join([next(names) if sign in (NAME_MARK, DATE_MARK) else sign for sign in part])


def _complete(known: Known, written: str) -> str | None:
    """The name that is written here, perhaps without its end."""
    begin = _BEFORE_NAME.match(written)
    beginning = written[begin.end() if begin else 0 :].rstrip(_AROUND)
    return known.named_by(beginning) if len(beginning) >= _SHORTEST_BEGINNING else None


def _nothing(known: Known) -> Grounds:
    reason = f"by the dates, the answer is {_list(known.answers)}"
    return Grounds("contradicted", _support(known), reason, slot=("answer",), answer=("none",))


def _grounds(known: Known, named: Sequence[str]) -> Grounds:
    wrong = [name for name in named if name not in known.possible_answers]
    if wrong:
        reason = f"by the dates, the answer is {_list(known.answers)}, not {wrong[0][:80]}"
        return Grounds("contradicted", _support(known), reason, slot=("answer",), answer=tuple(named))
    assert known.anchor is not None, "without it, there are no answers"
    places = [known.anchor, *[known.possible_answers[name] for name in named]]
    missing = len(set(known.answers) - set(named))
    reason = f"it follows from the dates; {missing} more would be right too" if missing else "it follows from the dates"
    return Grounds("derived", known.ids(places), reason, slot=("answer",), answer=tuple(named))


def _support(known: Known) -> tuple[str, ...]:
    assert known.anchor is not None, "without it, there are no answers"
    return known.ids((known.anchor, *known.answers.values()))


def _list(names: "dict[str, int]") -> str:
    shown = [name[:80] for name in list(names)[:4]]
    return " and ".join(shown) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
