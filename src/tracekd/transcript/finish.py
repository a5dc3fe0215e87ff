"""How an output ended, in the words of many tools."""

from collections.abc import Mapping
from typing import Any, Literal

# The fields in which tools say it; the first one that a record has counts.
FINISH_FIELDS = ("finish", "finish_reason", "stop_reason", "done_reason", "finishReason", "incomplete_details")
# Names are compared in lower case, with `_` for blanks and hyphens.
_CUT_OFF = frozenset({
    "length", "max_tokens", "model_length", "max_output_tokens", "max_new_tokens", "max_length", "token_limit", "incomplete",
    "truncated", "context_length", "context_length_exceeded", "context_window_exceeded", "model_context_window_exceeded",
    "finish_reason_max_tokens", "finishreason.max_tokens", "length_limit", "output_limit",
})  # fmt: skip


def finish_of(reason: Any) -> Literal["stop", "length"]:
    """`length` if the tool says that a limit cut the output off; with any other word, the output ended by itself.

    OpenAI's responses say it in an object: `{"reason": "max_output_tokens"}`.
    """
    if reason in ("stop", "length"):  # our own words, and the most usual ones
        return "length" if reason == "length" else "stop"
    if isinstance(reason, Mapping):
        reason = reason.get("reason")
    if not isinstance(reason, str):
        return "stop"
    return "length" if reason.strip().lower().replace("-", "_").replace(" ", "_") in _CUT_OFF else "stop"
