"""Reads the configuration of a LoRA adapter without PEFT: its base and its rank."""

from pathlib import Path

from pydantic import BaseModel, ValidationError

from tracekd.errors import UserError
from tracekd.students.base import ADAPTER, base_folder


class AdapterConfig(BaseModel):
    """The base that an adapter is for (a folder, or a Hub id and its revision), and its rank."""

    base_model_name_or_path: str | None = None
    revision: str | None = None
    r: int


def read_adapter_config(folder: Path) -> AdapterConfig | None:
    """The configuration of the adapter in a folder; None if there is no adapter. Raises UserError if it cannot be read."""
    file = folder / ADAPTER
    if not file.is_file():
        return None
    try:
        return AdapterConfig.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        raise UserError("this is not a LoRA adapter", where=file, expected="one that PEFT wrote") from None


def base_of(folder: Path, adapter: AdapterConfig) -> Path:
    """The folder of the base that the adapter in `folder` is for. Raises UserError if it names no base, or itself."""
    base = adapter.base_model_name_or_path
    if not base:
        raise UserError("the adapter names no base", where=folder / ADAPTER, expected="base_model_name_or_path")
    found = base_folder(f"{base}@{adapter.revision}" if adapter.revision and not Path(base).exists() else base)
    if found.resolve() == folder.resolve():
        raise UserError("the adapter names itself as its base", where=folder / ADAPTER)
    return found


def tokenizer_folder(folder: Path) -> Path:
    """The folder of a student's tokenizer. An adapter without a tokenizer uses that of its base."""
    if (folder / "tokenizer_config.json").is_file() or (adapter := read_adapter_config(folder)) is None:
        return folder
    return base_of(folder, adapter)
