"""Natural direct and indirect effects of a regime on right answers, through the trace.

Y(a, M(b)) is the answer of the student of regime a after the trace of the student of regime b (`cross`), so the difference
between two regimes, Y(b, M(b)) - Y(a, M(a)), is a direct effect (another student, the same trace) plus an indirect one (the
same student, another trace). Pearl 2001, Direct and indirect effects; the four effects as VanderWeele 2014 names them.

Elsewhere such effects need the assumption that nothing hidden acts on both the mediator and the outcome. Here traces are
forced, not observed: token by token, the student reads what it would read after writing them itself, and the answer
depends on nothing else. What can still be wrong is that a forced trace acts by being foreign, not by what it says. So each
effect says how often this would have to be the case to explain it away (`explained_away`).
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from tracekd.interventions import scores
from tracekd.interventions.effect import OWN
from tracekd.interventions.effect_table import EffectTable
from tracekd.interventions.means import tested_difference
from tracekd.stats.estimate import Floats, Frozen, Measure
from tracekd.stats.families import holm
from tracekd.stats.inference import Test

NO_PROBLEM = "there is no problem for which both students wrote a trace that can be read"


class PartOfEffect(Frozen):
    """A difference of shares of right answers. Holm's family is the direct and the indirect effects of all pairs.

    `explained_away`: the share of problems in which forcing a trace, and not what it says, would have to change the answer,
    so that the interval held 0; None if it holds 0 now.
    """

    difference: Measure
    test: Test
    explained_away: float | None = None


class Mediation(Frozen):
    """From the first regime to the second. All parts are over the same `n` outputs (problems x seeds).

    `direct`: Y(second, M(first)) - Y(first, M(first)), the pure direct effect; `indirect`: Y(second, M(second)) -
    Y(second, M(first)), the total indirect effect. Together they are the `total`. The other way round, `direct_after_second`
    is Y(second, M(second)) - Y(first, M(second)), and `indirect_in_first` is Y(first, M(second)) - Y(first, M(first)).
    """

    student: str
    first: str
    second: str
    seeds: tuple[int, ...]
    n: int
    total: Measure
    direct: PartOfEffect
    indirect: PartOfEffect
    direct_after_second: PartOfEffect
    indirect_in_first: PartOfEffect


def mediations(tables: Sequence[EffectTable]) -> tuple[Mediation, ...]:
    """The effects for all pairs of regimes of a student whose traces were forced on each other."""
    found = [_mediation(*pair) for pair in combinations(tables, 2) if _is_crossed(*pair)]
    corrected = iter(holm(part.test.p for one in found for _, part in _parts(one)))
    return tuple(
        one.model_copy(update={
            name: part.model_copy(update={"test": part.test.model_copy(update={"p_holm": next(corrected)})})
            for name, part in _parts(one)
        })
        for one in found
    )  # fmt: skip


def _parts(found: Mediation) -> Iterator[tuple[str, PartOfEffect]]:
    names = ("direct", "indirect", "direct_after_second", "indirect_in_first")
    return ((name, getattr(found, name)) for name in names)


def _crossed(regime: str) -> str:
    return f"cross({regime})"


def _is_crossed(first: EffectTable, second: EffectTable) -> bool:
    tried = (first, second.regime), (second, first.regime)
    return (
        first.student == second.student
        and first.ids == second.ids
        and bool(set(first.seeds) & set(second.seeds))
        and all(OWN in table.rows and _crossed(other) in table.rows for table, other in tried)
    )


def _mediation(first: EffectTable, second: EffectTable) -> Mediation:
    seeds = sorted(set(first.seeds) & set(second.seeds))
    a, b = (table.of_seeds(seeds) for table in (first, second))
    answers = (
        scores.right(a, OWN),
        scores.right(a, _crossed(b.regime)),
        scores.right(b, _crossed(a.regime)),
        scores.right(b, OWN),
    )
    # Only where all four are known: so the parts add up to the total.
    known = ~np.isnan(answers).any(axis=0)
    aa, ab, ba, bb = (np.where(known, one, np.nan) for one in answers)
    return Mediation(
        student=a.student,
        first=a.regime,
        second=b.regime,
        seeds=tuple(seeds),
        n=int(known.sum()),
        total=tested_difference(bb - aa, a, NO_PROBLEM)[0],
        direct=_part(ba - aa, a),
        indirect=_part(bb - ba, a),
        direct_after_second=_part(bb - ab, a),
        indirect_in_first=_part(ab - aa, a),
    )


def _part(values: Floats, table: EffectTable) -> PartOfEffect:
    difference, test = tested_difference(values, table, NO_PROBLEM)
    ends = difference.ci
    nearest = None if ends is None or ends[0] <= 0 <= ends[1] else min(map(abs, ends))
    return PartOfEffect(difference=difference, test=test, explained_away=nearest)
