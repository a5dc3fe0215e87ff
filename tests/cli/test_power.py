import json
import random
from pathlib import Path

import pytest

from tracekd.cli.power import run
from tracekd.cli.requests.power import PowerRequest
from tracekd.errors import UserError
from tracekd.stats.plan import StudyPlan
from tracekd.stats.power import components
from tracekd.stats.summary import summarise
from tracekd.verify.verdict import Verdict

STATED = {"sd_groups": 10.0, "sd_seeds": 4.0, "sd_rest": 30.0}


@pytest.fixture(autouse=True)
def few_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer sizes than are planned otherwise, which take some seconds."""
    for module in ("stats.plan", "cli.power"):
        monkeypatch.setattr(f"tracekd.{module}.SEEDS", (2, 10))
        monkeypatch.setattr(f"tracekd.{module}.GROUPS", (20, 200))


def verdicts(*regimes: str, seeds: int = 3, model: str = "tiny", always: bool = False) -> list[Verdict]:
    rng = random.Random(str(regimes))
    return [
        Verdict(
            id=f"p{i}", group=f"g{i // 2}", label="l", regime=regime, student=model, seed=seed, status="ok",
            class_step="right", retrieval_step="right", retrieval={}, trace=True, answer=right, lenient_answer=right,
            answer_parsed=True, stated_label=None, cited=(), precision=1, recall=1, f1=1, invented=0, consistent=True,
            finish="stop", reason="",
        )
        for regime in regimes for seed in range(seeds) for i in range(40)
        for right in [always or rng.random() < 0.6]
    ]  # fmt: skip


@pytest.fixture
def pilot(tmp_path: Path) -> Path:
    """A run folder."""
    return written(tmp_path / "run", verdicts("correct", "incorrect"))


def written(folder: Path, some: list[Verdict]) -> Path:
    (folder / "verdicts").mkdir(parents=True)
    (folder / "verdicts/all.jsonl").write_text("".join(v.model_dump_json() + "\n" for v in some), encoding="utf-8")
    return folder


def planned(capsys: pytest.CaptureFixture[str], **options: object) -> StudyPlan:
    run(PowerRequest(json=True, **options))
    return StudyPlan.model_validate_json(capsys.readouterr().out)


def test_from_stated_variances(capsys: pytest.CaptureFixture[str]) -> None:
    plan = planned(capsys, effect=5.0, **STATED)
    assert (plan.aim, plan.size, plan.problems_a_group) == ("effect", 0.05, None)
    assert plan.components.model_dump() == pytest.approx({"groups": 0.01, "seeds": 0.0016, "rest": 0.09})


def test_from_a_run_folder_and_from_its_summary(
    capsys: pytest.CaptureFixture[str], pilot: Path, tmp_path: Path
) -> None:
    summary = summarise(verdicts("correct", "incorrect"))
    (tmp_path / "summary.json").write_text(summary.model_dump_json(), encoding="utf-8")
    names = {"first": "incorrect", "second": "correct"}
    plans = [
        planned(capsys, pilot=str(path), margin=8.0, **names) for path in (pilot, tmp_path, tmp_path / "summary.json")
    ]
    assert plans[0] == plans[1] == plans[2]
    assert plans[0].components == components(summary.comparisons[0].spread)
    assert plans[0].problems_a_group == 2


def test_one_pair_need_not_be_named(capsys: pytest.CaptureFixture[str], pilot: Path) -> None:
    assert planned(capsys, pilot=str(pilot), effect=5.0).problems_a_group == 2


def test_what_people_read(capsys: pytest.CaptureFixture[str], pilot: Path) -> None:
    run(PowerRequest(pilot=str(pilot), effect=5.0))
    out = " ".join(capsys.readouterr().out.split())
    assert "Power to show a true difference of 5 points" in out
    assert "the smallest study with 80 % power" in out
    assert "100 groups are 200 problems" in out
    run(PowerRequest(effect=3.0, **STATED))
    assert "With 2, 10 seeds no number of problems is enough" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "planned for an effect or for a margin"),
        ({"effect": 3.0, "margin": 3.0, **STATED}, "planned for an effect or for a margin"),
        ({"effect": 0.0, **STATED}, "--effect 0.0 is invalid"),
        ({"margin": float("nan"), **STATED}, "--margin nan is invalid"),
        ({"effect": 3.0}, "there is no pilot, and no variance is stated"),
        ({"effect": 3.0, "sd_seeds": 3.0}, "--sd-groups, --sd-rest is missing"),
        ({"effect": 3.0, "pilot": "run", **STATED}, "variances are stated, and there is a pilot"),
        ({"effect": 3.0, **STATED, "sd_rest": -1.0}, "a standard deviation is invalid"),
        ({"effect": 3.0, **STATED, "sd_rest": float("inf")}, "a standard deviation is invalid"),
        ({"effect": 3.0, "sd_groups": 0.0, "sd_seeds": 0.0, "sd_rest": 0.0}, "a standard deviation is invalid"),
        ({"effect": 3.0, "pilot": "nowhere"}, "there is no such file or folder"),
        ({"effect": 3.0, "pilot": "run", "outcome": "anwser"}, "did you mean 'answer'"),
    ],
)  # fmt: skip
def test_what_is_invalid_is_said(options: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        run(PowerRequest(**options))


def test_several_pairs_must_be_named(tmp_path: Path) -> None:
    folder = str(written(tmp_path / "run", verdicts("a", "b", "c")))
    with pytest.raises(UserError, match=r"3 pairs of regimes of the pilot fit(?s:.*)--first a --second b"):
        run(PowerRequest(pilot=folder, effect=3.0))
    with pytest.raises(UserError, match=r"no pairs of regimes of the pilot fit(?s:.*)--first b --second c"):
        run(PowerRequest(pilot=folder, effect=3.0, first="a", second="z"))
    run(PowerRequest(pilot=folder, effect=3.0, first="c", second="a", json=True))


def test_models_must_be_named(tmp_path: Path) -> None:
    folder = str(written(tmp_path / "run", verdicts("a", "b") + verdicts("a", "b", model="large")))
    with pytest.raises(UserError, match="--first a --second b --model large"):
        run(PowerRequest(pilot=folder, effect=3.0))
    run(PowerRequest(pilot=folder, effect=3.0, model="large", json=True))


def test_pilots_that_plan_nothing(tmp_path: Path) -> None:
    one_seed = written(tmp_path / "one", verdicts("a", "b", seeds=1))
    with pytest.raises(UserError, match="with one seed, the variance"):
        run(PowerRequest(pilot=str(one_seed), effect=3.0))
    alike = written(tmp_path / "alike", verdicts("a", "b", always=True))
    with pytest.raises(UserError, match="its regimes never differ"):
        run(PowerRequest(pilot=str(alike), effect=3.0))


@pytest.mark.parametrize("text", ["{}", "not JSON", '{"cells": []}'])
def test_what_is_no_summary_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "summary.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="no summary of this version"):
        run(PowerRequest(pilot=str(tmp_path), effect=3.0))


def test_as_a_command(tracekd) -> None:
    result = tracekd("power", "--sd-groups", "10", "--sd-seeds", "4", "--sd-rest", "30", "--effect", "5", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["size"] == 0.05
    result = tracekd("power", "nowhere", "--effect", "5")
    assert result.returncode == 2
    assert result.stderr.startswith("tracekd: nowhere: there is no such file or folder")
