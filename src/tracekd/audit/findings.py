"""What was found: counted by fault and part, the first of each kept as examples, all of them written if wanted."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from tracekd.audit.ledger import PartKey
from tracekd.audit.taken import Said


class Finding(BaseModel):
    """One fault of one row: where it stands (`file:line`), of which regime and split it is, and what is wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    fault: str
    where: str
    regime: str
    split: str | None
    said: str


@dataclass
class Findings:
    """`checked` and `found` count rows by fault and part; `examples` are the first few of each fault."""

    write: Callable[[BaseModel], None] | None
    most_examples: int = 5
    checked: Counter[tuple[str, PartKey]] = field(default_factory=Counter)
    found: Counter[tuple[str, PartKey]] = field(default_factory=Counter)
    examples: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))

    def tell(self, fault: str, key: PartKey, where: str, said: Said) -> None:
        """Count what a check says of a row (see `Said`)."""
        if said is None:
            return
        self.checked[fault, key] += 1
        if said:
            self.add(fault, key, where, said)

    def count_checked(self, fault: str, key: PartKey, rows: int) -> None:
        """So many rows were checked for a fault that is told row by row, with `add`."""
        self.checked[fault, key] += rows

    def add(self, fault: str, key: PartKey, where: str, said: str) -> None:
        """A fault of a row."""
        self.found[fault, key] += 1
        finding: Finding | None = None
        if len(self.examples[fault]) < self.most_examples or self.write:
            finding = Finding(fault=fault, where=where, regime=key.regime, split=key.split, said=said)
        if finding and len(self.examples[fault]) < self.most_examples:
            self.examples[fault].append(finding)
        if finding and self.write:
            self.write(finding)
