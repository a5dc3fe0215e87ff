"""The fault of a record: it is skipped and counted, or, with strict reading, it ends the command."""

from pydantic import BaseModel, ConfigDict

from tracekd.errors import UserError
from tracekd.plain_text import plain_line

_LONGEST = 300


class Fault(Exception):
    """A record is invalid. `reason` is one of a few fixed phrases, which are counted; `detail` gives the particulars."""

    def __init__(self, reason: str, detail: str = "", *, where: str | None = None) -> None:
        self.reason = reason
        self.detail = detail
        self.where = where
        super().__init__(f"{reason}: {detail}" if detail else reason)


class Skipped(BaseModel):
    """A record that was left out: its place (`file:line`), the reason, and the particulars."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    where: str
    reason: str
    detail: str = ""

    @classmethod
    def of(cls, fault: Fault, where: str) -> "Skipped":
        """The skipped record of a fault at `where` (the fault's own place counts first).

        The detail quotes hostile text: it is bounded and without control characters.
        """
        return cls(where=fault.where or where, reason=fault.reason, detail=plain_line(fault.detail[:_LONGEST]))

    def error(self) -> UserError:
        """The same as an error, for strict reading."""
        return UserError(
            f"{self.reason}: {self.detail}" if self.detail else self.reason,
            where=self.where,
            next_step="correct the record, or leave out --strict to skip and count such records",
        )
