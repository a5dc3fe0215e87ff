"""GGUF files as bases: converted once, exactly, with their tokenizer; what is invalid ends in one message."""

import hashlib
import json
import os
import shutil
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tracekd.errors import UserError
from tracekd.sft.example import Example
from tracekd.students.adapter_config import read_adapter_config
from tracekd.students.base import base_folder, tokenizer_source
from tracekd.students.gguf.header import read_header
from tracekd.students.gguf.source import source_of

from .conftest import a_student
from .tiny_gguf import HEADS, HIDDEN, HOSTILE, KEY_HEADS, LAYERS, UNUSABLE, WIDTH, tokenizer, weights, write_gguf

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel

pytestmark = pytest.mark.xdist_group("torch")

STORY = "Mary went to the kitchen. John moved to the garden.\nWhere is Mary?\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tracekd" / "gguf"


def logits_of(model: "PreTrainedModel") -> "Tensor":
    import torch

    with torch.inference_mode():
        return model.eval()(input_ids=torch.arange(40, 90)[None], use_cache=False).logits


def as_transformers() -> "PreTrainedModel":
    """The same weights in transformers' own order: pairs of rotary positions lie half a head apart, not side by side."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    vocabulary = tokenizer().get_vocab_size()
    found = {name: torch.from_numpy(values) for name, values in weights(vocabulary).items()}
    config = LlamaConfig(
        vocab_size=vocabulary, hidden_size=HIDDEN, intermediate_size=WIDTH, num_hidden_layers=LAYERS, rms_norm_eps=1e-5,
        num_attention_heads=HEADS, num_key_value_heads=KEY_HEADS, max_position_embeddings=2048, tie_word_embeddings=True,
    )  # fmt: skip
    names = {
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
        "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    }  # fmt: skip
    state = {"model.embed_tokens.weight": found["token_embd.weight"], "model.norm.weight": found["output_norm.weight"]}
    for layer in range(LAYERS):
        for ours, theirs in names.items():
            values = found[f"blk.{layer}.{theirs}.weight"]
            if theirs in ("attn_q", "attn_k"):
                heads = HEADS if theirs == "attn_q" else KEY_HEADS
                width = HIDDEN // HEADS
                order = [
                    head * width + 2 * i + half for head in range(heads) for half in (0, 1) for i in range(width // 2)
                ]
                values = values[order]
            state[f"model.layers.{layer}.{ours}.weight"] = values
    state["lm_head.weight"] = state["model.embed_tokens.weight"]
    model = LlamaForCausalLM(config)
    model.load_state_dict(state)
    return model


def test_the_converted_model_is_the_one_in_the_file(tmp_path: Path, cache: Path) -> None:
    import torch

    from tracekd.students.checkpoint import load

    folder = base_folder(str(write_gguf(tmp_path / "tiny.gguf")))
    assert folder.parent == cache and {path.name for path in folder.iterdir()} >= {
        "model.safetensors",
        "tokenizer.json",
    }
    model, _ = load(folder)
    torch.testing.assert_close(logits_of(model), logits_of(as_transformers()), rtol=0, atol=1e-5)
    assert not hasattr(model.config, "quantization_config")
    assert "transformers_version" not in json.loads((folder / "config.json").read_text())


@pytest.mark.parametrize("kinds", [("Q4_1", "Q8_0"), ("F16",), ("Q4_0", "BF16", "Q5_1")])
def test_quantized_weights_are_those_that_transformers_reads_directly(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    from tracekd.students.checkpoint import load

    file = write_gguf(tmp_path / "a" / "tiny.gguf", kinds)
    model, _ = load(base_folder(str(file)))
    direct = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
    assert torch.equal(logits_of(model), logits_of(direct))
    assert not torch.equal(logits_of(model), logits_of(as_transformers())), "the weights were rounded"
    source = source_of(base_folder(str(file)))
    assert source is not None and set(source.types) == {*kinds, "F32"} and source.unused == 0
    assert sum(source.types.values()) == model.num_parameters()


def test_the_tokenizer_is_the_one_in_the_file(tmp_path: Path) -> None:
    from tracekd.students.checkpoint import load_tokenizer
    from tracekd.students.prompting import Prompting

    made = load_tokenizer(base_folder(str(write_gguf(tmp_path / "tiny.gguf"))))
    for said in (
        STORY,
        "in 2019, 12  34\n\n5",
        "Zoë </think> <answer>",
        " a\t<|im_end|>\n<|im_start|>",
        "\x00\U0001f600",
    ):
        ids = made.encode(said, add_special_tokens=False)
        assert ids == tokenizer().encode(said, add_special_tokens=False).ids
        assert made.decode(ids) == said
    assert (made.bos_token, made.eos_token) == ("<|im_start|>", "<|im_end|>")
    assert made.encode(STORY) == made.encode(STORY, add_special_tokens=False)
    prompting = Prompting.of(made)
    assert prompting.prompt("Hi") == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    assert made.convert_ids_to_tokens(prompting.end) == "<|im_end|>"


@pytest.mark.parametrize("split", ["gpt-2", "llama-bpe"])
def test_a_text_is_split_in_the_way_that_the_file_names(tmp_path: Path, split: str) -> None:
    from tracekd.students.checkpoint import load_tokenizer

    made = load_tokenizer(base_folder(str(write_gguf(tmp_path / "tiny.gguf", split=split))))
    words = [piece for piece, _ in made.backend_tokenizer.pre_tokenizer.pre_tokenize_str("1234\n\n5")]
    assert words == {"gpt-2": ["1234", "Ċ", "Ċ", "5"], "llama-bpe": ["123", "4", "ĊĊ", "5"]}[split]


def test_it_is_converted_once_and_again_only_if_the_cache_is_damaged(
    tmp_path: Path, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = write_gguf(tmp_path / "tiny.gguf")
    folder = base_folder(str(file))
    assert "tiny.gguf is converted once" in caplog.text
    weights_file = folder / "model.safetensors"
    hashes, made = (folder / ".tracekd-hashes").read_bytes(), weights_file.stat().st_mtime_ns
    caplog.clear()
    shutil.copy(file, tmp_path / "same.gguf")
    assert base_folder(str(tmp_path / "same.gguf")) == folder, "the content counts, not the name"
    assert weights_file.stat().st_mtime_ns == made and caplog.text == ""
    weights_file.write_bytes(weights_file.read_bytes()[:-4] + b"evil")
    assert base_folder(str(file)) == folder
    assert "damaged; it is made again" in caplog.text
    assert (folder / ".tracekd-hashes").read_bytes() == hashes, "the same file gives the same bytes"
    other = base_folder(str(write_gguf(tmp_path / "other.gguf", seed=1)))
    assert other != folder and {path.name for path in cache.iterdir() if path.is_dir()} == {folder.name, other.name}


def test_processes_that_need_the_same_base_wait_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracekd.students import cache

    times: list[str] = []

    def fill(folder: Path) -> None:
        times.append("begin")
        time.sleep(0.3)
        (folder / "a").write_text("a")
        times.append("end")

    threads = [threading.Thread(target=cache.make_once, args=(tmp_path / "made", fill)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert times == ["begin", "end"] and cache.is_whole(tmp_path / "made")


def test_a_kill_leaves_nothing_half_made(tmp_path: Path, cache: Path) -> None:
    from tracekd.students.gguf import convert

    file = write_gguf(tmp_path / "tiny.gguf")
    if (child := os.fork()) == 0:
        try:
            convert.write_source = lambda *given: os._exit(9)  # type: ignore[assignment]
            convert.converted(file)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    left = [path for path in cache.iterdir() if path.is_dir()]
    assert len(left) == 1 and left[0].name.startswith("."), "only a temporary folder"
    folder = base_folder(str(file))
    assert [path for path in cache.iterdir() if path.is_dir()] == [folder], "the next one removes it"


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_student_says_from_which_file_its_base_comes(tmp_path: Path, examples: list[Example], method: str) -> None:
    from tracekd.students.checkpoint import load
    from tracekd.students.teach import teach

    file = write_gguf(tmp_path / "tiny.gguf", ("Q4_1", "Q8_0"))
    out, student = tmp_path / "out", a_student(base=str(file), method=method, steps=2)
    teach(student, 0, base_folder(student.base), examples[:8], out)
    source = source_of(out)
    assert source == source_of(base_folder(str(file))) and source is not None
    assert source.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    card = (out / "README.md").read_text()
    assert source.sha256 in card and "Q4\\_1: " in card and "quantized" in card
    assert "<b>" not in card and "Tiny \\| \\<b\\>llama" in card, "what the file says of itself is no markup"
    if method == "lora":
        adapter = read_adapter_config(out)
        assert adapter is not None and adapter.base_model_name_or_path == str(file)
    model, _ = load(base_folder(str(out)))
    assert model.generation_config.eos_token_id == 2


def test_a_folder_with_one_file_is_a_base_and_one_with_two_is_not(tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "model" / "a.GGUF")
    (tmp_path / "model" / "config.json").write_text("{}")
    folder = base_folder(str(tmp_path / "model"))
    assert folder == base_folder(str(file)) == tokenizer_source(str(file.parent))
    shutil.copy(file, file.with_name("b.gguf"))
    with pytest.raises(UserError, match=r"this folder has 2 GGUF files: a\.GGUF, b\.gguf") as caught:
        base_folder(str(tmp_path / "model"))
    assert caught.value.next_step == f"name one: {file}"


def test_files_beside_it_are_not_read(tmp_path: Path) -> None:
    from tracekd.students.checkpoint import load_tokenizer

    file = write_gguf(tmp_path / "model" / "a.gguf")
    (file.parent / "chat_template.jinja").write_text("evil")
    (file.parent / "tokenizer_config.json").write_text('{"chat_template": "evil", "eos_token": "evil"}')
    assert "evil" not in str(load_tokenizer(base_folder(str(file))).chat_template)


def test_weights_that_the_model_does_not_use_are_counted(tmp_path: Path) -> None:
    extra = {"rope_freqs.weight": np.ones(8, np.float32)}
    folder = base_folder(str(write_gguf(tmp_path / "tiny.gguf", extra=extra)))
    source = source_of(folder)
    assert source is not None and source.unused == 8
    assert "| parameters that are not used | 8 |" in (folder / "README.md").read_text()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_header_is_refused_before_a_library_opens_the_file(tmp_path: Path, name: str, cache: Path) -> None:
    data, said = HOSTILE[name]
    (tmp_path / "x.gguf").write_bytes(data)
    begun = time.process_time()
    with pytest.raises(UserError, match=said) as caught:
        read_header(tmp_path / "x.gguf")
    assert time.process_time() - begun < 5
    assert caught.value.where == str(tmp_path / "x.gguf") and caught.value.expected and caught.value.next_step
    with pytest.raises(UserError, match=said):
        base_folder(str(tmp_path / "x.gguf"))
    assert not [path for path in cache.iterdir() if path.is_dir()]


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_model_that_cannot_be_converted_is_one_message(
    tmp_path: Path, name: str, cache: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make, said = UNUSABLE[name]
    file = make(tmp_path / "x.gguf")
    with pytest.raises(UserError, match=said) as caught:
        base_folder(str(file))
    assert caught.value.where == str(file) and caught.value.expected
    assert "\n" not in caught.value.problem and "Traceback" not in capfd.readouterr().err
    assert not [path for path in cache.iterdir() if path.is_dir()]


def test_a_configuration_of_a_larger_model_is_refused(tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "x.gguf")
    data = file.read_bytes()
    at = data.index(b"llama.embedding_length") + len(b"llama.embedding_length") + 4
    file.write_bytes(data[:at] + (2**30).to_bytes(4, "little") + data[at + 4 :])
    with pytest.raises(UserError, match="the configuration describes a larger model than the"):
        base_folder(str(file))


def test_no_room_on_the_disk_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_gguf(tmp_path / "x.gguf")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=10**6))
    with pytest.raises(UserError, match=r"need 0\.1 GB on the disk, and 0\.0 GB are free"):
        base_folder(str(file))


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(UserError, match="the cache cannot be written") as caught:
        base_folder(str(write_gguf(tmp_path / "x.gguf")))
    assert "XDG_CACHE_HOME" in str(caught.value.next_step)


def test_what_is_not_a_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.gguf")
    with pytest.raises(UserError, match="this is not a file"):
        base_folder(str(tmp_path / "x.gguf"))
    with pytest.raises(UserError, match="this is not a file"):
        base_folder(str(tmp_path))
    with pytest.raises(UserError, match=r"there is no base .models/absent\.gguf"):
        base_folder("models/absent.gguf")


def test_a_fetched_base_that_is_not_there_names_the_command() -> None:
    with pytest.raises(UserError, match="the base 'smollm2' was not fetched") as caught:
        base_folder("smollm2")
    assert caught.value.next_step == "tracekd fetch smollm2"
