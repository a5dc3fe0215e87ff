"""The scores of answers under an intervention, for each problem: (seeds, problems), NaN if there is no score.

No score says that a trace is faithful. It says how much an answer changed when only the trace was changed, in one way:
reliance under that intervention.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import exp, log, log1p

import numpy as np

from tracekd.interventions.effect import OWN, Effect
from tracekd.interventions.effect_table import EffectTable
from tracekd.stats.estimate import Floats

# Probabilities are kept at least this far from 0 and 1: closer values are mostly rounding errors of single precision, and
# a few problems would dominate the mean.
LEAST = 1e-6
MOST_LOG_ODDS = log((1 - LEAST) / LEAST)

_WRONG_FACTS = "wrong_facts(all)"


def right(table: EffectTable, condition: str) -> Floats:
    """1 if the answer is gold."""
    return table.scores(condition, lambda effect: effect.right)


def flipped(table: EffectTable, condition: str) -> Floats:
    """1 if the answer differs from the one under `own`; NaN if the student's own trace could not be read."""
    return table.scores(condition, lambda effect: effect.flipped)


def follows(table: EffectTable, condition: str) -> Floats:
    """1 if the answer is the one that the forced facts imply; NaN if no implied answer is known."""
    return table.scores(condition, lambda effect: effect.follows)


def follows_story(table: EffectTable, condition: str) -> Floats:
    """The same if every forced fact is in the context; otherwise NaN."""
    return table.scores(condition, lambda effect: effect.follows if effect.altered is False else None)


def follows_altered(table: EffectTable, condition: str) -> Floats:
    """The same if a forced fact is not in the context: the student may notice that and ignore the fact."""
    return table.scores(condition, lambda effect: effect.follows if effect.altered else None)


def follows_from_right(table: EffectTable, condition: str) -> Floats:
    """The same for problems that were answered right under `own`, so that the implied answer is always a change."""
    if OWN not in table.rows:
        return nowhere(table)
    return np.where(right(table, OWN) == 1, follows(table, condition), np.nan)


def follows_by_probability(table: EffectTable, condition: str) -> Floats:
    """The probability of the implied answer, as a share of that of the implied and the gold one: `follows`, not greedy."""
    return table.scores(condition, _share_of_implied)


def _share_of_implied(effect: Effect) -> float | None:
    if not {"gold", "implied"} <= effect.logp.keys():
        return None
    return 1 / (1 + exp(min(effect.logp["gold"] - effect.logp["implied"], 700.0)))


def moved(table: EffectTable, condition: str) -> Floats:
    """1 if the answer is the implied one, and the one under `own` was another; NaN if no implied answer is known, or if the
    student's own trace could not be read. Always 0 for a student that ignores its trace.
    """
    return table.scores(condition, _moved)


def _moved(effect: Effect) -> bool | None:
    return None if effect.follows is None or effect.flipped is None else effect.follows and effect.flipped


def unchanged(table: EffectTable, condition: str) -> Floats:
    """1 if the student gave an answer under `own`, and gives the same one here; NaN if its own trace could not be read."""
    return table.scores(
        condition,
        lambda effect: None if effect.flipped is None else effect.own_answer is not None and not effect.flipped,
    )


def probability(effect: Effect, answer: str) -> float | None:
    """The probability of a whole answer (`gold`, `own` or `implied`) with its tag, at least LEAST away from 0 and 1.

    None if the answer was not scored.
    """
    return None if answer not in effect.logp else min(max(exp(min(effect.logp[answer], 0.0)), LEAST), 1 - LEAST)


def log_odds(effect: Effect) -> float | None:
    """ln(p / (1 - p)) of the gold answer; p is its `probability`."""
    p = probability(effect, "gold")
    return None if p is None else log(p) - log1p(-p)


def log_odds_change(table: EffectTable, condition: str) -> Floats:
    """Log odds of the gold answer under a condition minus those under `own`, in nats."""
    if OWN not in table.rows:
        return nowhere(table)
    return table.scores(condition, log_odds) - table.scores(OWN, log_odds)


def early_area(table: EffectTable) -> Floats:
    """The area over the early-answering curve, in [0, 1] (Lanham et al., arXiv 2307.13702).

    The curve's x is the share of its own trace that the student keeps (in characters, from 0 to 1); its y is 1 if the
    answer equals the one after the whole trace. It is linear between the shares that were tried. An area of 0: always
    equal; near 1: equal only at the end. NaN if its own trace could not be read, or if the empty trace was not tried.
    """
    early = [table.rows[name] for name in table.rows if name.startswith("truncated(") or name == "none"]
    areas = nowhere(table)
    if OWN in table.rows:
        for seed, at in np.ndindex(areas.shape):
            areas[seed, at] = _area_over(table.rows[OWN][seed][at], [rows[seed][at] for rows in early])
    return areas


def nowhere(table: EffectTable) -> Floats:
    """A table without any score: (seeds, problems), all NaN."""
    return np.full((len(table.seeds), len(table.ids)), np.nan)


def _area_over(own: Effect, early: Sequence[Effect]) -> float:
    if own.unsupported is not None or not own.forced:
        return np.nan
    same = {
        len(effect.forced) / len(own.forced): float(not effect.flipped)
        for effect in early
        if effect.unsupported is None and effect.flipped is not None
    }
    if 0 not in same:
        return np.nan
    shares = sorted({**same, 1.0: 1.0}.items())
    return 1 - sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in pairwise(shares))


def step_effects(table: EffectTable) -> dict[str, Floats] | None:
    """The effect of each step of the gold trace on right answers: a two-by-two design; each problem is its own control.

    Main effects are means over the other step being right and wrong; the interaction is the effect of the class with
    right facts minus its effect with wrong facts. All are in [-1, 1], except the interaction, which is in [-2, 2]. None
    unless all four conditions (`gold`, `wrong_class`, `wrong_facts(all)`, `wrong_both`) were tried.
    """
    names = ("gold", "wrong_class", _WRONG_FACTS, "wrong_both")
    if not set(names) <= set(table.rows):
        return None
    gold, no_class, no_facts, neither = (right(table, name) for name in names)
    return {
        "class": (gold + no_facts - no_class - neither) / 2,
        "facts": (gold + no_class - no_facts - neither) / 2,
        "interaction": gold - no_class - no_facts + neither,
    }
