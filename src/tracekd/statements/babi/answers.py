"""Statements that say what the answer to a question about a story is."""

import re
from collections.abc import Sequence

from tracekd.problem import Answer
from tracekd.statements.babi.known import Known
from tracekd.statements.babi.words import NUMBERS, PERSON, PLACE
from tracekd.statements.kept import Kept
from tracekd.statements.names import Mention
from tracekd.statements.statement import Grounds
from tracekd.tasks.template import render_answer

_TOKEN = re.compile(r"[a-z]+|[0-9]+|[\ue002-\ue009]")
_SILENT = frozenset(
    "the a an in at to of and is are be that then first text boxed fboxed go it both there of his her".split()
)
_SAID = frozenset(("yes", "no", "maybe", *NUMBERS))
_LETTERS = {"north": "n", "south": "s", "east": "e", "west": "w", "n": "n", "s": "s", "e": "e", "w": "w"}
_DIRECTIONS = frozenset(_LETTERS.values())
_NOTHING = frozenset(("nothing", "none"))


def ground_answer(known: Known, part: str, mentions: Sequence[Mention]) -> Grounds | None:
    """How an answer stands to the story; None if it cannot be read. `part`: what is given as the answer, with marks."""
    if not known.solutions:
        return None
    values = _values(part, mentions)
    if values is None or _is_sentence(values, part, known.solutions[0].answer):
        return None
    for solution, right in zip(known.solutions, known.right_values, strict=True):
        if _is_same(values, solution.answer.kind, right):
            ids = known.ids(solution.support)
            return Grounds("derived", ids, "it follows from the story", slot=("answer",), answer=tuple(values))
    solution = known.solutions[0]
    if solution.answer.kind != "one_of" and values[0] in known.right_values[0]:
        return None  # the beginning of a list or a way may go on in the next statement
    reason = f"by the story, the answer is {render_answer(solution.answer)[:80]}"
    return Grounds("contradicted", known.ids(solution.support), reason, slot=("answer",), answer=tuple(values))


def _values(part: str, mentions: Sequence[Mention]) -> list[str] | None:
    """The values that an answer names; None if another word stands among them."""
    written, count = _WRITTEN[part]
    if not count:
        return list(written) or None
    names = [str(value) for _, _, _, value in mentions[len(mentions) - count :]]
    if count == len(written):
        return names
    left = iter(names)
    return [next(left) if one > "\ue000" else one for one in written]


def _read_values(part: str) -> tuple[tuple[str, ...], int]:
    """The values that an answer names, in order, with the marks of names, and how many marks these are; none if another word
    stands among them.
    """
    values: list[str] = []
    for token in _TOKEN.findall(part):
        if token > "\ue000" or token in _SAID:
            values.append(token)
        elif token.isdigit() and int(token) < len(NUMBERS):
            values.append(NUMBERS[int(token)])
        elif token in _LETTERS:
            values.append(_LETTERS[token])
        elif token in _NOTHING:
            values.append("nothing")
        elif token not in _SILENT:
            return (), 0
    return tuple(values), sum([one > "\ue000" for one in values])


_WRITTEN = Kept(_read_values)


def _is_sentence(values: Sequence[str], part: str, answer: Answer) -> bool:
    """Whether these values cannot be an answer of this kind, so that they are those of a sentence: `result: NAME is in ..`."""
    if answer.kind == "path":
        return not _DIRECTIONS.issuperset(values)
    if answer.kind == "set":
        return PERSON in part or PLACE in part  # sets are of things
    return len(values) > 1


def _is_same(values: Sequence[str], kind: str, right: tuple[str, ...]) -> bool:
    if kind == "set":
        return set(values) == (set(right) or {"nothing"})
    if kind == "path":
        return tuple(values) == right
    none = right == ("none",) and values[0] in ("zero", "nothing")
    return len(values) == 1 and (values[0] in right or none)
