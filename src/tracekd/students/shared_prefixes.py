"""Groups texts of token ids by their common beginnings, so that a common beginning is computed only once."""

from collections.abc import Iterator, Sequence
from itertools import groupby

Ids = tuple[int, ...]


def shared_prefixes(texts: Sequence[Ids], begin: int, worth: int) -> Iterator[tuple[int, list[int]]]:
    """Yield groups of texts that agree from position `begin` to `end`, each as (end, indexes of its texts).

    All texts agree before `begin`, and are longer. In a group of several texts, each continues after `end`, and the group
    saves at least `worth` tokens. A text that shares too little is a group of one, up to its end.
    """
    yield from _split(texts, sorted(range(len(texts)), key=texts.__getitem__), begin, worth)


def _split(texts: Sequence[Ids], places: list[int], begin: int, worth: int) -> Iterator[tuple[int, list[int]]]:
    # They are sorted: all share what the first and the last share.
    end = min(_agree(texts[places[0]], texts[places[-1]]), min(len(texts[at]) for at in places) - 1)
    if (end - begin) * (len(places) - 1) >= worth:
        yield end, places
        return
    groups = [list(group) for _, group in groupby(places, key=lambda at: texts[at][end])]
    if len(groups) == 1:  # there is only one text, or they agree up to the end of one
        yield from ((len(texts[at]), [at]) for at in places)
        return
    for group in groups:
        yield from _split(texts, group, begin, worth)


def _agree(first: Ids, second: Ids) -> int:
    """The number of tokens that two texts share at their beginning."""
    return next(
        (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
