"""Four counts (a step of the trace against the answer, the step first), and the statistics of the paper."""

from tracekd.stats.estimate import Frozen


class Counts(Frozen):
    """Outputs in each cell of a table; the step first, the answer second."""

    right_right: int
    right_wrong: int
    wrong_right: int
    wrong_wrong: int

    @property
    def total(self) -> int:
        """All outputs of the table."""
        return self.right_right + self.right_wrong + self.wrong_right + self.wrong_wrong

    @property
    def step_right(self) -> int:
        """Outputs whose step is right."""
        return self.right_right + self.right_wrong

    @property
    def step_wrong(self) -> int:
        """Outputs whose step is wrong."""
        return self.wrong_right + self.wrong_wrong


def joint(c: Counts) -> float:
    """The share of outputs with both right."""
    return c.right_right / c.total


def right_share(c: Counts) -> float:
    """The share of outputs whose step is right."""
    return c.step_right / c.total


def chi_square(c: Counts) -> float | None:
    """Pearson's chi-square without a correction, as in the paper; it treats outputs as independent. None if a margin is
    empty. Our own statements use `tracekd.stats`, where the outputs of a group are dependent.
    """
    found = phi(c)
    return None if found is None else c.total * found**2


def phi(c: Counts) -> float | None:
    """The correlation of step and answer, in [-1, 1]; None if a margin is empty."""
    answer_right = c.right_right + c.wrong_right
    margins = c.step_right * c.step_wrong * answer_right * (c.total - answer_right)
    return (c.right_right * c.wrong_wrong - c.right_wrong * c.wrong_right) / margins**0.5 if margins else None
