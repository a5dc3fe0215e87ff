"""What a check without gold says of one output."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tracekd.verify.verdict import TraceStatus

State = Literal["passes", "fails", "unknown"]


class Part(BaseModel):
    """One part of a check, with the reason for people. `unknown`: no rule can tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    state: State
    reason: str


class Check(BaseModel):
    """The check of one output, by rule alone.

    Four parts: `facts` (every cited fact stands in the context), `label` (question and context admit the stated class),
    `from_cited` (the answer follows from the cited facts alone), `from_context` (it follows from the whole context: the
    rule then answers the question itself, and the trace plays no part). `status` is that of the trace; `admitted` are
    the classes that question and context admit, None where there is no rule. `cited` are the places in the context
    (from 0) of the cited facts, in its order, of a repeated one the last; `invented` are the cited facts that are not in
    the context, `stated_label` and `answer` what the output says: the first few of them, cut short where they are long.
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
        """No part fails, and the two that decide pass: the cited facts are real, and the answer follows from them.

        A class or a whole context that no rule can judge does not stand in the way. Where a task has no rule that
        derives answers, nothing is decided, and no output passes.
        """
        return self.trace_passes and self.from_context.state != "fails"

    @property
    def trace_passes(self) -> bool:
        """The same of the trace alone, whatever follows from the whole context."""
        fails = any(part.state == "fails" for part in self.trace_parts.values())
        return not fails and self.facts.state == self.from_cited.state == "passes"
