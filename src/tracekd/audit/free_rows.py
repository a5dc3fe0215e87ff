"""Judges the free traces of supervised rows, each against the question and context of its row, or of a given problem."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tracekd.audit.gold import Gold
from tracekd.audit.row_parts import row_parts
from tracekd.errors import UserError
from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.sft.supervised_row import SupervisedRow
from tracekd.statements.statement import Statement
from tracekd.tasks.contract import Task
from tracekd.tasks.loading import load
from tracekd.transcript.transcript import Transcript
from tracekd.verify.free_judge import FreeJudge, FreeProblem
from tracekd.verify.free_verdict import FreeVerdict
from tracekd.verify.join import Miss, Problems
from tracekd.verify.reading import OutputRecord

# A prepared problem needs 5 to 50 kB.
_MOST_PREPARED = 4096
# Judging takes about a second for each million characters.
_LONGEST = 2**21
TOO_LONG = "its trace is too long"
NO_PROBLEM = "its question or its context cannot be found"
NO_TRACE = "it has no trace"


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """The verdict on the trace of a row; `has_gold`: the right answer is known."""

    verdict: FreeVerdict
    has_gold: bool


class FreeRows:
    """Judges rows one at a time. A problem is prepared once for its rows. With `problems`, a row is joined to one of them;
    without, its problem is made of what the row itself says.
    """

    def __init__(self, task: Task, problems: Problems | None = None) -> None:
        self.task = task
        self._judge = FreeJudge.of(task)
        self._problems = problems
        self._of_gold = lru_cache(_MOST_PREPARED)(self._prepare_made)
        self._of_place = lru_cache(_MOST_PREPARED)(self._prepare_given)

    def judge(self, row: SupervisedRow, gold: Callable[[], Gold] | None = None) -> JudgedRow | str:
        """The verdict on a row, or the reason why it cannot be judged. `gold` gives what the row says, if it is known."""
        if len(row.completion) > _LONGEST:
            return TOO_LONG
        if self._problems is None:
            found = gold() if gold else row_parts(row, self.task, "").gold
            if not found.question or not found.context:
                return NO_PROBLEM
            prepared = self._of_gold(found.question, found.context, found.answer, found.label)
            has_gold = found.answer is not None
        else:
            place = self._problems.place(_as_output(row))
            if isinstance(place, Miss):
                return place.reason
            prepared, has_gold = self._of_place(place.place), True
        transcript = Transcript.of(row.completion)
        verdict = self._judge.verdict(prepared, transcript)
        # Without marks around it, a trace is known by what it states; a bare answer is none.
        if transcript.reasoning is None and not any(map(_is_step, verdict.statements)):
            return NO_TRACE
        return JudgedRow(verdict, has_gold)

    def _prepare_given(self, place: int) -> FreeProblem:
        assert self._problems is not None
        return self._judge.prepare(self._problems.all[place])

    def _prepare_made(
        self, question: str, context: tuple[str, ...], answer: Answer | None, label: str | None
    ) -> FreeProblem:
        facts = tuple([Fact(id=str(number), text=text) for number, text in enumerate(context, start=1)])
        # The class only says what a stated class is compared with, which no one asks for here.
        trace = gold_trace(label or self.task.labels[0], ())
        known = answer or Answer(kind="text", values=())
        return self._judge.prepare(
            Problem(
                id="row", task=self.task.name, group="row", question=question, context=facts, answer=known, trace=trace,
                source="row",
            )
        )  # fmt: skip


def given_problems(task: Task, sources: Sequence[str]) -> Problems:
    """The problems of these sources, of which rows show one each. Raises UserError if there is none."""
    found = (each for each in load(task, sources) if isinstance(each, Problem))
    problems = Problems.of(found, task.template, has_titles=task.has_titles)
    if not problems.all:
        raise UserError(
            "no problem could be loaded", where=sources[0],
            next_step=shlex.join(["tracekd", "problems", task.name, *sources]),
        )  # fmt: skip
    return problems


def _is_step(one: Statement) -> bool:
    return one.is_claim and one.is_read and not one.is_answer


def _as_output(row: SupervisedRow) -> OutputRecord:
    """What a row shows of its problem. Its column `question` may be the whole prompt."""
    question = None if row.question == row.prompt else row.question
    return OutputRecord(
        row.completion, row.where, row.id, question=question, context=row.context, prompt=row.prompt or None
    )
