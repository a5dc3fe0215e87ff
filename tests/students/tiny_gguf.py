"""Makes GGUF files of a llama of two layers with a tokenizer of its own, and damages them. Neither torch nor transformers is
imported.
"""

import json
import struct
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import quantize
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHAT = """{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}\
{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""
HIDDEN, HEADS, KEY_HEADS, WIDTH, LAYERS = 64, 4, 2, 64, 2
_TEXTS = [
    "Mary went to the kitchen. John moved to the garden.\nWhere is Mary?\n\n<think> <answer>kitchen</answer>",
    "The category of the question: single-supporting-fact\nThe facts to answer the question: ['Mary went to the kitchen.']",
] * 20


@cache
def tokenizer() -> Tokenizer:
    """Byte-level BPE that sets every digit apart, as SmolLM2's does."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=480, special_tokens=list(SPECIAL), initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )  # fmt: skip
    made.train_from_iterator(_TEXTS, trainer)
    return made


def weights(vocabulary: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Random weights under the names of llama.cpp; always the same for one seed."""
    rng = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> np.ndarray:
        return rng.normal(0, 0.2, (rows, columns)).astype(np.float32)

    found = {"token_embd.weight": matrix(vocabulary, HIDDEN), "output_norm.weight": np.ones(HIDDEN, np.float32)}
    key = HIDDEN // HEADS * KEY_HEADS
    for layer in range(LAYERS):
        parts = {
            "attn_q": (HIDDEN, HIDDEN), "attn_k": (key, HIDDEN), "attn_v": (key, HIDDEN), "attn_output": (HIDDEN, HIDDEN),
            "ffn_gate": (WIDTH, HIDDEN), "ffn_up": (WIDTH, HIDDEN), "ffn_down": (HIDDEN, WIDTH),
        }  # fmt: skip
        found |= {f"blk.{layer}.{name}.weight": matrix(*shape) for name, shape in parts.items()}
        found |= {f"blk.{layer}.{name}.weight": np.ones(HIDDEN, np.float32) for name in ("attn_norm", "ffn_norm")}
    return found


def write_gguf(
    path: Path, kinds: tuple[str, ...] = ("F32",), *, architecture: str = "llama", has_tokenizer: bool = True,
    split: str | None = "smollm", template: str | None = CHAT, end: int | None = SPECIAL.index("<|im_end|>"),
    without: str = "", seed: int = 0, extra: Mapping[str, np.ndarray] | None = None,
) -> Path:  # fmt: skip
    """Write a GGUF file. The matrices have the types of weights `kinds` in turn."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer, words = GGUFWriter(path, architecture), tokenizer()
    writer.add_name("Tiny | <b>llama</b>")
    writer.add_license("apache-2.0")
    writer.add_context_length(2048)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(WIDTH)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    writer.add_vocab_size(words.get_vocab_size())
    if has_tokenizer:
        model = json.loads(words.to_str())["model"]
        writer.add_tokenizer_model("gpt2")
        writer.add_token_list(sorted(model["vocab"], key=model["vocab"].get))
        writer.add_token_types([3 if at < len(SPECIAL) else 1 for at in range(len(model["vocab"]))])
        writer.add_token_merges([" ".join(merge) for merge in model["merges"]])
        writer.add_bos_token_id(SPECIAL.index("<|im_start|>"))
        if split is not None:
            writer.add_tokenizer_pre(split)
        if end is not None:
            writer.add_eos_token_id(end)
        if template is not None:
            writer.add_chat_template(template)
    made = {**weights(words.get_vocab_size(), seed), **(extra or {})}
    for number, (name, values) in enumerate((n, v) for n, v in made.items() if n != without):
        kind = GGMLQuantizationType[kinds[number % len(kinds)]] if values.ndim == 2 else GGMLQuantizationType.F32
        writer.add_tensor(name, quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


# A header written by hand, with any numbers.


def text(value: str | bytes) -> bytes:
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<Q", len(data)) + data


def pair(key: str, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def tensor(name: str, shape: tuple[int, ...], kind: int = 0, offset: int = 0) -> bytes:
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)


def raw(pairs: list[bytes], tensors: list[bytes], body: bytes = b"", version: int = 3, **claimed: int) -> bytes:
    """A GGUF file. It may claim to have `more_tensors` or `more_pairs` than it has."""
    numbers = (version, len(tensors) + claimed.get("more_tensors", 0), len(pairs) + claimed.get("more_pairs", 0))
    head = b"GGUF" + struct.pack("<IQQ", *numbers) + b"".join(pairs) + b"".join(tensors)
    return head + bytes(-len(head) % 32) + body


_ARCHITECTURE = pair("general.architecture", 8, text("llama"))


def _number(key: str, value: int) -> bytes:
    return pair(key, 4, struct.pack("<I", value))


def _text_array(length: int, *items: str) -> bytes:
    return pair("tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, length) + b"".join(map(text, items)))


# Files that are refused before a library opens them, and a part of the message.
HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "this is not a GGUF file"),
    "another_format": (b"PK\3\4" * 20, "this is not a GGUF file"),
    "version_1": (raw([], [], version=1), "this is GGUF of version 1"),
    "highest_byte_first": (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "version 50,331,648"),
    "tensors_beyond_all": (raw([], [], more_tensors=2**60), "it has 1,152,921,504,606,846,976 tensors"),
    "values_beyond_all": (raw([], [], more_pairs=2**63), "metadata values"),
    "values_missing": (raw([_ARCHITECTURE], [], more_pairs=5)[:60], "the file ends in its header"),
    "text_beyond_all": (raw([struct.pack("<Q", 2**62)], []), "a text in its header has"),
    "text_in_list_beyond_all": (raw([_text_array(1) + struct.pack("<Q", 2**62)], []), "a text in its header has"),
    "list_beyond_all": (raw([_text_array(2**40)], []), "it has 1,099,511,627,776 items in lists"),
    "list_of_numbers_beyond_all": (
        raw([pair("x", 9, struct.pack("<IQ", 10, 2**50))], []), "items in lists"
    ),
    "lists_beyond_all_together": (
        raw([_text_array(1, "a"), pair("x", 9, struct.pack("<IQ", 0, 2**22))], []), "it has 4,194,305 items in lists"
    ),
    "list_in_a_list": (raw([pair("x", 9, struct.pack("<IQ", 9, 3))], []), "x has the type 9"),
    "type_that_does_not_exist": (raw([pair("x", 77, b"")], []), "x has the type 77"),
    "key_twice": (raw([_ARCHITECTURE, _ARCHITECTURE], []), "occurs twice"),
    "not_utf_8": (raw([pair("x", 8, text(b"\xff\xfe"))], []), "is not UTF-8"),
    "layers_beyond_all": (raw([_ARCHITECTURE, _number("llama.block_count", 2**31)], []), "llama.block_count is 2,147,483,648"),
    "heads_beyond_all": (raw([_number("llama.attention.head_count_kv", 10**6)], []), "head_count_kv is 1,000,000"),
    "alignment_0": (raw([_number("general.alignment", 0)], []), "general.alignment is 0"),
    "alignment_beyond_all": (raw([_number("general.alignment", 2**31)], []), "general.alignment is 2147483648"),
    "alignment_of_text": (raw([pair("general.alignment", 8, text("x"))], []), "general.alignment is x"),
    "tensor_outside": (raw([_ARCHITECTURE], [tensor("a", (32,), 0, 2**40)], bytes(128)), "would end at byte 1,099,511,628,032"),
    "tensor_of_100_gb": (raw([_ARCHITECTURE], [tensor("a", (10**6, 10**5))], bytes(128)), "would end at byte"),
    "tensor_of_many_dimensions": (raw([], [tensor("a", (2,) * 9)], bytes(4096)), "9 dimensions"),
    "tensor_of_no_dimension": (raw([], [tensor("a", ())], bytes(64)), "no valid shape"),
    "tensor_of_no_element": (raw([], [tensor("a", (0, 5))], bytes(64)), "no valid shape"),
    "tensor_of_half_a_block": (raw([], [tensor("a", (33,), 3)], bytes(64)), "no valid shape for Q4_1"),
    "tensor_of_unknown_type": (raw([], [tensor("a", (32,), 999)], bytes(128)), "has the type 999"),
    "tensors_overlap": (raw([], [tensor("a", (32,)), tensor("b", (32,), 0, 64)], bytes(256)), "overlap"),
    "tensors_that_are_the_same": (raw([], [tensor(f"t{at}", (32,)) for at in range(9)], bytes(128)), "overlap"),
    "tensor_twice": (raw([], [tensor("a", (32,)), tensor("a", (32,), 0, 128)], bytes(256)), "two tensors 'a'"),
}  # fmt: skip

# Files that are sound, and of a model that cannot be converted: how they are written, and a part of the message.
UNUSABLE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "architecture": (
        lambda path: write_gguf(path, architecture="rwkv7"), "transformers cannot convert the architecture 'rwkv7'"
    ),
    "no_architecture": (lambda path: _written(path, raw([], [])), "cannot convert the architecture 'None'"),
    "no_tokenizer": (lambda path: write_gguf(path, has_tokenizer=False), "this GGUF file has no tokenizer"),
    "no_end_token": (lambda path: write_gguf(path, end=None), "has no end token"),
    "end_token_outside": (lambda path: write_gguf(path, end=10**6), "has no end token"),
    "unknown_split": (lambda path: write_gguf(path, split="klingon"), "tokenizer.ggml.pre is 'klingon'"),
    "no_split": (lambda path: write_gguf(path, split=None), "tokenizer.ggml.pre is 'None'"),
    "weights_missing": (
        lambda path: write_gguf(path, without="blk.1.ffn_up.weight"), "the weights are incomplete: model.layers.1.mlp.up"
    ),
    "truncated": (lambda path: _cut(write_gguf(path), -100), "a complete file"),
    "truncated_in_the_header": (lambda path: _cut(write_gguf(path), 999), "the file ends in its header"),
}  # fmt: skip


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _cut(path: Path, at: int) -> Path:
    return _written(path, path.read_bytes()[:at])
