"""The record of a training in a student's folder."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracekd.content_hash import check
from tracekd.errors import UserError
from tracekd.students.student import Student

RECORD = "training.json"
RECIPE = "recipe.txt"  # in the folder of the state: a hash of what the training depends on


def state_folder(student: Path) -> Path:
    """Where the state of a training is kept until the student is written into its folder."""
    return student.with_name(f"{student.name}.training")


class TrainingRecord(BaseModel):
    """The file `training.json`. `too_long` examples were left out: they have more than `tokens` tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    student: Student
    seed: int
    seconds: float
    steps: int
    out_of_time: bool
    loss: float
    trained_on: int
    too_long: int
    tokens: int


def student_of(folder: Path) -> Student:
    """The student that was trained in a folder; one with default settings, if another program trained it.
    Raises UserError if the record is damaged.
    """
    check(folder / RECORD)
    try:
        return Student.model_validate(json.loads((folder / RECORD).read_bytes())["student"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, UserError):
        return Student(name="student")
