"""The claims about single data sets: which regime leads to more right answers than another."""

from collections.abc import Iterator
from dataclasses import dataclass

from evidence import Compared, Evidence
from findings import FALLS, OPEN, STANDS, Finding, Ruling, narrowest, of_all
from published import LLAMA, PRINTED, QWEN
from released import TITLES, Cell, DataSet
from wording import points

from tracekd.report.numbers import number

_RULE = (
    "Right answers of the first regime minus those of the second, paired on problem and seed: a part stands if its "
    "95\u00a0% interval is above 0. It falls if the interval is below 0, or contains 0 and ends below the "
    "published difference. The claim falls if any part falls, and stands if all parts stand."
)


@dataclass(frozen=True, slots=True)
class _Leads:
    """The claim that one regime leads to more right answers than another."""

    data_set: DataSet
    model: str
    first: str
    second: str

    @property
    def printed(self) -> float:
        """The published difference of shares."""
        first, second = (PRINTED[Cell(self.data_set, self.model, r)].answer for r in (self.first, self.second))
        return (first - second) / 100

    def found(self, evidence: Evidence) -> Compared | None:
        """The difference, if both regimes are available."""
        return evidence.differences.get((self.data_set, self.model, self.first, self.second))

    def ruling(self, evidence: Evidence) -> tuple[Ruling, str]:
        """The ruling on the claim, and the figures."""
        name = f"{TITLES[self.data_set]}, {self.model}: {self.first} against {self.second}"
        printed = f"published {number(self.printed, 'points')}"
        found = self.found(evidence)
        if found is None:
            return OPEN, f"{name}: not both are available; {printed}."
        ruling = STANDS if found.low > 0 else FALLS if found.high <= max(0.0, self.printed) else OPEN
        return ruling, f"{name}: {points(found)}; {printed}."


def _both(data_set: DataSet, *pairs: tuple[str, str]) -> tuple[_Leads, ...]:
    return tuple(_Leads(data_set, model, *pair) for model in (LLAMA, QWEN) for pair in pairs)


_CLAIMS = (
    ("D1", "CoTempQA: incorrect traces lead to more right answers than correct ones.",
     _both("cotempqa", ("incorrect", "correct"))),
    ("D2", "CoTempQA: for Qwen, incorrect traces are the best supervision of all.",
     (_Leads("cotempqa", QWEN, "incorrect", "correct"), _Leads("cotempqa", QWEN, "incorrect", "answer_only"))),
    ("D3", "MARCO: correct traces lead, for Llama only marginally over incorrect ones.",
     _both("msmarco", ("correct", "incorrect"), ("correct", "answer_only"))),
    ("D4", "bAbI: training on answers only wins.",
     _both("babi", ("answer_only", "correct"), ("answer_only", "incorrect"))),
    ("D5", "bAbI: incorrect traces degrade Llama.",
     (_Leads("babi", LLAMA, "answer_only", "incorrect"), _Leads("babi", LLAMA, "correct", "incorrect"))),
)  # fmt: skip


def data_set_claims(evidence: Evidence) -> Iterator[Finding]:
    """The claims about single data sets, with their rulings."""
    for key, claim, parts in _CLAIMS:
        found = [part.ruling(evidence) for part in parts]
        yield Finding(
            key=key,
            claim=claim,
            rule=_RULE,
            ruling=of_all([ruling for ruling, _ in found]),
            figures=tuple(figure for _, figure in found),
            scope=narrowest(one.scope for one in (part.found(evidence) for part in parts) if one is not None),
        )
