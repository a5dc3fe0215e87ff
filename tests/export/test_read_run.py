"""Which folders are runs, and what is said about the others."""

from pathlib import Path

import pytest

from tracekd.errors import UserError
from tracekd.export.judged_run import CellKey
from tracekd.export.read_run import read_run
from tracekd.files import write_text

from .conftest import MODELS, PROBLEMS


def test_a_verified_folder_is_read_again_from_its_files(verified: Path) -> None:
    run = read_run(verified)
    assert set(run.cells) == {CellKey(model, "correct", seed) for model in MODELS for seed in (0, 7)}
    assert run.problems == PROBLEMS and run.task.name == "babi"


def test_effects_belong_to_the_first_sample(study: Path) -> None:
    run = read_run(study)
    assert [len(judged.effects) for judged in run.outputs] == [3, 3, 0, 0]


def test_effects_of_other_outputs_are_not_used(study: Path) -> None:
    (file,) = (study / "outputs").glob("*.jsonl")
    write_text(file, file.read_text().replace('"token_ids":[1,2]', '"token_ids":[1,3]'))
    assert not any(judged.effects for judged in read_run(study).outputs)


@pytest.mark.parametrize("change", ["text", "fewer", "more"])
def test_outputs_that_have_changed_are_refused(verified: Path, change: str) -> None:
    file = verified.parent / "outputs.jsonl"
    (first, *rest) = file.read_text(encoding="utf-8").splitlines()
    new = {"text": [first.replace("<answer>office", "<answer>den"), *rest], "fewer": rest, "more": [first, *rest]}[
        change
    ]
    if change == "more":
        new[0] = first.replace('"seed": 0', '"seed": 3')
    file.write_text("\n".join(new) + "\n", encoding="utf-8")
    with pytest.raises(UserError, match="have changed since they were judged") as raised:
        read_run(verified)
    assert "tracekd verify" in (raised.value.next_step or "")


def test_other_folders_are_refused(tmp_path: Path, verified: Path) -> None:
    with pytest.raises(UserError, match="no run in this folder"):
        read_run(tmp_path)
    with pytest.raises(UserError, match="no such folder"):
        read_run(tmp_path / "missing")
    (verified / "inputs.json").unlink()
    with pytest.raises(UserError, match="unknown which files were judged"):
        read_run(verified)


def test_a_verdict_without_its_output_is_refused(study: Path) -> None:
    (file,) = (study / "outputs").glob("*.jsonl")
    write_text(file, "".join(file.read_text().splitlines(keepends=True)[1:]))
    with pytest.raises(UserError, match="a verdict has no output: 'made/office'"):
        read_run(study)
    file.unlink()
    with pytest.raises(UserError, match="these outputs are missing"):
        read_run(study)
