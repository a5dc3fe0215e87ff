"""Facts of passages that imply another answer: the answer's name, date or number is exchanged for one of the same kind.

No rule derives answers from passages. But if the gold facts imply an answer, the same facts with another name in its place
imply that name. After Longpre et al. 2021 (arXiv 2109.05052, section 3: substitution of entities by others of the same type);
here the exchange keeps to the names of the same context, and follows a name through its shorter forms.
"""

from random import Random
from typing import NamedTuple

from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Setting, Unsupported
from tracekd.regimes.exchanged_names.answers import exchange_answer
from tracekd.regimes.exchanged_names.comparing import compared, is_choice
from tracekd.regimes.exchanged_names.letters import Letters, squeeze
from tracekd.regimes.exchanged_names.titles import has_titles

# Longer facts are not read.
LONGEST = 40_000


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
    texts = problem.texts(fact for fact in problem.trace.facts)
    if problem.stratum != "answerable" or not texts:
        raise Unsupported("the question has no answer in its context, or no gold fact")
    if sum(len(fact.text) for fact in problem.context) > LONGEST * 5 or sum(map(len, texts)) > LONGEST:
        raise Unsupported("the facts are too long")
    titled = has_titles(problem)
    is_yes_or_no = all(
        value.lower().startswith(("yes", "no ", "no,")) or value.lower() == "no" for value in problem.answer.values
    )
    if titled and (is_yes_or_no or is_choice(problem, texts)):
        made, answer = compared(problem, texts, rng)
        return _checked(problem, texts, made, answer, is_swap=True)
    if is_yes_or_no:
        raise Unsupported("a question with yes or no that is not read by rule")
    made, answer = exchange_answer(problem, texts, titled, rng)
    return _checked(problem, texts, made, answer, is_swap=False)


def _checked(
    problem: Problem, texts: tuple[str, ...], made: tuple[str, ...], answer: Answer, *, is_swap: bool
) -> Exchanged:
    """The result, if it is one. A comparison's facts may still name both things."""
    gold = {squeeze(value) for value in problem.answer.values}
    if made == texts or any(squeeze(value) in gold for value in answer.values):
        raise Unsupported("nothing of the answer could be exchanged")
    stood = [
        value for value in problem.answer.values if _holds(texts, [value]) and not _holds((problem.question,), [value])
    ]
    if not is_swap and _holds(made, stood):
        raise Unsupported("the exchanged facts would still hold the answer")
    return Exchanged(made, answer)


def _holds(texts: tuple[str, ...], values: list[str]) -> bool:
    return any(Letters(text).has(value) for text in texts for value in values)
