"""Sentences that say how one thing stands to another: the same the other way round, or with the two exchanged."""

import re

_CONVERSE = {
    "is north of": "is south of", "is east of": "is west of", "is above": "is below",
    "is to the left of": "is to the right of", "is bigger than": "fits inside",
}  # fmt: skip
_CONVERSES = _CONVERSE | {other: one for one, other in _CONVERSE.items()}
_SENTENCE = re.compile(rf"The ([^.]{{1,80}}?) ({'|'.join(_CONVERSES)}) the ([^.]{{1,80}})(\.?)")


def converse(text: str) -> str | None:
    """The same said of the other thing: `The box fits inside the chest.` becomes `The chest is bigger than the box.`"""
    said = _SENTENCE.fullmatch(text)
    return f"The {said[3]} {_CONVERSES[said[2]]} the {said[1]}{said[4]}" if said else None


def exchanged(text: str) -> str | None:
    """The opposite: `The box fits inside the chest.` becomes `The chest fits inside the box.`

    Both return None for sentences that say something else.
    """
    said = _SENTENCE.fullmatch(text)
    return f"The {said[3]} {said[2]} the {said[1]}{said[4]}" if said else None
