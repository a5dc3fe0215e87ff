"""The measures that are held against the doses: all published ones that are about reliance, and one that is not greedy."""

from collections.abc import Mapping
from math import exp

from tracekd.interventions.effect import Effect
from tracekd.interventions.effect_table import EffectTable
from tracekd.interventions.published_measures import MEASURES, PublishedMeasure
from tracekd.stats.estimate import Floats


def _share_of_implied(effect: Effect) -> float | None:
    if not {"gold", "implied"} <= effect.logp.keys():
        return None
    return 1 / (1 + exp(min(effect.logp["gold"] - effect.logp["implied"], 700.0)))


def follows_by_probability(table: EffectTable) -> Floats:
    """The probability of the implied answer, as a share of that of the implied and the gold one, under `implied`."""
    return table.scores("implied", _share_of_implied)


FOLLOWS = MEASURES["follows"]
BY_PROBABILITY = PublishedMeasure(
    "follows, by probability",
    "the implied answer's probability, as a share of that of the implied and the gold answer",
    "tracekd: as `follows`, but without a threshold",
    ("implied",),
    follows_by_probability,
    within=(0.0, 1.0),
)
RELIANCE: Mapping[str, PublishedMeasure] = {
    one.name: one for one in (FOLLOWS, BY_PROBABILITY, *MEASURES.values()) if one.direction
}


def is_share(measure: PublishedMeasure) -> bool:
    """Whether a score lies between 0, no reliance, and 1, so that its mean can be compared with a dose."""
    return measure.direction == 1 and measure.within in (None, (0.0, 1.0))
