"""Messages and generations as LangChain stores them, made into plain ones: `{"role": .., "content": ..}`.

A stored message has its fields in `kwargs` or `data`, reasoning also in `additional_kwargs`, and the end in
`response_metadata`; a generation has a message or a text, and the end in `generation_info`.
"""

from collections.abc import Mapping
from typing import Any

from tracekd.transcript.finish import FINISH_FIELDS
from tracekd.transcript.message import REASONING_FIELDS

_ROLES = {
    "human": "user", "HumanMessage": "user", "ai": "assistant", "AIMessage": "assistant", "AIMessageChunk": "assistant",
    "system": "system", "SystemMessage": "system",
}  # fmt: skip
_DEEPEST = 6


def plain(value: Any, deepest: int = _DEEPEST) -> Any:
    """The value with plain messages, at any depth of lists; everything else is as it was."""
    if isinstance(value, list | tuple) and deepest:
        return [plain(each, deepest - 1) for each in value]
    if not isinstance(value, Mapping):
        return value
    stored = value.get("kwargs", value.get("data"))
    if isinstance(stored, Mapping) and "content" in stored:
        return _message(stored, _role(value))
    if deepest and ("message" in value or "generation_info" in value):
        message = {"message": plain(value["message"], deepest - 1)} if "message" in value else {}
        return {**_end(value.get("generation_info")), **value, **message}
    if "content" in value and ("additional_kwargs" in value or _is_role(value.get("type"))):
        return _message(value, _role(value))
    return value


def _is_role(name: object) -> bool:
    return isinstance(name, str) and name in _ROLES


def _role(message: Mapping[str, Any]) -> str:
    """The role that is named, or that the message's class or type means; other classes have their own names."""
    path: Any = message.get("id")
    is_class = message.get("type") == "constructor" and isinstance(path, list) and bool(path)
    name = message.get("role") or (path[-1] if is_class else message.get("type"))
    return _ROLES.get(name, name) if isinstance(name, str) else "assistant"


def _message(message: Mapping[str, Any], role: str) -> dict[str, Any]:
    more = message.get("additional_kwargs")
    parts = (more, message) if isinstance(more, Mapping) else (message,)
    reasoning = {name: part[name] for part in parts for name in REASONING_FIELDS if part.get(name)}
    end = {**_end(message.get("response_metadata")), **_end(message)}
    return {"role": role, "content": message["content"], **reasoning, **end}


def _end(value: Any) -> dict[str, Any]:
    """The fields that say how an output ended."""
    found = value if isinstance(value, Mapping) else {}
    return {name: found[name] for name in FINISH_FIELDS if found.get(name) is not None}
