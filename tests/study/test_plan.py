"""Artefacts are named by all that they are made from."""

import json
from pathlib import Path

from tracekd.students.student import Student
from tracekd.study.config import Study, TaskSource
from tracekd.study.plan import Cell, hash_bases, make_plan, outputs_of
from tracekd.verify.trace_kind import TRACE_KINDS


def folder(path: Path, weights: bytes, **adapter: object) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    (path / ("adapter_config.json" if adapter else "config.json")).write_text(json.dumps(adapter))
    (path / "model.safetensors").write_bytes(weights)
    return path


def test_an_adapter_goes_by_its_base_too(tmp_path: Path) -> None:
    study = Study(name="s", regimes=("correct",), task=TaskSource(), students=(Student(name="a"),))
    base = folder(tmp_path / "base", b"one")
    adapter = folder(
        tmp_path / "adapter",
        b"low rank",
        base_model_name_or_path=str(base),
        peft_type="LORA",
        r=4,
        target_modules=["dense"],
    )
    before = hash_bases(study, {"a": adapter})
    assert hash_bases(study, {"a": adapter}) == before
    folder(base, b"another")
    assert hash_bases(study, {"a": adapter}) != before


def test_another_way_of_judging_changes_only_the_name_of_verdicts(tmp_path: Path) -> None:
    study = Study(name="s", regimes=("correct",), task=TaskSource(), students=(Student(name="a.free"),))
    plans = {
        kind: make_plan(study.model_copy(update={"trace": kind}), tmp_path, {"a.free": "0"}) for kind in TRACE_KINDS
    }
    cells = {kind: plan.cells[0] for kind, plan in plans.items()}
    assert len({cell.verdicts for cell in cells.values()}) == len(TRACE_KINDS)
    for kind, cell in cells.items():
        assert set(cell.other_verdicts) == {other.verdicts for other in cells.values()} - {cell.verdicts}
        assert outputs_of(cell.verdicts) == cell.outputs
        assert (cell.outputs, cell.record, cell.model) == _files(cells["template"])
        assert plans[kind].problems == plans["template"].problems
    assert cells["template"].verdicts.name == cells["template"].outputs.name


def _files(cell: Cell) -> tuple[Path, Path, Path]:
    return cell.outputs, cell.record, cell.model
