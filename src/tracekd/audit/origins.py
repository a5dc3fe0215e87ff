"""Whose message it is that stands in another row: found by exact look-up, once all rows are known."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tracekd.audit.findings import Findings
from tracekd.audit.ledger import Ledger, PartKey, Place, hashes, mark, target
from tracekd.audit.taken import Taken
from tracekd.tasks.normalize import fold_space

# So many are looked up; of further ones it is only told that they are of another row.
_MOST = 10_000
_MESSAGE = "message_of_another_question"


@dataclass(frozen=True, slots=True)
class _Waiting:
    key: PartKey
    where: str
    said: str
    question: int
    target: int


@dataclass
class Origins:
    """Rows whose messages are of another question, waiting to be told with the row that they are of."""

    waiting: list[_Waiting] = field(default_factory=list)

    def wait(self, taken: Taken, key: PartKey, said: str) -> bool:
        """Whether the row is kept, to be told later."""
        if len(self.waiting) >= _MOST:
            return False
        question = mark(fold_space(taken.prompt.question or ""))
        quoted = target(taken.cited, [taken.parsed.answer_text or ""])
        self.waiting.append(_Waiting(key, taken.row.where, said, question, quoted))
        return True

    def tell(self, ledgers: Sequence[Ledger], where: Callable[[Place], str], findings: Findings) -> None:
        """Tell all that wait: whose question the message asks or, where it asks the row's own, whose answer it gives."""
        asked = _first_places((row.question for row in self.waiting), ledgers, "questions")
        given = _first_places((row.target for row in self.waiting), ledgers, "targets")
        for row in self.waiting:
            places = [asked.get(row.question), given.get(row.target)]
            of = next((found for place in places if place and (found := where(place)) != row.where), None)
            findings.add(_MESSAGE, row.key, row.where, f"{row.said}; it is that of {of}" if of else row.said)


def _first_places(wanted: Iterable[int], ledgers: Sequence[Ledger], column: str) -> dict[int, Place]:
    numbers = np.asarray(sorted(set(wanted)), dtype=np.uint64)
    found: dict[int, Place] = {}
    for ledger in ledgers:
        values = hashes(getattr(ledger, column))
        for at in np.flatnonzero(np.isin(values, numbers)):
            found.setdefault(int(values[at]), ledger.place(int(at)))
    return found
