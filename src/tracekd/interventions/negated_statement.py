"""The denial of a statement, by rules on its verb: `Mary is in the kitchen` and `Mary is not in the kitchen`.

The rules know no grammar of a task: each gives a candidate, and the task's grammar must read it as the opposite.
"""

import re
from collections.abc import Iterator

_BASE = {
    "went": "go", "moved": "move", "travelled": "travel", "traveled": "travel", "journeyed": "journey", "walked": "walk",
    "returned": "return", "took": "take", "got": "get", "grabbed": "grab", "picked": "pick", "dropped": "drop",
    "left": "leave", "discarded": "discard", "put": "put", "gave": "give", "handed": "hand", "passed": "pass",
    "received": "receive", "carried": "carry", "held": "hold", "had": "have", "worked": "work", "attended": "attend",
    "played": "play", "served": "serve", "joined": "join", "overlapped": "overlap", "began": "begin", "started": "start",
    "ended": "end",
}  # fmt: skip
_THIRD = {
    "has": "have", "holds": "hold", "carries": "carry", "fits": "fit", "fears": "fear", "works": "work", "plays": "play",
    "attends": "attend", "overlaps": "overlap", "contains": "contain", "begins": "begin", "ends": "end", "lies": "lie",
    "goes": "go",
}  # fmt: skip
_PLURAL = ("overlap", "coincide", "share", "have", "lie", "fear")
_PAST = {base: past for past, base in reversed(_BASE.items())}
_PRESENT = {base: said for said, base in reversed(_THIRD.items())}
_AUXILIARIES = "is|are|was|were|can|could|will|would|did|does|do"
_DENIED = re.compile(rf"\b({_AUXILIARIES})(?: not|n't|n’t)\b(?: (\w+))?|\b(is|are|was|were) no longer\b", re.IGNORECASE)
_BE = re.compile(r"\b(?:is|are|was|were|can|could|will|would)\b", re.IGNORECASE)
_VERB = re.compile(rf"\b(?:{'|'.join((*_BASE, *_THIRD, *_PLURAL))})\b")
# A statement with more verbs has more denials than these.
_MOST = 4


def denials(text: str) -> Iterator[str]:
    """Candidates for the denial of a statement: of a denied one, without `not`; of another one, with `not` at a verb."""
    if denied := _DENIED.search(text):
        yield text[: denied.start()] + _affirmed(denied) + text[denied.end() :]
        return
    found = [(one.end(), one.end(), " not") for one in _BE.finditer(text)]
    found += [(one.start(), one.end(), _with_do(one[0])) for one in _VERB.finditer(text)]
    for start, end, said in sorted(found)[:_MOST]:
        yield text[:start] + said + text[end:]


def _with_do(verb: str) -> str:
    if verb in _PLURAL:
        return f"do not {verb}"
    return f"did not {_BASE[verb]}" if verb in _BASE else f"does not {_THIRD[verb]}"


def _affirmed(denied: "re.Match[str]") -> str:
    """The words of a denial, without it."""
    auxiliary, verb, no_longer = denied.groups()
    if no_longer:
        return str(no_longer)
    after = f" {verb}" if verb else ""
    kind = auxiliary.lower()
    if kind == "do" and verb:
        return str(verb)
    if kind in ("did", "does") and verb:
        known = _PAST if kind == "did" else _PRESENT
        return known.get(verb.lower(), auxiliary + after)
    return f"{auxiliary}{after}"
