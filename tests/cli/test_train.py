"""`tracekd train`: data in any layout, a student of a preset or a file, and what cannot be trained on."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli.train import read_examples, read_student
from tracekd.errors import UserError
from tracekd.students.student import Lora

from .conftest import Run

SMALL = ("--set", "steps=2", "--set", "batch=4")
TRACE = "<think>The category of the question: counting\nThe facts to answer the question: ['a']</think>"
ROWS = [
    {"prompt": f"Who is {at}?\n", "completion": f"{TRACE if at % 2 else ''} <answer>Mary {at}</answer>"}
    for at in range(12)
]


def write(path: Path, rows: list[dict[str, object]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def as_messages(row: dict[str, str]) -> dict[str, object]:
    turns = (("user", row["prompt"]), ("assistant", row["completion"]))
    return {"id": row["prompt"], "messages": [{"role": role, "content": said} for role, said in turns]}


def test_a_folder_of_tracekd_sft_is_trained_on_and_nothing_is_trained_twice(
    tracekd: Run, tiny_base: Path, tmp_path: Path
) -> None:
    assert tracekd("world", "babi", "--n", "6", "--out", "made").returncode == 0
    made = tracekd("sft", "babi", "made", "--regime", "correct,answer_only", "--out", "sft")
    assert made.returncode == 0, made.stderr
    command = ("train", "sft", "--out", "out", "--set", f"base={tiny_base}", *SMALL)

    asked = tracekd(*command)
    assert asked.returncode == 2 and "--regime with one of" in asked.stderr
    assert "answer_only, correct" in asked.stderr or "correct, answer_only" in asked.stderr
    near = tracekd(*command, "--regime", "correct(support)")
    assert near.returncode == 2 and "there is no regime in this folder 'correct-support'" in near.stderr

    done = tracekd(*command, "--regime", "correct", "--task", "babi", "--validation", "made", "--sample", "2")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "" and "2 steps" in done.stdout
    assert "correct.parquet is read; correct.jsonl should have the same rows, and is not read" in done.stdout
    assert "student: out" in done.stdout and "next: tracekd generate out" in done.stdout
    record = json.loads((tmp_path / "out" / "training.json").read_text())
    assert record["steps"] == 2 and record["trained_on"] > 12 and record["student"]["base"] == str(tiny_base)
    assert (tmp_path / "out" / "model.safetensors").is_file()
    assert not (tmp_path / "out.training").exists()

    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    again = tracekd(*command, "--regime", "correct")
    assert again.returncode == 2 and "this folder already contains a trained student" in again.stderr
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == before


def test_a_student_of_a_file_is_trained_on_messages(tracekd: Run, tiny_base: Path, tmp_path: Path) -> None:
    """Some are too long for it: they are counted."""
    rows = [*(as_messages(row) for row in ROWS), as_messages({"prompt": "long " * 300, "completion": "x"})]
    write(tmp_path / "rows.jsonl", rows)
    (tmp_path / "mine.toml").write_text(
        f'name = "mine"\nbase = "{tiny_base}"\nepochs = 0.5\nbatch = 4\nmax_tokens = 200\nmethod = "lora"\n[lora]\nr = 2\n'
    )
    done = tracekd(
        "train", "rows.jsonl", "--student", "mine.toml", "--out", "out", "--set", "lora.dropout=0", "--seed", "3"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("12 examples; 1 longer than 200 tokens were left out; 2 steps")
    record = json.loads((tmp_path / "out" / "training.json").read_text())
    assert (record["seed"], record["student"]["name"]) == (3, "mine")
    assert (record["student"]["steps"], record["student"]["epochs"]) == (None, 0.5)
    assert record["student"]["lora"] == {"r": 2, "alpha": 32, "dropout": 0.0, "targets": []}
    assert json.loads((tmp_path / "out" / "adapter_config.json").read_text())["base_model_name_or_path"] == str(
        tiny_base
    )


def test_a_base_of_the_hub_is_found_in_its_cache(
    tracekd: Run, started_tracekd: Run, tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offline, and from the environment alone, as on a cluster's nodes."""
    repository = tmp_path / "cache" / "hub" / "models--tiny--bloom"
    shutil.copytree(tiny_base, repository / "snapshots" / ("c" * 40))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("c" * 40)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    write(tmp_path / "rows.jsonl", ROWS)
    command = ("train", "rows.jsonl", "--student", "paper", "--out", "out", "--set", "steps=2", "--set", "batch=4")
    missing = tracekd(*command)
    assert missing.returncode == 2
    assert "there is no base 'meta-llama/Llama-3.2-1B-Instruct'" in missing.stderr
    assert "Traceback" not in missing.stderr and not list(tmp_path.glob("out*"))
    done = started_tracekd(*command, "--set", "base=tiny/bloom")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    config = json.loads((tmp_path / "out" / "adapter_config.json").read_text())
    assert (config["base_model_name_or_path"], config["r"]) == ("tiny/bloom", 16)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.jsonl"], ["nowhere.jsonl"]),
        (["rows.jsonl", "--student", "papr"], ["there is no preset of a student 'papr'", "did you mean 'paper'?"]),
        (["rows.jsonl", "--student", "none.toml"], ["none.toml", "this is not a valid TOML file"]),
        (["rows.jsonl", "--set", "learning_rte=1"], ["no key of a student 'learning_rte'", "did you mean 'learning_rate'?"]),
        (["rows.jsonl", "--set", "base=nowhere"], ["there is no base 'nowhere'"]),
        (["rows.jsonl", "--validation", "x"], ["--validation needs the task"]),
        (["rows.jsonl", "--out", "taken"], ["this folder already contains something else", "name another --out"]),
        (["rows.jsonl", "--out", "rows.jsonl"], ["this folder already contains something else"]),
        (["broken.jsonl", "--set", "base=BASE"], ["broken.jsonl:2", "messages, or prompt and completion"]),
        (["rows.jsonl", "--set", "base=PICKLED"], ["no weights in safetensors, only pytorch_model.bin"]),
    ],
)  # fmt: skip
def test_a_bad_request_ends_in_2_with_one_message(
    tracekd: Run, tiny_base: Path, tmp_path: Path, arguments: list[str], said: list[str]
) -> None:
    write(tmp_path / "rows.jsonl", ROWS)
    write(tmp_path / "broken.jsonl", [ROWS[0], {"question": "Who?"}])
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "diary.txt").write_text("rain")
    shutil.copytree(tiny_base, tmp_path / "pickled", ignore=shutil.ignore_patterns("*.safetensors"))
    (tmp_path / "pickled" / "pytorch_model.bin").write_bytes(b"x")
    named = {"base=BASE": f"base={tiny_base}", "base=PICKLED": f"base={tmp_path / 'pickled'}"}
    given = [named.get(part, part) for part in arguments]
    out = [] if "--out" in given else ["--out", "out"]
    result = tracekd("train", *given, *out, *SMALL)
    assert result.returncode == 2, result.stderr
    assert all(words in result.stderr for words in said), result.stderr
    assert "Traceback" not in result.stderr and result.stdout == ""
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "taken" / "diary.txt").read_text() == "rain"


def test_of_several_files_of_one_regime_one_must_be_named(tracekd: Run, tmp_path: Path) -> None:
    for name in ("correct.jsonl", "correct.csv"):
        (tmp_path / name).write_text("", encoding="utf-8")
    done = tracekd("train", ".", "--out", "out", "--regime", "correct")
    assert done.returncode == 2 and "one of correct.csv, correct.jsonl as the data" in done.stderr


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('{"prompt": "Wh', "not JSON"), ('{"prompt": "Who?"}', "missing field"), ('{"messages": []}', "no turn of the user"),
        ('{"input_ids": [1, 2], "labels": [1, 2]}', "token ids"), ('"Who?"', ""), ("", ""),
    ],
)  # fmt: skip
def test_a_row_that_is_no_example_is_named_with_its_line(tmp_path: Path, row: str, said: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps(ROWS[0]) + f"\n{row}\n" + json.dumps(ROWS[1]))
    if not row:
        assert len(list(read_examples(file))) == 2
        return
    with pytest.raises(UserError) as caught:
        list(read_examples(file))
    assert caught.value.where == f"{file}:2" and said in caught.value.problem


def test_settings_go_before_the_file_and_the_preset(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('[[students]]\nname = "a"\npreset = "paper"\n[students.lora]\nalpha = 8\n')
    student = read_student(str(file), ["lora.r=4", "learning_rate=1e-3", "steps=9", 'report_to=["wandb"]'])
    assert (student.name, student.method, student.learning_rate) == ("a", "qlora", 1e-3)
    assert (student.lora, student.steps, student.epochs) == (Lora(r=4, alpha=8), 9, None)
    assert student.report_to == ("wandb",)
    assert read_student("full-1b", []).method == "full"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["lora.rr=3"], ["no key of a student 'rr'", "one of alpha, dropout, r, targets", "did you mean 'r'?"]),
        (["lora=5", "lora.r=3"], ["does not lead to a key"]),
        (["lora.r=0"], ["lora.r", "greater than 0"]),
        (["lora.r.x=0"], ["no key of a student 'r.x'"]),
        (["batch"], ["key=value"]),
        (["preset=papr"], ["did you mean 'paper'?"]),
        (["steps=1", "epochs=1"], ["one of steps, epochs"]),
    ],
)
def test_a_setting_that_is_none_is_named(settings: list[str], said: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        read_student("embedded", settings)
    assert all(words in str(caught.value) for words in said), caught.value


@pytest.mark.parametrize(
    "text", ["[[students]]\n[[students]]\n", "students = 5\n", "students = [5]\n", "name = \n", "a = " + "[" * 5000]
)
def test_a_file_that_is_no_student_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(UserError) as caught:
        read_student(str(tmp_path / "a.toml"), [])
    assert str(tmp_path / "a.toml") in (caught.value.where or "")


def test_a_row_with_a_system_message_is_refused(tmp_path: Path) -> None:
    """It would be left out of the prompts, and nobody would know."""
    row: dict[str, Any] = as_messages(ROWS[0])
    row["messages"] = [{"role": "system", "content": "Be brief."}, *row["messages"]]
    with pytest.raises(UserError, match="3 messages") as caught:
        list(read_examples(Path(write(tmp_path / "rows.jsonl", [as_messages(ROWS[1]), row]))))
    assert str(caught.value.where).endswith("rows.jsonl:2")


def test_examples_have_the_spans_of_their_tags(tmp_path: Path) -> None:
    rows = [*ROWS[:2], as_messages(ROWS[3]), {"prompt": "Who?", "completion": "Mary"}]
    examples = list(read_examples(Path(write(tmp_path / "rows.jsonl", rows))))
    assert [e.prompt for e in examples] == ["Who is 0?\n", "Who is 1?\n", "Who is 3?\n", "Who?"]
    assert [e.completion[slice(*e.answer)] for e in examples] == ["Mary 0", "Mary 1", "Mary 3", "Mary"]
    thought = TRACE.removeprefix("<think>").removesuffix("</think>")
    traces = [e.completion[slice(*e.trace)] if e.trace else None for e in examples]
    assert traces == [None, thought, thought, None]
    assert examples[2].id == "Who is 3?\n"
    assert len({e.id for e in examples}) == 4


@pytest.mark.parametrize(
    "said", ["</think><think>", "<think>", "</answer><answer>", "<answer></answer>", "<think></think>", ""]
)
def test_any_tags_make_an_example(tmp_path: Path, said: str) -> None:
    (example,) = read_examples(Path(write(tmp_path / "rows.jsonl", [{"prompt": "p", "completion": said}])))
    assert example.completion == said
    begin, end = example.answer
    assert 0 <= begin <= end <= len(said)
    assert example.trace is None or 0 <= example.trace[0] <= example.trace[1] <= len(said)
