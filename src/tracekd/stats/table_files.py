"""Tables as CSV, Markdown and LaTeX. Names come from untrusted files: each format escapes everything except text."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from unicodedata import normalize

from tracekd.content_hash import remove
from tracekd.files import write_text
from tracekd.stats.tables import Table, Value

# The longest name or remark, so that tables stay readable.
_SHOWN_CHARS = 200
_NONE = "\u2013"
# How a formula begins (OWASP, "CSV Injection"). Some spreadsheets also accept full-width, small and raised forms; NFKC
# turns them into these signs, except the minus sign.
_FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#!|~$&@]")
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_",
        "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
        ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "-": "{-}", "`": "{`}", "'": "{'}",
        "[": "{[}", "]": "{]}", _NONE: "--",
    }
)  # fmt: skip


def write_tables(folder: Path, tables: Sequence[Table]) -> None:
    """Write each table as NAME.csv, NAME.md and NAME.tex, atomically.

    Tables of an earlier run are deleted first, so that a kill never leaves tables of two runs. Other files stay.
    """
    files = [(folder / f"{table.name}.{end}", table, text_of) for table in tables for end, text_of in _FORMATS.items()]
    for path, _, _ in files:
        remove(path)
    for path, table, text_of in files:
        write_text(path, text_of(table))


def table_files(tables: Sequence[Table]) -> list[str]:
    """The names of the files that `write_tables` writes."""
    return [f"{table.name}.{end}" for table in tables for end in _FORMATS]


def as_csv(table: Table) -> str:
    """Numbers in full, undefined ones empty. Text that a spreadsheet would read as a formula gets a ' before it."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([formula_free(value) if isinstance(value, str) else value for value in row] for row in table.rows)
    return file.getvalue()


def formula_free(text: str) -> str:
    """Untrusted text on one line, with a ' before it if a spreadsheet would read it as a formula."""
    line = "".join(char if char.isprintable() else " " for char in text)
    first = normalize("NFKC", line.lstrip()[:1])
    return f"'{line}" if first[:1] in _FORMULA_STARTS else line


def as_markdown(table: Table) -> str:
    """A pipe table under its caption."""
    head = "| " + " | ".join(map(_in_markdown, table.columns)) + " |"
    line = "|" + "|".join(" ---: " if right else " --- " for right in _numeric(table)) + "|"
    rows = ("| " + " | ".join(_in_markdown(shown(value)) for value in row) + " |" for row in table.rows)
    return "\n".join([_in_markdown(table.caption), "", head, line, *rows]) + "\n"


def as_latex(table: Table) -> str:
    r"""A `table` with a plain `tabular`, which needs no package; label `tab:NAME`."""
    columns = "".join("r" if right else "l" for right in _numeric(table))
    rows = (" & ".join(map(_latex_value, row)) + r" \\" for row in table.rows)
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{_in_latex(table.caption)}}}\label{{tab:{table.name}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\hline",
        " & ".join(map(_in_latex, table.columns)) + r" \\",
        r"\hline",
        *rows,
        r"\hline",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def shown(value: Value) -> str:
    """A value for people: counts in full, other numbers with three decimals or three digits, text on one line."""
    if value is None:
        return _NONE
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.3f}" if value == 0 or 0.001 <= abs(value) < 1000 else f"{value:.3g}"
    line = " ".join("".join(char if char.isprintable() else " " for char in value[: 2 * _SHOWN_CHARS]).split())
    return line if len(line) <= _SHOWN_CHARS else line[: _SHOWN_CHARS - 3] + "..."


def _numeric(table: Table) -> list[bool]:
    """Which columns contain only numbers."""
    return [
        bool(table.rows) and all(not isinstance(row[at], str) for row in table.rows) for at in range(len(table.columns))
    ]


def _in_markdown(text: str) -> str:
    return _MARKDOWN.sub(lambda found: "\\" + found.group(), text)


def _latex_value(value: Value) -> str:
    """A number with a minus sign instead of a hyphen."""
    return _in_latex(shown(value)) if isinstance(value, str) or value is None else shown(value).replace("-", "$-$")


def _in_latex(text: str) -> str:
    return text.translate(_LATEX)


_FORMATS: Mapping[str, Callable[[Table], str]] = {"csv": as_csv, "md": as_markdown, "tex": as_latex}
