"""Runs to export: outputs of every kind that `tracekd verify` judged, and the run folder of a study."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tracekd.cli.export import run as export_run
from tracekd.cli.requests.results import ExportRequest, VerifyRequest
from tracekd.cli.verify import run as verify_run
from tracekd.files import write_jsonl
from tracekd.interventions.effect import Effect
from tracekd.problem import Problem
from tracekd.students.output import Output
from tracekd.study.plan import effects_of
from tracekd.verify.join import Problems
from tracekd.verify.judge import Judge
from tracekd.verify.run import judge_outputs
from tracekd.verify.trace_kind import DEFAULT_KIND

from .. import made_problems
from ..made_problems import TASK, trace_of

PROBLEMS = made_problems.PROBLEMS[:4]
# Names of models and regimes come from anywhere.
MODELS = ("org/tiny", "org__tiny", "../=evil\u202e")


def ways(problem: Problem) -> Iterator[dict[str, Any]]:
    """Outputs of every kind: right, with reasoning in a field, cut off, with hidden reasoning, empty, in letters of any sort."""
    trace, answer = trace_of(problem), f" <answer>{problem.answer.values[0]}</answer>"
    yield {"text": f"<think>{trace}</think>{answer}"}
    yield {"text": " <answer>nowhere</answer>", "reasoning": trace}
    yield {"text": f"<think>{trace[:20]}", "finish": "length"}
    yield {"text": answer, "reasoning": [{"type": "redacted_thinking", "data": "zz"}]}
    yield {"text": ""}
    yield {"text": f"<think>\x1b[31m\u202e\u4e00\x00</think>{answer}"}


def lines(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


@pytest.fixture
def verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder of `tracekd verify --out`: three models, two seeds, six samples of each problem (and one is missing)."""
    rows = [
        {"id": problem.id, "student": model, "regime": "correct", "seed": seed, "sample": sample, **way}
        for model in MODELS for seed in (0, 7) for problem in PROBLEMS for sample, way in enumerate(ways(problem))
    ]  # fmt: skip
    del rows[1]  # sample 1 of the first problem: the others keep their numbers
    write_jsonl(tmp_path / "problems.jsonl", PROBLEMS)
    outputs = lines(tmp_path / "outputs.jsonl", rows)
    folder = tmp_path / "verified"
    code = verify_run(
        VerifyRequest(outputs=(outputs,), task="babi", problems=(str(tmp_path / "problems.jsonl"),), out=folder)
    )
    capsys.readouterr()
    assert code == 0
    return folder


STUDY = """
name = "small"
seeds = [7]
regimes = ["correct"]

[task]
name = "babi"

[[students]]
name = "tiny"
steps = 4
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A run folder of a study with one cell: its outputs, verdicts, and effects of interventions."""
    run = tmp_path / "study"
    run.mkdir()
    (run / "study.toml").write_text(STUDY, encoding="utf-8")
    write_jsonl(run / "problems/test-0123456789ab.jsonl", PROBLEMS)
    outputs = [
        Output(
            id=each.id, regime="correct", student="tiny", seed=7, text=next(ways(each))["text"], token_ids=(1, 2),
            finish="stop",
        )
        for each in PROBLEMS
    ]  # fmt: skip
    file = run / "outputs/correct-tiny-s7-0123.jsonl"
    write_jsonl(file, outputs)
    verdicts = judge_outputs(outputs, Problems.of(PROBLEMS, TASK.template), Judge(TASK))
    write_jsonl(run / "verdicts" / file.name, verdicts)
    effects = [
        Effect(
            id=each.id, group=each.group, label=each.label, regime="correct", student="tiny", seed=7, condition=condition,
            answer="cellar", flipped=condition == "implied", implied="cellar" if condition == "implied" else None,
            follows=True if condition == "implied" else None,
        )
        for each in PROBLEMS[:2] for condition in ("own", "none", "implied")
    ]  # fmt: skip
    write_jsonl(effects_of(file, DEFAULT_KIND), effects)
    return run


Export = Callable[..., Path]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """Export a run, and return the folder with the files."""

    def made(run: Path, target: str) -> Path:
        out = tmp_path / f"exported-{target}"
        export_run(ExportRequest(run=run, to=target, out=out))
        return out

    return made


@pytest.fixture
def verdicts_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Path, Path], list[str]]:
    """The verdicts, sorted, that `tracekd verify` gives on files that were exported into a folder."""

    def judged(files: Path, exported: Path) -> list[str]:
        out, problems = tmp_path / "again", str(exported / "problems.jsonl")
        assert verify_run(VerifyRequest(outputs=(str(files),), task="babi", problems=(problems,), out=out)) == 0
        capsys.readouterr()
        return sorted((out / "verdicts.jsonl").read_text(encoding="utf-8").splitlines())

    return judged


def verdicts_in(folder: Path) -> list[str]:
    """The verdicts of a run, sorted."""
    files = (
        [folder / "verdicts.jsonl"] if (folder / "verdicts.jsonl").is_file() else (folder / "verdicts").glob("*.jsonl")
    )
    return sorted(line for file in files for line in file.read_text(encoding="utf-8").splitlines())
