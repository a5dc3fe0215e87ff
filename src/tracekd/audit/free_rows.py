"""Judges the free traces of supervised rows, each against the question and context of its row, or of a given problem."""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tracekd.audit.gold import Gold
from tracekd.audit.row_parts import row_parts
from tracekd.errors import UserError
from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.sft.supervised_row import SupervisedRow
from tracekd.tasks.contract import Task
from tracekd.tasks.loading import load
from tracekd.tasks.reading.fault import Skipped
from tracekd.verify.free_judge import FreeJudge, FreeProblem
from tracekd.verify.free_question import check_has_grammar
from tracekd.verify.free_verdict import FreeVerdict
from tracekd.verify.join import Miss, Problems
from tracekd.verify.reading import OutputRecord

# A prepared problem needs 5 to 50 kB; those with more characters than this are prepared anew for each row.
_MOST_PREPARED, _LARGEST_KEPT = 4096, 2**15
# Judging takes about a second for each million characters.
_LONGEST = 2**21
TOO_LONG = "its trace is too long"
NO_PROBLEM = "its question or its context cannot be found"
NO_TRACE = "it has no trace"
UNCLOSED = "its trace is not closed"


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """The verdict on a row; `has_gold`: the right answer is known. If `no_trace` says why there is no trace, only the answer
    is judged.
    """

    verdict: FreeVerdict
    has_gold: bool
    no_trace: str | None


class FreeRows:
    """Judges rows one at a time. A problem is prepared once for its rows. With `problems`, a row is joined to one of them;
    without, its problem is made of what the row itself says. `skipped` counts records that are not valid problems.
    """

    def __init__(self, task: Task, problems: Problems | None = None, skipped: int = 0) -> None:
        self.task = task
        self.skipped = skipped
        self._judge = FreeJudge.of(task)
        self._problems = problems
        self._gold_of = lru_cache(_MOST_PREPARED)(self._read_gold)
        self._of_gold = lru_cache(_MOST_PREPARED)(self._prepare_made)
        self._of_place = lru_cache(_MOST_PREPARED)(self._prepare_given)

    @classmethod
    def of(cls, task: Task, sources: Sequence[str]) -> "FreeRows":
        """The judge of rows that show one of the problems of these sources each, or, without sources, their own.

        Raises UserError if free traces of the task cannot be judged, or if the sources have no problem.
        """
        if not sources:
            return cls(task)
        check_has_grammar(task)  # an error is reported before any problem is read
        skipped: Counter[str] = Counter()
        problems = Problems.of(_valid(load(task, sources), skipped), task.template, has_titles=task.has_titles)
        if not problems.all:
            raise UserError(
                "no problem could be loaded", where=sources[0],
                next_step=shlex.join(["tracekd", "problems", task.name, *sources]),
            )  # fmt: skip
        return cls(task, problems, skipped.total())

    def judge(self, row: SupervisedRow, gold: Gold | None = None) -> JudgedRow | str:
        """The verdict on a row, or the reason why it cannot be judged. `gold` is what the row says, if it was read before."""
        if len(row.completion) > _LONGEST:
            return TOO_LONG
        found = self._prepared(row, gold)
        if isinstance(found, str):
            return found
        prepared, has_gold = found
        verdict = self._judge.judge(prepared, row.completion)
        no_trace = None if verdict.status == "ok" else UNCLOSED if verdict.status == "unclosed" else NO_TRACE
        return JudgedRow(verdict, has_gold, no_trace)

    def _prepared(self, row: SupervisedRow, gold: Gold | None) -> tuple[FreeProblem, bool] | str:
        """The problem of a row, and whether its right answer is known; or why there is none."""
        if self._problems is not None:
            place = self._problems.place(_as_output(row))
            return place.reason if isinstance(place, Miss) else (self._of_place(place.place), True)
        # Many rows of any size would fill the memory.
        is_large = len(row.prompt) + sum(map(len, row.context or ())) > _LARGEST_KEPT
        if gold is None:
            # What a row says of its problem does not depend on its completion.
            bare = replace(row, completion="", where="", line=0, number=0)
            gold = self._read_gold(bare) if is_large else self._gold_of(bare)
        if not gold.question or not gold.context:
            return NO_PROBLEM
        prepare = self._prepare_made if is_large else self._of_gold
        return prepare(gold.question, gold.context, gold.answer, gold.label), gold.answer is not None

    def _read_gold(self, row: SupervisedRow) -> Gold:
        return row_parts(row, self.task, "").gold

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


def _valid(found: Iterable[Problem | Skipped], skipped: Counter[str]) -> Iterator[Problem]:
    for each in found:
        if isinstance(each, Problem):
            yield each
        else:
            skipped[each.reason] += 1


def _as_output(row: SupervisedRow) -> OutputRecord:
    """What a row shows of its problem. Its column `question` may be the whole prompt."""
    question = None if row.question == row.prompt else row.question
    return OutputRecord(
        row.completion, row.where, row.id, question=question, context=row.context, prompt=row.prompt or None
    )
