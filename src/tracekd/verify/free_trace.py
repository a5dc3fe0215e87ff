"""The record of a free trace in a verdict or a check: its statements, each with its grounding, and their numbers."""

from collections import Counter
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from tracekd.statements.statement import Grounding, Statement

_STORED_STATEMENTS = 256
_STORED_CHARS = 300
_STORED_FACTS = 16


class JudgedStatement(BaseModel):
    """One statement of a free trace, and how it stands to the context.

    It is `said[start:end]`, where `said` is the reasoning of the output's `Transcript`, or its `answer` if it has no whole
    reasoning. `text` is the same, cut to 300 characters. `facts` are the ids of the facts that decide (at most 16), `reason`
    says why. `is_read`: the grammar understood every word. `is_answer`: it says what the answer is. `taken_back_by` is the
    index (from 0) of the later statement that takes back this false one, or None.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    start: int
    end: int
    text: str
    grounding: Grounding
    facts: tuple[str, ...] = ()
    reason: str = ""
    is_read: bool = True
    is_answer: bool = False
    taken_back_by: int | None = None


class FreeTrace(BaseModel):
    """What the statements of a free trace are worth. Indexes count its statements from 0.

    `statements` are the first 256 of `total`. `counts`: how many of all statements have each grounding. `claims` of them
    claim something, and `holding` of these are in the context or follow from it.

    `steps` are the claims that do not say what the answer is. The answer is judged by itself, and if its claim counted here,
    a wrong answer would make its trace wrong by construction. Of the steps, `holding_steps` hold, the context contradicts
    `false_steps`, and `invented_steps` were read and have no ground. `standing_errors` are those of the last two kinds that no
    later statement takes back.

    `unread` of all statements the grammar cannot read. `first_false` is the index of the first statement that the context
    contradicts (as in ProcessBench, arXiv 2412.06559), `first_error` counts what has no ground as well; None if there is
    none. `taken_back` is the number of false statements that a later one takes back, `conclusions` the number of
    statements that follow by rule and are not the answer. Whether the answer follows by rule from the statements that hold, and
    from those that the trace ends on, right or wrong; both None without an answer, and if no rule derives one from the
    whole context.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    statements: tuple[JudgedStatement, ...]
    total: int
    counts: dict[Grounding, int]
    claims: int
    holding: int
    steps: int
    holding_steps: int
    false_steps: int
    invented_steps: int
    standing_errors: int
    unread: int
    first_false: int | None
    first_error: int | None
    taken_back: int
    conclusions: int
    answer_follows_from_holding: bool | None
    answer_follows_from_standing: bool | None

    @property
    def holding_share(self) -> float | None:
        """The share of claims that hold, in [0, 1]; None without claims."""
        return self.holding / self.claims if self.claims else None

    @property
    def unread_share(self) -> float:
        """The share of statements that the grammar cannot read, in [0, 1]; 0 without statements."""
        return self.unread / self.total if self.total else 0.0

    @property
    def all_hold(self) -> bool:
        """Whether there is a step, and every step holds."""
        return 0 < self.steps == self.holding_steps

    @property
    def has_no_false_step(self) -> bool:
        """Whether there is a step, and the context contradicts none."""
        return self.steps > 0 and not self.false_steps

    @classmethod
    def of(cls, statements: Sequence[Statement], from_holding: bool | None, from_standing: bool | None) -> "FreeTrace":
        """The record of these statements."""
        steps = [one for one in statements if one.is_claim and not one.is_answer]
        errors = [one for one in steps if one.is_error]
        false_steps = sum(one.grounding == "contradicted" for one in errors)
        return cls(
            statements=tuple(map(_recorded, statements[:_STORED_STATEMENTS])),
            total=len(statements),
            counts=dict(Counter([one.grounding for one in statements])),
            claims=sum(one.is_claim for one in statements),
            holding=sum(one.holds for one in statements),
            steps=len(steps),
            holding_steps=sum(one.holds for one in steps),
            false_steps=false_steps,
            invented_steps=len(errors) - false_steps,
            standing_errors=sum(one.taken_back_by is None for one in errors),
            unread=sum(not one.is_read for one in statements),
            first_false=next((at for at, one in enumerate(statements) if one.grounding == "contradicted"), None),
            first_error=next((at for at, one in enumerate(statements) if one.is_error), None),
            taken_back=sum(one.taken_back_by is not None for one in statements),
            conclusions=sum(one.grounding == "derived" and not one.is_answer for one in statements),
            answer_follows_from_holding=from_holding,
            answer_follows_from_standing=from_standing,
        )


def _recorded(one: Statement) -> JudgedStatement:
    return JudgedStatement(
        start=one.start,
        end=one.end,
        text=one.text[:_STORED_CHARS],
        grounding=one.grounding,
        facts=tuple([id_[:_STORED_CHARS] for id_ in one.facts[:_STORED_FACTS]]),
        reason=one.reason[:_STORED_CHARS],
        is_read=one.is_read,
        is_answer=one.is_answer,
        taken_back_by=one.taken_back_by,
    )
