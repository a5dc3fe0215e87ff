"""The log of raw responses: nothing of it is lost to a kill, and what a kill cut short is no answer."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.http.endpoint import Response
from tracekd.teacher.log import Attempt, RawLog, attempt_of

ATTEMPTS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["answered", "empty", "failed"]),
                              st.binary(max_size=12) | st.text(max_size=6).map(str.encode)), max_size=8)  # fmt: skip


def attempt(key: str, outcome: str, body: bytes) -> Attempt:
    return attempt_of(key, f"id of {key}", 1, Response(200, body, "", 0.25), outcome, "why", 5, True)  # type: ignore[arg-type]


def write(path: Path, attempts: list[tuple[str, str, bytes]]) -> RawLog:
    log = RawLog.read(path)
    with log.writing():
        for each in attempts:
            log.add(attempt(*each))
    return log


@given(before=ATTEMPTS, after=ATTEMPTS, cut=st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_a_log_cut_anywhere_keeps_its_whole_lines_and_goes_on(
    tmp_path_factory: pytest.TempPathFactory, before: list[tuple[str, str, bytes]], after: list[tuple[str, str, bytes]],
    cut: int,
) -> None:  # fmt: skip
    path = tmp_path_factory.mktemp("log") / "raw.jsonl"
    write(path, before)
    data = path.read_bytes()[: max(0, path.stat().st_size - cut)]
    path.write_bytes(data)
    kept = data.count(b"\n")
    write(path, after)
    assert path.read_bytes().count(b"\n") == kept + len(after) == RawLog.read(path).requests
    log, whole = RawLog.read(path), before[:kept] + after
    assert (log.tokens, log.estimated) == (5 * len(whole), len(whole))
    for key in "abcd":
        answers = [body for k, outcome, body in whole if k == key and outcome != "failed"]
        found = log.answer(key)
        assert log.has_answer(key) == bool(answers)
        assert (None if found is None else found.payload) == (answers[-1] if answers else None)
        if not answers:
            assert (key in log.failures) == any(k == key for k, _, _ in whole)


def test_the_log_in_memory_is_the_log_on_disk(tmp_path: Path) -> None:
    log = write(tmp_path / "raw.jsonl", [("a", "failed", b""), ("a", "answered", b"x"), ("b", "failed", b"\xff")])
    assert log == RawLog.read(tmp_path / "raw.jsonl")
    assert log.failures == {"b": "why"}


def test_a_line_is_on_disk_when_it_was_added(tmp_path: Path) -> None:
    log = RawLog.read(tmp_path / "raw.jsonl")
    with log.writing():
        log.add(attempt("a", "answered", b"x"))
        assert RawLog.read(tmp_path / "raw.jsonl").has_answer("a")


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "raw.jsonl"
    write(path, [("a", "answered", b"x")])
    path.write_bytes(path.read_bytes() + b"{}\n")
    with pytest.raises(UserError, match=r"raw\.jsonl:2"):
        RawLog.read(path)


def test_a_long_torn_line_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "raw.jsonl"
    write(path, [("a", "answered", b"x")])
    whole = path.read_bytes()
    path.write_bytes(whole + b"y" * 300_000)
    write(path, [])
    assert path.read_bytes() == whole


def test_any_changed_byte_of_an_answer_is_named(tmp_path: Path) -> None:
    path = tmp_path / "raw.jsonl"
    write(path, [("a", "answered", b"park"), ("b", "answered", b"garden")])
    text = path.read_bytes()
    second = text.index(b"\n") + 1
    for at in range(second, len(text) - 1):
        changed = bytearray(text)
        changed[at] ^= 1
        path.write_bytes(changed)
        with pytest.raises(UserError, match="damaged") as caught:
            RawLog.read(path)
        assert (caught.value.where or "").startswith(f"{path}:2")


def test_answers_of_an_earlier_version_are_used_and_this_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "raw.jsonl"
    path.write_text(attempt("a", "answered", b"park").model_dump_json(exclude={"seal"}) + "\n")
    assert RawLog.read(path).has_answer("a") and "1 responses of an earlier version have no hash" in caplog.text
