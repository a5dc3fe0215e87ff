"""The layouts of supervised data: which columns of a row have the prompt, the completion and the trace."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tracekd.sft.conversation import ASSISTANT, USER, Taught, completion_of, of_turns
from tracekd.sft.rendered import rendered_turns
from tracekd.sft.tokens import IGNORED
from tracekd.tasks import Task, all_tasks
from tracekd.tasks.reading.fault import Fault
from tracekd.transcript.message import Said, read_reasoning

# Token ids to text.
Decode = Callable[[Sequence[int]], str]

CONVERSATIONS = ("messages", "conversations", "conversation", "dialogue", "dialog", "chat")
PROMPTS = ("prompt", "instruction", "question", "problem", "query", "input")
COMPLETIONS = ("completion", "response", "output", "generation")
# The answer of a row is its completion only if another column has the trace: problems have an answer, too.
ANSWERS = ("answer", "solution", "attempt")
# Columns that have a trace, whatever else is in the row. The column `reasoning` has other uses (see `_trace_beside`).
TRACES = (
    "reasoning_content", "thinking", "thoughts", "cot", "complex_cot", "chain_of_thought", "rationale", "reasoning_trace",
    "deepseek_reasoning", "thinking_trajectories",
)  # fmt: skip
# What Alpaca and Dolly put below the instruction.
_BELOW = ("input", "context")
_OPEN, _CLOSE = "<think>", "</think>"


class Found(NamedTuple):
    """What a row teaches, and the name of its layout. `uses_reasoning`: the column `reasoning` is the trace."""

    taught: Taught
    layout: str
    uses_reasoning: bool = False


def read_layout(columns: Mapping[str, Any], decode: Decode | None) -> Found:
    """Find prompt and completion in the columns of a row. `decode` is needed only for token ids. Raises Fault if no
    layout fits.
    """
    for name in CONVERSATIONS:
        if isinstance(turns := columns.get(name), list):
            return _of_conversation(columns, name, turns)
    named = _pair(columns)
    if named is not None:
        return _of_pair(columns, *named)
    if columns.get("input_ids") is not None and columns.get("labels") is not None:
        prompt, completion = _decoded(columns["input_ids"], columns["labels"], decode)
        return Found(_of_sides(prompt, completion, None), "input_ids, labels")
    if isinstance(text := columns.get("text"), str) and (turns := rendered_turns(text)):
        return Found(of_turns([turn._asdict() for turn in turns]), "text")
    raise Fault(
        "missing field",
        "messages, or conversations, or prompt and completion, or instruction and output, or question, reasoning and "
        "answer, or input_ids and labels",
    )


def _of_conversation(columns: Mapping[str, Any], name: str, turns: list[Any]) -> Found:
    system = columns.get("system")
    if isinstance(system, str) and system.strip():
        turns = [{"role": "system", "content": system}, *turns]
    trace, is_reasoning = _trace_beside(columns, may_state_class=True)
    taught = of_turns(turns, trace)
    # With a trace of its own, the conversation does not use the column.
    uses = is_reasoning and taught.delimiters.startswith("field")
    return Found(taught, name, uses)


def _pair(columns: Mapping[str, Any]) -> tuple[str, str] | None:
    """The columns with prompt and completion."""
    given = [name for name in PROMPTS if columns.get(name) is not None]
    prompt = next((name for name in given if columns[name]), next(iter(given), None))
    has_trace = _trace_beside(columns, may_state_class=True)[0] is not None
    names = (*COMPLETIONS, *(ANSWERS if has_trace else ()))
    completion = next((name for name in names if columns.get(name) not in (None, [])), None)
    return None if prompt is None or completion is None else (prompt, completion)


def _of_pair(columns: Mapping[str, Any], prompt_name: str, completion_name: str) -> Found:
    prompt, completion = columns[prompt_name], columns[completion_name]
    layout = f"{prompt_name}, {completion_name}"
    trace, is_reasoning = _trace_beside(columns)
    if prompt_name == "instruction":
        below = next((name for name in _BELOW if isinstance(columns.get(name), str) and columns[name].strip()), None)
        # A context that the instruction already has is only a column about the problem.
        if isinstance(prompt, str) and below and columns[below].strip() not in prompt:
            prompt, layout = f"{prompt}\n{columns[below]}", f"instruction, {below}, {completion_name}"
    if isinstance(completion, list) and len(completion) == 1 and isinstance(completion[0], str):
        completion = completion[0]
    if isinstance(completion, list) and any(isinstance(each, str) for each in completion):
        raise Fault("malformed field", f"{completion_name}: {len(completion)} completions, but a row teaches one")
    before = _turns_before(columns)
    if not before and isinstance(prompt, str) and isinstance(completion, str):
        return Found(_of_sides(prompt, completion, trace), layout, is_reasoning)
    taught = of_turns([*before, *_as_turns(prompt, USER), *_as_turns(completion, ASSISTANT)], trace)
    return Found(taught, layout, is_reasoning)


def _turns_before(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The system's turn and earlier turns, as LLaMA-Factory's Alpaca rows have them."""
    turns = []
    if isinstance(system := columns.get("system"), str) and system.strip():
        turns.append({"role": "system", "content": system})
    history = columns.get("history")
    for pair in history if isinstance(history, list) else ():
        if isinstance(pair, list | tuple) and len(pair) == 2:
            turns += [{"role": role, "content": said} for role, said in zip((USER, ASSISTANT), pair, strict=True)]
    return turns


def _as_turns(said: Any, role: str) -> list[Any]:
    return said if isinstance(said, list) else [{"role": role, "content": said}]


def _of_sides(prompt: str, completion: str, trace: str | None) -> Taught:
    """Prompt and completion as texts. If a chat template rendered the prompt, its last turn of a user is the prompt. A trace
    at the end of the prompt is given, and belongs to the completion.
    """
    turns = [turn._asdict() for turn in rendered_turns(prompt)]
    if turns and any(turn["role"] == USER for turn in turns):
        begun = turns.pop()["content"] if turns[-1]["role"] in (ASSISTANT, "model") else ""
        taught = of_turns([*turns, {"role": ASSISTANT, "content": begun.lstrip() + completion}], trace)
        return taught._replace(given=bool(_given_trace(begun)))
    given = _given_trace(prompt) if trace is None else ""
    written, delimiters = completion_of(Said(given + completion), trace)
    return Taught(prompt.removesuffix(given), written, 2, delimiters, bool(given))


def _given_trace(prompt: str) -> str:
    """The trace at the end of a prompt, with its tags; "" if there is none. Some templates end prompts with an empty one."""
    at = prompt.rfind(_OPEN)
    is_one = at >= 0 and prompt.endswith(_CLOSE) and prompt[at + len(_OPEN) : -len(_CLOSE)].strip()
    return prompt[at:] if is_one else ""


def _trace_beside(columns: Mapping[str, Any], *, may_state_class: bool = False) -> tuple[str | None, bool]:
    """The trace in a column of its own, and whether that is the column `reasoning`.

    `may_state_class`: the column `reasoning` may be the gold class in a sentence, as in the paper's released files, which
    have it beside messages and an answer. Then it is no trace.
    """
    for name in TRACES:
        if columns.get(name) is not None and (trace := read_reasoning(columns[name])[0]) is not None:
            return trace, False
    stated = columns.get("reasoning")
    trace = None if stated is None else read_reasoning(stated)[0]
    if trace is None or (may_state_class and _states_a_class(trace)):
        return None, False
    return trace, True


def _states_a_class(text: str) -> bool:
    """Whether the text is one line that states a class, in the sentence of any task."""
    line = text.strip()
    tasks = (task for task in all_tasks() if isinstance(task, Task))
    return "\n" not in line and any(task.template.classify_pattern.match(line) for task in tasks)


def _decoded(ids: Sequence[int], labels: Sequence[int], decode: Decode | None) -> tuple[str, str]:
    if decode is None:
        raise Fault("token ids without a tokenizer")
    if len(ids) != len(labels):
        raise Fault("malformed field", f"{len(ids)} input_ids, but {len(labels)} labels")
    taught = [label != IGNORED for label in labels]
    begin = taught.index(True) if True in taught else len(ids)
    return decode(ids[:begin]), decode([ident for ident, is_taught in zip(ids, taught, strict=True) if is_taught])
