"""Rows of token ids as rectangular arrays."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

IGNORED = -100  # the label of a token that the loss leaves out


class Row(NamedTuple):
    """One example: token ids, and as many labels (IGNORED where the loss does not look)."""

    ids: Sequence[int]
    labels: Sequence[int]


def pad_batch(rows: Sequence[Row], pad: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pad on the right. Returns ids and labels, each (batch, time) int64; labels are IGNORED on padding."""
    time = max(len(row.ids) for row in rows)
    ids = np.full((len(rows), time), pad, dtype=np.int64)
    labels = np.full((len(rows), time), IGNORED, dtype=np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = row.ids
        labels[i, : len(row.labels)] = row.labels
    return ids, labels
