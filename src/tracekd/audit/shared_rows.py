"""What rows share with others: duplicates inside a part, and what test rows share with training rows."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tracekd.audit.findings import Findings
from tracekd.audit.ledger import Hashes, Ledger, Place, hashes

Where = Callable[[Place], str]


def find_duplicates(ledger: Ledger, where: Where, findings: Findings) -> None:
    """Tell every row whose prompt, or prompt and completion, an earlier row of the part has."""
    for fault, values in (("duplicate_prompt", ledger.prompts), ("duplicate_row", ledger.rows)):
        findings.count_checked(fault, ledger.key, len(values))
        _, first, which = np.unique(hashes(values), return_index=True, return_inverse=True)
        earlier = first[which]
        for at in np.flatnonzero(earlier != np.arange(len(values))):
            same = f"the same as {where(ledger.place(int(earlier[at])))}"
            findings.add(fault, ledger.key, where(ledger.place(int(at))), same)


def find_overlap(known: Sequence[Ledger], ledger: Ledger, where: Where, findings: Findings) -> None:
    """Tell what the rows of a part share with those of the parts that are known from training."""
    verbatim = np.isin(hashes(ledger.problems), _union(part.problems for part in known))
    found = {
        "overlap_verbatim": verbatim,
        "overlap_mirrored": ledger.ties.known(_union(part.ties.flat for part in known))[0] > 0,
    }
    facts = _union(part.facts.flat for part in known)
    found["overlap_shared_facts"] = ledger.facts.known(facts)[0] > 0
    hits, wanted = ledger.gold_facts.known(facts)
    found["overlap_shared_gold_facts"] = (hits == wanted) & (wanted > 0)
    names = " and ".join(dict.fromkeys(str(part.key.split) for part in known))
    for fault, rows in found.items():
        if fault == "overlap_mirrored" and not len(ledger.ties.flat):
            continue
        findings.count_checked(fault, ledger.key, ledger.rows_read)
        _tell(fault, rows, f"shared with {names}", ledger, where, findings)


def _tell(fault: str, rows: NDArray[np.bool_], said: str, ledger: Ledger, where: Where, findings: Findings) -> None:
    for at in np.flatnonzero(rows):
        findings.add(fault, ledger.key, where(ledger.place(int(at))), said)


def _union(values: Iterable[array[int]]) -> Hashes:
    return np.unique(np.concatenate([np.asarray([], dtype=np.uint64), *map(hashes, values)]))


def share_of_same_problems(first: Iterable[Ledger], second: Iterable[Ledger]) -> float:
    """Of the different problems of the smaller side, the share that the other has, too."""
    one, other = (_union(part.problems for part in side) for side in (first, second))
    return len(np.intersect1d(one, other, assume_unique=True)) / max(1, min(len(one), len(other)))
