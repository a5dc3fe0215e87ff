"""One statement of a free trace, and how it stands to the context."""

from collections.abc import Hashable
from typing import Literal, NamedTuple, get_args

Grounding = Literal["quoted", "restated", "derived", "contradicted", "unsupported", "no_claim"]
GROUNDINGS: tuple[Grounding, ...] = get_args(Grounding)
HOLDING = frozenset({"quoted", "restated", "derived"})


class Grounds(NamedTuple):
    """How one statement stands to the context, as the rules of its task decide.

    `facts`: the ids of the facts that decide, in the order of the context. `reason` is for people. `is_read`: the
    grammar understood every word. `slot` is what the statement is about, such as (`Mary`, `place`): a later statement
    on the same slot replaces an earlier one. `label` is the class that the statement names or implies. `as_fact` is the
    statement as a sentence of the context's own form, for the rules. `answer`: the values that it gives
    as the answer, if it says what the answer is.
    """

    grounding: Grounding
    facts: tuple[str, ...] = ()
    reason: str = ""
    is_read: bool = True
    slot: Hashable = None
    label: str | None = None
    as_fact: str | None = None
    answer: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the context says it, or it follows."""
        return self.grounding in HOLDING


class Statement(NamedTuple):
    """A statement: its place in the reasoning (`text` is `reasoning[start:end]`) and how it stands to the context.

    `taken_back_by` is the index of the later statement that takes back this false one, or None. The other fields are
    those of `Grounds`.
    """

    text: str
    start: int
    end: int
    grounding: Grounding
    facts: tuple[str, ...]
    reason: str
    is_read: bool
    taken_back_by: int | None = None
    slot: Hashable = None
    label: str | None = None
    as_fact: str | None = None
    answer: tuple[str, ...] = ()

    @property
    def is_claim(self) -> bool:
        """Whether it claims something."""
        return self.grounding != "no_claim"

    @property
    def is_answer(self) -> bool:
        """Whether it says what the answer is."""
        return bool(self.answer)

    @property
    def holds(self) -> bool:
        """Whether the context says it, or it follows."""
        return self.grounding in HOLDING

    @property
    def is_error(self) -> bool:
        """Whether it was understood and does not hold: the context says otherwise, or nothing in it says so."""
        return self.grounding == "contradicted" or (self.grounding == "unsupported" and self.is_read)


NO_CLAIM = Grounds("no_claim")


def holding(grounding: Grounding, facts: tuple[str, ...], reason: str, slot: Hashable) -> Grounds:
    """The grounds of a statement that holds. It takes half the time of the class, which looks for its fields by name."""
    return tuple.__new__(Grounds, (grounding, facts, reason, True, slot, None, None, ()))


_UNREAD_CLAIM = Grounds("unsupported", reason="the grammar cannot read this claim", is_read=False)
_UNREAD = Grounds("no_claim", reason="it names nothing of the context", is_read=False)


def unread(names: bool) -> Grounds:
    """A statement that the grammar cannot read. It counts as a claim only if it names something of the context."""
    return _UNREAD_CLAIM if names else _UNREAD
