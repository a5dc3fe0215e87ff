"""Logs for Inspect: its own reader opens them, and ours reads the same verdicts from them."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import MODELS, PROBLEMS, Export, verdicts_in

Judged = Callable[[Path, Path], list[str]]


@pytest.mark.parametrize("name", ["verified", "study"])
def test_our_reader_gives_the_same_verdicts(
    name: str, request: pytest.FixtureRequest, export: Export, verdicts_of: Judged
) -> None:
    run = request.getfixturevalue(name)
    out = export(run, "inspect")
    assert verdicts_of(out / "logs", out) == verdicts_in(run)


def test_there_is_a_log_for_each_model_and_seed(verified: Path, export: Export) -> None:
    logs = [file.name for file in (export(verified, "inspect") / "logs").glob("*.eval")]
    assert len(logs) == len(MODELS) * 2 and all(name.isascii() and name.endswith(".eval") for name in logs)


def test_the_same_run_gives_the_same_bytes(verified: Path, export: Export) -> None:
    first = {file.name: file.read_bytes() for file in (export(verified, "inspect") / "logs").glob("*.eval")}
    assert first == {file.name: file.read_bytes() for file in (export(verified, "inspect") / "logs").glob("*.eval")}


def test_inspect_opens_the_log_and_shows_each_step(study: Path, export: Export) -> None:
    log = pytest.importorskip("inspect_ai.log")
    (file,) = (export(study, "inspect") / "logs").glob("*.eval")
    read = log.read_eval_log(str(file))
    assert (read.status, read.eval.model, len(read.samples)) == ("success", "tiny", len(PROBLEMS))
    assert read.eval.metadata["regime"] == "correct" and read.eval.metadata["seed"] == 7
    rates = {score.name: (score.metrics["accuracy"].value, score.scored_samples) for score in read.results.scores}
    assert rates == {
        "class_step": (1, 4), "retrieval_step": (1, 4), "trace": (1, 4), "answer": (1, 4), "consistent": (1, 4),
        "flipped_none": (0, 2), "flipped_implied": (1, 2), "follows_implied": (1, 2),
    }  # fmt: skip
    sample = next(sample for sample in read.samples if sample.id == "made/office")
    assert (sample.scores["trace"].value, sample.scores["answer"].answer) == ("C", "office")
    assert (sample.scores["flipped_implied"].value, sample.scores["flipped_implied"].answer) == (1, "cellar")
    assert sample.output.completion.endswith("<answer>office</answer>")
    (first, *_) = log.read_eval_log_sample_summaries(str(file))
    assert first.completed and first.scores["class_step"].value == "C"


def test_inspect_reads_outputs_of_every_kind(verified: Path, export: Export) -> None:
    log = pytest.importorskip("inspect_ai.log")
    value_of = pytest.importorskip("inspect_ai.scorer").value_to_float()
    for file in (export(verified, "inspect") / "logs").glob("*.eval"):
        read = log.read_eval_log(str(file))
        assert len(read.samples) in (23, 24) and read.eval.config.epochs == 6
        kept = [sample.scores["trace"] for sample in read.samples if sample.id == "made/den"]
        assert [score.value for score in kept] == ["C", "C", "N", "N", "N", "I"]
        assert "the output was cut off" in kept[2].explanation and "hid the reasoning" in kept[3].explanation
        for score in read.results.scores:  # ours are Inspect's own means of these letters
            values = [
                value_of(sample.scores[score.name].value) for sample in read.samples if score.name in sample.scores
            ]
            assert math.isclose(score.metrics["accuracy"].value, sum(values) / len(values))


def test_what_inspect_writes_again_has_the_same_verdicts(
    study: Path, export: Export, verdicts_of: Judged, tmp_path: Path
) -> None:
    log = pytest.importorskip("inspect_ai.log")
    out = export(study, "inspect")
    (file,) = (out / "logs").glob("*.eval")
    for end in ("eval", "json"):  # zstd, and one object
        again = tmp_path / f"again-{end}/log.{end}"
        again.parent.mkdir()
        log.write_eval_log(log.read_eval_log(str(file)), str(again))
        assert verdicts_of(again, out) == verdicts_in(study)
