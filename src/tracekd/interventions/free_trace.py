"""A student's own free trace: where it is in an output, its statements, and what follows from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracekd.interventions.condition import Own, steps_of
from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Setting, Unsupported
from tracekd.regimes.derived_answer import as_written
from tracekd.statements import grammar_names
from tracekd.statements.judging import judge_trace
from tracekd.statements.statement import Statement
from tracekd.students.output import Output
from tracekd.tasks import get_task
from tracekd.tasks.check import same_answer
from tracekd.tasks.context import Context
from tracekd.tasks.normalize import normalize_answer
from tracekd.transcript.transcript import Transcript
from tracekd.verify.answer import Comparison
from tracekd.verify.free_question import FreeQuestion, SaidAnswer, standing_statements

# Longer traces are not changed: each change is judged anew, and time must stay bounded.
MOST_CHARS, MOST_STATEMENTS = 20_000, 128


def own_of(problem: Problem, output: Output, setting: Setting) -> Own | None:
    """What a student wrote for a problem; None if its trace cannot be read.

    Where free traces are expected, an output without marks of reasoning has a trace, too: its text before `<answer>`, or
    all of it, if its statements claim more than the answer.
    """
    own = Own.of(output.text, setting.template, output.finish)
    if own is not None or not setting.free_traces:
        return own
    said = Transcript.of(output.text, finish=output.finish)
    text, mark, _ = said.answer.partition("<answer>")
    if said.state != "absent" or (output.finish == "length" and not mark):
        return None
    reading = _question(problem).read(said, output.finish)
    return Own(text, steps_of(text, setting.template), reading.answer_text) if reading.steps else None


@dataclass(frozen=True)
class FreeTrace:
    """The text of a free trace, its statements, and the question that they are judged by."""

    problem: Problem
    question: FreeQuestion
    text: str
    statements: tuple[Statement, ...]

    @classmethod
    def of(cls, problem: Problem, own: Own, setting: Setting) -> "FreeTrace":
        """The trace that a student wrote. Raises Unsupported if it is no free trace, is too long, or has no grammar."""
        if problem.task not in grammar_names():
            raise Unsupported(f"no grammar reads the free traces of {problem.task}")
        if any(one.search(own.text) for one in (setting.template.classify_pattern, setting.template.retrieve_pattern)):
            raise Unsupported("the student's trace is one of the template, not a free one")
        if len(own.text) > MOST_CHARS:
            raise Unsupported(f"the student's trace has more than {MOST_CHARS:,} characters")
        question = _question(problem)
        found = cls(problem, question, own.text, judge_trace(own.text, question.grounder))
        if len(found.statements) > MOST_STATEMENTS:
            raise Unsupported(f"the student's trace has more than {MOST_STATEMENTS} statements")
        return found

    def with_text(self, text: str) -> "FreeTrace":
        """The same with another text, judged anew."""
        return FreeTrace(self.problem, self.question, text, judge_trace(text, self.question.grounder))

    @property
    def steps(self) -> list[int]:
        """The statements that claim something, are read by the grammar, and do not say what the answer is."""
        return [at for at, one in enumerate(self.statements) if one.is_claim and one.is_read and not one.is_answer]

    def decisive(self, answer: str | None) -> int | None:
        """The step with which the trace decides an answer: the last one that makes it follow from the trace up to there.

        `answer` is the student's, as it wrote it. None if it does not follow from the whole trace.
        """
        said = _said(answer, self.statements)
        if said is None:
            return None
        decided: int | None = None
        for at in reversed(self.steps):
            if not self._follows(said, self.statements[: at + 1]):
                break
            decided = at
        return decided

    def implied(self) -> Answer | None:
        """The only answer that follows by rule from the statements that the trace ends on; None if it is gold.

        None also if the trace itself says another answer: then nobody knows which one a student that relies on it gives.
        """
        derived = [one.gold for one in self.question.following(_ending(self.statements))]
        if not derived or not all(same_answer(derived[0], other) for other in derived):
            return None
        answer = derived[0]
        said = _said(None, self.statements)
        if same_answer(answer, self.problem.answer) or (said and not said.is_right(Comparison.of(answer))):
            return None
        return as_written(answer, [one.text for one in self.statements], self.problem.answer)

    @property
    def is_altered(self) -> bool:
        """Whether it ends on a step that the context does not hold."""
        return any(not one.holds and not one.is_answer for one in standing_statements(self.statements))

    def _follows(self, said: SaidAnswer, statements: Sequence[Statement]) -> bool:
        whole = [one._replace(taken_back_by=None) if _is_later(one, statements) else one for one in statements]
        return any(said.is_right(derived) for derived in self.question.following(_ending(whole)))


def _ending(statements: Sequence[Statement]) -> Iterator[Statement]:
    """The statements that a trace ends on, without those on the class: these rest on the whole context, and not on what the
    trace says of it.
    """
    return (one for one in standing_statements(statements) if one.slot != ("class",))


def _is_later(one: Statement, statements: Sequence[Statement]) -> bool:
    """Whether a statement is taken back only after these statements."""
    return one.taken_back_by is not None and one.taken_back_by >= len(statements)


def _question(problem: Problem) -> FreeQuestion:
    return FreeQuestion.of(get_task(problem.task), problem.question, problem.context, Context.of(problem))


def _said(answer: str | None, statements: Sequence[Statement]) -> SaidAnswer | None:
    """The answer of an output: as it was written, or as the last statement says it."""
    last = next((one for one in reversed(statements) if one.is_answer), None)
    values = tuple(map(normalize_answer, last.answer)) if last else ()
    if answer is not None:
        return SaidAnswer(answer, values, answer)
    return SaidAnswer(last.text, values, None) if last else None


def same_others(before: FreeTrace, after: FreeTrace, at: int, *, is_gone: bool) -> bool:
    """Whether all statements except the one at this index are judged as before."""
    mine, others = list(_judged(before, at, is_gone)), list(_judged(after, None if is_gone else at, False))
    return mine == others


def _judged(trace: FreeTrace, left_out: int | None, is_gone: bool) -> Iterator[tuple[object, ...]]:
    for at, one in enumerate(trace.statements):
        if at == left_out:
            continue
        by = one.taken_back_by
        if is_gone and by is not None and left_out is not None:
            by = -1 if by == left_out else by - (by > left_out)
        yield one.text.casefold().rstrip("."), one.grounding, one.facts, one.is_read, one.answer, by
