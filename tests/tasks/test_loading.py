"""What every task's problems are checked for, on a task that this test makes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tracekd.errors import UserError
from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.tasks.contract import Task
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import load_records
from tracekd.tasks.template import Template


class Row(BaseModel):
    id: str
    question: str = "Which?"
    facts: list[tuple[str, str]] = [("0", "This."), ("1", "That.")]
    label: str = "red"
    gold: list[str] = ["1"]
    support: dict[str, tuple[str, ...]] = {"support": ("1",)}


def problems_of(record: Record) -> Iterator[Problem]:
    row = record.parse(Row)
    yield Problem(
        id=row.id,
        task="made",
        group=row.id,
        question=row.question,
        context=tuple(Fact(id=ident, text=text) for ident, text in row.facts),
        answer=Answer(kind="one_of", values=("that",)),
        trace=gold_trace(row.label, row.gold),
        support=row.support,
        source=record.source,
    )


def example() -> Problem:
    (problem,) = problems_of(Record(Path("made.jsonl"), 1, 0, {"id": "example"}))
    return problem


TASK = Task(
    name="made",
    summary="made for a test",
    labels=("red", "blue"),
    template=Template(prompt="{facts} {question}", classify="Class: ", retrieve="Facts: "),
    load=lambda source: load_records(source, problems_of),
    example=example,
)


def write(path: Path, *rows: dict[str, Any] | str) -> str:
    path.write_text("".join((row if isinstance(row, str) else Row(**row).model_dump_json()) + "\n" for row in rows))
    return str(path)


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"facts": []}, "empty context", ""),
    ({"facts": [("0", " \t"), ("1", "")]}, "empty context", ""),
    ({"question": " \u00a0\n"}, "empty question", ""),
    ({"label": "Red"}, "unknown class", "'Red', expected one of red, blue"),
    ({"label": ""}, "unknown class", "'', expected one of red, blue"),
    ({"label": "x" * 500}, "unknown class", "'" + "x" * 60 + "', expected one of red, blue"),
    ({"facts": [("1", "This."), ("1", "That.")]}, "duplicate fact id", ""),
    ({"support": {"support": ("1",), "full": ("1", "2")}}, "support is not in the context", ""),
    ({"gold": ["01"]}, "support is not in the context", ""),
]


@pytest.mark.parametrize(("row", "reason", "detail"), FAULTS)
def test_a_faulty_problem_is_skipped_and_those_around_it_are_kept(
    tmp_path: Path, row: dict[str, Any], reason: str, detail: str
) -> None:
    source = write(tmp_path / "a.jsonl", {"id": "first"}, {"id": "faulty", **row}, {"id": "last"})
    first, skipped, last = load(TASK, [source])
    assert isinstance(first, Problem) and isinstance(last, Problem)
    assert (first.id, last.id) == ("first", "last")
    assert skipped == Skipped(where=f"{source}:2", reason=reason, detail=detail)


@pytest.mark.parametrize(("row", "reason", "detail"), FAULTS)
def test_strictly_the_first_fault_ends_it_with_its_place_and_reason(
    tmp_path: Path, row: dict[str, Any], reason: str, detail: str
) -> None:
    source = write(tmp_path / "a.jsonl", {"id": "first"}, {"id": "faulty", **row}, {"id": "first"})
    found = load_strict(TASK, [source])
    assert next(found).id == "first"
    with pytest.raises(UserError) as caught:
        next(found)
    assert caught.value.where == f"{source}:2"
    assert caught.value.problem == (f"{reason}: {detail}" if detail else reason)
    assert "--strict" in str(caught.value.next_step)


def test_a_record_that_is_no_problem_comes_through_with_its_own_reason(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {"id": "a"}, "{", '{"question": "Which?"}')
    assert [(s.where, s.reason) for s in load(TASK, [source]) if isinstance(s, Skipped)] == [
        (f"{source}:2", "not JSON"),
        (f"{source}:3", "missing field"),
    ]
    with pytest.raises(UserError, match="not JSON") as caught:
        list(load_strict(TASK, [source]))
    assert caught.value.where == f"{source}:2"


def test_an_id_may_stand_once_in_all_sources(tmp_path: Path) -> None:
    one = write(tmp_path / "one.jsonl", {"id": "a"}, {"id": "b"})
    other = write(tmp_path / "other.jsonl", {"id": "c"}, {"id": "a", "question": "Another?"}, {"id": "c"})
    found = list(load(TASK, [one, other]))
    assert [p.id for p in found if isinstance(p, Problem)] == ["a", "b", "c"]
    assert [s for s in found if isinstance(s, Skipped)] == [
        Skipped(where=f"{other}:2", reason="duplicate id", detail="a"),
        Skipped(where=f"{other}:3", reason="duplicate id", detail="c"),
    ]
    with pytest.raises(UserError, match="duplicate id"):
        list(load_strict(TASK, [one, one]))
    assert len(list(load_strict(TASK, [one]))) == len(list(load_strict(TASK, [one]))) == 2


def test_an_id_whose_first_problem_was_skipped_is_free(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {"id": "a", "facts": []}, {"id": "a"})
    assert [type(found) for found in load(TASK, [source])] == [Skipped, Problem]


def test_a_support_may_be_empty_and_a_text_may_be_repeated(tmp_path: Path) -> None:
    source = write(
        tmp_path / "a.jsonl", {"id": "a", "support": {"support": ()}, "gold": [], "facts": [("0", "A"), ("1", "A")]}
    )
    assert len(list(load_strict(TASK, [source]))) == 1


def test_problems_come_one_at_a_time(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", {"id": "a"})
    found = load(TASK, [source, str(tmp_path / "nowhere")])
    assert isinstance(next(found), Problem)
    with pytest.raises(UserError, match="no such file"):
        next(found)
