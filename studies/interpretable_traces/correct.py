"""A cell's outputs by `tracekd.verify`: each against its own problem, and every one in the denominator."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from counts import Counts
from official import STEPS, Judged
from released import Cell, DataSet, Released

from tracekd.problem import Problem
from tracekd.stats.association import StepAnswer, associate
from tracekd.stats.columns import Columns
from tracekd.stats.estimate import Frozen
from tracekd.students.output import Output
from tracekd.tasks import get_task
from tracekd.tasks.reading.fault import Skipped
from tracekd.verify.join import Miss, Problems, problems_in
from tracekd.verify.judge import Judge
from tracekd.verify.reading import OutputRecord, read_outputs
from tracekd.verify.verdict import Verdict

FORMAT = "trace-check-qa"
# The gold facts that the paper trained on; for bAbI, these are the facts of the data set.
_PAPERS_SUPPORT: Mapping[DataSet, str] = {"cotempqa": "answer_facts", "msmarco": "word_overlap", "babi": "support"}


class CorrectNumbers(Frozen):
    """How many of `n` outputs are right. `support` is the kind of gold facts that decides whether the whole trace is
    right. `retrieval`: facts right by each kind. `consistent` of `ruled` outputs (those that a rule can judge) have the
    answer that follows from their own facts. `macro`: means over classes of the shares that are right, of steps and
    answers, in [0, 1]. `unmatched` outputs have no problem; they are not counted. `tables`: each step against the
    answer, by `tracekd.stats`, for this student only.
    """

    n: int
    unmatched: int
    support: str
    answer: int
    lenient_answer: int
    class_step: int
    retrieval: dict[str, int]
    headline: int
    trace: int
    unparsed_class: int
    unparsed_retrieval: int
    consistent: int
    ruled: int
    macro: dict[str, float]
    tables: dict[str, StepAnswer]

    def share(self, right: int) -> float | None:
        """A count as a share of all outputs."""
        return right / self.n if self.n else None


class Disagreement(Frozen):
    """Official against correct verdicts on the same outputs, by what is judged; the official one first."""

    steps: dict[str, Counts]


@dataclass(frozen=True, slots=True)
class CorrectCell:
    """The results of `tracekd.verify` for a cell. `unmatched`: outputs for which no problem can be made, and why.
    `by_official_rule`: the same verdicts, but the corrected official rule decides whether the answer is right.
    """

    verdicts: tuple[Verdict, ...]
    by_official_rule: tuple[Verdict, ...]
    unmatched: tuple[Skipped, ...]
    numbers: CorrectNumbers
    disagreement: Disagreement


def judge_correctly(cell: Cell, released: Released, official: Sequence[Judged]) -> CorrectCell:
    """Judge all outputs of a cell. `official`: the same outputs by the official logic, for comparison."""
    found, lines = list(read_and_judge(cell, released)), {one.line.where for one in official}
    unmatched = tuple(one for one in found if isinstance(one, Skipped) and one.where in lines)
    by_place = dict(one for one in found if not isinstance(one, Skipped))
    pairs = [(one, by_place[one.line.where]) for one in official if one.line.where in by_place]
    verdicts = tuple(verdict for _, verdict in pairs)
    by_rule = tuple(verdict.model_copy(update={"answer": one.fixed}) for one, verdict in pairs)
    numbers = _numbers(verdicts, _PAPERS_SUPPORT[cell.data_set], len(official) - len(pairs))
    return CorrectCell(verdicts, by_rule, unmatched, numbers, _disagreement(pairs, traced=cell.traced))


def read_and_judge(cell: Cell, released: Released) -> Iterator[tuple[str, Verdict] | Skipped]:
    """The place of each output of a cell, with its verdict; a Skipped if its record contains no problem."""
    return Judging.of(cell, released).judge()


@dataclass(frozen=True, slots=True)
class Judging:
    """A cell's outputs, and by their place, the problems in their records, or why there is none."""

    cell: Cell
    written: tuple[OutputRecord, ...]
    problems: Problems
    faults: Mapping[str, Skipped]

    @classmethod
    def of(cls, cell: Cell, released: Released) -> "Judging":
        """Read the files of a cell. The official reading counts invalid lines."""
        paths = [str(path) for path in released.outputs[cell].values()]
        written = tuple([one for one in read_outputs(paths, FORMAT) if isinstance(one, OutputRecord)])
        made = list(problems_in(written, get_task(cell.data_set)))
        faults = {one.where: one for one in made if isinstance(one, Skipped)}
        return cls(cell, written, Problems.of(one for one in made if isinstance(one, Problem)), faults)

    def judge(self) -> Iterator[tuple[str, Verdict] | Skipped]:
        """The verdict on each output in turn."""
        judge, met = Judge.of(get_task(self.cell.data_set), _PAPERS_SUPPORT[self.cell.data_set]), Counter[str]()
        for one in self.written:
            problem = self.problems.find(one)
            if isinstance(problem, Miss):
                yield self.faults.get(one.where, Skipped(where=one.where, reason=problem.reason))
                continue
            # The test data contain some problems twice: these are further samples of one problem, not an error.
            output = self._output(problem, one, met[problem.id])
            met[problem.id] += 1
            yield one.where, judge.verdict(judge.prepare(problem), output)

    def _output(self, problem: Problem, written: OutputRecord, sample: int) -> Output:
        return Output(
            id=problem.id, regime=self.cell.regime, student=self.cell.model, seed=self.cell.seed, sample=sample,
            text=written.text, token_ids=(), finish=written.finish,
        )  # fmt: skip


def _numbers(verdicts: Sequence[Verdict], support: str, unmatched: int) -> CorrectNumbers:
    kinds = dict.fromkeys(kind for verdict in verdicts for kind in verdict.retrieval)
    return CorrectNumbers(
        n=len(verdicts),
        unmatched=unmatched,
        support=support,
        answer=sum(v.answer for v in verdicts),
        lenient_answer=sum(v.lenient_answer for v in verdicts),
        class_step=sum(v.class_step == "right" for v in verdicts),
        retrieval={kind: sum(v.retrieval.get(kind) == "right" for v in verdicts) for kind in kinds},
        headline=sum(v.retrieval_step == "right" for v in verdicts),
        trace=sum(v.trace for v in verdicts),
        unparsed_class=sum(v.class_step == "unparsed" for v in verdicts),
        unparsed_retrieval=sum(v.retrieval_step == "unparsed" for v in verdicts),
        consistent=sum(v.consistent is True for v in verdicts),
        ruled=sum(v.consistent is not None for v in verdicts),
        macro={name: _macro(name, verdicts) for name in (*STEPS, "answer")} if verdicts else {},
        tables=step_answers(verdicts) if verdicts else {},
    )


def _macro(name: str, verdicts: Sequence[Verdict]) -> float:
    right: dict[str, list[bool]] = {}
    for verdict in verdicts:
        right.setdefault(verdict.label, []).append(_step(verdict, name))
    return float(np.mean([np.mean(of_class) for of_class in right.values()]))


def _step(verdict: Verdict, step: str) -> bool:
    steps: Mapping[str, bool] = {
        "class": verdict.class_step == "right",
        "retrieval": verdict.retrieval_step == "right",
        "trace": verdict.trace,
        "answer": verdict.answer,
    }
    return steps[step]


def counts_of(step: StepAnswer) -> Counts:
    """The four counts of a step and the answer, by their names."""
    return Counts.model_validate(dict(zip(Counts.model_fields, step.counts, strict=True)))


def step_answers(verdicts: Iterable[Verdict]) -> dict[str, StepAnswer]:
    """Each step against the answer, among all outputs of one model, regime and seed; a missing step is wrong."""
    columns = Columns.of(verdicts)
    (cell,) = columns.cells()
    everywhere = np.ones(len(cell), dtype=bool)
    right = {"class": cell.classified(), "retrieval": cell.retrieved(), "trace": cell.trace}
    return {step: associate(cell, right[step], everywhere, columns.labels) for step in STEPS}


def _disagreement(pairs: Sequence[tuple[Judged, Verdict]], *, traced: bool) -> Disagreement:
    steps = {"answer": _counts((one.fixed, verdict.answer) for one, verdict in pairs)}
    if traced:
        steps |= {step: _counts((one.step(step), _step(verdict, step)) for one, verdict in pairs) for step in STEPS}
    return Disagreement(steps=steps)


def _counts(pairs: Iterable[tuple[bool, bool]]) -> Counts:
    met = Counter(pairs)
    return Counts(
        right_right=met[True, True], right_wrong=met[True, False],
        wrong_right=met[False, True], wrong_wrong=met[False, False],
    )  # fmt: skip
