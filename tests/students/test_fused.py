"""Fused kernels change how fast a base trains, not what it learns."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("torch")


def gradients(fused: bool) -> tuple[float, list]:
    import torch

    from tracekd.students.base import base_folder
    from tracekd.students.checkpoint import load
    from tracekd.students.fused import fuse

    model, tokenizer = load(base_folder("embedded"))
    if fused:
        fuse(model)
    model.train()
    batch = tokenizer(["Mary went to the garden.", "John took the milk there.\nWhere is it?"], padding="longest",
                      padding_side="right", return_tensors="pt")  # fmt: skip
    labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
    loss = model(**batch, labels=labels, use_cache=False).loss
    loss.backward()
    return loss.item(), [torch.clone(p.grad) for p in model.parameters()]


def test_the_loss_and_its_gradients_are_the_same() -> None:
    import torch

    (own_loss, own), (fused_loss, fused) = gradients(False), gradients(True)
    assert fused_loss == pytest.approx(own_loss, abs=1e-5)
    for one, other in zip(own, fused, strict=True):
        torch.testing.assert_close(other, one, atol=1e-5, rtol=1e-3)


@pytest.mark.parametrize("is_checkpointed", [False, True])
def test_the_last_block_is_computed_only_where_a_token_has_a_loss(is_checkpointed: bool) -> None:
    """The logits of these places and all gradients are the same as if it were computed everywhere."""
    import torch

    from tracekd.students.base import base_folder
    from tracekd.students.checkpoint import load
    from tracekd.students.fused import fuse

    made = []
    for is_fused in (False, True):
        model, _ = load(base_folder("embedded"))
        if is_fused:
            fuse(model)
        if is_checkpointed:
            model.gradient_checkpointing_enable()
        model.train()
        ids = torch.randint(2, 300, (3, 30), generator=torch.Generator().manual_seed(0))
        logits = model(input_ids=ids, logits_to_keep=torch.tensor([7, 19, 20, 28]), use_cache=False).logits
        logits.square().mean().backward()
        made.append((logits.detach(), [torch.clone(p.grad) for p in model.parameters()]))
        assert model(input_ids=ids, use_cache=False).logits.shape[1] == 30  # the places of one call are forgotten
    (own_logits, own), (fused_logits, fused) = made
    torch.testing.assert_close(fused_logits, own_logits, atol=1e-4, rtol=1e-4)
    for one, other in zip(own, fused, strict=True):
        torch.testing.assert_close(other, one, atol=1e-4, rtol=1e-3)


def test_left_padded_prompts_give_the_same_outputs() -> None:
    from tracekd.students.base import base_folder
    from tracekd.students.checkpoint import load
    from tracekd.students.fused import fuse

    model, tokenizer = load(base_folder("embedded"))
    model.eval()
    batch = tokenizer(["Mary went to the garden.", "John took it."], padding="longest", return_tensors="pt")
    own = model(**batch).logits
    fuse(model)
    assert (model(**batch).logits - own).abs().max() < 1e-4


def test_another_architecture_is_left_alone() -> None:
    from transformers import GPT2Config, GPT2LMHeadModel

    from tracekd.students.fused import fuse

    model = GPT2LMHeadModel(GPT2Config(vocab_size=32, n_embd=16, n_layer=1, n_head=2))
    before = str(model)
    fuse(model)
    assert str(model) == before


def test_a_fused_model_is_saved_as_any_other(tmp_path: Path) -> None:
    from tracekd.students.base import base_folder
    from tracekd.students.checkpoint import load, save
    from tracekd.students.fused import fuse

    model, tokenizer = load(base_folder("embedded"))
    fuse(model)
    save(model, tokenizer, tmp_path)
    assert json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))["architectures"] == ["BloomForCausalLM"]
    again, _ = load(tmp_path)
    assert str(again) == str(load(base_folder("embedded"))[0])
    assert (again.lm_head.weight == model.lm_head.weight).all()
