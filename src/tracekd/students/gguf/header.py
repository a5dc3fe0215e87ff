"""The header of a GGUF file, read within limits before a library opens the file: its numbers decide how much a library
reads and allocates.

The format: magic, version, the numbers of tensors and of metadata; the metadata (key, type, value); of each tensor its
name, shape, type and offset; then the weights.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

from tracekd.errors import UserError
from tracekd.students.config_numbers import MOST, MOST_PARTS

Value = int | float | bool | str | list[object]

_MAGIC, _VERSIONS = b"GGUF", (2, 3)
# A vocabulary of 262,144 tokens, the largest known one, takes about 1,300,000 items and 10 MB.
_MOST_HEADER, _MOST_TEXT, _MOST_KEY = 2**27, 2**24, 2**10  # bytes
_MOST_ITEMS, _MOST_VALUES, _MOST_TENSORS, _MOST_DIMENSIONS = 2**22, 2**12, 2**16, 4
_MOST_ALIGNMENT = 2**16
_TEXT, _ARRAY = 8, 9
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_COUNTED = re.compile(r"count(_kv)?$")  # such as llama.block_count
_AGAIN = "download the file again, or convert the model again with a current llama.cpp"


@dataclass(frozen=True)
class GgufHeader:
    """What a GGUF file says about itself. `types` counts the parameters (numbers) of each type of weights."""

    file: Path
    metadata: Mapping[str, Value]
    tensors: int
    bytes: int
    types: Mapping[str, int]

    @property
    def parameters(self) -> int:
        """The number of parameters in all tensors."""
        return sum(self.types.values())

    def text(self, key: str) -> str | None:
        """The text under a key; None if there is none, or if it is not a text."""
        found = self.metadata.get(key)
        return found if isinstance(found, str) else None


def read_header(file: Path) -> GgufHeader:
    """Read and check the header: all sizes have limits, and all weights lie in the file, none on another. Raises UserError
    if something is invalid.
    """
    with file.open("rb") as opened:
        return _Reader(file, opened, file.stat().st_size).header()


@dataclass
class _Reader:
    file: Path
    opened: BinaryIO
    size: int
    at: int = 0
    items: int = 0

    def header(self) -> GgufHeader:
        if self.size < 24 or self._take(4) != _MAGIC:
            raise self._fault("this is not a GGUF file", "a file that begins with the letters GGUF")
        version, tensors, values = self._numbers("IQQ")
        if version not in _VERSIONS:
            raise self._fault(f"this is GGUF of version {version:,}", "version 2 or 3, with the lowest byte first")
        self._limit("tensors", tensors, _MOST_TENSORS)
        self._limit("metadata values", values, _MOST_VALUES)
        metadata = self._metadata(values)
        shapes = list(self._shapes(tensors))
        begin = self._begin_of_weights(metadata)
        return GgufHeader(self.file, metadata, tensors, self.size, self._types(shapes, begin))

    def _metadata(self, values: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for _ in range(values):
            key = self._text(_MOST_KEY)
            if key in found:
                raise self._fault(f"{key[:80]!r} occurs twice in the metadata")
            (kind,) = self._numbers("I")
            found[key] = value = self._value(kind, key)
            numbers = value if isinstance(value, list) else [value]
            for number in numbers if not key.startswith(("tokenizer.", "general.")) else ():
                if isinstance(number, int):
                    self._check_number(key, number)
        return found

    def _check_number(self, key: str, number: int) -> None:
        is_counted = _COUNTED.search(key) is not None
        most = MOST_PARTS if is_counted else MOST
        if number > most or (number < 0 if is_counted else number < -most):
            raise self._fault(f"{key[:80]} is {number:,}", f"at most {most:,}")

    def _value(self, kind: int, key: str) -> Value:
        if kind == _TEXT:
            return self._text(_MOST_TEXT)
        if kind == _ARRAY:
            inner, length = self._numbers("IQ")
            self.items += length
            self._limit("items in lists", self.items, _MOST_ITEMS)
            if inner == _TEXT:
                return [self._text(_MOST_TEXT) for _ in range(length)]
            return list(self._numbers(f"{length}{self._letter(inner, key)}"))
        (number,) = self._numbers(self._letter(kind, key))
        return number

    def _letter(self, kind: int, key: str) -> str:
        if kind not in _NUMBERS:
            raise self._fault(f"{key[:80]} has the type {kind}, which does not exist")
        return _NUMBERS[kind]

    def _shapes(self, tensors: int) -> Iterator[tuple[str, tuple[int, ...], int, int]]:
        """The name, shape, type and offset of each tensor."""
        known: set[str] = set()
        for _ in range(tensors):
            name = self._text(_MOST_KEY)
            if name in known:
                raise self._fault(f"there are two tensors {name[:80]!r}")
            known.add(name)
            (dimensions,) = self._numbers("I")
            self._limit(f"dimensions of {name[:80]!r}", dimensions, _MOST_DIMENSIONS)
            shape = self._numbers(f"{dimensions}Q")
            kind, offset = self._numbers("IQ")
            yield name, shape, kind, offset

    def _begin_of_weights(self, metadata: Mapping[str, Value]) -> int:
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or not 0 < alignment <= _MOST_ALIGNMENT or alignment & (alignment - 1):
            raise self._fault(f"general.alignment is {str(alignment)[:20]}", "a power of two")
        return -(-self.at // alignment) * alignment

    def _types(self, shapes: list[tuple[str, tuple[int, ...], int, int]], begin: int) -> dict[str, int]:
        """The parameters of each type. Raises UserError for weights that are not in the file, or that overlap."""
        sizes = _sizes_of_types()
        parameters: Counter[str] = Counter()
        end = begin
        for name, shape, kind, offset in sorted(shapes, key=lambda tensor: tensor[3]):
            if kind not in sizes:
                raise self._fault(
                    f"the tensor {name[:80]!r} has the type {kind}, which is unknown", _types_known(sizes)
                )
            of_type, block, block_bytes = sizes[kind]
            elements = prod(shape)
            if not shape or elements == 0 or shape[0] % block:
                raise self._fault(f"the tensor {name[:80]!r} has no valid shape for {of_type}: {str(list(shape))[:80]}")
            if begin + offset < end:
                raise self._fault(f"the weights of {name[:80]!r} overlap those of another tensor")
            end = begin + offset + elements // block * block_bytes
            if end > self.size:
                raise self._fault(
                    f"the weights of {name[:80]!r} would end at byte {end:,}, and the file has {self.size:,} bytes",
                    "a complete file",
                )
            parameters[of_type] += elements
        return dict(sorted(parameters.items()))

    def _limit(self, what: str, number: int, most: int) -> None:
        if number > most:
            raise self._fault(f"it has {number:,} {what}", f"at most {most:,}")

    def _text(self, most: int) -> str:
        (length,) = self._numbers("Q")
        if length > most:
            raise self._fault(f"a text in its header has {length:,} bytes", f"at most {most:,}")
        try:
            return self._take(length).decode("utf-8")
        except UnicodeDecodeError:
            raise self._fault(f"a text before byte {self.at:,} is not UTF-8") from None

    def _numbers(self, letters: str) -> tuple[int, ...]:
        return struct.unpack(f"<{letters}", self._take(struct.calcsize(f"<{letters}")))

    def _take(self, length: int) -> bytes:
        self.at += length
        if self.at > _MOST_HEADER:
            raise self._fault(f"its header has more than {_MOST_HEADER:,} bytes")
        found = self.opened.read(length)
        if len(found) < length:
            raise self._fault(f"the file ends in its header, after {self.size:,} bytes", "a complete file")
        return found

    def _fault(self, problem: str, expected: str | None = None) -> UserError:
        return UserError(problem, where=self.file, expected=expected or "a valid GGUF file", next_step=_AGAIN)


def _sizes_of_types() -> dict[int, tuple[str, int, int]]:
    """For each type of weights: its name, the elements of a block, and the bytes of a block."""
    try:
        from gguf import GGML_QUANT_SIZES
    except ImportError:
        raise UserError("a GGUF file needs another package (gguf)", next_step="pip install 'tracekd[train]'") from None
    return {kind.value: (kind.name, *sizes) for kind, sizes in GGML_QUANT_SIZES.items()}


def _types_known(sizes: Mapping[int, tuple[str, int, int]]) -> str:
    return f"one of {', '.join(name for name, _, _ in sizes.values())}"
