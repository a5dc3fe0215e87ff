"""`tracekd select`: outputs of which some pass; in-process, and once as a user runs it."""

import csv
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli.requests.results import SelectRequest
from tracekd.cli.select import CELLS, CURVES, FIGURE, SUMMARY, run
from tracekd.errors import UserError
from tracekd.files import write_jsonl
from tracekd.problem import Problem, gold_trace
from tracekd.tasks import get_task
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.tasks.template import render_answer

from .conftest import Run

REAL = Path(__file__).parents[2].parent / "shared/data/released_outputs"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not on this machine")

TASK = get_task("cotempqa")


def problem(person: str) -> Problem:
    facts = (
        f"{person} works for Fernhill Observatory from 1991 to 1999.",
        f"{person} works for Harbour Clock Company from March, 1996 to May 2, 2004.",
        f"{person} works for Tidewater College in 1984.",
    )
    asked = f"While {person} was working for Fernhill Observatory, which employer did {person} work for simultaneously?"
    return make_problem("overlap", asked, facts, ("Harbour Clock Company",), source="made:1")


PROBLEMS = tuple(map(problem, ("Ada Brook", "Ben O'Hara", "Cleo Marsh", "Dora Vale", "Egon Frost", "Flora Hill")))


def text(problem: Problem, fact: str, answer: str) -> str:
    trace = TASK.template.render_trace(problem, gold_trace("overlap", [fact]))
    return f"<think>{trace}</think> <answer>{answer}</answer>"


def right(problem: Problem) -> str:
    return text(problem, "2", render_answer(problem.answer))


def wrong(problem: Problem) -> str:
    return text(problem, "3", "['Tidewater College']")


def lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


@pytest.fixture
def asked(tmp_path: Path) -> str:
    write_jsonl(tmp_path / "problems.jsonl", PROBLEMS)
    return str(tmp_path / "problems.jsonl")


@pytest.fixture
def half(tmp_path: Path) -> str:
    """Three outputs that are right, three that are wrong; the last line is of no problem."""
    rows = [{"id": p.id, "text": (right if at < 3 else wrong)(p)} for at, p in enumerate(PROBLEMS)]
    return lines(tmp_path / "half_correct.jsonl", [*rows, {"id": "[red]nobody", "text": "x"}])


def select(
    capsys: pytest.CaptureFixture[str], *outputs: str, problems: Iterable[str] = (), **how: Any
) -> tuple[int, str]:
    capsys.readouterr()
    code = run(SelectRequest(outputs=outputs, problems=tuple(problems), task="cotempqa", **how))
    return code, capsys.readouterr().out


def test_only_what_passes_is_answered(half: str, asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = select(capsys, half, problems=[asked], json=True)
    report = json.loads(out)
    (cell,) = report["cells"]
    assert code == 0 and (cell["n"], cell["all"]["right"]) == (6, 3)
    for name in ("all", "trace", "from_cited", "from_context"):
        found = cell["selected"][name]
        assert (found["coverage"]["right"], found["accuracy"]["right"], found["accuracy"]["n"]) == (3, 3, 3)
        assert found["gain"]["value"] == 0.5
    assert cell["selected"]["facts"]["coverage"]["right"] == 6
    assert cell["ranked"]["all"]["aurc"]["value"] == pytest.approx(cell["ranked"]["oracle"]["aurc"]["value"])
    assert report["joined"]["unknown"]["count"] == 1


def test_the_tables_say_what_is_answered_and_what_was_not_joined(
    half: str, asked: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    code, out = select(capsys, half, problems=[asked])
    assert code == 0
    for wanted in (
        "everything passes",
        "correct: 6 outputs",
        "one seed: these numbers describe only this student",
        "100.0 [",
        "+50.0",
        "shorter first",
        "oracle",
        "1 outputs do not belong to",
    ):
        assert wanted in out


def test_a_folder_has_the_numbers_the_curves_and_the_figure(
    half: str, asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "selected"
    code, printed = select(capsys, half, problems=[asked], out=out, json=True)
    assert code == 0 and json.loads((out / SUMMARY).read_text()) == json.loads(printed)
    with (out / CURVES).open() as file:
        points = [row for row in csv.DictReader(file) if row["score"] == "all"]
    assert [float(point["risk"]) for point in points] == pytest.approx([0, 0, 0, 1 / 4, 2 / 5, 1 / 2])
    with (out / CELLS).open() as file:
        found = {(row["what"], row["name"]): row for row in csv.DictReader(file)}
    assert float(found["accuracy", "all"]["value"]) == 1 and found["coverage", "all"]["right"] == "3"
    assert ET.parse(out / FIGURE).getroot().tag.endswith("svg")
    first = {name: (out / name).read_bytes() for name in (SUMMARY, CELLS, CURVES, FIGURE)}
    select(capsys, half, problems=[asked], out=out)
    assert first == {name: (out / name).read_bytes() for name in first}


def test_eighty_columns_are_enough(
    half: str, asked: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = {}
    for columns in (80, 300):
        monkeypatch.setenv("COLUMNS", str(columns))
        text[columns] = select(capsys, half, problems=[asked])[1]
    assert text[80] == text[300]


def test_nothing_of_an_earlier_run_stays_beside_an_interrupted_one(
    half: str, asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "selected"
    select(capsys, half, problems=[asked], out=out)

    def halt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tracekd.cli.select.write_curves", halt)
    with pytest.raises(KeyboardInterrupt):
        select(capsys, half, problems=[asked], out=out)
    assert [name for name in (SUMMARY, CELLS, CURVES, FIGURE) if (out / name).exists()] == [CELLS]


def test_tables_hold_no_formula(asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": p.id, "text": right(p), "student": " =1+1", "regime": "@x"} for p in PROBLEMS]
    out = tmp_path / "selected"
    select(capsys, lines(tmp_path / "o.jsonl", rows), problems=[asked], out=out)
    for name in (CELLS, CURVES):
        with (out / name).open(encoding="utf-8") as file:
            assert {(row["model"], row["regime"]) for row in csv.DictReader(file)} == {("' =1+1", "'@x")}


def test_models_and_regimes_are_cells_of_their_own(
    asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"id": p.id, "text": make(p), "student": "s", "regime": regime}
        for p in PROBLEMS
        for regime, make in (("correct", right), ("incorrect", wrong))
    ]
    _, out = select(capsys, lines(tmp_path / "both.jsonl", rows), problems=[asked], json=True)
    found = {cell["regime"]: cell["selected"]["all"] for cell in json.loads(out)["cells"]}
    assert found["correct"]["coverage"]["rate"] == 1 and found["incorrect"]["coverage"]["rate"] == 0
    assert found["incorrect"]["accuracy"]["rate"] is None


def test_where_nothing_can_be_checked_the_exit_code_is_one(
    asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strangers = lines(tmp_path / "o.jsonl", [{"id": "nobody", "text": "x"}])
    assert select(capsys, strangers, problems=[asked])[0] == 1


def test_requests_that_cannot_be_met(half: str, asked: str, tmp_path: Path) -> None:
    cases: list[tuple[str, SelectRequest]] = [
        ("there is no task", SelectRequest(outputs=[half], task="cotemp")),
        (
            "would be written into a folder that is read",
            SelectRequest(outputs=[str(tmp_path)], task="cotempqa", out=tmp_path / "in"),
        ),
        ("is a file", SelectRequest(outputs=[half], task="cotempqa", out=tmp_path / "problems.jsonl")),
        ("no problem could be read", SelectRequest(outputs=[half], problems=[half], task="cotempqa")),
        ("is not a mapping", SelectRequest(outputs=[half], mapping=["text"], task="cotempqa")),
    ]
    for said, request in cases:
        with pytest.raises(UserError, match=said):
            run(request)


def test_as_a_user_runs_it(started_tracekd: Run, half: str, asked: str) -> None:
    done = started_tracekd("select", half, "--task", "cotempqa", "--problems", asked, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["task"] == "cotempqa"
    failed = started_tracekd("select", half, "--task", "nothing")
    assert failed.returncode == 2 and "Traceback" not in failed.stderr


@needs_real
def test_the_released_outputs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = select(capsys, str(REAL / "cotempqa/equal"), str(REAL / "cotempqa/overlap"), json=True)
    cells = {cell["regime"]: cell for cell in json.loads(out)["cells"]}
    assert code == 0 and {cell["n"] for cell in cells.values()} == {218}
    correct, incorrect = (cells[name]["selected"] for name in ("correct", "incorrect"))
    assert correct["trace"]["accuracy"]["rate"] > cells["correct"]["all"]["rate"] + 0.2
    assert correct["all"]["accuracy"]["rate"] > 0.95
    # Taught wrong traces, the student writes none that passes.
    assert incorrect["trace"]["coverage"]["right"] <= 1 and incorrect["all"]["coverage"]["right"] == 0


@pytest.mark.parametrize("name", [SUMMARY, CELLS, CURVES, FIGURE])
def test_what_is_not_its_own_is_not_replaced(
    name: str, half: str, asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("of another program")
    with pytest.raises(UserError, match="did not write this"):
        select(capsys, half, problems=[asked], out=tmp_path / "mine")
    assert (tmp_path / "mine" / name).read_text() == "of another program"
