"""Finds the files of outputs in paths and folders, and the format of each."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tracekd.content_hash import check
from tracekd.errors import UserError, unknown_name
from tracekd.plain_text import plain_line
from tracekd.tasks.reading.source import ENDINGS
from tracekd.verify.reading import chat, inspect_log, lighteval, lm_eval, trace_check_qa, tracekd_outputs, tracing
from tracekd.verify.reading.mapping import mapping_format
from tracekd.verify.reading.output_record import Format, Head, Unread
from tracekd.verify.reading.records import head_of

FORMATS = {
    made.name: made
    for made in (
        tracekd_outputs.FORMAT,
        trace_check_qa.FORMAT,
        lm_eval.FORMAT,
        inspect_log.FORMAT,
        lighteval.FORMAT,
        *tracing.FORMATS,
        chat.FORMAT,
    )
}
_ENDINGS = (*ENDINGS, ".eval")
_MOST_FILES = 100_000

Planned = tuple[Path, Format] | Unread


def plan(paths: Sequence[str], format: str | None, mapping: Mapping[str, str]) -> list[Planned]:
    """Each file once, in order, with its format; an Unread for a file in a folder that contains no outputs.

    Raises UserError for a missing path, an unknown format, or a named file that has another format.
    """
    given = _given_format(format, mapping)
    planned: dict[Path, Planned] = {}
    for path in paths:
        place = Path(path)
        is_named = not place.is_dir()
        for file in [place] if is_named else _files_of(place):
            planned.setdefault(file.resolve(), _planned(file, given, is_named=is_named, by_mapping=bool(mapping)))
    return list(planned.values())


def _given_format(format: str | None, mapping: Mapping[str, str]) -> Format | None:
    if format is not None and format not in FORMATS:
        raise unknown_name("format of outputs", format, FORMATS)
    if mapping:
        if format is not None:
            raise UserError("--format and --map cannot be used together", next_step="remove one of them")
        return mapping_format(mapping)
    return FORMATS[format] if format else None


def _files_of(folder: Path) -> list[Path]:
    found: list[Path] = []
    for file in folder.rglob("*"):
        if file.name.lower().endswith(_ENDINGS) and not file.name.startswith(".") and file.is_file():
            found.append(file)
        if len(found) > _MOST_FILES:
            raise UserError(f"there are more than {_MOST_FILES:,} files in this folder", where=folder)
    if not found:
        raise UserError(
            "there is no file of outputs in this folder", where=folder, expected=f"files in {', '.join(sorted(_ENDINGS))}"
        )  # fmt: skip
    return sorted(found)


def _planned(file: Path, given: Format | None, *, is_named: bool, by_mapping: bool) -> Planned:
    check(file)
    try:
        if not str(file).isprintable():  # the name says where each output is
            raise UserError(
                "the name of this file contains characters that cannot be printed",
                where=ascii(str(file)),
                next_step="rename it",
            )
        head = head_of(file)
    except UserError as error:
        if is_named:
            raise
        return Unread(error.where or str(file), "file cannot be read", error.problem)
    if given is not None and by_mapping:
        return file, given
    return _of_format(head, given, is_named=is_named)


def _of_format(head: Head, given: Format | None, *, is_named: bool) -> Planned:
    found = _recognised(head, FORMATS.values())
    if found is not None and given in (None, found):
        return head.path, found
    if given is not None and found is None and is_named:
        return head.path, given  # reading its lines then shows what is wrong
    fault = _not_recognised(head, found)
    if is_named:
        raise fault
    return Unread(str(head.path), "file without outputs" if found is None else "file of another format", fault.problem)


def _recognised(head: Head, formats: Iterable[Format]) -> Format | None:
    return next((format for format in formats if format.recognises(head)), None)


def _not_recognised(head: Head, found: Format | None) -> UserError:
    if found is not None:
        return UserError(f"this is {found.noun}", where=head.path, next_step=f"use --format {found.name}")
    fields = plain_line(", ".join(sorted(head.fields)[:12])) or "no field can be read"
    return UserError(
        f"no known format of outputs has the fields of this file ({fields[:200]})",
        where=head.path,
        expected=f"one of {', '.join(FORMATS)}",
        next_step="say where the text is: --map text=.PATH --map id=.PATH",
    )
