"""Problems in a file."""

from pathlib import Path

import pytest

from tracekd.files import write_jsonl

from ..made_problems import PROBLEMS


@pytest.fixture
def asked(tmp_path: Path) -> str:
    """A file of the problems."""
    write_jsonl(tmp_path / "problems.jsonl", PROBLEMS)
    return str(tmp_path / "problems.jsonl")
