"""`tracekd verify`: anyone's outputs in, a summary out; in-process, and once as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli.requests.results import VerifyRequest
from tracekd.cli.verify import JOIN, SUMMARY, TABLES, run
from tracekd.errors import UserError
from tracekd.files import contents, write_jsonl, write_text
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.tasks.template import render_answer
from tracekd.verify.verified_folder import VERDICTS

from .conftest import Run, environment

REAL = Path(__file__).parents[2].parent / "shared/data/released_outputs"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not on this machine")

TASK = get_task("cotempqa")
PEOPLE = ("Ada Brook", "Ben O'Hara", "Cleo Marsh", "Dora Vale", "Egon Frost", "Flora Hill")


def problem(person: str) -> Problem:
    facts = (
        f"{person} works for Fernhill Observatory from 1991 to 1999.",
        f"{person} works for Harbour Clock Company from March, 1996 to May 2, 2004.",
        f"{person} works for Tidewater College in 1984.",
    )
    question = (
        f"While {person} was working for Fernhill Observatory, which employer did {person} work for simultaneously?"
    )
    return make_problem("overlap", question, facts, ("Harbour Clock Company",), source="made:1")


PROBLEMS = tuple(map(problem, PEOPLE))


def right(problem: Problem) -> str:
    trace = TASK.template.render_trace(problem, problem.trace)
    return f"<think>{trace}</think> <answer>{render_answer(problem.answer)}</answer>"


def released(problem: Problem, text: str) -> dict[str, Any]:
    return {
        "input": {"text": "..."},
        "prediction": f"assistant\n\n{text}",
        "gold": list(problem.answer.values),
        "triple_element": "S1_R1_O2",
        "question": problem.question,
        "facts": [fact.text for fact in problem.context],
    }


def lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Released files of two regimes: one that is always right, one whose traces are cut off."""
    texts = {"": lambda p: render_answer(p.answer), "-reasoning-facts": right}
    for kind, text in texts.items():
        lines(
            tmp_path / f"out/overlap/Tiny-1B-sft-adapter{kind}_default.json", [released(p, text(p)) for p in PROBLEMS]
        )
    return str(tmp_path / "out")


@pytest.fixture
def asked(tmp_path: Path) -> str:
    write_jsonl(tmp_path / "problems.jsonl", PROBLEMS)
    return str(tmp_path / "problems.jsonl")


def verify(capsys: pytest.CaptureFixture[str], *outputs: str, **how: Any) -> tuple[int, str, str]:
    capsys.readouterr()
    code = run(VerifyRequest(**{"outputs": outputs, "task": "cotempqa", **how}))
    said = capsys.readouterr()
    return code, said.out, said.err


def cells(out: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(cell["model"], cell["regime"]): cell for cell in json.loads(out)["cells"]}


def test_released_files_need_nothing_else(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = verify(capsys, folder, json=True)
    found = cells(out)
    assert code == 0 and set(found) == {("Tiny-1B", "answer_only"), ("Tiny-1B", "correct")}
    correct, vanilla = found["Tiny-1B", "correct"], found["Tiny-1B", "answer_only"]
    assert (correct["n"], correct["answer"]["right"], correct["trace"]["right"], correct["consistent"]["right"]) == (
        6,
        6,
        6,
        6,
    )
    assert (vanilla["answer"]["right"], vanilla["trace"]["right"], vanilla["unparsed"]["class"]) == (6, 0, 6)


def test_json_is_all_that_stands_on_standard_output(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(folder, "stray.jsonl").write_text("no outputs\n")
    code, out, err = verify(capsys, folder, json=True)
    assert code == 0 and json.loads(out)["cells"]
    assert "1 lines or files hold no outputs" in err and "stray.jsonl" in err


def test_the_table_shows_every_measure_and_what_was_not_judged(
    folder: str, asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    rows = [
        {"id": PROBLEMS[0].id, "text": right(PROBLEMS[0])},
        {"id": PROBLEMS[1].id, "text": right(PROBLEMS[1])},
        {"id": PROBLEMS[0].id, "text": "again"},
        {"id": "[red]else[/red]", "text": "x"},
        {"id": "a"},
    ]
    mine = lines(tmp_path / "mine_correct.jsonl", rows)
    code, out, _ = verify(capsys, folder, mine, problems=[asked])
    assert code == 0
    for said in (
        "Tiny-1B", "answer_only", "correct", "answer right", "100.0%", "facts right: answer_facts", "trace right",
        "14 outputs judged, for 6 problems", "1 lines or files hold no outputs (missing field: 1)",
        "1 outputs do not belong to a known problem", "mine_correct.jsonl:4: unknown problem",
        f"mine_correct.jsonl:3: another output for {PROBLEMS[0].id}", "4 problems have no output",
    ):  # fmt: skip
        assert said in out, said


def test_the_folder_holds_verdicts_summary_and_join(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "verified"
    code, said, _ = verify(capsys, folder, out=out, json=True)
    assert code == 0
    assert json.loads((out / SUMMARY).read_text()) == json.loads(said)
    verdicts = [json.loads(line) for line in (out / VERDICTS).read_text().splitlines()]
    assert len(verdicts) == 12 and {verdict["id"] for verdict in verdicts} == {p.id for p in PROBLEMS}
    join = json.loads((out / JOIN).read_text())
    assert (join["judged"], join["unread"]["count"]) == (12, 0)
    assert [run["first"].endswith("sft-adapter-reasoning-facts_default.json:1") for run in join["runs"]] == [
        False,
        True,
    ]
    assert {file.suffix for file in contents(out / TABLES)} == {".csv", ".md", ".tex"}
    first = {name: (out / name).read_bytes() for name in (SUMMARY, VERDICTS, JOIN)}
    verify(capsys, folder, out=out)
    assert {name: (out / name).read_bytes() for name in first} == first


def test_model_and_regime_can_be_said(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    vanilla = f"{folder}/overlap/Tiny-1B-sft-adapter_default.json"
    _, out, _ = verify(capsys, vanilla, model="mine", regime="facts_only", json=True)
    assert set(cells(out)) == {("mine", "facts_only")}


def test_a_mapping_reads_any_other_file(asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"key": p.id, "choices": [{"text": right(p)}]} for p in PROBLEMS]
    mine = lines(tmp_path / "batch.jsonl", rows)
    mapping = ["text=.choices[0].text", "id=.key"]
    code, out, _ = verify(capsys, mine, problems=[asked], mapping=mapping, json=True)
    assert code == 0 and cells(out)["batch", "unknown"]["trace"]["right"] == 6


def lm_eval(folder: Path) -> str:
    rows = [
        {"doc_id": at, "doc": {"question": p.question, "facts": [f.text for f in p.context]}, "resps": [[right(p)]],
         "filtered_resps": ["?"], "arguments": {}, "filter": filter_}
        for filter_ in ("strict", "flexible") for at, p in enumerate(PROBLEMS)
    ]  # fmt: skip
    return lines(folder / "org__model/samples_any_2025.jsonl", rows)


def inspect(folder: Path) -> str:
    """Samples that the tool numbered itself, each with the whole prompt, and think tags taken out of the text."""
    path = folder / "log.eval"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("header.json", json.dumps({"version": 2, "eval": {"model": "org/model", "task": "any"}}))
        for number, problem in enumerate(PROBLEMS, start=1):
            trace, _, answer = right(problem).removeprefix("<think>").partition("</think>")
            content = [{"type": "reasoning", "reasoning": trace}, {"type": "text", "text": answer}]
            output = {"choices": [{"message": {"role": "assistant", "content": content}, "stop_reason": "stop"}]}
            sample = {"id": number, "epoch": 1, "input": TASK.template.render_prompt(problem), "output": output}
            archive.writestr(f"samples/{number}_epoch_1.json", json.dumps(sample))
    return str(path)


@pytest.mark.parametrize("make", [lm_eval, inspect])
def test_logs_of_other_harnesses_are_joined_and_judged(
    make: Callable[[Path], str], asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = verify(capsys, make(tmp_path), problems=[asked], json=True)
    cell = cells(out)["org/model", "unknown"]
    assert (code, err) in ((0, ""), (0, "delimiters of reasoning: field: 6\n"))
    assert (cell["n"], cell["trace"]["right"], cell["answer"]["right"], cell["consistent"]["right"]) == (6, 6, 6, 6)


def test_the_kind_of_support_can_be_said(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = verify(capsys, folder, support="full_support", json=True)
    correct = cells(out)["Tiny-1B", "correct"]
    assert correct["trace"]["right"] == 0 and correct["retrieval"]["support"]["right"] == 6


def test_where_nothing_can_be_judged_the_exit_code_is_1(
    asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = lines(tmp_path / "mine.jsonl", [{"id": "unknown", "text": "x"}])
    out = tmp_path / "verified"
    code, said, err = verify(capsys, mine, problems=[asked], out=out, json=True)
    joined = json.loads(said)["joined"]
    assert (code, joined["judged"], joined["unknown"]["count"]) == (1, 0, 1)
    assert "no output could be judged" in err and "mine.jsonl:1: unknown problem" in err
    assert not (out / SUMMARY).exists() and not (out / VERDICTS).exists()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"task": "cotempqq"}, "did you mean 'cotempqa'"),
        ({"support": "suport"}, "did you mean"),
        ({"format": "lmeval"}, "did you mean 'lm-eval'"),
        ({"mapping": ["text"]}, "is not a mapping"),
        ({"mapping": ["text=.a", "text=.b"]}, "twice"),
        ({"mapping": ["text=a b"]}, "not a path"),
        ({"task": "hotpotqa"}, "--problems SOURCE"),
        ({"task": "babi"}, "--problems SOURCE"),
        ({"problems": ["missing.jsonl"]}, "no such file"),
        ({"model": ""}, "a model or a regime has a name of"),
    ],
)
def test_a_faulty_request_is_told(
    folder: str, how: dict[str, Any], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UserError) as error:
        verify(capsys, folder, **how)
    assert message in str(error.value)


def test_outputs_that_hold_no_problems_need_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = lines(tmp_path / "mine.jsonl", [{"id": "a", "text": "x"}])
    with pytest.raises(UserError, match="--problems SOURCE"):
        verify(capsys, mine)


def test_nothing_is_written_beside_what_is_read(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    for out in (Path(folder), Path(folder) / "overlap" / "verified"):
        with pytest.raises(UserError, match="into a folder that is read"):
            verify(capsys, folder, out=out)


KILLED = """
import os, signal
from pathlib import Path
from tracekd.cli import verify
from tracekd.verify.verdict import Verdict
count = 0
add = verify.Columns.add
def kill(self, verdict):
    global count
    count += 1
    if count == 8:
        os.kill(os.getpid(), signal.SIGKILL)
    add(self, verdict)
verify.Columns.add = kill
import sys
from pathlib import Path
from tracekd.cli.requests.results import VerifyRequest
verify.run(VerifyRequest(outputs=[sys.argv[1]], task="cotempqa", out=Path(sys.argv[2])))
"""


def test_a_kill_leaves_what_was_finished_before(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "verified"
    verify(capsys, folder, out=out)
    before = {name: (out / name).read_bytes() for name in (SUMMARY, VERDICTS, JOIN)}
    killed = subprocess.run([sys.executable, "-c", KILLED, folder, str(out)], env=environment(), timeout=600)
    assert killed.returncode == -signal.SIGKILL
    assert {name: (out / name).read_bytes() for name in before} == before
    assert verify(capsys, folder, out=out)[0] == 0


def test_as_a_user_runs_it(started_tracekd: Run, folder: str) -> None:
    result = started_tracekd("verify", folder, "--task", "cotempqa", "--json")
    assert result.returncode == 0, result.stderr
    assert cells(result.stdout)["Tiny-1B", "correct"]["trace"]["right"] == 6
    missing = started_tracekd("verify", "missing", "--task", "cotempqa")
    assert (
        missing.returncode == 2
        and missing.stderr.startswith("tracekd: missing: ")
        and "Traceback" not in missing.stderr
    )


@needs_real
def test_the_released_outputs_give_the_known_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """The counts of the paper's own files, as this project's issue states them; 1 % of 950 is the parser's liberty."""
    _, out, _ = verify(capsys, str(REAL / "cotempqa"), support="answer_facts", json=True)
    found = {regime: cell for (_, regime), cell in cells(out).items()}
    assert {regime: (cell["n"], cell["answer"]["right"]) for regime, cell in found.items()} == {
        "answer_only": (950, 397),
        "correct": (950, 377),
        "incorrect": (950, 364),
    }
    tables, consistent = found["correct"]["tables"], found["correct"]["consistent"]["right"]
    assert tables["class"] == pytest.approx([250, 276, 127, 297], abs=9.5)
    assert tables["retrieval"]["answer_facts"] == pytest.approx([353, 3, 24, 570], abs=9.5)
    assert tables["trace"] == pytest.approx([232, 2, 145, 571], abs=9.5)
    assert consistent == pytest.approx(921, abs=9.5)
    assert found["incorrect"]["tables"]["trace"] == pytest.approx([0, 6, 364, 580], abs=9.5)
    assert found["incorrect"]["consistent"]["right"] == pytest.approx(9, abs=9.5)


def test_records_that_are_no_problems_are_told(folder: str, asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_text(Path(asked), Path(asked).read_text() + "{}\n")
    code, _, err = verify(capsys, folder, problems=[asked], json=True)
    assert code == 0 and "1 records are not valid problems: not a problem (1)" in err


def test_the_summary_says_by_what_support_and_what_was_not_joined(
    folder: str, asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = lines(
        tmp_path / "stranger.jsonl", [{"id": "someone/1", "text": "x"}, {"id": PROBLEMS[0].id, "text": None}]
    )
    _, out, _ = verify(capsys, stranger, problems=[asked], support="full_support", json=True)
    summary = json.loads(out)
    assert (summary["task"], summary["support"]) == ("cotempqa", "full_support")
    assert (summary["joined"]["judged"], summary["joined"]["unknown"]["count"]) == (1, 1)
    assert summary["cells"][0]["answer"]["rate"] == 0  # a model that wrote nothing is wrong, not absent


def test_a_run_that_judges_nothing_leaves_what_is_there_and_another_leaves_no_old_tables(
    folder: str, asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "judged"
    verify(capsys, folder, out=out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file() and path.suffix != ".lock"}
    stranger = lines(tmp_path / "stranger.jsonl", [{"id": "someone/1", "text": "x"}])
    code, said, _ = verify(capsys, stranger, problems=[asked], out=out, json=True)
    assert code == 1 and json.loads(said)["joined"]["unknown"]["count"] == 1
    assert all(path.read_bytes() == text for path, text in before.items())
    note_as_written(out, f"{TABLES}/old.csv")
    (out / TABLES / "old.csv").write_text("of before")
    (out / TABLES / "mine.csv").write_text("of another program")
    assert verify(capsys, folder, out=out)[0] == 0
    assert not (out / TABLES / "old.csv").exists()
    assert (out / TABLES / "mine.csv").read_text() == "of another program"


def note_as_written(out: Path, name: str) -> None:
    """As if an earlier version of the command had written a file of this name."""
    manifest = out / ".tracekd-verify.json"
    written = json.loads(manifest.read_text())
    write_text(manifest, json.dumps({"files": [*written["files"], name]}))


@pytest.mark.parametrize("name", ["verdicts.jsonl", "summary.json", "join.json", "tables", "tables/mine.csv"])
def test_what_is_not_its_own_is_neither_replaced_nor_deleted(
    name: str, folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine"
    path = out / name
    path.parent.mkdir(parents=True)
    path.write_text("of another program")
    with pytest.raises(UserError, match="did not write this"):
        verify(capsys, folder, out=out)
    assert path.read_text() == "of another program"
    assert {file.name for file in out.iterdir()} == {name.partition("/")[0], ".lock"}


def test_a_pipe_is_refused_as_it_can_be_read_but_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    with pytest.raises(UserError, match="not a regular file"):
        run(VerifyRequest(outputs=[str(tmp_path / "pipe.jsonl")], task="cotempqa"))
