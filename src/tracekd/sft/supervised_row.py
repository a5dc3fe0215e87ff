"""A row of supervised data, in any layout of trainers and of the paper's authors (arXiv 2505.13792, its CSVs)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import from_json

from tracekd.sft.layouts import Decode, read_layout
from tracekd.tasks.list_literal import read_list
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.python_literal import read_literal
from tracekd.tasks.reading.record import Record
from tracekd.transcript.trace_tags import TraceTags

_LONGEST_NAME = 100
_OPEN, _CLOSE = "<answer>", "</answer>"


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
    """A text, or a list of turns or texts; any other value means a column with another purpose."""
    return value if isinstance(value, str | list) else None


def _name(value: Any) -> Any:
    """An id, which may be a number (but not one of thousands of digits, which Python refuses to write)."""
    return str(value) if type(value) is int and abs(value) < 2**63 else _text(value)


def _ids(value: Any) -> Any:
    return value if isinstance(value, list | tuple) and all(isinstance(item, int) for item in value) else None


def _turns(value: Any) -> Any:
    """A list of turns, whose form `conversation` checks."""
    value = _conversation(value)
    if value is not None and not isinstance(value, list | tuple):
        raise ValueError("not a list of messages")
    return None if value is None else list(value)


Text = Annotated[str | None, BeforeValidator(_text)]
Texts = Annotated[tuple[str, ...] | None, BeforeValidator(_texts)]
Ident = Annotated[str | None, BeforeValidator(_name)]
Side = Annotated[Any, BeforeValidator(_side)]
Ids = Annotated[list[int] | None, BeforeValidator(_ids)]
Turns = Annotated[list[Any] | None, BeforeValidator(_turns)]


class _Columns(BaseModel):
    """The columns of a row: what it says about its problem, and those in which `layouts` finds prompt, completion and trace."""

    model_config = ConfigDict(frozen=True)
    id: Ident = None
    task: Text = None
    regime: Text = None
    label: Text = Field(None, validation_alias=AliasChoices("label", "query_type", "class", "category", "type"))
    question: Text = Field(None, validation_alias=AliasChoices("question", "Question"))
    facts: Texts = Field(None, validation_alias=AliasChoices("facts", "passages", "context"))
    support: Texts = Field(None, validation_alias=AliasChoices("support", "answer_passage"))
    answer: Annotated[Any, Field(validation_alias=AliasChoices("answer", "answers"))] = None
    messages: Turns = None
    conversations: Turns = None
    conversation: Side = None
    dialogue: Side = None
    dialog: Side = None
    chat: Side = None
    prompt: Side = None
    instruction: Text = None
    problem: Text = None
    query: Text = None
    input: Side = None
    context: Text = None
    completion: Side = None
    response: Side = Field(None, validation_alias=AliasChoices("response", "Response"))
    output: Side = None
    generation: Side = None
    solution: Text = None
    attempt: Text = None
    system: Text = None
    history: Side = None
    text: Text = None
    input_ids: Ids = None
    labels: Ids = None
    reasoning: Side = None
    reasoning_content: Side = None
    thinking: Side = None
    thoughts: Side = None
    cot: Side = None
    complex_cot: Side = Field(None, validation_alias=AliasChoices("complex_cot", "Complex_CoT"))
    chain_of_thought: Side = None
    rationale: Side = None
    reasoning_trace: Side = None
    deepseek_reasoning: Side = None
    thinking_trajectories: Side = None


@dataclass(frozen=True, slots=True)
class SupervisedRow:
    """The content of a row: the prompt and completion for the student, and the gold class, facts and answer of its columns.

    `question` may be the bare question or the whole prompt; `reasoning` has the gold class in a sentence. `line` and
    `number` are its record's; `id` may be that of its problem. A missing column is None. `given`: the trace is given, and
    only what comes after it is learnt.
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
    # The columns that were read, and what marked the reasoning within the completion.
    layout: str = ""
    delimiters: str = "none"
    id: str | None = None
    given: bool = False


ReadRow = Callable[[Record], SupervisedRow]


def read_row(record: Record, decode: Decode | None, tags: TraceTags | None = None) -> SupervisedRow:
    """The row in a record. `decode` is needed only for token ids; `tags` are marks of reasoning that the user names.

    Raises Fault if the record is not a row.
    """
    columns = record.parse(_Columns)
    if columns.regime is not None and len(columns.regime) > _LONGEST_NAME:
        raise Fault("malformed field", f"regime: {len(columns.regime):,} characters are too long for a name")
    answer = columns.answer
    if isinstance(answer, list) and all(isinstance(item, str) for item in answer):
        answer = answer[0] if len(answer) == 1 else repr(answer)
    found = read_layout({**vars(columns), "answer": _text(answer)}, decode)
    taught = found.taught if tags is None else found.taught.divided_at(tags)
    reasoning = columns.reasoning
    return SupervisedRow(
        record.line, record.number, record.where, taught.prompt, taught.completion, columns.task, columns.regime,
        columns.label, columns.question, columns.facts, columns.support, _untagged(_text(answer)),
        reasoning if isinstance(reasoning, str) and reasoning and not found.uses_reasoning else None,
        taught.turns, found.layout, taught.delimiters, columns.id, taught.given,
    )  # fmt: skip


def _untagged(answer: str | None) -> str | None:
    """The gold answer without the tags of a completion, which a column has that is also what the row teaches."""
    if answer is not None and answer.startswith(_OPEN) and answer.endswith(_CLOSE):
        return answer[len(_OPEN) : -len(_CLOSE)].strip()
    return answer
