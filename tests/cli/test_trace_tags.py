"""`--trace-tags` in every command that reads what a model wrote: reasoning between marks that nobody foresaw."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracekd.tasks import get_task
from tracekd.tasks.loading import load_strict

from ..teacher.conftest import Reply, Server, chat, said_of, write_stories
from .conftest import Run

TASK = get_task("babi")
TAGS = ("--trace-tags", "<plan>,</plan>")


@pytest.fixture
def stories(tmp_path: Path) -> str:
    return write_stories(tmp_path / "qa1_many.txt", 6)


def parts(stories: str) -> Iterator[tuple[Any, str, str]]:
    """Each problem, a right trace and its answer."""
    for problem in load_strict(TASK, [stories]):
        yield problem, TASK.template.render_trace(problem, problem.trace), problem.answer.values[0]


def write_rows(path: Path, stories: str) -> str:
    rows = [
        {
            "prompt": TASK.template.render_prompt(problem),
            "completion": f"<plan>{trace}</plan> <answer>{answer}</answer>",
        }
        for problem, trace, answer in parts(stories)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path.name


def write_outputs(path: Path, stories: str) -> str:
    rows = [
        {"id": problem.id, "text": f"<plan>{trace}</plan> <answer>{answer}</answer>"}
        for problem, trace, answer in parts(stories)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path.name


def test_verify_and_select(tracekd: Run, stories: str, tmp_path: Path) -> None:
    command = (write_outputs(tmp_path / "outputs.jsonl", stories), "--task", "babi", "--problems", stories, "--json")
    for options, traces in (((), 0), (TAGS, 6)):
        made = tracekd("verify", *command, *options)
        assert made.returncode == 0, made.stderr
        (cell,) = json.loads(made.stdout)["cells"]
        assert (cell["answer"]["right"], cell["trace"]["right"]) == (6, traces)
        made = tracekd("select", *command, *options)
        (cell,) = json.loads(made.stdout)["cells"]
        assert cell["selected"]["all"]["coverage"]["right"] == traces


def test_audit(tracekd: Run, stories: str, tmp_path: Path) -> None:
    command = ("audit", write_rows(tmp_path / "rows.jsonl", stories), "--task", "babi", "--regime", "correct", "--json")
    for options, malformed, said in (((), 6, "not known: <plan>"), (TAGS, 0, "<plan>")):
        report = json.loads(tracekd(*command, *options).stdout)
        faults = {fault["name"]: fault["rows"] for fault in report["faults"]}
        assert (report["rows"], faults["malformed_step"], report["delimiters"]) == (6, malformed, {said: 6})


def test_train(tracekd: Run, tiny_base: Path, stories: str, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", stories)
    common = ("train", rows, "--set", f'base="{tiny_base}"', "--set", "steps=1", "--set", "batch=2")
    made = tracekd(*common, *TAGS, "--out", "st")
    assert made.returncode == 0, made.stderr
    assert "layout: prompt, completion; delimiters: <plan>" in made.stdout
    assert "delimiters: not known: <plan>" in tracekd(*common, "--out", "other").stdout


# A template that writes the trace between marks of its own.
PLANS = (
    "{% for m in messages %}{{ m.role }}:\n{{ m.content.replace('<think>', '<plan>').replace('</think>', '</plan>') }}\n"
    "{% endfor %}{% if add_generation_prompt %}assistant:\n{% endif %}"
)


@pytest.mark.parametrize("begins", [PLANS, PLANS.replace("assistant:\n{% endif", "assistant:\n<plan>{% endif")])
def test_sft_checks_a_template_that_writes_them(
    tracekd: Run, tiny_base: Path, stories: str, tmp_path: Path, begins: str
) -> None:
    student = tmp_path / "student"
    shutil.copytree(tiny_base, student)
    (student / "chat_template.jinja").write_text(begins, encoding="utf-8")
    common = ("sft", "babi", stories, "--template", str(student))
    made = tracekd(*common, "--out", "a")
    assert made.returncode == 2 and "drops the trace, or the answer, of 6 of 6 examples" in made.stderr
    made = tracekd(*common, *TAGS, "--out", "b")
    assert made.returncode == 0, made.stderr
    assert "the chat template keeps the trace of all 6 examples" in made.stdout
    made = tracekd("sft", "babi", stories, *TAGS, "--out", "c")
    assert made.returncode == 2 and "add --template FOLDER" in made.stderr


def test_teacher(tracekd: Run, stories: str, tmp_path: Path) -> None:
    def plans(body: dict[str, Any], before: int) -> Reply:
        name = re.findall(r"Where is (\w+)\?", said_of(body))[-1]
        place = re.findall(rf"{name} went to the (\w+)\.", said_of(body))[-1]
        return Reply(chat(f"<plan>{name} is there.</plan><answer>{place}</answer>"))

    server = Server()
    try:
        server.respond = plans
        common = ("teacher", "babi", stories, "--endpoint", server.url, "--model", "m", "--kind", "trace")
        made = tracekd(*common, *TAGS, "--out", "taught")
    finally:
        server.end()
    assert made.returncode == 0, made.stderr
    kept = (tmp_path / "taught/kept/trace.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in kept] == [f"Mary{at} is there." for at in range(6)]


COMMANDS = (
    ("verify", "qa1_many.txt", "--task", "babi"),
    ("select", "qa1_many.txt", "--task", "babi"),
    ("audit", "qa1_many.txt"),
    ("train", "qa1_many.txt", "--out", "st"),
    ("sft", "babi", "qa1_many.txt", "--template", "embedded", "--out", "data"),
    ("teacher", "babi", "qa1_many.txt", "--endpoint", "http://localhost:9", "--model", "m", "--out", "t"),
)


@pytest.mark.parametrize(
    ("command", "tags"),
    [*((command, "<plan>") for command in COMMANDS), *((COMMANDS[0], tags) for tags in (",</plan>", "<plan>,", "x,x"))],
    ids=lambda given: given if isinstance(given, str) else given[0],
)
def test_marks_that_are_none_are_refused(tracekd: Run, stories: str, command: tuple[str, ...], tags: str) -> None:
    made = tracekd(*command, "--trace-tags", tags)
    assert made.returncode == 2
    said = " ".join(made.stderr.split())
    assert f"--trace-tags '{tags}' are not two marks" in said and "OPEN,CLOSE" in said
