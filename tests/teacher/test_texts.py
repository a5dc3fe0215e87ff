"""Reading what was kept, for the regime."""

from pathlib import Path

import pytest

from tracekd.errors import UserError
from tracekd.files import write_jsonl, write_text
from tracekd.teacher.texts import KeptText, kept_file, read_texts


def kept(ident: str, kind: str = "trace", text: str = "He went.") -> KeptText:
    return KeptText(id=ident, kind=kind, text=text, answer="office", model="m", tokens=None)


def folder(path: Path, **rows: list[KeptText]) -> Path:
    (path / "manifest.json").write_text("{}")
    for kind, texts in rows.items():
        write_jsonl(kept_file(path, kind), texts)
    return path


def test_texts_by_kind_and_problem(tmp_path: Path) -> None:
    rows = folder(tmp_path, trace=[kept("a"), kept("b", text="é\n")], summary=[kept("a", "summary", "Short.")])
    assert read_texts(rows) == {"trace": {"a": "He went.", "b": "é\n"}, "summary": {"a": "Short."}}


def test_a_folder_of_something_else_is_refused_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="tracekd teacher TASK"):
        read_texts(tmp_path)
    with pytest.raises(UserError, match="not finished"):
        read_texts(folder(tmp_path))


@pytest.mark.parametrize(
    "rows",
    [
        [kept("a"), kept("a")],
        [kept("b"), kept("a", text="x</think> <answer>y")],
        [kept("b"), kept("a", text=" \n")],
        [kept("b"), kept("a", "summary")],
    ],
)
def test_a_text_that_cannot_be_taught_is_named(tmp_path: Path, rows: list[KeptText]) -> None:
    with pytest.raises(UserError, match=r"trace\.jsonl:2"):
        read_texts(folder(tmp_path, trace=rows))


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    folder(tmp_path, trace=[kept("a")])
    write_text(kept_file(tmp_path, "trace"), "{}\n")
    with pytest.raises(UserError, match=r"trace\.jsonl:1"):
        read_texts(tmp_path)
