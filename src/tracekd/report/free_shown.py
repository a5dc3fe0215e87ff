"""One example of a free trace, independent of its layout."""

from dataclasses import dataclass

from tracekd.problem import Problem
from tracekd.report.visible import Bounded, bounded
from tracekd.transcript.transcript import Transcript
from tracekd.verify.verdict import Verdict

WRITTEN_CHARS = 6000


@dataclass(frozen=True)
class FreeShown:
    """One example of a free trace: a problem, the verdict, and what the model wrote, without marks around the reasoning.

    Only the beginning of a long text is kept. `written` is the text in which the statements have their places. `rest`:
    what comes after the reasoning; None if the reasoning is not marked.
    """

    problem: Problem
    verdict: Verdict
    written: Bounded
    rest: Bounded | None

    @classmethod
    def of(cls, problem: Problem, transcript: Transcript, verdict: Verdict) -> "FreeShown":
        """The example, from an output that is divided already."""
        if transcript.reasoning is None:
            return cls(problem, verdict, bounded(transcript.answer, WRITTEN_CHARS), None)
        return cls(problem, verdict, bounded(transcript.reasoning, WRITTEN_CHARS), bounded(transcript.answer))
