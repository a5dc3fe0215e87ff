"""Data that `tracekd sft` writes is clean, in all of its formats, and its regimes cannot be told apart by one number."""

import json
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli import sft
from tracekd.cli.requests.data import SftRequest
from tracekd.sft.tokens import FastTokenizer, load_tokenizer
from tracekd.students.base import base_folder
from tracekd.worlds import get_world
from tracekd.worlds.writing import write_world

from .conftest import audited

REGIMES = "correct,incorrect"


def made(name: str, folder: Path, n: int) -> tuple[str, Path]:
    families = get_world(name).families
    write_world(name, {key: made.dials() for key, made in families.items()}, folder, n=n // len(families), seed=5)
    return name, folder


@pytest.fixture(scope="module", params=["babi", "cotempqa", "msmarco"])
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    return made(request.param, tmp_path_factory.mktemp("world") / request.param, 1600)


@pytest.fixture(scope="module", params=["babi", "cotempqa", "msmarco"])
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    return made(request.param, tmp_path_factory.mktemp("world") / request.param, 160)


def written(folder: Path, source: tuple[str, Path], regimes: str = REGIMES, **more: Any) -> Path:
    task, path = source
    sources = sorted(
        str(file) for file in path.glob("*") if file.suffix in (".txt", ".json") and "manifest" not in file.name
    )
    sft.run(SftRequest(task=task, sources=sources, regimes=regimes, out=folder / "out", json=True, **more))
    return folder / "out"


def test_our_regimes_are_clean_and_do_not_give_themselves_away(tmp_path: Path, many: tuple[str, Path]) -> None:
    report = audited(written(tmp_path, many))
    assert report.above() == set()
    assert report.report.task == many[0]
    assert [Path(part.files[0]).name for part in report.report.parts] == ["correct.parquet", "incorrect.parquet"]
    (pair,) = report.report.give_away
    assert pair.judged and pair.same_problems
    assert {
        name: round(number.accuracy, 3) for name, number in pair.numbers.items() if abs(number.accuracy - 0.5) > 0.03
    } == {}
    assert report.faults["incorrect_is_right"].checked == report.faults["correct_is_wrong"].checked > 100


# Labels need the student's tokenizer, and so torch, which takes seconds to import.
LABELS = pytest.param("labels", marks=pytest.mark.xdist_group("torch"))


@pytest.mark.parametrize("kind", ["messages", "prompt-completion", LABELS, "csv"])
def test_every_format_says_the_same(tmp_path: Path, source: tuple[str, Path], kind: str) -> None:
    folder = written(tmp_path, source, format=kind, tokenizer="embedded" if kind == "labels" else None)
    loaded = load_tokenizer(base_folder("embedded"))
    report = audited(folder, decode=decoder(loaded))
    assert report.rows("unreadable") == 0
    checked = {fault.name: fault.checked for fault in report.report.faults}
    assert checked["answer_differs"] == checked["fact_not_in_context"] == report.report.rows > 100
    assert report.above() == set()


def decoder(tokenizer: FastTokenizer) -> Any:
    return lambda ids: tokenizer.inner.decode(
        [i for i in ids if i != tokenizer.eos_token_id], skip_special_tokens=False
    )


def test_the_paper_s_own_regimes_are_not_clean(tmp_path: Path, source: tuple[str, Path]) -> None:
    report = audited(written(tmp_path, source, "paper(correct),paper(incorrect)"))
    assert "give_away" in report.above()
    expected = {
        "babi": {"fact_case_changed"},
        "cotempqa": {"malformed_step", "incorrect_is_right"},
        "msmarco": set[str](),
    }
    assert expected[source[0]] <= report.above()


def test_regimes_that_are_meant_to_differ_are_shown_and_not_judged(tmp_path: Path, source: tuple[str, Path]) -> None:
    regimes = "answer_only,class_only,correct,facts_only,filler,masked_answer,shuffled,incorrect_class,incorrect_facts"
    report = audited(written(tmp_path, source, regimes))
    assert report.above() == set()
    judged = {pair.second: pair.judged for pair in report.report.give_away}
    assert judged == {
        "class_only": False, "facts_only": False, "filler": False, "masked_answer": False, "shuffled": False,
        "incorrect_class": True, "incorrect_facts": True,
    }  # fmt: skip


def test_targets_that_a_token_limit_cuts(tmp_path: Path, source: tuple[str, Path]) -> None:
    folder = written(tmp_path, source)
    tokenizer = load_tokenizer(base_folder("embedded"))
    found = map(json.loads, (folder / "correct.jsonl").read_text(encoding="utf-8").splitlines())
    rows = [row["prompt"] + row["completion"] for row in found]
    lengths = sorted(sum(tokenizer.lengths([message["content"] for message in said])) + 1 for said in rows)
    limit = lengths[-4]
    over = sum(length > limit for length in lengths)
    report = audited(folder / "correct.jsonl", tokenizer=tokenizer, max_tokens=limit)
    assert report.rows("target_lost") == over > 0
    lost = report.report.lost_targets
    assert lost is not None and lost.part + lost.all == over
    report = audited(folder / "correct.jsonl", tokenizer=tokenizer, max_tokens=2)
    lost = report.report.lost_targets
    assert lost is not None and (lost.part, lost.all) == (0, len(rows))
    fits = audited(folder / "correct.jsonl", tokenizer=tokenizer, max_tokens=lengths[-1])
    assert fits.faults["target_lost"].verdict == "ok"
