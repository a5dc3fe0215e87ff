"""Opens a file of text that may be compressed (gzip, Zstandard, bzip2), in bounded memory and size."""

import io
import re
from pathlib import Path
from typing import BinaryIO, cast

from tracekd.errors import UserError

COMPRESSED = (".gz", ".zst", ".bz2")
_BUFFERED = 2**18
_NAMES = {b"\x1f\x8b\x08": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_BZIP2 = re.compile(rb"BZh[1-9]1AY&SY")
# Text shrinks to about a tenth. A file that shrinks to a five-hundredth holds nothing that is worth reading.
_MOST_SHRUNK, _FREE = 500, 2**30


def compression_of(path: Path) -> str | None:
    """The compression that the first bytes of a file tell; None for none of these."""
    with path.open("rb") as file:
        head = file.read(10)
    if _BZIP2.match(head):
        return "bz2"
    return next((name for mark, name in _NAMES.items() if head.startswith(mark)), None)


def open_text(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked while they are read. Reading raises OSError if it is damaged, or unpacks to far more
    than text does.
    """
    name = compression_of(path)
    if name is None:
        return path.open("rb", _BUFFERED)
    import pyarrow as pa

    most = _MOST_SHRUNK * path.stat().st_size + _FREE
    return cast("BinaryIO", io.BufferedReader(_Unpacked(pa.input_stream(str(path), compression=name), most), _BUFFERED))


def refuse_compressed(path: Path) -> None:
    """Raises UserError if a file is compressed, for formats that must be read from several places."""
    if compression_of(path) is not None:
        raise UserError("this file is compressed", where=path, expected="JSON Lines, or a file that is not compressed")


class _Unpacked(io.RawIOBase):
    """A stream of Arrow's as a file of Python's, of limited size."""

    def __init__(self, stream: "io.IOBase", most: int) -> None:
        self._stream, self._left, self._at = stream, most, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        read = self._stream.read(len(buffer))
        self._left -= len(read)
        if self._left < 0:
            raise OSError("it unpacks to far more data than text does")
        self._at += len(read)
        buffer[: len(read)] = read
        return len(read)

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
