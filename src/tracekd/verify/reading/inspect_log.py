"""Logs of Inspect: `.eval` (a zip archive, one JSON file for each sample) and `.json` (one object with all samples)."""

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tracekd.errors import UserError
from tracekd.plain_text import plain_line
from tracekd.regimes.names import regime_of_name
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.json_stream import LONGEST_RECORD, Broken, Scanner, Value, members
from tracekd.tasks.reading.record import Record
from tracekd.verify.reading.inspect_sample import Run, Sample, outputs_of
from tracekd.verify.reading.output_record import UNKNOWN, Format, Head, OutputRecord, Outputs
from tracekd.verify.reading.records import Name, unread

_ZIP = b"PK\x03\x04"
_JSON_LOG = re.compile(rb'\s*+\{\s*+"version"\s*+:\s*+[0-9]++\s*+,\s*+"status"\s*+:\s*+"')
# The exceptions that a broken or encrypted archive raises.
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
_ZSTANDARD = 93  # zip's number for this compression
_FRAME = b"\x28\xb5\x2f\xfd"  # how its data begin
# Signature, then the lengths of the name and of the extra field.
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_HEADERS = ("header.json", "_journal/start.json", "start.json")
_MEMBER, _SAMPLES, _JSON = "samples", "samples/", ".json"
# JSON shrinks to about a tenth, and repetition to less; if all of it shrinks to a five-hundredth, it is not a log.
_MOST_SHRUNK, _FREE = 500, 2**28
_LONGEST_NAME = 200


class _Eval(BaseModel):
    model_config = ConfigDict(frozen=True)
    model: Name = UNKNOWN
    task: str = ""


class _Header(BaseModel):
    model_config = ConfigDict(frozen=True)
    eval: _Eval = _Eval()


def read(path: Path) -> Outputs:
    """Yield the outputs of a log, one for each sample, epoch and choice. Raises UserError if the file is not a log."""
    with path.open("rb") as file:
        is_zip = file.read(len(_ZIP)) == _ZIP
    return _of_zip(path) if is_zip else _of_json(path)


def _of_zip(path: Path) -> Outputs:
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, path)
            header = next((_read(archive, members[name]) for name in _HEADERS if name in members), b"{}")
            run = _run(header, path)
            for name, member in members.items():
                if name.startswith(_SAMPLES) and name.endswith(_JSON):
                    yield from _of_member(archive, member, run, f"{path}:{_shown(name)}")
    except (*_BROKEN, Fault) as error:
        raise UserError(f"this log cannot be read ({str(error)[:120]})", where=path) from None


def _members(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """The files of the archive by name; of two files with one name, the later one counts."""
    members = {member.filename: member for member in archive.infolist()}
    if sum(member.file_size for member in members.values()) > _MOST_SHRUNK * path.stat().st_size + _FREE:
        raise UserError("this archive unpacks to far more data than a log has", where=path)
    return members


def _shown(name: str) -> str:
    return plain_line(name[:_LONGEST_NAME])


def _of_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, run: Run, where: str) -> Outputs:
    try:
        yield from _of_sample(_read(archive, member), run, where)
    except Fault as fault:
        yield unread(fault, where)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.file_size > LONGEST_RECORD:
        raise Fault("record too long", f"over {LONGEST_RECORD} bytes")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, _ZSTANDARD):
        raise Fault("unknown compression", "inspect log convert LOG --to json --output-dir DIR")
    try:
        if member.compress_type == _ZSTANDARD:
            return _of_zstandard(archive, member)
        with archive.open(member) as file:
            return file.read(LONGEST_RECORD)
    except _BROKEN as error:
        raise Fault("cannot be unpacked", str(error)) from None


def _of_zstandard(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The content of a file that Inspect compresses with Zstandard, which Python's zipfile cannot read before 3.14."""
    import pyarrow as pa  # takes a tenth of a second, which only these logs need

    file = archive.fp
    assert file is not None
    file.seek(member.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    signature, name, extra = _LOCAL_HEADER.unpack(header)
    if signature != _ZIP:
        raise zipfile.BadZipFile("a file in it has no header")
    file.seek(name + extra, os.SEEK_CUR)
    content = file.read(member.compress_size)
    if content.startswith(_FRAME):  # some writers name this compression and store the bytes as they are
        with pa.CompressedInputStream(pa.BufferReader(content), "zstd") as stream:
            content = bytes(stream.read(LONGEST_RECORD))
    if zlib.crc32(content) != member.CRC:
        raise zipfile.BadZipFile("a file in it is damaged")
    return content


def _of_json(path: Path) -> Outputs:
    run = _run(b"{}", path)
    for name, found in read_members(path, frozenset({_MEMBER})):
        if isinstance(found, Fault):
            yield unread(found, str(path))
        elif name == "eval":  # before the samples, in every version
            run = _run(b'{"eval":' + found.text + b"}", path)
        elif name == _MEMBER:
            try:
                yield from _of_sample(found.text, run, f"{path}:{found.line}")
            except Fault as fault:
                yield unread(fault, f"{path}:{found.line}")


def _run(header: bytes, path: Path) -> Run:
    try:
        stated = _Header.model_validate_json(header).eval
    except ValidationError:
        stated = _Eval()
    regime = regime_of_name(stated.task) or regime_of_name(path.stem) or UNKNOWN
    return Run(path.stem if stated.model == UNKNOWN else stated.model, regime)


def _of_sample(text: bytes, run: Run, where: str) -> Iterator[OutputRecord]:
    return outputs_of(Record.of(text).parse(Sample), run, where)


def _recognises(head: Head) -> bool:
    return head.start.startswith(_ZIP) or _JSON_LOG.match(head.start) is not None


def read_members(path: Path, arrays: frozenset[str]) -> Iterator[tuple[str, Value | Fault]]:
    """Yield the name and the value of each member; for those in `arrays`, each element under the member's name.

    If the file is not valid JSON, the last thing is a Fault with an empty name.
    """
    with path.open("rb") as file:
        scanner = Scanner(file)
        try:
            for name in members(scanner):
                if name in arrays and scanner.peek() == "[":
                    yield from ((name, element) for element in _elements(scanner))
                else:
                    yield name, _value(scanner)
        except Broken as broken:
            yield "", Fault("not JSON", f"{broken}; the rest of the file is lost", where=f"{path}:{scanner.line}")


def _elements(scanner: Scanner) -> Iterator[Value]:
    scanner.take("[")
    if scanner.peek() == "]":
        scanner.take("]")
        return
    while True:
        yield _value(scanner)
        if scanner.take(",]") == "]":
            return


def _value(scanner: Scanner) -> Value:
    _, line, text = scanner.value()
    return Value(line, text.encode("latin-1"))


FORMAT = Format("inspect", "a log of Inspect", _recognises, read)
