"""Which measure to use: a rule, and what follows from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

CLOSE = 0.01  # figures that differ by less count as equal


@dataclass(frozen=True)
class Judged:
    """A measure's rank correlations and AUROCs in each setting (a task and a family of students), and its tokens."""

    name: str
    ranks: tuple[float, ...]
    aurocs: tuple[float, ...]
    tokens: float

    @property
    def rank(self) -> float:
        """The lowest rank correlation; 0 where it is undefined, because the measure says the same of all students."""
        return min(0.0 if np.isnan(rank) else rank for rank in self.ranks)

    @property
    def auroc(self) -> float:
        """The lowest AUROC; 0.5, chance, where it is undefined."""
        return min(0.5 if np.isnan(area) else area for area in self.aurocs)


RULE = f"""
## Which measure to use

The rule: a measure is as good as its worst setting (a task and a family whose dose is a share of reliance). The best one has
the highest rank correlation; among those within {CLOSE} of it, the highest AUROC; among those within {CLOSE} of that, the
fewest tokens.
"""


def ordered(measures: Sequence[Judged]) -> list[Judged]:
    """The measures by the rule, the best one first."""
    left, found = list(measures), list[Judged]()
    while left:
        near = [one for one in left if one.rank > max(each.rank for each in left) - CLOSE]
        near = [one for one in near if one.auroc > max(each.auroc for each in near) - CLOSE]
        best = min(near, key=lambda one: one.tokens)
        left.remove(best)
        found.append(best)
    return found


def recommendation(measures: Sequence[Judged]) -> Iterator[str]:
    """The rule, the measures in its order, and a sentence on the first one."""
    best, *others = ordered(measures)
    yield RULE
    yield (
        f"**Use `{best.name}`**: rank correlation at least {best.rank:.3f}, AUROC at least {best.auroc:.3f}, "
        f"{best.tokens:.0f} tokens a problem."
    )
    cheaper = [one for one in others if one.tokens < best.tokens and one.rank >= best.rank - 0.05]
    if cheaper:
        one = min(cheaper, key=lambda each: each.tokens)
        yield (
            f"\nThe cheapest within 0.05 of its rank correlation is `{one.name}`: {one.rank:.3f}, AUROC {one.auroc:.3f}, "
            f"{one.tokens:.0f} tokens."
        )
    yield "\n| measure | lowest rank | lowest AUROC | tokens |\n|---|---:|---:|---:|"
    for one in (best, *others):
        yield f"| {one.name} | {one.rank:.3f} | {one.auroc:.3f} | {one.tokens:.0f} |"
