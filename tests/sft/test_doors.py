"""At the doors of supervised data: no row is lost, none counts twice, none is judged on the context of another row."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from tracekd.audit.audit import AuditScope, audit
from tracekd.audit.faults import Finding, thresholds
from tracekd.audit.report import AuditReport
from tracekd.cli.train import read_examples
from tracekd.errors import UserError
from tracekd.sft.folder import LEFT_OUT
from tracekd.sft.tokens import FastTokenizer
from tracekd.tasks import get_task

from .test_folder import PROBLEMS, tokenizer, write

__all__ = ["tokenizer"]

TEMPLATE = get_task("babi").template
ANSWER = "<answer>hall {}</answer>"


def prompt(number: int) -> str:
    facts = f"Mary {number} left.\nMary {number} went to the hall {number}."
    before, _, rest = TEMPLATE.prompt.partition("{facts}")
    between, _, after = rest.partition("{question}")
    return f"{before}{facts}{between}Where is Mary {number}?{after}"


def trace(number: int) -> str:
    """A trace that cites the fact of the row with this number."""
    cited = [f"Mary {number} went to the hall {number}."]
    return f"{TEMPLATE.classify} single-supporting-fact.\n{TEMPLATE.retrieve} {cited}"


def turns(asked: str, said: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"role": "user", "content": asked}, {"role": "assistant", "content": said, **more}]


Make = Callable[[str, str, str], dict[str, Any]]
# The same row in the layouts of many trainers: (prompt, trace, answer) -> columns.
LAYOUTS: dict[str, Make] = {
    "messages": lambda p, t, a: {"messages": turns(p, f"<think>{t}</think> {a}")},
    "other marks": lambda p, t, a: {"messages": turns(p, f"[THINK]{t}[/THINK]{a}")},
    "a field": lambda p, t, a: {"messages": turns(p, a, reasoning_content=t)},
    "parts": lambda p, t, a: {
        "messages": turns(p, [{"type": "thinking", "thinking": t}, {"type": "text", "text": a}])
    },
    "ShareGPT": lambda p, t, a: {
        "conversations": [{"from": "human", "value": p}, {"from": "gpt", "value": f"<think>{t}</think>{a}"}]
    },
    "Alpaca": lambda p, t, a: {"instruction": p, "input": "", "output": f"<think>{t}</think>{a}"},
    "prompt and response": lambda p, t, a: {"prompt": p, "response": f"<think>{t}</think>{a}"},
    "a column": lambda p, t, a: {"prompt": p, "cot": t, "completion": a},
    "question and answer": lambda p, t, a: {"question": p, "thinking": t, "answer": a},
    "conversational": lambda p, t, a: {
        "prompt": turns(p, "")[:1], "completion": turns("", f"<think>{t}</think>{a}")[1:]
    },
    "rendered": lambda p, t, a: {
        "text": f"<|im_start|>user\n{p}<|im_end|>\n<|im_start|>assistant\n<think>{t}</think>{a}<|im_end|>\n"
    },
}  # fmt: skip
# What is no row of supervised data.
BROKEN = (
    "{", "7", "null", '"text"', "{}", '{"messages": []}', '{"prompt": "Where?"}', '{"messages": "Where?"}',
    json.dumps({"messages": turns("Where?", None)}), json.dumps({"prompt": "Where?", "completion": ["a", "b"]}),
    json.dumps({"messages": turns("Where?", [{"type": "redacted_thinking", "data": "x"}])}),
)  # fmt: skip

# A row: its layout, and whether its trace cites the fact of another row; or a text that is no row.
rows = st.tuples(st.sampled_from(sorted(LAYOUTS)), st.booleans()) | st.sampled_from(BROKEN)


def line(number: int, row: Any) -> str:
    if isinstance(row, str):
        return row
    name, is_elsewhere = row
    return json.dumps(LAYOUTS[name](prompt(number), trace(number + is_elsewhere), ANSWER.format(number)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("supervised")


def audited(file: Path) -> tuple[AuditReport, list[Finding]]:
    found: list[BaseModel] = []
    scope = AuditScope([str(file)], thresholds(()), task="babi", regime="correct")
    report = audit(scope, write=found.append)
    return report, [each for each in found if isinstance(each, Finding)]


def places_of(found: list[Finding], fault: str) -> list[int]:
    return [int(each.where.rpartition(":")[2]) for each in found if each.fault == fault]


@given(st.lists(rows, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_an_audit_reads_or_names_every_row(folder: Path, written: list[Any]) -> None:
    file = folder / "audited.jsonl"
    file.write_text("".join(f"{line(*each)}\n" for each in enumerate(written)), encoding="utf-8")
    report, found = audited(file)
    broken = [at for at, row in enumerate(written, start=1) if isinstance(row, str)]
    assert places_of(found, "unreadable") == broken
    assert report.rows + len(broken) == len(written)
    assert sum(report.layouts.values()) == sum(report.delimiters.values()) == report.rows
    assert sum(part.rows for part in report.parts) == report.rows
    # No row is judged by the facts of another one.
    elsewhere = [at for at, row in enumerate(written, start=1) if not isinstance(row, str) and row[1]]
    assert places_of(found, "fact_not_in_context") == elsewhere
    assert places_of(found, "malformed_step") == places_of(found, "duplicate_row") == []


@given(st.lists(rows, min_size=1, max_size=8), st.booleans())
@settings(max_examples=60, deadline=None)
def test_training_takes_every_row_once_or_names_the_first_that_is_none(
    folder: Path, written: list[Any], is_array: bool
) -> None:
    is_array = is_array and not any(isinstance(row, str) for row in written)
    lines = [line(*each) for each in enumerate(written)]
    file = folder / "taught.json"
    file.write_text(f"[{','.join(lines)}]" if is_array else "".join(f"{each}\n" for each in lines), encoding="utf-8")
    made = []
    fault = None
    try:
        made.extend(read_examples(file))
    except UserError as error:
        fault = error
    broken = next((at for at, row in enumerate(written) if isinstance(row, str)), None)
    assert (fault is None) == (broken is None)
    if fault is not None:
        assert str(fault.where) == f"{file}:{(broken or 0) + 1}"
        return
    assert len(made) == len({example.id for example in made}) == len(written)
    for number, (example, (_, is_elsewhere)) in enumerate(zip(made, written, strict=True)):
        assert example.prompt.strip() == prompt(number).strip()
        assert example.trace is not None
        assert example.completion[slice(*example.trace)].strip() == trace(number + is_elsewhere)
        assert example.completion[slice(*example.answer)] == f"hall {number}"


@given(
    st.lists(st.integers(0, len(PROBLEMS) - 1), min_size=1, max_size=8, unique=True),
    st.sampled_from(["conversational", "messages", "prompt-completion", "csv"]),
)
@settings(max_examples=15, deadline=None)
def test_what_sft_writes_is_what_train_and_audit_read(
    folder: Path, tokenizer: FastTokenizer, places: list[int], kind: str
) -> None:
    """Every problem has one example, or is listed as left out; what is read back is what was written."""
    problems = [PROBLEMS[place] for place in places]
    out = folder / f"written-{kind}-{'-'.join(map(str, places))}"
    if not write(out, "correct,incorrect", kind, tokenizer, problems).examples:
        return
    written = [problem.id for problem in problems]
    for regime in ("correct", "incorrect"):
        file = next(out.glob(f"{regime}.*"))
        examples = list(read_examples(file))
        taught = [example.id for example in examples]
        left_out = {json.loads(each)["id"] for each in (out / LEFT_OUT).read_text(encoding="utf-8").splitlines()}
        assert taught == [ident for ident in written if ident not in left_out]
        report, found = audited(out / file.name)
        assert report.rows == len(examples) and not places_of(found, "unreadable")
        assert places_of(found, "message_of_another_question") == []
    prompts = [TEMPLATE.render_prompt(problem) for problem in problems if problem.id in taught]
    assert [example.prompt for example in examples] == prompts
