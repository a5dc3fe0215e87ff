"""The measures that are held against the doses: all published ones that are about reliance."""

from collections.abc import Mapping

from tracekd.interventions.published_measures import MEASURES, PublishedMeasure

FOLLOWS, BY_PROBABILITY = MEASURES["follows"], MEASURES["follows, by probability"]
RELIANCE: Mapping[str, PublishedMeasure] = {name: one for name, one in MEASURES.items() if one.direction}


def is_share(measure: PublishedMeasure) -> bool:
    """Whether a score lies between 0, no reliance, and 1, so that its mean can be compared with a dose."""
    return measure.direction == 1 and measure.within in (None, (0.0, 1.0))
