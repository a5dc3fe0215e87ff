"""What each regime means its traces to be, and which regime rows are of that do not say so."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Meant = Literal["right", "wrong", "any", "none"]


@dataclass(frozen=True, slots=True)
class Intent:
    """`label` and `facts`: the step is meant to be right, wrong, either, or not there.

    `quotes`: what is cited stands in the row's own context. `alike`: nothing but the content of its steps should tell
    the traces from correct ones. `traced`: there is a trace at all.
    """

    label: Meant
    facts: Meant
    quotes: bool = True
    alike: bool = False
    traced: bool = True


CORRECT = Intent("right", "right", alike=True)
INCORRECT = Intent("wrong", "wrong", alike=True)
UNKNOWN = Intent("any", "any")
UNKNOWN_REGIME = "unknown"
_INTENTS = {
    "answer_only": Intent("none", "none", traced=False),
    "correct": CORRECT,
    "incorrect": INCORRECT,
    "incorrect_class": Intent("wrong", "right", alike=True),
    "incorrect_facts": Intent("right", "wrong", alike=True),
    "partial": Intent("right", "any", alike=True),
    "corrupted": Intent("any", "any", alike=True),
    "swapped": Intent("any", "wrong", quotes=False, alike=True),
    "paper": CORRECT,
    "paper(incorrect)": INCORRECT,
    "shuffled": Intent("right", "right"),
    "class_only": Intent("right", "none"),
    "facts_only": Intent("none", "right"),
    "masked_answer": Intent("right", "any", quotes=False),
    "filler": Intent("none", "none", quotes=False),
    "teacher": Intent("any", "any", quotes=False),
}
# The first that a name holds; "facts" stands in the names of most released folders.
_NAMES = (
    (r"(?:^|_)(?:perturbed|incorrect|wrong)", "incorrect"),
    (r"swapped", "swapped"),
    (r"vanilla|answer_only|no_reasoning", "answer_only"),
    (r"class_only", "class_only"),
    (r"r1_trace|summar|explanation|teacher", "teacher"),
    (r"(?:^|_)(?:correct|custom|facts)(?:_|$)", "correct"),
)
_SPLITS = {
    "train": "train", "training": "train", "test": "test", "testing": "test", "val": "validation",
    "valid": "validation", "validation": "validation", "dev": "validation", "eval": "test", "evaluation": "test",
    "heldout": "test", "holdout": "test",
}  # fmt: skip
# In nearly all rows, and in hardly any.
_MOST, _FEW = 0.8, 0.2


def intent_of(regime: str) -> Intent:
    """What a regime, named `name` or `name(value)`, is meant to be; of one that is not ours, nothing is known."""
    return _INTENTS.get(regime) or _INTENTS.get(regime.partition("(")[0].strip(), UNKNOWN)


def known_regimes() -> Iterable[str]:
    """The names whose intent is known."""
    return tuple(_INTENTS)


def regime_of_name(name: str) -> str | None:
    """The regime that the name of a file or a folder states, if it states one."""
    joined = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
    if joined in _INTENTS:
        return joined
    return next((regime for pattern, regime in _NAMES if re.search(pattern, joined)), None)


def split_of_name(name: str) -> str | None:
    """The split that the name of a file or a folder states, if it states just one."""
    stated = {_SPLITS[word] for word in re.findall(r"[a-z]+", name.lower()) if word in _SPLITS}
    return stated.pop() if len(stated) == 1 else None


def regime_of_content(traced: float, stating: float, citing: float, class_right: float | None) -> str:
    """The regime that rows look to be of, from shares of them: of the traced, of those with a class, with facts.

    `class_right`: the share of stated classes that are gold, None where gold is not known.
    """
    if traced < 0.5:
        return "answer_only"
    if stating < 0.5:
        return "facts_only" if citing >= 0.5 else "teacher"
    if citing < 0.5:
        return "class_only" if class_right is not None and class_right >= _MOST else UNKNOWN_REGIME
    if class_right is None or _FEW < class_right < _MOST:
        return UNKNOWN_REGIME
    return "correct" if class_right >= _MOST else "incorrect"
