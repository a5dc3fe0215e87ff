"""`tracekd sft`, as a user runs it."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tracekd.problem import Problem

from .conftest import Run, environment

STORY = """\
1 Mary moved to the bathroom.
2 John went to the hallway.
3 Where is Mary? \tbathroom\t1
4 Daniel went back to the kitchen.
5 Where is John? \thallway\t2
"""
SECOND = """\
1 Ann went to the garden.
2 Bob went to the office.
3 Where is Ann? \tgarden\t1
"""
OTHER = """\
1 Ann is a wolf.
2 Wolves are afraid of mice.
3 What is Ann afraid of? \tmouse\t1 2
1 Sheep are afraid of wolves.
2 Ida is a sheep.
3 Cats are afraid of mice.
4 Eve is a cat.
5 What is Ida afraid of? \twolf\t2 1
"""


@pytest.fixture
def babi(tmp_path: Path) -> str:
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "qa1_small.txt").write_text(STORY + SECOND, encoding="utf-8", newline="\n")
    (folder / "qa15_small.txt").write_text(OTHER, encoding="utf-8", newline="\n")
    return str(folder)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_it_writes_every_regime_and_says_what_is_left_out(tracekd: Run, babi: str, tmp_path: Path) -> None:
    result = tracekd("sft", "babi", babi, "--regime", "correct,incorrect,swapped", "--seed", "4", "--out", "data")
    assert result.returncode == 0, result.stderr
    assert "incorrect: too few facts that are not gold: 1" in result.stdout
    assert "next: tracekd audit data" in result.stdout
    ids = [[row["id"] for row in rows_of(tmp_path / "data" / f"{name}.jsonl")] for name in ("correct", "swapped")]
    assert ids[0] == ids[1]
    assert (tmp_path / "data" / "README.md").is_file()
    assert babi not in (tmp_path / "data" / "README.md").read_text(encoding="utf-8")


def test_other_answers_are_counted_and_pass_the_audit(tracekd: Run, tmp_path: Path) -> None:
    assert tracekd("world", "babi", "--n", "12", "--out", "stories").returncode == 0
    request = ("sft", "babi", "stories", "--regime", "correct,counterfactual(0.5)", "--out", "data")
    refused = tracekd(*request)
    assert refused.returncode == 2 and not (tmp_path / "data").exists()
    assert "conversational has no place for a trace that is given" in refused.stderr
    assert "--format prompt-completion" in refused.stderr
    result = tracekd(*request, "--format", "prompt-completion")
    assert result.returncode == 0, result.stderr
    rows = rows_of(tmp_path / "data" / "counterfactual-0.5.jsonl")
    other = [row for row in rows if not row["completion"].endswith(f"<answer>{row['answer']}</answer>")]
    assert 0.3 < len(other) / len(rows) < 0.7
    assert f"counterfactual(0.5): the answers of {len(other)} examples are not gold" in result.stdout
    audit = tracekd("audit", "data", "--json")
    assert audit.returncode == 0, audit.stdout
    faults = {fault["name"]: fault for fault in json.loads(audit.stdout)["faults"]}
    assert (faults["answer_differs"]["rows"], faults["answer_differs"]["verdict"]) == (0, "ok")
    assert faults["answer_not_gold"]["by_part"] == {"counterfactual(0.5)": len(other)}
    assert (faults["answer_not_gold"]["checked"], faults["answer_not_gold"]["verdict"]) == (len(rows), "reported")


def test_json_is_the_manifest_and_nothing_else(started_tracekd: Run, babi: str, tmp_path: Path) -> None:
    result = started_tracekd(
        "sft", "babi", babi, "--regime", "correct(support)", "--out", "data", "--json", "--tokenizer", "embedded"
    )
    printed = json.loads(result.stdout)
    assert printed == json.loads((tmp_path / "data" / "manifest.json").read_text(encoding="utf-8"))
    assert printed["problems"] == printed["examples"] == 5
    assert printed["regimes"]["correct(support)"]["lengths"]["tokens"] > 10


def test_the_same_command_writes_the_same_bytes(tracekd: Run, babi: str, tmp_path: Path) -> None:
    for out in ("a", "b"):
        assert tracekd("sft", "babi", babi, "--regime", "incorrect_facts", "--seed", "1", "--out", out).returncode == 0
    for name in ("incorrect_facts.jsonl", "incorrect_facts.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert rows_of(tmp_path / "a" / "incorrect_facts.jsonl") != []


def test_no_example_at_all_is_a_failure_with_its_reason_and_leaves_what_was_there(
    tracekd: Run, babi: str, tmp_path: Path
) -> None:
    assert tracekd("sft", "babi", babi, "--out", "data").returncode == 0
    before = (tmp_path / "data" / "correct.jsonl").read_bytes()
    command = ("sft", "babi", babi, "--classes", "single-supporting-fact", "--regime", "corrupted:0.5", "--out", "data")
    result = tracekd(*command)
    assert result.returncode == 1
    assert "corrupted(0.5): no other class in the study: 3" in result.stdout
    assert "no example could be made, and nothing was written" in result.stderr
    assert (tmp_path / "data" / "correct.jsonl").read_bytes() == before
    assert "next:" not in result.stdout


def test_one_side_of_a_split_is_a_source(tracekd: Run, babi: str, tmp_path: Path) -> None:
    assert tracekd("problems", "babi", babi, "--out", "all.jsonl").returncode == 0
    whole = tracekd("sft", "babi", babi, "--regime", "correct", "--out", "from_files", "--json")
    again = tracekd("sft", "babi", "all.jsonl", "--regime", "correct", "--out", "from_problems", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(whole.stdout)["regimes"] == json.loads(again.stdout)["regimes"]
    lines = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()
    Problem.model_validate_json(lines[0])
    (tmp_path / "cut.jsonl").write_text("\n".join([*lines[:2], lines[2][:40], *lines[3:]]) + "\n", encoding="utf-8")
    cut = tracekd("sft", "babi", "cut.jsonl", "--out", "cut", "--json")
    assert json.loads(cut.stdout)["skipped"] == {"not a problem": 1}
    other = tracekd("sft", "cotempqa", "all.jsonl", "--out", "other", "--json")
    assert other.returncode == 1 and json.loads(other.stdout)["skipped"] == {"another task": 5}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--regime", "incorect"), "did you mean 'incorrect'"),
        (("--regime", "corrupted(2)"), "a share from 0 to 1, for example corrupted(0.5)"),
        (("--regime", "correct,correct"), "named twice"),
        (("--regime", "filler(3)"), "has no parameter"),
        (("--format", "label"), "did you mean 'labels'"),
        (("--format", "labels"), "add --tokenizer embedded"),
        (("--no-chat",), "--format prompt-completion"),
        (("--format", "prompt-completion", "--chat"), "add --template FOLDER"),
        (("--template", "embedded"), "no chat template"),
        (("--format", "prompt-completion", "--template", "embedded"), "no chat template"),
        (("--format", "labels", "--tokenizer", "embedded", "--template", "other"), "leave --template out"),
        (("--tokenizer", "nowhere"), "nowhere"),
        (("--classes", "countin"), "did you mean 'counting'"),
        (("--support", "suport"), "did you mean 'support'"),
        (("--regime", "correct(suport)"), "did you mean 'support'"),
        (("--subset", "papr"), "did you mean 'paper'"),
        (("--regime", "teacher"), "tracekd teacher"),
        (("--traces", "."), "tracekd teacher TASK SOURCE"),
    ],
)
def test_a_wrong_request_is_told_what_would_do(
    tracekd: Run, babi: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = tracekd("sft", "babi", babi, "--out", "data", *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "data").exists()


def test_it_takes_the_place_of_its_own_folders_only(tracekd: Run, babi: str, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    for out in ("mine", "stories", ".", "mine/thesis.txt"):
        result = tracekd("sft", "babi", babi, "--out", out)
        assert result.returncode == 2, out
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "years of work"
    assert tracekd("sft", "babi", babi, "--out", "data").returncode == 0
    assert tracekd("sft", "babi", babi, "--regime", "filler", "--out", "data").returncode == 0
    assert {path.name for path in (tmp_path / "data").glob("*.jsonl")} == {"filler.jsonl"}
    (tmp_path / "data" / "adapter").mkdir()
    result = tracekd("sft", "babi", babi, "--out", "data")
    assert result.returncode == 2 and "a file that is not supervised data: adapter" in result.stderr


def test_files_of_one_name_are_told_apart(tracekd: Run, babi: str, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "qa1_small.txt").write_text(SECOND, encoding="utf-8")
    result = tracekd("sft", "babi", babi, "more/qa1_small.txt", "--out", "data", "--json")
    assert {"stories/qa1_small.txt", "more/qa1_small.txt"} <= set(json.loads(result.stdout)["sources"])


def test_a_kill_leaves_what_was_there(tracekd: Run, babi: str, tmp_path: Path) -> None:
    assert tracekd("sft", "babi", babi, "--out", "data").returncode == 0
    before = (tmp_path / "data" / "correct.jsonl").read_bytes()
    many = tmp_path / "many"
    many.mkdir()
    (many / "qa1_many.txt").write_text(STORY * 20_000, encoding="utf-8", newline="\n")
    command = [sys.executable, "-m", "tracekd", "sft", "babi", str(many), "--out", "data"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.DEVNULL)
    while not list(tmp_path.glob(".data.*/correct.jsonl")) and process.poll() is None:
        time.sleep(0.02)
    assert process.poll() is None, "it was too quick to be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / "data" / "correct.jsonl").read_bytes() == before
    assert tracekd("sft", "babi", babi, "--regime", "filler", "--out", "data").returncode == 0
