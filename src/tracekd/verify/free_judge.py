"""Judges outputs with free traces: each statement by rule, and the answer against gold and against the statements."""

from dataclasses import dataclass

from tracekd.problem import Problem
from tracekd.tasks.context import Context
from tracekd.tasks.contract import Task
from tracekd.transcript.transcript import Finish, Transcript
from tracekd.verify.answer import Comparison
from tracekd.verify.citation import nearest, scores
from tracekd.verify.free_question import FreeQuestion, FreeReading, check_has_grammar
from tracekd.verify.free_verdict import FreeVerdict


@dataclass(frozen=True, slots=True)
class FreeProblem:
    """A problem, prepared for the free traces of its outputs: its question, and gold.

    `golds` are the sets of facts that a right trace rests on, by kind of support; `trace` is the gold trace's.
    """

    problem: Problem
    question: FreeQuestion
    comparison: Comparison
    golds: dict[str, tuple[frozenset[str], ...]]

    def facts(self, reading: FreeReading) -> frozenset[str]:
        """The normalised facts on which the statements rest that hold."""
        return frozenset([self.question.texts[id_] for id_ in reading.used])


@dataclass(frozen=True, slots=True)
class FreeJudge:
    """Judges the free traces of one task."""

    task: Task

    @classmethod
    def of(cls, task: Task) -> "FreeJudge":
        """The judge of a task. Raises UserError if there is no grammar for its free traces."""
        check_has_grammar(task)
        return cls(task)

    def prepare(self, problem: Problem) -> FreeProblem:
        """Prepare a problem for all its outputs."""
        context = Context.of(problem)
        question = FreeQuestion.of(self.task, problem.question, problem.context, context)
        texts = question.texts
        golds: dict[str, tuple[frozenset[str], ...]] = {
            kind: (frozenset([texts[id_] for id_ in ids]),) for kind, ids in problem.support.items()
        }
        golds["trace"] = tuple([frozenset([texts[id_] for id_ in ids]) for ids in problem.gold_sets])
        return FreeProblem(problem, question, Comparison.of(problem.answer), golds)

    def judge(
        self, prepared: FreeProblem, text: str, *, reasoning: str | None = None, finish: Finish = "stop"
    ) -> FreeVerdict:
        """The verdict on the output `text`. `reasoning` is what a field of its own says. Never raises, whatever the text."""
        return self.verdict(prepared, Transcript.of(text, reasoning=reasoning, finish=finish), finish)

    def verdict(self, prepared: FreeProblem, transcript: Transcript, finish: Finish = "stop") -> FreeVerdict:
        """The verdict on an output that is divided already. Never raises."""
        reading = prepared.question.read(transcript, finish)
        facts = prepared.facts(reading)
        return FreeVerdict(
            id=prepared.problem.id,
            status=reading.status,
            statements=reading.statements,
            used=reading.used,
            support={
                kind: nearest(facts, golds)[1] if len(golds) > 1 else scores(facts, golds[0])
                for kind, golds in prepared.golds.items()
            },
            label=prepared.problem.label,
            stated_label=reading.stated_label,
            answer_text=reading.answer_text,
            answer=prepared.comparison.is_right(reading.answer_text),
            lenient_answer=reading.is_right(prepared.comparison),
            follows_from_holding=reading.follows_from_holding,
            follows_from_standing=reading.follows_from_standing,
        )
