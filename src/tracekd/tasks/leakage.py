"""How much the test side of a split shares with its training side."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Problem
from tracekd.tasks.normalize import fold_space, normalize_fact


class Counts(BaseModel):
    """How many of the `problems` on the test side are known from the training side, in each of several ways.

    `verbatim`: the same question with the same context. `mirrored`: a shared tie (CoTempQA: the other question about the
    same two events). `same_group`: the group is on both sides. `same_question`: the same words, with any context.
    `shared_facts`: at least one fact of the context is in a training context; `shared_gold_facts`: all gold facts are.
    `same_question_and_gold_facts`: a training problem has the same question and the same gold facts, with any other
    facts. Questions are compared with white space folded, facts after `normalize_fact`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    problems: int = 0
    verbatim: int = 0
    mirrored: int = 0
    same_group: int = 0
    same_question: int = 0
    shared_facts: int = 0
    shared_gold_facts: int = 0
    same_question_and_gold_facts: int = 0


class Leakage(Counts):
    """The counts over all test problems, and the counts of each class."""

    by_label: dict[str, Counts]


def leakage(train: Iterable[Problem], test: Iterable[Problem]) -> Leakage:
    """How much the test side shares with the training side.

    Only hashes of the training side are kept: about 100 bytes for each different fact, question, group and tie.
    """
    return _Known.of(train).leakage(test)


def leakage_of_split(sides: Mapping[str, Iterable[Problem]]) -> dict[str, dict[str, Leakage]]:
    """How much each side shares with the sides before it: `found["train"]["test"]` for train and test."""
    names = list(sides)
    found: dict[str, dict[str, Leakage]] = {}
    for at, name in enumerate(names[:-1]):
        known = _Known.of(sides[name])
        found[name] = {later: known.leakage(sides[later]) for later in names[at + 1 :]}
    return found


def fingerprint(problem: Problem) -> int:
    """A hash that is equal for problems with the same question and context, word for word, with white space folded."""
    return hash((fold_space(problem.question), *(fold_space(fact.text) for fact in problem.context)))


@dataclass
class _Known:
    """The training side as Python's hashes of 64 bits: two of a million texts have the same hash in one of ten million
    sides."""

    verbatim: set[int] = field(default_factory=set)
    ties: set[int] = field(default_factory=set)
    groups: set[int] = field(default_factory=set)
    questions: set[int] = field(default_factory=set)
    facts: set[int] = field(default_factory=set)
    needs: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "_Known":
        known = cls()
        for problem in problems:
            question = fold_space(problem.question)
            facts = _fact_hashes(problem)
            known.verbatim.add(fingerprint(problem))
            known.ties.update(map(hash, problem.ties))
            known.groups.add(hash(problem.group))
            known.questions.add(hash(question))
            known.facts.update(facts.values())
            known.needs.add(_need(question, _gold(problem, facts)))
        return known

    def leakage(self, problems: Iterable[Problem]) -> Leakage:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for problem in problems:
            counts[problem.label].update(["problems", *self._shared(problem)])
        by_label = {label: Counts(**counts[label]) for label in sorted(counts)}
        return Leakage(**sum(counts.values(), Counter()), by_label=by_label)

    def _shared(self, problem: Problem) -> list[str]:
        """The names of the counts to which this problem adds."""
        question = fold_space(problem.question)
        facts = _fact_hashes(problem)
        gold = _gold(problem, facts)
        shared = {
            "verbatim": fingerprint(problem) in self.verbatim,
            "mirrored": any(hash(tie) in self.ties for tie in problem.ties),
            "same_group": hash(problem.group) in self.groups,
            "same_question": hash(question) in self.questions,
            "shared_facts": not self.facts.isdisjoint(facts.values()),
            "shared_gold_facts": bool(gold) and self.facts.issuperset(gold),
            "same_question_and_gold_facts": bool(gold) and _need(question, gold) in self.needs,
        }
        return [name for name, holds in shared.items() if holds]


def _fact_hashes(problem: Problem) -> dict[str, int]:
    return {fact.id: hash(normalize_fact(fact.text)) for fact in problem.context}


def _gold(problem: Problem, facts: Mapping[str, int]) -> list[int]:
    return [facts[ident] for ident in problem.trace.facts]


def _need(question: str, gold: Iterable[int]) -> int:
    return hash((question, *sorted(gold)))
