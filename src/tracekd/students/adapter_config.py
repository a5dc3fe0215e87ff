"""Reads the configuration of a LoRA adapter without PEFT: its base, its rank, and the few settings that we support.

PEFT's own reader has settings that import a module by name, load other adapters, repeat layers, or match regular expressions
of any cost.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tracekd.errors import UserError
from tracekd.students.base import ADAPTER, base_folder

_MOST_RANK = 65_536
_Name = Annotated[str, Field(pattern=r"^[\w.-]+$", max_length=300)]
_Names = Annotated[list[_Name], Field(max_length=10_000)]
_LARGEST = 2**24  # bytes
# Settings without effect on an adapter that is only loaded. Any other one must be empty.
_WITHOUT_EFFECT = {
    "task_type", "peft_version", "auto_mapping", "inference_mode", "lora_dropout", "megatron_core", "qalora_group_size",
    "runtime_config", "ensure_weight_tying",
}  # fmt: skip


class AdapterConfig(BaseModel):
    """The base that an adapter is for (a folder, or a Hub id and its revision), and the settings of its weights."""

    model_config = ConfigDict(extra="ignore")
    peft_type: Literal["LORA"]
    base_model_name_or_path: str | None = None
    revision: str | None = None
    r: Annotated[int, Field(gt=0, le=_MOST_RANK)]
    lora_alpha: Annotated[float, Field(allow_inf_nan=False)] = 8
    target_modules: _Names | Literal["all-linear"]
    modules_to_save: _Names | None = None
    rank_pattern: dict[_Name, Annotated[int, Field(gt=0, le=_MOST_RANK)]] = {}
    alpha_pattern: dict[_Name, float] = {}
    fan_in_fan_out: bool = False
    bias: Literal["none", "all", "lora_only"] = "none"
    init_lora_weights: bool | Literal["gaussian"] = True  # others change the base, too
    use_rslora: bool = False
    use_dora: bool = False

    @model_validator(mode="before")
    @classmethod
    def _has_only_what_we_support(cls, given: Any) -> Any:
        if isinstance(given, dict):
            known = _WITHOUT_EFFECT | set(cls.model_fields)
            if used := sorted(str(name) for name, value in given.items() if value and name not in known):
                raise ValueError(f"{used[0][:80]} is not supported")
        return given


def read_adapter_config(folder: Path) -> AdapterConfig | None:
    """The configuration of the adapter in a folder; None if there is no adapter. Raises UserError if it cannot be read."""
    file = folder / ADAPTER
    if not file.is_file():
        return None
    try:
        if file.stat().st_size > _LARGEST:
            raise UserError(
                f"this file has {file.stat().st_size:,} bytes", where=file, expected=f"at most {_LARGEST:,}"
            )
        return AdapterConfig.model_validate_json(file.read_bytes())
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, fault["loc"]))[:80]
        reason = f"{place}: {fault['msg']}" if place else fault["msg"]
    except OSError as error:
        reason = error.strerror or str(error)
    raise UserError(
        f"this is not a LoRA adapter that can be loaded: {reason[:200]}", where=file, expected="one that PEFT wrote",
    ) from None  # fmt: skip


def base_of(folder: Path, adapter: AdapterConfig) -> Path:
    """The folder of the base that the adapter in `folder` is for; it may be an adapter itself. Raises UserError if one of
    them names no base, or if they name each other.
    """
    base = at = _named_base(folder, adapter)
    known = {folder.resolve()}
    while at.resolve() not in known:
        known.add(at.resolve())
        if (inner := read_adapter_config(at)) is None:
            return base
        at = _named_base(at, inner)
    itself = "itself" if base.resolve() == folder.resolve() else "an adapter that, in the end, is for this one"
    raise UserError(f"the adapter names {itself} as its base", where=folder / ADAPTER)


def _named_base(folder: Path, adapter: AdapterConfig) -> Path:
    base = adapter.base_model_name_or_path
    if not base:
        raise UserError("the adapter names no base", where=folder / ADAPTER, expected="base_model_name_or_path")
    return base_folder(f"{base}@{adapter.revision}" if adapter.revision and not Path(base).exists() else base)


def tokenizer_folder(folder: Path) -> Path:
    """The folder of a student's tokenizer. An adapter without a tokenizer uses that of its base."""
    if (folder / "tokenizer_config.json").is_file() or (adapter := read_adapter_config(folder)) is None:
        return folder
    return base_of(folder, adapter)
