import re
from collections.abc import Sequence
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from tracekd.cli.plain_table import print_table, short

HEAD, ROWS = ("", "first", "second"), [("outputs", "10", "2,000"), ("right", "1.0 [0.5, 1.5]", "-")]


def printed(width: int, head: Sequence[str], rows: Sequence[Sequence[str]], title: str = "title") -> list[str]:
    out = StringIO()
    print_table(Console(file=out, width=width), title, head, rows)
    return out.getvalue().split("\n")


def test_a_table_that_fits() -> None:
    assert printed(80, HEAD, ROWS) == [
        "",
        "title",
        "                  first  second",
        "outputs              10   2,000",
        "right    1.0 [0.5, 1.5]       -",
        "",
    ]


def test_what_does_not_fit_is_continued_below() -> None:
    assert printed(25, HEAD, ROWS) == [
        "",
        "title",
        "                 first",
        "outputs             10",
        "right   1.0 [0.5, 1.5]",
        "",
        "        second",
        "outputs  2,000",
        "right        -",
        "",
    ]


def test_headings_stand_over_indented_rows() -> None:
    lines = printed(80, ("", "n"), [("a heading that is longer than its column",), ("a", "1")])
    assert lines[2:] == ["     n", "a heading that is longer than its column", "  a  1", ""]


def test_names_are_text() -> None:
    lines = printed(80, ("", "[red]x[/]\x1b[31m"), [("[bold]", ":smile:")])
    assert "[red]x[/]\N{REPLACEMENT CHARACTER}[31m" in lines[2]
    assert lines[3].startswith("[bold]") and lines[3].endswith(":smile:")


cells = st.text(st.characters(categories=("L", "N", "P")), max_size=12).map(lambda t: f"<{t}>")


@given(st.data(), st.integers(1, 5), st.integers(1, 60))
def test_every_cell_is_shown_whole(data: st.DataObject, columns: int, width: int) -> None:
    rows = data.draw(st.lists(st.tuples(*[cells] * (columns + 1)), min_size=1, max_size=4))
    lines = printed(width, rows[0], rows[1:])[2:]
    widest = [max(cell_len(row[at]) for row in rows) for at in range(columns + 1)]
    assert max(map(cell_len, lines)) <= max(width, widest[0] + 1 + max(widest[1:]))
    for row in rows:
        for text in row[1:]:
            assert any(text in line for line in lines)


@given(st.text(max_size=200))
def test_short_names_have_one_line(name: str) -> None:
    found = short(name)
    assert found.isprintable() and len(found) <= 32
    assert found == name or len(name) > 32 or not name.isprintable()
    assert not re.search(r"[\n\x1b]", found)
