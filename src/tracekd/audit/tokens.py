"""How many tokens rows have, and whose targets a token limit would cut."""

from dataclasses import dataclass, field
from typing import Protocol

from tracekd.audit.faults import Findings
from tracekd.audit.ledger import Ledger
from tracekd.audit.report import LostTargets
from tracekd.audit.row_parts import RegimeRow

_BATCH = 256


class TokenLengths(Protocol):
    """What is needed of a tokenizer."""

    def lengths(self, texts: list[str]) -> list[int]:
        """How many tokens each text has."""


@dataclass
class TokenMeter:
    """Counts the tokens of rows, some hundred at a time; with a limit, tells those that exceed it.

    An end token is counted to each row; what a chat template puts around prompt and completion is not.
    """

    tokenizer: TokenLengths
    max_tokens: int | None
    findings: Findings
    part: int = 0
    all: int = 0
    _waiting: list[tuple[RegimeRow, Ledger]] = field(default_factory=list)

    def add(self, row: RegimeRow, ledger: Ledger) -> None:
        """One more row, which is counted when enough are there."""
        self._waiting.append((row, ledger))
        if len(self._waiting) == _BATCH:
            self.flush()

    def lost(self) -> LostTargets | None:
        """How many targets the limit cuts, if there is one."""
        return (
            None if self.max_tokens is None else LostTargets(max_tokens=self.max_tokens, part=self.part, all=self.all)
        )

    def flush(self) -> None:
        """Count what waits."""
        texts = [
            text for row, _ in self._waiting
            for text in (row.source.prompt, row.source.completion, f" {row.parsed.stated_label or ''}".rstrip())
        ]  # fmt: skip
        lengths = self.tokenizer.lengths(texts)
        for (row, ledger), prompt, completion, label in zip(
            self._waiting, lengths[::3], lengths[1::3], lengths[2::3], strict=True
        ):
            # As with the other numbers, the stated class is left out.
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
