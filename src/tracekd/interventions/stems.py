"""What several texts begin with alike is read once: most traces that are forced for a problem state the same class."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tracekd.interventions.prefix import Ids

# Tokens that have to be saved by reading a beginning by itself: that takes a pass through the model of its own.
WORTH = 64


def stems(texts: Sequence[Ids], begin: int, worth: int = WORTH) -> Iterator[tuple[int, list[int]]]:
    """Yield groups of texts that agree from place `begin` to place `end`, each as (end, places of its texts).

    All texts agree before `begin`, and are longer. Of each text in a group of several, something is left after `end`;
    a text that shares nothing worth it is a group of its own, which goes to its end.
    """
    yield from _split(texts, sorted(range(len(texts)), key=texts.__getitem__), begin, worth)


def _split(texts: Sequence[Ids], places: list[int], begin: int, worth: int) -> Iterator[tuple[int, list[int]]]:
    # Sorted: what the outermost agree on, all do.
    end = min(_agree(texts[places[0]], texts[places[-1]]), min(len(texts[at]) for at in places) - 1)
    if (end - begin) * (len(places) - 1) >= worth:
        yield end, places
        return
    groups = [list(group) for _, group in groupby(places, key=lambda at: texts[at][end])]
    if len(groups) == 1:  # there is just one, or they are the same up to the end of one
        yield from ((len(texts[at]), [at]) for at in places)
        return
    for group in groups:
        yield from _split(texts, group, begin, worth)


def _agree(first: Ids, second: Ids) -> int:
    """How many tokens two texts begin with alike."""
    return next(
        (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
