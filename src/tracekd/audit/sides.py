"""How what was named first and what --against names stand to each other: other splits, or other regimes."""

from collections.abc import Iterable, Sequence

from tracekd.audit.ledger import Ledger
from tracekd.audit.shared_rows import share_of_same_problems
from tracekd.regimes.names import UNKNOWN_REGIME

NAMED_FIRST, AGAINST = "named first", "--against"
# Rows of a later one must not be known from an earlier one.
SPLIT_ORDER = ("train", AGAINST, NAMED_FIRST, "validation", "test")


def relate(ledgers: Sequence[Ledger]) -> str | None:
    """What --against is taken for, and why; None where there is none. Parts that names do not tell apart are renamed."""
    first = [ledger for ledger in ledgers if ledger.key.side == "path"]
    other = [ledger for ledger in ledgers if ledger.key.side == "against"]
    if not other:
        return None
    splits = [{ledger.key.split for ledger in side} - {None} for side in (first, other)]
    if all(splits) and not splits[0] & splits[1]:
        return f"another split, as names say ({_listed(splits[1])} beside {_listed(splits[0])})"
    regimes = [{ledger.key.regime for ledger in side} for side in (first, other)]
    if not regimes[0] & regimes[1]:
        return f"another regime ({_listed(regimes[1])} beside {_listed(regimes[0])})"
    share = share_of_same_problems(first, other)
    # Only where nothing at all is said: of one regime that is known, shared problems are a leak, the more so the more.
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
    """The parts of each split, in the order in which they may be known; those of no named split are left out."""
    found = [[ledger for ledger in ledgers if ledger.key.split == split] for split in SPLIT_ORDER]
    return [split for split in found if split]
