"""The study's modules are beside its script, not in a package."""

import sys
from pathlib import Path

import pytest

STUDY = Path(__file__).parents[2] / "studies/interpretable_traces"
sys.path += [str(STUDY), str(Path(__file__).parent)]


@pytest.fixture
def cotempqa(tmp_path: Path) -> Path:
    """The miniature of the released repository."""
    from miniatures import write_released

    write_released(tmp_path / "released")
    return tmp_path / "released"
