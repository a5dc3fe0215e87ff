"""Accuracy of a student during training, which loss and token accuracy do not show."""

from collections.abc import Callable, Sequence
from itertools import chain

from tracekd.problem import Problem
from tracekd.students.clock import Step
from tracekd.students.session import Session
from tracekd.verify.join import Problems
from tracekd.verify.judge import Judge
from tracekd.verify.run import judge_outputs
from tracekd.verify.trace_kind import DEFAULT_KIND, TraceKind
from tracekd.verify.verdict import Verdict

# The shares of right answers and of right traces, each in [0, 1].
Shares = tuple[float, float]


class Probe:
    """Lets a student answer some problems at some `moments` of its training, each a share of its steps in (0, 1]. `tell`
    gets every step and the last shares. `trace` says how traces are judged.
    """

    def __init__(
        self,
        session: Session,
        problems: Sequence[Problem],
        moments: Sequence[float],
        tell: Callable[[Step, Shares | None], None],
        trace: TraceKind = DEFAULT_KIND,
    ) -> None:
        self.session, self.moments, self.tell = session, moments, tell
        self.problems, self.judge = Problems.of(problems), Judge.of(session.task, trace=trace)
        self.asked = session.asked(problems)
        self.shares: Shares | None = None

    def watch(self, step: Step) -> None:
        """To be called after every step."""
        if self.asked and step.number in {max(1, round(moment * step.of)) for moment in self.moments}:
            outputs = chain.from_iterable(self.session.outputs_of(step.model, self.asked))
            self.shares = shares(judge_outputs(outputs, self.problems, self.judge))
            step.log({"answer_exact": self.shares[0], "trace_exact": self.shares[1]})
        self.tell(step, self.shares)


def shares(verdicts: Sequence[Verdict]) -> Shares:
    """The shares of right answers and of right traces. Raises ZeroDivisionError if there is no verdict."""
    return sum(v.answer for v in verdicts) / len(verdicts), sum(v.trace for v in verdicts) / len(verdicts)
