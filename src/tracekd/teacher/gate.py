"""What a teacher's trace must have to be kept: a right answer, claims that all hold, or both."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tracekd.plain_text import plain_line
from tracekd.problem import Problem
from tracekd.statements import get_grammar
from tracekd.statements.judging import judge_trace
from tracekd.verify.claims import Keep, failed_claim

_LONGEST = 200


class Refusal(NamedTuple):
    """Why the claims of a trace do not all hold, and the statement that does not, for people."""

    reason: str
    statement: str | None


@dataclass(frozen=True)
class Gate:
    """`keep` says what must be right. The verdict on a trace is kept, because one run asks for it several times."""

    keep: Keep = "answer"
    _known: dict[int, Refusal | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, keep: Keep, task: str) -> "Gate":
        """Raises UserError if claims are to be judged, and there is no grammar for the free traces of the task."""
        if keep != "answer":
            get_grammar(task)
        return cls(keep)

    def failed(self, problem: Problem, trace: str) -> Refusal | None:
        """Why the claims of a trace do not all hold; None if they do."""
        key = hash((problem.id, trace))
        if key not in self._known:
            self._known[key] = _failed(problem, trace)
        return self._known[key]


ANSWER_GATE = Gate()


def _failed(problem: Problem, trace: str) -> Refusal | None:
    grounder = get_grammar(problem.task).prepare(problem.question, problem.context)
    statements = judge_trace(trace, grounder)
    failed = failed_claim(statements)
    if failed is None:
        return None
    if failed.at is None:
        return Refusal(failed.reason, None)
    one = statements[failed.at]
    said = f"{failed.at + 1}: {one.text[:_LONGEST]} ({one.reason[:_LONGEST]})"
    return Refusal(failed.reason, plain_line(" ".join(said.split())))
