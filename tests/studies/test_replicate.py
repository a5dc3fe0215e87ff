"""The script from end to end: on miniatures whose numbers were counted by hand, and on the released files."""

import csv
import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from miniatures import BABI, CORRECT, DURING, EQUAL, LLAMA, trace, write_cotempqa, write_flat, write_released
from replicate import main

STUDY = Path(__file__).parents[2] / "studies/interpretable_traces"
REAL = Path(__file__).parents[2].parent / "shared/data/released_outputs"
NUMBERS = "numbers.json"


def numbers(out: Path) -> dict[tuple[str, str], Any]:
    """The cells of `numbers.json` by data set and regime."""
    cells = json.loads((out / NUMBERS).read_text())["cells"]
    return {(cell["data_set"], cell["regime"]): cell for cell in cells}


def table(counts: dict[str, int]) -> list[int]:
    return [counts[name] for name in ("right_right", "right_wrong", "wrong_right", "wrong_wrong")]


@dataclass(frozen=True)
class Done:
    """A finished run: its folder, and what it said on standard output and on standard error."""

    out: Path
    said: str
    told: str


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The miniature, done once for several tests."""
    folder = tmp_path_factory.mktemp("done")
    write_released(folder / "released")
    said, told = StringIO(), StringIO()
    with redirect_stdout(said), redirect_stderr(told):
        assert main([str(folder / "released"), "--out", str(folder / "out")]) == 0
    return Done(folder / "out", said.getvalue(), told.getvalue())


def test_the_miniature_gives_what_was_counted_by_hand(done: Done) -> None:
    cell = numbers(done.out)["cotempqa", "correct"]
    official, correct, steps = cell["official"], cell["correct"], cell["disagreement"]["steps"]
    assert official["joined"] == {"own": 3, "other": 1, "none": 0}
    assert (official["answers_right_paper"], official["answers_right_fixed"]) == (4, 4)
    assert table(official["tables"]["trace"]) == [3, 0, 1, 0]
    assert (correct["n"], correct["unmatched"], correct["answer"]) == (4, 0, 3)
    assert (correct["class_step"], correct["headline"], correct["trace"]) == (3, 3, 2)
    assert correct["tables"]["trace"]["counts"] == [2, 0, 1, 1]
    # The official verdict first: problem 0's facts and problem 3's answer and class are accepted, though wrong.
    assert table(steps["retrieval"]) == [2, 1, 1, 0]
    assert table(steps["class"]) == [3, 1, 0, 0]
    assert table(steps["answer"]) == [3, 1, 0, 0]
    assert table(steps["trace"]) == [1, 2, 1, 0]
    assert cell["published"]["retrieval_step"] == 79.40


def test_what_is_missing_is_named_on_the_terminal_and_on_the_page(done: Done) -> None:
    page = (done.out / "index.html").read_text()
    assert "missing: outputs: CoTempQA, Qwen3-1.7B, correct\n" in done.told
    assert "<li>outputs: CoTempQA, Qwen3-1.7B, correct</li>" in page
    assert "They were rebuilt from the outputs" in " ".join(page.split())


def test_the_terminal_sums_up(done: Done) -> None:
    assert (
        "answers right, official 4 (at paper time 4), correct 3 of 4; 1 judged against the gold of another problem"
        in done.said
    )
    assert "C3b: cannot be told from these files" in done.said


class _Page(HTMLParser):
    """The tags of a page, and how many are open."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.captions = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.captions += tag == "caption"
        assert not any(
            name in ("src", "href", "onload") and value and not value.startswith("#") for name, value in attrs
        )


def test_hostile_text_is_escaped_on_the_page(cotempqa: Path, tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>\u202e"
    path = next(cotempqa.rglob(f"equal/{LLAMA}-sft-adapter{CORRECT}_default.json"))
    asked = {"prediction": hostile, "gold": [hostile], "question": hostile, "facts": [hostile], hostile: 1}
    with path.open("a") as file:
        file.write(json.dumps(asked) + "\n")  # an output, whose record holds no problem
        file.write(json.dumps({**asked, "facts": hostile}) + "\n")
        file.write("<script>no JSON\n")
    assert main([str(cotempqa), "--out", str(tmp_path / "out")]) == 0
    text = (tmp_path / "out/index.html").read_text()
    read = _Page()
    read.feed(text)
    assert "script" not in read.tags
    assert "\u202e" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "Invalid lines, or tables that are not used: 2, not counted" in text
    assert "Outputs whose record contains no problem: 1, not counted" in text
    assert read.captions == read.tags.count("table") == len(list((tmp_path / "out").glob("*.csv")))


def test_outputs_whose_problem_is_none_count_nowhere(cotempqa: Path, tmp_path: Path) -> None:
    strange = {**EQUAL[0], "question": "Why?", "prediction": trace("equal", [], ["Quay"])}
    path = next(cotempqa.rglob(f"equal/{LLAMA}-sft-adapter{CORRECT}_default.json"))
    with path.open("a") as file:
        file.write(json.dumps(strange) + "\n")
    assert main([str(cotempqa), "--out", str(tmp_path / "out")]) == 0
    correct = numbers(tmp_path / "out")["cotempqa", "correct"]["correct"]
    assert (correct["n"], correct["unmatched"]) == (4, 1)


def test_the_same_files_give_the_same_bytes(done: Done, cotempqa: Path, tmp_path: Path) -> None:
    assert main([str(cotempqa), "--out", str(tmp_path / "out")]) == 0
    first = {path.name: path.read_bytes() for path in done.out.iterdir()}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert {"index.html", NUMBERS, "answers-cotempqa.csv", "steps-cotempqa.csv", "joins.csv"} <= set(first)


def test_other_models_and_data_sets_need_no_change(cotempqa: Path, tmp_path: Path) -> None:
    write_cotempqa(
        cotempqa / "more", CORRECT, [trace("equal", [p["facts"][1]], p["gold"]) for p in EQUAL],
        [trace("during", [p["facts"][1]], p["gold"]) for p in DURING], model="Qwen3-8B",
    )  # fmt: skip
    babi = "<think>The category of the question represents what is being asked in that question. The category of the " \
        "question asked is: {label}.\nI need to use the following text to answer the question: {facts}</think> " \
        "<answer>{gold}</answer>"  # fmt: skip
    said = [babi.format(label=label, facts=facts, gold=gold) for _, gold, label, facts in BABI]
    write_flat(cotempqa / f"b/Qwen3-1.7B-sft-adapter{CORRECT}_default.json", BABI, said)
    marco = [("how long to boil an egg", "['12 minutes']", "NUMERIC", ["Eggs take 12 minutes.", "Eggs are round."])]
    right = said[0].split("asked is")[0] + "asked is: NUMERIC.\nI need to use the following text to answer the question: " \
        "Eggs take 12 minutes.</think> <answer>12 minutes</answer>"  # fmt: skip
    write_flat(cotempqa / f"m/Qwen3-1.7B-sft-adapter{CORRECT}_default.json", marco, [right])
    assert main([str(cotempqa), "--out", str(tmp_path / "out")]) == 0
    cells = json.loads((tmp_path / "out" / NUMBERS).read_text())["cells"]
    by_model = {(cell["data_set"], cell["model"]): cell["correct"] for cell in cells if cell["regime"] == "correct"}
    assert by_model["cotempqa", "Qwen3-8B"]["trace"] == 4
    assert (by_model["babi", "Qwen3-1.7B"]["trace"], by_model["babi", "Qwen3-1.7B"]["answer"]) == (3, 3)
    assert (by_model["msmarco", "Qwen3-1.7B"]["trace"], by_model["msmarco", "Qwen3-1.7B"]["answer"]) == (1, 1)


def test_a_file_that_holds_no_output_is_named_and_the_others_are_judged(
    cotempqa: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (cotempqa / f"{LLAMA}-sft-adapter_default.json").write_text("nothing here\n")
    assert main([str(cotempqa), "--out", str(tmp_path / "out")]) == 1
    assert "not judged: bAbI" in capsys.readouterr().err
    assert ("cotempqa", "correct") in numbers(tmp_path / "out")
    assert "Files that could not be judged" in (tmp_path / "out/index.html").read_text()


@pytest.mark.parametrize("wrong", ["nowhere", "empty", "file"])
def test_a_wrong_request_ends_with_2(
    wrong: str, cotempqa: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "taken").write_text("")
    source, out = (cotempqa, tmp_path / "taken") if wrong == "file" else (tmp_path / wrong, tmp_path / "out")
    assert main([str(source), "--out", str(out)]) == 2
    assert "error:" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_as_a_script_it_ends_without_a_traceback(tmp_path: Path) -> None:
    source, out = tmp_path / "nowhere", tmp_path / "out"
    command = [sys.executable, str(STUDY / "replicate.py"), str(source), "--out", str(out)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "error:" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_tables_as_csv_hold_plain_numbers(done: Done) -> None:
    answers, steps = ({row[corner]: row for row in rows(done.out / f"{name}-cotempqa.csv")} for name, corner in (
        ("answers", "Model and regime"), ("steps", "Model, regime and step")))  # fmt: skip
    row = answers[f"{LLAMA}, correct"]
    assert float(row["published"]) == pytest.approx(0.3955)
    assert float(row["Correct: all outputs"]) == 0.75
    assert float(row["Correct: mean over classes"]) == 0.5  # three of three, none of one
    retrieval = steps[f"{LLAMA}, correct: retrieval step"]
    assert float(retrieval["Official logic: as it counts"]) == pytest.approx((2 / 3 + 1) / 2)
    assert steps[f"{LLAMA}, correct: whole trace"]["published"] == ""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared/data")
def test_the_released_files_give_the_numbers_that_they_are_known_to_give(tmp_path: Path) -> None:
    assert main([str(REAL), "--out", str(tmp_path)]) == 0
    cells = numbers(tmp_path)
    for regime, right in (("answer_only", 397), ("correct", 377), ("incorrect", 364)):
        found = cells["cotempqa", regime]
        assert found["correct"]["n"] == 950
        assert found["correct"]["answer"] == pytest.approx(right, abs=9.5)
        assert found["official"]["joined"]["other"] == 309  # a third
    correct, incorrect = (cells["cotempqa", regime]["correct"] for regime in ("correct", "incorrect"))
    assert correct["tables"]["class"]["counts"] == pytest.approx([250, 276, 127, 297], abs=9.5)
    assert correct["tables"]["retrieval"]["counts"] == pytest.approx([353, 3, 24, 570], abs=9.5)
    assert correct["tables"]["trace"]["counts"] == pytest.approx([232, 2, 145, 571], abs=9.5)
    assert incorrect["tables"]["trace"]["counts"] == pytest.approx([0, 6, 364, 580], abs=9.5)
    assert (correct["consistent"], incorrect["consistent"]) == pytest.approx((921, 9), abs=9.5)
    official = {regime: cells["cotempqa", regime]["official"] for regime in ("answer_only", "correct", "incorrect")}
    paper = {regime: 100 * found["answer_paper"] for regime, found in official.items()}
    assert paper == pytest.approx({"answer_only": 44.65, "correct": 39.55, "incorrect": 45.58}, abs=1.5)
    assert 100 * official["correct"]["class_step"] == pytest.approx(39.09, abs=1)
    assert 100 * official["correct"]["retrieval_step"] == pytest.approx(79.40, abs=1)
    babi = cells["babi", "answer_only"]["official"]
    assert babi["joined"]["other"] / babi["n"] == pytest.approx(0.93, abs=0.01)
    assert 100 * babi["answer_fixed"] == pytest.approx(96.5, abs=0.1)
    rulings = {f["key"]: f["ruling"] for f in json.loads((tmp_path / NUMBERS).read_text())["findings"]}
    assert (rulings["C1a"], rulings["C2"], rulings["D1"]) == ("does not stand",) * 3
    assert rulings["C3b"] == rulings["D3"] == rulings["D4"] == "cannot be told from these files"
