"""A look at the endpoint before anything is asked of it: is it there, does it take the key, does it have the model?"""

import asyncio
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

from tracekd.errors import UserError
from tracekd.teacher.backoff import delay
from tracekd.teacher.endpoint import Line, Received
from tracekd.teacher.shown import quoted

_MODELS = "/models"
_LISTED = 8


class Unreachable(Exception):
    """The endpoint did not respond at all; the message says what happened."""


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    data: list[_Model]


async def probe(line: Line, model: str, *, retries: int, seed: int, must_list: bool) -> None:
    """Raises Unreachable where nothing responds after the retries; UserError where the key or the model is refused.

    Many servers list no models, or none of their own (`transformers serve` lists its cache): a list that is missing or
    empty says nothing. With `must_list` false, neither does a list that lacks the model.
    """
    received = await _reach(line, retries, seed)
    if received.status in (401, 403):
        raise UserError(
            f"the endpoint refused: HTTP {received.status} ({quoted(received.body.decode(errors='replace'))})",
            where=line.endpoint.base,
            next_step="set the environment variable of the API key (--api-key-env) to one that is valid there",
        )  # fmt: skip
    names = _names(received)
    if must_list and names and model not in names:
        raise _not_listed(line, model, names)


async def _reach(line: Line, retries: int, seed: int) -> Received:
    for number in range(1, retries + 2):
        received = await line.get(_MODELS)
        if received.status is not None:
            return received
        if number <= retries:
            await asyncio.sleep(delay(seed, _MODELS, number, ""))
    raise Unreachable(received.fault)


def _names(received: Received) -> list[str]:
    try:
        return [found.id for found in _Models.model_validate_json(received.body).data] if received.is_fine else []
    except ValidationError:
        return []


def _not_listed(line: Line, model: str, names: list[str]) -> UserError:
    shown = [quoted(name) for name in sorted(names)]
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    near = get_close_matches(model, shown, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return UserError(
        f"the endpoint lists no model {quoted(model)!r}", where=line.endpoint.base,
        expected=f"one of {', '.join(shown[:_LISTED])}{more}",
        next_step=f"{hint}--unlisted asks for it all the same",
    )  # fmt: skip
