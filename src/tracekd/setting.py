"""`--set key=value` of the command line."""

import tomllib
from typing import Any

from tracekd.errors import UserError


def read_setting(item: str, example: str) -> tuple[str, Any]:
    """The key, and the value as TOML reads it. Raises UserError, with the example, for anything that is not `key=value`."""
    key, equals, value = item.partition("=")
    if not equals or not key.strip():
        raise UserError(f"--set {item!r} is not a setting", expected=f"key=value, for example {example}")
    return key.strip(), read_value(value)


def read_value(text: str) -> Any:
    """A TOML value; text that is not valid TOML is returned as it is."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
