"""What a study computes once and keeps."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tracekd.files import write_text
from tracekd.interventions.effect import Effect
from tracekd.interventions.measures import RelianceSummary
from tracekd.study import finish


def test_reliance_of_a_version_with_other_measures_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Effect(id="1", group="g", label="a", regime="r", student="s", seed=0, condition="own", right=True)
    write_text(tmp_path / "effects.jsonl", own.model_dump_json() + "\n")
    plan: Any = SimpleNamespace(run=tmp_path, study=SimpleNamespace(conditions=("own",)))
    cell: Any = SimpleNamespace(effects=tmp_path / "effects.jsonl")

    def kept() -> set[str]:
        return {path.name for path in (tmp_path / "stats").glob("reliance-*.json")}

    found = finish._reliance(plan, [cell], [own])
    (name,) = kept()
    assert finish._reliance(plan, [cell], [own]) == found and kept() == {name}
    schema = RelianceSummary.model_json_schema()
    monkeypatch.setattr(RelianceSummary, "model_json_schema", lambda: {**schema, "title": "of another version"})
    assert finish._reliance(plan, [cell], [own]) == found and len(kept()) == 2
