"""A number with its 95 % interval: what every table, report and JSON file of tracekd holds."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

Ends = tuple[float, float]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Whom an interval or a test is about: a regime (new students of it, on new stories), or only the one student at hand.
Scope = Literal["regime", "student"]


class Frozen(BaseModel):
    """A record of a summary: read-only, no unknown fields, no NaN (undefined is None)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Written(Frozen):
    """A record whose keys are written by their aliases, such as `class`, which Python cannot name."""

    model_config = ConfigDict(serialize_by_alias=True)


class Measure(Frozen):
    """A statistic, its 95 % interval, and its value in each seed.

    `n`: how many outputs it rests on. What is undefined is None, and `reason` says why.
    """

    value: float | None
    ci: Ends | None = None
    n: int
    per_seed: tuple[float | None, ...] = ()
    reason: str | None = None


class Share(Frozen):
    """`right` of `n` outputs, the 95 % interval of the rate, and the rate in each seed. A rate without outputs is None."""

    right: int
    n: int
    rate: float | None
    ci: Ends | None
    per_seed: tuple[float | None, ...] = ()

    @property
    def value(self) -> float | None:
        """The rate, under the name that it has in a `Measure`."""
        return self.rate

    @property
    def reason(self) -> str | None:
        """Why there is no rate, or no interval."""
        if self.n == 0:
            return "there is no such output"
        return "no interval: all outputs are of one group" if self.ci is None else None
