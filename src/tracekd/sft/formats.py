"""The columns of an example in each format that trainers read.

Beside them every row has the same `COLUMNS`, so that the data can be audited by itself: of which problem it is, and what
its gold class, facts and answer are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tracekd.problem import Problem
from tracekd.sft.example import Example
from tracekd.sft.tokenize import Tokenizer, tokenize
from tracekd.tasks.list_literal import write_list
from tracekd.tasks.template import Template, render_answer
from tracekd.trace import Classify, Trace

# Names of Arrow types, so that this module can be imported without pyarrow.
TEXT, TEXTS, IDS, MESSAGES = "text", "texts", "ids", "messages"

COLUMNS: Mapping[str, str] = {
    "id": TEXT, "task": TEXT, "regime": TEXT, "group": TEXT, "label": TEXT, "question": TEXT, "support": TEXTS,
    "answer": TEXT,
}  # fmt: skip


@dataclass(frozen=True)
class Format:
    """`columns` maps names to types; `row` makes them from an example (and a tokenizer, which `labels` alone needs)."""

    name: str
    columns: Mapping[str, str]
    row: Callable[[Problem, Example, Template, Tokenizer | None], dict[str, Any]]


def common_columns(problem: Problem) -> dict[str, Any]:
    """What a row says of its problem, whatever its format and regime (which stands empty here)."""
    return {
        "id": problem.id,
        "task": problem.task,
        "regime": "",
        "group": problem.group,
        "label": problem.label,
        "question": problem.question,
        "support": list(problem.texts(problem.trace.facts)),
        "answer": render_answer(problem.answer),
    }


def messages_of(example: Example) -> list[dict[str, str]]:
    """The example as a conversation."""
    return [{"role": "user", "content": example.prompt}, {"role": "assistant", "content": example.completion}]


def _messages(problem: Problem, example: Example, template: Template, tokenizer: Tokenizer | None) -> dict[str, Any]:
    return {"messages": messages_of(example)}


def _prompt_completion(
    problem: Problem, example: Example, template: Template, tokenizer: Tokenizer | None
) -> dict[str, Any]:
    return {"prompt": example.prompt, "completion": example.completion}


def _labels(problem: Problem, example: Example, template: Template, tokenizer: Tokenizer | None) -> dict[str, Any]:
    if tokenizer is None:
        raise ValueError("token ids need a tokenizer")
    row = tokenize(example, tokenizer)
    return {"input_ids": list(row.ids), "labels": list(row.labels)}


def _csv(problem: Problem, example: Example, template: Template, tokenizer: Tokenizer | None) -> dict[str, Any]:
    """The columns of the released CSVs of arXiv 2505.13792: lists and messages as Python prints them."""
    reasoning = template.render_trace(problem, Trace(steps=(Classify(label=problem.label),)))
    swapped = [{"content": message["content"], "role": message["role"]} for message in messages_of(example)]
    return {
        "facts": write_list(tuple(fact.text for fact in problem.context)),
        "reasoning": reasoning,
        "messages": repr(swapped),
    }


FORMATS: Mapping[str, Format] = {
    made.name: made
    for made in (
        Format("messages", {"messages": MESSAGES}, _messages),
        Format("prompt-completion", {"prompt": TEXT, "completion": TEXT}, _prompt_completion),
        Format("labels", {"input_ids": IDS, "labels": IDS}, _labels),
        Format("csv", {"facts": TEXT, "reasoning": TEXT, "messages": TEXT}, _csv),
    )
}
