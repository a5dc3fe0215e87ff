"""What is kept of each row: hashes and numbers, about 200 bytes plus 8 for each fact, so that a million rows fit."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracekd.audit.features import FEATURES, features
from tracekd.audit.gold import Gold
from tracekd.audit.row_parts import RegimeRow
from tracekd.tasks.normalize import fold_space, normalize_answer

Hashes = NDArray[np.uint64]


_MASK = 2**64 - 1


def mark(value: object) -> int:
    """A hash of 64 bits, different in every process. A collision among a million texts has a chance of 1 in 40 million."""
    return hash(value) & _MASK


def _digest(text: str) -> int:
    """A hash of 64 bits, the same in every process: it splits problems into halves."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


_words = lru_cache(maxsize=2**14)(normalize_answer)


class PartKey(NamedTuple):
    """Rows that belong together: they have the same side (`path` or `against`), split and regime."""

    side: str
    split: str | None
    regime: str


class Place(NamedTuple):
    """Where a row is: the number of its file, its line, and its number there."""

    file: int
    line: int
    number: int


@dataclass
class Ragged:
    """A list of hashes for each row, one after the other."""

    flat: array[int] = field(default_factory=lambda: array("Q"))
    ends: array[int] = field(default_factory=lambda: array("q"))

    def add(self, hashes: Iterable[int]) -> None:
        """Add the hashes of one more row."""
        self.flat.extend(hashes)
        self.ends.append(len(self.flat))

    def known(self, others: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each row: how many of its hashes are among the others, and how many hashes it has. Both: (rows,)."""
        hits = np.isin(np.asarray(self.flat, dtype=np.uint64), others)
        ends = np.asarray(self.ends, dtype=np.int64)
        sums = np.concatenate([[0], np.cumsum(hits)])
        starts = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
        return sums[ends] - sums[starts], ends - starts


@dataclass
class Ledger:
    """The rows of one part, in the order in which they were read.

    `problems`: hashes of question and facts, for any form of the prompt; `prompts` and `rows`: hashes of the bytes
    of the prompt, and of prompt and completion; `questions` and `targets`: hashes of what the row's columns say. `shapes`
    has the numbers of FEATURES of each row, one row after the other.
    """

    key: PartKey
    rows_read: int = 0
    files: set[int] = field(default_factory=set)
    labels: Counter[str] = field(default_factory=Counter)
    places: array[int] = field(default_factory=lambda: array("q"))
    problems: array[int] = field(default_factory=lambda: array("Q"))
    prompts: array[int] = field(default_factory=lambda: array("Q"))
    rows: array[int] = field(default_factory=lambda: array("Q"))
    questions: array[int] = field(default_factory=lambda: array("Q"))
    targets: array[int] = field(default_factory=lambda: array("Q"))
    shapes: array[float] = field(default_factory=lambda: array("d"))
    tokens: array[int] = field(default_factory=lambda: array("q"))
    facts: Ragged = field(default_factory=Ragged)
    gold_facts: Ragged = field(default_factory=Ragged)
    ties: Ragged = field(default_factory=Ragged)

    def add(self, row: RegimeRow, place: Place) -> None:
        """Add one more row."""
        source, gold = row.source, row.gold
        question, right = fold_space(gold.question or ""), _cited_by_gold(gold)
        facts = [row.context.normal[text] for text in row.context.texts]
        self.rows_read += 1
        self.files.add(place.file)
        self.places.extend(place)
        self.prompts.append(mark(source.prompt))
        self.rows.append(mark((source.prompt, source.completion)))
        self.problems.append(_digest("\n".join((question, *facts)) if question and facts else source.prompt))
        self.questions.append(mark(question))
        self.targets.append(target(right, gold.answer.values if gold.answer else ()))
        self.shapes.extend(features(source.completion, row.parsed, bare=row.bare))
        self.facts.add([hash(fact) & _MASK for fact in facts])
        self.gold_facts.add([hash(fact) & _MASK for fact in right])
        self.ties.add([hash(tie) & _MASK for tie in gold.ties])
        if gold.label is not None:
            self.labels[gold.label] += 1

    def place(self, at: int) -> Place:
        """Where a row is."""
        return Place(*self.places[3 * at : 3 * at + 3])

    def shape(self) -> NDArray[np.float64]:
        """(rows, features)."""
        return np.asarray(self.shapes, dtype=np.float64).reshape(-1, len(FEATURES))


def target(facts: Iterable[str], answers: Iterable[str]) -> int:
    """The hash of the right trace and answer, independent of order."""
    return mark((frozenset(facts), frozenset(map(_words, answers))))


def hashes(values: array[int]) -> Hashes:
    """The hashes as a numpy array, (rows,)."""
    return np.asarray(values, dtype=np.uint64)


def _cited_by_gold(gold: Gold) -> tuple[str, ...]:
    return gold.supports.get("support") or next(iter(gold.supports.values()), ())
