"""The check of one output without gold: four parts, each with a state and a reason."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tracekd.tasks.template import render_answer
from tracekd.verify.answer import Comparison
from tracekd.verify.free_trace import FreeTrace
from tracekd.verify.verdict import STORED_CHARS, TraceStatus
from tracekd.verify.wording import short

State = Literal["passes", "fails", "unknown"]


class Part(BaseModel):
    """One part of a check, with the reason for people. `unknown`: no rule can decide."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    state: State
    reason: str


class Check(BaseModel):
    """The check of one output, by rule alone.

    Four parts: `facts` (every cited fact is in the context), `label` (question and context allow the stated class),
    `from_cited` (the answer follows from the cited facts alone), `from_context` (it follows from the whole context: the
    rule then answers the question itself, and the trace is not used). `status` is the trace's; `admitted` are
    the classes that question and context allow, None if there is no rule. `cited` are the indexes in the context
    (from 0) of the cited facts, in ascending order (of a repeated fact, the last); `invented` are the cited facts that
    are not in the context; `stated_label` and `answer` are what the output says. Long lists and texts are cut short.

    `free` is there only if the trace was checked as a free one: its statements, in which the ids of facts count from 1. Then
    `facts` is about what the statements claim, `cited` are the facts on which the statements rest that hold, `invented` the
    claims without any ground, and `from_cited` is about the statements that the trace ends on. The answer may be written
    in any form.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str
    status: TraceStatus
    stated_label: str | None
    admitted: tuple[str, ...] | None
    cited: tuple[int, ...]
    invented: tuple[str, ...]
    answer: str | None
    facts: Part
    label: Part
    from_cited: Part
    from_context: Part
    free: FreeTrace | None = Field(default=None, exclude_if=lambda free: free is None)

    @property
    def parts(self) -> dict[str, Part]:
        """All four parts by name."""
        return {**self.trace_parts, "from_context": self.from_context}

    @property
    def trace_parts(self) -> dict[str, Part]:
        """The parts that judge the trace."""
        return {"facts": self.facts, "label": self.label, "from_cited": self.from_cited}

    @property
    def passes(self) -> bool:
        """No part fails, and the two deciding parts pass: the cited facts are real, and the answer follows from them.

        An output can pass even if no rule can judge its class or the whole context. If a task has no rule that
        derives answers, nothing is decided, and no output passes.
        """
        return self.trace_passes and self.from_context.state != "fails"

    @property
    def trace_passes(self) -> bool:
        """The same for the trace alone, without `from_context`."""
        fails = any(part.state == "fails" for part in self.trace_parts.values())
        return not fails and self.facts.state == self.from_cited.state == "passes"


def part(state: State, reason: str) -> Part:
    """A part of a check."""
    return Part(state=state, reason=reason)


def no_answer() -> Part:
    """The part about an answer that is missing."""
    return part("fails", "there is no answer")


def of_answer(text: str, right: Sequence[Comparison], source: str, *, is_right: bool) -> Part:
    """The part about an answer: `right` are those that follow from `source`, and `is_right`: it is one of them."""
    if not right:
        return part("unknown", f"no rule derives an answer from {source}")
    follows = " or ".join(short(render_answer(answer.gold)) for answer in right[:3])
    if is_right:
        return part("passes", f"{follows} follows from {source}")
    return part("fails", f"{follows} follows from {source}, not {short(text)}")


def cut(text: str | None) -> str | None:
    """As much of a text as a check keeps."""
    return None if text is None else text[:STORED_CHARS]
