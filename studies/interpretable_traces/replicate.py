"""Computes the paper's tables again from its released outputs: as its own code counts, and correctly; and decides which
claims stand.

    python studies/interpretable_traces/replicate.py RELEASED --out DIR

RELEASED is the released repository (arXiv 2505.13792), or any folder with some of its outputs. DIR gets index.html,
numbers.json and the tables as CSV. Exit codes: 0 done, 1 some files could not be judged, 2 the request was wrong.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import page
from claims import findings
from correct import CorrectCell, judge_correctly
from evidence import CellEvidence, Evidence
from numbers_file import Numbers
from official import OfficialCell, judge_cell
from regime_pairs import all_differences
from released import Cell, Released, find
from rich.console import Console
from rich.markup import escape
from sheets import all_sheets

from tracekd import __version__
from tracekd.errors import UserError
from tracekd.files import write_text
from tracekd.report.visible import visible


@dataclass
class _Judged:
    """All cells, each judged in both ways, and the messages of cells that could not be judged."""

    official: dict[Cell, OfficialCell] = field(default_factory=dict)
    correct: dict[Cell, CorrectCell] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    options = _options(arguments)
    console = Console(stderr=True)
    try:
        return _run(options.released, options.out, console)
    except UserError as error:
        message = str(error)
    except OSError as error:
        message = f"{error.filename or options.out}: {error.strerror or error}"
    console.print(f"[bold red]error:[/] {escape(visible(message))}", highlight=False, soft_wrap=True)
    return 2


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("released", type=Path, metavar="RELEASED", help="the released repository, or a part of it")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the results")
    return parser.parse_args(arguments)


def _run(source: Path, out: Path, console: Console) -> int:
    if out.exists() and not out.is_dir():
        raise UserError("this folder is a file", where=out, next_step="name another --out")
    released = find(source)
    for text in released.missing:
        console.print(f"missing: {escape(text)}", highlight=False, soft_wrap=True)
    judged = _judge(released, console)
    if not judged.correct:
        raise UserError("none of the outputs could be judged", where=source, next_step="see the messages above")
    content = _content(source, released, judged)
    _write(out, content)
    _summary(content, out)
    return 1 if judged.failed else 0


def _judge(released: Released, console: Console) -> _Judged:
    """Judge every cell in both ways. A cell that cannot be read is reported, and the others are judged."""
    judged = _Judged()
    with console.status("judging ...") as status:
        for at, cell in enumerate(released.outputs, start=1):
            status.update(f"judging {at} of {len(released.outputs)}: {escape(str(cell))}")
            try:
                official = judge_cell(cell, released)
                judged.correct[cell] = judge_correctly(cell, released, official.judged)
                judged.official[cell] = official
            except UserError as error:
                judged.failed.append(f"{cell}: {error}")
                console.print(f"not judged: {escape(visible(judged.failed[-1]))}", highlight=False, soft_wrap=True)
    return judged


def _content(source: Path, released: Released, judged: _Judged) -> page.Content:
    cells = {
        cell: CellEvidence(official.numbers, judged.correct[cell].numbers, judged.correct[cell].disagreement)
        for cell, official in judged.official.items()
    }
    evidence = Evidence(
        cells,
        all_differences({cell: correct.verdicts for cell, correct in judged.correct.items()}),
        all_differences({cell: correct.by_official_rule for cell, correct in judged.correct.items()}),
    )
    return page.Content(
        source=source.name or str(source),
        evidence=evidence,
        findings=findings(evidence),
        sheets=all_sheets(evidence),
        missing=released.missing,
        rebuilt=tuple(str(cell) for cell, official in judged.official.items() if official.rebuilt),
        unread=tuple(line for official in judged.official.values() for line in official.unread),
        unmatched=tuple(one for correct in judged.correct.values() for one in correct.unmatched),
        failed=tuple(judged.failed),
        version=__version__,
    )


def _write(out: Path, content: page.Content) -> None:
    """Write every file atomically, the page last: if it exists, all files exist."""
    for sheet in content.sheets:
        if sheet.entries:
            write_text(out / f"{sheet.name}.csv", sheet.csv())
        else:  # a page of an earlier run would now be wrong
            (out / f"{sheet.name}.csv").unlink(missing_ok=True)
    write_text(out / "numbers.json", Numbers.of(content).model_dump_json(indent=1) + "\n")
    write_text(out / "index.html", page.render(content))


def _summary(content: page.Content, out: Path) -> None:
    console = Console()
    for cell, found in content.evidence.cells.items():
        official, correct = found.official, found.correct
        console.print(
            f"{escape(str(cell))}: answers right, official {official.answers_right_fixed:,} (at paper time "
            f"{official.answers_right_paper:,}), correct {correct.answer:,} of {correct.n:,}; "
            f"{official.joined['other']:,} judged against the gold of another problem",
            highlight=False,
            soft_wrap=True,
        )
    for finding in content.findings:
        console.print(
            f"{finding.key}: [bold]{finding.ruling}[/]{_bracketed(finding.of_whom)}. {escape(finding.claim)}",
            highlight=False,
            soft_wrap=True,
        )
    console.print(f"written: {escape(str(out / 'index.html'))}", highlight=False, soft_wrap=True)


def _bracketed(remark: str) -> str:
    return f" ({remark})" if remark else ""


if __name__ == "__main__":
    sys.exit(main())
