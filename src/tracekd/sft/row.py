"""One example as token ids and labels."""

from collections.abc import Sequence
from typing import NamedTuple

IGNORED = -100  # the label of a token that the loss leaves out


class Row(NamedTuple):
    """One example: token ids, as many labels (IGNORED where the loss does not look), and weights (None: 1 for all)."""

    ids: Sequence[int]
    labels: Sequence[int]
    weights: Sequence[float] | None = None
