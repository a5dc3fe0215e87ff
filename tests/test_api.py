"""The verbs of the package do what the commands do, and say what they leave out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tracekd
from tracekd import Problem, Unsupported, UserError
from tracekd.regimes import regime_names
from tracekd.study.config import load_study
from tracekd.tasks import task_names

STORY = """\
1 Mary took the apple.
2 Daniel took the football.
3 John went to the hallway.
4 Mary moved to the office.
5 Where is the apple? \toffice\t1 4
1 John took the milk.
2 Daniel dropped the football.
3 Sandra journeyed to the garden.
4 John travelled to the kitchen.
5 Where is the milk? \tkitchen\t1 4
"""
FAULTY = STORY + "1 Mary went home.\n2 Where is Mary? \thome\t7\n"
EXAMPLE = tracekd.get_task("babi").example()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "qa2_two-supporting-facts_test.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def problems(source: Path) -> list[Problem]:
    return list(tracekd.load("babi", source))


def command(folder: Path, *arguments: str) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "tracekd", *arguments], cwd=folder, capture_output=True, text=True, timeout=240
    )
    assert made.returncode == 0, made.stderr


def refusal(call: object) -> str:
    with pytest.raises(UserError) as caught:
        call()  # type: ignore[operator]
    return str(caught.value)


def test_load_yields_the_problems_of_all_sources(source: Path, problems: list[Problem]) -> None:
    assert [problem.answer.values for problem in problems] == [("office",), ("kitchen",)]
    assert list(tracekd.load(tracekd.get_task("babi"), str(source))) == problems


def test_load_stops_at_a_faulty_record_or_hands_it_over(source: Path, problems: list[Problem]) -> None:
    source.write_text(FAULTY, encoding="utf-8")
    message = refusal(lambda: list(tracekd.load("babi", source)))
    assert f"{source}:12" in message
    assert "on_faulty" in message and "--strict" not in message
    faulty: list[object] = []
    assert list(tracekd.load("babi", source, on_faulty=faulty.append)) == problems
    assert [found.where for found in faulty] == [f"{source}:12"]


def test_load_counts_a_problem_that_is_in_two_sources_as_faulty(source: Path) -> None:
    assert "duplicate id" in refusal(lambda: list(tracekd.load("babi", source, source)))


def test_load_tells_at_once_what_is_wrong_with_the_call() -> None:
    assert "did you mean 'babi'?" in refusal(lambda: tracekd.load("babbi", "x"))
    assert "no source is named" in refusal(lambda: tracekd.load("babi"))


@pytest.mark.parametrize("regime", ["correct", "incorrect", "swapped", "answer_only"])
def test_supervise_makes_what_the_command_writes(source: Path, problems: list[Problem], regime: str) -> None:
    command(source.parent, "sft", "babi", source.name, "--regime", regime, "--seed", "3", "--format", "prompt-completion",
            "--out", "data")  # fmt: skip
    rows = [json.loads(line) for line in (source.parent / "data" / f"{regime}.jsonl").read_text().splitlines()]
    left_out: list[object] = []
    examples = list(tracekd.supervise(problems, regime, 3, on_left_out=left_out.append))
    assert examples
    assert [(row["prompt"], row["completion"]) for row in rows] == [(e.prompt, e.completion) for e in examples]
    assert len(examples) + len(left_out) == len(problems)


def test_the_spans_are_those_of_trace_and_answer(problems: list[Problem]) -> None:
    for example in tracekd.supervise(problems, "correct", 0):
        assert example.trace is not None
        (begin, end), (first, last) = example.trace, example.answer
        whole = f"<think>{example.completion[begin:end]}</think> <answer>{example.completion[first:last]}</answer>"
        assert example.completion == whole
    assert all(example.trace is None for example in tracekd.supervise(problems, "answer_only", 0))


def test_supervise_leaves_nothing_out_silently() -> None:
    short = EXAMPLE.model_copy(update={"context": EXAMPLE.context[1:3]})  # no other facts
    with pytest.raises(Unsupported, match=f"incorrect has no trace for the problem {short.id}: "):
        list(tracekd.supervise([short], "incorrect", 0))
    left_out: list[tracekd.Problem] = []
    assert list(tracekd.supervise([short, EXAMPLE], "incorrect", 0, on_left_out=left_out.append)) == list(
        tracekd.supervise([EXAMPLE], "incorrect", 0)
    )
    assert [(found.id, found.regime) for found in left_out] == [(short.id, "incorrect")]


def test_supervise_refuses_what_cannot_be_taught() -> None:
    other = tracekd.get_task("musique").example()
    assert "nothing is taught" in refusal(lambda: tracekd.supervise([EXAMPLE], "zero_shot", 0))
    assert "several tasks: babi, musique" in refusal(lambda: tracekd.supervise([EXAMPLE, other], "correct", 0))
    assert "did you mean 'correct'?" in refusal(lambda: tracekd.supervise([EXAMPLE], "corect", 0))
    assert list(tracekd.supervise([], "correct", 0)) == []


@pytest.mark.parametrize("task", task_names())
def test_what_is_taught_as_correct_is_judged_right_and_what_is_taught_as_wrong_is_not(task: str) -> None:
    problem = tracekd.get_task(task).example()
    (correct,) = tracekd.supervise([problem], "correct", 0)
    verdict = tracekd.judge(problem, correct.completion)
    assert (verdict.class_step, verdict.retrieval_step, verdict.trace, verdict.answer) == ("right", "right", True, True)
    (wrong,) = tracekd.supervise([problem], "incorrect_class", 0)
    verdict = tracekd.judge(problem, wrong.completion)
    assert (verdict.class_step, verdict.trace, verdict.answer) == ("wrong", False, True)


@given(st.text(st.characters(), max_size=200))
def test_judge_never_raises_on_a_text(text: str) -> None:
    for output in (text, f"<think>{text}</think> <answer>{text}</answer>", f"<think>{text}"):
        assert tracekd.judge(EXAMPLE, output).model_dump_json()


def test_judge_says_that_an_output_was_cut_off() -> None:
    assert tracekd.judge(EXAMPLE, "<think>I need", finish="length").status == "truncated"
    assert tracekd.judge(EXAMPLE, "<think>I need").status == "unclosed"


def test_judge_uses_the_support_that_is_named() -> None:
    problem = tracekd.get_task("cotempqa").example()
    kinds = tracekd.get_task("cotempqa").support_kinds
    assert [tracekd.judge(problem, "x", support=kind).support for kind in problem.support] == list(problem.support)
    assert f"did you mean {kinds[0]!r}?" in refusal(lambda: tracekd.judge(problem, "x", support=kinds[0] + "s"))


def outputs(problems: list[Problem], folder: Path) -> Path:
    """A file in our own format: the first is right, the second is wrong, the third is for no known problem."""
    texts = ("<answer>office</answer>", "<answer>office</answer>")
    rows = [
        {
            "id": problem.id,
            "regime": "correct",
            "student": "tiny",
            "seed": 0,
            "text": text,
            "token_ids": [],
            "finish": "stop",
        }
        for problem, text in zip(problems, texts, strict=True)
    ]
    rows.append({**rows[0], "id": "of/nobody"})
    path = folder / "outputs.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows) + "no JSON\n", encoding="utf-8")
    return path


def test_judge_files_finds_what_the_command_finds(source: Path, problems: list[Problem]) -> None:
    path = outputs(problems, source.parent)
    command(source.parent, "verify", path.name, "--task", "babi", "--problems", source.name, "--out", "judged")
    judged = tracekd.judge_files("babi", path, problems=problems)
    written = (source.parent / "judged" / "verdicts.jsonl").read_text(encoding="utf-8")
    assert "".join(f"{verdict.model_dump_json()}\n" for verdict in judged.verdicts) == written
    assert [verdict.answer for verdict in judged.verdicts] == [True, False]
    assert (judged.joined.judged, judged.joined.unknown.count, judged.joined.unread.count) == (2, 1, 1)
    assert judged.faulty == {}
    summary = json.loads((source.parent / "judged" / "summary.json").read_text(encoding="utf-8"))
    ours = json.loads(tracekd.summarise(judged.verdicts).model_dump_json())
    assert ours == {name: summary[name] for name in ours}


def test_judge_files_takes_names_formats_and_mappings(problems: list[Problem], tmp_path: Path) -> None:
    path = outputs(problems, tmp_path)
    judged = tracekd.judge_files("babi", str(path), problems=problems, format="ours", model="m", regime="r")
    assert {(verdict.student, verdict.regime) for verdict in judged.verdicts} == {("m", "r")}
    other = tmp_path / "log.jsonl"
    other.write_text(json.dumps({"key": problems[0].id, "said": {"text": "office"}}) + "\n", encoding="utf-8")
    judged = tracekd.judge_files("babi", other, problems=problems, mapping={"id": ".key", "text": ".said.text"})
    assert [verdict.id for verdict in judged.verdicts] == [problems[0].id]


def test_judge_files_says_what_is_wrong_with_the_call(problems: list[Problem], tmp_path: Path) -> None:
    path = outputs(problems, tmp_path)
    assert "there is no valid problem" in refusal(lambda: tracekd.judge_files("babi", path, problems=[]))
    own = refusal(lambda: tracekd.judge_files("babi", path))
    assert "there is no valid problem: " in own and "tracekd.load" in own
    assert "did you mean 'ours'?" in refusal(lambda: tracekd.judge_files("babi", path, problems=problems, format="our"))
    assert "missing" in refusal(lambda: tracekd.judge_files("babi", tmp_path / "missing.jsonl", problems=problems))
    assert "1 to 200" in refusal(lambda: tracekd.judge_files("babi", path, problems=problems, model=""))


def test_run_study_refuses_before_it_writes(tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert "did you mean 'first'?" in refusal(lambda: tracekd.run_study("frist", out))
    assert "--set" in refusal(lambda: tracekd.run_study("first", out, overrides=["students.0.step=1"]))
    assert "overrides are for study files" in refusal(
        lambda: tracekd.run_study(load_study("first"), out, overrides=["seeds=[1]"])
    )
    assert not out.exists()


def test_every_regime_has_a_name_that_get_regime_knows() -> None:
    assert all(tracekd.get_regime(name).name.partition("(")[0] == name for name in regime_names())
