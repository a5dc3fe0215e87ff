"""Tables in Weights & Biases and in Trackio: through their own libraries, without a network."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracekd.cli.export import run
from tracekd.cli.requests.results import ExportRequest
from tracekd.errors import UserError
from tracekd.export.rate_tables import numbers, rates_table, verdicts_table
from tracekd.export.read_run import read_run


def test_tables_have_a_row_for_each_rate_and_each_output(study: Path) -> None:
    found = read_run(study)
    assert ("tiny", "correct", 7, "flipped_implied", 2, 1.0) in rates_table(found).rows
    table = verdicts_table(found)
    assert len(table.rows) == 4 and all(len(row) == len(table.columns) for row in table.rows)
    first = dict(zip(table.columns, table.rows[0], strict=True))
    assert (first["id"], first["answer"], first["flipped_none"]) == ("made/office", "right", False)
    assert numbers(found)["tiny/correct/s7/trace"] == 1.0


@pytest.mark.parametrize("tracker", ["wandb", "trackio"])
def test_a_missing_library_is_named(study: Path, tracker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, tracker, None)
    with pytest.raises(UserError, match=f"pip install {tracker}"):
        run(ExportRequest(run=study, to=tracker))


def test_wandb_writes_the_tables_offline(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    run(ExportRequest(run=study, to="wandb", out=tmp_path / "tracked"))
    tables = {
        file.name.split("_")[0]: json.loads(file.read_text())
        for file in (tmp_path / "tracked").glob("wandb/offline-run-*/files/media/table/*.table.json")
    }
    assert set(tables) == {"rates", "verdicts"} and len(tables["verdicts"]["data"]) == 4
    assert ["tiny", "correct", 7, "trace", 4, 1.0] in tables["rates"]["data"]


def test_trackio_keeps_the_tables_on_this_machine(study: Path, tmp_path: Path) -> None:
    pytest.importorskip("trackio")
    folder = tmp_path / "tracked"
    code = (
        "import sys; from pathlib import Path; from tracekd.cli.export import run; "
        "from tracekd.cli.requests.results import ExportRequest; "
        "run(ExportRequest(run=Path(sys.argv[1]), to='trackio', project='doors'))"
    )
    # A process of its own: the library reads TRACKIO_DIR when it is imported.
    made = subprocess.run(
        [sys.executable, "-c", code, str(study)], env={**os.environ, "TRACKIO_DIR": str(folder)}, text=True,
        capture_output=True, timeout=300, check=True,
    )  # fmt: skip
    assert "4 outputs logged: project doors, run study" in made.stdout
    listed = subprocess.run(
        [sys.executable, "-m", "trackio.cli", "list", "metrics", "--project", "doors", "--run", "study", "--json"],
        env={**os.environ, "TRACKIO_DIR": str(folder)}, text=True, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    assert "tiny/correct/s7/trace" in listed.stdout, listed.stderr
