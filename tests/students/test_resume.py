"""A training that is killed and taken up again ends with the very weights of one that never was."""

from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from tracekd.content_hash import HASHES
from tracekd.errors import UserError
from tracekd.sft.tokens import TokenizedExample

from .conftest import a_student, tiny_bloom

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from tracekd.students.clock import Step

pytestmark = pytest.mark.xdist_group("torch")


def run(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], folder: Path, stop: int = 0,
    seed: int = 0, **given: object,
) -> list[int]:  # fmt: skip
    """The steps that were done, with the state kept after each; an error in step `stop`."""
    from tracekd.students.train import train

    steps: list[int] = []

    def watch(step: "Step") -> None:
        if step.number == stop:
            raise KeyboardInterrupt
        steps.append(step.number)

    train(model, tokenizer, rows, a_student(**{"steps": 5, **given}), seed, folder, watch, save_every=0)
    return steps


@pytest.fixture(scope="module")
def three_steps(
    tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The state of a training that stopped after three steps."""
    folder = tmp_path_factory.mktemp("stopped")
    with pytest.raises(KeyboardInterrupt):
        run(tiny_bloom(tokenizer), tokenizer, rows, folder, stop=4)
    assert {path.name for path in folder.glob("checkpoint-*")} == {"checkpoint-2", "checkpoint-3"}
    return folder


@pytest.fixture(scope="module")
def whole(
    tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path_factory: pytest.TempPathFactory
) -> "PreTrainedModel":
    """The model after a training that never stopped."""
    model = tiny_bloom(tokenizer)
    assert run(model, tokenizer, rows, tmp_path_factory.mktemp("whole")) == [1, 2, 3, 4, 5]
    return model


@pytest.fixture
def stopped(model: "PreTrainedModel", three_steps: Path, tmp_path: Path) -> "PreTrainedModel":
    """A model whose training stopped after three steps; its state is in the folder."""
    copytree(three_steps, tmp_path, dirs_exist_ok=True)
    return model


def test_the_last_whole_state_is_used_and_the_one_before_it_is_kept(
    stopped: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path
) -> None:
    """A half-written one with a higher number is neither used nor in the way of those that come."""
    half = tmp_path / "checkpoint-4"
    half.mkdir()
    (half / "model.safetensors").write_bytes(b"half")
    assert run(stopped, tokenizer, rows, tmp_path) == [4, 5]
    assert {path.name for path in tmp_path.glob("checkpoint-*")} == {"checkpoint-3", "checkpoint-4"}
    assert (half / "seconds.json").is_file()


def flip(path: Path) -> None:
    """Change one byte in the middle."""
    text = bytearray(path.read_bytes())
    text[len(text) // 2] ^= 1
    path.write_bytes(text)


FILES = (
    "model.safetensors", "optimizer.pt", "scheduler.pt", "rng_state.pth", "trainer_state.json", "training_args.bin",
    "config.json", "seconds.json", HASHES,
)  # fmt: skip


@pytest.mark.parametrize("file", FILES)
def test_a_damaged_state_is_named_and_the_one_before_it_is_taken(
    stopped: "PreTrainedModel", whole: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample],
    tmp_path: Path, file: str, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    flip(tmp_path / "checkpoint-3" / file)
    assert run(stopped, tokenizer, rows, tmp_path) == [3, 4, 5]
    assert f"checkpoint-3/{file} is damaged" in caplog.text or file == HASHES
    assert "this checkpoint is not used" in caplog.text and "continues from checkpoint-2" in caplog.text
    assert all(bool((a == b).all()) for a, b in zip(stopped.parameters(), whole.parameters(), strict=True))


def test_without_a_whole_state_it_begins_again_and_says_so(
    stopped: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    flip(tmp_path / "checkpoint-3" / "optimizer.pt")
    (tmp_path / "checkpoint-2" / HASHES).unlink()  # as an earlier version wrote it
    assert run(stopped, tokenizer, rows, tmp_path) == [1, 2, 3, 4, 5]
    assert "has no content hash" in caplog.text and "continues from the start" in caplog.text


def test_a_damaged_recipe_is_written_again_and_never_taken_for_another_training(
    stopped: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path
) -> None:
    flip(tmp_path / "recipe.txt")
    with pytest.raises(UserError, match="this file is damaged"):
        run(stopped, tokenizer, rows, tmp_path, seed=1)
    assert run(stopped, tokenizer, rows, tmp_path) == [4, 5]


@pytest.mark.parametrize("other", [{"seed": 1}, {"learning_rate": 1e-3}, {"steps": 6}, {"trace_weight": 0.5}])
def test_the_state_of_another_training_is_not_taken_up(
    stopped: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    other: dict[str, object],
) -> None:  # fmt: skip
    """Its learning rates and its order would be mixed in, and nobody would know."""
    with pytest.raises(UserError, match="state of another training") as caught:
        run(stopped, tokenizer, rows, tmp_path, **other)
    assert caught.value.where == str(tmp_path)
    assert (tmp_path / "checkpoint-3" / "seconds.json").is_file()


@pytest.mark.parametrize("change", ["order", "label", "weight"])
def test_nor_is_the_state_of_other_rows(
    stopped: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: list[TokenizedExample],
    tmp_path: Path,
    change: str,
) -> None:
    first = rows[0]
    changed = {
        "order": rows[::-1],
        "label": [TokenizedExample(first.ids, [-100, *first.labels[1:-1], 5]), *rows[1:]],
        "weight": [TokenizedExample(first.ids, first.labels, [0.5] * len(first.ids)), *rows[1:]],
    }[change]
    with pytest.raises(UserError, match="state of another training"):
        run(stopped, tokenizer, changed, tmp_path)


def test_what_has_no_say_in_the_weights_may_be_another(
    stopped: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path
) -> None:
    assert run(stopped, tokenizer, rows, tmp_path, name="other", max_new_tokens=7, generation_batch=2) == [4, 5]


def test_seconds_before_a_kill_count(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from copy import deepcopy

    from tracekd.students import clock
    from tracekd.students.train import train

    now = [0.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: now[0])
    stop_at = [2]

    def watch(step: "Step") -> None:
        now[0] += 1.0
        if step.number == stop_at[0]:
            raise KeyboardInterrupt

    student = a_student(steps=50, seconds=4.0)
    with pytest.raises(KeyboardInterrupt):
        train(deepcopy(model), tokenizer, rows, student, 0, tmp_path, watch, save_every=0)
    now[0], stop_at[0] = 1000.0, 0
    done = train(model, tokenizer, rows, student, 0, tmp_path, watch, save_every=0)
    # One second was kept with the state of step 1; three more are left.
    assert (done.steps, done.seconds, done.out_of_time) == (4, 4.0, True)


def test_state_is_kept_now_and_then_only(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from tracekd.students import clock
    from tracekd.students.clock import complete_checkpoints
    from tracekd.students.train import train

    now = [0.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: now[0])
    found: list[str | None] = []

    def watch(step: "Step") -> None:
        kept = complete_checkpoints(tmp_path)
        found.append(kept[0].name if kept else None)
        now[0] += 1.0

    train(model, tokenizer, rows, a_student(steps=6), 0, tmp_path, watch, save_every=2.5)
    assert found == [None, None, None, "checkpoint-3", "checkpoint-3", "checkpoint-3"]
