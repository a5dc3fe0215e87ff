"""What rows share with other rows: duplicates, overlaps between splits, and messages that belong to another row."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tracekd.audit.faults import Findings
from tracekd.audit.ledger import Hashes, Ledger, PartKey, Place, hashes, mark, target
from tracekd.audit.row_parts import RegimeRow
from tracekd.regimes.names import UNKNOWN_REGIME
from tracekd.tasks.normalize import fold_space

Where = Callable[[Place], str]


def find_duplicates(ledger: Ledger, where: Where, findings: Findings) -> None:
    """Report every row whose prompt, or whose prompt and completion, equals an earlier row's of the part."""
    for fault, values in (("duplicate_prompt", ledger.prompts), ("duplicate_row", ledger.rows)):
        findings.count_checked(fault, ledger.key, len(values))
        _, first, which = np.unique(hashes(values), return_index=True, return_inverse=True)
        earlier = first[which]
        for at in np.flatnonzero(earlier != np.arange(len(values))):
            same = f"the same as {where(ledger.place(int(earlier[at])))}"
            findings.add(fault, ledger.key, where(ledger.place(int(at))), same)


def find_overlap(known: Sequence[Ledger], ledger: Ledger, where: Where, findings: Findings) -> None:
    """Report what the rows of a part share with earlier splits, which are `known` from training."""
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
    """The share of the smaller side's distinct problems that the other side also has."""
    one, other = (_union(part.problems for part in side) for side in (first, second))
    return len(np.intersect1d(one, other, assume_unique=True)) / max(1, min(len(one), len(other)))


NAMED_FIRST, AGAINST = "named first", "--against"
# The order of splits: rows of a later split must not occur in an earlier one.
SPLIT_ORDER = ("train", AGAINST, NAMED_FIRST, "validation", "test")


def relate(ledgers: Sequence[Ledger]) -> str | None:
    """How --against is interpreted, and why; None without --against. Parts with equal names get different names."""
    first = [ledger for ledger in ledgers if ledger.key.side == "path"]
    other = [ledger for ledger in ledgers if ledger.key.side == "against"]
    if not other:
        return None
    splits = [{ledger.key.split for ledger in side} - {None} for side in (first, other)]
    if all(splits) and not splits[0] & splits[1]:
        return f"another split, from the names ({_listed(splits[1])} against {_listed(splits[0])})"
    regimes = [{ledger.key.regime for ledger in side} for side in (first, other)]
    if not regimes[0] & regimes[1]:
        return f"another regime ({_listed(regimes[1])} against {_listed(regimes[0])})"
    share = share_of_same_problems(first, other)
    # Only if names say nothing. If both sides have the same known regime, shared problems are a leak between splits.
    if share > 0.5 and not any(splits) and regimes[0] & regimes[1] <= {UNKNOWN_REGIME}:
        for ledger in other:
            ledger.key = ledger.key._replace(regime=f"{ledger.key.regime} ({AGAINST})")
        return f"another regime: {share:.0%} of its problems are the same"
    _tell_splits_apart(first, other, bool(splits[0] & splits[1]))
    return f"another split: {share:.0%} of its problems are the same"


def _tell_splits_apart(first: Iterable[Ledger], other: Iterable[Ledger], same_names: bool) -> None:
    for side, name in ((first, NAMED_FIRST), (other, AGAINST)):
        for ledger in side:
            if ledger.key.split is None or same_names:
                ledger.key = ledger.key._replace(split=name)


def _listed(names: Iterable[str | None]) -> str:
    return ", ".join(sorted(map(str, names)))


def by_split(ledgers: Iterable[Ledger]) -> list[list[Ledger]]:
    """The parts of each split, earlier splits first; parts without a named split are left out."""
    found = [[ledger for ledger in ledgers if ledger.key.split == split] for split in SPLIT_ORDER]
    return [split for split in found if split]


# The origin of the message is looked up for at most this many rows; further rows are reported without the origin.
_MOST = 10_000
_MESSAGE = "message_of_another_question"


@dataclass(frozen=True, slots=True)
class _Waiting:
    key: PartKey
    where: str
    said: str
    question: int
    target: int


@dataclass
class Origins:
    """Rows whose messages belong to another question. They are reported when all rows are known."""

    waiting: list[_Waiting] = field(default_factory=list)

    def wait(self, row: RegimeRow, key: PartKey, said: str) -> bool:
        """Keep the row, to report it later; False if there are too many already."""
        if len(self.waiting) >= _MOST:
            return False
        question = mark(fold_space(row.prompt.question or ""))
        quoted = target(row.cited, [row.parsed.answer_text or ""])
        self.waiting.append(_Waiting(key, row.source.where, said, question, quoted))
        return True

    def tell(self, ledgers: Sequence[Ledger], where: Callable[[Place], str], findings: Findings) -> None:
        """Report all kept rows, each with the row whose question its message asks, or else whose answer it gives."""
        asked = _first_places((row.question for row in self.waiting), ledgers, "questions")
        given = _first_places((row.target for row in self.waiting), ledgers, "targets")
        for row in self.waiting:
            places = [asked.get(row.question), given.get(row.target)]
            of = next((found for place in places if place and (found := where(place)) != row.where), None)
            findings.add(_MESSAGE, row.key, row.where, f"{row.said}; it belongs to {of}" if of else row.said)


def _first_places(wanted: Iterable[int], ledgers: Sequence[Ledger], column: str) -> dict[int, Place]:
    numbers = np.asarray(sorted(set(wanted)), dtype=np.uint64)
    found: dict[int, Place] = {}
    for ledger in ledgers:
        values = hashes(getattr(ledger, column))
        for at in np.flatnonzero(np.isin(values, numbers)):
            found.setdefault(int(values[at]), ledger.place(int(at)))
    return found
