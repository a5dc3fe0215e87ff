"""Which of the released files are found, and which are named as missing."""

from pathlib import Path

import pytest
from miniatures import LLAMA, write_flat
from released import Cell, find

from tracekd.errors import UserError

MARCO = (("how long", "['12 minutes']", "NUMERIC", ["It takes 12 minutes."]),)


def test_outputs_are_found_by_name_whatever_the_folders_above(cotempqa: Path) -> None:
    found = find(cotempqa)
    assert list(found.outputs) == [
        Cell("cotempqa", LLAMA, regime) for regime in ("answer_only", "correct", "incorrect")
    ]
    assert set(found.outputs[Cell("cotempqa", LLAMA, "correct")]) == {"equal", "during"}


def test_what_the_papers_tables_need_and_is_not_there_is_named(cotempqa: Path) -> None:
    missing = find(cotempqa).missing
    assert "outputs: CoTempQA, Qwen3-1.7B, correct" in missing
    assert f"outputs: MARCO, {LLAMA}, answer_only" in missing
    assert f"outputs: CoTempQA, {LLAMA}, correct, classes overlap, mix" in missing
    assert "tables of test items: CoTempQA, equal_test.csv, during_test.csv, overlap_test.csv, mix_test.csv" in missing
    assert f"outputs: CoTempQA, {LLAMA}, correct" not in missing


@pytest.mark.parametrize(
    ("name", "regime", "seed"),
    [
        ("Qwen3-1.7B-sft-adapter_default.json", "answer_only", 0),
        ("Qwen3-1.7B-sft-adapter-121_default.json", "answer_only", 121),
        ("Qwen3-1.7B-sft-adapter-reasoning-facts-perturbed-123_default.json", "incorrect", 123),
        ("Qwen3-1.7B-sft-adapter-reasoning-r1-traces_default.json", "r1_traces", 0),
        ("Qwen3-1.7B-sft-adapter-reasoning-summarized-r1-traces_default.json", "r1_summaries", 0),
    ],
)
def test_names(tmp_path: Path, name: str, regime: str, seed: int) -> None:
    write_flat(tmp_path / name, MARCO, ["12 minutes"])
    assert list(find(tmp_path).outputs) == [Cell("msmarco", "Qwen3-1.7B", regime, seed)]


def test_results_made_of_outputs_are_no_outputs(tmp_path: Path) -> None:
    write_flat(tmp_path / "evaluation_outputs/Qwen3-1.7B-sft-adapter_default.json", MARCO, ["12 minutes"])
    (tmp_path / "evaluation_results").mkdir()
    (tmp_path / "evaluation_results/Qwen3-1.7B-sft-adapter-reasoning_default.json").write_text('{"acc": 3.6}\n')
    (tmp_path / "evaluation_outputs/notes.json").write_text("{}")
    assert len(find(tmp_path).outputs) == 1


def test_marcos_outputs_in_babis_folder_are_marcos(tmp_path: Path) -> None:
    write_flat(tmp_path / "Babiqa/Qwen3-1.7B-sft-adapter_default.json", MARCO, ["12 minutes"])
    assert [cell.data_set for cell in find(tmp_path).outputs] == ["msmarco"]


def test_a_folder_without_outputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no released outputs"):
        find(tmp_path)
    with pytest.raises(UserError, match="this folder does not exist"):
        find(tmp_path / "nowhere")
