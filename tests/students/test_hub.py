"""Bases of the Hub, as its cache has them: LoRA and QLoRA on small Llama and Qwen3, from a Hub id to outputs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.sft.example import Example
from tracekd.students.base import base_folder
from tracekd.tasks.babi.families import TEMPLATE

from .conftest import LLAMA_CHAT, QWEN_CHAT, a_student, chatting, tiny_model

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")

COMMIT, OLDER = "a" * 40, "b" * 40
Publish = Callable[..., str]


@pytest.fixture
def publish(tokenizer: "PreTrainedTokenizerBase", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """`publish(kind)` lays a model out as the Hub's cache does and returns its id. The Hub itself is out of reach."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    # Read at its import, which another test may have done: without it, each look-up is tried again for 23 seconds.
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.chdir(tmp_path)

    def lay_out(kind: str, commit: str = COMMIT, ref: str = "main", **given: object) -> str:
        from tracekd.students.checkpoint import save

        repository = tmp_path / "hub" / f"models--tiny--{kind}"
        (repository / "refs").mkdir(parents=True, exist_ok=True)
        (repository / "refs" / ref).write_text(commit)
        chat = chatting(tokenizer, {"llama": LLAMA_CHAT, "qwen3": QWEN_CHAT}[kind])
        # As wide as a block of 4-bit quantization.
        model = tiny_model(kind, chat, **{"hidden_size": 64, "head_dim": 16, "initializer_range": 0.1, **given})
        save(model, chat, repository / "snapshots" / commit)
        return f"tiny/{kind}"

    return lay_out


def logits_of(model: "PreTrainedModel") -> "Tensor":
    import torch

    with torch.inference_mode():
        return model.eval()(input_ids=torch.arange(100, 160)[None], use_cache=False).logits.float()


@pytest.mark.parametrize("method", ["lora", "qlora"])
@pytest.mark.parametrize("kind", ["llama", "qwen3"])
def test_adapters_on_a_hub_base_are_trained_saved_loaded_and_generate(
    kind: str, method: str, publish: Publish, problems: list[Problem], examples: list[Example], tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import load_file

    from tracekd.students.checkpoint import load
    from tracekd.students.engines.contract import Decoding
    from tracekd.students.engines.transformers import TransformersEngine
    from tracekd.students.prompting import Prompting
    from tracekd.students.teach import prepare, teach

    named = publish(kind)
    student = a_student(base=named, method=method, precision="bfloat16", steps=6, learning_rate=0.02, max_new_tokens=8)
    folder, seen = base_folder(named), []
    before = logits_of(prepare(student, 0, folder)[0])
    losses: list[float] = []

    def watch(step):  # type: ignore[no-untyped-def]
        seen[:] = [step.model]
        losses.append(step.loss)

    out = tmp_path / "out"
    teach(student, 0, folder, examples[:16], out, lambda prompting: watch)
    assert losses[-1] < losses[0]
    config = json.loads((out / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == named
    learned = load_file(out / "adapter_model.safetensors")
    assert {weights.dtype for weights in learned.values()} == {torch.float32}
    assert all(weights.abs().max() > 0 for weights in learned.values())
    assert not (out / "model.safetensors").exists()

    # What training has changed is what loading changes, though the base of a QLoRA is loaded in full precision.
    model, tokenizer = load(out)
    base = logits_of(load(folder)[0])
    change, expected = (logits_of(model) - base).flatten(), (logits_of(seen[0]) - before).flatten()
    alike = torch.nn.functional.cosine_similarity(change, expected, dim=0)
    assert change.abs().mean() > 0.05
    assert alike > (0.99 if method == "lora" else 0.9)

    prompting = Prompting.of(tokenizer, student.chat)
    prompts = [prompting.prompt_ids(TEMPLATE.render_prompt(problem)) for problem in problems[:3]]
    made = dict(TransformersEngine(model, tokenizer, batch=2).generate(prompts, Decoding(student.max_new_tokens)))
    assert sorted(made) == [0, 1, 2] and all(0 < len(one.ids) <= 8 for (one,) in made.values())


def test_a_four_bit_base_is_in_four_bits(publish: Publish) -> None:
    """And the adapters are not: the steps of a small rate would be lost in half precision."""
    import torch

    from tracekd.students.teach import prepare

    student = a_student(method="qlora", precision="bfloat16")
    model, _ = prepare(student, 0, base_folder(publish("llama")))
    kinds = {type(module).__name__ for module in model.modules()}
    assert "Linear4bit" in kinds
    quantized = [p for p in model.parameters() if type(p).__name__ == "Params4bit"]
    assert quantized and {p.quant_type for p in quantized} == {"nf4"}
    assert all(p.quant_state is None or p.quant_state.nested for p in quantized), "quantized twice"
    assert {p.dtype for p in model.parameters() if p.requires_grad} == {torch.float32}


def test_the_base_of_a_lora_is_in_half_precision_and_what_learns_is_not(publish: Publish) -> None:
    import torch

    from tracekd.students.teach import prepare

    folder = base_folder(publish("qwen3"))
    for method, frozen in (("lora", {torch.bfloat16}), ("full", set())):
        model, _ = prepare(a_student(method=method, precision="bfloat16"), 0, folder)
        assert {p.dtype for p in model.parameters() if p.requires_grad} == {torch.float32}
        assert {p.dtype for p in model.parameters() if not p.requires_grad} == frozen


def test_a_revision_is_found_by_its_name(publish: Publish) -> None:
    named = publish("llama")
    publish("llama", OLDER, "v1.0", num_hidden_layers=1)
    layers = {
        at: json.loads((base_folder(f"{named}{at}") / "config.json").read_text())["num_hidden_layers"]
        for at in ("", "@main", "@v1.0", f"@{OLDER}")
    }
    assert layers == {"": 2, "@main": 2, "@v1.0": 1, f"@{OLDER}": 1}


def test_a_folder_goes_before_an_id_of_the_same_name(publish: Publish, tmp_path: Path) -> None:
    named = publish("llama")
    (tmp_path / "hub" / "models--tiny--llama" / "snapshots" / COMMIT).rename(tmp_path / "other")
    (tmp_path / "tiny").mkdir()
    (tmp_path / "other").rename(tmp_path / named)
    assert base_folder(named) == Path(named)


@pytest.mark.parametrize("named", ["tiny/nothing", "tiny/llama@nowhere", "no-such-owner/x@" + "c" * 40])
def test_a_base_that_is_not_in_the_cache_is_refused_offline(publish: Publish, named: str) -> None:
    publish("llama")
    with pytest.raises(UserError) as caught:
        base_folder(named)
    assert f"there is no base {named.partition('@')[0]!r}" in caught.value.problem
    assert "the Hub cannot be reached" in caught.value.problem
    assert "\n" not in caught.value.problem


@pytest.mark.parametrize(
    "named", ["a/b/c", "../x", "/nowhere/at/all", "a b/c", "owner/", "x" * 300, "a/" + "b" * 97, "a--b/c..d"]
)
def test_what_is_no_id_is_no_base(publish: Publish, named: str) -> None:
    with pytest.raises(UserError, match="there is no base"):
        base_folder(named)


@pytest.mark.parametrize(
    ("code", "said"), [(401, "the Hub answered 401"), (403, "the Hub answered 403"), (500, "the Hub answered 500")]
)
def test_what_the_hub_says_is_told(publish: Publish, monkeypatch: pytest.MonkeyPatch, code: int, said: str) -> None:
    import httpx
    import huggingface_hub
    from huggingface_hub.errors import HfHubHTTPError

    def refuse(*args: object, **given: object) -> None:
        response = httpx.Response(code, request=httpx.Request("GET", "https://hub.test"))
        raise HfHubHTTPError("gated\nand more", response=response)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", refuse)
    with pytest.raises(UserError, match=said) as caught:
        base_folder("meta/gated")
    assert "hf auth login" in (caught.value.next_step or "")


def test_no_code_and_no_pickled_weights_are_fetched(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub
    from huggingface_hub.utils import filter_repo_objects

    asked: dict[str, object] = {}

    def note(repository: str, **given: object) -> str:
        asked.update(given)
        return str(Path("hub/models--tiny--llama/snapshots") / COMMIT)

    publish("llama")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", note)
    base_folder("tiny/llama")
    files = [
        "config.json", "model.safetensors", "model-00001-of-00002.safetensors", "model.safetensors.index.json",
        "tokenizer.model", "merges.txt", "chat_template.jinja", "generation_config.json", "adapter_model.safetensors",
        "modeling_evil.py", "pytorch_model.bin", "model.pt", "original/consolidated.00.pth", "original/params.json",
        "onnx/model.onnx", "README.md", "model.gguf", "training_args.bin", "tf_model.h5", "flax_model.msgpack",
    ]  # fmt: skip
    kept = filter_repo_objects(
        files,
        allow_patterns=asked["allow_patterns"],
        ignore_patterns=asked["ignore_patterns"],  # type: ignore[arg-type]
    )
    assert list(kept) == files[:9]
