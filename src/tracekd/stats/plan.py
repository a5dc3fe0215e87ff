"""How large a study must be: its power over numbers of seeds and groups, and the smallest study with enough of it."""

from typing import Literal

from tracekd.stats.estimate import Frozen
from tracekd.stats.power import POWER, Components, power_of_difference, power_of_equivalence

SEEDS = (2, 3, 5, 7, 10, 15, 20)
GROUPS = (20, 50, 100, 200, 500, 1000)
# No study is planned with more.
MOST_GROUPS = 100_000

# What a study is to show: that two regimes differ, or that one is as good as the other.
Aim = Literal["effect", "margin"]


class PlannedStudy(Frozen):
    """The power of a study of this size."""

    seeds: int
    groups: int
    power: float


class SmallestStudy(Frozen):
    """The fewest groups that reach 80 % power with so many seeds.

    `groups` is None where even `MOST_GROUPS` are too few, since what is missing is seeds. `most`: the power with that many.
    """

    seeds: int
    groups: int | None
    most: float


class StudyPlan(Frozen):
    """The power of studies to show a true difference of `size` (a share), or that there is none as large as `size`.

    `problems_a_group`: of the pilot; a study with as many problems a group has `groups` times as many problems. None where
    the variances were stated.
    """

    aim: Aim
    size: float
    components: Components
    problems_a_group: float | None
    studies: tuple[PlannedStudy, ...]
    smallest: tuple[SmallestStudy, ...]


def plan_study(aim: Aim, size: float, components: Components, problems_a_group: float | None = None) -> StudyPlan:
    """The plan, from the variances of a difference of two regimes."""
    return StudyPlan(
        aim=aim,
        size=size,
        components=components,
        problems_a_group=problems_a_group,
        studies=tuple(
            PlannedStudy(seeds=seeds, groups=groups, power=_power(aim, size, components, groups, seeds))
            for seeds in SEEDS
            for groups in GROUPS
        ),
        smallest=tuple(_smallest(aim, size, components, seeds) for seeds in SEEDS),
    )


def _power(aim: Aim, size: float, components: Components, groups: int, seeds: int) -> float:
    if aim == "effect":
        return power_of_difference(size, components, groups, seeds)
    return power_of_equivalence(size, components, groups, seeds)


def _smallest(aim: Aim, size: float, components: Components, seeds: int) -> SmallestStudy:
    """By bisection: more groups never mean less power."""
    most = _power(aim, size, components, MOST_GROUPS, seeds)
    if most < POWER:
        return SmallestStudy(seeds=seeds, groups=None, most=most)
    low, high = 1, MOST_GROUPS  # `high` is enough; one group tells nothing
    while high - low > max(1, low // 200):
        middle = round((low * high) ** 0.5) if high > 2 * low else (low + high) // 2
        if _power(aim, size, components, middle, seeds) >= POWER:
            high = middle
        else:
            low = middle
    return SmallestStudy(seeds=seeds, groups=high, most=most)
