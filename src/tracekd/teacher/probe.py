"""Checks the endpoint before the first request: does it respond, does it accept the key, does it have the model?"""

import asyncio
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

from tracekd.errors import UserError
from tracekd.http.endpoint import Connection, Response
from tracekd.http.replies import Refused, quoted
from tracekd.http.retries import delay

_MODELS = "/models"
_LISTED = 8


class Unreachable(Exception):
    """The endpoint did not respond; the message says what happened."""


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    data: list[_Model]


async def probe(connection: Connection, model: str, *, retries: int, seed: int, must_list: bool) -> None:
    """Raises Unreachable if nothing responds after the retries, UserError if the key or the model is refused.

    Many servers list no models, or other models (`transformers serve` lists its cache), so a missing or empty
    list is accepted. If `must_list` is false, a list without the model is also accepted.
    """
    response = await _reach(connection, retries, seed)
    if response.status in (401, 403):
        raise Refused(connection.endpoint, response.status, response.text)
    names = _names(response)
    if must_list and names and model not in names:
        raise _not_listed(connection, model, names)


async def _reach(connection: Connection, retries: int, seed: int) -> Response:
    for number in range(1, retries + 2):
        response = await connection.get(_MODELS)
        if response.status is not None:
            return response
        if number <= retries:
            await asyncio.sleep(delay(seed, _MODELS, number, ""))
    raise Unreachable(response.fault)


def _names(response: Response) -> list[str]:
    try:
        return [found.id for found in _Models.model_validate_json(response.body).data] if response.is_fine else []
    except ValidationError:
        return []


def _not_listed(connection: Connection, model: str, names: list[str]) -> UserError:
    shown = [quoted(name) for name in sorted(names)]
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    near = get_close_matches(model, shown, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return UserError(
        f"the endpoint lists no model {quoted(model)!r}", where=connection.endpoint.base,
        expected=f"one of {', '.join(shown[:_LISTED])}{more}",
        next_step=f"{hint}use --unlisted to request it anyway",
    )  # fmt: skip
