"""Reads statements about the class of a question without a name: `every match lies within the event in the question`.

Symbols: `E` identical, `S` same, `C` contains or lies within, `V` overlaps, `p` partly, `M` mixed or different; `O` coincides,
`m` match, `c` start, `e` end, `x` exactly; `X` not; `A` every or all, `R` relation or class, `s` some of them; `q` the event
of the question; `&` a comma or a conjunction. Words without a symbol say nothing.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from tracekd.statements.cotempqa.class_words import VOCABULARY
from tracekd.statements.rewriting import Rewriting
from tracekd.statements.vocabulary import NUMBER, UNKNOWN


class ClassClaim(NamedTuple):
    """What a statement says of the class. `label`: the class that it names or describes, if any.

    `true_of` and `false_of`: the classes for which it is true and false. `is_general`: it speaks of all matches; otherwise it
    may be about the event that was spoken of last.
    """

    label: str | None
    true_of: frozenset[str]
    false_of: frozenset[str]
    is_general: bool


CLASSES = frozenset(("equal", "during", "overlap", "mix"))
_TOGETHER = Rewriting(
    (
        ("q", ""),
        ("c[x&]*[ES]?[x&]*e", "Z"),  # `the start and the end`
        ("Z[^CVM]*[EOSm]", "E"),  # `both the start and the end agree`
        ("[EOS][x&]*Z", "E"),
        ("xA?m|mx|xO|Ox", "E"),  # `an exact match`
        ("m", "A"),
        ("[VC](?=[xpA]*[ES])", ""),  # `share the same dates`
        ("M(?=S)|X(?=[^&]*M$)(?=[^&CVE]*R)", "?"),
        ("X[^&]*(?:S(?=[^&]*[RA])|[RA][^&]*S|u)|R[^&]*XS", "M"),  # `not the same relation`
        ("^XR(?=A|$)", "M"),  # `no single relation holds for all matches`
        ("S(?=[^&]*R)|R(?=[^&]*S)|[Oceu]|x+V|Vx+", "?"),
        ("S", "E"),
    )
)
# A statement without such a word, such as `it has the same time`, is about the event that was spoken of last.
_OF_SEVERAL = re.compile(
    r"\b(?:they|them|their|both|two|these|those|neither|one|intervals|periods|dates|times|terms|spans|ranges|events|overlaps)\b"
)


@lru_cache(maxsize=2**12)
def read_class(body: str) -> ClassClaim | None:
    """What the statement with this body says of the class; None if it says something else. It must have no names or dates."""
    signs = _TOGETHER(VOCABULARY.read(body))
    if UNKNOWN in signs or NUMBER in signs:
        return None
    is_general = "A" in signs or "R" in signs
    if not is_general and not _OF_SEVERAL.search(body):
        return None
    stated, denied = _atoms(signs)
    if "?" in denied:
        return None
    if "s" in signs:
        return _claim("mix", True) if len(stated - {"p"}) > 1 and not denied else None
    if stated == {"x"} and "A" in signs:
        stated = {"E"}  # `all the matches are exact`
    stated -= {"x"}
    label = _label(stated, denied, "R" in signs)
    if label:
        return _claim(label, is_general)
    if stated or len(denied) != 1:
        return None
    # `The two periods are not identical`: of a mixture, nobody knows; nor whether identical periods contain each other.
    if "E" in denied:
        return ClassClaim(None, frozenset(("during", "overlap")), frozenset(("equal",)), is_general)
    return ClassClaim(None, frozenset(("overlap",)), frozenset(("during",)), is_general)


def _atoms(signs: str) -> tuple[set[str], set[str]]:
    """What is stated and what is denied; a `?` among what is denied is a denial that cannot be read."""
    stated: set[str] = set()
    denied: set[str] = set()
    for clause in signs.split("&"):
        is_denied = False
        for sign in clause:
            if sign == "X":
                is_denied = True
            elif sign in "ECVMpx":
                (denied if is_denied else stated).add(sign)
            elif sign == "A" and is_denied:
                denied.add("?")
    denied -= {"x", "p"}
    return stated, denied | ({"?"} if denied & {"V", "M"} else set())


def _label(stated: set[str], denied: set[str], is_named: bool) -> str | None:
    if "M" in stated:
        return "mix" if stated == {"M"} else None
    if stated == {"E"} and "E" not in denied:
        return "equal"
    if stated == {"C"} and "C" not in denied:
        return "during"
    if "V" in stated and stated <= {"V", "p"} and (is_named or "p" in stated or "C" in denied):
        return "overlap"
    return None


def _claim(label: str, is_general: bool) -> ClassClaim:
    return ClassClaim(label, frozenset((label,)), CLASSES - {label}, is_general)
