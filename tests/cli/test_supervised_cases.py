"""Supervised data of the kinds that public bug reports and first users show, each with its right value.

The files of the reports are not part of this repository; rows that need them are skipped without them.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..students.test_template_check import CHATML, DROPS, REWRITES
from ..teacher.conftest import Reply, Server, chat, write_stories
from .conftest import Run

CASES = Path(__file__).parents[2].parent / "shared/cases"
LAYOUTS = CASES / "12-audit-layouts"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not on this machine")

# file -> layout, delimiters. All of them are good data: no step is missing.
GOOD = {
    "bad/correct": ("messages", "field"),
    "conversations_role": ("conversations", "think"),
    "messages": ("messages", "think"),
    "multi_answer_list": ("messages", "think"),
    "no_answer_tag": ("messages", "think"),
    "no_open_tag": ("messages", "think"),
    "null_content": ("messages", "think"),
    "openr1": ("messages", "think"),
    "parts": ("messages", "think"),
    "prompt_response": ("prompt, response", "think"),
    "alpaca": ("instruction, output", "think"),
    "reasoning_content": ("messages", "field"),
    "reasoning_content_pc": ("prompt, completion", "field"),
    "sft_prefixed": ("prompt, completion", "think"),
    "sharegpt": ("conversations", "think"),
    "system_first": ("messages", "think"),
    "text": ("text", "think"),
    "thinking": ("messages", "field"),
}


def report_of(tracekd: Run, *arguments: str) -> tuple[int, dict[str, Any], dict[str, int]]:
    """The exit code, the report, and the faults with their rows."""
    made = tracekd("audit", *arguments, "--json")
    assert made.returncode in (0, 1), made.stderr
    report = json.loads(made.stdout)
    return made.returncode, report, {fault["name"]: fault["rows"] for fault in report["faults"]}


@needs_cases
@pytest.mark.parametrize("name", GOOD)
def test_12_good_data_in_any_layout_is_clean(tracekd: Run, name: str) -> None:
    code, report, faults = report_of(tracekd, str(LAYOUTS / f"{name}.jsonl"), "--task", "babi", "--regime", "correct")
    assert code == 0
    assert (report["rows"], faults["unreadable"], faults["malformed_step"]) == (30, 0, 0)
    layout, delimiters = GOOD[name]
    assert (report["layouts"], report["delimiters"]) == ({layout: 30}, {delimiters: 30})


@needs_cases
def test_12_wrong_traces_in_a_field_are_faults_as_inline(tracekd: Run) -> None:
    code, report, faults = report_of(tracekd, str(LAYOUTS / "bad/set_a.jsonl"))
    inline_code, inline, inline_faults = report_of(tracekd, str(LAYOUTS / "bad/set_a_inline.jsonl"))
    assert (code, faults) == (inline_code, inline_faults) and code == 1
    assert faults["fact_not_in_context"] == 30
    assert [part["regime"] for part in report["parts"]] == [part["regime"] for part in inline["parts"]] == ["incorrect"]


@needs_cases
@pytest.mark.parametrize("name", ["reasoning_content", "reasoning_content_pc", "thinking", "alpaca", "prompt_response"])
def test_12_train_teaches_the_trace(tracekd: Run, tiny_base: Path, tmp_path: Path, name: str) -> None:
    settings = ("--set", f'base="{tiny_base}"', "--set", "steps=1", "--set", "batch=2")
    made = tracekd("train", str(LAYOUTS / f"{name}.jsonl"), *settings, "--out", "st")
    assert made.returncode == 0, made.stderr
    layout, delimiters = GOOD[name]
    assert f"layout: {layout}; delimiters: {delimiters}" in made.stdout


@needs_cases
@pytest.mark.parametrize("name", ["sharegpt", "system_first"])
def test_12_train_refuses_a_turn_that_it_would_drop(tracekd: Run, tiny_base: Path, name: str) -> None:
    made = tracekd("train", str(LAYOUTS / f"{name}.jsonl"), "--set", f'base="{tiny_base}"', "--out", "st")
    assert made.returncode == 2 and "3 messages" in made.stderr


def with_template(base: Path, folder: Path, template: str) -> str:
    shutil.copytree(base, folder)
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize("format", ["conversational", "messages"])
def test_27_a_template_that_drops_the_trace_is_refused(
    tracekd: Run, tiny_base: Path, tmp_path: Path, format: str
) -> None:
    stories = write_stories(tmp_path / "qa1_many.txt", 8)
    common = ("sft", "babi", stories, "--regime", "correct,answer_only", "--format", format)
    made = tracekd(*common, "--out", "a", "--template", with_template(tiny_base, tmp_path / "drops", DROPS))
    assert made.returncode == 2 and not (tmp_path / "a").exists()
    assert "drops the trace, or the answer, of 8 of 16 examples" in made.stderr
    made = tracekd(*common, "--out", "b", "--template", with_template(tiny_base, tmp_path / "rewrites", REWRITES))
    assert made.returncode == 0, made.stderr
    said = " ".join(made.stdout.split())
    assert "writes 8 completions otherwise" in said and "an empty trace into 8 examples" in said
    card = (tmp_path / "b/README.md").read_text(encoding="utf-8")
    assert "keeps the trace\nof all 16 examples" in card
    made = tracekd(*common, "--out", "c")
    card = (tmp_path / "c/README.md").read_text(encoding="utf-8")
    assert "Chat templates may drop the traces" in card and "--template FOLDER" in card


def test_client_05_the_default_is_what_trl_masks_by_itself(tracekd: Run, tmp_path: Path) -> None:
    """That its loss covers the completion only is tested with TRL itself, in `tests/sft/test_trainers.py`."""
    stories = write_stories(tmp_path / "qa1_many.txt", 4)
    assert tracekd("sft", "babi", stories, "--out", "data").returncode == 0
    row = json.loads((tmp_path / "data/correct.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert [turn["role"] for turn in row["prompt"]] == ["user"]
    assert [turn["role"] for turn in row["completion"]] == ["assistant"]
    card = (tmp_path / "data/README.md").read_text(encoding="utf-8")
    assert "completion_only_loss` is on by\n  itself" in card


@pytest.mark.parametrize("template", [CHATML, None], ids=["a chat template", "no template"])
@pytest.mark.parametrize("option", [None, "--no-chat"])
def test_client_06_labels_have_the_prompt_that_generate_asks(
    tracekd: Run, tiny_base: Path, tmp_path: Path, template: str | None, option: str | None
) -> None:
    stories = write_stories(tmp_path / "qa1_many.txt", 4)
    base = str(tiny_base) if template is None else with_template(tiny_base, tmp_path / "base", template)
    more = () if option is None else (option,)
    made = tracekd("sft", "babi", stories, "--format", "labels", "--tokenizer", base, *more, "--out", "data")
    assert made.returncode == 0, made.stderr
    rows = [json.loads(line) for line in (tmp_path / "data/correct.jsonl").read_text(encoding="utf-8").splitlines()]
    lengths = {row["id"]: sum(label == -100 for label in row["labels"]) for row in rows}
    made = tracekd("generate", base, "babi", stories, "--max-new-tokens", "2", *more, "--out", "o.jsonl")
    assert made.returncode == 0, made.stderr
    outputs = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {output["id"]: output["prompt_tokens"] for output in outputs} == lengths
    manifest = json.loads((tmp_path / "data/manifest.json").read_text(encoding="utf-8"))
    assert manifest["prompts"] == ("chat template" if template and not option else "plain")
    # The audit reads the same problems, however the prompts are written.
    code, _, faults = report_of(tracekd, "data/correct.jsonl", "--tokenizer", base)
    assert (code, faults["prompt_form_differs"], faults["malformed_step"]) == (0, 0, 0)


def test_client_06_prompts_as_texts_say_how_to_ask(tracekd: Run, tiny_base: Path, tmp_path: Path) -> None:
    stories = write_stories(tmp_path / "qa1_many.txt", 4)
    base = with_template(tiny_base, tmp_path / "base", CHATML)
    common = ("sft", "babi", stories, "--format", "prompt-completion")
    plain = tracekd(*common, "--out", "plain")
    assert "--no-chat" in plain.stdout
    assert "generate --no-chat" in (tmp_path / "plain/README.md").read_text(encoding="utf-8")
    rendered = tracekd(*common, "--template", base, "--out", "rendered")
    assert rendered.returncode == 0 and "--no-chat" not in rendered.stdout, rendered.stderr
    row = json.loads((tmp_path / "rendered/correct.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert row["prompt"].startswith("<|im_start|>user\n") and row["prompt"].endswith("<|im_start|>assistant\n")
    refused = tracekd("train", "rendered", "--set", f'base="{base}"', "--out", "st")
    assert refused.returncode == 2 and "already written with a chat template" in refused.stderr
    asked = tracekd("generate", base, "babi", stories, "--max-new-tokens", "2", "--out", "o.jsonl", "--json")
    assert any("--no-chat" in note for note in json.loads(asked.stdout)["notes"])


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.end()


def test_client_10_an_answer_without_a_trace_is_paid_once(tracekd: Run, server: Server, tmp_path: Path) -> None:
    stories = write_stories(tmp_path / "qa1_many.txt", 3)
    server.respond = lambda body, before: Reply(chat("<answer>office</answer>"))
    common = ("teacher", "babi", stories, "--endpoint", server.url, "--model", "m", "--kind", "trace")
    made = tracekd(*common, "--limit", "3", "--max-tokens", "40", "--out", "taught")
    assert made.returncode == 0, made.stderr
    assert sorted(server.asked.values()) == [1, 1, 1]
    assert "not asked again, because at temperature 0" in " ".join(made.stdout.split())
    log = (tmp_path / "taught/raw/trace.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["reason"].partition(";")[0] for line in log] == ["empty trace"] * 3
