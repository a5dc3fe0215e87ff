"""Loading a student: safetensors only, no code that lies in the folder, and an error that says what is wrong."""

import json
import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.errors import UserError
from tracekd.students.base import base_folder

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")


@pytest.fixture
def folder(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", tmp_path: Path) -> Path:
    from tracekd.students.checkpoint import save

    save(model, tokenizer, tmp_path / "base")
    return tmp_path / "base"


class Trap:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


def set_trap(folder: Path) -> Path:
    mark = folder.parent / "sprung"
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"weights": Trap(mark)}))
    return mark


def load(folder: Path) -> tuple["PreTrainedModel", "PreTrainedTokenizerBase"]:
    from tracekd.students.checkpoint import load

    return load(folder)


def refused(folder: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        load(folder)
    assert caught.value.where == str(folder)
    assert "\n" not in caught.value.problem
    return caught.value


def test_what_is_saved_is_loaded(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", folder: Path) -> None:
    import torch

    loaded, reads = load(folder)
    assert all(torch.equal(weights, loaded.state_dict()[name]) for name, weights in model.state_dict().items())
    assert {p.dtype for p in loaded.parameters()} == {torch.float32}
    text = "Where is Mary?  <think>ü\n"
    assert reads.encode(text, add_special_tokens=False) == tokenizer.encode(text, add_special_tokens=False)
    assert (reads.eos_token_id, reads.pad_token_id) == (tokenizer.eos_token_id, tokenizer.pad_token_id)
    assert [file.suffix for file in folder.iterdir() if "model" in file.name] == [".safetensors"]


def test_weights_of_half_precision_are_loaded_in_full(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", tmp_path: Path
) -> None:
    import torch

    from tracekd.students.checkpoint import save

    save(model.to(torch.bfloat16), tokenizer, tmp_path / "half")
    assert {p.dtype for p in load(tmp_path / "half")[0].parameters()} == {torch.float32}


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere")
    with pytest.raises(UserError, match="there is no base"):
        base_folder(str(tmp_path / "nowhere"))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    refused(tmp_path)
    with pytest.raises(UserError, match="safetensors"):
        base_folder(str(tmp_path))


def test_pickled_weights_are_refused_and_never_opened(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    mark = set_trap(folder)
    refused(folder)
    with pytest.raises(UserError, match="safetensors"):
        base_folder(str(folder))
    assert not mark.exists()
    pickle.loads((folder / "pytorch_model.bin").read_bytes())
    assert mark.exists(), "the trap must be one"


def test_pickled_weights_beside_the_others_are_never_opened(folder: Path) -> None:
    mark = set_trap(folder)
    load(folder)
    assert not mark.exists()


@pytest.mark.parametrize("model_type", ["bloom", "evil"])
def test_code_in_the_folder_is_never_run(folder: Path, model_type: str) -> None:
    mark = folder.parent / "sprung"
    (folder / "evil.py").write_text(f"import os\nos.mkdir({str(mark)!r})\n", encoding="utf-8")
    for name in ("config.json", "tokenizer_config.json"):
        config = json.loads((folder / name).read_text(encoding="utf-8"))
        autos = ("AutoConfig", "AutoModelForCausalLM")
        config["auto_map"] = dict.fromkeys(autos, "evil.Evil") | {"AutoTokenizer": ["evil.Evil", "evil.Evil"]}
        if name == "config.json":
            config["model_type"] = model_type
        (folder / name).write_text(json.dumps(config), encoding="utf-8")
    if model_type == "bloom":
        load(folder)
    else:
        refused(folder)
    assert not mark.exists()


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"])
@pytest.mark.parametrize("damage", ["empty", "cut", "noise"])
def test_a_damaged_file_is_refused(folder: Path, name: str, damage: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes({"empty": b"", "cut": data[: len(data) // 2], "noise": b"\xff\x00" * 40}[damage])
    refused(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json"])
def test_a_file_that_is_not_there_is_missed(folder: Path, name: str) -> None:
    (folder / name).unlink()
    refused(folder)


def test_weights_of_another_model_are_refused(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["hidden_size"] = 64
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    refused(folder)


def test_weights_that_are_not_whole_are_refused(folder: Path) -> None:
    """The library fills what is missing with random numbers, and only warns."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["n_layer"] = 3
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert "incomplete" in refused(folder).problem


def test_a_tokenizer_without_an_end_is_refused(folder: Path) -> None:
    config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    del config["eos_token"]
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    assert "no end token" in refused(folder).problem


def test_a_tokenizer_without_padding_pads_with_its_end(folder: Path) -> None:
    config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    del config["pad_token"]
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    _, tokenizer = load(folder)
    assert tokenizer.pad_token_id == tokenizer.eos_token_id


def test_a_folder_with_weights_is_a_base(folder: Path) -> None:
    assert base_folder(str(folder)) == folder


@pytest.fixture
def shards(folder: Path) -> Path:
    """The folder with its weights in one shard, named by an index."""
    from safetensors import safe_open

    shard = (folder / "model.safetensors").rename(folder / "model-00001-of-00001.safetensors")
    with safe_open(shard, "pt") as file:
        names = list(file.keys())
    index = {"metadata": {}, "weight_map": dict.fromkeys(names, shard.name)}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    return folder


def test_shards_of_an_index_are_loaded(shards: Path, model: "PreTrainedModel") -> None:
    import torch

    loaded, _ = load(shards)
    assert all(torch.equal(weights, loaded.state_dict()[name]) for name, weights in model.state_dict().items())


@pytest.mark.parametrize(
    "name",
    [
        "../outside/weights.bin",
        "weights.bin",
        "../outside/weights.safetensors",
        "inner/weights.safetensors",
        "/etc/weights.safetensors",
        "weights.safetensors\0.bin",
        "weights.SAFETENSORS.pt",
    ],
)
def test_an_index_that_names_anything_but_safetensors_of_the_folder_is_refused(shards: Path, name: str) -> None:
    outside = shards.parent / "outside"
    outside.mkdir()
    mark = set_trap(outside)
    (outside / "pytorch_model.bin").rename(outside / "weights.bin")
    (shards / "weights.bin").write_bytes((outside / "weights.bin").read_bytes())
    index = shards / "model.safetensors.index.json"
    said = json.loads(index.read_text())
    said["weight_map"]["transformer.ln_f.bias"] = name
    index.write_text(json.dumps(said))
    with pytest.raises(UserError, match="which could contain code or is in another folder") as caught:
        load(shards)
    assert caught.value.where == str(index)
    assert not mark.exists()


@pytest.mark.parametrize("name", ["../outside/weights.safetensors.index.json", "adapter_model.bin", "../x.safetensors"])
def test_a_configuration_that_names_weights_elsewhere_is_refused(folder: Path, name: str) -> None:
    config = folder / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "transformers_weights": name}))
    with pytest.raises(UserError, match="which could contain code or is in another folder"):
        load(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"weight_map": []}', '{"weight_map": {"a": 1}}'])
def test_a_damaged_index_is_refused(shards: Path, text: str) -> None:
    (shards / "model.safetensors.index.json").write_text(text)
    with pytest.raises(UserError):
        load(shards)


def test_a_link_of_the_hubs_cache_is_followed_and_read_as_safetensors(folder: Path) -> None:
    """A pickle behind one is never unpickled. A link to anywhere else is refused."""
    snapshot = folder.parent / "snapshots" / "c0ffee"
    (folder.parent / "blobs").mkdir()
    snapshot.parent.mkdir()
    folder.rename(snapshot)
    weights = snapshot / "model.safetensors"
    blob = weights.rename(folder.parent / "blobs" / "1")
    weights.symlink_to("../../blobs/1")
    load(snapshot)
    mark = set_trap(snapshot)
    good = blob.read_bytes()
    blob.write_bytes((snapshot / "pytorch_model.bin").read_bytes())
    refused(snapshot)
    (folder.parent / "elsewhere").write_bytes(good)
    weights.unlink()
    weights.symlink_to(folder.parent / "elsewhere")
    with pytest.raises(UserError, match="this link leads out of the folder"):
        load(snapshot)
    assert not mark.exists() and not (snapshot.parent / "sprung").exists()
