"""Decides which texts of a teacher are kept or rejected, and why; and reads the kept ones, for the regime `teacher`."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.problem import Problem
from tracekd.tasks.template import Template
from tracekd.teacher.completion import holds_tag, take_apart
from tracekd.teacher.gate import ANSWER_GATE, Gate
from tracekd.teacher.manifest import MANIFEST
from tracekd.transcript.chat_completion import Completion
from tracekd.transcript.finish import finish_of
from tracekd.verify.answer import answer_is_right, lenient_answer_is_right

KEPT, REJECTED = "kept", "rejected.jsonl"
_LONGEST_ANSWER = 200
_FILTERED = "content_filter"


class KeptText(BaseModel):
    """A text that can train a student. `answer` is the teacher's, which is right unless texts are kept by their claims alone.

    `tokens` counts the tokens of the whole reply; it is None if the endpoint did not count them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    kind: str
    text: str
    answer: str
    model: str
    tokens: int | None


class RejectedText(BaseModel):
    """A text that is not kept. `failed`: there was no reply, so the next run asks again. `answer` may be cut short.

    `statement` is the statement that does not hold, if that is the reason: its number from 1, its text and why, cut short.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    kind: str
    reason: str
    failed: bool = False
    answer: str | None = None
    statement: str | None = None


def kept_file(folder: Path, kind: str) -> Path:
    """The file of the kept texts of a kind."""
    return folder / KEPT / f"{kind}.jsonl"


def read_texts(folder: Path) -> dict[str, dict[str, str]]:
    """The kept texts of a teacher's folder: by kind, then by problem id.

    Raises UserError if it is not a teacher's folder, if nothing in it is finished, or for an invalid line.
    """
    if not (folder / MANIFEST).is_file():
        raise UserError(
            "this is not a folder of a teacher's traces", where=folder, expected="a folder that `tracekd teacher` wrote",
            next_step="tracekd teacher TASK SOURCE --endpoint URL --model NAME --out DIR",
        )  # fmt: skip
    files = sorted((folder / KEPT).glob("*.jsonl"))
    if not files:
        raise UserError(
            "the traces in this folder are not finished", where=folder,
            next_step="run the same `tracekd teacher` command again: it continues",
        )  # fmt: skip
    return {file.stem: _texts(file) for file in files}


def _texts(file: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for number, row in enumerate(read_jsonl(file, KeptText), start=1):
        # The file may have been edited. A tag in a text would end the trace early.
        if row.kind != file.stem or row.id in texts or not row.text.strip() or holds_tag(row.text):
            raise UserError(
                "this text cannot be used for training", where=f"{file}:{number}",
                expected=f"one {file.stem} for each problem, without tags", next_step="delete the line",
            )  # fmt: skip
        texts[row.id] = row.text
    return texts


def text_of(kind: str, completion: Completion, template: Template) -> str:
    """The text to keep: the trace; for a summary or an explanation, the text after the teacher's own trace."""
    parts = take_apart(completion, template)
    return parts.trace if kind == "trace" else parts.text


def judge_trace(
    problem: Problem, completion: Completion, template: Template, gate: Gate = ANSWER_GATE
) -> KeptText | RejectedText:
    """A trace is kept if it is complete and what the gate demands is right: its answer, all its claims, or both.

    A right answer is right by the strict reading, because the prompt says how to write it. An answer that is right only by
    the lenient reading gets a separate reason, so that it can be counted.
    """
    parts = take_apart(completion, template)
    reason, statement = _fault("trace", parts.trace, completion), None
    if not reason and parts.answer is None:
        reason = "no answer"
    if not reason and gate.keep != "claims":
        reason = _wrong(parts.answer or "", problem)
    if not reason and gate.keep != "answer":
        reason, statement = gate.failed(problem, parts.trace) or (None, None)
    if reason:
        answer = None if parts.answer is None else parts.answer[:_LONGEST_ANSWER]
        return RejectedText(id=problem.id, kind="trace", reason=reason, answer=answer, statement=statement)
    return _kept(problem, "trace", parts.trace, parts.answer or "", completion)


def judge_derived(
    problem: Problem, kind: str, answer: str, completion: Completion, template: Template
) -> KeptText | RejectedText:
    """A summary or an explanation is kept if it is complete. Its answer is the answer of its trace."""
    text = text_of(kind, completion, template)
    reason = _fault(kind, text, completion)
    if reason:
        return RejectedText(id=problem.id, kind=kind, reason=reason)
    return _kept(problem, kind, text, answer, completion)


def _fault(kind: str, text: str, completion: Completion) -> str | None:
    if finish_of(completion.finish) == "length":
        return "cut off by the token limit"
    if completion.finish == _FILTERED:
        return "cut off by a filter of the endpoint"
    if not text:
        return f"empty {kind}"
    return f"the {kind} contains a tag" if holds_tag(text) else None


def _wrong(answer: str, problem: Problem) -> str | None:
    if answer_is_right(answer, problem.answer):
        return None
    return "right only by the lenient reading" if lenient_answer_is_right(answer, problem.answer) else "wrong answer"


def _kept(problem: Problem, kind: str, text: str, answer: str, completion: Completion) -> KeptText:
    return KeptText(
        id=problem.id, kind=kind, text=text, answer=answer, model=completion.model,
        tokens=completion.completion_tokens,
    )  # fmt: skip
