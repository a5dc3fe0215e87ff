import csv
import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracekd.cli.analyze import run, verdict_files
from tracekd.cli.requests.results import AnalyzeRequest
from tracekd.errors import UserError
from tracekd.files import contents
from tracekd.verify.verdict import Verdict

from .conftest import Run


def verdicts(
    regime: str, *, seed: int = 0, problems: int = 40, model: str = "tiny", support: str | None = None
) -> Iterator[Verdict]:
    rng = random.Random(f"{regime} {seed}")
    for i in range(problems):
        answer, trace = rng.random() < 0.6, rng.random() < 0.5
        step = "right" if trace else "wrong"
        yield Verdict(
            id=f"p{i}", group=f"g{i // 2}", label=f"l{i % 2}", regime=regime, student=model, seed=seed, status="ok",
            class_step="right" if i % 3 else "wrong", retrieval_step=step, retrieval={"support": step}, trace=trace,
            support=support, answer=answer, lenient_answer=answer, answer_parsed=True, stated_label=None, cited=(),
            precision=1, recall=1, f1=1, invented=0, consistent=answer, finish="stop", reason="",
        )  # fmt: skip


def write(path: Path, *regimes: str, **kinds: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [v.model_dump_json() for regime in regimes for v in verdicts(regime, **kinds)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_json_is_the_summary_and_nothing_else(started_tracekd: Run, tmp_path: Path) -> None:
    write(tmp_path / "v.jsonl", "a", "b")
    result = started_tracekd("analyze", "v.jsonl", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert [cell["regime"] for cell in found["cells"]] == ["a", "b"]
    assert len(found["comparisons"]) == 4


def test_tables_for_people_escape_names(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write(tmp_path / "v.jsonl", "a", "[red]b", model="[bold]x\x1b[31m")
    run(AnalyzeRequest([str(tmp_path / "v.jsonl")]))
    out = capsys.readouterr().out
    assert "[bold]x" in out
    assert "[red]b" in out
    assert "\x1b[31m" not in out
    for heading in ("right, per cent", "step and answer", "odds of a right answer", "first regime minus second"):
        assert heading in out


def test_out_has_every_table_and_the_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(AnalyzeRequest([str(write(tmp_path / "v.jsonl", "a", "b"))], out=tmp_path / "out", json=True))
    written = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert written == json.loads(capsys.readouterr().out)
    rows = list(csv.DictReader((tmp_path / "out" / "tables" / "rates.csv").open(encoding="utf-8")))
    answer = next(row for row in rows if (row["regime"], row["measure"]) == ("a", "answer"))
    assert float(answer["rate"]) == written["cells"][0]["answer"]["rate"]
    assert (tmp_path / "out" / "tables" / "comparisons.tex").is_file()


def test_eighty_columns_hold_whole_numbers_and_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["correct", "incorrect_class", "few_shot(5,trace)", "x" * 300]
    path, text = str(write(tmp_path / "v.jsonl", *names)), {}
    for columns in (80, 400):
        monkeypatch.setenv("COLUMNS", str(columns))
        run(AnalyzeRequest([path]))
        text[columns] = capsys.readouterr().out
    assert max(map(len, text[80].splitlines())) <= 80
    numbers = re.compile(r"[+-]?[\d.]+ \[[+-]?[\d.]+, [+-]?[\d.]+\]")
    wide = numbers.findall(text[400])
    assert len(wide) > 60
    assert sorted(numbers.findall(text[80])) == sorted(wide)
    for name in (*names[:3], "few_shot(5,trace) - incorrect_class", "x" * 15 + "\N{HORIZONTAL ELLIPSIS}" + "x" * 16):
        assert name in text[80]


@pytest.mark.parametrize("written", [0, 1, 7, 42])
def test_a_kill_leaves_no_files_of_two_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int) -> None:
    out, left = tmp_path / "out", iter(range(written))
    run(AnalyzeRequest([str(write(tmp_path / "a.jsonl", "first", "second"))], out=out))
    (out / "tables" / "mine.txt").write_text("mine", encoding="utf-8")

    def halt(path: Path, text: str) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        path.write_text(text, encoding="utf-8")

    monkeypatch.setattr("tracekd.stats.table_files.write_text", halt)
    monkeypatch.setattr("tracekd.cli.analyze.write_text", halt)
    with pytest.raises(KeyboardInterrupt):
        run(AnalyzeRequest([str(write(tmp_path / "b.jsonl", "third", "fourth"))], out=out))
    found = [path.read_text(encoding="utf-8") for path in contents(out / "tables")]
    assert not (out / "summary.json").exists()
    assert len(found) == written + 1 and "mine" in found


def test_two_kinds_of_support_are_not_mixed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = write(tmp_path / "a.jsonl", "a"), write(tmp_path / "b.jsonl", "b", support="full_support")
    other = write(tmp_path / "c.jsonl", "c", support="answer_\x1b[31mfacts")
    said = refused(old, new, other)
    for part in ("c.jsonl:1", "b.jsonl:1", "'full_support'", "'answer_\\x1b[31mfacts'", "--support KIND"):
        assert part in said
    run(AnalyzeRequest([str(old), str(new)]))
    assert "traces by full_support" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("place", ["v.jsonl", "folder/v.jsonl"])
def test_a_pipe_is_refused_at_once(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / place)
    assert "v.jsonl: this is not a regular file" in refused(tmp_path / place.partition("/")[0])


def test_folders(tmp_path: Path) -> None:
    study = tmp_path / "study"
    cells = [write(study / "verdicts" / f"{name}.jsonl", name) for name in "ab"]
    (study / "cells.jsonl").write_text("no verdict", encoding="utf-8")
    run_folder = write(tmp_path / "verified" / "verdicts.jsonl", "a")
    loose = write(tmp_path / "loose" / "x.jsonl", "a")
    assert list(verdict_files([str(study)])) == cells
    assert list(verdict_files([str(tmp_path / "verified"), str(tmp_path / "loose")])) == [run_folder, loose]


def test_what_another_command_wrote_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "run" / "verdicts.jsonl", "a")
    (tmp_path / "run" / "summary.json").write_text("of tracekd verify", encoding="utf-8")
    with pytest.raises(UserError, match="did not write this"):
        run(AnalyzeRequest([str(tmp_path / "run")], out=tmp_path / "run"))
    assert (tmp_path / "run" / "summary.json").read_text(encoding="utf-8") == "of tracekd verify"
    assert not (tmp_path / "run" / "tables").exists()
    for _ in range(2):  # what it wrote itself is replaced
        run(AnalyzeRequest([str(tmp_path / "run")], out=tmp_path / "out"))


def refused(*paths: Path, **options: object) -> str:
    with pytest.raises(UserError) as error:
        run(AnalyzeRequest([str(path) for path in paths], **options))
    return str(error.value)


def test_bad_input_is_named(tmp_path: Path) -> None:
    good = write(tmp_path / "v.jsonl", "a")
    assert "no such file" in refused(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    assert "no verdicts in this folder" in refused(tmp_path / "empty")
    assert "named twice" in refused(good, good)
    for name, text in {"b": "{}", "c": '{"id": "p0"', "d": "\xff\x00", "e": "[" * 100_000}.items():
        bad = tmp_path / f"{name}.jsonl"
        bad.write_text(good.read_text(encoding="utf-8") + "\n" + text, encoding="latin-1")
        # 40 verdicts, a blank line, and what is none.
        assert f"{name}.jsonl:42: this is not a verdict" in refused(bad)


def test_a_very_long_line_is_no_verdict(tmp_path: Path) -> None:
    path = tmp_path / "v.jsonl"
    path.write_bytes(b'{"id": "' + b"x" * (5 << 20) + b'"}\n')
    assert "v.jsonl:1: this is not a verdict" in refused(path)


def test_verdicts_given_twice_are_refused(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.jsonl", "a"), write(tmp_path / "b.jsonl", "a")
    assert "40 verdicts of model 'tiny', regime 'a' occur twice" in refused(first, second)


def test_an_empty_file_has_no_verdicts(tmp_path: Path) -> None:
    (tmp_path / "v.jsonl").write_text("\n\n", encoding="utf-8")
    assert "no verdicts" in refused(tmp_path / "v.jsonl")


def test_out_must_be_a_folder(tmp_path: Path) -> None:
    good = write(tmp_path / "v.jsonl", "a")
    assert "this is a file" in refused(good, out=good)
