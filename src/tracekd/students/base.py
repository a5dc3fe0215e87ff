"""Finds a base: the embedded one, one that was fetched, a local folder, a GGUF file, or the Hub."""

import re
from importlib.resources import files
from pathlib import Path

from tracekd.content_hash import HASHES, check
from tracekd.errors import UserError
from tracekd.students.fetched import RELEASES, fetched
from tracekd.students.folder_files import check_files, check_gguf
from tracekd.students.gguf.convert import converted

EMBEDDED = "embedded"
NAMED = (EMBEDDED, *RELEASES)  # these names have priority over local folders; `./embedded` is the folder
ADAPTER = "adapter_config.json"
_GGUF = ".gguf"
_HUB_ID = re.compile(r"([\w.-]{1,96}/[\w.-]{1,96})(?:@([\w./-]{1,96}))?")
# Never code, never pickled weights.
_WANTED = ("*.json", "*.safetensors", "tokenizer.model", "*.txt", "*.jinja")
_LEFT = ("original/*", "onnx/*", "*/*")


def base_folder(base: str) -> Path:
    """The folder of a base or a student: `embedded`, the name of one that `tracekd fetch` gets, a local folder, a GGUF file
    (or a folder with only that), or a Hub id, which is downloaded if needed. A GGUF file is converted if needed. A local
    folder has priority over a Hub id of the same name. Raises UserError if there is none, or if it has no weights, or if a
    file in it must not be opened.
    """
    expected = (
        f"{', '.join(map(repr, NAMED))}, a folder with config.json (or {ADAPTER}), *.safetensors and a tokenizer, "
        "a GGUF file, or a Hub id"
    )
    try:
        folder = _locate(base)
        if (file := _gguf_file(folder)) is not None:
            folder = converted(file)
        has_config = any((folder / name).is_file() for name in ("config.json", ADAPTER))
    except OSError as error:  # a name that is invalid for the file system
        raise UserError(f"there is no base {base[:80]!r}: {error.strerror}", expected=expected) from None
    if not has_config:
        raise UserError(f"there is no base {base!r}", where=folder, expected=expected)
    if not list(folder.glob("*.safetensors")):
        pickled = next((p.name for pattern in ("*.bin", "*.pt", "*.pth") for p in folder.glob(pattern)), None)
        problem = f"{base!r} has no weights in safetensors"
        raise UserError(
            f"{problem}, only {pickled}, which could contain code" if pickled else problem,
            where=folder,
            expected=expected,
        )
    check_files(folder)
    check_model(folder)
    return folder


def tokenizer_source(named: str) -> Path:
    """The folder of a tokenizer: any local folder that may have one, with or without weights, or a base. Raises UserError
    if there is none.
    """
    folder = Path(named)
    is_plain = named not in NAMED and folder.is_dir() and _gguf_file(folder) is None
    return folder if is_plain else base_folder(named)


def check_model(folder: Path) -> None:
    """Raises UserError if a file of a model that tracekd wrote is damaged or missing."""
    own = folder / HASHES
    check(folder, f"make the model again, or, if you changed it yourself, delete {own}")


def _locate(base: str) -> Path:
    if base == EMBEDDED:
        return Path(str(files("tracekd.students"))) / "embedded"
    if base in RELEASES:
        return fetched(base)
    if base.lower().endswith(_GGUF) or Path(base).exists() or not (parts := _HUB_ID.fullmatch(base)):
        return Path(base)
    return _fetch(parts[1], parts[2])


def _gguf_file(path: Path) -> Path | None:
    """The GGUF file that a path names, or the only one in a folder without other weights. Raises UserError if a folder has
    several, or if the one in it must not be opened.
    """
    if not path.is_dir():
        return path if path.exists() and path.suffix.lower() == _GGUF else None
    if any(path.glob("*.safetensors")):
        return None
    found = sorted(file for file in path.iterdir() if file.suffix.lower() == _GGUF)
    if len(found) > 1:
        names = ", ".join(file.name for file in found)[:200]
        raise UserError(
            f"this folder has {len(found)} GGUF files: {names}", where=path, next_step=f"name one: {found[0]}"
        )
    if found:
        check_gguf(found[0])
    return found[0] if found else None


def _fetch(repository: str, revision: str | None) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        found = snapshot_download(
            repository, revision=revision, allow_patterns=list(_WANTED), ignore_patterns=list(_LEFT)
        )
    except LocalEntryNotFoundError:
        reason, then = "it is neither in this folder nor in the Hub's cache, and the Hub cannot be reached", None
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else "no"
        reason, then = f"the Hub answered {status}", "log in with `hf auth login` if it is gated or private"
    except (HFValidationError, OSError) as error:
        reason, then = (str(error).splitlines() or [type(error).__name__])[0][:200], None
    else:
        return Path(found)
    raise UserError(
        f"there is no base {repository!r}: {reason}", expected=f"{EMBEDDED!r}, a local folder, or a Hub id", next_step=then
    )  # fmt: skip
