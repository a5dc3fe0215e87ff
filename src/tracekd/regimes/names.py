"""The regime or split that the name of a file, folder or row states, and the regime's intent."""

import re
from functools import lru_cache

from tracekd.errors import UserError
from tracekd.regimes import get_regime, regime_names
from tracekd.regimes.intent import UNKNOWN, Intent

UNKNOWN_REGIME = "unknown"
# The first pattern in a name counts; most released folders have "facts" in their names. Only whole words count.
_PATTERNS = tuple(
    (re.compile(rf"(?:^|_)(?:{words})(?:_|$)"), regime)
    for words, regime in (
        ("perturbed|incorrect|wrong", "incorrect"),
        ("swapped", "swapped"),
        ("counterfactual", "counterfactual"),
        ("vanilla|answer_only|no_reasoning", "answer_only"),
        ("class_only", "class_only"),
        ("r1_traces?|summary|summaries|summarized|explanations?|teacher", "teacher"),
        ("correct|facts|custom_traces?", "correct"),
    )
)
_SPLITS = {
    "train": "train", "training": "train", "test": "test", "testing": "test", "val": "validation",
    "valid": "validation", "validation": "validation", "dev": "validation", "eval": "test", "evaluation": "test",
    "heldout": "test", "holdout": "test",
}  # fmt: skip


@lru_cache(maxsize=2**8)
def intent_of(name: str) -> Intent:
    """The intent of the regime with this name, `name` or `name(value)`; UNKNOWN if no such regime is installed.

    If the value is invalid, it is the intent of the regime without a value.
    """
    for written in (name, name.partition("(")[0].strip()):
        try:
            return get_regime(written).intent
        except UserError:
            continue
    return UNKNOWN


def regime_of_name(name: str) -> str | None:
    """The regime that the name of a file or a folder states; None if it states no regime.

    It is the whole name if that is a regime with a declared intent; otherwise a known part of the name decides.
    """
    joined = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
    if joined in regime_names() and intent_of(joined) is not UNKNOWN:
        return joined
    return next((regime for pattern, regime in _PATTERNS if pattern.search(joined)), None)


def split_of_name(name: str) -> str | None:
    """The split that the name of a file or a folder states; None if it states no split, or several."""
    stated = {_SPLITS[word] for word in re.findall(r"[a-z]+", name.lower()) if word in _SPLITS}
    return stated.pop() if len(stated) == 1 else None
