"""The one error that people see: what was wrong, where, what was expected, what to do next."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from tracekd.plain_text import plain, plain_line

_LONGEST_NAME = 80  # a name may be hostile text of any length


class UserError(ValueError):
    """An invalid request. The command line prints it without a traceback and exits with 2.

    Its parts may quote untrusted text: control characters are replaced, so it is safe to print, to log and to report.
    It is a ValueError, so that pydantic reports the place in the file whose validator raised it.
    """

    def __init__(
        self,
        problem: str,
        *,
        where: str | Path | None = None,
        expected: str | None = None,
        next_step: str | None = None,
    ) -> None:
        self.problem = plain(problem)
        self.where = plain_line(str(where)) if where is not None else None
        self.expected = expected and plain(expected)
        self.next_step = next_step and plain(next_step)
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.problem}" if self.where else self.problem]
        if self.expected:
            lines.append(f"  expected: {self.expected}")
        if self.next_step:
            lines.append(f"  next: {self.next_step}")
        return "\n".join(lines)


def unknown_name(kind: str, name: str, valid: Iterable[str], *, where: str | Path | None = None) -> UserError:
    """The error for a name that is not in a registry, with the nearest valid one."""
    names, name = sorted(valid), name[:_LONGEST_NAME]
    near = get_close_matches(name, names, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else None
    return UserError(
        f"there is no {kind} {name!r}",
        where=where,
        expected=f"one of {', '.join(names)}",
        next_step=hint,
    )
