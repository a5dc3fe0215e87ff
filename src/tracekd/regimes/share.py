"""A share of the problems, as a regime's parameter."""

import re

# Narrower than Python's numbers: 1_0 or -0 would be a second name for the same data.
_SHARE = re.compile(r"[0-9]+(\.[0-9]+)?")


def read_share(written: str) -> float:
    """The share that a text states, from 0 to 1. Raises ValueError for any other text."""
    if not _SHARE.fullmatch(written) or (share := float(written)) > 1:
        raise ValueError(written)
    return share
