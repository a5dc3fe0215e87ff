"""A whole study, from the command line to the report, on a base that knows nothing."""

import html
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tracekd.content_hash import HASHES
from tracekd.files import write_text

from .conftest import Run, environment


def contents(folder: Path, pattern: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob(pattern))}


def answers_of_effects(run: Path) -> list[tuple[str, str, str, object]]:
    rows = [json.loads(line) for path in sorted((run / "effects").glob("*.jsonl")) for line in path.open()]
    return [(row["id"], row["condition"], row["forced"], row["answer"]) for row in rows]


def stamps(run: Path) -> dict[str, int]:
    made = ("worlds", "problems", "sft", "students", "outputs", "verdicts", "effects", "stats")
    return {str(p): p.stat().st_mtime_ns for kind in made for p in sorted((run / kind).rglob("*")) if p.is_file()}


def test_a_study_makes_every_artefact_once_and_remakes_what_is_missing(
    tracekd: Run, small_study: Path, tmp_path: Path
) -> None:
    first = tracekd("study", str(small_study))
    run = tmp_path / "runs" / "small"
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"report: {Path('runs/small/report.html')}\n"
    assert first.stderr == ""  # quiet: standard error is no terminal
    verdicts = contents(run, "verdicts/*.jsonl")
    assert len(verdicts) == 2
    for text in verdicts.values():
        rows = [json.loads(line) for line in text.splitlines()]
        assert len(rows) == 12
        assert len({row["id"] for row in rows}) == 12
    assert not list(run.rglob("*.log"))

    before = stamps(run)
    assert tracekd("study", str(small_study)).returncode == 0
    assert stamps(run) == before

    gone = sorted((run / "verdicts").glob("*.jsonl"))[0]
    gone.unlink()
    assert tracekd("study", str(small_study)).returncode == 0
    assert contents(run, "verdicts/*.jsonl") == verdicts
    after = stamps(run)
    assert {path for path, stamp in after.items() if before[path] != stamp} == {str(gone)}
    check_that_all_say_the_same(tracekd, run)


def check_that_all_say_the_same(tracekd: Run, run: Path) -> None:
    """Report, `analyze`, `verify` and the study's own statistics: the same verdicts, the same numbers to the last digit."""
    (file,) = (run / "stats").glob("summary-*.json")
    summary = json.loads(file.read_text())
    assert json.loads(tracekd("analyze", str(run), "--json").stdout) == summary
    (problems,) = (run / "problems").glob("test-*.jsonl")
    outputs = map(str, sorted((run / "outputs").glob("*.jsonl")))
    judged = json.loads(tracekd("verify", *outputs, "--task", "babi", "--problems", str(problems), "--json").stdout)
    assert {key: judged[key] for key in summary} == summary
    page = html.unescape((run / "report.html").read_text()).replace("\u00a0", " ")
    for cell in summary["cells"]:
        for share in (cell["answer"], cell["trace"], cell["class"], cell["consistent"]):
            if share["rate"] is not None:
                ends = " to ".join(f"{100 * end:.1f}" for end in share["ci"])
                assert f"{100 * share['rate']:.1f} %" in page and ends in page
    for pair in summary["comparisons"]:
        if pair["outcome"] == "answer":
            ends = " to ".join(f"{100 * end:.1f}".replace("-", "\u2212") for end in pair["difference"]["ci"])
            assert ends in page


def test_a_study_intervenes_on_every_student_that_writes_traces(
    tracekd: Run, small_study: Path, tmp_path: Path
) -> None:
    changes = ("--set", 'regimes=["correct", "answer_only"]', "--set", 'conditions=["implied", "none"]')
    assert tracekd("study", str(small_study), *changes).returncode == 0
    run = tmp_path / "runs" / "small"
    (file,) = (run / "effects").glob("*.jsonl")
    assert file.name.startswith("correct-tiny-s7")
    text = file.read_bytes()
    rows = [json.loads(line) for line in text.splitlines()]
    # What the others are held against is there unasked.
    assert [row["condition"] for row in rows] == ["own", "implied", "none"] * 12
    page = (run / "report.html").read_text()
    assert "Right, consistent, relied on, with 95" in page and "wrong_both" not in page
    (record,) = (json.loads(path.read_text()) for path in (run / "cells").glob("correct-*.json"))
    assert record["intervene_seconds"] > 0

    # What was tried besides, by the command, is left alone and out of the report.
    assert tracekd("intervene", "runs/small", "--conditions", "wrong_both").returncode == 0
    more = file.read_bytes()
    assert more != text and set(text.splitlines()) <= set(more.splitlines())
    assert tracekd("study", str(small_study), *changes).returncode == 0
    assert file.read_bytes() == more
    assert "wrong_both" not in (run / "report.html").read_text()

    # Half of it gone, the other half is made again; nothing else is.
    before = stamps(run)
    file.write_bytes(b"".join(text.splitlines(keepends=True)[:9]))
    assert tracekd("study", str(small_study), *changes).returncode == 0
    assert {(row["id"], row["condition"]) for row in map(json.loads, file.open())} == {
        (row["id"], row["condition"]) for row in rows
    }
    changed = {Path(path).parent.name for path, stamp in stamps(run).items() if before.get(path) != stamp}
    assert "outputs" not in changed and "verdicts" not in changed and "students" not in changed


def test_the_traces_of_other_students_are_forced_when_they_are_there(
    tracekd: Run, small_study: Path, tmp_path: Path
) -> None:
    changes = ("--set", 'conditions=["gold", "cross(correct)", "cross(incorrect)"]')
    assert tracekd("study", str(small_study), *changes).returncode == 0
    run = tmp_path / "runs" / "small"
    alone, crossed = (sorted(run.glob(f"effects/{name}.jsonl")) for name in ("*[0-9a-f]", "*-cross-*"))
    alone = [path for path in alone if path not in crossed]
    assert len(alone) == len(crossed) == 2
    for path in crossed:
        rows = [json.loads(line) for line in path.open()]
        assert [row["condition"] for row in rows] == ["cross(correct)", "cross(incorrect)"] * 12
        # This base writes no traces: that is counted.
        assert {row["unsupported"] for row in rows} == {
            f"the student of the regime {name} wrote no trace that can be read" for name in ("correct", "incorrect")
        }
    before = stamps(run)
    assert tracekd("study", str(small_study), *changes).returncode == 0
    assert stamps(run) == before
    assert "cross(correct)" in (run / "report.html").read_text()
    crossing = ("intervene", "runs/small", "--conditions", "cross(correct),cross(incorrect)")
    shown = tracekd(*crossing)
    assert shown.returncode == 0 and stamps(run) == before

    # Other outputs of one student: what was made from its traces is made again, under another name.
    (outputs,) = (run / "outputs").glob("correct-*.jsonl")
    rows = [json.loads(line) for line in outputs.open()]
    rows[0]["text"] = "<think>Hm.</think> <answer>x</answer>"
    write_jsonl_lines(outputs, rows)
    assert tracekd(*crossing).returncode == 0
    assert len(list(run.glob("effects/*-cross-*.jsonl"))) == 4


def write_jsonl_lines(path: Path, rows: list[dict[str, object]]) -> None:
    write_text(path, "".join(json.dumps(row) + "\n" for row in rows))


def flip(path: Path) -> None:
    """Change one byte in the middle."""
    text = bytearray(path.read_bytes())
    text[len(text) // 2] ^= 1
    path.write_bytes(text)


def test_what_is_damaged_is_named_and_made_again(tracekd: Run, small_study: Path, tmp_path: Path) -> None:
    changes = ("--set", 'conditions=["none"]', "--set", 'regimes=["correct"]')
    assert tracekd("study", str(small_study), *changes).returncode == 0
    run = tmp_path / "runs" / "small"
    whole = tracekd("check-run", "runs/small", "--json")
    assert whole.returncode == 0 and json.loads(whole.stdout)["damaged"] == []
    made = {path: path.read_bytes() for kind in stamps(run) if (path := Path(kind)).name != HASHES}
    weights, outputs, effects = (
        next(run.glob(place)) for place in ("students/*/*.safetensors", "outputs/*.jsonl", "effects/*.jsonl")
    )
    (declared,) = (run / "analysis").glob("*.json")
    damaged = [*(next(run.glob(f"{kind}/*.jsonl")) for kind in ("problems", "sft", "verdicts")), weights, outputs, effects,
               declared, run / "report.html"]  # fmt: skip
    said = declared.read_text()
    for path in damaged:
        flip(path)
    told = tracekd("check-run", "runs/small")
    assert told.returncode == 1 and "next: tracekd study runs/small/study.toml --out runs/small" in told.stdout
    assert all(str(path.relative_to(run)) in told.stdout for path in damaged)
    by_itself = tracekd("analyze", "runs/small")
    assert by_itself.returncode == 2 and "this file is damaged" in by_itself.stderr
    again = tracekd("study", str(small_study), *changes)
    assert again.returncode == 0 and all(
        f"{path.name} is damaged; it is made again" in again.stderr for path in damaged
    )
    assert declared.read_text() == said, "when it was declared is still known"
    timed = ("training.json", ".svg")
    assert {path for path, text in made.items() if path.read_bytes() != text and not path.name.endswith(timed)} == set()
    assert tracekd("check-run", "runs/small").returncode == 0


def test_a_run_folder_without_hashes_is_refused_by_name(tracekd: Run, small_study: Path, tmp_path: Path) -> None:
    run = tmp_path / "old"
    run.mkdir()
    assert tracekd("study", str(small_study), "--out", "new", "--set", "conditions=[]").returncode == 0
    (run / "study.toml").write_bytes((tmp_path / "new" / "study.toml").read_bytes())
    result = tracekd("study", str(small_study), "--out", "old", "--set", "conditions=[]")
    assert result.returncode == 2 and "an earlier version of tracekd, which kept no content hashes" in result.stderr
    assert [path.name for path in run.iterdir()] == ["study.toml"]
    checked = tracekd("check-run", "old")
    assert checked.returncode == 2 and "no file in this folder has a content hash" in checked.stderr


def test_no_conditions_no_interventions(tracekd: Run, small_study: Path, tmp_path: Path) -> None:
    assert tracekd("study", str(small_study), "--set", "conditions=[]").returncode == 0
    run = tmp_path / "runs" / "small"
    assert not (run / "effects").exists()
    assert "names no conditions" in (run / "report.html").read_text()


def test_where_interventions_fail_the_rest_is_kept_and_it_is_said(
    tracekd: Run, small_study: Path, tmp_path: Path
) -> None:
    """Effects that something else has made are not mixed with."""
    changes = ("--set", 'conditions=["none"]', "--set", 'regimes=["correct"]')
    assert tracekd("study", str(small_study), *changes).returncode == 0
    run = tmp_path / "runs" / "small"
    (file,) = (run / "effects").glob("*.jsonl")
    recipe = Path(f"{file}.recipe.json")
    for path, text in (
        (file, file.read_text().splitlines(keepends=True)[0]),
        (recipe, recipe.read_text().replace("0", "9")),
    ):
        write_text(path, text)
    result = tracekd("study", str(small_study), *changes)
    assert result.returncode == 1
    assert "interventions on the cell correct-tiny-s7 failed: " in result.stderr
    assert "the effects in this file were made with" in result.stderr
    assert "Traceback" not in result.stderr
    by_itself = tracekd("intervene", "runs/small")
    assert by_itself.returncode == 2 and "the effects in this file were made with" in by_itself.stderr
    page = (run / "report.html").read_text()
    assert (
        "No student that writes traces is finished and has interventions" in page
        and "Answers and traces by regime" in page
    )


def test_killed_at_any_moment_a_study_ends_the_same(
    tracekd: Run, started_tracekd: Run, ready_python: str, small_study: Path, tmp_path: Path
) -> None:
    """And the same as one in another Python, which has other hashes."""
    command = [ready_python, "-m", "tracekd", "study", str(small_study), "--out", "killed", "--workers", "1"]
    killed = tmp_path / "killed"
    # Killed when the first student is there, again when the first verdicts are, and while its traces are changed.
    for awaited in ("students/*/training.json", "verdicts/*.jsonl", "effects/*.part"):
        process = subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL)
        while process.poll() is None and not list(killed.glob(awaited)):
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert tracekd("study", str(small_study), "--out", "killed", "--workers", "1").returncode == 0
    assert started_tracekd("study", str(small_study), "--out", "whole").returncode == 0
    assert contents(killed, "verdicts/*.jsonl") == contents(tmp_path / "whole", "verdicts/*.jsonl")
    assert contents(killed, "outputs/*.jsonl") == contents(tmp_path / "whole", "outputs/*.jsonl")
    # Log-probabilities may differ in their last digits with what else was in their batch.
    assert answers_of_effects(killed) == answers_of_effects(tmp_path / "whole") != []


def test_a_failed_cell_is_reported_and_the_others_are_kept(tracekd: Run, small_study: Path, tmp_path: Path) -> None:
    # One student's limit is so low that every example is too long for it.
    other = '\n[[students]]\nname = "blind"\nbase = "BASE"\nmax_tokens = 1\n'
    base = small_study.read_text().split('base = "')[1].split('"')[0]
    text = small_study.read_text().replace('regimes = ["correct", "incorrect"]', 'regimes = ["correct"]')
    small_study.write_text(text + other.replace("BASE", base))
    result = tracekd("study", str(small_study))
    assert result.returncode == 1
    assert "correct-blind-s7 failed" in result.stderr
    assert "max_tokens = 1" in result.stderr
    assert "Traceback" not in result.stderr
    run = tmp_path / "runs" / "small"
    assert [path.name.split("-s7")[0] for path in (run / "verdicts").glob("*.jsonl")] == ["correct-tiny"]
    assert "correct-blind-s7" in (run / "report.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "students.0.step=3"], ["unknown key 'step'", "did you mean 'steps'?"]),
        (["--set", 'regimes=["corect"]'], ["no regime 'corect'", "did you mean 'correct'?"]),
        (["--set", "task.source=nowhere"], ["this source does not exist", "nowhere"]),
        (["--set", 'task.classes=["countin"]'], ["there is no class of babi 'countin'", "did you mean 'counting'?"]),
        (["--set", "task.dials.pets=0"], ["pets", "basic-deduction"]),
        (["--set", "students.0.base=nowhere"], ["there is no base 'nowhere'"]),
        (["--set", 'conditions=["implid"]'], ["no condition 'implid'", "did you mean 'implied'?"]),
        (["--set", 'conditions=["none", "none"]'], ["'none' is named twice"]),
        (["--set", "sizes.train=0"], ["sizes.train", "greater than 0"]),
        (["--set", "nonsense"], ["key=value"]),
    ],
)
def test_a_bad_request_ends_in_2_and_writes_nothing(
    tracekd: Run, small_study: Path, arguments: list[str], said: list[str]
) -> None:
    result = tracekd("study", str(small_study), *arguments)
    assert result.returncode == 2
    assert all(words in result.stderr for words in said), result.stderr
    assert "Traceback" not in result.stderr
    assert not (small_study.parent / "runs").exists()


def test_an_unknown_key_is_named_with_file_and_line(tracekd: Run, small_study: Path) -> None:
    small_study.write_text(small_study.read_text().replace("batch = 4", "bach = 4"))
    line = small_study.read_text().splitlines().index("bach = 4") + 1
    result = tracekd("study", str(small_study))
    assert result.returncode == 2
    assert f"{small_study}:{line}: unknown key 'bach'" in result.stderr
    assert "did you mean 'batch'?" in result.stderr


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("1 Mary moved to the garden.\n2 Where is Mary? garden 1\n3 Where is Mary?\n", 3, "no tab"),
        ("1 Mary moved to the garden.\n2 Where is Mary?\tgarden\t7\n", 2, "supporting id 7"),
        ("1 Mary moved to the garden.\n3 Where is Mary?\tgarden\t1\n", 2, "the line id is 3"),
    ],
)
def test_a_faulty_source_is_named_with_file_and_line(
    tracekd: Run, small_study: Path, tmp_path: Path, text: str, line: int, said: str
) -> None:
    source = tmp_path / "qa1_single-supporting-fact_train.txt"
    source.write_text(text)
    result = tracekd(
        "study",
        str(small_study),
        "--set",
        f"task.source={source}",
        "--set",
        "task.classes=[]",
        "--set",
        "task.strict=true",
    )
    assert result.returncode == 2
    assert f"{source}:{line}: " in result.stderr
    assert said in result.stderr
    assert not (tmp_path / "runs").exists()


def test_the_run_folder_of_another_study_is_refused(tracekd: Run, small_study: Path, tmp_path: Path) -> None:
    run = tmp_path / "theirs"
    run.mkdir()
    (run / "study.toml").write_text('name = "theirs"\n')
    result = tracekd("study", str(small_study), "--out", "theirs")
    assert result.returncode == 2
    assert "another study" in result.stderr
    assert "--out" in result.stderr
    assert [path.name for path in run.iterdir()] == ["study.toml"]
    (run / "study.toml").write_text('name = "theirs"\n[[tasks]]\ntask = "babi"\n')
    older = tracekd("study", str(small_study), "--out", "theirs")
    assert older.returncode == 2 and "the run folder of an earlier version of tracekd" in older.stderr
    (tmp_path / "diary").mkdir()
    (tmp_path / "diary" / "monday.txt").write_text("rain")
    assert tracekd("study", str(small_study), "--out", "diary").returncode == 2


def test_official_files_go_the_same_road(tracekd: Run, small_study: Path, tmp_path: Path) -> None:
    """Sets, paths and facts that no rule knows; what one regime cannot support is left out for both, and said."""
    folder = tmp_path / "official"
    folder.mkdir()
    for number, question, answer in ((8, "What is Mary carrying?", "apple,milk"), (19, "How do you go?", "s,e")):
        stories = (
            f"1 Mary saw the number {i}.\n2 John saw the number {i}.\n3 Mary saw the letter {i}.\n4 {question}\t{answer}\t1\n"
            for i in range(40)
        )
        (folder / f"qa{number}_own_train.txt").write_text("".join(stories))
    pairs = (f"1 Up saw {i}.\n2 Down saw {i}.\n3 Is it {i}?\tyes\t1 2\n" for i in range(40))
    (folder / "qa17_own_train.txt").write_text("".join(pairs))
    result = tracekd("study", str(small_study), "--set", f"task.source={folder}", "--set", "task.classes=[]")
    assert result.returncode == 0, result.stderr
    run = tmp_path / "runs" / "small"
    split = json.loads(next((run / "problems").glob("split-*.json")).read_text())
    assert split["left_out"]["incorrect: too few facts that are not gold"] == {"positional-reasoning": 40}
    rows = [json.loads(line) for path in (run / "verdicts").glob("*.jsonl") for line in path.read_text().splitlines()]
    assert {row["label"] for row in rows} == {"lists-sets", "path-finding"}
    assert {row["consistent"] for row in rows} == {False}


def test_free_text_answers_and_passages_go_the_same_road(tracekd: Run, small_study: Path, tmp_path: Path) -> None:
    """Passages as a list in the prompt, token F1 in the report, questions that have no answer."""
    kinds = ("NUMERIC", "PERSON")
    rows = [
        {
            "query_id": i,
            "query": f"who or what is number {i}",
            "query_type": kinds[i % 2],
            "answers": [f"answer {i} of them"] if i % 3 else ["No Answer Present."],
            "passages": {
                "is_selected": [0, 1 if i % 3 else 0, 0],
                "passage_text": [f"Passage {i} says nothing.", f"It is answer {i} of them.", f"Nor does '{i}'."],
                "url": ["", "", ""],
            },
            "wellFormedAnswers": [],
        }
        for i in range(80)
    ]
    source = tmp_path / "rows.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    changes = ('task.name="msmarco"', f"task.source={source}", "task.classes=[]")
    result = tracekd("study", str(small_study), *(part for change in changes for part in ("--set", change)))
    assert result.returncode == 0, result.stderr
    run = tmp_path / "runs" / "small"
    verdicts = [
        json.loads(line) for path in (run / "verdicts").glob("*.jsonl") for line in path.read_text().splitlines()
    ]
    assert all(0 <= row["answer_f1"] <= 1 and row["consistent"] is None for row in verdicts)
    assert "Token F1 of the answer" in (run / "report.html").read_text()


def test_regimes_with_parameters_and_other_problems_traces_go_the_same_road(
    tracekd: Run, small_study: Path, tmp_path: Path
) -> None:
    regimes = '["swapped(same_class)", "corrupted(0.3)", "counterfactual"]'
    result = tracekd("study", str(small_study), "--set", f"regimes={regimes}")
    assert result.returncode == 0, result.stderr
    run = tmp_path / "runs" / "small"
    rows = [json.loads(line) for path in (run / "verdicts").glob("*.jsonl") for line in path.read_text().splitlines()]
    assert {row["regime"] for row in rows} == {"swapped(same_class)", "corrupted(0.3)", "counterfactual"}
    assert {path.name.partition("-s7-")[0] for path in (run / "sft").glob("*.jsonl")} == {
        "swapped-same_class",
        "corrupted-0.3",
        "counterfactual",
    }
    taught = [json.loads(line)["completion"] for path in (run / "sft").glob("swapped*") for line in path.open()]
    assert taught and all(text.startswith("<think>The category") for text in taught)
    by_id = {
        row["id"]: row for line in next((run / "problems").glob("*train*.jsonl")).open() for row in [json.loads(line)]
    }
    (path,) = (run / "sft").glob("counterfactual*.jsonl")
    for example in map(json.loads, path.open()):
        begin, end = example["answer"]
        assert example["completion"][begin:end] != by_id[example["id"]]["answer"]["values"][0]
    report = " ".join((run / "report.html").read_text().split())
    assert "The answers are right, except under counterfactual: there" in report


def test_only_babi_has_a_world(tracekd: Run, small_study: Path) -> None:
    result = tracekd("study", str(small_study), "--set", 'task.name="musique"', "--set", "task.classes=[]")
    assert result.returncode == 2
    assert "no world that makes musique" in result.stderr and "tracekd tasks musique" in result.stderr
