"""Rows of token ids as rectangular arrays, and the order of rows in batches."""

from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from tracekd.sft.tokens import IGNORED, TokenizedExample

POOL = 8  # batches that are drawn together and sorted by length, to need little padding


def batch_order(lengths: Sequence[int], batch: int, steps: int, rng: Random) -> list[int]:
    """The rows of `steps` batches, one batch after the other: steps x batch indices into `lengths`.

    A batch has rows of similar length, but batches come in random order. With the usual grouping, sorted from long to
    short over a large pool, a student forgets the long problems at the end of every pool.
    """
    shuffled = _shuffled_forever(len(lengths), rng)
    # With few rows, a large pool would contain each row several times, side by side.
    size = batch * min(POOL, max(1, len(lengths) // batch))
    order: list[int] = []
    while len(order) < steps * batch:
        pool = sorted((next(shuffled) for _ in range(size)), key=lengths.__getitem__)
        batches = [pool[i : i + batch] for i in range(0, len(pool), batch)]
        rng.shuffle(batches)
        order += [row for chosen in batches for row in chosen]
    return order[: steps * batch]


def parts_of(lengths: Sequence[int], most: int, tokens: int, *, is_padded: bool) -> Iterator[range]:
    """Divide the rows of a batch into parts that go through the model one after the other: ranges of indexes. A part has at
    most `most` rows and at most `tokens` tokens, including the padding to its longest row if `is_padded`. A longer row is a
    part of its own.
    """
    begin = 0
    for end in range(2, len(lengths) + 1):
        inside = lengths[begin:end]
        needed = max(inside) * len(inside) if is_padded else sum(inside)
        if len(inside) > most or needed > tokens:
            yield range(begin, end - 1)
            begin = end - 1
    yield range(begin, len(lengths))


def _shuffled_forever(n: int, rng: Random) -> Iterator[int]:
    while True:
        yield from rng.sample(range(n), n)


def pad_batch(rows: Sequence[TokenizedExample], pad: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pad on the right. Returns ids and labels, each (batch, time) int64; labels are IGNORED on padding."""
    time = max(len(row.ids) for row in rows)
    ids = np.full((len(rows), time), pad, dtype=np.int64)
    labels = np.full((len(rows), time), IGNORED, dtype=np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = row.ids
        labels[i, : len(row.labels)] = row.labels
    return ids, labels


def pad_weights(rows: Sequence[TokenizedExample]) -> NDArray[np.float32] | None:
    """The weights of the loss as (batch, time) float32, 0 on padding; None if all of them are 1."""
    if all(row.weights is None for row in rows):
        return None
    weights = np.zeros((len(rows), max(len(row.ids) for row in rows)), dtype=np.float32)
    for i, row in enumerate(rows):
        weights[i, : len(row.ids)] = 1.0 if row.weights is None else row.weights
    return weights
