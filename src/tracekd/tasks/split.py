"""Splits problems into sides (train, validation, test): by group, or as the paper did."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.randomness import share

_PAPER_TEST = 0.2


def split_by_group(problems: Sequence[Problem], shares: Mapping[str, float], seed: int) -> dict[str, list[Problem]]:
    """Split the problems into sides with these shares, for example `{"train": 0.7, "validation": 0.1, "test": 0.2}`.

    Problems that share a group or a tie, directly or through others, stay together (`components`). A component counts
    for its most frequent class. For each class, the components go in random order to the side that has the most room
    left; components larger than the smallest side go first, in order of size. So the size of a side differs from its
    share of a class at most by the largest component of this class.

    The sides depend on the seed and on the problems, not on their order. Each side keeps the order. Raises UserError if
    a share is not above 0, or if the shares do not add up to 1.
    """
    _check_shares(shares)
    names = components(problems)
    side_of: dict[str, str] = {}
    for sizes in _by_class(problems, names).values():
        side_of |= _deal(sizes, shares, seed)
    sides: dict[str, list[Problem]] = {side: [] for side in shares}
    for problem, name in zip(problems, names, strict=True):
        sides[side_of[name]].append(problem)
    return sides


def join_ties(problems: Sequence[Problem]) -> list[Problem]:
    """The same problems, each with its component's name as its group: then keeping groups together also keeps ties."""
    return [
        problem if problem.group == name else problem.model_copy(update={"group": name})
        for problem, name in zip(problems, components(problems), strict=True)
    ]


def components(problems: Sequence[Problem]) -> list[str]:
    """For each problem, the name of its component: the smallest name among all connected groups and ties.

    A tie with the name of a group connects to that group.
    """
    parent: dict[str, str] = {}
    for problem in problems:
        top = _find(parent, problem.group)
        for tie in problem.ties:
            other = _find(parent, tie)
            top, below = min(top, other), max(top, other)
            parent[below] = top
    return [_find(parent, problem.group) for problem in problems]


def paper_split(problems: Sequence[Problem], seed: int = 42) -> dict[str, list[Problem]]:
    """The split of the paper (arXiv 2505.13792) for CoTempQA: 20 % of the questions of each class are the test side.

    It draws as `df.sample(frac=0.2, random_state=42)` in the released code, for the problems of each class in the order
    of their files. It is the paper's own split only if no problem was left out before. Each side keeps the order. The
    split separates groups, so it leaks: the test side has mirror images of training questions (see `leakage`).
    """
    by_class: dict[str, list[int]] = defaultdict(list)
    for place, problem in enumerate(problems):
        by_class[problem.label].append(place)
    test: set[int] = set()
    for places in by_class.values():
        # NumPy's legacy generator instead of `randomness`: the released code uses it.
        drawn = np.random.RandomState(seed).choice(len(places), size=round(_PAPER_TEST * len(places)), replace=False)
        test.update(places[at] for at in drawn.tolist())
    return {
        "train": [problem for place, problem in enumerate(problems) if place not in test],
        "test": [problem for place, problem in enumerate(problems) if place in test],
    }


def _check_shares(shares: Mapping[str, float]) -> None:
    if not all(part > 0 for part in shares.values()) or abs(sum(shares.values()) - 1) > 1e-6:
        given = ", ".join(f"{side} {part}" for side, part in shares.items())
        raise UserError(f"invalid shares: {given or 'none'}", expected="shares above 0 that add up to 1")


def _find(parent: dict[str, str], name: str) -> str:
    parent.setdefault(name, name)
    while parent[name] != name:
        parent[name] = parent[parent[name]]
        name = parent[name]
    return name


def _by_class(problems: Sequence[Problem], names: Sequence[str]) -> dict[str, dict[str, int]]:
    """For each class, its components with their numbers of problems."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for problem, name in zip(problems, names, strict=True):
        labels[name][problem.label] += 1
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for name, counts in labels.items():
        most = min(counts, key=lambda label: (-counts[label], label))
        found[most][name] = counts.total()
    return found


def _deal(sizes: Mapping[str, int], shares: Mapping[str, float], seed: int) -> dict[str, str]:
    """The side of each component of one class."""
    room = {side: part * sum(sizes.values()) for side, part in shares.items()}
    smallest = min(room.values())

    def turn(name: str) -> tuple[int, float, str]:
        return -sizes[name] if sizes[name] > smallest else 0, share(seed, name, "split"), name

    side_of: dict[str, str] = {}
    for name in sorted(sizes, key=turn):
        # Not the side where it fits best: then small components would go to small sides.
        side_of[name] = max(room, key=room.__getitem__)
        room[side_of[name]] -= sizes[name]
    return side_of
