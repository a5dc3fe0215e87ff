"""The words with which a statement ends, and which do not change what it claims: `.., noted`, `.. [context]`.

The patterns are for a key (see `talk`).
"""

import re

from tracekd.statements.names import MARKS

# At most this many characters at the end are looked at, so time is linear.
_LONGEST = 60
_TAIL = re.compile(
    rf" ?(?P<open>[,(\[]) ?(?P<said>[^,()\[\]{MARKS}]{{1,{_LONGEST}}}?) ?(?P<close>[)\]]?)(?P<stop>[ .!]*)\Z"
)
_WORD = re.compile(r"[a-z']+|\S")
# A tail has one of these words, and otherwise only words of the second list.
_OF_SOURCE = frozenset(
    "note noted okay ok alright list lists entry entries date dates context story passage text table record records given "
    "stated mind fact facts check checked source line lines statement statements said written listed read".split()
)
_BESIDE = frozenset(
    "i i'll i've i'm we we'll it it's this that which so if as going go by the judging from in per according to above here "
    "you see can down will keep keeping let's just also all my our goes says say states tells us me told is are was".split()
)


def without_tail(body: str) -> str:
    """A key without the words at its end that only name the source, or say that it is noted."""
    end = body[-_LONGEST:]
    if "," not in end and "(" not in end and "[" not in end:
        return body  # nearly all statements
    found = _TAIL.search(body, max(0, len(body) - _LONGEST))
    if found is None or (found["open"] == ",") == bool(found["close"]) or found.start() == 0:
        return body
    words = _WORD.findall(found["said"])
    if _OF_SOURCE.isdisjoint(words) or not all(word in _OF_SOURCE or word in _BESIDE for word in words):
        return body
    return body[: found.start()] + found["stop"]
