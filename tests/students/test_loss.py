"""The loss: the same in a plain loop, in TRL both ways and in our trainer, and on the completion only."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tracekd.sft.example import Example
from tracekd.sft.tokens import IGNORED, TokenizedExample
from tracekd.students.batch import pad_batch

from .conftest import Part, a_student, no_watch, tiny_model

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")

Trained = Callable[..., dict[str, "Tensor"]]


def plain_loss(model: "PreTrainedModel", rows: list[TokenizedExample], pad: int) -> float:
    """The mean of -log p over all labels, token by token."""
    import torch

    ids, labels = (torch.from_numpy(array) for array in pad_batch(rows, pad))
    with torch.inference_mode():
        told = torch.log_softmax(model(input_ids=ids, use_cache=False).logits.float(), dim=-1)
    each = [
        -float(told[row, place - 1, labels[row, place]])
        for row, place in (labels != IGNORED).nonzero().tolist()
    ]  # fmt: skip
    return sum(each) / len(each)


def trl_loss(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    items: list[dict[str, Any]],
    folder: Path,
    **given: Any,
) -> float:
    """The loss of one step of TRL's own trainer, its own collator, on all items in one batch."""
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    arguments = SFTConfig(
        output_dir=str(folder), max_steps=1, per_device_train_batch_size=len(items), logging_steps=1, report_to="none",
        save_strategy="no", disable_tqdm=True, max_length=None, dataloader_pin_memory=False,
        gradient_checkpointing=False, bf16=False, **given,
    )  # fmt: skip
    trainer = SFTTrainer(
        deepcopy(model), args=arguments, train_dataset=Dataset.from_list(items), processing_class=tokenizer
    )
    trainer.train()
    return float(trainer.state.log_history[0]["loss"])


def test_a_plain_loop_trl_and_we_agree(
    any_model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", examples: list[Example], tmp_path: Path,
    seen: list[Part], trained: Trained,
) -> None:  # fmt: skip
    """Within 1e-5, whether TRL gets our ids and labels or tokenises prompt and completion by itself."""
    from tracekd.students.prompting import Prompting

    prompting = Prompting.of(tokenizer)
    chosen = examples[3:7]
    rows = [prompting.row(example) for example in chosen]
    labelled = [{"input_ids": list(row.ids), "labels": list(row.labels)} for row in rows]
    # With labels of one's own, TRL needs to be told not to make others.
    as_labels = trl_loss(any_model, tokenizer, labelled, tmp_path, dataset_kwargs={"skip_prepare_dataset": True})
    texts = [{"prompt": e.prompt, "completion": e.completion} for e in chosen]
    as_texts = trl_loss(any_model, tokenizer, texts, tmp_path)
    trained(any_model, rows, steps=1)
    expected = plain_loss(any_model, rows, tokenizer.pad_token_id)
    assert seen[0].loss == pytest.approx(expected, abs=1e-5)
    assert as_labels == pytest.approx(expected, abs=1e-5)
    assert as_texts == pytest.approx(expected, abs=1e-5)


def gradients(model: "PreTrainedModel") -> "Tensor":
    import torch

    found = torch.cat([p.grad.flatten() for p in model.parameters()])
    model.zero_grad()
    return found


@pytest.fixture
def trainer(any_model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", tmp_path: Path) -> Any:
    return make_trainer(any_model, tokenizer, tmp_path)


def make_trainer(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", folder: Path) -> Any:
    """Our trainer, which was not started."""
    from datasets import Dataset
    from trl import SFTConfig

    from tracekd.students.clock import Clock
    from tracekd.students.trainer import TraceTrainer

    arguments = SFTConfig(
        output_dir=str(folder), report_to="none", dataset_kwargs={"skip_prepare_dataset": True}, bf16=False,
        remove_unused_columns=False, gradient_checkpointing=False, max_length=None,
    )  # fmt: skip
    student = a_student()
    return TraceTrainer(
        student, Clock(student, 4, no_watch, 9e9), model=model, args=arguments, processing_class=tokenizer,
        train_dataset=Dataset.from_dict({"rows": [0]}), data_collator=lambda items: items,
    )  # fmt: skip


def batch(rows: list[TokenizedExample], pad: int = 0) -> dict[str, "Tensor"]:
    from tracekd.students.collate import padded

    return padded(rows, pad)


@pytest.mark.parametrize("keeps", [True, False])
def test_the_loss_looks_at_the_completion_and_its_end_alone(
    trainer: Any, rows: list[TokenizedExample], keeps: bool
) -> None:
    """Its gradient at the head is 0 but where the next token is one of the completion."""
    import torch

    outputs: list[Tensor] = []
    trainer.model.get_output_embeddings().register_forward_hook(lambda module, given, made: outputs.append(made))
    trainer._keeps = keeps and trainer._keeps
    chosen = batch(rows[:3])
    loss = trainer.compute_loss(trainer.model, dict(chosen))
    outputs[0].retain_grad()
    loss.backward()
    looked_at = outputs[0].grad.abs().sum(-1) > 0
    if looked_at.shape[1] == len(chosen["logits_to_keep"]):
        everywhere = torch.zeros(chosen["input_ids"].shape, dtype=torch.bool)
        everywhere[:, chosen["logits_to_keep"]] = looked_at
        looked_at = everywhere
    _, labels = pad_batch(rows[:3], 0)
    assert looked_at[:, :-1].tolist() == (labels[:, 1:] != IGNORED).tolist()
    assert not looked_at[:, -1].any()


def test_where_a_prompt_ends_no_label_of_it_matters(trainer: Any, rows: list[TokenizedExample]) -> None:
    """What stands under a weight of 0 may be anything: the loss stays, only its share of the tokens changes."""
    changed = [
        TokenizedExample(row.ids, [7 if at == IGNORED else at for at in row.labels], [float(at != IGNORED) for at in row.labels])
        for row in rows[:3]
    ]  # fmt: skip
    before = float(trainer.compute_loss(trainer.model, batch(rows[:3])))
    counted = sum(label != IGNORED for row in rows[:3] for label in row.labels)
    weighted = trainer.compute_loss(trainer.model, batch(changed), num_items_in_batch=counted)
    assert float(weighted) == pytest.approx(before, abs=1e-5)


def test_weights_weigh(trainer: Any, tokenizer: "PreTrainedTokenizerBase", examples: list[Example]) -> None:
    """loss(trace_weight, answer_weight) is that much of each part; the number of tokens is that of both."""
    from tracekd.students.prompting import Prompting

    prompting = Prompting.of(tokenizer)

    def loss(trace: float, answer: float) -> float:
        rows = [prompting.row(example, trace_weight=trace, answer_weight=answer) for example in examples[:4]]
        return float(trainer.compute_loss(trainer.model, batch(rows)))

    only_trace, only_answer = loss(1, 0), loss(0, 1)
    assert min(only_trace, only_answer) > 0.01
    assert only_trace + only_answer == pytest.approx(loss(1, 1), abs=1e-5)
    assert loss(0.5, 3) == pytest.approx(0.5 * only_trace + 3 * only_answer, abs=1e-4)
    assert loss(2, 2) == pytest.approx(2 * loss(1, 1), abs=1e-5)


def test_a_trace_of_weight_0_teaches_the_answer_alone(
    trainer: Any, tokenizer: "PreTrainedTokenizerBase", examples: list[Example]
) -> None:
    from tracekd.students.prompting import Prompting

    prompting = Prompting.of(tokenizer)
    weighted = [prompting.row(example, trace_weight=0) for example in examples[:4]]
    assert all(row.weights is not None and 0 < sum(row.weights) < len(row.ids) for row in weighted)
    masked = [
        TokenizedExample(
            row.ids, [label if weight else IGNORED for label, weight in zip(row.labels, row.weights or (), strict=True)]
        )
        for row in weighted
    ]  # fmt: skip
    counted = sum(label != IGNORED for row in weighted for label in row.labels)
    trainer.compute_loss(trainer.model, batch(weighted)).backward()
    ours = gradients(trainer.model)
    trainer.compute_loss(trainer.model, batch(masked), num_items_in_batch=counted).backward()
    assert (ours - gradients(trainer.model)).abs().max() < 1e-5


def test_the_head_is_computed_where_it_is_needed_and_nothing_changes(
    trainer: Any, rows: list[TokenizedExample]
) -> None:
    given = batch(rows[:4])
    assert len(given["logits_to_keep"]) < given["input_ids"].shape[1] - 1
    trainer._keeps = "llama" in type(trainer.model).__name__.lower()
    losses, found = [], []
    for keeps in (True, False):
        trainer._keeps = keeps and trainer._keeps
        loss = trainer.compute_loss(trainer.model, dict(given))
        loss.backward()
        losses.append(float(loss))
        found.append(gradients(trainer.model))
    assert losses[0] == pytest.approx(losses[1], abs=1e-5)
    assert (found[0] - found[1]).abs().max() < 1e-5


def count_sizes(monkeypatch: pytest.MonkeyPatch, sizes: list[list[int]]) -> None:
    """Fill `sizes` with the number of rows in each part, for each step."""
    from tracekd.students.collate import COUNT, PARTS
    from tracekd.students.trainer import TraceTrainer

    plain = TraceTrainer.training_step

    def spy(self, model, inputs, *args, **kwargs):  # type: ignore[no-untyped-def]
        sizes.append([part[COUNT] for part in inputs[PARTS]])
        return plain(self, model, inputs, *args, **kwargs)

    monkeypatch.setattr(TraceTrainer, "training_step", spy)


PARTED: tuple[dict[str, int], ...] = ({"micro_batch": 2}, {"micro_batch": 1}, {"micro_batch_tokens": 300})


def test_parts_of_a_batch_make_the_same_step(
    any_model: "PreTrainedModel",
    rows: list[TokenizedExample],
    trained: Trained,
    seen: list[Part],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    whole = trained(any_model, rows, steps=2, batch=8)
    losses = [part.loss for part in seen]
    sizes: list[list[int]] = []
    count_sizes(monkeypatch, sizes)
    for given in PARTED:
        seen.clear()
        sizes.clear()
        parts = trained(any_model, rows, steps=2, batch=8, **given)
        assert all(sum(step) == 8 and max(step) <= given.get("micro_batch", 7) for step in sizes), given
        begins = (0, len(sizes[0]))
        told = [sum(part.loss for part in seen[at : at + len(step)]) for at, step in zip(begins, sizes, strict=True)]
        assert told == pytest.approx(losses, abs=1e-5), given
        # Adam's first steps are of the size of the rate where a gradient is next to nothing: looked at are the others.
        for name, weights in whole.items():
            message = f"{given}, {name}: "
            torch.testing.assert_close(
                parts[name], weights, atol=1e-4, rtol=1e-4, msg=lambda text, begin=message: begin + text
            )


def test_a_model_that_takes_no_more_arguments_is_not_weighed_by_parts(
    model: "PreTrainedModel",
    rows: list[TokenizedExample],
    trained: Trained,
    seen: list[Part],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of such a model the library takes the loss to be a mean of each part."""
    plain = type(model).forward

    def forward(self, input_ids=None, use_cache=None):  # type: ignore[no-untyped-def]
        return plain(self, input_ids=input_ids, use_cache=use_cache)

    monkeypatch.setattr(type(model), "forward", forward)
    monkeypatch.setattr("tracekd.students.train.fuse", lambda model: None)
    whole, parts = trained(model, rows, steps=1), trained(model, rows, steps=1, micro_batch=2)
    assert seen[0].loss == pytest.approx(seen[1].loss + seen[2].loss, abs=1e-5)
    assert all(float((whole[name] - parts[name]).abs().max()) < 1e-4 for name in whole)


@pytest.mark.parametrize("kind", ["llama", "qwen3"])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_packed_batch_is_the_padded_one(
    kind: str, weighted: bool, tokenizer: "PreTrainedTokenizerBase", examples: list[Example], tmp_path: Path
) -> None:
    from tracekd.students.collate import packed
    from tracekd.students.prompting import Prompting

    model = tiny_model(kind, tokenizer)
    trainer = make_trainer(model, tokenizer, tmp_path)
    prompting = Prompting.of(tokenizer)
    # The last one has weights of 1, so that there are both kinds in a batch.
    rows = [prompting.row(e, trace_weight=0.3 if weighted and e is not examples[6] else 1) for e in examples[2:7]]
    together = packed(rows)
    assert together["input_ids"].shape == (1, sum(len(row.ids) for row in rows))
    found, losses = [], []
    for given in (together, batch(rows, tokenizer.pad_token_id)):
        loss = trainer.compute_loss(model, given)
        loss.backward()
        losses.append(float(loss))
        found.append(gradients(model))
    assert losses[0] == pytest.approx(losses[1], abs=1e-5)
    assert (found[0] - found[1]).abs().max() < 1e-5


@pytest.mark.parametrize("kind", ["llama", "qwen3"])
def test_in_a_packed_batch_no_token_sees_another_row(
    kind: str, tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample]
) -> None:
    import torch

    from tracekd.students.collate import packed

    model = tiny_model(kind, tokenizer).eval()
    together = packed(rows[:3])
    with torch.inference_mode():
        logits = model(input_ids=together["input_ids"], position_ids=together["position_ids"], use_cache=False).logits[
            0
        ]
        alone = [model(input_ids=torch.tensor([row.ids]), use_cache=False).logits[0] for row in rows[:3]]
        # The test can fail: were the rows one text, the second would look back at the first.
        one_text = model(input_ids=together["input_ids"], use_cache=False).logits[0]
    torch.testing.assert_close(logits, torch.cat(alone), atol=1e-5, rtol=1e-4)
    begin = len(rows[0].ids)
    assert (one_text[begin:] - logits[begin:]).abs().max() > 1e-2


def test_rows_are_packed_on_a_gpu_and_in_pieces_on_a_cpu_if_the_model_can(
    tokenizer: "PreTrainedTokenizerBase", rows: list[TokenizedExample], model: "PreTrainedModel"
) -> None:
    import torch

    from tracekd.students.collate import PARTS, collator

    class OnGpu:
        def __init__(self, model: "PreTrainedModel") -> None:
            self.device, self.config = torch.device("cuda"), model.config

    with_dropout = tiny_model("llama", tokenizer, attention_dropout=0.1)
    for where, is_packed, has_pieces in (
        (tiny_model("llama", tokenizer), True, True), (OnGpu(tiny_model("qwen3", tokenizer)), True, False),
        (OnGpu(model), False, False), (model, False, False), (with_dropout, False, False),
    ):  # fmt: skip
        (part,) = collator(where, 0, 2, 10**6)([{"rows": rows[:2]}])[PARTS]  # type: ignore[arg-type]
        assert ("position_ids" in part, "pieces" in part) == (is_packed, has_pieces)


def test_gradient_checkpointing_changes_nothing(
    any_model: "PreTrainedModel", rows: list[TokenizedExample], trained: Trained
) -> None:
    import torch

    plain, checkpointed = trained(any_model, rows), trained(any_model, rows, gradient_checkpointing=True)
    for name, weights in plain.items():  # up to rounding: without it, BLOOM's last block is computed in part
        torch.testing.assert_close(checkpointed[name], weights, atol=1e-5, rtol=1e-5)


def test_half_precision_stays_near_and_its_weights_are_whole(
    any_model: "PreTrainedModel", rows: list[TokenizedExample], trained: Trained, seen: list[Part]
) -> None:
    import torch

    exact, half = trained(any_model, rows), trained(any_model, rows, precision="bfloat16")
    assert {weights.dtype for weights in half.values() if weights.is_floating_point()} == {torch.float32}
    assert [part.loss for part in seen[:4]] != [part.loss for part in seen[4:]]
    assert [part.loss for part in seen[4:]] == pytest.approx([part.loss for part in seen[:4]], rel=0.05)
    assert set(exact) == set(half)
