"""Loading a base or a trained student. Weights are safetensors; no remote code; nothing is fetched."""

from pathlib import Path

import torch
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from tracekd.errors import UserError


def load(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The model (float32, in training mode) and its tokenizer. Raises UserError if they cannot be loaded."""
    try:
        model, found = AutoModelForCausalLM.from_pretrained(
            folder,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    # A RuntimeError is weights of other shapes than the configuration says.
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise UserError(f"the model cannot be loaded: {reason}", where=folder) from error
    if found["missing_keys"]:  # they would be random, and nobody would know
        missing = ", ".join(sorted(found["missing_keys"]))[:200]
        raise UserError(f"the weights are not whole: {missing}", where=folder, expected="all weights of config.json")
    if tokenizer.eos_token_id is None:
        raise UserError(
            "the tokenizer has no end token", where=folder, expected="an eos_token in tokenizer_config.json"
        )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return model, tokenizer


def save(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """Write weights (safetensors), configuration and tokenizer."""
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
