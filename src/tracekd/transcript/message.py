"""What a message says: its text, and its reasoning in a field or in parts of its own.

Fields and parts are those of OpenAI's chat and responses, vLLM, DeepSeek, OpenRouter, Ollama, Anthropic, Gemini, Mistral and
Inspect. A field that means something else (a number, an empty text) is ignored. Never raises.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

# Fields of a message or record with the reasoning, the first one with words counts.
REASONING_FIELDS = ("reasoning_content", "reasoning", "thinking", "thoughts", "reasoning_details", "thinking_blocks")
_THINKING = frozenset({"thinking", "reasoning", "reasoning.text", "thought", "thoughts"})
_HIDDEN = frozenset({"redacted_thinking", "reasoning.encrypted"})
_DEEPEST = 4
_ASKING = ("user", "human")


class Said(NamedTuple):
    """The text of a message (None: there is none), its reasoning (None: no field has any), and whether some is hidden."""

    text: str | None
    reasoning: str | None = None
    is_hidden: bool = False


def read_message(message: Mapping[str, Any]) -> Said:
    """What a message says, from `content` (a text, or parts) and from the fields with reasoning."""
    text, reasoning, is_hidden = _read_content(message.get("content"))
    for name in REASONING_FIELDS:
        if name not in message:  # most messages have none, and many are read
            continue
        stated, hidden = read_reasoning(message[name])
        reasoning, is_hidden = reasoning or stated, is_hidden or hidden
    return Said(text, reasoning, is_hidden and reasoning is None)


def last_asked(turns: Any) -> str | None:
    """What was asked last: the last text of a user among turns of a conversation, or a prompt that is a text.

    None if there is no such text.
    """
    if isinstance(turns, str):
        return turns if turns.strip() else None
    for turn in reversed(turns) if isinstance(turns, list | tuple) else ():
        if isinstance(turn, Mapping) and turn.get("role", turn.get("from")) in _ASKING:
            text = read_message({"content": turn.get("content", turn.get("value"))}).text
            if text is not None and text.strip():
                return text
    return None


def read_reasoning(value: Any) -> tuple[str | None, bool]:
    """The reasoning in the value of such a field (None if it has no words), and whether it says that some is hidden."""
    if isinstance(value, str):
        return (value, False) if value.strip() else (None, False)
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, list | tuple):
        return None, False
    parts = [_reasoning_of(part) if isinstance(part, Mapping) else (str(part), False) for part in value
             if isinstance(part, Mapping | str)]  # fmt: skip
    return _joined([text for text, _ in parts]), any(hidden for _, hidden in parts)


def _read_content(content: Any) -> tuple[str | None, str | None, bool]:
    if isinstance(content, str):
        return content, None, False
    if isinstance(content, Mapping):
        content = [content]
    if not isinstance(content, list | tuple):
        return None, None, False
    texts: list[str] = []
    reasoning: list[str | None] = []
    is_hidden = False
    for part in content:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, Mapping):
            if _is_reasoning(part):
                said, hidden = _reasoning_of(part)
                reasoning.append(said)
                is_hidden = is_hidden or hidden
            else:
                texts.extend(_texts_of(part, _DEEPEST))
    return "".join(texts) if texts else None, _joined(reasoning), is_hidden


def _is_reasoning(part: Mapping[str, Any]) -> bool:
    return _kind(part) in _THINKING | _HIDDEN or part.get("thought") is True


def _kind(part: Mapping[str, Any]) -> str:
    kind = part.get("type")
    return kind if isinstance(kind, str) else ""


def _reasoning_of(part: Mapping[str, Any]) -> tuple[str | None, bool]:
    """The reasoning in a part, and whether it is hidden. A summary of hidden reasoning is not the reasoning."""
    if _kind(part) in _HIDDEN or part.get("redacted") is True:
        return None, True
    for name in ("thinking", "reasoning", "text", "content"):
        if (said := _joined(list(_texts_of({"text": part.get(name)}, _DEEPEST)))) is not None:
            return said, False
    # Only a summary, or an encrypted text: the provider keeps the reasoning itself back.
    return None, any(part.get(name) for name in ("summary", "encrypted_content", "data", "signature"))


def _texts_of(part: Mapping[str, Any], deepest: int) -> Iterator[str]:
    text = part.get("text", part.get("content"))
    if isinstance(text, str):
        yield text
    elif isinstance(text, list | tuple) and deepest:
        for each in text:
            if isinstance(each, str):
                yield each
            elif isinstance(each, Mapping):
                yield from _texts_of(each, deepest - 1)


def _joined(texts: list[str | None]) -> str | None:
    said = [text for text in texts if text is not None and text.strip()]
    return "\n".join(said) if said else None
