"""Where a base lies: the embedded one, or a local folder."""

from importlib.resources import files
from pathlib import Path

from tracekd.errors import UserError

EMBEDDED = "embedded"


def base_folder(base: str) -> Path:
    """The folder of a base: `embedded`, or a local folder. Raises UserError if it is none."""
    folder = Path(str(files("tracekd.students"))) / "embedded" if base == EMBEDDED else Path(base)
    if not (folder / "config.json").is_file() or not list(folder.glob("*.safetensors")):
        raise UserError(
            f"there is no base {base!r}",
            where=folder,
            expected=f"{EMBEDDED!r}, or a local folder with config.json, a tokenizer and *.safetensors",
        )
    return folder
