"""Training through TRL: the same loss and the same weights as a plain loop, on the completion only."""

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from tracekd.students.batch import IGNORED, Row, pad_batch

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from tracekd.students.train import Recipe

pytestmark = pytest.mark.xdist_group("torch")

Step = tuple["Tensor", "Tensor", float]


def recipe(**given: object) -> "Recipe":
    from tracekd.students.train import Recipe

    defaults = {"steps": 4, "batch": 4, "learning_rate": 2e-3, "embedding_learning_rate": 5e-3, "seed": 0}
    return Recipe(**{**defaults, **given})  # type: ignore[arg-type]


def run(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row], **given: object
) -> dict[str, "Tensor"]:
    """The weights after a training of a copy of the model."""
    from tracekd.students.train import train

    student = deepcopy(model)
    train(student, tokenizer, rows, recipe(**given), lambda step, model: None)
    return dict(student.state_dict())


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Step]:
    """Fills with what TRL's trainer sees and says in each step: (ids, labels, loss)."""
    from tracekd.students import train as module

    steps: list[Step] = []

    class Spy(module.SFTTrainer):  # type: ignore[misc]
        def training_step(self, model, inputs, *args, **kwargs):  # type: ignore[no-untyped-def]
            ids, labels = inputs["input_ids"].clone(), inputs["labels"].clone()
            loss = super().training_step(model, inputs, *args, **kwargs)
            steps.append((ids, labels, float(loss)))
            return loss

    monkeypatch.setattr(module, "SFTTrainer", Spy)
    return steps


def rows_of(ids: "Tensor", rows: list[Row], pad: int) -> list[Row]:
    """The rows that a batch was made from."""
    by_ids = {tuple(row.ids): row for row in rows}
    found = []
    for line in ids.tolist():
        while line[-1] == pad:
            line.pop()
        found.append(by_ids[tuple(line)])
    return found


def test_trl_sees_our_rows_whole_and_our_labels(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row], seen: list[Step]
) -> None:
    run(model, tokenizer, rows)
    assert len(seen) == 4
    for ids, labels, _ in seen:
        expected_ids, expected_labels = pad_batch(rows_of(ids, rows, tokenizer.pad_token_id), tokenizer.pad_token_id)
        assert ids.tolist() == expected_ids.tolist()
        assert labels.tolist() == expected_labels.tolist()
        assert 0 < (labels != IGNORED).float().mean() < 0.9


def test_trl_trains_as_a_plain_loop_does(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row], seen: list[Step]
) -> None:
    """Loss within 1e-5 in every step, and the same weights after the last."""
    import torch

    trained = run(model, tokenizer, rows, steps=5)
    embeddings = list(model.get_input_embeddings().parameters())
    others = [p for p in model.parameters() if not any(p is e for e in embeddings)]
    optimizers = [
        torch.optim.AdamW([*group], lr=rate, betas=(0.9, 0.98), weight_decay=0.0)
        for group, rate in ((others, 2e-3), (embeddings, 5e-3))
    ]
    rates = [group["lr"] for optimizer in optimizers for group in optimizer.param_groups]
    model.train()
    for step, (seen_ids, _, trl_loss) in enumerate(seen):
        ids, labels = pad_batch(rows_of(seen_ids, rows, tokenizer.pad_token_id), tokenizer.pad_token_id)
        logits = model(input_ids=torch.from_numpy(ids), use_cache=False).logits
        log_probabilities = torch.log_softmax(logits[:, :-1].float(), dim=-1)
        targets = torch.from_numpy(labels)[:, 1:]
        counted = targets != IGNORED
        picked = log_probabilities.gather(-1, targets.clamp(min=0).unsqueeze(-1)).squeeze(-1)
        loss = -(picked * counted).sum() / counted.sum()
        assert loss.item() == pytest.approx(trl_loss, abs=1e-5)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer, rate in zip(optimizers, rates, strict=True):
            optimizer.param_groups[0]["lr"] = rate * min((step + 1) / (0.05 * 5 + 1), 1 - step / 5)
            optimizer.step()
            optimizer.zero_grad()
    assert len(seen) == 5
    for name, weights in model.state_dict().items():
        torch.testing.assert_close(
            trained[name], weights, atol=2e-5, rtol=1e-4, msg=lambda text, n=name: f"{n}: {text}"
        )


def test_a_prompt_teaches_nothing(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row], seen: list[Step]
) -> None:
    """Were a prompt token in the loss, its probability would count: the loss is that of the completions alone."""
    import torch

    run(model, tokenizer, rows, steps=1)
    (ids, labels, loss) = seen[0]
    with torch.inference_mode():
        everything = model(input_ids=ids, labels=ids).loss
        completions = model(input_ids=ids, labels=labels).loss
    assert loss == pytest.approx(float(completions), abs=1e-5)
    assert abs(loss - float(everything)) > 1e-4


def test_one_seed_gives_the_same_weights_to_the_bit(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row]
) -> None:
    import torch

    first, again = (run(model, tokenizer, rows, seed=7) for _ in range(2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    other = run(model, tokenizer, rows, seed=8)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_the_state_of_the_process_does_not_matter(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row]
) -> None:
    import random

    import numpy as np
    import torch

    first = run(model, tokenizer, rows)
    random.seed(99)
    np.random.seed(99)
    torch.manual_seed(99)
    again = run(model, tokenizer, rows)
    assert all(torch.equal(first[name], again[name]) for name in first)


def test_training_lowers_the_loss_and_tells_every_step(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row], seen: list[Step]
) -> None:
    from tracekd.students.train import train

    steps: list[int] = []
    done = train(model, tokenizer, rows, recipe(steps=12, batch=8), lambda step, model: steps.append(step))
    assert steps == list(range(1, 13))
    assert (done.steps, done.out_of_time) == (12, False)
    assert seen[-1][2] < 0.9 * seen[0][2]


def test_more_steps_than_rows_go_round_again(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row], seen: list[Step]
) -> None:
    run(model, tokenizer, rows[:6], steps=5, batch=4)
    assert len(seen) == 5
    shown = [tuple(row.ids) for ids, _, _ in seen for row in rows_of(ids, rows, tokenizer.pad_token_id)]
    assert {tuple(row.ids) for row in rows[:6]} == set(shown)


def test_seconds_that_are_spent_end_the_training(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row]
) -> None:
    from tracekd.students.train import train

    done = train(model, tokenizer, rows, recipe(steps=50, seconds=1e-9), lambda step, model: None)
    assert (done.steps, done.out_of_time) == (1, True)
    assert done.seconds > 0


def test_a_clock_that_runs_ends_the_training_between(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: list[Row],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tracekd.students import train as module

    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    def watch(step: int, model: object) -> None:
        now[0] += 1.0

    done = module.train(model, tokenizer, rows, recipe(steps=50, seconds=3.0), watch)
    assert (done.steps, done.seconds, done.out_of_time) == (3, 3.0, True)


def test_seconds_that_are_enough_change_nothing(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row]
) -> None:
    from tracekd.students.train import train

    done = train(model, tokenizer, rows, recipe(steps=2, seconds=1e6), lambda step, model: None)
    assert (done.steps, done.out_of_time) == (2, False)


def test_a_budget_spent_on_the_last_step_is_no_early_end(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", rows: list[Row]
) -> None:
    from tracekd.students.train import train

    done = train(model, tokenizer, rows, recipe(steps=1, seconds=1e-9), lambda step, model: None)
    assert (done.steps, done.out_of_time) == (1, False)


def test_nothing_is_printed(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    rows: list[Row],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Standard output belongs to the worker: it tells its progress there, one JSON object a line."""
    run(model, tokenizer, rows, steps=2)
    assert capfd.readouterr().out == ""
