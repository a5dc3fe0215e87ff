import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.content_hash import HASHES
from tracekd.stats.summary import summarise
from tracekd.stats.table_files import as_csv, as_latex, as_markdown, formula_free, shown, write_tables
from tracekd.stats.tables import Table, tables

HOSTILE = r"a|b\c{d}$e&f#g_h%i~j^k<l>\"m\input{/etc/passwd}[x](y)`z`" + "\n| new | row |\x1b[31m\u202e"
names = st.text(max_size=40) | st.sampled_from([HOSTILE, "=1+1", "@x", "-2", "```", "---", "\\", "\r\n"])


def table(*rows: tuple) -> Table:
    return Table("t", "A caption", tuple(f"c{i}" for i in range(len(rows[0]))), rows)


def test_csv_keeps_numbers_whole_and_undefined_empty() -> None:
    assert as_csv(table(("a", 3, 1 / 3, None))) == "c0,c1,c2,c3\na,3,0.3333333333333333,\n"


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x"])
def test_csv_has_no_formula(name: str) -> None:
    assert as_csv(table((name, -1.5))).splitlines()[1] == f"'{name},-1.5"


@given(names)
def test_csv_has_one_line_a_row(name: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(table((name, 1), ("b", 2))))))
    assert [row[1] for row in rows] == ["c1", "1", "2"]
    assert rows[1][0] == formula_free(name)


@given(names)
def test_markdown_has_one_line_a_row_and_as_many_bars(name: str) -> None:
    lines = as_markdown(table((name, 1))).splitlines()
    assert len(lines) == 5
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 3 for line in lines[2:])


@given(names)
def test_latex_has_no_command_of_a_name(name: str) -> None:
    text = as_latex(table((name, 1)))
    (row,) = [line for line in text.splitlines() if line.endswith(r"& 1 \\")]
    shown_name = row.removesuffix(r" & 1 \\")
    ours = r"\\(textbackslash|textasciitilde|textasciicircum|textless|textgreater|textbar|textquotedbl)\{\}|\\[{}$&#_%]"
    rest = re.sub(ours, "", shown_name)
    assert not set(rest) & set('\\$&#_%~^<>|"')
    assert re.sub(r"\{[-`'\[\]]\}", "", rest).count("{") == 0


def test_latex_numbers_have_a_minus() -> None:
    assert r"x{-}y & $-$0.500 & 1.2e$-$09 & --" in as_latex(table(("x-y", -0.5, 1.2e-9, None)))


def test_shown() -> None:
    assert [shown(v) for v in (12345, 0.25, 0.0, 1.234e-9, 123456.7, None)] == [
        "12345",
        "0.250",
        "0.000",
        "1.23e-09",
        "1.23e+05",
        "–",
    ]
    assert len(shown("x" * 10_000)) == 200


def test_every_table_of_a_run_in_three_formats(make, columns_of, tmp_path: Path) -> None:
    verdicts = [
        make(f"p{i}", regime=r, seed=seed, student=HOSTILE, right=i % 2 == 0, answer=i % 3 == 0, label=f"l{i % 2}")
        for r in ("a", "b|c")
        for i in range(40)
        for seed in (0, 1)
    ]
    found = tables(summarise(columns_of(verdicts)))
    write_tables(tmp_path, found)
    assert len({t.name for t in found}) == len(found)
    assert {p.name for p in tmp_path.iterdir() if p.name != HASHES} == {
        f"{t.name}.{end}" for t in found for end in ("csv", "md", "tex")
    }
    for t in found:
        assert t.rows, t.name
        assert all(len(row) == len(t.columns) for row in t.rows)
        rows = list(csv.reader((tmp_path / f"{t.name}.csv").open(encoding="utf-8", newline="")))
        assert len(rows) == 1 + len(t.rows)
        assert all(len(row) == len(t.columns) for row in rows)
        tex = (tmp_path / f"{t.name}.tex").read_text(encoding="utf-8")
        assert tex.count(r"\\") == 1 + len(t.rows)
