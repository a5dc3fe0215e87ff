"""A data set for the Hub: `datasets` loads the folder, and our reader gives the same verdicts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tracekd.export.hub_card import COLUMNS, EFFECT
from tracekd.export.hub_dataset import EffectRow, Row

from .conftest import Export, verdicts_in


@pytest.mark.parametrize("name", ["verified", "study"])
def test_our_reader_gives_the_same_verdicts(
    name: str, request: pytest.FixtureRequest, export: Export, verdicts_of: Callable[[Path, Path], list[str]]
) -> None:
    run = request.getfixturevalue(name)
    out = export(run, "jsonl")
    assert verdicts_of(out / "data", out) == verdicts_in(run)


def test_the_card_states_the_type_of_every_column() -> None:
    assert tuple(COLUMNS) == tuple(Row.model_fields)
    assert tuple(EFFECT) == tuple(EffectRow.model_fields)


def test_the_folder_loads(
    verified: Path, study: Path, export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    loaded = datasets.load_dataset(str(export(verified, "jsonl")), cache_dir=str(tmp_path / "cache"))
    assert list(loaded) == ["test"] and len(loaded["test"]) == len(verdicts_in(verified))
    assert loaded["test"].column_names == list(COLUMNS) and loaded["test"][0]["effects"] == []
    again = datasets.load_dataset(str(export(study, "jsonl")), cache_dir=str(tmp_path / "cache of another"))
    own, none, implied = again["test"][0]["effects"]
    assert (own["condition"], none["flipped"], implied["follows"]) == ("own", False, True)
    assert again["test"].features == loaded["test"].features  # also where a column has only nulls
