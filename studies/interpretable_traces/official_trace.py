"""The official judgement of a trace, written anew from the description of its flaws (paper.md, section 13, F1 to F6).

The flaws are intended: the published numbers of the two steps were computed in this way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lines import Line, Row
from released import DataSet

Joined = Literal["own", "other", "none"]

# The index of the sentence that should name the class, if the trace is split at full stops (F5).
_CLASS_SENTENCE: dict[DataSet, int] = {"cotempqa": 0, "babi": 1, "msmarco": 1}


@dataclass(frozen=True, slots=True)
class OfficialTrace:
    """`evaluated`: the letters `think` occur in the output; outputs without them are left out of all matrices (F12).
    `joined`: whether the gold row belongs to the problem itself, to another one, or is missing.
    """

    evaluated: bool
    joined: Joined
    class_right: bool
    facts_right: bool

    @property
    def right(self) -> bool:
        return self.class_right and self.facts_right


class OfficialJudge:
    """Judges the outputs of one file in their order. The order matters: a join that fails uses the previous row (F2)."""

    def __init__(self, data_set: DataSet, rows: Sequence[Row]) -> None:
        self._sentence = _CLASS_SENTENCE[data_set]
        self._rows = rows
        self._row: Row | None = None

    def judge(self, line: Line) -> OfficialTrace:
        """The verdict on the next output."""
        row = self._row = self.first_row_with(line.key) or self._row
        if row is None:  # the official code ends here with a NameError
            return OfficialTrace("think" in line.prediction, "none", False, False)
        trace = line.prediction.split("</think>")[0]  # without the tag: the whole output, including the answer (F6)
        return OfficialTrace(
            evaluated="think" in line.prediction,
            joined="own" if (row.question, row.facts) == (line.question, line.facts) else "other",
            class_right=self._names_class(trace, row.label),
            facts_right=any(fact in trace for fact in row.facts),  # a single sentence of the context is enough (F1, F4)
        )

    def first_row_with(self, key: str) -> Row | None:
        """The first row whose answer text contains the key (F2)."""
        return next((row for row in self._rows if key in row.answer), None)

    def _names_class(self, trace: str, label: str) -> bool:
        sentences = trace.split(".")
        return len(sentences) > self._sentence and label in sentences[self._sentence]
