"""`tracekd analyze`: the statistics of verdicts in files."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from tracekd.cli.analyze_report import show
from tracekd.cli.requests.results import AnalyzeRequest
from tracekd.cli.terminal import terminal
from tracekd.content_hash import check
from tracekd.errors import UserError
from tracekd.files import write_text
from tracekd.out_folder import out_folder
from tracekd.stats.columns import Columns
from tracekd.stats.families import Analysis
from tracekd.stats.summary import Summary, summarise
from tracekd.stats.table_files import table_files, write_tables
from tracekd.stats.tables import tables
from tracekd.verify.verdict import Verdict

SUMMARY, TABLES = "summary.json", "tables"
# Where verdicts are in a folder: of `tracekd verify`, of a study, or any other. The first pattern with a file counts.
_PLACES = ("verdicts.jsonl", "verdicts/*.jsonl", "*.jsonl")
_TOLD_EVERY = 10_000
# In bytes. A verdict quotes at most some thousand characters of an output.
_LONGEST_LINE = 1 << 22


def run(request: AnalyzeRequest) -> None:
    """Read verdicts, and print their statistics. Raises UserError for invalid files."""
    files = list(verdict_files(request.verdicts))
    _check_out(request.out, files)
    with terminal(stderr=True).status("reading ...") as status:
        columns = read_verdicts(files, status.update)
        status.update("computing ...")
        summary = _summarise(columns, request)
    if request.out is not None:
        _write(request.out, summary)
    show(summary, request.out, as_json=request.json)


def verdict_files(paths: Sequence[str]) -> Iterator[Path]:
    """The files of verdicts, those of a folder sorted by name. Raises UserError if a path has no verdicts."""
    for path in map(Path, paths):
        if not path.exists():
            raise UserError("there is no such file or folder", where=path)
        if not path.is_dir():
            yield _regular(path)
            continue
        found = next(filter(None, (sorted(path.glob(place)) for place in _PLACES)), None)
        if found is None:
            raise UserError(
                "there are no verdicts in this folder", where=path, expected=" or ".join(_PLACES),
                next_step="tracekd verify OUTPUTS --task TASK --out DIR writes them",
            )  # fmt: skip
        yield from map(_regular, found)


def _regular(file: Path) -> Path:
    if not file.is_file():  # a pipe may never end, or never begin
        raise UserError(
            "this is not a regular file", where=file, expected="a file of verdicts", next_step="write it to a file"
        )
    return file


def _check_out(out: Path | None, files: Sequence[Path]) -> None:
    if out is not None and out.exists() and not out.is_dir():
        raise UserError("this is a file", where=out, expected="a folder", next_step="name another --out")
    if len({file.resolve() for file in files}) < len(files):
        raise UserError("a file is named twice", where=files[0], next_step="name each file, or its folder, once")


def read_verdicts(files: Sequence[Path], tell: Callable[[str], object]) -> Columns:
    """The verdicts of these files. `tell` is told how far reading is. Raises UserError for what is no verdict."""
    columns, kinds = Columns(), dict[str, str]()
    for where, line in _lines(files):
        verdict = _verdict(line, where)
        _check_kind(verdict.support, where, kinds)
        _add(columns, verdict, where)
        if len(columns) % _TOLD_EVERY == 0:
            tell(f"reading ... {len(columns):,} verdicts")
    return columns


def _lines(files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """The lines that are not blank, each with its place. A line that is too long for a verdict comes in pieces."""
    for file in files:
        check(file)
        with file.open("rb") as lines:
            number = 0
            while line := lines.readline(_LONGEST_LINE):
                number += 1
                if line.strip():
                    yield f"{file}:{number}", line


def _verdict(line: bytes, where: str) -> Verdict:
    try:
        return Verdict.model_validate_json(line)
    except ValidationError:
        raise UserError(
            "this is not a verdict", where=where, expected="a line that tracekd verify or tracekd study wrote",
            next_step="for outputs of a model: tracekd verify OUTPUTS --task TASK",
        ) from None  # fmt: skip


def _check_kind(kind: str | None, where: str, known: dict[str, str]) -> None:
    """Remember the place of the first verdict by each kind of support. Raises UserError at the second kind."""
    if kind is None or kind in known:  # older files, and problems whose kinds are all the same, do not name one
        return
    for other, place in known.items():
        raise UserError(
            f"traces are judged by {kind[:80]!r} here, but by {other[:80]!r} at {place}", where=where,
            expected="verdicts by one kind of gold support",
            next_step="judge all of them by the same kind: tracekd verify OUTPUTS --task TASK --support KIND --out DIR",
        )  # fmt: skip
    known[kind] = where


def _add(columns: Columns, verdict: Verdict, where: str) -> None:
    try:
        columns.add(verdict)
    except ValueError as error:
        raise UserError(str(error), where=where) from None


def _summarise(columns: Columns, request: AnalyzeRequest) -> Summary:
    try:
        return summarise(columns, Analysis(margin=request.margin / 100))
    except ValueError as error:
        raise UserError(
            str(error), where=request.verdicts[0], next_step="name the files of one run only, each file once"
        ) from None


def _write(out: Path, summary: Summary) -> None:
    found = tables(summary)
    with out_folder(out, "analyze", (SUMMARY,)) as folder:
        folder.clear()  # files of an earlier run would contradict the new ones
        folder.add(f"{TABLES}/{name}" for name in table_files(found))
        write_tables(out / TABLES, found)
        write_text(out / SUMMARY, summary.model_dump_json(indent=1) + "\n")
