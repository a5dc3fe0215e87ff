"""How long the examples of a regime are: characters and words of all, tokens of a sample."""

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from tracekd.sft.example import Example
from tracekd.sft.tokenizer import FastTokenizer

_SAMPLED = 2000


class Lengths(BaseModel):
    """Means over the completions of a regime. `tokens` is over `sampled` of them; None where nothing was tokenised."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rows: int
    chars: float
    words: float
    tokens: float | None
    sampled: int


@dataclass
class LengthMeter:
    """Measures completions as they pass by. The sample is every n-th of them: n doubles whenever it is full."""

    rows: int = 0
    chars: int = 0
    words: int = 0
    _every: int = 1
    _sample: list[str] = field(default_factory=list)

    def add(self, example: Example) -> None:
        """Count one example."""
        if self.rows % self._every == 0:
            self._keep(example.completion)
        self.rows += 1
        self.chars += len(example.completion)
        self.words += len(example.completion.split())

    def _keep(self, completion: str) -> None:
        self._sample.append(completion)
        if len(self._sample) > _SAMPLED:
            self._sample = self._sample[::2]
            self._every *= 2

    def lengths(self, tokenizer: FastTokenizer | None) -> Lengths:
        """The means so far; of no examples, they are 0."""
        tokens = tokenizer.lengths(self._sample) if tokenizer else []
        return Lengths(
            rows=self.rows,
            chars=self.chars / max(1, self.rows),
            words=self.words / max(1, self.rows),
            tokens=sum(tokens) / len(tokens) if tokens else None,
            sampled=len(tokens),
        )
