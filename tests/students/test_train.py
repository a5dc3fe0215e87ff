"""Training through TRL: the same weights as a plain loop, one seed one student, and what ends a training."""

import errno
import math
import resource
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.errors import UserError
from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.batch import pad_batch

from .conftest import Part, a_student, no_watch

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from tracekd.students.clock import Step

pytestmark = pytest.mark.xdist_group("torch")

Trained = Callable[..., dict[str, "Tensor"]]


def rows_of(ids: "Tensor", rows: list[TokenizedExample], pad: int) -> list[TokenizedExample]:
    """The rows that a batch was made from."""
    by_ids = {tuple(row.ids): row for row in rows}
    found = []
    for line in ids.tolist():
        while line[-1] == pad:
            line.pop()
        found.append(by_ids[tuple(line)])
    return found


def test_trl_sees_our_rows_whole_and_our_labels(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: list[TokenizedExample],
    seen: list[Part],
    trained: Trained,
) -> None:
    trained(model, rows)
    assert len(seen) == 4
    for part in seen:
        ids, kept = part.inputs["input_ids"], part.inputs["logits_to_keep"]
        expected_ids, expected_labels = pad_batch(rows_of(ids, rows, tokenizer.pad_token_id), tokenizer.pad_token_id)
        assert ids.tolist() == expected_ids.tolist()
        # Where the head is computed, the label is the next token; elsewhere there is none in any row.
        assert part.inputs["labels"].tolist() == expected_labels[:, kept.numpy() + 1].tolist()
        left = sorted(set(range(ids.shape[1] - 1)) - set(kept.tolist()))
        assert left and (expected_labels[:, [place + 1 for place in left]] == IGNORED).all()


def test_trl_trains_as_a_plain_loop_does(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: list[TokenizedExample],
    seen: list[Part],
    trained: Trained,
) -> None:
    """Loss within 1e-5 in every step, and the same weights after the last."""
    import torch

    ours = trained(model, rows, steps=5)
    embeddings = list(model.get_input_embeddings().parameters())
    others = [p for p in model.parameters() if not any(p is e for e in embeddings)]
    optimizers = [
        torch.optim.AdamW([*group], lr=rate, betas=(0.9, 0.98), weight_decay=0.0)
        for group, rate in ((others, 2e-3), (embeddings, 5e-3))
    ]
    rates = [group["lr"] for optimizer in optimizers for group in optimizer.param_groups]
    model.train()
    for step, part in enumerate(seen):
        chosen = rows_of(part.inputs["input_ids"], rows, tokenizer.pad_token_id)
        ids, labels = pad_batch(chosen, tokenizer.pad_token_id)
        logits = model(input_ids=torch.from_numpy(ids), use_cache=False).logits
        log_probabilities = torch.log_softmax(logits[:, :-1].float(), dim=-1)
        targets = torch.from_numpy(labels)[:, 1:]
        counted = targets != IGNORED
        picked = log_probabilities.gather(-1, targets.clamp(min=0).unsqueeze(-1)).squeeze(-1)
        loss = -(picked * counted).sum() / counted.sum()
        assert loss.item() == pytest.approx(part.loss, abs=1e-5)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer, rate in zip(optimizers, rates, strict=True):
            optimizer.param_groups[0]["lr"] = rate * min((step + 1) / (0.05 * 5 + 1), 1 - step / 5)
            optimizer.step()
            optimizer.zero_grad()
    assert len(seen) == 5
    for name, weights in model.state_dict().items():
        torch.testing.assert_close(ours[name], weights, atol=2e-5, rtol=1e-4, msg=lambda text, n=name: f"{n}: {text}")


def test_one_seed_gives_the_same_weights_to_the_bit(
    model: "PreTrainedModel", rows: list[TokenizedExample], trained: Trained
) -> None:
    import torch

    first, again = (trained(model, rows, seed=7) for _ in range(2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    other = trained(model, rows, seed=8)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_the_state_of_the_process_does_not_matter(
    model: "PreTrainedModel", rows: list[TokenizedExample], trained: Trained
) -> None:
    import random

    import numpy as np
    import torch

    first = trained(model, rows)
    random.seed(99)
    np.random.seed(99)
    torch.manual_seed(99)
    again = trained(model, rows)
    assert all(torch.equal(first[name], again[name]) for name in first)


def test_training_lowers_the_loss_and_tells_every_step(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path
) -> None:
    from tracekd.students.train import train

    steps: list[Step] = []
    done = train(model, tokenizer, rows, a_student(steps=12, batch=8), 0, tmp_path, steps.append)
    assert [(step.number, step.of) for step in steps] == [(number, 12) for number in range(1, 13)]
    assert (done.steps, done.out_of_time, done.loss) == (12, False, steps[-1].loss)
    assert done.is_main and done.weights is None
    assert steps[-1].loss < 0.9 * steps[0].loss


def test_more_steps_than_rows_go_round_again(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: list[TokenizedExample],
    seen: list[Part],
    trained: Trained,
) -> None:
    trained(model, rows[:6], steps=5)
    assert len(seen) == 5
    pad = tokenizer.pad_token_id
    shown = [tuple(row.ids) for part in seen for row in rows_of(part.inputs["input_ids"], rows, pad)]
    assert {tuple(row.ids) for row in rows[:6]} == set(shown)


def test_epochs_are_as_many_steps_as_they_need(
    model: "PreTrainedModel", rows: list[TokenizedExample], seen: list[Part], trained: Trained
) -> None:
    trained(model, rows[:10], epochs=1.5, steps=None)
    assert len(seen) == math.ceil(1.5 * 10 / 4)


@pytest.mark.parametrize(
    ("seconds", "steps", "done", "late"),
    [(1e-9, 50, 1, True), (3.0, 50, 3, True), (1e6, 2, 2, False), (1e-9, 1, 1, False)],
)
def test_seconds_that_are_spent_end_the_training(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, seconds: float, steps: int, done: int, late: bool,
) -> None:  # fmt: skip
    """A step lasts a second here; a budget that is spent on the last step is no early end."""
    from tracekd.students import clock, train

    now = [0.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: now[0])

    def watch(step: "Step") -> None:
        now[0] += 1.0

    found = train.train(model, tokenizer, rows, a_student(steps=steps, seconds=seconds), 0, tmp_path, watch)
    assert (found.steps, found.seconds, found.out_of_time) == (done, float(done), late)


def test_nothing_is_printed(
    model: "PreTrainedModel", rows: list[TokenizedExample], trained: Trained, capfd: pytest.CaptureFixture[str]
) -> None:
    """Standard output belongs to the worker: it tells its progress there, one JSON object a line."""
    trained(model, rows, steps=2)
    assert capfd.readouterr().out == ""


def refused(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: list[TokenizedExample],
    folder: Path,
    **given: object,
) -> UserError:
    from tracekd.students.train import train

    with pytest.raises(UserError) as caught:
        train(model, tokenizer, rows, a_student(**given), 0, folder, no_watch, save_every=0)
    return caught.value


def test_weights_that_are_no_numbers_end_it_at_once(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path
) -> None:
    import torch

    with torch.no_grad():
        next(model.parameters())[:, 0] = torch.nan
    error = refused(model, tokenizer, rows, tmp_path)
    assert (error.problem, error.where) == ("the loss is no longer a number at step 1", "student s")
    assert "learning_rate" in (error.next_step or "")


@pytest.mark.parametrize("astray", [3, 4])
def test_a_training_that_goes_astray_ends_and_keeps_the_state_before(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path, astray: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Also where the last step of all does it, whose loss was still a number."""
    import torch

    from tracekd.students.clock import Clock, complete_checkpoints

    plain = Clock.on_step_end

    def poisoned(self, args, state, control, model=None, **kwargs):  # type: ignore[no-untyped-def]
        plain(self, args, state, control, model, **kwargs)
        if state.global_step == astray:
            with torch.no_grad():
                next(model.parameters()).fill_(torch.inf)

    monkeypatch.setattr(Clock, "on_step_end", poisoned)
    error = refused(model, tokenizer, rows, tmp_path)
    assert error.problem == "the loss is no longer a number at step 4"
    assert complete_checkpoints(tmp_path)


@pytest.mark.parametrize("parts", [1, 2])
@pytest.mark.parametrize(
    "said", ["CUDA out of memory. Tried to allocate 2 GiB", "DefaultCPUAllocator: can't allocate memory"]
)
def test_memory_that_runs_out_names_what_to_change(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, said: str, parts: int,
) -> None:  # fmt: skip
    import torch

    kind = torch.OutOfMemoryError if "CUDA" in said else RuntimeError

    def forward(*args: object, **kwargs: object) -> None:
        raise kind(f"{said}\nand much more")

    monkeypatch.setattr(model, "forward", forward)
    error = refused(model, tokenizer, rows, tmp_path, micro_batch=4 // parts)
    assert error.problem == f"memory ran out with micro_batch = {4 // parts}"
    assert f"micro_batch = {2 // parts}" in (error.next_step or "")


def test_one_example_that_does_not_fit_has_to_be_shorter(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def forward(*args: object, **kwargs: object) -> None:
        raise MemoryError

    monkeypatch.setattr(model, "forward", forward)
    assert "max_tokens" in (refused(model, tokenizer, rows, tmp_path, micro_batch=1).next_step or "")


def test_another_error_is_not_taken_for_one_of_these(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from tracekd.students.train import train

    def forward(*args: object, **kwargs: object) -> None:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(model, "forward", forward)
    with pytest.raises(RuntimeError, match="shapes do not match"):
        train(model, tokenizer, rows, a_student(), 0, tmp_path, no_watch)


def test_a_disk_that_is_full_keeps_the_state_before(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from tracekd.students.clock import complete_checkpoints
    from tracekd.students.trainer import TraceTrainer

    plain = TraceTrainer._save_optimizer_and_scheduler

    def full(self, folder):  # type: ignore[no-untyped-def]
        if self.state.global_step == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        plain(self, folder)

    monkeypatch.setattr(TraceTrainer, "_save_optimizer_and_scheduler", full)
    error = refused(model, tokenizer, rows, tmp_path)
    assert "No space left on device" in error.problem and error.where == str(tmp_path)
    assert error.next_step is not None
    assert complete_checkpoints(tmp_path) == [tmp_path / "checkpoint-2", tmp_path / "checkpoint-1"]
    assert not (tmp_path / "checkpoint-3").exists(), "what is half written would be in the way, and takes room"


def test_a_batch_that_several_processes_cannot_share_is_refused(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Rounded up, each step would have more examples than the study says."""
    monkeypatch.setenv("WORLD_SIZE", "3")
    error = refused(model, tokenizer, rows, tmp_path)
    assert error.problem == "batch = 4 cannot be divided equally among 3 processes"
    assert error.expected == "a multiple of 3"


@pytest.mark.parametrize("most", [1_000, 60_000, 250_000])
def test_a_write_that_fails_for_real_is_told_whoever_writes(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: list[TokenizedExample],
    tmp_path: Path,
    most: int,
) -> None:
    """The limit on the size of files hits weights, tokenizer, optimizer: each library has an error of its own."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        error = refused(model, tokenizer, rows, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "cannot be written" in error.problem
    assert not list(tmp_path.glob("checkpoint-*"))


def test_a_copy_is_trained_and_the_model_is_left(
    model: "PreTrainedModel", rows: list[TokenizedExample], trained: Trained
) -> None:
    """The fixture itself: without it, tests that compare two trainings would compare a student with its pupil."""
    import torch

    before = deepcopy(model.state_dict())
    after = trained(model, rows)
    assert all(torch.equal(before[name], weights) for name, weights in model.state_dict().items())
    assert not all(torch.equal(before[name], after[name]) for name in before)
