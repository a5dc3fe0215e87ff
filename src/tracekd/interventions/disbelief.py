"""Non-reliance and disbelief told apart: which facts move a student's answer, on the same problems.

A student that does not rely on its trace follows no facts in it. A student that follows facts of the story, and follows
altered facts or facts of another story less often, relies on its trace and disbelieves what the story does not contain.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from tracekd.interventions import scores
from tracekd.interventions.effect_table import EffectTable
from tracekd.interventions.means import mean, mean_difference, moments
from tracekd.stats.clusters import mean_squares
from tracekd.stats.estimate import Floats, Frozen, Measure
from tracekd.stats.families import holm
from tracekd.stats.inference import Test, against_zero, measured

STORY = "implied_by(story)"
ALTERED = "implied_by(altered)"
FOREIGN = "implied_by(foreign)"
NO_EFFECT = "facts of the story moved no answer, so there is no effect that others could keep"
_FROM_ZERO = (0.0, np.inf)


class Kept(Frozen):
    """Facts of another kind against facts of the story, on the same problems and seeds.

    `moved`: the share of answers that became the implied one. `less`: the share under facts of the story minus `moved`;
    `test`: whether it is 0, in Holm's family of all students, regimes and kinds. `kept`: `moved` divided by the share under
    facts of the story.
    """

    condition: str
    moved: Measure
    less: Measure
    test: Test
    kept: Measure


class Disbelief(Frozen):
    """What moves the answers of one student and regime. `story`: the share that facts of the story move to the implied one.

    All shares are over the same outputs: those of the problems that have facts of each kind in question.
    """

    story: Measure
    others: tuple[Kept, ...]

    def kept(self, condition: str) -> Kept | None:
        """The facts of this kind; None if they were not compared."""
        return next((one for one in self.others if one.condition == condition), None)


def disbelief(table: EffectTable) -> Disbelief | None:
    """The comparison of the kinds of facts that were tried; None without facts of the story, and without others.

    A kind that no problem has is left out. An answer counts as moved if it is the implied one, and the answer after the
    student's own trace was another.
    """
    moved = {name: scores.moved(table, name) for name in (STORY, ALTERED, FOREIGN) if name in table.rows}
    moved = {name: values for name, values in moved.items() if not np.isnan(values).all()}
    missing = np.any([np.isnan(values) for values in moved.values()], axis=0)
    if STORY not in moved or len(moved) < 2 or missing.all():
        return None
    paired = {name: np.where(missing, np.nan, values) for name, values in moved.items()}
    story = paired.pop(STORY)
    return Disbelief(
        story=mean(story, table), others=tuple(_kept(name, values, story, table) for name, values in paired.items())
    )


def with_holm(found: Sequence[Disbelief | None]) -> Iterator[Disbelief | None]:
    """The same with Holm's correction over all their tests."""
    corrected = holm(kept.test.p for one in found if one for kept in one.others)
    p_values = iter(corrected)
    for one in found:
        yield one and one.model_copy(update={"others": tuple(_corrected(one.others, p_values))})


def _corrected(others: Iterable[Kept], p_values: Iterator[float | None]) -> Iterator[Kept]:
    for kept in others:
        test = kept.test.model_copy(update={"p_holm": next(p_values)})
        yield kept.model_copy(update={"test": test})


def _kept(condition: str, moved: Floats, story: Floats, table: EffectTable) -> Kept:
    paired = mean_difference(story - moved, table)
    assert paired is not None, "there are outputs with both kinds"
    less, squares = paired
    test = against_zero(less.value or 0.0, squares)
    return Kept(
        condition=condition, moved=mean(moved, table), less=less, test=test, kept=_ratio(moved, story, table)
    )  # fmt: skip


def _ratio(above: Floats, below: Floats, table: EffectTable) -> Measure:
    """The mean of scores divided by the mean of others, with the interval from its linearisation."""
    upper, n, upper_by_seed, of_upper, counted, clusters = moments(above, table)
    lower, _, lower_by_seed, of_lower, _, _ = moments(below, table)
    per_seed = tuple(
        None if one is None or not other else one / other
        for one, other in zip(upper_by_seed, lower_by_seed, strict=True)
    )
    if upper is None or not lower:
        return Measure(value=None, n=n, per_seed=per_seed, reason=NO_EFFECT)
    ratio = upper / lower
    squares = mean_squares((of_upper - ratio * of_lower) / lower, counted, clusters)
    return measured(ratio, squares, n, per_seed, _FROM_ZERO)
