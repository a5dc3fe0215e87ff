"""The numbers of free traces as columns, beside the other columns of verdicts: 28 bytes per verdict, none without free traces."""

from array import array

import numpy as np
from numpy.typing import NDArray

from tracekd.verify.free_trace import FreeTrace

# What is kept of each verdict, in this order. `kind` is one of the codes below; from the third on, there are steps.
NUMBERS = ("kind", "statements", "unread", "claims", "holding", "steps", "holding_steps")
# The steps of a trace: it was not judged as a free one, has none, has a false one, or has some and none is false.
NOT_FREE, WITHOUT_STEP, WITH_FALSE_STEP, WITHOUT_FALSE_STEP = range(4)
_NOT_FREE = array("I", [NOT_FREE] * len(NUMBERS))


class FreeColumns:
    """The numbers of the free traces among verdicts, which are counted from 0 in the order in which they are added."""

    def __init__(self) -> None:
        self._numbers = array("I")

    def add(self, place: int, free: FreeTrace) -> None:
        """Add the numbers of the verdict at this place, which is after all earlier ones."""
        self._fill(place)
        self._numbers.extend(
            (_kind(free), free.total, free.unread, free.claims, free.holding, free.steps, free.holding_steps)
        )

    def of_all(self, verdicts: int) -> NDArray[np.uint32] | None:
        """(verdicts, 7) numbers of `NUMBERS`; None if no trace was judged as a free one."""
        if not self._numbers:
            return None
        self._fill(verdicts)
        return np.array(self._numbers, np.uint32).reshape(-1, len(NUMBERS))

    def _fill(self, place: int) -> None:
        missing = place - len(self._numbers) // len(NUMBERS)
        if missing > 0:
            self._numbers.extend(_NOT_FREE * missing)


def _kind(free: FreeTrace) -> int:
    if not free.steps:
        return WITHOUT_STEP
    return WITHOUT_FALSE_STEP if free.has_no_false_step else WITH_FALSE_STEP
