"""The verdict on one output with a free trace: what its statements are worth, and whether the answer follows from them."""

from dataclasses import dataclass
from functools import cached_property

from tracekd.statements.statement import Statement
from tracekd.verify.citation import Scores
from tracekd.verify.free_trace import FreeTrace
from tracekd.verify.verdict import TraceStatus


@dataclass(frozen=True)
class FreeVerdict:
    """What the statements of a trace are worth. Indexes count statements from 0.

    `status`: `ok` if there is a trace, with marks around it or without; otherwise, what is wrong with it.

    `support` maps each kind of gold support to precision, recall and F1 of the facts used, in [0, 1]. `used` are the ids
    of the facts on which the statements rest that hold. `stated_label` is the class that the statements say, in the
    task's words or in others; None if they say none. `answer_text` is the answer of the output; `answer`: whether it is
    right by the strict reading, `lenient_answer`: by any reading. `follows_from_holding`: whether the answer follows by
    rule from the statements that hold; `follows_from_standing`: from those that the trace ends on, right or wrong. Both
    are None if the output gives no answer, or if no rule derives one from the whole context.
    """

    id: str
    status: TraceStatus
    statements: tuple[Statement, ...]
    used: tuple[str, ...]
    support: dict[str, Scores]
    label: str
    stated_label: str | None
    answer_text: str | None
    answer: bool
    lenient_answer: bool
    follows_from_holding: bool | None
    follows_from_standing: bool | None

    @cached_property
    def trace(self) -> FreeTrace:
        """The statements and their numbers, as they are written to files."""
        return FreeTrace.of(self.statements, self.follows_from_holding, self.follows_from_standing)

    @property
    def label_is_right(self) -> bool | None:
        """Whether the stated class is the gold class; None if none is stated."""
        return None if self.stated_label is None else self.stated_label == self.label
