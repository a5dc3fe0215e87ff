"""Problems in numbers, to compare generated problems with published ones."""

from collections import Counter
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Problem
from tracekd.tasks.template import render_answer

_MOST_ANSWERS = 8


class Distribution(BaseModel):
    """The distribution of some problems.

    `facts`: facts per question, as (smallest, mean, largest). `words`: mean words per context. `gold`, `answers`,
    `strata`: shares in [0, 1] of the questions, by number of gold facts, by answer (the most frequent ones only), and
    by stratum. `per_group`: mean number of questions per group.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    questions: int
    per_group: float
    facts: tuple[int, float, int]
    words: float
    gold: dict[int, float]
    different_answers: int
    answers: dict[str, float]
    strata: dict[str, float]


def distribution(problems: Iterable[Problem]) -> Distribution:
    """The distribution of these problems. Raises ValueError if there are none."""
    facts: list[int] = []
    words = 0
    gold: Counter[int] = Counter()
    answers: Counter[str] = Counter()
    strata: Counter[str] = Counter()
    groups: set[str] = set()
    for problem in problems:
        facts.append(len(problem.context))
        words += sum(len(fact.text.split()) for fact in problem.context)
        gold[len(problem.trace.facts)] += 1
        answers[render_answer(problem.answer)] += 1
        strata[problem.stratum] += 1
        groups.add(problem.group)
    if not facts:
        raise ValueError("there are no problems to describe")
    n = len(facts)
    return Distribution(
        questions=n,
        per_group=n / len(groups),
        facts=(min(facts), sum(facts) / n, max(facts)),
        words=words / n,
        gold={count: found / n for count, found in sorted(gold.items())},
        different_answers=len(answers),
        answers={answer: found / n for answer, found in answers.most_common(_MOST_ANSWERS)},
        strata={stratum: found / n for stratum, found in sorted(strata.items())},
    )
