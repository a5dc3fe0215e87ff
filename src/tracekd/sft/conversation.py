"""What a conversation teaches: its last answer, with the reasoning in our form, and what was asked before it.

The fields are those of OpenAI's messages, of ShareGPT (`from`, `value`), and of servers that give the reasoning in a field
or a part of its own (see `transcript.message`).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from tracekd.tasks.reading.fault import Fault
from tracekd.transcript.delimiters import THINK
from tracekd.transcript.message import Said, read_message
from tracekd.transcript.trace_tags import TraceTags
from tracekd.transcript.transcript import FIELD, Transcript, unknown_delimiter

USER, ASSISTANT = "user", "assistant"
_ROLES = {
    "user": USER, "human": USER, "prompter": USER, "question": USER,
    "assistant": ASSISTANT, "gpt": ASSISTANT, "model": ASSISTANT, "bot": ASSISTANT, "chatgpt": ASSISTANT, "ai": ASSISTANT,
}  # fmt: skip
_TEXT_FIELDS = ("content", "value", "text")
_THINK_TAG = "<think>"


class Taught(NamedTuple):
    """What a row teaches: a completion for a prompt. `turns` is the number of messages that say something: prompt and
    completion are only the last two. `delimiters` says what marked the reasoning (see `Transcript.form`). `given`: the
    trace stands with the prompt, so only what comes after it is learnt.
    """

    prompt: str
    completion: str
    turns: int
    delimiters: str
    given: bool = False

    def divided_at(self, tags: TraceTags) -> "Taught":
        """The same, with reasoning between these marks in our form. Reasoning in a field of its own counts before it."""
        divided = None if self.delimiters.startswith(FIELD) else tags.divide(self.completion)
        if divided is None:
            return self
        reasoning, answer = divided
        return self._replace(completion=f"<think>{reasoning}</think>{answer}", delimiters=tags.opening)


def of_turns(turns: Sequence[Any], reasoning: str | None = None) -> Taught:
    """The last turn of the assistant, and the user's before it. `reasoning` is what a column beside the conversation
    says, for a conversation without a trace. Raises Fault for anything else.
    """
    read = [_turn(turn) for turn in turns]
    spoken = sum(bool(said.text or said.reasoning or said.is_hidden) for _, said in read)
    places = [at for at, (role, _) in enumerate(read) if role == ASSISTANT]
    asked = [said.text for role, said in read[: places[-1]] if role == USER] if places else []
    if not asked:
        raise Fault("malformed field", "messages: no turn of the user that is followed by a turn of the assistant")
    if asked[-1] is None:
        raise Fault("malformed field", "messages: the last turn of the user has no text")
    completion, delimiters = completion_of(read[places[-1]][1], reasoning)
    return Taught(asked[-1], completion, spoken, delimiters)


def completion_of(said: Said, reasoning: str | None = None) -> tuple[str, str]:
    """The text of an answer with its reasoning in our form, `<think>..</think>..`, and what marked the reasoning. A text
    that already has our form is not changed. Raises Fault for an answer without a text, or with hidden reasoning.
    """
    if said.text is None and said.reasoning is None and not said.is_hidden:
        raise Fault("malformed field", "messages: the last turn of the assistant has no text")
    if (
        said.text
        and not said.reasoning
        and not reasoning
        and said.text.startswith(_THINK_TAG)
        and "</think>" in said.text
    ):
        return said.text, THINK  # nearly all rows: `Transcript` would say the same, and take longer
    own = Transcript.of(said.text or "", reasoning=said.reasoning, is_hidden=said.is_hidden)
    if own.state == "absent" and reasoning:
        own = Transcript.of(said.text or "", reasoning=reasoning)
    if own.state == "hidden":
        raise Fault("hidden trace", "the provider kept the reasoning back: only an encrypted or redacted part is there")
    text = said.text or ""
    is_ours = own.is_plain and (own.reasoning is None or _THINK_TAG in text)
    return text if is_ours or own.reasoning is None else own.written(), _named(own, reasoning)


def _named(said: Transcript, beside: str | None) -> str:
    if said.form != FIELD and beside and said.reasoning is not None and said.reasoning.strip() != beside.strip():
        return f"{said.form}, and another trace in a column, which does not count"
    if mark := unknown_delimiter(said):
        return f"not known: {mark}"
    return f"{said.form}, and another trace in the text, which does not count" if said.disagrees else said.form


def _turn(turn: Any) -> tuple[str, Said]:
    if not isinstance(turn, dict):
        raise Fault("malformed field", "messages: a turn that is not an object with a role and a content")
    role = turn.get("role") or turn.get("from")
    if not isinstance(role, str):
        raise Fault("malformed field", "messages: a turn without a role")
    name = next((name for name in _TEXT_FIELDS if turn.get(name) is not None), None)
    content = None if name is None else turn[name]
    if content is not None and not isinstance(content, str | list | tuple | dict):
        raise Fault("malformed field", f"messages: the {name} of a turn is not a text")
    said = read_message(turn if name == "content" else {**turn, "content": content})
    return _ROLES.get(role.strip().lower(), role), said
