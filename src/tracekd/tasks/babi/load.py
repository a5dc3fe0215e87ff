"""Loads problems from bAbI files: one problem for each question of each story."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tracekd.content_hash import check
from tracekd.errors import UserError
from tracekd.problem import Fact, Problem, gold_trace
from tracekd.tasks.babi.answers import read_answer
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.babi.hub_rows import family_of_path, read_row, row_group
from tracekd.tasks.babi.story import FactLine, QuestionLine, Story
from tracekd.tasks.babi.story_format import LONGEST_LINE, read_lines
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.source import ENDINGS, HUB, records

# The name is part of every id.
_FILE_NAME = re.compile(r"qa([0-9]{1,4})_[^/\ud800-\udfff]*\.txt")


def load(source: str) -> Iterator[Problem | Skipped]:
    """Yield the problems of one file, of all bAbI files in a folder (by number of the family), or of rows of the Hub.

    Text files are named qa1_....txt. For files of rows, any part of the path may name the family
    (`en-qa1/train.jsonl`); for the Hub, the configuration does. Raises UserError for a source that is missing, cannot
    be read, or does not name its family.
    """
    if source.startswith(HUB):
        yield from _load_rows(source)
        return
    for file in _files(Path(source)):
        yield from _load_rows(str(file)) if file.name.endswith(ENDINGS) else _load_text(file)


def _files(path: Path) -> list[Path]:
    try:
        if not path.exists():
            raise UserError(
                "there is no such file or folder", where=path, expected="a bAbI file (qa1_....txt) or a folder of them"
            )
        if not path.is_dir():
            return [path]
        names = sorted(path.iterdir(), key=lambda file: file.name)
        files = [file for file in names if _FILE_NAME.fullmatch(file.name) or _is_of_rows(file)]
    except OSError as error:
        raise _unreadable(path, error) from None
    if not files:
        raise UserError(
            "there is no bAbI file in this folder",
            where=path,
            expected="files named like qa1_single-supporting-fact_train.txt or qa1_train.jsonl",
        )
    return sorted(files, key=_family)


def _unreadable(path: Path, error: OSError) -> UserError:
    return UserError(f"cannot be read ({str(error.strerror or error)[:80]})", where=path)


def _is_of_rows(file: Path) -> bool:
    return file.name.endswith(ENDINGS) and file.is_file() and family_of_path(file) is not None


def _family(file: Path) -> int:
    match = _FILE_NAME.fullmatch(file.name)
    family = family_of_path(file) if file.name.endswith(ENDINGS) else int(match[1]) if match else None
    if family not in FAMILIES:
        raise UserError(
            "the file name does not tell which bAbI task this is", where=file, expected="qa1_....txt to qa20_....txt"
        )
    return family


def _load_text(file: Path) -> Iterator[Problem | Skipped]:
    check(file)
    family, current, asked = _family(file), -1, True
    facts: list[Fact] = []
    at = 0
    for at, found in enumerate(read_lines(_text_lines(file), str(file)), start=1):
        if isinstance(found, Skipped):
            asked = True  # the skipped line may be a question, and is reported
            yield found
            continue
        number, line = found
        if number != current:
            if not asked:
                yield _unasked(file, at - 1)
            facts, current, asked = [], number, False
        if isinstance(line, FactLine):
            facts.append(_fact(line))
        else:
            asked = True
            yield _problem(line, facts, family, f"{file.stem}/{number}", f"{file.name}:{line.line}")
    if not asked:
        yield _unasked(file, at)


def _unasked(file: Path, last_line: int) -> Skipped:
    return Skipped(where=f"{file}:{last_line}", reason="story without a question", detail="the story ends here")


def _text_lines(file: Path) -> Iterator[str]:
    """The lines of the file. A line that is too long is cut to just over the limit."""
    try:
        with file.open(encoding="utf-8-sig", errors="surrogateescape") as opened:
            while line := opened.readline(LONGEST_LINE + 2):
                yield line
                while line and not line.endswith("\n"):
                    line = opened.readline(LONGEST_LINE)
    except OSError as error:
        raise _unreadable(file, error) from None


def _load_rows(source: str) -> Iterator[Problem | Skipped]:
    for record in records(source):
        if isinstance(record, Skipped):
            yield record
            continue
        family, group = row_group(record)
        facts: list[Fact] = []
        for line in read_row(record):
            if isinstance(line, Fault):
                yield Skipped.of(line, record.where)
            elif isinstance(line, FactLine):
                facts.append(_fact(line))
            else:
                yield _problem(line, facts, family, group, record.source)


def story_problems(story: Story, family: int, group: str, source: str) -> Iterator[Problem]:
    """One problem for each question of the story. Its context is the facts before the question."""
    facts: list[Fact] = []
    for line in story:
        if isinstance(line, FactLine):
            facts.append(_fact(line))
        else:
            yield _problem(line, facts, family, group, f"{source}:{line.line}")


def _fact(line: FactLine) -> Fact:
    return Fact(id=str(line.id), text=line.text)


def _problem(line: QuestionLine, facts: Sequence[Fact], family: int, group: str, source: str) -> Problem:
    support = tuple(map(str, line.support))
    return Problem(
        id=f"{group}/{line.id}",
        task="babi",
        group=group,
        question=line.text,
        context=tuple(facts),
        answer=read_answer(line.answer, family),
        trace=gold_trace(FAMILIES[family], support),
        support={"support": support},
        source=source,
    )
