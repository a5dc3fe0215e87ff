"""The tokenizer of a GGUF file. transformers builds it from the vocabulary and the merges. How a text is split before the
merges is only a name in the file (`tokenizer.ggml.pre`), and transformers takes GPT-2's way for every name that it does not
know, without a warning: then the same text has other tokens than in the model's training.
"""

from pathlib import Path

from tokenizers import pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from tracekd.errors import UserError
from tracekd.students.gguf.header import GgufHeader

_KIND, _SPLIT = "tokenizer.ggml.model", "tokenizer.ggml.pre"
_TOKENS, _END = "tokenizer.ggml.tokens", "tokenizer.ggml.eos_token_id"
# The names in llama.cpp (`llm_tokenizer_bpe`). GPT-2's way, and the same after every digit was set apart.
_LIKE_GPT2 = {
    "gpt-2",
    "phi-2",
    "roberta-bpe",
    "jina-es",
    "jina-de",
    "gigachat",
    "jina-v2-es",
    "jina-v2-de",
    "a.x-4.0",
    "mellum",
}
_DIGITS_APART = {"smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"}


def check_tokenizer(header: GgufHeader) -> None:
    """Raises UserError if a GGUF file has no tokenizer, or one of which we do not know how it splits a text."""
    kind, tokens, end = header.text(_KIND), header.metadata.get(_TOKENS), header.metadata.get(_END)
    if kind is None or not isinstance(tokens, list) or not tokens:
        raise UserError(
            "this GGUF file has no tokenizer", where=header.file, expected=f"{_KIND} and {_TOKENS} in its metadata",
            next_step="take a file that has a tokenizer, or give a folder with config.json, *.safetensors and a tokenizer",
        )  # fmt: skip
    if not isinstance(end, int) or not 0 <= end < len(tokens):
        raise UserError(
            "the tokenizer of this GGUF file has no end token", where=header.file,
            expected=f"{_END}, the place of one of its {len(tokens):,} tokens",
        )  # fmt: skip
    if kind == "gpt2" and (split := header.text(_SPLIT)) not in (known := _known_splits()):
        raise UserError(
            f"it is unknown how the tokenizer of this GGUF file splits a text: {_SPLIT} is {str(split)[:40]!r}",
            where=header.file, expected=f"one of {', '.join(sorted(known))}",
        )  # fmt: skip


def load_gguf_tokenizer(place: Path, name: str, header: GgufHeader) -> PreTrainedTokenizerBase:
    """The tokenizer of a checked GGUF file, which is called `name` in the folder `place`. Raises the library's errors."""
    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
        place, gguf_file=name, trust_remote_code=False, local_files_only=True
    )
    if header.text(_KIND) == "gpt2" and header.text(_SPLIT) in _DIGITS_APART:
        tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
    return tokenizer


def _known_splits() -> set[str]:
    try:
        from transformers.integrations.gguf.gguf_tokenizer_mapping import GGUF_PRE_TOKENIZER_SPLITS
    except ImportError:
        raise UserError(
            "this version of transformers splits every text as GPT-2 does, whatever a GGUF file says",
            next_step="pip install 'transformers>=5.23'",
        ) from None
    return {*GGUF_PRE_TOKENIZER_SPLITS, *_LIKE_GPT2, *_DIGITS_APART}
