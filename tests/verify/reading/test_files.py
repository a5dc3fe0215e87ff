"""Which files of a request are read, as what; and that nothing in a file stops the others."""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.verify.reading import OutputRecord, Unread

from .conftest import (
    Write,
    babi_record,
    cotempqa_record,
    inspect_eval,
    inspect_json,
    inspect_sample,
    lm_eval_record,
    read,
    written,
)

Make = Callable[[Path], Path]


def lines(*rows: dict[str, Any]) -> Make:
    def make(path: Path) -> Path:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return make


FILES: dict[str, tuple[str, Make]] = {
    "ours": ("o.jsonl", lines({"id": "a", "text": "t"}, {"id": "b", "text": "u"})),
    "trace-check-qa": ("m-sft-adapter_default.json", lines(cotempqa_record(), babi_record())),
    "lm-eval": ("samples_x.jsonl", lines(lm_eval_record(["a"]), lm_eval_record(["b"]))),
    "inspect": ("log.eval", lambda path: inspect_eval(path, [inspect_sample(1), inspect_sample(2)])),
}
NOUNS = {
    "ours": "tracekd's outputs",
    "trace-check-qa": "released with arXiv 2505.13792",
    "lm-eval": "lm-eval sample log",
    "inspect": "log of Inspect",
}


@pytest.mark.parametrize("format", FILES)
def test_a_format_is_recognised_and_may_be_said(format: str, tmp_path: Path) -> None:
    name, make = FILES[format]
    path = make(tmp_path / name)
    assert written(path) == written(path, format=format)
    assert len(written(path)) == 2


@pytest.mark.parametrize("format", FILES)
@pytest.mark.parametrize("said", FILES)
def test_a_file_of_another_format_is_named(format: str, said: str, tmp_path: Path) -> None:
    name, make = FILES[format]
    path = make(tmp_path / name)
    if said == format:
        return
    with pytest.raises(UserError, match=NOUNS[format]) as error:
        read(path, format=said)
    assert error.value.next_step == f"use --format {format}"
    (found,) = read(tmp_path, format=said)
    assert isinstance(found, Unread) and found.reason == "file of another format"


def test_a_folder_is_read_through_in_the_order_of_names(tmp_path: Path) -> None:
    for folder in ("b", "a/c"):
        (tmp_path / folder).mkdir(parents=True)
        for name, make in FILES.values():
            make(tmp_path / folder / name)
    (tmp_path / "results.json").write_text('{"acc": 39.2, "f1": 40.0}')
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "packed.jsonl").write_bytes(gzip.compress(b'{"id": "a", "text": "t"}\n', mtime=0))
    (tmp_path / "notes.txt").write_text("not read")
    (tmp_path / ".hidden.jsonl").write_text("not read")
    found = read(tmp_path)
    assert sum(isinstance(each, OutputRecord) for each in found) == 17
    amiss = [(Path(each.where).name, each.reason) for each in found if isinstance(each, Unread)]
    assert amiss == [
        ("empty.jsonl", "file without outputs"),
        ("results.json", "file without outputs"),
    ]
    places = [each.where for each in found if isinstance(each, OutputRecord)]
    assert places == sorted(places, key=lambda place: Path(place.rpartition(":")[0]).parts)


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    path = FILES["ours"][1](tmp_path / "o.jsonl")
    assert len(written(path, tmp_path, tmp_path / "." / "o.jsonl")) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"acc": 1}\n', r"no known format .*\(acc\)"),
        (b"", "no field can be read"),
        (gzip.compress(b"x", mtime=0), "no field can be read"),
        (b"\x1f\x8b\x08damaged", "cannot be read"),
        (b"\x00\xff", "no field can be read"),
    ],
)
def test_a_named_file_of_no_outputs_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "x.jsonl").write_bytes(content)
    with pytest.raises(UserError, match=message):
        read(tmp_path / "x.jsonl")


def test_what_is_wrong_with_a_request_is_told_before_anything_is_read(write: Write, tmp_path: Path) -> None:
    fine = write("fine.jsonl", [{"id": "a", "text": "t"}])
    for paths, how, message in (
        ((fine, tmp_path / "missing.jsonl"), {}, "cannot be read"),
        ((fine,), {"format": "lm_eval"}, "did you mean 'lm-eval'"),
        ((fine,), {"format": "ours", "mapping": {"text": ".text"}}, "cannot be used together"),
    ):
        with pytest.raises(UserError, match=message):
            read(*paths, **how)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(UserError, match="no file of outputs in this folder"):
        read(tmp_path / "nothing")


def test_a_path_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"od\xffd")
    odd.mkdir()
    FILES["ours"][1](odd / "o.jsonl")
    FILES["inspect"][1](odd / "log.eval")
    found = read(tmp_path)
    assert [each.reason for each in found if isinstance(each, Unread)] == ["file cannot be read"] * 2
    assert all(each.where.isascii() for each in found)
    with pytest.raises(UserError, match="cannot be printed"):
        read(odd / "o.jsonl")


MUTILATIONS = st.tuples(
    st.integers(0, 2**32), st.sampled_from(["cut", "drop", "swap", "insert"]), st.binary(max_size=4)
)


def mutilate(content: bytes, at: int, how: str, new: bytes) -> bytes:
    at %= len(content)
    if how == "cut":
        return content[:at]
    if how == "drop":
        return content[:at] + content[at + 1 :]
    return content[:at] + new + content[at + (len(new) if how == "swap" else 0) :]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.lists(MUTILATIONS, min_size=1, max_size=3))
@example("inspect", [(30, "swap", b"\xff\xff\xff\xff")])
@example("ours", [(0, "drop", b""), (836317631, "insert", b"\\")])
def test_mutilated_files_end_in_outputs_and_unreads(format: str, mutilations: list[tuple[int, str, bytes]]) -> None:
    with TemporaryDirectory() as folder:
        name, make = FILES[format]
        path = make(Path(folder) / name)
        content = path.read_bytes()
        for mutilation in mutilations:
            content = mutilate(content or b"x", *mutilation)
        path.write_bytes(content)
        found = read(Path(folder))
        assert found
        for each in found:
            assert isinstance(each, OutputRecord | Unread)
            assert each.where.startswith(folder)
            if isinstance(each, Unread):
                assert each.reason and each.detail.isprintable() and len(each.detail) < 1000


@settings(max_examples=40, deadline=None)
@given(st.lists(MUTILATIONS, min_size=1, max_size=3))
def test_mutilated_json_logs_do_so_too(mutilations: list[tuple[int, str, bytes]]) -> None:
    with TemporaryDirectory() as folder:
        path = inspect_json(Path(folder) / "log.json", [inspect_sample(1)])
        content = path.read_bytes()
        for mutilation in mutilations:
            content = mutilate(content or b"x", *mutilation)
        path.write_bytes(content)
        assert all(isinstance(each, OutputRecord | Unread) for each in read(Path(folder)))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(set(FILES) - {"inspect"})),
    st.dictionaries(
        st.sampled_from(["text", "id", "prediction", "facts", "gold", "resps", "doc", "arguments", "sample", "label"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=6,
        ),
        max_size=6,
    ),
)
def test_records_of_any_values_end_in_outputs_and_unreads(format: str, record: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        name, make = FILES[format]
        path = make(Path(folder) / name)
        with path.open("a") as file:
            file.write(json.dumps(record) + "\n")
        before, *rest = read(path, format=format)
        assert isinstance(before, OutputRecord)
        assert all(isinstance(each, OutputRecord | Unread) for each in rest)
