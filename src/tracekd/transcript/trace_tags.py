"""Marks of reasoning that the user names (`--trace-tags OPEN,CLOSE`), because they are none of the known ones."""

from typing import NamedTuple

from tracekd.errors import UserError
from tracekd.transcript.delimiters import divide_at


class TraceTags(NamedTuple):
    """The mark before the reasoning and the mark after it."""

    opening: str
    closing: str

    @classmethod
    def read(cls, written: str | None) -> "TraceTags | None":
        """The marks as an option states them; None without the option. Raises UserError for anything else."""
        if written is None:
            return None
        opening, _, closing = written.partition(",")
        if not opening.strip() or not closing.strip() or opening == closing:
            raise UserError(
                f"--trace-tags {written[:80]!r} are not two marks", expected="OPEN,CLOSE, such as '<plan>,</plan>'"
            )
        return cls(opening, closing)

    def divide(self, text: str) -> tuple[str, str] | None:
        """The reasoning between the marks and the text after it; None if there is no such reasoning, or if it never ends."""
        divided = divide_at(text, *self)
        return None if divided.reasoning is None else (divided.reasoning, divided.answer)
