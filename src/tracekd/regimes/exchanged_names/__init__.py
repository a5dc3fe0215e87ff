"""Facts of passages that imply another answer: the answer's name, date or number is exchanged for one of the same kind.

No rule derives answers from passages. But if the gold facts imply an answer, the same facts with another name in its place
imply that name. After Longpre et al. 2021 (arXiv 2109.05052, section 2: substitution of entities by others of the same type);
here the exchange keeps to the names of the same context, and follows a name through its shorter forms.
"""

import re
from random import Random
from typing import NamedTuple

from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Setting, Unsupported
from tracekd.regimes.exchanged_names.answers import exchange_answer
from tracekd.regimes.exchanged_names.comparing import compared, is_choice
from tracekd.regimes.exchanged_names.titles import has_titles

_YES_OR_NO = re.compile(r"(?:yes|no)\b", re.IGNORECASE)
# Contexts and gold facts with more characters are not read.
LONGEST_CONTEXT, LONGEST_FACTS = 200_000, 40_000


class Exchanged(NamedTuple):
    """Facts in the order of the gold ones, and the answer that they imply. `altered`: always, one is not in the context."""

    texts: tuple[str, ...]
    answer: Answer
    altered: bool = True


def exchanged(problem: Problem, setting: Setting, rng: Random) -> Exchanged:
    """The gold facts with the answer exchanged, consistently, for a value of the same kind, and the new answer.

    In a comparison of two things, the two are exchanged. Raises Unsupported, with the reason, if there is no such exchange.
    The draws come only from `rng`.
    """
    texts = problem.texts(problem.trace.facts)
    if problem.stratum != "answerable" or not texts:
        raise Unsupported("the question has no answer, or no gold fact")
    if sum(len(fact.text) for fact in problem.context) > LONGEST_CONTEXT or sum(map(len, texts)) > LONGEST_FACTS:
        raise Unsupported("the facts are too long")
    titled = has_titles(problem)
    is_yes_or_no = all(map(_YES_OR_NO.match, problem.answer.values))
    if titled and (is_yes_or_no or is_choice(problem, texts)):
        made, answer = compared(problem, texts, rng)
    elif is_yes_or_no:
        raise Unsupported("a question with yes or no that is not read by rule")
    else:
        made, answer = exchange_answer(problem, texts, titled, rng)
    if made == texts:
        raise Unsupported("nothing of the facts could be exchanged")
    return Exchanged(made, answer)
