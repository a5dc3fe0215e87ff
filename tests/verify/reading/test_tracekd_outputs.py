"""Our own outputs: all that is known is read, little is needed."""

import json
from pathlib import Path

import pytest

from tracekd.students.output import Output
from tracekd.verify.reading import Unread

from .conftest import FACTS, QUESTION, TRACE, Write, read, written


def test_an_output_of_generate_is_read_whole(write: Write) -> None:
    output = Output(
        id="qa1/3", regime="incorrect", student="tiny", seed=7, text=TRACE, token_ids=(5, 6, 7), finish="length",
        sample=2, prompt="abc", prompt_tokens=12,
    )  # fmt: skip
    (found,) = written(write("outputs.jsonl", [output.model_dump()]))
    assert (found.id, found.regime, found.model, found.seed, found.text) == ("qa1/3", "incorrect", "tiny", 7, TRACE)
    assert (found.finish, found.sample, found.tokens) == ("length", 2, 3)


def test_id_and_text_are_enough_and_the_file_names_the_rest(write: Write) -> None:
    (found,) = written(write("my-model_incorrect.jsonl", [{"id": 12, "text": "a"}]))
    assert (found.id, found.model, found.regime) == ("12", "my-model_incorrect", "incorrect")
    assert (found.seed, found.sample, found.finish, found.gold) == (0, 0, "stop", None)
    assert found.where.endswith("my-model_incorrect.jsonl:1")


def test_question_and_context_do_instead_of_an_id(write: Write) -> None:
    rows = [
        {"question": QUESTION, "facts": list(FACTS), "text": TRACE, "score": -0.5, "tokens": 9},
        {"question": QUESTION, "context": "\n".join(FACTS), "text": TRACE},
        {"question": QUESTION, "passages": repr(list(FACTS)), "text": TRACE},
    ]
    found = written(write("o.jsonl", rows))
    assert [each.context for each in found] == [FACTS] * 3
    assert (found[0].score, found[0].tokens) == (-0.5, 9)


def test_an_array_and_a_csv_are_read_as_lines_are(tmp_path: Path) -> None:
    (tmp_path / "array.json").write_text(json.dumps([{"id": "a", "text": "x"}, {"id": "b", "text": "y"}], indent=1))
    (tmp_path / "table.csv").write_text('id,text,seed\na,"x, y",3\n')
    assert [each.id for each in written(tmp_path / "array.json")] == ["a", "b"]
    (found,) = written(tmp_path / "table.csv")
    assert (found.text, found.seed) == ("x, y", 3)


@pytest.mark.parametrize(
    ("line", "reason", "detail"),
    [
        ('{"id": "a"', "not JSON", "EOF"),
        ('{"id": "a"}', "missing field", "text"),
        ('{"id": "a", "text": 3}', "malformed field", "text"),
        ('{"id": "a", "text": "t", "sample": -1}', "malformed field", "sample"),
        ('{"id": "a", "text": "t", "sample": 99999999999}', "malformed field", "sample"),
        ('{"id": "a", "text": "t", "score": NaN}', "malformed field", "score"),
        ('{"id": "a", "text": "t", "regime": "' + "r" * 300 + '"}', "malformed field", "regime"),
        ('{"id": "a", "text": "\\ud800"}', "not JSON", ""),
        ('{"text": ' + "[" * 5000 + "]" * 5000 + ', "id": "a"}', "not JSON", "recursion"),
        ("[1, 2]", "malformed field", ""),
    ],
)
def test_a_line_that_is_no_output_is_told_by_file_and_line(tmp_path: Path, line: str, reason: str, detail: str) -> None:
    path = tmp_path / "o.jsonl"
    path.write_text(f'{{"id": "first", "text": "t"}}\n{line}\n\n{{"id": "last", "text": "t"}}\n')
    first, amiss, last = read(path)
    assert not isinstance(first, Unread) and not isinstance(last, Unread)
    assert isinstance(amiss, Unread)
    assert (amiss.where, amiss.reason) == (f"{path}:2", reason)
    assert detail in amiss.detail
    assert last.where == f"{path}:4"


def test_bytes_that_are_no_utf8_are_told(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"
    path.write_bytes(b'{"id": "a", "text": "\xff"}\n{"id": "b", "text": "t"}\n')
    amiss, last = read(path)
    assert isinstance(amiss, Unread) and amiss.reason == "not UTF-8"
    assert not isinstance(last, Unread)


def test_null_is_as_missing_and_a_null_text_is_empty(write: Write) -> None:
    (found,) = written(write("o.jsonl", [{"id": "a", "text": None, "seed": None, "sample": None, "finish": None}]))
    assert (found.text, found.seed, found.sample, found.finish) == ("", 0, 0, "stop")


def test_other_names_of_an_end_are_understood(write: Write) -> None:
    rows = [{"id": "a", "text": "t", "finish": name} for name in ("eos", "max_tokens", "length")]
    assert [each.finish for each in written(write("o.jsonl", rows))] == ["stop", "length", "length"]
