"""Logs of Inspect, in both formats."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracekd.errors import UserError
from tracekd.verify.reading import Unread, inspect_log

from .conftest import FACTS, PROMPT, TRACE, inspect_eval, inspect_json, inspect_sample, read, written

Log = Callable[[Path, list[dict[str, Any]]], Path]


@pytest.fixture(params=["eval", "json"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[list[dict[str, Any]]], Path]:
    write: Log = inspect_eval if request.param == "eval" else inspect_json
    return lambda samples: write(tmp_path / f"2025-05-14_cotempqa_abc.{request.param}", samples)


def test_a_sample_is_an_output(log: Callable[..., Path]) -> None:
    (found,) = written(log([inspect_sample("equal/12")]))
    assert (found.text, found.id, found.prompt) == (TRACE, "equal/12", PROMPT)
    assert (found.model, found.regime, found.tokens, found.finish) == ("mockllm/model", "correct", 42, "stop")


def test_reasoning_has_a_field_of_its_own(log: Callable[..., Path]) -> None:
    content = [
        {"type": "reasoning", "reasoning": "The class.\nThe facts.", "internal": {"k": 1}},
        {"type": "text", "text": " <answer>a</answer>", "refusal": None},
    ]
    (found,) = written(log([inspect_sample(1, content=content)]))
    assert (found.reasoning, found.text) == ("The class.\nThe facts.", " <answer>a</answer>")
    assert found.transcript.written() == "<think>The class.\nThe facts.</think> <answer>a</answer>"


def test_hidden_reasoning_is_no_reasoning(log: Callable[..., Path]) -> None:
    content = [
        {"type": "reasoning", "reasoning": "Zm9vYmFy", "redacted": True, "summary": "Looks for the place."},
        {"type": "text", "text": "a"},
    ]
    (found,) = written(log([inspect_sample(1, content=content)]))
    assert (found.reasoning, found.is_hidden, found.transcript.state) == (None, True, "hidden")


def test_epochs_and_choices_are_samples(log: Callable[..., Path]) -> None:
    twice = inspect_sample("p", epoch=1)
    twice["output"]["choices"] *= 2
    again = inspect_sample("p", epoch=2)
    again["output"]["choices"] *= 2
    assert [each.sample for each in written(log([twice, again]))] == [0, 1, 2, 3]


def test_stop_reason_score_and_metadata_are_read(log: Callable[..., Path]) -> None:
    logprobs = {"content": [{"token": "a", "logprob": -1.0}, {"token": "b", "logprob": -2.0, "top_logprobs": []}]}
    metadata = {"id": "q", "question": "Who?", "facts": list(FACTS), "regime": "incorrect", "label": "mix", "n": [1]}
    sample = inspect_sample(3, stop_reason="max_tokens", choice={"logprobs": logprobs}, metadata=metadata)
    (found,) = written(log([sample]))
    assert (found.finish, found.score, found.id, found.context) == ("length", -1.5, "q", FACTS)
    assert (found.question, found.regime, found.label) == ("Who?", "incorrect", "mix")


def test_a_prompt_in_parts_and_an_answer_of_nothing_are_read(log: Callable[..., Path]) -> None:
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": PROMPT}, {"type": "image", "image": "data:..."}]},
    ]
    (found,) = written(log([inspect_sample(1, content=None, input=turns)]))
    assert (found.prompt, found.text) == (PROMPT, "")


def test_a_sample_that_failed_is_told(log: Callable[..., Path]) -> None:
    failed = inspect_sample("bad")
    failed["output"] = {"model": "m", "choices": [], "completion": ""}
    amiss, fine = read(log([failed, inspect_sample("good")]))
    assert isinstance(amiss, Unread) and amiss.reason == "no generated text"
    assert not isinstance(fine, Unread)


def test_of_a_sample_logged_twice_the_later_counts(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = inspect_eval(
            tmp_path / "a.eval", [inspect_sample("p", content="old"), inspect_sample("p", content="new")]
        )
    assert [each.text for each in written(path)] == ["new"]


def test_a_log_that_was_not_finished_is_read(tmp_path: Path) -> None:
    path = inspect_eval(tmp_path / "a.eval", [inspect_sample("p")], header="none")
    assert [each.model for each in written(path)] == ["mockllm/model"]


def test_a_json_log_that_breaks_off_gives_the_samples_before(tmp_path: Path) -> None:
    path = inspect_json(tmp_path / "a.json", [inspect_sample(number) for number in range(5)])
    text = path.read_text()
    path.write_text(text[: text.index('"id": 3')])
    *before, last = read(path)
    assert [each.id for each in before if not isinstance(each, Unread)] == ["0", "1", "2"]
    assert isinstance(last, Unread) and last.reason == "not JSON"


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    path = inspect_eval(tmp_path / "a.eval", [inspect_sample("p")])
    path.write_bytes(path.read_bytes()[:200])
    (found,) = read(path)
    assert isinstance(found, Unread) and found.reason == "file cannot be read"


def test_a_member_that_unpacks_too_large_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspect_log, "LONGEST_RECORD", 20_000)
    samples = [inspect_sample("huge", content="a" * 30_000), inspect_sample("small")]
    amiss, fine = read(inspect_eval(tmp_path / "a.eval", samples))
    assert isinstance(amiss, Unread) and amiss.reason == "record too long"
    assert not isinstance(fine, Unread)


def test_an_archive_that_unpacks_to_far_more_than_a_log_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspect_log, "_FREE", 1000)
    path = inspect_eval(tmp_path / "a.eval", [inspect_sample("huge", content="a" * 10_000_000)])
    (found,) = read(path)
    assert isinstance(found, Unread) and "far more" in found.detail


def test_an_archive_of_something_else_holds_no_outputs(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.eval", "w") as archive:
        archive.writestr("samples/readme.txt", "hello")
        archive.writestr("samples/1.json", json.dumps([1, 2]))
        archive.writestr("header.json", "not JSON")
    (found,) = read(tmp_path / "a.eval")
    assert isinstance(found, Unread) and found.reason == "malformed field"


def test_a_log_that_is_no_json_at_all_is_no_log(tmp_path: Path) -> None:
    (tmp_path / "a.eval").write_bytes(b"\x00\x01\x02")
    with pytest.raises(UserError, match="no known format of outputs"):
        read(tmp_path / "a.eval")


def test_members_compressed_in_other_ways_and_encrypted_ones_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.eval"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("samples/1.json", json.dumps(inspect_sample(1)), zipfile.ZIP_LZMA)
        archive.writestr("samples/2.json", json.dumps(inspect_sample(2)), zipfile.ZIP_STORED)
    content = path.read_bytes()
    (other, fine) = read(path)
    assert isinstance(other, Unread) and other.reason == "unknown compression"
    assert not isinstance(fine, Unread)
    at = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)  # the second member, in the directory
    for change, offset in ((b"\x01", 8), (b"\xff\xff\xff\x7f", 42)):  # encrypted; begins beyond the end
        path.write_bytes(content[: at + offset] + change + content[at + offset + len(change) :])
        _, broken = read(path)
        assert isinstance(broken, Unread) and broken.reason == "cannot be unpacked", offset


def test_an_archive_whose_names_are_no_text_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.eval", "w") as archive:
        archive.writestr("samples/\N{SNOWMAN}.json", "{}")
    content = (tmp_path / "a.eval").read_bytes().replace("\N{SNOWMAN}".encode(), b"\xff\xfe\xfd")
    (tmp_path / "a.eval").write_bytes(content)
    (found,) = read(tmp_path / "a.eval")
    assert isinstance(found, Unread) and found.reason == "file cannot be read"


def test_the_seed_of_an_exported_log_is_read_and_the_seed_of_a_data_set_is_not(log: Callable[..., Path]) -> None:
    exported = inspect_sample(1, metadata={"id": "q", "tracekd_seed": 7, "seed": 3})
    foreign = inspect_sample(2, metadata={"id": "r", "seed": "drawn"})
    assert [(each.id, each.seed) for each in written(log([exported, foreign]))] == [("q", 7), ("r", 0)]
