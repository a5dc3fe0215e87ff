"""Problems under several regimes: every regime has an example of every problem that is kept, so that they can be paired."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from tracekd.problem import Problem
from tracekd.regimes import Regime, Setting, Unsupported, draw_trace
from tracekd.sft.example import Example, build_examples
from tracekd.trace import Trace


class LeftOut(BaseModel):
    """A problem that a regime has no trace for: it is left out of all regimes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    label: str
    regime: str
    reason: str


@dataclass
class Supervision:
    """The examples of problems under some regimes, made one problem at a time; what is left out is counted.

    `reasons` counts by regime and reason. A problem that two regimes have no trace for counts for both.
    """

    regimes: Sequence[Regime]
    setting: Setting
    seed: int
    reasons: dict[str, Counter[str]] = field(default_factory=dict)

    def examples(self, problems: Iterable[Problem]) -> Iterator[tuple[Problem, list[Example]] | LeftOut]:
        """Yield each problem with one example for each regime, in their order, or why it is left out."""
        for problem in problems:
            traces: list[Trace | None] = []
            refused: list[LeftOut] = []
            for regime in self.regimes:
                try:
                    traces.append(draw_trace(problem, regime, self.setting, self.seed))
                except Unsupported as why:
                    refused.append(LeftOut(id=problem.id, label=problem.label, regime=regime.name, reason=str(why)))
                    self.reasons.setdefault(regime.name, Counter())[str(why)] += 1
            if refused:
                yield from refused
            else:
                yield problem, build_examples(problem, traces, self.setting.template)
