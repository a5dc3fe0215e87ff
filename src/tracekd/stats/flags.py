"""A verdict as 32 bits: one bit for yes or no, two bits for a step or a status, two for each kind of support."""

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from tracekd.stats.estimate import Bools
from tracekd.verify.verdict import StepVerdict, TraceStatus, Verdict

Codes = NDArray[np.uint32]

# The position of each field.
CLASS, RETRIEVAL, TRACE, ANSWER, LENIENT, PARSED, CONSISTENT, CUT, STATUS, INVENTED, KINDS = (
    0, 2, 4, 5, 6, 7, 8, 10, 11, 13, 14,
)  # fmt: skip
MAX_KINDS = (32 - KINDS) // 2

# The values of two bits; 0 means "does not apply": no support of this kind, or no rule for the question.
STEPS: dict[StepVerdict, int] = {"wrong": 1, "right": 2, "unparsed": 3}
STATUSES: dict[TraceStatus, int] = {status: code for code, status in enumerate(get_args(TraceStatus))}
RULED = {None: 0, False: 1, True: 2}


def encode(verdict: Verdict, kinds: dict[str, int]) -> int:
    """The bits of a verdict. `kinds` numbers the support kinds; new ones are added. Raises ValueError for a tenth kind."""
    bits = (
        STEPS[verdict.class_step] << CLASS
        | STEPS[verdict.retrieval_step] << RETRIEVAL
        | verdict.trace << TRACE
        | verdict.answer << ANSWER
        | verdict.lenient_answer << LENIENT
        | verdict.answer_parsed << PARSED
        | RULED[verdict.consistent] << CONSISTENT
        | (verdict.finish == "length") << CUT
        | STATUSES[verdict.status] << STATUS
        | (verdict.invented > 0) << INVENTED
    )
    for kind, step in verdict.retrieval.items():
        if kind not in kinds and len(kinds) == MAX_KINDS:
            raise ValueError(f"more than {MAX_KINDS} kinds of support, among them {kind[:80]!r}")
        bits |= STEPS[step] << KINDS + 2 * kinds.setdefault(kind, len(kinds))
    return bits


def bit(flags: Codes, at: int) -> Bools:
    """Whether this bit is set: (verdicts,) to (verdicts,)."""
    return (flags >> np.uint32(at) & np.uint32(1)).astype(bool)


def two_bits(flags: Codes, at: int) -> Codes:
    """The number from 0 to 3 that begins here: (verdicts,) to (verdicts,)."""
    return flags >> np.uint32(at) & np.uint32(3)
