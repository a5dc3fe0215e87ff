"""What a student writes for problems, and how much of it is right: while it is trained, and at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transformers import PreTrainedModel

from tracekd.problem import Problem
from tracekd.students.asking import Ask
from tracekd.students.engines.contract import STOP, Decoding
from tracekd.students.engines.transformers import TransformersEngine
from tracekd.students.generate import Asked, Origin, asked_for, generate
from tracekd.students.output import Output
from tracekd.students.prompting import Prompting
from tracekd.students.student import Student
from tracekd.tasks.contract import Task
from tracekd.verify.judge import Judge
from tracekd.verify.verdict import Verdict


@dataclass(frozen=True)
class Writer:
    """A student at work on some problems: how it is asked for each of them, and what its outputs are to say of it."""

    student: Student
    prompting: Prompting
    ask: Ask
    origin: Origin
    stop: str = STOP

    @property
    def decoding(self) -> Decoding:
        """Greedy, up to the student's own limit."""
        return Decoding(self.student.max_new_tokens, stop=self.stop)

    def asked(self, problems: Sequence[Problem]) -> list[Asked]:
        """The prompts."""
        return asked_for(problems, lambda problem: self.prompting.prompt_ids(*self.ask(problem)))

    def outputs(self, model: PreTrainedModel, asked: Sequence[Asked]) -> Iterator[tuple[Output, ...]]:
        """Yield what it writes, as it is done."""
        prompting, batch = self.prompting, self.student.generation_batch
        engine = TransformersEngine(model, prompting.tokenizer, batch=batch, ends=[prompting.end])
        yield from generate(engine, prompting.tokenizer, asked, self.decoding, self.origin)

    def exact(self, model: PreTrainedModel, task: Task, problems: Sequence[Problem]) -> tuple[float, float]:
        """The shares of right answers and of right traces, each in [0, 1]."""
        by_id = {problem.id: problem for problem in problems}
        written = (output for outputs in self.outputs(model, self.asked(problems)) for output in outputs)
        judge = Judge.of(task)
        return shares([judge.verdict(judge.prepare(by_id[o.id]), o) for o in written])


def shares(verdicts: Sequence[Verdict]) -> tuple[float, float]:
    """The shares of right answers and of right traces."""
    return sum(v.answer for v in verdicts) / len(verdicts), sum(v.trace for v in verdicts) / len(verdicts)
