"""Low-rank adapters: they alone learn, are saved alone, and belong to one base."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.content_hash import HASHES
from tracekd.errors import UserError
from tracekd.sft.example import Example
from tracekd.students.student import Lora, Student

from .conftest import a_student, tiny_model

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")

KINDS = pytest.mark.parametrize("kind", ["llama", "qwen3"])
LORA = a_student(method="lora", learning_rate=0.05, lora={"r": 4})
PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@pytest.fixture(scope="module")
def base(tokenizer: "PreTrainedTokenizerBase", tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("base") / "base", tokenizer)


def saved(folder: Path, tokenizer: "PreTrainedTokenizerBase", kind: str = "llama", **given: object) -> Path:
    from tracekd.students.checkpoint import save

    save(tiny_model(kind, tokenizer, **given), tokenizer, folder)
    return folder


def taught(student: Student, base: Path, examples: list[Example], out: Path) -> Path:
    from tracekd.students.teach import teach

    teach(student, 0, base, examples[:8], out)
    return out


def logits_of(folder: Path) -> "Tensor":
    import torch

    from tracekd.students.checkpoint import load

    with torch.inference_mode():
        logits: Tensor = load(folder)[0].eval()(input_ids=torch.arange(40)[None]).logits
    return logits


def test_adapters_sit_on_all_linear_modules_but_the_head(tokenizer: "PreTrainedTokenizerBase") -> None:
    from tracekd.students.adapters import attach

    model = attach(tiny_model("qwen3", tokenizer), Lora(r=4), seed=0)
    learning = [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    assert learning and all("lora_" in name for name in learning)
    on = {name.split(".lora_")[0].rpartition(".")[2] for name in learning}
    assert on == set(PROJECTIONS)


def test_targets_may_be_named(tokenizer: "PreTrainedTokenizerBase") -> None:
    from tracekd.students.adapters import attach

    model = attach(tiny_model("llama", tokenizer), Lora(r=2, targets=("q_proj", "v_proj")), seed=0)
    learning = [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    assert len(learning) == 2 * 2 * 2  # layers, modules, A and B
    with pytest.raises(UserError, match="adapters cannot be added to this base") as caught:
        attach(tiny_model("llama", tokenizer), Lora(targets=("query_key_value",)), seed=0)
    assert caught.value.where == "lora.targets"
    assert "q_proj" in (caught.value.expected or "")


def test_a_seed_decides_how_they_begin(tokenizer: "PreTrainedTokenizerBase") -> None:
    import torch

    from tracekd.students.adapters import attach

    def begun(seed: int) -> "Tensor":
        model = attach(tiny_model("llama", tokenizer), Lora(r=4), seed=seed)
        return torch.cat([p.flatten() for p in model.parameters() if p.requires_grad])

    assert torch.equal(begun(1), begun(1)) and not torch.equal(begun(1), begun(2))


@KINDS
def test_what_was_trained_is_what_is_loaded(
    kind: str, tokenizer: "PreTrainedTokenizerBase", examples: list[Example], tmp_path: Path
) -> None:
    """The merged model writes what the model with adapters wrote, and not what the base does."""
    import torch

    from tracekd.students import teach

    base = saved(tmp_path / "base", tokenizer, kind)
    trained: list[PreTrainedModel] = []
    watch = lambda step: trained.append(step.model)  # noqa: E731
    student = LORA.model_copy(update={"base": str(base)})
    teach.teach(student, 0, base, examples[:8], tmp_path / "out", lambda prompting: watch)
    with torch.inference_mode():
        expected = trained[-1].eval()(input_ids=torch.arange(40)[None]).logits
    torch.testing.assert_close(logits_of(tmp_path / "out"), expected, atol=1e-4, rtol=1e-4)
    assert (logits_of(base) - expected).abs().max() > 0.1


def test_only_the_adapter_is_written_and_its_base_named(base: Path, examples: list[Example], tmp_path: Path) -> None:
    from safetensors import safe_open

    student = LORA.model_copy(update={"base": str(base)})
    out = taught(student, base, examples, tmp_path / "out")
    names = {path.name for path in out.iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json", "tokenizer.json", "training.json"} <= names
    assert not [name for name in names if name.endswith((".bin", ".pt"))] and "model.safetensors" not in names
    with safe_open(out / "adapter_model.safetensors", "pt") as file:
        assert all("lora_" in key for key in file.keys())  # noqa: SIM118
    config = json.loads((out / "adapter_config.json").read_text())
    assert (config["base_model_name_or_path"], config["revision"]) == (str(base.resolve()), None)


@pytest.mark.parametrize(
    ("named", "name", "revision"),
    [("owner/name", "owner/name", None), ("owner/name@v1.0", "owner/name", "v1.0"), ("embedded", "embedded", None)],
)
def test_a_base_of_the_hub_is_named_as_others_name_it(
    named: str, name: str, revision: str | None, base: Path, examples: list[Example], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """An adapter is to be loaded by peft too, where a revision has a field of its own."""
    from tracekd.students import adapter_config, checkpoint

    monkeypatch.chdir(tmp_path)
    (tmp_path / "embedded").mkdir()  # a folder of that name is not the base
    out = taught(LORA.model_copy(update={"base": named}), base, examples, tmp_path / "out")
    config = json.loads((out / "adapter_config.json").read_text())
    assert (config["base_model_name_or_path"], config["revision"]) == (name, revision)
    asked: list[str] = []
    monkeypatch.setattr(adapter_config, "base_folder", lambda wanted: asked.append(wanted) or base)
    checkpoint.load(out)
    assert asked == [named]


def test_an_adapter_may_sit_on_a_trained_student(base: Path, examples: list[Example], tmp_path: Path) -> None:
    first = taught(LORA.model_copy(update={"base": str(base)}), base, examples, tmp_path / "first")
    second = taught(LORA.model_copy(update={"base": str(first)}), first, examples, tmp_path / "second")
    assert (logits_of(second) - logits_of(first)).abs().max() > 0.1


@pytest.fixture(scope="module")
def taught_adapter(base: Path, examples: list[Example], tmp_path_factory: pytest.TempPathFactory) -> Path:
    student = LORA.model_copy(update={"base": str(base), "lora": Lora(r=4, targets=PROJECTIONS)})
    return taught(student, base, examples, tmp_path_factory.mktemp("adapter") / "adapter")


@pytest.fixture
def adapter(taught_adapter: Path, tmp_path: Path) -> Path:
    """A copy, which a test may damage. As somebody else's, it has no list of hashes."""
    return Path(shutil.copytree(taught_adapter, tmp_path / "adapter", ignore=shutil.ignore_patterns(HASHES)))


def rename_base(adapter: Path, base: Path | str) -> None:
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps({**config, "base_model_name_or_path": str(base)}))


def refused(folder: Path) -> UserError:
    from tracekd.students.checkpoint import load

    with pytest.raises(UserError) as caught:
        load(folder)
    assert "\n" not in caught.value.problem and len(caught.value.problem) < 600
    return caught.value


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("llama", {"hidden_size": 64, "head_dim": 16}),  # other shapes
        ("llama", {"num_hidden_layers": 1}),  # the adapter has layers that this base has not
        ("llama", {"num_hidden_layers": 3}),  # and the other way round: a layer would go without, unsaid
        ("bloom", {}),  # other names
    ],
    ids=["width", "fewer", "more", "names"],
)
def test_an_adapter_for_another_base_is_refused(
    adapter: Path, kind: str, given: dict[str, int], model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase",
    tmp_path: Path,
) -> None:  # fmt: skip
    from tracekd.students.checkpoint import save

    save(model if kind == "bloom" else tiny_model(kind, tokenizer, **given), tokenizer, tmp_path / "other")
    rename_base(adapter, tmp_path / "other")
    error = refused(adapter)
    assert error.problem.startswith("this adapter does not fit its base") and error.where == str(adapter)
    assert "base_model_name_or_path" in (error.expected or "")


def test_an_adapter_that_is_not_whole_is_refused(adapter: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(adapter / "adapter_model.safetensors")
    first = sorted(weights)[0]
    save_file({name: value for name, value in weights.items() if name != first}, adapter / "adapter_model.safetensors")
    assert first.split(".lora_")[0].rpartition(".")[2] in refused(adapter).problem


@pytest.mark.parametrize("damage", [b"", b"\xff" * 40, b"{}", b"[]", b'{"peft_type": "EVIL"}', b'{"peft_type": 5}'])
def test_a_damaged_configuration_is_refused(adapter: Path, damage: bytes) -> None:
    (adapter / "adapter_config.json").write_bytes(damage)
    assert str(adapter) in (refused(adapter).where or "")


def test_damaged_weights_are_refused(adapter: Path) -> None:
    (adapter / "adapter_model.safetensors").write_bytes(b"\xff\x00" * 40)
    assert refused(adapter).where == str(adapter)


def test_pickled_adapters_are_refused_and_never_opened(adapter: Path) -> None:
    import pickle

    (adapter / "adapter_model.safetensors").unlink()
    (adapter / "adapter_model.bin").write_bytes(pickle.dumps({"weights": [1.0]}))
    assert "no weights in safetensors" in refused(adapter).problem


@pytest.mark.parametrize("named", ["nowhere", "no/such-owner", "a b", "../other"])
def test_an_adapter_whose_base_is_not_there_is_refused(adapter: Path, named: str) -> None:
    rename_base(adapter, named)
    assert f"there is no base {named!r}" in refused(adapter).problem
    rename_base(adapter, "")
    assert refused(adapter).problem == "the adapter names no base"


def test_an_adapter_that_is_its_own_base_is_refused(adapter: Path) -> None:
    rename_base(adapter, adapter)
    assert "itself" in refused(adapter).problem


def test_an_older_tokenizer_of_the_base_serves_an_adapter_that_has_none(adapter: Path) -> None:
    from tracekd.students.checkpoint import load

    for file in adapter.glob("tokenizer*"):
        file.unlink()
    assert load(adapter)[1].encode("Mary")
