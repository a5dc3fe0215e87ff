"""Simulated outputs, right or wrong, whose true rates and tables are known exactly.

An output is right where a sum of normal numbers is below a threshold: one number for its story, one for its problem, one
for its student (seed), one for the pair of story and student, one of its own. So the true rate over new stories and new
students is exact, and so is the true table of two outcomes (bivariate normal). No rate can leave [0, 1].
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import multivariate_normal

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# The levels at which numbers are drawn, in the order of all arrays by level.
LEVELS = ("story", "problem", "student", "pair", "output")
STUDENT = LEVELS.index("student")
# What two regimes have in common for the same problem and seed: how hard stories and problems are.
REGIMES = (0.7, 0.7, 0.0, 0.0, 0.0)
INDEPENDENT = (0.0, 0.0, 0.0, 0.0, 0.0)
_OUTPUTS_AT_ONCE = 4_000_000
_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(80)


@dataclass(frozen=True)
class Outcome:
    """How often something is right: `rate`, the true one; `seed_sd`, the standard deviation of a student's own true rate.

    `story`, `problem`, `pair`: standard deviations on the scale of the sum, on which an output's own number has 1.
    Raises ValueError, on use, for a `seed_sd` that no distribution of such rates has.
    """

    rate: float
    seed_sd: float = 0.05
    story: float = 0.6
    problem: float = 0.4
    pair: float = 0.3

    @cached_property
    def deviations(self) -> Floats:
        """(levels,): the standard deviation of each level's number."""
        return np.array([self.story, self.problem, self._student, self.pair, 1.0])

    @cached_property
    def threshold(self) -> float:
        """An output is right where its sum is below this."""
        return float(ndtri(self.rate) * np.sqrt((self.deviations**2).sum()))

    def student_rates(self, numbers: ArrayLike, shift: float = 0.0) -> Floats:
        """The true rates of students, from their numbers on the scale of the sum."""
        within = np.sqrt((np.delete(self.deviations, STUDENT) ** 2).sum())
        return np.asarray(ndtr((self.threshold + shift - np.asarray(numbers)) / within))

    @cached_property
    def _student(self) -> float:
        if self.seed_sd == 0:
            return 0.0
        within = self.story**2 + self.problem**2 + self.pair**2 + 1

        def excess(student: float) -> float:
            rates = ndtr((ndtri(self.rate) * np.sqrt(within + student**2) - student * _NODES) / np.sqrt(within))
            variance = _NODE_WEIGHTS @ (rates - self.rate) ** 2 / _NODE_WEIGHTS.sum()
            return float(np.sqrt(variance)) - self.seed_sd

        return float(brentq(excess, 0.0, 20.0))


@dataclass(frozen=True)
class Size:
    """How large a study is."""

    groups: int
    seeds: int
    problems: int = 4  # of a group


def draw(
    outcomes: Sequence[Outcome], size: Size, studies: int, rng: np.random.Generator,
    shared: Sequence[float] = REGIMES, shift: ArrayLike = 0.0,
) -> tuple[Bools, Floats]:  # fmt: skip
    """Outputs of many studies: (outcomes, studies, groups, problems, seeds) bool; and what students' numbers are.

    `shared`: by level, the correlation of each outcome's numbers with those of the first. `shift`: is added to the
    threshold; of a shape that fits the outputs. Students' numbers: (outcomes, studies, seeds).
    """
    shapes = [
        (studies, size.groups, 1, 1), (studies, size.groups, size.problems, 1), (studies, 1, 1, size.seeds),
        (studies, size.groups, 1, size.seeds), (studies, size.groups, size.problems, size.seeds),
    ]  # fmt: skip
    first = [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]
    shifts = np.broadcast_to(np.asarray(shift, dtype=np.float32), _same_rank(shift, len(outcomes)))
    right, students = [], []
    for at, outcome in enumerate(outcomes):
        total = np.zeros(shapes[-1], dtype=np.float32)
        for level, (shape, common) in enumerate(zip(shapes, first, strict=True)):
            number = common if at == 0 else _like(common, shared[level], rng, shape)
            number = np.float32(outcome.deviations[level]) * number
            total += number
            if level == STUDENT:
                students.append(number[:, 0, 0, :])
        right.append(total < outcome.threshold + shifts[at])
    return np.stack(right), np.stack(students).astype(np.float64)


def in_parts(studies: int, size: Size) -> Iterator[int]:
    """So many studies, in parts that fit in memory."""
    most = max(1, _OUTPUTS_AT_ONCE // (size.groups * size.problems * size.seeds))
    for start in range(0, studies, most):
        yield min(most, studies - start)


def _same_rank(shift: ArrayLike, outcomes: int) -> tuple[int, ...]:
    shape = np.shape(shift)
    return (outcomes, *shape[1:]) if shape else (outcomes, 1, 1, 1, 1)


def _like(common: NDArray[np.float32], correlation: float, rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    if correlation == 1:
        return common
    own = rng.standard_normal(shape, dtype=np.float32)
    return np.float32(correlation) * common + np.float32(np.sqrt(1 - correlation**2)) * own


def true_table(
    step: Outcome, answer: Outcome, shared: Sequence[float],
    students: Floats | None = None, shift: tuple[float, float] = (0.0, 0.0),
) -> Floats:  # fmt: skip
    """The true shares right & right, right & wrong, wrong & right, wrong & wrong, over new stories and students: (4,).

    With `students`, (2, n), the numbers of one student each: that student's own, (n, 4). `shift`: added to both thresholds.
    """
    first, second = step.deviations, answer.deviations
    kept = np.ones(len(LEVELS), bool)
    if students is not None:
        kept[STUDENT] = False
    between = float((np.asarray(shared) * first * second)[kept].sum())
    spread = np.array([[(first[kept] ** 2).sum(), between], [between, (second[kept] ** 2).sum()]])
    at = np.array([step.threshold, answer.threshold]) + shift - (0 if students is None else students.T)
    both = np.asarray(multivariate_normal(np.zeros(2), spread).cdf(at))
    one, two = (ndtr(at[..., which] / np.sqrt(spread[which, which])) for which in (0, 1))
    return np.stack([both, one - both, two - both, 1 - one - two + both], axis=-1)
