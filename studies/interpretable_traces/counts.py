"""What four counts say: a step of the trace against the answer, the step first."""

from tracekd.stats.association import Counts


def total(c: Counts) -> int:
    """All outputs of the table."""
    return c.right_right + c.right_wrong + c.wrong_right + c.wrong_wrong


def joint(c: Counts) -> float:
    """The share of outputs with both right."""
    return c.right_right / total(c)


def right_share(c: Counts) -> float:
    """The share of outputs whose step is right."""
    return (c.right_right + c.right_wrong) / total(c)


def chi_square(c: Counts) -> float | None:
    """Pearson's chi-square without a correction; None where a margin is empty."""
    found = phi(c)
    return None if found is None else total(c) * found**2


def phi(c: Counts) -> float | None:
    """The correlation of step and answer, in [-1, 1]; None where a margin is empty."""
    step_right, answer_right = c.right_right + c.right_wrong, c.right_right + c.wrong_right
    margins = step_right * (total(c) - step_right) * answer_right * (total(c) - answer_right)
    return (c.right_right * c.wrong_wrong - c.right_wrong * c.wrong_right) / margins**0.5 if margins else None
