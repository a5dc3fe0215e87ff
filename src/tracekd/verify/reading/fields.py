"""The types of fields that several formats have."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from tracekd.tasks.list_literal import read_list

_LONGEST_NAME = 200


def _name(value: Any) -> Any:
    """Ids may be numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else value


def _texts(value: Any) -> Any:
    """A list of texts; one that is printed, as CSV files hold it; or texts one a line."""
    if not isinstance(value, str):
        return value
    listed = read_list(value) if value.lstrip().startswith("[") else None
    return listed if listed is not None else tuple(line for line in value.split("\n") if line.strip())


Ident = Annotated[str, BeforeValidator(_name)]
Name = Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
# Counts from 0; what a file of numbers of 64 bits can hold.
Count = Annotated[int, Field(ge=0, lt=2**31)]
Seed = Annotated[int, Field(ge=-(2**63), lt=2**63)]
# What tools call an output that the limit ended; whatever else they say, it ended by itself.
_CUT_OFF = ("length", "max_tokens", "model_length")


def finish_of(said: str | None) -> Literal["stop", "length"]:
    """How an output ended, by what a tool says of it."""
    return "length" if said in _CUT_OFF else "stop"
