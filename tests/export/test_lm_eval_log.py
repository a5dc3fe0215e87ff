"""Logs in the layout of lm-evaluation-harness: ours reads the same verdicts from them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import MODELS, PROBLEMS, Export, verdicts_in

# The fields of a line that lm_eval 0.4.13 writes for a task that generates.
FIELDS = {
    "doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics", "doc_hash", "prompt_hash",
    "target_hash",
}  # fmt: skip


@pytest.mark.parametrize("name", ["verified", "study"])
def test_our_reader_gives_the_same_verdicts(
    name: str, request: pytest.FixtureRequest, export: Export, verdicts_of: Callable[[Path, Path], list[str]]
) -> None:
    run = request.getfixturevalue(name)
    out = export(run, "lm-eval")
    (out / "problems.jsonl").rename(out.parent / "problems.jsonl")  # everything else is a log
    assert verdicts_of(out, out.parent) == verdicts_in(run)


def test_samples_of_a_problem_are_repeats_of_one_document(verified: Path, export: Export) -> None:
    out = export(verified, "lm-eval")
    files = sorted(out.glob("*/samples_*.jsonl"))
    assert len(files) == len(MODELS) * 2
    for file in files:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        assert [row["doc_id"] for row in rows] == [0, 1, 2, 3] and all(set(row) >= FIELDS for row in rows)
        assert len(rows[-1]["resps"]) == 1 and len(rows[-1]["resps"][0]) == 6
        assert rows[-1]["answer"] == pytest.approx(3 / 6) and set(rows[-1]["metrics"]) <= set(rows[-1])


def test_results_are_the_rates(study: Path, export: Export) -> None:
    (file,) = export(study, "lm-eval").glob("tiny/results_*.json")
    found = json.loads(file.read_text(encoding="utf-8"))
    (results,) = found["results"].values()
    assert results["trace,none"] == 1 and results["flipped_implied,none"] == 1 and results["flipped_none,none"] == 0
    assert next(iter(found["n-samples"].values())) == {"original": len(PROBLEMS), "effective": len(PROBLEMS)}


def test_models_whose_names_differ_only_in_signs_have_their_own_folders(verified: Path, export: Export) -> None:
    folders = [file.name for file in export(verified, "lm-eval").iterdir() if file.is_dir()]
    assert len(folders) == len(MODELS) and "org__tiny" in folders and "org__tiny-2" in folders
