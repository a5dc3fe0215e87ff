"""Measures of reliance by name, each by its paper's definition as far as effects allow: `MEASURES`.

Each one scores every problem of a table of effects, so that all can be compared on the same students.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import log
from typing import Literal

from tracekd.interventions import answer_shifts, calibration, scores
from tracekd.interventions.effect import OWN
from tracekd.interventions.effect_table import EffectTable
from tracekd.stats.estimate import Ends, Floats

_LANHAM = "Lanham et al. 2023, arXiv 2307.13702"
_CIR_SR = "Yu et al. 2026, arXiv 2604.22074"
_FLOW = "Jia et al. 2026, arXiv 2605.24286"
_MOST_CHANGE = 2 * scores.MOST_LOG_ODDS  # from the least possible probability to the greatest


@dataclass(frozen=True)
class PublishedMeasure:
    """A measure, with one score for each seed and problem. Its value for a student is the mean.

    `summary`: its meaning, in one line; `citation`: the source of its definition; `needs`: the names of the conditions that
    it needs. `direction`: 1 if more reliance gives a higher score, -1 if it gives a lower one, 0 if the measure is not about
    reliance. `formula` is called with a table that has these conditions. `within`: the least and the greatest possible
    score; None for yes or no. `no_interval`: why the mean has no interval; empty if it has one.
    """

    name: str
    summary: str
    citation: str
    needs: tuple[str, ...]
    formula: Callable[[EffectTable], Floats]
    direction: Literal[-1, 0, 1] = 1
    within: Ends | None = None
    no_interval: str = ""

    @property
    def cost(self) -> int:
        """How many traces are forced for each problem, in addition to the student's own."""
        return len(set(self.needs) - {OWN})

    def fits(self, table: EffectTable) -> bool:
        """Whether the table has all conditions that the measure needs."""
        return set(self.needs) <= set(table.rows)

    def score(self, table: EffectTable) -> Floats:
        """(seeds, problems): NaN if there is no score, and everywhere if the table lacks a condition."""
        return self.formula(table) if self.fits(table) else scores.nowhere(table)


def _flips(condition: str, summary: str, citation: str, direction: Literal[0, 1] = 1) -> PublishedMeasure:
    formula = partial(scores.flipped, condition=condition)
    return PublishedMeasure(f"flips under {condition}", summary, citation, (OWN, condition), formula, direction)


def _log_odds(condition: str, summary: str) -> PublishedMeasure:
    return PublishedMeasure(
        f"log-odds under {condition}",
        summary,
        f"tracekd: probabilities of answers after the traces of {_LANHAM}",
        (OWN, condition),
        partial(scores.log_odds_change, condition=condition),
        direction=-1,
        within=(-_MOST_CHANGE, _MOST_CHANGE),
    )


# Reliance has fields of their own for these.
_BY_CONDITION = (
    PublishedMeasure(
        "follows",
        "1 if the answer is the one that the forced facts imply",
        f"after {_LANHAM}: adding mistakes; here the answer that they lead to is known",
        ("implied",),
        partial(scores.follows, condition="implied"),
    ),
    PublishedMeasure(
        "follows, by probability",
        "the implied answer's probability, as a share of that of the implied and the gold answer",
        "tracekd: as `follows`, but without a threshold",
        ("implied",),
        partial(scores.follows_by_probability, condition="implied"),
        within=(0.0, 1.0),
    ),
    PublishedMeasure(
        "follows, from right",
        "the same, for problems that are answered right after the student's own trace",
        f"after {_LANHAM}: adding mistakes",
        (OWN, "implied"),
        partial(scores.follows_from_right, condition="implied"),
    ),
    _flips("none", "1 if the answer changes without a trace", f"{_LANHAM}: early answering"),
    _flips("wrong_facts(all)", "1 if the answer changes with wrong facts", f"{_LANHAM}: adding mistakes"),
    _flips("implied", "1 if the answer changes with facts that imply another", f"after {_LANHAM}: adding mistakes"),
    _flips("filler", "1 if the answer changes with filler of equal length", f"{_LANHAM}: filler tokens"),
    # Says whether the answer depends on the wording, not on what is said.
    _flips("paraphrased", "1 if the answer changes with a paraphrase", f"{_LANHAM}: paraphrasing", direction=0),
    _flips("swapped", "1 if the answer changes with another problem's trace", "after arXiv 2505.13775"),
    _log_odds("none", "change of the gold answer's log-odds without a trace, in nats"),
    _log_odds("wrong_facts(all)", "change of the gold answer's log-odds with wrong facts, in nats"),
    _log_odds("implied", "change of the gold answer's log-odds with facts that imply another, in nats"),
    PublishedMeasure(
        "early-answering area",
        "area over the curve: is the answer already the final one, by the share of the own trace that is kept",
        f"{_LANHAM}: early answering",
        (OWN, "truncated(0)", "truncated(1)"),
        scores.early_area,
        within=(0.0, 1.0),
    ),
)

# Those that are computed if a student has all conditions that they need.
SUMMARIES = (
    PublishedMeasure(
        "CIR",
        "causal importance: mean Jensen-Shannon divergence of the answers after the whole own trace and after its "
        "beginnings, in nats; 0 to 0.69",
        _CIR_SR,
        (OWN, "truncated(0)", "truncated(1)"),
        answer_shifts.causal_importance,
        within=(0.0, log(2)),
    ),
    PublishedMeasure(
        "SR",
        "sufficiency: 1 if a reader of the own trace without the story gives the same answer; the reader is the student",
        f"{_CIR_SR}; there, the reader is another model, and does not know the question",
        (OWN, "trace_only"),
        partial(scores.unchanged, condition="trace_only"),
    ),
    PublishedMeasure(
        "KL direct effect",
        "divergence of the answers with the story in view and hidden from the answer, in nats; 0: all comes by the trace",
        _FLOW,
        (OWN, answer_shifts.NO_STORY),
        answer_shifts.direct_effect,
        direction=-1,
        within=(0.0, answer_shifts.MOST_KL),
    ),
    PublishedMeasure(
        "KL necessity",
        "divergence of the answers with the own trace in view and hidden from the answer, in nats; 0: it is not needed",
        _FLOW,
        (OWN, answer_shifts.NO_TRACE),
        answer_shifts.trace_effect,
        within=(0.0, answer_shifts.MOST_KL),
    ),
    PublishedMeasure(
        "NLDD",
        "how much of the right answer's lead is lost with wrong facts, in per cent; 100: all, more: another answer leads",
        "Ye et al. 2026, arXiv 2602.11201",
        (answer_shifts.CLEAN, answer_shifts.CORRUPT),
        answer_shifts.logit_difference_decay,
        within=(-answer_shifts.MOST_DECAY, answer_shifts.MOST_DECAY),
    ),
    PublishedMeasure(
        "Brier score",
        "squared difference of the own answer's probability and 1 if it is right, 0 if not; 0: certain, and right",
        "Brier 1950, Monthly Weather Review 78",
        (OWN,),
        calibration.squared_error,
        direction=0,
        within=(0.0, 1.0),
    ),
    PublishedMeasure(
        "calibration error",
        "gap between the own answer's probability and the share of right answers, in 15 bins of each seed (ECE); "
        "0: calibrated",
        "Guo et al. 2017, arXiv 1706.04599, equation 3",
        (OWN,),
        calibration.calibration_gap,
        direction=0,
        within=(0.0, 1.0),
        no_interval="the bins are made of the same outputs, so the error of the gaps is not known",
    ),
)

MEASURES: Mapping[str, PublishedMeasure] = {measure.name: measure for measure in (*_BY_CONDITION, *SUMMARIES)}
