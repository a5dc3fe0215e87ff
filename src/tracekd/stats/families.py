"""Which tests belong together, and what was declared before training: margin, primary outcome, families."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, TypeVar

import numpy as np
from pydantic import Field, field_validator

from tracekd.stats.estimate import Frozen

# What is tested: pairs of regimes by outcome, and each step against the answer.
TESTED = ("answer", "class", "retrieval", "trace", "association")
_Item = TypeVar("_Item")


class Analysis(Frozen):
    """How the numbers will be interpreted, declared before training.

    `primary`: the main outcome of the study. `margin`: the largest difference of two regimes' rates (as a share) at which
    one is as good as the other. `families`: tests that are corrected together (Holm); a test that no family names is
    a family by itself.
    """

    primary: str = "answer"
    margin: Annotated[float, Field(gt=0, lt=1)] = 0.03
    families: tuple[tuple[str, ...], ...] = ()

    @field_validator("primary")
    @classmethod
    def _outcome_exists(cls, primary: str) -> str:
        return _known(primary, TESTED[:-1], "outcome")

    @field_validator("families")
    @classmethod
    def _tests_exist(cls, families: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        named = [_known(name, TESTED, "test") for family in families for name in family]
        if len(set(named)) < len(named):
            raise ValueError("a test is named in two families")
        return families

    def family_of(self, name: str) -> tuple[str, ...]:
        """The tests that are corrected together with this one."""
        return next((family for family in self.families if name in family), (name,))


def _known(name: str, names: Sequence[str], what: str) -> str:
    if name not in names:
        raise ValueError(f"unknown {what} {name!r}; known: {', '.join(names)}")
    return name


def holm(p_values: Iterable[float | None]) -> list[float | None]:
    """Holm's step-down correction of one family of p values. None (no test) stays None and does not count.

    Not statsmodels' `multipletests`, because each call collects garbage first, which takes 0.2 s.
    """
    values = list(p_values)
    known = np.array([p for p in values if p is not None])
    order = np.argsort(known)
    steps = np.maximum.accumulate(known[order] * np.arange(len(known), 0, -1))
    known[order] = np.minimum(1.0, steps)
    corrected = iter(known.tolist())
    return [None if p is None else next(corrected) for p in values]


def corrected(
    tests: Mapping[str, Sequence[_Item]], p_of: Callable[[_Item], float | None], analysis: Analysis
) -> dict[str, list[float | None]]:
    """Holm's p of each test, by the name of what is tested. Each family is corrected separately."""
    found: dict[str, list[float | None]] = {}
    for name in tests:
        if name in found:
            continue
        family = [member for member in analysis.family_of(name) if member in tests]
        values = iter(holm([p_of(item) for member in family for item in tests[member]]))
        found.update({member: [next(values) for _ in tests[member]] for member in family})
    return found
