"""No command replaces or deletes what it did not write, and `--out` may be a link to a folder."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Run, run_in

STORIES = "".join(f"1 Mary{i} went to the park.\n2 Where is Mary{i}?\tpark\t1\n" for i in range(8))
STUDENT = ("--set", "base=BASE", "--set", "steps=2", "--set", "batch=2")
# Of each command that writes into a folder: how it is given, and the names of some of its files.
FOLDERS = {
    "verify": (("verify", "o.jsonl", "--task", "babi", "--problems", "qa1_own.txt"), ("verdicts.jsonl", "tables/rates.csv")),
    "analyze": (("analyze", "verdicts"), ("summary.json", "tables/rates.csv")),
    "select": (("select", "o.jsonl", "--task", "babi", "--problems", "qa1_own.txt"), ("selection.json", "curves.csv")),
    "sft": (("sft", "babi", "qa1_own.txt"), ("README.md", "left_out/problems.jsonl", "notes.txt")),
    "world": (("world", "babi", "--n", "5", "--task", "single-supporting-fact"), ("manifest.json", "notes.txt")),
    "train": (("train", "data", *STUDENT), ("training.json", "config.json", "notes.txt")),
    "intervene": (
        ("intervene", "BASE", "--task", "babi", "--problems", "qa1_own.txt", "--n", "2", "--regime", "correct",
         "--conditions", "none", "--max-new-tokens", "4"),
        ("outputs.jsonl", "effects.jsonl", "outputs.jsonl.recipe.json"),
    ),
    "study": (
        ("study", "small.toml", "--set", "conditions=[]", "--set", 'regimes=["answer_only"]'), ("report.html", "notes.txt")
    ),
    "teacher": (
        ("teacher", "babi", "qa1_own.txt", "--endpoint", "http://127.0.0.1:9", "--model", "m", "--retries", "0"),
        ("manifest.json", "kept/trace.jsonl"),
    ),
    "pretrain": (("pretrain", "--steps", "2"), ("log.jsonl", "model.safetensors")),
}  # fmt: skip
FILES = {
    "generate": (
        ("generate", "BASE", "babi", "qa1_own.txt", "--limit", "2", "--max-new-tokens", "4"),
        ("x.jsonl", "x.jsonl.recipe.json", "x.jsonl.part"),
    ),
    "problems": (("problems", "babi", "qa1_own.txt", "--check"), ("x.jsonl", "x.check.jsonl", "x.skipped.jsonl")),
    "audit": (("audit", "data"), ("x.jsonl",)),
}
Give = Callable[..., object]


@pytest.fixture(scope="module")
def inputs(ready_python: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the commands read."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "qa1_own.txt").write_text(STORIES)
    rows = (f'{{"id": "qa1_own/{i}/2", "text": "<answer>park</answer>"}}\n' for i in range(8))
    (folder / "o.jsonl").write_text("".join(rows))
    judged = ("o.jsonl", "--task", "babi", "--problems", "qa1_own.txt")
    for command in (("sft", "babi", "qa1_own.txt", "--out", "data"), ("verify", *judged, "--out", "verdicts")):
        assert run_in(folder, ready_python, *command).returncode == 0
    return folder


@pytest.fixture
def give(tracekd: Run, tiny_base: Path, small_study: Path, inputs: Path, tmp_path: Path) -> Run:
    """Give a command in a folder with everything that the commands read."""
    shutil.copytree(inputs, tmp_path, dirs_exist_ok=True)
    return lambda *command: tracekd(*(word.replace("BASE", str(tiny_base)) for word in command))


def contents(folder: Path) -> dict[str, bytes]:
    """All files that a user can have made."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize(("name", "file"), [(name, file) for name, (_, files) in FOLDERS.items() for file in files])
def test_a_file_of_somebody_elses_in_the_folder_stays_as_it_is(give: Run, tmp_path: Path, name: str, file: str) -> None:
    mine = tmp_path / "out" / file
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    result = give(*FOLDERS[name][0], "--out", "out")
    assert mine.read_text() == "mine" and "Traceback" not in result.stderr
    assert result.returncode == 2, result.stdout + result.stderr
    assert contents(tmp_path / "out") == {file: b"mine"}, "nothing is written beside it"


@pytest.mark.parametrize(("name", "file"), [(name, file) for name, (_, files) in FILES.items() for file in files])
@pytest.mark.parametrize("as_link", [False, True])
def test_a_file_of_somebody_elses_is_not_replaced(
    give: Run, tmp_path: Path, name: str, file: str, as_link: bool
) -> None:
    mine = tmp_path / "mine.txt" if as_link else tmp_path / file
    mine.write_text("mine\nand more")
    if as_link:
        (tmp_path / file).symlink_to("mine.txt")
    before = contents(tmp_path)
    result = give(*FILES[name][0], "--out", "x.jsonl")
    assert result.returncode == 2 and "Traceback" not in result.stderr, result.stdout + result.stderr
    assert contents(tmp_path) == before and (tmp_path / file).is_symlink() == as_link


@pytest.mark.parametrize("name", sorted(set(FOLDERS) - {"pretrain", "teacher"}))
def test_a_link_to_a_folder_stays_one(give: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "broken").symlink_to("nowhere")
    result = give(*FOLDERS[name][0], "--out", "link")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "link").is_symlink() and contents(tmp_path / "real")
    broken = give(*FOLDERS[name][0], "--out", "broken")
    assert broken.returncode == 2 and "this symbolic link is broken" in broken.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_beside_the_student_is_not_taken_for_the_state_of_its_training(give: Run, tmp_path: Path) -> None:
    (tmp_path / "out.training" / "checkpoint-1").mkdir(parents=True)
    (tmp_path / "out.training" / "checkpoint-1" / "mine.txt").write_text("mine")
    result = give(*FOLDERS["train"][0], "--out", "out")
    assert result.returncode == 2 and "contains something else" in result.stderr
    assert contents(tmp_path / "out.training") == {"checkpoint-1/mine.txt": b"mine"}
