"""Tables for a terminal of any width: no name and no number is folded. Columns that do not fit continue below, with the
same first column.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from tracekd.plain_text import plain, plain_line

# Of a name in a table. Names of regimes and models come from files, so they may be of any length.
_NAME_CHARS = 32

Row = Sequence[str]


def print_table(console: Console, title: str, head: Row, rows: Sequence[Row]) -> None:
    """Print a table under its title: the first column is left-aligned, the others right-aligned.

    A row with a single text is a heading for the rows below it. Texts are printed as they are, never as markup.
    """
    say(console, f"\n{title}")
    rows = _indented(rows)
    widths = [max(cell_len(row[at]) for row in [head, *rows] if len(row) > 1) for at in range(len(head))]
    gap = 2 if sum(widths) + 2 * len(widths) - 2 <= console.width else 1
    for at, block in enumerate(_blocks(widths, gap, console.width)):
        if at:
            say(console, "")
        say_whole(console, _line(head, block, widths, gap), "bold")
        for row in rows:
            say_whole(console, *((row[0], "italic") if len(row) == 1 else (_line(row, block, widths, gap),)))


def say(console: Console, text: str, style: str = "") -> None:
    """Print untrusted text, wrapped between words; unprintable characters are replaced."""
    console.print(Text(plain(text), style))


def say_whole(console: Console, text: str, style: str = "") -> None:
    """The same without wrapping, for text to copy: a row, the name of a file."""
    console.print(Text(plain(text), style), soft_wrap=True)


def short(name: str) -> str:
    """A name on one line; a long one is shortened in the middle."""
    line = plain_line(name.replace("\n", " "))
    half = _NAME_CHARS // 2
    return line if len(line) <= _NAME_CHARS else f"{line[: half - 1]}\N{HORIZONTAL ELLIPSIS}{line[-half:]}"


def _indented(rows: Sequence[Row]) -> list[Row]:
    has_headings = any(len(row) == 1 for row in rows)
    return [("  " + row[0], *row[1:]) if has_headings and len(row) > 1 else row for row in rows]


def _blocks(widths: Sequence[int], gap: int, room: int) -> Iterator[list[int]]:
    """The columns of each block: the first column, and as many others as fit, at least one."""
    block, used = [0], widths[0]
    for at in range(1, len(widths)):
        if len(block) > 1 and used + gap + widths[at] > room:
            yield block
            block, used = [0], widths[0]
        block.append(at)
        used += gap + widths[at]
    yield block


def _line(row: Row, block: Sequence[int], widths: Sequence[int], gap: int) -> str:
    padded = [(row[at], " " * (widths[at] - cell_len(row[at]))) for at in block]
    (first, room), *others = padded
    return "".join([first, room, *(" " * gap + room + text for text, room in others)]).rstrip()
