"""The verdict on one output with a free trace: what its statements are worth, and whether the answer follows from them."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from tracekd.statements.statement import Grounding, Statement
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

    @cached_property
    def counts(self) -> dict[Grounding, int]:
        """How many statements there are of each grounding."""
        return dict(Counter(one.grounding for one in self.statements))

    @property
    def claims(self) -> int:
        """How many statements claim something."""
        return sum(one.is_claim for one in self.statements)

    @property
    def holding_share(self) -> float | None:
        """The share of claims that hold, in [0, 1]; None without claims."""
        return sum(one.holds for one in self.statements) / self.claims if self.claims else None

    @property
    def unread_share(self) -> float:
        """The share of statements that the grammar cannot read, in [0, 1]; 0 without statements."""
        return sum(not one.is_read for one in self.statements) / len(self.statements) if self.statements else 0.0

    @property
    def first_false(self) -> int | None:
        """The index of the first statement that the context contradicts (as in ProcessBench, arXiv 2412.06559), or None."""
        return next((at for at, one in enumerate(self.statements) if one.grounding == "contradicted"), None)

    @property
    def first_error(self) -> int | None:
        """The same, where a claim that was read and has no ground in the context counts as well."""
        return next((at for at, one in enumerate(self.statements) if one.is_error), None)

    @property
    def taken_back(self) -> tuple[int, ...]:
        """The indexes of the false statements that a later one takes back."""
        return tuple([at for at, one in enumerate(self.statements) if one.taken_back_by is not None])

    @property
    def conclusions(self) -> tuple[int, ...]:
        """The indexes of the intermediate conclusions: what follows by rule, and is not the answer."""
        return tuple([at for at, one in enumerate(self.statements) if one.grounding == "derived" and not one.is_answer])

    @property
    def all_hold(self) -> bool:
        """Whether there is a claim, and every claim holds."""
        return self.claims > 0 and all(one.holds for one in self.statements if one.is_claim)

    @property
    def label_is_right(self) -> bool | None:
        """Whether the stated class is the gold class; None if none is stated."""
        return None if self.stated_label is None else self.stated_label == self.label
