"""Artefacts are named by all that they are made from."""

import json
from pathlib import Path

from tracekd.students.student import Student
from tracekd.study.config import Study, TaskSource
from tracekd.study.plan import hash_bases


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
