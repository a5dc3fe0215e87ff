"""`--trace free` and `auto` from end to end: verify, analyze, export and select, on made outputs."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli import analyze, export, select, verify
from tracekd.cli.requests.results import AnalyzeRequest, ExportRequest, SelectRequest, VerifyRequest
from tracekd.errors import UserError
from tracekd.files import read_jsonl, write_jsonl
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.tasks.template import render_answer
from tracekd.verify.verdict import Verdict

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
HOLDS = "Fernhill Observatory: 1991-1999. Harbour Clock Company: 1996-2004. They overlap. The answer is Harbour Clock Company."
FALSE = "Fernhill Observatory: 1991-1999. Tidewater College: 1998-2004. The answer is Tidewater College."
UNREAD = "Fernhill Observatory sleeps furiously upon green ideas. <b>\x1b[31mAnswer</b>: Harbour Clock Company"


def template(problem: Problem) -> str:
    trace = TASK.template.render_trace(problem, problem.trace)
    return f"<think>{trace}</think> <answer>{render_answer(problem.answer)}</answer>"


TEXTS = (HOLDS, FALSE, UNREAD, template(PROBLEMS[3]), HOLDS + "\n" + FALSE * 300, template(PROBLEMS[5]))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Any]:
    """The arguments of a request: outputs of all kinds, and their problems."""
    write_jsonl(tmp_path / "problems.jsonl", PROBLEMS)
    rows = [{"id": one.id, "text": text, "model": "[red]m"} for one, text in zip(PROBLEMS, TEXTS, strict=True)]
    (tmp_path / "outputs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return {
        "outputs": [str(tmp_path / "outputs.jsonl")], "problems": [str(tmp_path / "problems.jsonl")], "task": "cotempqa",
    }  # fmt: skip


def verdicts_of(folder: Path) -> list[Verdict]:
    return list(read_jsonl(folder / "verdicts.jsonl", Verdict))


def test_auto_judges_each_output_in_its_way_and_says_how_many(
    files: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert verify.run(VerifyRequest(**files, trace="auto", out=out)) == 0
    printed = capsys.readouterr().out
    assert "4 outputs were judged as free traces, 2 by the template" in printed
    assert "\x1b[31m" not in printed and "<b>" not in printed
    found = verdicts_of(out)
    assert [verdict.free is not None for verdict in found] == [True, True, True, False, True, False]
    assert [verdict.trace for verdict in found] == [True, False, False, True, False, True]
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["trace"], summary["joined"]["as_free"], summary["joined"]["judged"]) == ("auto", 4, 6)
    assert "\x1b" not in (out / "summary.json").read_text()


def test_every_number_comes_from_the_same_record(
    files: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    verify.run(VerifyRequest(**files, trace="free", out=out))
    printed = capsys.readouterr().out
    free = json.loads((out / "summary.json").read_text())["cells"][0]["free"]
    traces = [verdict.free for verdict in verdicts_of(out) if verdict.free]
    total = Counter[str]()
    for one in traces:
        total.update(claims=one.claims, holding=one.holding, statements=one.total, unread=one.unread)
    assert (free["outputs"], free["claims_hold"]["right"], free["claims_hold"]["n"]) == (
        6,
        total["holding"],
        total["claims"],
    )
    assert (free["unread"]["right"], free["unread"]["n"]) == (total["unread"], total["statements"])
    assert free["no_false_step"]["right"] == sum(one.has_no_false_step for one in traces)
    assert f"free traces: {total['unread']} of {total['statements']} statements cannot" in printed.replace("\n", " ")
    rows = list(csv.reader((out / "tables/free_traces.csv").open()))
    shares = {row[2]: row[3:6] for row in rows[1:]}
    assert shares["claims that hold"] == [str(total["holding"]), str(total["claims"]), str(free["claims_hold"]["rate"])]
    analyze.run(AnalyzeRequest([str(out)], json=True))
    assert json.loads(capsys.readouterr().out)["cells"][0]["free"] == free
    analyze.run(AnalyzeRequest([str(out)]))
    told = capsys.readouterr().out
    assert "no false step" in told and "claims that hold" in told


def test_export_judges_them_again_in_the_same_way(files: dict[str, Any], tmp_path: Path) -> None:
    out, exported = tmp_path / "out", tmp_path / "exported"
    verify.run(VerifyRequest(**files, trace="auto", out=out))
    assert json.loads((out / "inputs.json").read_text())["trace"] == "auto"
    export.run(ExportRequest(run=out, to="jsonl", out=exported))
    (out / "inputs.json").write_text((out / "inputs.json").read_text().replace('"auto"', '"template"'))
    with pytest.raises(UserError, match="have changed"):
        export.run(ExportRequest(run=out, to="jsonl", out=tmp_path / "again"))


def test_select_answers_what_passes(files: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert select.run(SelectRequest(**files, trace="auto", out=tmp_path / "selected")) == 0
    assert "4 outputs were judged as free traces, 2 by the template" in capsys.readouterr().out
    found = json.loads((tmp_path / "selected/selection.json").read_text())
    (cell,) = found["cells"]
    assert (found["trace"], cell["selected"]["trace"]["accuracy"]["right"]) == ("auto", 3)
    assert cell["unread"]["right"] >= 1
    rows = list(csv.reader((tmp_path / "selected/selection.csv").open()))
    (unread,) = [row[-2:] for row in rows if row[2] == "unread"]
    assert unread == [str(cell["unread"]["right"]), str(cell["unread"]["n"])]


def test_a_page_shows_the_free_traces_and_only_them(
    files: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    verify.run(VerifyRequest(**files, trace="auto", out=out))
    assert f"free traces, statement by statement: {out / 'traces.html'}" in capsys.readouterr().out.replace("\n", "")
    page = (out / "traces.html").read_text(encoding="utf-8")
    assert page.count('<article class="free"') == 4
    assert "4 of 4 outputs with free traces" in page
    assert "<script" not in page and "\x1b" not in page and "&lt;b&gt;" in page
    verify.run(VerifyRequest(**files, trace="auto", out=tmp_path / "again"))
    assert (tmp_path / "again/traces.html").read_text(encoding="utf-8") == page
    verify.run(VerifyRequest(**files, trace="template", out=out))
    assert not (out / "traces.html").exists()


@pytest.mark.parametrize(("command", "request_of"), [(verify.run, VerifyRequest), (select.run, SelectRequest)])
def test_a_task_without_a_grammar_is_refused_before_anything_is_read(
    command: Any, request_of: Any, no_grammar: str
) -> None:
    with pytest.raises(UserError, match=r"no grammar .*\n.*babi, cotempqa.*\n.*--task musique --trace template"):
        command(request_of(outputs=["nowhere"], task=no_grammar, trace="free"))
    with pytest.raises(UserError, match="'atuo'"):
        command(request_of(outputs=["nowhere"], task=no_grammar, trace="atuo"))
