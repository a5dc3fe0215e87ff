"""bAbI as the Hub's rows: the same problems as from the text files, in every layout and format."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.story_format import FactLine, Story, read_stories
from tracekd.tasks.reading.fault import Skipped

TEXT = (
    "1 Ada got the lamp there.\n2 Ben went to the attic.\n3 What is Ada carrying? \tlamp\t1\n"
    "4 Ada took the rope.\n5 What is Ada carrying? \trope,lamp\t1 4\n6 What is Ben carrying? \tnothing\t2\n"
    "1 Ben grabbed the rope.\n2 What is Ben carrying? \trope\t1\n"
)


def stories() -> list[Story]:
    return list(read_stories(TEXT.splitlines(), "f"))


def columns(story: Story) -> dict[str, Any]:
    """The layout of the Hub: parallel lists; the blank before the tab is still there."""
    facts = [isinstance(line, FactLine) for line in story]
    return {
        "id": [str(line.id) for line in story],
        "type": [0 if fact else 1 for fact in facts],
        "text": [line.text if isinstance(line, FactLine) else f"{line.text} " for line in story],
        "supporting_ids": [[] if isinstance(line, FactLine) else [str(i) for i in line.support] for line in story],
        "answer": ["" if isinstance(line, FactLine) else line.answer for line in story],
    }


def lines(story: Story, names: tuple[str, str] | None = None) -> list[dict[str, Any]]:
    whole = columns(story)
    rows = [{key: values[at] for key, values in whole.items()} for at in range(len(story))]
    return [{**row, "type": names[row["type"]]} for row in rows] if names else rows


def write(file: Path, rows: list[Any]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), file)
    elif file.suffix == ".json":
        file.write_text(json.dumps(rows), encoding="utf-8")
    else:
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return file


def found_in(source: Path) -> tuple[list[Problem], list[Skipped]]:
    found = list(TASK.load(str(source)))
    return [f for f in found if isinstance(f, Problem)], [f for f in found if isinstance(f, Skipped)]


def without_source(found: list[Problem]) -> list[Problem]:
    return [problem.model_copy(update={"source": ""}) for problem in found]


@pytest.mark.parametrize("ending", ["jsonl", "json", "parquet"])
@pytest.mark.parametrize("layout", ["columns", "lines", "named lines"])
def test_rows_are_the_problems_of_the_text(tmp_path: Path, ending: str, layout: str) -> None:
    (tmp_path / "qa8_train.txt").write_text(TEXT, encoding="utf-8")
    rows = [
        {
            "story": columns(s)
            if layout == "columns"
            else lines(s, ("context", "question") if "named" in layout else None)
        }
        for s in stories()
    ]
    problems, skipped = found_in(write(tmp_path / "rows" / f"qa8_train.{ending}", rows))
    assert not skipped
    assert without_source(problems) == without_source(found_in(tmp_path / "qa8_train.txt")[0])
    assert [p.answer.values for p in problems] == [("lamp",), ("rope", "lamp"), (), ("rope",)]
    assert [p.question for p in problems[:1]] == ["What is Ada carrying?"]
    if ending == "jsonl":
        assert [p.source for p in problems] == ["qa8_train.jsonl:1"] * 3 + ["qa8_train.jsonl:2"]


@pytest.mark.parametrize(
    ("name", "family", "group"),
    [
        ("qa8.jsonl", 8, "qa8/0"),
        ("qa19_rows.jsonl", 19, "qa19_rows/0"),
        ("en-10k-qa3/train.jsonl", 3, "en-10k-qa3/train/0"),
        ("en-qa1/parts/train-00000-of-00001.jsonl", 1, "en-qa1/parts/train-00000-of-00001/0"),
        ("en-qa1/qa2.jsonl", 2, "qa2/0"),
        ("EN-QA7/train.jsonl", 7, "EN-QA7/train/0"),
    ],
)
def test_the_nearest_part_of_the_path_names_the_family(tmp_path: Path, name: str, family: int, group: str) -> None:
    problems, _ = found_in(write(tmp_path / name, [{"story": columns(stories()[1])}]))
    assert [(p.label, p.group, p.id) for p in problems] == [(TASK.labels[family - 1], group, f"{group}/2")]


@pytest.mark.parametrize("name", ["rows.jsonl", "babi_qa/train.jsonl", "qa21.jsonl", "qa0/train.jsonl", "aqa1.jsonl"])
def test_a_path_that_names_no_family_is_refused(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, [{"story": columns(stories()[1])}])
    with pytest.raises(UserError, match="which bAbI task") as caught:
        list(TASK.load(str(file)))
    assert "qa1 to qa20" in (caught.value.expected or "")


def test_the_configuration_of_the_hub_names_the_family(monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    asked: list[Any] = []

    def load_dataset(*given: Any, **named: Any) -> list[dict[str, Any]]:
        asked.append((given, named["split"]))
        return [{"story": columns(stories()[0])}]

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    found = list(TASK.load("hub:facebook/babi_qa:en-qa8:test"))
    assert asked == [(("facebook/babi_qa", "en-qa8"), "test")]
    assert [f.id for f in found if isinstance(f, Problem)] == [f"en-qa8/test/0/{line}" for line in (3, 5, 6)]


def test_a_folder_may_hold_text_and_rows(tmp_path: Path) -> None:
    write(tmp_path / "qa2_train.jsonl", [{"story": columns(stories()[1])}])
    write(tmp_path / "summary.json", [{"score": 1}])
    (tmp_path / "qa10_train.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "qa1_train.txt").write_text(TEXT, encoding="utf-8")
    problems, skipped = found_in(tmp_path)
    assert not skipped
    assert [p.source.partition(":")[0] for p in problems] == [
        *["qa1_train.txt"] * 4, "qa2_train.jsonl", *["qa10_train.txt"] * 4,
    ]  # fmt: skip


def story(**changes: Any) -> dict[str, Any]:
    return {"story": {**columns(stories()[0]), **changes}}


ROW_FAULTS = [
    ({}, "missing field", "story"),
    ({"story": 7}, "malformed field", "story"),
    (story(id=["1", "2"]), "malformed field", "different lengths"),
    (story(id=["1", "2", "3", "4", "5", "six"]), "malformed field", "id.5"),
    (story(type=[0, 0, 1, 0, 1, 2]), "malformed field", "type.5"),
    (story(answer=[None] * 6), "malformed field", "answer.0"),
    (story(text="What?"), "malformed field", "text"),
]


@pytest.mark.parametrize(("row", "reason", "detail"), ROW_FAULTS)
def test_a_row_that_is_no_story_is_skipped_and_the_next_is_read(
    tmp_path: Path, row: dict[str, Any], reason: str, detail: str
) -> None:
    file = write(tmp_path / "qa8.jsonl", [row, {"story": columns(stories()[1])}])
    problems, (skipped,) = found_in(file)
    assert (skipped.where, skipped.reason) == (f"{file}:1", reason)
    assert detail in skipped.detail
    assert [p.id for p in problems] == ["qa8/1/2"]


LINE_FAULTS = [
    ({"answer": ["", "", "", "", "rope", "nothing"]}, ["5", "6"], ["malformed question"]),
    ({"supporting_ids": [[], [], ["1"], [], ["6"], ["2"]]}, ["3", "6"], ["support is not an earlier fact"]),
    ({"supporting_ids": [[], [], ["1"], [], ["1", "1"], ["2"]]}, ["3", "6"], ["supporting id given twice"]),
    ({"supporting_ids": [[], [], ["1"], [], ["one"], ["2"]]}, ["3", "6"], ["malformed question"]),
    ({"id": ["1", "2", "3", "5", "6", "7"]}, ["3"], ["id gap", *["after a fault in its story"] * 2]),
    ({"text": ["A.", "B.", "C?", " ", "D?", "E?"]}, ["3"], ["empty fact", *["after a fault in its story"] * 2]),
]


@pytest.mark.parametrize(("changes", "kept", "reasons"), LINE_FAULTS)
def test_a_faulty_line_costs_what_it_costs_in_a_text_file(
    tmp_path: Path, changes: dict[str, Any], kept: list[str], reasons: list[str]
) -> None:
    file = write(tmp_path / "qa8.jsonl", [story(**changes), {"story": columns(stories()[1])}])
    problems, skipped = found_in(file)
    assert [p.id for p in problems] == [*(f"qa8/0/{line}" for line in kept), "qa8/1/2"]
    assert [(s.where, s.reason) for s in skipped] == [(f"{file}:1", reason) for reason in reasons]
    assert all("of the story" in s.detail for s in skipped)


def test_the_subset_of_the_paper_is_the_first_question_of_each_story(tmp_path: Path) -> None:
    for family in (8, 9):
        (tmp_path / f"qa{family}_train.txt").write_text(TEXT, encoding="utf-8")
        write(tmp_path / f"qa{family}_rows.jsonl", [{"story": columns(s)} for s in stories()])
    chosen = [p.id for p in found_in(tmp_path)[0] if TASK.subsets["paper"](p)]
    assert chosen == ["qa8_rows/0/3", "qa8_rows/1/2", "qa8_train/0/3", "qa8_train/1/2"]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_mutilated_rows_are_read_or_skipped(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    layout = data.draw(st.sampled_from([columns, lines]))
    text = bytearray("".join(json.dumps({"story": layout(s)}) + "\n" for s in stories()).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 6))] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"null", b"[", b"]", b"{", b'"', b"1e9", b"\\ud800", b"\n"])
        )
    file = tmp_path_factory.getbasetemp() / "qa8_mutilated.jsonl"
    file.write_bytes(text)
    problems, skipped = found_in(file)
    assert all(set(p.trace.facts) <= {fact.id for fact in p.context} for p in problems)
    assert all(s.where.startswith(f"{file}:") and s.reason for s in skipped)


@pytest.mark.parametrize("empty", [[], {"id": [], "type": [], "text": [], "supporting_ids": [], "answer": []}])
def test_a_row_that_asks_nothing_is_told(tmp_path: Path, empty: Any) -> None:
    _, (skipped,) = found_in(write(tmp_path / "qa1.jsonl", [{"story": empty}]))
    assert skipped.reason == "story without a question"
