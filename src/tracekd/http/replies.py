"""What the replies of all endpoints have in common: token counts, refusals, unreadable bodies."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from tracekd.errors import UserError
from tracekd.http.endpoint import Endpoint
from tracekd.plain_text import plain_line

_LONGEST_QUOTE = 200
_NEXT_STEP = {
    401: "set the environment variable of the API key (--api-key-env) to a valid key",
    403: "use an API key that may use this model (--api-key-env)",
    404: "check --endpoint and --model: the endpoint does not know one of them, or does not offer completions of this kind",
}
# With one of these, the endpoint will refuse every other request, too.
LASTING_STATUS = frozenset(_NEXT_STEP)


class Usage(BaseModel):
    """The endpoint's token counts."""

    prompt_tokens: Annotated[int, Field(ge=0, le=10**9)]
    completion_tokens: Annotated[int, Field(ge=0, le=10**9)]


class _NoneIfInvalid:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_default_schema(handler(source), default=None, on_error="default")


Field_ = TypeVar("Field_")
# A field that is None if it is missing or invalid: a good answer is used even without it. It has its own type, not Any:
# millions of values in the place of a number or a name would take a second to read, in which no other request moves.
Optionally = Annotated[Field_ | None, _NoneIfInvalid()]
# Each request asks for one choice. A reply with more than this number is not read to its end.
MOST_CHOICES = 16
# Of a reply. Text may contain brackets, too, but seldom so many.
_MOST_BRACKETS = 200_000


def is_overgrown(body: bytes) -> bool:
    """Whether a body has so many lists and objects that to read it would noticeably delay other requests."""
    return body.count(b"{") + body.count(b"[") > _MOST_BRACKETS


def is_html(body: bytes) -> bool:
    """Whether a body looks like a web page."""
    return body.lstrip()[:1] == b"<"


def quoted(text: str) -> str:
    """The beginning of a text on one line, without control characters, for people to read."""
    line = " ".join(text[: 2 * _LONGEST_QUOTE].split())[:_LONGEST_QUOTE]
    return plain_line(line)


def http_status(status: int | None, text: str) -> str:
    """The status of a response without an answer, and the beginning of its body."""
    quote = quoted(text)
    return f"HTTP {status} ({quote})" if quote else f"HTTP {status}"


class Refused(UserError):
    """The error that the endpoint refuses this request; sending it again does not help."""

    def __init__(self, endpoint: Endpoint, status: int | None, text: str) -> None:
        super().__init__(
            f"the endpoint refused: {http_status(status, text)}", where=endpoint.base,
            next_step=_NEXT_STEP.get(status or 0),
        )  # fmt: skip
        self.status = status
