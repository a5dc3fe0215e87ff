"""The record of how a cell was made: one small file for each cell."""

import resource
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracekd.files import read_json, write_text
from tracekd.study.plan import Cell


class CellRecord(BaseModel):
    """Seconds of each phase, steps, examples left out, and peak memory in bytes. `peak_memory` is measured in the
    process of the cell, with the libraries. Processes of one study share the libraries, so together they need less than
    the sum of their peaks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    cell: str
    train_seconds: float
    generate_seconds: float
    intervene_seconds: float = 0.0
    steps: int
    out_of_time: bool
    trained_on: int
    too_long: int
    peak_memory: int


def write_record(path: Path, record: CellRecord) -> None:
    """Write a record atomically."""
    write_text(path, record.model_dump_json(indent=1) + "\n")


def read_record(cell: Cell) -> CellRecord:
    """Read the record of a finished cell."""
    return read_json(cell.record, CellRecord)


def record_interventions(cell: Cell, seconds: float) -> None:
    """Add the seconds of interventions in this process to the record of a finished cell."""
    known = read_record(cell)
    changed = {
        "intervene_seconds": known.intervene_seconds + seconds,
        "peak_memory": max(known.peak_memory, peak_memory()),
    }
    write_record(cell.record, known.model_copy(update=changed))


def peak_memory() -> int:
    """The peak memory of this process, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
