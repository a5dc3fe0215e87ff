"""Checks a problem's labels against the task's rules: what agrees, and which faults the labels have."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Answer, Problem
from tracekd.tasks.normalize import normalize_answer
from tracekd.tasks.solution import Solve

# What is counted for every task, checked or not; a task may measure more.
MEASURES = ("class_agree", "answer_agree", "support_sufficient")


class Check(BaseModel):
    """What the rules say about one problem.

    `agree` maps each measure that could be checked to whether it holds: `class_agree` (the derived class is the label),
    `answer_agree` (the gold answer equals the derived one: from the whole context if there is a rule, else from the data
    set's own decomposition), `support_sufficient` (the gold support alone gives it).
    `faults` names the faults of the labels, each kind once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    label: str
    agree: dict[str, bool]
    faults: tuple[str, ...] = ()


def check_by_rule(problem: Problem, solve: Solve, kind: str = "support", faults: Iterable[str] = ()) -> Check:
    """Check a problem against a rule. Adds `support_agree`: whether the rule's own support is the annotated one.

    A rule that finds no answer disagrees. `kind` is the support that must suffice.
    """
    texts = [fact.text for fact in problem.context]
    agree: dict[str, bool] = {}
    whole = solve(problem.question, texts, problem.label)
    agree["answer_agree"] = whole is not None and same_answer(whole.answer, problem.answer)
    if whole is not None and whole.label is not None:
        agree["class_agree"] = whole.label == problem.label
    gold = set(problem.support[kind])
    if whole is not None:
        agree["support_agree"] = {problem.context[at].id for at in whole.support} == gold
    alone = solve(problem.question, [fact.text for fact in problem.context if fact.id in gold], problem.label)
    agree["support_sufficient"] = alone is not None and same_answer(alone.answer, problem.answer)
    return Check(id=problem.id, label=problem.label, agree=agree, faults=tuple(dict.fromkeys(faults)))


def same_answer(derived: Answer, gold: Answer) -> bool:
    """Whether a derived answer is the gold one, under the gold answer's own comparison."""
    found, right = ([normalize_answer(value) for value in answer.values] for answer in (derived, gold))
    if gold.kind == "set":
        return set(found) == set(right)
    if gold.kind == "path":
        return found == right
    return len(found) == 1 and found[0] in right


def shares_a_value(derived: Answer, gold: Answer) -> bool:
    """Whether a derived answer names at least one value of the gold answer; two empty answers agree."""
    found, right = (set(map(normalize_answer, answer.values)) for answer in (derived, gold))
    return not right.isdisjoint(found) or not (right or found)
