"""Folders that are no student, though they look like one: each is a good folder with one thing wrong.

`FOLDERS` names them; each function damages a good folder, a llama of two layers with a chat template. Beside it lies a
folder `outside`, whose files nobody may open, and `sprung` must never appear: it is the mark of code that was run.
"""

import json
import os
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

Damage = Callable[[Path], None]
FOLDERS: dict[str, Damage] = {}


def folder(damage: Damage) -> Damage:
    FOLDERS[damage.__name__] = damage
    return damage


def change(file: str, **values: Any) -> Damage:
    """Set keys of a JSON file."""

    def damage(folder: Path) -> None:
        found = json.loads((folder / file).read_text(encoding="utf-8"))
        (folder / file).write_text(json.dumps({**found, **values}), encoding="utf-8")

    return damage


def write(file: str, data: bytes | str) -> Damage:
    """Replace a file."""

    def damage(folder: Path) -> None:
        (folder / file).write_bytes(data if isinstance(data, bytes) else data.encode())

    return damage


def both(first: Damage, second: Damage) -> Damage:
    """One damage after the other."""

    def damage(folder: Path) -> None:
        first(folder)
        second(folder)

    return damage


class Trap:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


def pickled(folder: Path) -> bytes:
    return pickle.dumps({"weights": Trap(folder.parent / "sprung")})


def code(folder: Path) -> str:
    return f"import os\nos.mkdir({str(folder.parent / 'sprung')!r})\nclass Evil: ...\n"


def safetensors(header: object, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def header_of(folder: Path) -> tuple[dict[str, Any], bytes]:
    data = (folder / "model.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def tokenizer_part(**parts: Any) -> Damage:
    return change("tokenizer.json", **parts)


def adapter(folder: Path, base: Path | str | None, **config: Any) -> None:
    """Make the folder an adapter, with the weights of one module."""
    import torch
    from safetensors.torch import save_file

    module = "base_model.model.model.layers.0.self_attn.q_proj"
    save_file(
        {f"{module}.lora_A.weight": torch.zeros(2, 32), f"{module}.lora_B.weight": torch.zeros(32, 2)},
        folder / "adapter_model.safetensors",
    )
    given = {"peft_type": "LORA", "r": 2, "lora_alpha": 2, "target_modules": ["q_proj"], "task_type": "CAUSAL_LM"}
    given["base_model_name_or_path"] = None if base is None else str(base)
    (folder / "adapter_config.json").write_text(json.dumps({**given, **config}))
    for name in ("config.json", "model.safetensors"):
        (folder / name).unlink(missing_ok=True)


def good_base(folder: Path) -> Path:
    """Another good folder beside it."""
    import shutil

    return Path(shutil.copytree(folder, folder.parent / "good"))


def adapter_with(**config: Any) -> Damage:
    return lambda folder: adapter(folder, good_base(folder), **config)


# What config.json says of the model.
for name, value in {
    "num_attention_heads": 0, "num_key_value_heads": 0, "num_hidden_layers": -1, "hidden_size": 0, "vocab_size": 0,
    "head_dim": 0, "rms_norm_eps": "a", "max_position_embeddings": "many", "hidden_act": "no_such_function",
    "rope_scaling": {"rope_type": "no_such_scaling"}, "rope_parameters": [], "intermediate_size": 1.5, "pad_token_id": 10**9,
    "model_type": None, "architectures": "LlamaForCausalLM", "dtype": "float1", "quantization_config": {"quant_method": "no"},
    "torch_dtype": 5, "attention_dropout": "x", "mlp_bias": {}, "id2label": 5, "tie_word_embeddings": "no",
}.items():  # fmt: skip
    FOLDERS[f"config_{name}_{str(value)[:12]}"] = change("config.json", **{name: value})
for name in ("num_hidden_layers", "num_attention_heads", "hidden_size", "vocab_size", "intermediate_size", "head_dim"):
    FOLDERS[f"config_{name}_huge"] = change("config.json", **{name: 10**9})
    FOLDERS[f"config_{name}_large"] = change("config.json", **{name: 60_000})
FOLDERS |= {
    "config_more_layers_than_weights": change("config.json", num_hidden_layers=3),
    "config_other_shape": change("config.json", hidden_size=64),
    "config_beyond_all_integers": change("config.json", num_hidden_layers=10**400),
    "config_not_a_number": write(
        "config.json", '{"model_type": "llama", "hidden_size": NaN, "rms_norm_eps": Infinity}'
    ),
    "config_null": write("config.json", "null"),
    "config_list": write("config.json", "[]"),
    "config_text": write("config.json", '"llama"'),
    "config_deep": write("config.json", "[" * 200_000),
    "config_deep_inside": write("config.json", '{"model_type": "llama", "a": ' + '{"a":' * 50_000 + "1" + "}" * 50_001),
    "config_noise": write("config.json", bytes(range(256)) * 8),
    "config_empty": write("config.json", ""),
    "config_unknown_type": change("config.json", model_type="evil"),
    "config_no_language_model": change("config.json", model_type="vit"),
    "config_other_model": change("config.json", model_type="bloom"),
    "config_buffers": change("config.json", model_type="gpt2", n_positions=300_000, n_head=2, n_embd=32, n_layer=2),
    "config_huge_label_map": change("config.json", num_labels=10**9),
    "config_layer_types": change("config.json", model_type="qwen3", num_hidden_layers=10**8),
    "config_transformers_weights": change("config.json", transformers_weights="../outside/model.safetensors"),
    "config_pickled_weights": change("config.json", transformers_weights="pytorch_model.bin"),
    "generation_config_list": write("generation_config.json", "[1]"),
    "generation_config_noise": write("generation_config.json", b"\xff\xfe" * 99),
    "generation_config_deep": write("generation_config.json", "[" * 200_000),
    "generation_config_ends": write("generation_config.json", '{"eos_token_id": {"a": 1}}'),
}


@folder
def code_of_an_unknown_type(folder: Path) -> None:
    (folder / "evil.py").write_text(code(folder))
    change("config.json", model_type="evil", auto_map={"AutoConfig": "evil.Evil", "AutoModelForCausalLM": "evil.Evil"})(
        folder
    )


@folder
def code_of_a_tokenizer(folder: Path) -> None:
    (folder / "evil.py").write_text(code(folder))
    (folder / "tokenizer.json").unlink()
    named = {"AutoTokenizer": ["evil.Evil", "evil.Evil"]}
    change("tokenizer_config.json", tokenizer_class="Evil", auto_map=named)(folder)


# The tokenizer.
FOLDERS |= {
    "tokenizer_null": write("tokenizer.json", "null"),
    "tokenizer_empty": write("tokenizer.json", ""),
    "tokenizer_number": write("tokenizer.json", "5"),
    "tokenizer_deep": write("tokenizer.json", "[" * 200_000),
    "tokenizer_noise": write("tokenizer.json", b"\xff\x00" * 999),
    "tokenizer_no_model": tokenizer_part(model=None),
    "tokenizer_empty_model": tokenizer_part(model={"type": "BPE", "vocab": {}, "merges": []}),
    "tokenizer_one_token": tokenizer_part(model={"type": "BPE", "vocab": {"a": 2**31}, "merges": []}),
    "tokenizer_negative_id": tokenizer_part(model={"type": "BPE", "vocab": {"a": -1}, "merges": []}),
    "tokenizer_lost_merges": tokenizer_part(model={"type": "BPE", "vocab": {"a": 0}, "merges": [["x", "y"]]}),
    "tokenizer_unigram_nothing": tokenizer_part(model={"type": "Unigram", "unk_id": 7, "vocab": []}),
    "tokenizer_unigram_numbers": tokenizer_part(model={"type": "Unigram", "unk_id": 0, "vocab": [["a", -1e308], ["a", 1e308]]}),
    "tokenizer_invalid_expression": tokenizer_part(
        pre_tokenizer={"type": "Split", "pattern": {"Regex": "(?<!a+"}, "behavior": "Isolated", "invert": False}
    ),
    "tokenizer_slow_expression": tokenizer_part(
        pre_tokenizer={"type": "Split", "pattern": {"Regex": "(((a|e|W|h|r)+)+)+$!"}, "behavior": "Isolated", "invert": False}
    ),
    "tokenizer_growing": tokenizer_part(
        normalizer={"type": "Sequence", "normalizers": [
            {"type": "Replace", "pattern": {"String": "e"}, "content": "eeeeeeeeee"} for _ in range(10)
        ]}
    ),
    "tokenizer_lost_post_processor": tokenizer_part(
        post_processor={"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x", "type_id": 0}}], "pair": [],
                        "special_tokens": {}}
    ),
    "tokenizer_added_null": tokenizer_part(added_tokens=[None]),
    "tokenizer_added_negative": tokenizer_part(added_tokens=[{"id": -5, "content": "a", "special": True}]),
    "tokenizer_padding": tokenizer_part(padding={"strategy": {"Fixed": 2**40}, "direction": "Left", "pad_to_multiple_of": None,
                                                 "pad_id": 0, "pad_type_id": 0, "pad_token": "x"}),
    "tokenizer_truncating": tokenizer_part(truncation={"direction": "Right", "max_length": 0, "strategy": "LongestFirst",
                                                       "stride": 5}),
    "tokenizer_config_null": write("tokenizer_config.json", "null"),
    "tokenizer_config_list": write("tokenizer_config.json", "[]"),
    "tokenizer_config_deep": write("tokenizer_config.json", "[" * 200_000),
    "tokenizer_config_noise": write("tokenizer_config.json", b"\x80" * 999),
    "tokenizer_class_unknown": change("tokenizer_config.json", tokenizer_class="EvilTokenizer"),
    "tokenizer_class_number": change("tokenizer_config.json", tokenizer_class=5),
    "tokenizer_end_number": change("tokenizer_config.json", eos_token=5),
    "tokenizer_end_list": change("tokenizer_config.json", eos_token=["a"]),
    "tokenizer_end_missing": change("tokenizer_config.json", eos_token=None),
    "tokenizer_end_beyond_the_model": change("tokenizer_config.json", eos_token="a token of nobody"),
    "tokenizer_added_in_config": change("tokenizer_config.json", added_tokens_decoder={"x": {"content": "a"}}),
    "tokenizer_extra_special": change("tokenizer_config.json", extra_special_tokens="x"),
    "special_tokens_map_list": write("special_tokens_map.json", "[3]"),
    "special_tokens_map_noise": write("special_tokens_map.json", b"\xfe" * 40),
    "added_tokens_list": write("added_tokens.json", "[1]"),
}  # fmt: skip


@folder
def tokenizer_larger_than_the_model(folder: Path) -> None:
    found = json.loads((folder / "tokenizer.json").read_text())
    found["model"]["vocab"] = {token: number + 10_000 for token, number in found["model"]["vocab"].items()}
    (folder / "tokenizer.json").write_text(json.dumps(found))


# The chat template.
for name, template in {
    "endless": "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}"
    "{% endfor %}",
    "multiplied": "{{ 'a' * 10**10 }}",
    "doubled": "{% set n = namespace(s='a' * 99999) %}{% for i in range(60) %}{% set n.s = n.s + n.s %}{% endfor %}{{ n.s }}",
    "joined": "{% set n = namespace(s='a' * 99999) %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}{{ n.s }}",
    "padded": "{{ 'a'.center(10**10) }}",
    "formatted": "{{ '%9999999999d' % 1 }}",
    "formatted_otherwise": "{{ '{:>9999999999}'.format(1) }}",
    "powers": "{{ 9 ** 9 ** 9 ** 9 }}",
    "lists": "{{ ([0] * 10**10) | length }}",
    "long_output": "{% for a in range(99999) %}{% for b in range(99) %}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{% endfor %}"
    "{% endfor %}",
    "recursive": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "classes": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "imports": "{{ cycler.__init__.__globals__.os.mkdir('sprung') }}",
    "deep": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "unfinished": "{% for x in",
    "unknown_filter": "{{ messages | no_such_filter }}",
    "includes": "{% include '../outside/config.json' %}",
    "raises": "{{ raise_exception('no') }}",
    "empty_words": "{{ 1 / 0 }}",
    "loses_the_prompt": "hello",
    "lorem": "{{ lipsum(n=10**7) }}",
    "not_text": 5,
}.items():
    if isinstance(template, str):
        FOLDERS[f"template_{name}"] = write("chat_template.jinja", template)
    else:
        FOLDERS[f"template_{name}"] = both(
            lambda folder: (folder / "chat_template.jinja").unlink(),
            change("tokenizer_config.json", chat_template=template),
        )


@folder
def template_in_a_folder(folder: Path) -> None:
    (folder / "chat_template.jinja").unlink()
    (folder / "additional_chat_templates").mkdir()
    (folder / "additional_chat_templates" / "default.jinja").symlink_to(folder.parent / "outside" / "config.json")


# The weights.
FOLDERS |= {
    "weights_empty": write("model.safetensors", b""),
    "weights_noise": write("model.safetensors", bytes(range(256)) * 9),
    "weights_pickled": lambda folder: write("model.safetensors", pickled(folder))(folder),
    "weights_header_of_100_gb": write("model.safetensors", struct.pack("<Q", 10**11) + b"{}"),
    "weights_header_beyond_all": write("model.safetensors", b"\xff" * 64),
    "weights_header_null": write("model.safetensors", safetensors(None)),
    "weights_header_list": write("model.safetensors", safetensors([])),
    "weights_header_deep": write("model.safetensors", safetensors(b"[" * 200_000)),
    "weights_none": write("model.safetensors", safetensors({})),
    "weights_of_100_gb": write(
        "model.safetensors", safetensors({"a": {"dtype": "F32", "shape": [25 * 10**9], "data_offsets": [0, 10**11]}})
    ),
    "weights_overlapping": write(
        "model.safetensors",
        safetensors({name: {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} for name in "ab"}, b"\0" * 8),
    ),
    "weights_of_unknown_type": write(
        "model.safetensors", safetensors({"a": {"dtype": "Z9", "shape": [2], "data_offsets": [0, 8]}}, b"\0" * 8)
    ),
    "weights_shape_beyond_all": write(
        "model.safetensors",
        safetensors({"a": {"dtype": "F32", "shape": [2**63, 2**63], "data_offsets": [0, 8]}}, b"\0" * 8),
    ),
    "weights_negative": write(
        "model.safetensors", safetensors({"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}, b"\0" * 8)
    ),
}


@folder
def weights_cut(folder: Path) -> None:
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[:-100])


@folder
def weights_cut_in_the_header(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:100])


@folder
def weights_of_which_one_is_missing(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    del weights["model.norm.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


@folder
def weights_of_which_one_has_another_shape(folder: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    weights = {**load_file(folder / "model.safetensors"), "model.norm.weight": torch.zeros(5)}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


@folder
def weights_that_are_no_numbers(folder: Path) -> None:
    header, body = header_of(folder)
    (folder / "model.safetensors").write_bytes(safetensors(header, b"\xff" * len(body)))


@folder
def weights_of_another_format(folder: Path) -> None:
    header, body = header_of(folder)
    header["__metadata__"] = {"format": "evil"}
    (folder / "model.safetensors").write_bytes(safetensors(header, body))


@folder
def weights_only_pickled(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    for name in ("pytorch_model.bin", "model.pt", "training_args.bin", "optimizer.pt", "adapter_model.bin"):
        (folder / name).write_bytes(pickled(folder))


# An index of weights.
for name, index in {
    "pickle": {"weight_map": {"a": "pytorch_model.bin"}},
    "outside": {"weight_map": {"a": "../outside/model.safetensors"}},
    "absolute": {"weight_map": {"a": "/etc/model.safetensors"}},
    "missing": {"weight_map": {"a": "absent.safetensors"}},
    "nothing": {"weight_map": {}},
    "null": None,
    "number": {"weight_map": {"a": 5}},
    "cycle": {"weight_map": {"a": "model.safetensors.index.json"}},
}.items():  # fmt: skip

    def damage(folder: Path, index: object = index) -> None:
        (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
        (folder / "pytorch_model.bin").write_bytes(pickled(folder))
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))

    FOLDERS[f"index_{name}"] = damage


# Files that are no files.
NAMES = (
    "config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "model.safetensors",
    "generation_config.json", "special_tokens_map.json",
)  # fmt: skip
for name in NAMES:

    def as_folder(folder: Path, name: str = name) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()

    def as_pipe(folder: Path, name: str = name) -> None:
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    def as_link_outside(folder: Path, name: str = name) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(folder.parent / "outside" / name)

    def as_link_to_itself(folder: Path, name: str = name) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(name)

    FOLDERS |= {
        f"folder_in_place_of_{name}": as_folder, f"pipe_in_place_of_{name}": as_pipe,
        f"link_outside_in_place_of_{name}": as_link_outside, f"link_to_itself_in_place_of_{name}": as_link_to_itself,
    }  # fmt: skip


@folder
def device_in_place_of_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to("/dev/zero")


@folder
def file_of_100_gb(folder: Path) -> None:
    with (folder / "tokenizer.json").open("wb") as file:
        file.truncate(10**11)  # it takes no room on the disk


# Adapters.
FOLDERS |= {
    "adapter_without_a_base": lambda folder: adapter(folder, None),
    "adapter_of_a_base_that_is_not_there": lambda folder: adapter(folder, folder.parent / "absent"),
    "adapter_of_itself": lambda folder: adapter(folder, folder),
    "adapter_of_itself_by_another_name": lambda folder: adapter(folder, folder / ".." / folder.name),
    "adapter_null": both(adapter_with(), write("adapter_config.json", "null")),
    "adapter_deep": both(adapter_with(), write("adapter_config.json", "[" * 99_999)),
    "adapter_of_rank_0": adapter_with(r=0),
    "adapter_of_rank_10_9": adapter_with(r=10**9),
    "adapter_of_another_kind": adapter_with(peft_type="PROMPT_TUNING"),
    "adapter_of_no_kind": adapter_with(peft_type="EVIL"),
    "adapter_that_loads_others": adapter_with(peft_type="XLORA", adapters={"a": "../outside"}),
    "adapter_that_imports": adapter_with(megatron_config={"a": 1}, megatron_core="evil"),
    "adapter_with_a_slow_expression": adapter_with(target_modules="((((\\w|\\.)+)+)+)+!"),
    "adapter_of_no_module": adapter_with(target_modules=["no_such_module"]),
    "adapter_of_modules_null": adapter_with(target_modules=None),
    "adapter_that_repeats_layers": adapter_with(layer_replication=[[0, 2]] * 10**5),
    "adapter_with_a_slow_rank": adapter_with(rank_pattern={"((((\\w|\\.)+)+)+)+!": 2}),
    "adapter_of_alpha_nothing": adapter_with(lora_alpha="x"),
    "adapter_that_begins_anew": adapter_with(init_lora_weights="pissa_niter_1000000"),
    "adapter_with_a_method": adapter_with(auto_mapping={"base_model_class": "system", "parent_library": "evil"}),
}


@folder
def adapters_that_name_each_other(folder: Path) -> None:
    other = good_base(folder)
    adapter(folder, other)
    adapter(other, folder)


@folder
def adapter_with_pickled_weights(folder: Path) -> None:
    adapter(folder, good_base(folder))
    (folder / "adapter_model.safetensors").unlink()
    (folder / "adapter_model.bin").write_bytes(pickled(folder))


@folder
def adapter_with_pickled_weights_and_others(folder: Path) -> None:
    adapter(folder, good_base(folder))
    (folder / "adapter_model.safetensors").rename(folder / "other.safetensors")
    (folder / "adapter_model.bin").write_bytes(pickled(folder))


@folder
def adapter_with_noise(folder: Path) -> None:
    adapter(folder, good_base(folder))
    (folder / "adapter_model.safetensors").write_bytes(b"\xff" * 999)


@folder
def adapter_of_other_shapes(folder: Path) -> None:
    import torch
    from safetensors.torch import save_file

    adapter(folder, good_base(folder))
    module = "base_model.model.model.layers.0.self_attn.q_proj"
    weights = {f"{module}.lora_A.weight": torch.zeros(3, 7), f"{module}.lora_B.weight": torch.zeros(9, 3)}
    save_file(weights, folder / "adapter_model.safetensors")


@folder
def adapter_of_a_bad_base(folder: Path) -> None:
    adapter(folder, good_base(folder))
    change("config.json", num_attention_heads=0)(folder.parent / "good")


@folder
def adapter_linked_outside(folder: Path) -> None:
    adapter(folder, good_base(folder))
    (folder / "adapter_model.safetensors").rename(folder.parent / "outside" / "adapter_model.safetensors")
    (folder / "adapter_model.safetensors").symlink_to(folder.parent / "outside" / "adapter_model.safetensors")


# What is wrong with these does no harm: they are loaded, as a good folder is.
HARMLESS = {
    "config_architectures_LlamaForCaus", "config_quantization_config_{'quant_meth", "config_torch_dtype_5",
    "generation_config_ends", "tokenizer_empty_model", "tokenizer_unigram_numbers", "tokenizer_slow_expression",
    "tokenizer_padding", "tokenizer_class_unknown", "tokenizer_end_beyond_the_model", "weights_of_another_format",
}  # fmt: skip
