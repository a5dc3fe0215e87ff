"""How many tokens rows have, and which targets a token limit would cut."""

from dataclasses import dataclass, field
from typing import Protocol

from tracekd.audit.faults import Findings
from tracekd.audit.ledger import Ledger
from tracekd.audit.report import LostTargets
from tracekd.audit.row_parts import RegimeRow

_BATCH = 256


class TokenLengths(Protocol):
    """The part of a tokenizer that is needed here."""

    def lengths(self, texts: list[str]) -> list[int]:
        """How many tokens each text has."""


@dataclass
class TokenMeter:
    """Counts the tokens of rows in batches; with a limit, reports the rows that exceed it.

    The count includes one end token for each row, but not what a chat template adds around prompt and completion.
    """

    tokenizer: TokenLengths
    max_tokens: int | None
    findings: Findings
    part: int = 0
    all: int = 0
    _waiting: list[tuple[RegimeRow, Ledger]] = field(default_factory=list)

    def add(self, row: RegimeRow, ledger: Ledger) -> None:
        """Add one more row; it is counted when a batch is full."""
        self._waiting.append((row, ledger))
        if len(self._waiting) == _BATCH:
            self.flush()

    def lost(self) -> LostTargets | None:
        """How many targets the limit cuts, if there is one."""
        return (
            None if self.max_tokens is None else LostTargets(max_tokens=self.max_tokens, part=self.part, all=self.all)
        )

    def flush(self) -> None:
        """Count the rows that wait."""
        texts = [
            text for row, _ in self._waiting
            for text in (row.source.prompt, row.source.completion, f" {row.parsed.stated_label or ''}".rstrip())
        ]  # fmt: skip
        lengths = self.tokenizer.lengths(texts)
        for (row, ledger), prompt, completion, label in zip(
            self._waiting, lengths[::3], lengths[1::3], lengths[2::3], strict=True
        ):
            # Like the other numbers, this one excludes the stated class.
            ledger.tokens.append(completion - label)
            if self.max_tokens is not None:
                self._hold(row, ledger, prompt, completion + 1, self.max_tokens)
        self._waiting.clear()

    def _hold(self, row: RegimeRow, ledger: Ledger, prompt: int, completion: int, limit: int) -> None:
        said = ""
        if prompt >= limit:
            self.all += 1
            said = f"all of its completion is lost: the prompt alone has {prompt} tokens"
        elif prompt + completion > limit:
            self.part += 1
            said = f"{prompt + completion - limit} of the {completion} tokens of its completion are lost"
        self.findings.tell("target_lost", ledger.key, row.source.where, said)
