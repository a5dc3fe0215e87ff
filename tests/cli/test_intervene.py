"""`tracekd intervene`: a student, a study, what is refused. What needs no process of its own runs in this one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli import intervene_report
from tracekd.cli.intervene import run
from tracekd.cli.requests.results import InterveneRequest
from tracekd.cli.terminal import terminal
from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.interventions import CONDITIONS
from tracekd.interventions.effect import Effect
from tracekd.interventions.measures import measure

from ..teacher.conftest import write_stories
from .conftest import Run

Make = Callable[..., InterveneRequest]


@pytest.fixture
def request_for(tiny_base: Path, tmp_path: Path) -> Make:
    """A request for so many stories, to the folder `o`."""

    def make(stories: int = 6, **changes: Any) -> InterveneRequest:
        source = write_stories(tmp_path / "qa1_many.txt", stories)
        given: dict[str, Any] = {
            "target": str(tiny_base), "task": "babi", "problems": [source], "out": tmp_path / "o", "regime": "correct",
            "max_new_tokens": 6, "json": True, "conditions": "gold,none,implied",
        }  # fmt: skip
        return InterveneRequest(**{**given, **changes})

    return make


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Callable[[InterveneRequest], dict[str, Any]]:
    """What a run that comes to its end reports."""

    def read(request: InterveneRequest) -> dict[str, Any]:
        assert run(request) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return read


Report = Callable[[InterveneRequest], dict[str, Any]]


def test_a_student_is_asked_put_through_all_and_measured(request_for: Make, report: Report, tmp_path: Path) -> None:
    found = report(request_for())
    assert found["files"] == [str(tmp_path / "o" / "effects.jsonl")]
    (cell,) = found["summary"]["cells"]
    assert [under["condition"] for under in cell["conditions"]] == ["own", "gold", "none", "implied"]
    effects = list(read_jsonl(tmp_path / "o" / "effects.jsonl", Effect))
    assert len(effects) == 4 * cell["problems"]
    # A base that knows nothing writes no trace: that is counted, and nothing stands in for it.
    own = [effect for effect in effects if effect.condition == "own"]
    assert {effect.unsupported for effect in own} == {"the student wrote no trace that can be read"}
    assert cell["conditions"][0]["unsupported"] == {"the student wrote no trace that can be read": len(own)}
    gold = [effect for effect in effects if effect.condition == "gold"]
    assert all(effect.unsupported is None and effect.logp.keys() == {"gold"} for effect in gold)


def test_what_is_there_is_not_made_again(request_for: Make, report: Report, tmp_path: Path) -> None:
    few = report(request_for(conditions="gold"))
    file = tmp_path / "o" / "effects.jsonl"
    made = file.stat().st_mtime_ns
    assert report(request_for(conditions="gold")) == few
    assert file.stat().st_mtime_ns == made
    more = report(request_for(conditions="none"))
    assert [under["condition"] for under in more["summary"]["cells"][0]["conditions"]] == ["own", "none"]
    assert {effect.condition for effect in read_jsonl(file, Effect)} == {"own", "gold", "none"}
    with pytest.raises(UserError, match="seed = 0, not 1"):
        run(request_for(seed=1))


def test_more_problems_are_added_to_the_first_n(request_for: Make, report: Report, tmp_path: Path) -> None:
    assert report(request_for(conditions="gold", n=2))["summary"]["cells"][0]["problems"] == 2
    first = (tmp_path / "o" / "effects.jsonl").read_bytes()
    assert report(request_for(conditions="gold"))["summary"]["cells"][0]["problems"] == 6
    assert (tmp_path / "o" / "effects.jsonl").read_bytes().startswith(first)


def test_the_table_says_what_was_not_tried_and_why(request_for: Make, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(request_for(json=False, conditions="none,shuffled,truncated(1)")) == 0
    shown = capsys.readouterr().out
    assert "truncated(1)" in shown
    assert "not tried, because the student wrote no trace that can be read: own 6, shuffled 6, truncated(1) 6" in shown
    assert "literature" not in shown  # without its own answers, no such measure has a value


def test_measures_of_the_literature_are_printed_with_their_intervals(capsys: pytest.CaptureFixture[str]) -> None:
    effects = [
        Effect(id=ident, group=ident, label="a", regime="correct", student="s", seed=0, condition=condition, right=True,
               logp={"gold": logp, "own": logp}, forced="a trace", own_answer="x", flipped=False)
        for ident, own in (("1", -0.1), ("2", -0.2), ("3", -0.3))
        for condition, logp in (("own", own), ("blocked(story)", 2 * own))
    ]  # fmt: skip
    (reliance,) = measure(effects).cells
    intervene_report._print(terminal(), reliance)
    shown = " ".join(capsys.readouterr().out.split())
    effect, brier = reliance.published["KL direct effect"], reliance.published["Brier score"]
    assert effect.value is not None and effect.ci is not None and brier.value is not None
    assert f"literature: KL direct effect {effect.value:.2f} [{effect.ci[0]:.2f}, {effect.ci[1]:.2f}], Brier" in shown
    assert f"Brier score {brier.value:.2f} [" in shown and "calibration error 0.18" in shown
    assert shown.count("[", shown.index("calibration error")) == 0  # it has no interval


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"regime": "answer_only"}, "write no trace"),
        ({"regime": "few_shot(2,trace)"}, "needs worked examples"),
        ({"regime": None}, "wrote no trace in 6 outputs"),
        ({"engine": "endpoint"}, "need the student's weights"),
        ({"engine": "vllm"}, "need the student's weights"),
        ({"target": "http://localhost:8000/v1"}, "need the student's weights"),
        ({"engine": "vlm"}, "did you mean 'vllm'"),
        ({"conditions": "implied,glod"}, "did you mean 'gold'"),
        ({"conditions": "gold,gold"}, "named twice"),
        ({"conditions": "truncated(x)"}, "not a valid number of steps"),
        ({"task": None}, "--task TASK --problems SOURCE"),
        ({"problems": []}, "--task TASK --problems SOURCE"),
        ({"support": "full"}, "no support of babi 'full'"),
        ({"precision": "float16"}, "did you mean 'bfloat16'|did you mean 'float32'"),
        ({"target": "nowhere"}, "there is no base 'nowhere'"),
    ],
)
def test_what_cannot_be_is_refused(request_for: Make, tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        run(request_for(**change))
    assert not (tmp_path / "o" / "effects.jsonl").exists()


def test_where_memory_runs_out_what_was_made_stays(
    request_for: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tracekd.interventions.forcing import Forcer

    monkeypatch.setattr(Forcer, "_fits", lambda self, cases: None)
    assert run(request_for()) == 1
    shown = capsys.readouterr().err
    assert "needs too much memory" in shown
    assert "run the same command to continue" in shown


def test_every_student_of_a_study_that_writes_a_trace(
    tracekd: Run, small_study: Path, tmp_path: Path, report: Report
) -> None:
    changes = ("--set", 'regimes=["correct", "answer_only"]', "--set", "conditions=[]")
    made = tracekd("study", str(small_study), *changes)
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "runs" / "small"
    found = report(InterveneRequest(target=str(folder), n=5, json=True))
    assert found["left_out"] == {"answer_only-tiny-s7": "its students are not taught to write a trace"}
    (file,) = map(Path, found["files"])
    assert file.parent == folder / "effects"
    (outputs,) = (folder / "outputs").glob("correct-tiny-s7-*.jsonl")
    assert file.name.startswith(f"{outputs.stem}-")  # named alike
    effects = list(read_jsonl(file, Effect))
    assert len(effects) == 5 * len(CONDITIONS)
    assert {(e.regime, e.student, e.seed) for e in effects} == {("correct", "tiny", 7)}
    # The setting has a donor for each, so that traces can be swapped in.
    assert any(e.unsupported is None for e in effects if e.condition == "swapped")
    assert tuple(dict.fromkeys(effect.condition for effect in effects)) == CONDITIONS
    assert report(InterveneRequest(target=str(folder), n=5, json=True)) == found

    with pytest.raises(UserError, match="--task is for a student"):
        run(InterveneRequest(target=str(folder), task="babi"))
    # The study itself is not disturbed.
    assert tracekd("study", str(small_study), *changes).returncode == 0
    for outputs in (folder / "outputs").glob("*.jsonl"):
        outputs.unlink()
    with pytest.raises(UserError, match=r"no cell of this study allows interventions: .*it is not finished"):
        run(InterveneRequest(target=str(folder)))
