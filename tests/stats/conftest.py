from collections.abc import Callable, Iterable

import pytest
from hypothesis import settings

from tracekd.stats.columns import Columns
from tracekd.verify.verdict import Verdict

# A slow machine is not a failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

MakeVerdict = Callable[..., Verdict]


@pytest.fixture(scope="session")
def make() -> MakeVerdict:
    """Makes a verdict: right in everything, or in what `right` says; and any field changed."""

    def make_verdict(ident: str = "p0", *, right: bool = True, **changes: object) -> Verdict:
        step = "right" if right else "wrong"
        fields: dict[str, object] = {
            "id": ident, "group": f"story of {ident}", "label": "where", "regime": "correct", "student": "tiny", "seed": 0,
            "status": "ok", "class_step": step, "retrieval_step": step, "retrieval": {"support": step}, "trace": right,
            "answer": right, "lenient_answer": right, "answer_parsed": True, "stated_label": "where", "cited": (),
            "precision": float(right), "recall": float(right), "f1": float(right), "invented": 0, "consistent": True,
            "finish": "stop", "reason": "",
        }  # fmt: skip
        return Verdict.model_validate(fields | changes)

    return make_verdict


@pytest.fixture(scope="session")
def columns_of() -> Callable[[Iterable[Verdict]], Columns]:
    def fill(verdicts: Iterable[Verdict]) -> Columns:
        columns = Columns()
        for verdict in verdicts:
            columns.add(verdict)
        return columns

    return fill
