"""A record: one row of any file, and its place."""

import re
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError

from tracekd.tasks.reading.fault import Fault

Model = TypeVar("Model", bound=BaseModel)

_IN_RECORD = re.compile(r" at line 1 column (\d+)")


class Record(NamedTuple):
    """`data`: the JSON text of the record, or its columns. `path`: the file (or Hub name). `line`: its line in the file.

    `number` counts the records of the file from 0.
    """

    path: Path
    line: int
    number: int
    data: bytes | dict[str, Any]

    @classmethod
    def of(cls, data: bytes | dict[str, Any]) -> "Record":
        """A record without a file, such as an example in the documentation."""
        return cls(Path("the documentation"), 1, 0, data)

    @property
    def where(self) -> str:
        return f"{self.path!s}:{self.line if self.number < self.line else self._place}"

    @property
    def source(self) -> str:
        """The place of the record without the folder, as problems store it."""
        return f"{self.path.name}:{self._place}"

    @property
    def _place(self) -> str:
        # Many arrays are one long line. Then the number of the line does not identify a record.
        return str(self.line) if self.number < self.line else f"{self.line} (record {self.number + 1})"

    def parse(self, model: type[Model]) -> Model:
        """The record as this model. Raises Fault with the name of the wrong field."""
        try:
            if isinstance(self.data, bytes):
                # As `model_validate_json` does it, without its questions about other ways to validate.
                valid: Model = model.__pydantic_validator__.validate_json(self.data)
                return valid
            parsed = model.model_validate(self.data)
        except ValidationError as error:
            raise _explain(error, self.data) from None
        _check_text(parsed)
        return parsed


def _explain(error: ValidationError, data: object) -> Fault:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid" and not first["loc"]:
        # This message gives the line within the record, which is usually 1. Next to the line in the file, it would be misleading.
        said = _IN_RECORD.sub(r" at character \1 of the record", first["msg"])
        if "hex escape" in said:
            said += ", probably half of a surrogate pair, as in a text cut within an emoji"
        return Fault("not UTF-8" if isinstance(data, bytes) and not _is_utf8(data) else "not JSON", said)
    place = ".".join(str(part)[:40] for part in first["loc"][:6])
    if first["type"] == "missing":
        return Fault("missing field", place)
    return Fault("malformed field", f"{place}: {first['msg']}" if place else first["msg"])


def _check_text(parsed: BaseModel) -> None:
    # Rows that are not JSON text can contain lone surrogates, which cannot be written to a file.
    try:
        parsed.model_dump_json(warnings=False)
    except PydanticSerializationError:
        raise Fault("not UTF-8", "a field of this record") from None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
