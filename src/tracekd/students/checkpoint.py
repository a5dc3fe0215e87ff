"""Loading a base or a trained student, and saving one. Weights are safetensors; no remote code."""

import json
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from tracekd.errors import UserError
from tracekd.files import write_text
from tracekd.students.adapter_config import AdapterConfig, base_of, read_adapter_config, tokenizer_folder
from tracekd.students.base import ADAPTER, NAMED, check_model
from tracekd.students.config_numbers import check_numbers
from tracekd.students.folder_files import check_files
from tracekd.students.gguf.source import keep_source
from tracekd.students.loading import loading, said_by
from tracekd.students.model_size import bounded_building, size_of_weights
from tracekd.students.quiet import quiet
from tracekd.students.tokenizer_growth import check_growth
from tracekd.students.weight_files import check_weight_files

_TEXT = "Where is Mary? <think> Zoë </think>"


def load(
    folder: Path, *, dtype: torch.dtype = torch.float32, four_bit: bool = False, device: str | None = None
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The model in training mode, and its tokenizer. For a folder with an adapter, this is its base with the adapter
    merged in. `four_bit` quantizes linear layers to nf4 (double quantization), with bfloat16 arithmetic (arXiv
    2305.14314). Without a `device`, the first GPU is used, if there is one. Raises UserError if something cannot be
    loaded, is incomplete, or could contain code.
    """
    check_files(folder)
    check_model(folder)
    check_weight_files(folder)
    if (adapter := read_adapter_config(folder)) is not None:
        if four_bit:
            raise UserError(
                "qlora needs a complete base, and this is an adapter", where=folder, next_step='set method = "lora"'
            )
        return _load_adapted(folder, adapter, dtype, device)
    model, found = _load_model(folder, dtype, four_bit, device)
    if found["missing_keys"]:  # they would be random without a warning
        missing = ", ".join(sorted(found["missing_keys"]))[:200]
        raise UserError(f"the weights are incomplete: {missing}", where=folder, expected="all weights of config.json")
    return model, load_tokenizer(folder)


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The tokenizer. Without a padding token, it pads with its end token. Raises UserError if it cannot be loaded or used,
    or has no end token.
    """
    check_files(folder)
    check_model(folder)
    with loading("the tokenizer", folder):
        check_numbers(folder)  # the library reads config.json, too
        check_growth(folder)
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        tokenizer.decode(tokenizer.encode(_TEXT))
        tokenizer(_TEXT, return_offsets_mapping=True)
    if tokenizer.eos_token_id is None:
        raise UserError(
            "the tokenizer has no end token", where=folder, expected="an eos_token in tokenizer_config.json"
        )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def save(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    folder: Path,
    base: str | None = None,
    weights: dict[str, torch.Tensor] | None = None,
) -> None:
    """Write weights (safetensors; for an adapter, only its own weights and the name of its base), configuration and
    tokenizer, and the record of the GGUF file from which the base was converted, if there is one. `weights` are given if the
    model itself has only a part of them (sharded over several devices).
    """
    model.save_pretrained(folder, safe_serialization=True, **({} if weights is None else {"state_dict": weights}))
    tokenizer.save_pretrained(folder)
    keep_source(Path(model.name_or_path), folder)
    if (folder / ADAPTER).is_file() and base is not None:
        config = json.loads((folder / ADAPTER).read_text(encoding="utf-8"))
        local = base not in NAMED and Path(base).exists()
        named, _, revision = (str(Path(base).resolve()), "", "") if local else base.partition("@")
        made = {**config, "base_model_name_or_path": named, "revision": revision or None}
        write_text(folder / ADAPTER, json.dumps(made, indent=2) + "\n")


def _load_model(folder: Path, dtype: torch.dtype, four_bit: bool, device: str | None) -> tuple[PreTrainedModel, Any]:
    quiet()
    options: dict[str, Any] = {}
    if four_bit:
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )  # fmt: skip
    with loading("the model", folder):
        check_numbers(folder)
        try:
            with bounded_building(folder / "config.json", *size_of_weights(folder)):
                model, found = AutoModelForCausalLM.from_pretrained(
                    folder, use_safetensors=True, trust_remote_code=False, local_files_only=True, dtype=dtype,
                    output_loading_info=True, **options,
                )  # fmt: skip
        except ImportError as error:  # bitsandbytes, or a package for an unusual model
            raise UserError(
                f"the model needs another package: {said_by(error)}", where=folder,
                next_step="pip install 'tracekd[qlora]'" if four_bit else None,
            ) from error  # fmt: skip
    if not four_bit:  # such a model is already on its device
        model = model.to(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    return model.train(), found


def _load_adapted(
    folder: Path, adapter: AdapterConfig, dtype: torch.dtype, device: str | None
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    from peft import LoraConfig, PeftModelForCausalLM

    if not (folder / "adapter_model.safetensors").is_file():
        raise UserError("the adapter has no weights in safetensors", where=folder, expected="adapter_model.safetensors")
    with loading("the adapter", folder / ADAPTER):
        config = LoraConfig(
            task_type="CAUSAL_LM", inference_mode=True,
            **adapter.model_dump(exclude={"peft_type", "base_model_name_or_path", "revision"}),
        )  # fmt: skip
    base = str(adapter.base_model_name_or_path)
    model, _ = load(base_of(folder, adapter), dtype=dtype, device=device)
    try:
        with loading("the adapter", folder):
            adapted = PeftModelForCausalLM(model, config)
            loaded = adapted.load_adapter(str(folder), "default", use_safetensors=True)
    except UserError as error:
        raise _of_another(base, folder, said_by(error.__cause__ or error)) from error
    stray = [*(key for key in loaded.missing_keys if "lora" in key), *loaded.unexpected_keys]
    if stray:
        raise _of_another(base, folder, ", ".join(sorted(stray))[:200])
    merged: PreTrainedModel = adapted.merge_and_unload()
    return merged.train(), load_tokenizer(tokenizer_folder(folder))


def _of_another(base: str, folder: Path, reason: str) -> UserError:
    return UserError(
        f"this adapter does not fit its base {base!r}: {reason}", where=folder,
        expected=f"the base that it was trained on, as base_model_name_or_path of {ADAPTER}",
    )  # fmt: skip
