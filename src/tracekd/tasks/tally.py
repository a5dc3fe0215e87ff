"""Counts the results of loading and checking: problems, skipped records, agreements with the rules, label faults."""

from collections import Counter

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Problem
from tracekd.tasks.check import MEASURES, Check
from tracekd.tasks.reading.fault import Skipped

# [agree, checked]
Agreement = tuple[int, int]


class Oracle(BaseModel):
    """How often labels and rules agree: each measure as [agree, checked], over all classes and by class.

    `class_agree`: the derived class is the label. `answer_agree`: a rule derives the gold answer.
    `support_sufficient`: the gold support alone gives it. `more`: further measures of the task.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    class_agree: Agreement
    answer_agree: Agreement
    support_sufficient: Agreement
    more: dict[str, Agreement]
    by_class: dict[str, dict[str, Agreement]]


class Counts(BaseModel):
    """Problems by class and by stratum; skipped records by reason; label faults by kind (`labels`).

    `oracle` is None if nothing was checked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    problems: int
    classes: dict[str, int]
    strata: dict[str, int]
    skipped: dict[str, int]
    oracle: Oracle | None
    labels: dict[str, int]


class Tally:
    """Counts problems, skipped records and checks without keeping them."""

    def __init__(self) -> None:
        self._classes: Counter[str] = Counter()
        self._strata: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        # (class, measure) -> agree, checked
        self._agree: Counter[tuple[str, str]] = Counter()
        self._checked: Counter[tuple[str, str]] = Counter()
        self._checks = 0

    def problem(self, problem: Problem) -> None:
        """Count a problem."""
        self._classes[problem.label] += 1
        self._strata[problem.stratum] += 1

    def skipped(self, skipped: Skipped) -> None:
        """Count a record that was left out."""
        self._skipped[skipped.reason] += 1

    def check(self, check: Check) -> None:
        """Count a check of a problem."""
        self._checks += 1
        self._faults.update(check.faults)
        for measure, agrees in check.agree.items():
            self._agree[check.label, measure] += agrees
            self._checked[check.label, measure] += 1

    def counts(self) -> Counts:
        """The counts so far; classes, strata and reasons are sorted by name."""
        return Counts(
            problems=self._classes.total(),
            classes=dict(sorted(self._classes.items())),
            strata=dict(sorted(self._strata.items())),
            skipped=dict(sorted(self._skipped.items())),
            oracle=self._oracle() if self._checks else None,
            labels=dict(sorted(self._faults.items())),
        )

    def _oracle(self) -> Oracle:
        extra = sorted({measure for _, measure in self._checked} - set(MEASURES))
        labels = sorted(self._classes)
        overall = {measure: self._sum(measure, labels) for measure in (*MEASURES, *extra)}
        return Oracle(
            **{measure: overall[measure] for measure in MEASURES},
            more={measure: overall[measure] for measure in extra},
            by_class={label: {measure: self._sum(measure, [label]) for measure in overall} for label in labels},
        )

    def _sum(self, measure: str, labels: list[str]) -> Agreement:
        keys = [(label, measure) for label in labels]
        return sum(self._agree[key] for key in keys), sum(self._checked[key] for key in keys)
