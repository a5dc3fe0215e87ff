"""A row of supervised data, in any layout of trainers and of the paper's authors (arXiv 2505.13792, its CSVs)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import from_json

from tracekd.tasks.list_literal import read_list
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.python_literal import read_literal
from tracekd.tasks.reading.record import Record

IGNORED = -100
_LONGEST_NAME = 100

# Token ids to text.
Decode = Callable[[Sequence[int]], str]


def _text(value: Any) -> Any:
    """A text; any other value is ignored, because other data sets have numbers in columns of these names."""
    return value if isinstance(value, str) and value else None


def _texts(value: Any) -> Any:
    """A list of texts, a printed list (in CSV files), or a single text."""
    if isinstance(value, str):
        listed = read_list(value)
        return listed if listed is not None else (value,) if value else None
    return tuple(value) if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value) else None


def _conversation(value: Any) -> Any:
    """Messages; in a CSV, they are printed by Python, or JSON."""
    if not isinstance(value, str):
        return value
    try:
        return read_literal(value)
    except Fault as fault:
        try:
            return from_json(value)
        except ValueError:
            raise ValueError(f"{fault}") from None


def _side(value: Any) -> Any:
    """A text or a list of messages; any other value means a column with another purpose."""
    return value if isinstance(value, str | list) else None


def _ids(value: Any) -> Any:
    return value if isinstance(value, list | tuple) and all(isinstance(item, int) for item in value) else None


class Message(BaseModel):
    """One turn."""

    model_config = ConfigDict(frozen=True)
    role: str
    content: str


Text = Annotated[str | None, BeforeValidator(_text)]
Texts = Annotated[tuple[str, ...] | None, BeforeValidator(_texts)]
Side = Annotated[str | list[Message] | None, BeforeValidator(_side)]
Ids = Annotated[list[int] | None, BeforeValidator(_ids)]
Conversation = Annotated[list[Message], BeforeValidator(_conversation)]


class _Columns(BaseModel):
    model_config = ConfigDict(frozen=True)
    task: Text = None
    regime: Text = None
    label: Text = Field(None, validation_alias=AliasChoices("label", "query_type", "class", "category", "type"))
    question: Text = None
    context: Texts = Field(None, validation_alias=AliasChoices("facts", "passages", "context"))
    support: Texts = Field(None, validation_alias=AliasChoices("support", "answer_passage"))
    answer: Annotated[Any, Field(validation_alias=AliasChoices("answer", "answers"))] = None
    reasoning: Text = None
    messages: Conversation | None = None
    prompt: Side = None
    completion: Side = None
    input_ids: Ids = None
    labels: Ids = None


@dataclass(frozen=True, slots=True)
class SupervisedRow:
    """The content of a row: the prompt and completion for the student, and the gold class, facts and answer of its columns.

    `question` may be the bare question or the whole prompt; `reasoning` has the gold class in a sentence. `line` and
    `number` are its record's. A missing column is None.
    """

    line: int
    number: int
    where: str
    prompt: str
    completion: str
    task: str | None = None
    regime: str | None = None
    label: str | None = None
    question: str | None = None
    context: tuple[str, ...] | None = None
    support: tuple[str, ...] | None = None
    answer: str | None = None
    reasoning: str | None = None
    # The number of messages: prompt and completion are only the last two.
    turns: int = 2


def read_row(record: Record, decode: Decode | None) -> SupervisedRow:
    """The row in a record; `decode` is needed only for token ids. Raises Fault if the record is not a row."""
    columns = record.parse(_Columns)
    if columns.regime is not None and len(columns.regime) > _LONGEST_NAME:
        raise Fault("malformed field", f"regime: {len(columns.regime):,} characters are too long for a name")
    prompt, completion = _said(columns, decode)
    answer = columns.answer
    if isinstance(answer, list) and all(isinstance(item, str) for item in answer):
        answer = answer[0] if len(answer) == 1 else repr(answer)
    return SupervisedRow(
        record.line, record.number, record.where, prompt, completion, columns.task, columns.regime, columns.label,
        columns.question, columns.context, columns.support, _text(answer), columns.reasoning,
        2 if columns.messages is None else len(columns.messages),
    )  # fmt: skip


def _said(columns: _Columns, decode: Decode | None) -> tuple[str, str]:
    if columns.messages is not None:
        return _turns(columns.messages)
    if columns.prompt is not None and columns.completion is not None:
        sides = (columns.prompt, columns.completion)
        if all(isinstance(side, str) for side in sides):
            return str(sides[0]), str(sides[1])
        return _turns([message for side, role in zip(sides, ("user", "assistant"), strict=True)
                       for message in _as_messages(side, role)])  # fmt: skip
    if columns.input_ids is not None and columns.labels is not None:
        return _decoded(columns.input_ids, columns.labels, decode)
    raise Fault("missing field", "messages, or prompt and completion, or input_ids and labels")


def _as_messages(said: str | list[Message], role: str) -> list[Message]:
    return [Message(role=role, content=said)] if isinstance(said, str) else said


def _turns(messages: Sequence[Message]) -> tuple[str, str]:
    """The last turn of the assistant, and the user's before it."""
    places = [at for at, message in enumerate(messages) if message.role == "assistant"]
    asked = [message.content for message in messages[: places[-1]] if message.role == "user"] if places else []
    if not asked:
        raise Fault("malformed field", "messages: no turn of the user that is followed by a turn of the assistant")
    return asked[-1], messages[places[-1]].content


def _decoded(ids: Sequence[int], labels: Sequence[int], decode: Decode | None) -> tuple[str, str]:
    if decode is None:
        raise Fault("token ids without a tokenizer")
    if len(ids) != len(labels):
        raise Fault("malformed field", f"{len(ids)} input_ids, but {len(labels)} labels")
    taught = [label != IGNORED for label in labels]
    begin = taught.index(True) if True in taught else len(ids)
    return decode(ids[:begin]), decode([ident for ident, is_taught in zip(ids, taught, strict=True) if is_taught])
