"""Every random draw of the project comes from here."""

import hashlib
import random


def stream(seed: int, ident: str, purpose: str) -> random.Random:
    """A random stream that is a pure function of (seed, ident, purpose).

    Therefore item i depends neither on the number of items nor on their order.
    """
    digest = hashlib.blake2b(f"{seed}\x1f{ident}\x1f{purpose}".encode(), digest_size=16).digest()
    return random.Random(int.from_bytes(digest))


def share(seed: int, ident: str, purpose: str) -> float:
    """One uniform draw in [0, 1), a pure function of (seed, ident, purpose)."""
    return stream(seed, ident, purpose).random()
