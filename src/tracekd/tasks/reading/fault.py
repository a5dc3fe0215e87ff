"""What is wrong with a record, and what becomes of it: skipped and counted, or (strictly) the end."""

from pydantic import BaseModel, ConfigDict

from tracekd.errors import UserError

_LONGEST = 300


def printable(text: str) -> str:
    """The text with a sign for every control character."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


class Fault(Exception):
    """A record that is no problem. `reason` is one of a few fixed phrases, to be counted; `detail` says the rest."""

    def __init__(self, reason: str, detail: str = "", *, where: str | None = None) -> None:
        self.reason = reason
        self.detail = detail
        self.where = where
        super().__init__(f"{reason}: {detail}" if detail else reason)


class Skipped(BaseModel):
    """A record that was left out: where it stands (`file:line`), why, and what exactly was met."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    where: str
    reason: str
    detail: str = ""

    @classmethod
    def of(cls, fault: Fault, where: str) -> "Skipped":
        """The fault of the record that stands at `where` (unless the fault itself knows better).

        The detail quotes hostile text: it is bounded, and holds no control characters.
        """
        return cls(where=fault.where or where, reason=fault.reason, detail=printable(fault.detail[:_LONGEST]))

    def error(self) -> UserError:
        """The same as an error, for strict reading."""
        return UserError(
            f"{self.reason}: {self.detail}" if self.detail else self.reason,
            where=self.where,
            next_step="mend the record, or leave out --strict to skip and count such records",
        )
