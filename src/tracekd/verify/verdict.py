"""The verdict on one output."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tracekd.verify.free_trace import FreeTrace

StepVerdict = Literal["right", "wrong", "unparsed"]
# An output may have megabytes. All of it is judged, but the verdict keeps at most this much of a text, and of the facts.
STORED_CHARS = 500
STORED_FACTS = 64
# `hidden`: the provider kept the reasoning back.
TraceStatus = Literal["ok", "no_trace", "unclosed", "truncated", "hidden"]


class Verdict(BaseModel):
    """Right or wrong, step by step, with the reason. Unparsed counts as wrong in every rate.

    `retrieval_step` and `trace` use the gold support on which the problem's trace is built, or the kind that the user
    named. `support` is that kind; it is None in files of older versions, and if no kind, or more than one, has exactly
    these facts. `retrieval` has the verdict by each kind of support of the problem. Verdicts may be counted together if
    they have the same kind or None. `precision`, `recall` and `f1` compare the set
    of cited facts with the gold support, in [0, 1]; `cited` has each fact once, as it was written (at most 64 facts);
    `invented` counts cited facts that are not in the context. `consistent`: whether the answer is consistent with
    the facts that the trace itself cites, right or wrong (`verify.prepared`); None if the task has no rule for
    the question. `answer_f1` is the token F1 of a free-text answer, in [0, 1]; None for other kinds of answers.

    `free` is there only if the trace was judged as a free one, statement by statement; it has no key in the JSON of other
    verdicts. Then `class_step` judges the class that the statements say in any words, `cited` are the texts of the facts on
    which the statements rest that hold, and `retrieval_step`, `precision`, `recall` and `f1` judge this set (unparsed: no
    fact); `invented` counts the steps without any ground, `trace` is true if there is a step and every step holds, and
    `consistent`: whether the answer follows from the statements that the trace ends on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    group: str
    label: str
    regime: str
    student: str
    seed: int
    sample: int = 0
    status: TraceStatus
    class_step: StepVerdict
    retrieval_step: StepVerdict
    support: str | None = None
    retrieval: dict[str, StepVerdict] = {}
    trace: bool
    answer: bool
    lenient_answer: bool
    answer_f1: float | None = None
    answer_parsed: bool
    stated_label: str | None
    cited: tuple[str, ...]
    precision: float
    recall: float
    f1: float
    invented: int
    consistent: bool | None
    finish: Literal["stop", "length"]
    reason: str
    free: FreeTrace | None = Field(default=None, exclude_if=lambda free: free is None)

    @classmethod
    def of(cls, fields: dict[str, Any]) -> "Verdict":
        """The verdict with these fields. All must be given, in order and with the right types, because nothing is checked.

        Does the same as `model_construct` in a tenth of its time; checking takes about 4 µs, a tenth of judging.
        """
        verdict = cls.__new__(cls)
        _set(verdict, "__dict__", fields)
        _set(verdict, "__pydantic_fields_set__", _FIELDS)
        _set(verdict, "__pydantic_extra__", None)
        _set(verdict, "__pydantic_private__", None)
        return verdict


_set = object.__setattr__  # a verdict cannot be changed
_FIELDS = set(Verdict.model_fields)  # one for all: no verdict can be changed
