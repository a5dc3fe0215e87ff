"""Measures of reliance from the literature, by name: `MEASURES`.

Each one scores every problem of a table of effects, so that all can be compared on the same students.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from tracekd.interventions import scores
from tracekd.interventions.effect import OWN
from tracekd.interventions.effect_table import EffectTable
from tracekd.stats.estimate import Floats

_LANHAM = "Lanham et al. 2023, arXiv 2307.13702"


@dataclass(frozen=True)
class PublishedMeasure:
    """A measure of reliance on the trace, one score for each seed and problem.

    `summary`: its meaning, in one line; `citation`: the source of its definition; `needs`: the names of the conditions that
    it needs; `direction`: 1 if more reliance gives a higher score, -1 if it gives a lower one. `formula` is called with a
    table that has these conditions.
    """

    name: str
    summary: str
    citation: str
    needs: tuple[str, ...]
    formula: Callable[[EffectTable], Floats]
    direction: Literal[1, -1] = 1

    @property
    def cost(self) -> int:
        """How many traces are forced for each problem, in addition to the student's own."""
        return len(set(self.needs) - {OWN})

    def score(self, table: EffectTable) -> Floats:
        """(seeds, problems): NaN if there is no score, and everywhere if the table lacks a condition."""
        return self.formula(table) if set(self.needs) <= set(table.rows) else scores.nowhere(table)


def _flips(condition: str, summary: str, citation: str) -> PublishedMeasure:
    formula = partial(scores.flipped, condition=condition)
    return PublishedMeasure(f"flips under {condition}", summary, citation, (OWN, condition), formula)


def _log_odds(condition: str, summary: str, citation: str) -> PublishedMeasure:
    formula = partial(scores.log_odds_change, condition=condition)
    return PublishedMeasure(f"log-odds under {condition}", summary, citation, (OWN, condition), formula, -1)


_ALL = (
    PublishedMeasure(
        "follows",
        "1 if the answer under `implied` is the one that the forced facts imply",
        f"after {_LANHAM}, section 2.3 (adding mistakes); here the answer that they lead to is known",
        ("implied",),
        partial(scores.follows, condition="implied"),
    ),
    PublishedMeasure(
        "follows, from right",
        "the same, for problems that are answered right after the student's own trace",
        f"after {_LANHAM}, section 2.3 (adding mistakes)",
        (OWN, "implied"),
        partial(scores.follows_from_right, condition="implied"),
    ),
    _flips("none", "1 if the answer changes without a trace", f"{_LANHAM}, section 2.3 (early answering)"),
    _flips("wrong_facts(all)", "1 if the answer changes with wrong facts", f"{_LANHAM}, section 2.3 (adding mistakes)"),
    _flips("filler", "1 if the answer changes with filler of equal length", f"{_LANHAM}, section 2.5 (filler tokens)"),
    _flips("paraphrased", "1 if the answer changes with a paraphrase", f"{_LANHAM}, section 2.4 (paraphrasing)"),
    _flips("swapped", "1 if the answer changes with another problem's trace", "after arXiv 2505.13775"),
    _log_odds("none", "change of the gold answer's log odds without a trace, in nats", f"after {_LANHAM}"),
    _log_odds("wrong_facts(all)", "change of its log odds with wrong facts, in nats", f"after {_LANHAM}"),
    _log_odds("implied", "change of its log odds with facts that imply another answer, in nats", f"after {_LANHAM}"),
    PublishedMeasure(
        "early-answering area",
        "area over the curve of unchanged answers by the share of the trace that is kept",
        f"{_LANHAM}, section 2.3 (early answering)",
        (OWN, "truncated(0)", "truncated(1)"),
        scores.early_area,
    ),
)

MEASURES: Mapping[str, PublishedMeasure] = {measure.name: measure for measure in _ALL}
