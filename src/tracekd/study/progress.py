"""How far a cell is: what the study is told by the processes that make cells."""

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

DONE = "done"  # the last phase of every cell


class Progress(BaseModel):
    """Where a cell stands: the loss of the last step, and the shares that are right so far, in [0, 1]; None if unknown.

    The phases are `train`, `generate`, `intervene` and, when everything is there, `done`. Any of them may be left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    cell: str
    phase: str
    step: int
    total: int
    loss: float | None = None
    answer: float | None = None
    trace: float | None = None


class Ended(BaseModel):
    """The process of a cell has ended, with this exit code: minus the number of the signal, where one ended it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ended: str
    code: int


Tell = Callable[[Progress], None]
