"""How far the probability of an answer moves when its trace is cut, hidden or wrong: CIR, KL effects and NLDD, as published.

The papers compare whole distributions, or logits. Effects hold the probabilities of single whole answers. So a distribution
has two values here: the student's own answer (the one after its whole trace), and all other answers together.

The formulas were read from the code that the papers' authors have published (`yuqinan/cir-sr`, `safety-research/faithful-cot`,
`donald-ye/ACL_2026` on GitHub), not from the sections of the papers, which may say more.
"""

import numpy as np

from tracekd.interventions.effect import OWN
from tracekd.interventions.effect_table import EffectTable
from tracekd.interventions.scores import MOST_LOG_ODDS, log_odds, probability, right
from tracekd.stats.estimate import Bools, Floats

CLEAN, CORRUPT = "gold", "wrong_facts(all)"
NO_STORY, NO_TRACE = "blocked(story)", "blocked(trace)"
# Nats. A smaller margin between the gold answer and the others is noise, and NLDD divides by it.
LEAST_MARGIN = 0.1
MOST_DECAY = 100 * (MOST_LOG_ODDS / LEAST_MARGIN + 1)
MOST_KL = MOST_LOG_ODDS  # of a probability near 1 from one near 0


def causal_importance(table: EffectTable) -> Floats:
    """Causal Importance of Reasoning (CIR), in nats, in [0, ln 2] (Yu et al. 2026, arXiv 2604.22074).

    The mean divergence (Jensen-Shannon) between the answers after the whole trace and after its beginnings. As in the code
    of the paper's authors, a distribution has two values: the answer after the whole trace, and any other. They cut after
    each word (in training: at 0, 20, .. 80 %); here, the beginnings are the conditions `truncated(k)` of the table, cut
    after steps. NaN if no beginning was scored.
    """
    whole = own_probability(table, OWN)
    cuts = [name for name in table.rows if name.startswith("truncated(")]
    divergences = np.array([jensen_shannon(whole, own_probability(table, name)) for name in cuts])
    counts = np.sum(~np.isnan(divergences), axis=0).astype(np.float64)
    sums = np.nansum(divergences, axis=0)
    return _quotient(sums, counts, counts > 0)


def direct_effect(table: EffectTable) -> Floats:
    """KL direct effect, in nats: what the answer takes from the story past the trace (Jia et al. 2026, arXiv 2605.24286).

    KL(with everything in view || with the prompt hidden from the answer), for the student's own trace: 0 if everything goes
    through the trace. The paper takes the mean over the tokens of the answer, of the divergence over the vocabulary, and
    hides the whole prompt. Here, the story is hidden, not the question, and the divergence is that of the student's
    own answer against all others: never more than that of whole answers.
    """
    return kullback_leibler(own_probability(table, OWN), own_probability(table, NO_STORY))


def trace_effect(table: EffectTable) -> Floats:
    """KL necessity of the trace, in nats: the same with the trace hidden from the answer (arXiv 2605.24286)."""
    return kullback_leibler(own_probability(table, OWN), own_probability(table, NO_TRACE))


def logit_difference_decay(table: EffectTable) -> Floats:
    """Normalized Logit Difference Decay (NLDD), in per cent (Ye et al. 2026, arXiv 2602.11201).

    100 (LD(clean) - LD(corrupt)) / |LD(clean)|, where LD is the lead of the right answer over the others, and clean are
    right steps, of which corrupt has one wrong: 100 if the lead is lost, more if another answer leads. The paper's LD is the
    logit of the right token minus the greatest other one, over the standard deviation of logits, which cancels; and it
    drops the steps after the wrong one. Here, LD is the log-odds of the gold answer (all other answers instead of the
    greatest), clean is the gold trace, and corrupt has wrong facts in its last step. NaN if the answer after the gold trace
    is wrong, as in the code of the paper's authors, or if the lead is less than LEAST_MARGIN.
    """
    clean, corrupt = (table.scores(name, log_odds) for name in (CLEAN, CORRUPT))
    lead = np.abs(clean)
    counted = (right(table, CLEAN) == 1) & (lead >= LEAST_MARGIN)
    return _quotient(100 * (clean - corrupt), lead, counted)


def own_probability(table: EffectTable, condition: str) -> Floats:
    """The probability of the student's own answer under a condition, (seeds, problems); NaN if it was not scored."""
    return table.scores(condition, lambda effect: probability(effect, "own"))


def kullback_leibler(p: Floats, q: Floats) -> Floats:
    """The divergence of two-valued distributions with these probabilities, in nats, elementwise; p and q within (0, 1)."""
    return p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))


def jensen_shannon(p: Floats, q: Floats) -> Floats:
    """The same, symmetric and at most ln 2: the mean divergence of both from their mean."""
    middle = (p + q) / 2
    return (kullback_leibler(p, middle) + kullback_leibler(q, middle)) / 2


def _quotient(above: Floats, below: Floats, where: Bools) -> Floats:
    """The quotients where they are asked for; NaN elsewhere."""
    quotients: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=where)
    return quotients
