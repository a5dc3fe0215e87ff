"""A number with its 95 % interval: the unit of every table, report and JSON file of tracekd."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

Ends = tuple[float, float]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# What an interval or a test is about: a regime (its new students, on new stories), or only one student.
Scope = Literal["regime", "student"]


class Frozen(BaseModel):
    """A record of a summary: read-only, no unknown fields, no NaN (undefined values are None)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Written(Frozen):
    """A record whose keys are written by their aliases, such as `class`, which Python cannot name."""

    model_config = ConfigDict(serialize_by_alias=True)


class Measure(Frozen):
    """A statistic, its 95 % interval, and its value in each seed.

    `n`: the number of outputs that it uses. Undefined values are None, and `reason` says why.
    """

    value: float | None
    ci: Ends | None = None
    n: int
    per_seed: tuple[float | None, ...] = ()
    reason: str | None = None


class Share(Frozen):
    """`right` of `n` outputs, the 95 % interval of the rate, and the rate in each seed. Without outputs, the rate is None."""

    right: int
    n: int
    rate: float | None
    ci: Ends | None
    per_seed: tuple[float | None, ...] = ()

    @property
    def value(self) -> float | None:
        """The rate, by the name that `Measure` uses."""
        return self.rate

    @property
    def reason(self) -> str | None:
        """Why there is no rate, or no interval."""
        if self.n == 0:
            return "there is no such output"
        return "no interval: all outputs are from one group" if self.ci is None else None
