"""Messages from the processes that make cells to the study."""

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

DONE = "done"  # the last phase of every cell


class Progress(BaseModel):
    """The progress of a cell: the loss of the last step, and the shares of right answers and traces so far, in [0, 1];
    None if unknown. The phases are `train`, `generate`, `intervene` and, at the end, `done`. A cell may skip phases.
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
    """The process of a cell has ended, with this exit code: minus the number of the signal, if a signal ended it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ended: str
    code: int


class Note(BaseModel):
    """Something that people must know: a damaged file, which is made again."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    note: str


Tell = Callable[[Progress], None]
