"""Miniatures of the files that outputs lie in, in the real formats, about made-up people."""

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tracekd.verify.reading import OutputRecord, Unread, read_outputs

FACTS = (
    "Ada Brook works for Fernhill Observatory from 1991 to 1999.",
    "Ada Brook works for King's Clock Company from March, 1996 to May 2, 2004.",
    "Ada Brook works for Tidewater College in 1984.",
)
QUESTION = "While Ada Brook was working for Fernhill Observatory, which employer did Ada Brook work for simultaneously?"
TRACE = (
    "<think>The temporal relation between the event in question and the event in context is: overlap.\n"
    f"I need to use the following facts to answer the question: {[FACTS[1]]!r}</think> "
    """<answer>["King's Clock Company"]</answer>"""
)
PROMPT = f"Answer the question based on the context:\n{list(FACTS)!r}\nQuestion: {QUESTION} Only return the answer.\n"
STORY = ("Greg is a lion.", "Greg is green.", "Bernhard is a lion.")

Lines = Iterable[Mapping[str, Any]]
Write = Callable[[str, Lines], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write JSON Lines under the test's folder."""

    def lines(name: str, rows: Lines) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return lines


def cotempqa_record(prediction: str = TRACE) -> dict[str, Any]:
    """A released record of CoTempQA."""
    return {
        "input": {"text": f"<|im_start|>user\n{PROMPT}<|im_end|>\n"},
        "prediction": f"assistant\n\n{prediction}",
        "gold": ["King's Clock Company"],
        "triple_element": "S1_R1_O2",
        "question": QUESTION,
        "facts": list(FACTS),
    }


def babi_record() -> dict[str, Any]:
    """A released record of bAbI; MARCO's have the same fields."""
    return {
        "input": "<|begin_of_text|>...",
        "prediction": "assistant\n\ngreen",
        "gold": "green",
        "question": "What color is Bernhard?",
        "query_type": "basic-induction",
        "passage": repr(list(STORY)),
        "reasoning": "The category of the question asked is: basic-induction.\n",
        "answer_passage": repr(list(STORY)),
    }


def lm_eval_record(texts: list[str], filter_: str = "none", doc_id: int = 0, **doc: Any) -> dict[str, Any]:
    """A line of `lm_eval --log_samples`."""
    return {
        "doc_id": doc_id,
        "doc": {"question": QUESTION, "facts": list(FACTS), **doc},
        "target": "King's Clock Company",
        "arguments": {"gen_args_0": {"arg_0": PROMPT, "arg_1": {"until": ["\n\n"], "max_gen_toks": 128}}},
        "resps": [texts],
        "filtered_resps": [text[-10:] for text in texts],
        "filter": filter_,
        "metrics": ["exact_match"],
        "doc_hash": "0" * 64,
        "prompt_hash": "1" * 64,
        "target_hash": "2" * 64,
        "exact_match": 0.0,
    }


def inspect_sample(ident: int | str, *, epoch: int = 1, content: Any = TRACE, **more: Any) -> dict[str, Any]:
    """A sample of an Inspect log."""
    choice = {
        "message": {"id": "m1", "content": content, "source": "generate", "role": "assistant"},
        "stop_reason": more.pop("stop_reason", "stop"),
        **more.pop("choice", {}),
    }
    return {
        "id": ident,
        "epoch": epoch,
        "input": [{"id": "m0", "content": PROMPT, "source": "input", "role": "user"}],
        "target": "King's Clock Company",
        "messages": [],
        "output": {
            "model": "mockllm/model", "choices": [choice], "completion": "...",
            "usage": {"input_tokens": 100, "output_tokens": 42, "total_tokens": 142},
        },
        "scores": {"match": {"value": "C"}},
        "metadata": {},
        "events": [{"event": "state", "changes": []}],
        **more,
    }  # fmt: skip


SPEC = {"run_id": "r", "created": "2025-05-14T12:00:00+00:00", "task": "cotempqa_correct", "model": "mockllm/model"}


def inspect_json(path: Path, samples: list[dict[str, Any]]) -> Path:
    """A log in the JSON format, as Inspect indents it."""
    log = {
        "version": 2, "status": "success", "eval": SPEC, "plan": {"name": "plan", "steps": []},
        "results": {"total_samples": len(samples)}, "stats": {}, "samples": samples, "reductions": [],
    }  # fmt: skip
    path.write_text(json.dumps(log, indent=2), encoding="utf-8")
    return path


def inspect_eval(path: Path, samples: list[dict[str, Any]], *, header: str = "header.json") -> Path:
    """A log in the zip format."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_journal/start.json", json.dumps({"version": 2, "eval": SPEC, "plan": {}}))
        for sample in samples:
            archive.writestr(f"samples/{sample['id']}_epoch_{sample['epoch']}.json", json.dumps(sample, indent=2))
        archive.writestr("summaries.json", "[]")
        if header == "header.json":
            archive.writestr(header, json.dumps({"version": 2, "status": "success", "eval": SPEC}))
    return path


def read(*paths: Path, **how: Any) -> list[OutputRecord | Unread]:
    return list(read_outputs([str(path) for path in paths], **how))


def written(*paths: Path, **how: Any) -> list[OutputRecord]:
    """The outputs of files of which every line is one."""
    found = read(*paths, **how)
    assert all(isinstance(each, OutputRecord) for each in found), found
    return [each for each in found if isinstance(each, OutputRecord)]
