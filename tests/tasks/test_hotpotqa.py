"""HotpotQA: what becomes of a record in every layout, and of one that is none."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.hotpotqa import TASK
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.reading.fault import Skipped
from tracekd.verify.answer import answer_is_right
from tracekd.verify.parse import parse

REAL = Path(__file__).parents[2].parent / "shared/data/hotpotqa/dev_distractor_120.json"
real = pytest.mark.skipif(not REAL.is_file(), reason="the real HotpotQA slice is not on this machine")
Row = dict[str, Any]

CONTEXT = [
    ["Pell Bridge", ["Pell Bridge spans the Oder Gap.", " It opened in 1902.", " A toll was due until 1930."]],
    ["Anna Quist", ["Anna Quist (1860 – 1931) was an engineer.", " She drew Pell Bridge &amp; two others."]],
    ["Oder Gap", ["The Oder Gap is a gorge."]],
]


def row(**changed: Any) -> Row:
    return {
        "_id": "made-up-1",
        "answer": "1902",
        "question": "When did the bridge that Anna Quist drew open?",
        "supporting_facts": [["Anna Quist", 1], ["Pell Bridge", 1]],
        "context": CONTEXT,
        "type": "bridge",
        "level": "hard",
    } | changed


def columns(one: Row) -> Row:
    """The record as the Hub has it."""
    hub = {"id": one["_id"]} | {key: value for key, value in one.items() if key != "_id"}
    hub["context"] = {"title": [p[0] for p in one["context"]], "sentences": [p[1] for p in one["context"]]}
    facts = one["supporting_facts"]
    hub["supporting_facts"] = {"title": [f[0] for f in facts], "sent_id": [f[1] for f in facts]}
    return hub


def as_texts(one: Row) -> Row:
    return one | {key: json.dumps(one[key]) for key in ("context", "supporting_facts")}


def parquet(rows: list[Row]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


def table(rows: list[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def lines(rows: list[Row]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in rows)


LAYOUTS: dict[str, Callable[[list[Row]], bytes]] = {
    "official.json": lambda rows: json.dumps(rows).encode(),
    "indented.json": lambda rows: json.dumps(rows, indent=1, ensure_ascii=False).encode(),
    "rows.jsonl": lines,
    "hub.jsonl": lambda rows: lines([columns(one) for one in rows]),
    "hub.json": lambda rows: json.dumps([columns(one) for one in rows]).encode(),
    "hub.parquet": lambda rows: parquet([columns(one) for one in rows]),
    "texts.parquet": lambda rows: parquet([as_texts(one) for one in rows]),
    "texts.csv": lambda rows: table([as_texts(one) for one in rows]),
}


def write(folder: Path, rows: list[Row], name: str = "official.json") -> str:
    (folder / name).write_bytes(LAYOUTS[name](rows))
    return str(folder / name)


def only(folder: Path, one: Row) -> Problem | Skipped:
    (found,) = load(TASK, [write(folder, [one])])
    return found


def problem(folder: Path, **changed: Any) -> Problem:
    (found,) = load_strict(TASK, [write(folder, [row(**changed)])])
    return found


def test_sentences_are_facts_that_can_be_read_alone(tmp_path: Path) -> None:
    found = problem(tmp_path)
    assert [fact.id for fact in found.context] == ["0.0", "0.1", "0.2", "1.0", "1.1", "2.0"]
    assert found.texts(found.trace.facts) == (
        "Anna Quist: She drew Pell Bridge &amp; two others.",
        "Pell Bridge: It opened in 1902.",
    )
    assert found.support == {"support": ("1.1", "0.1")}
    assert (found.id, found.label, found.stratum) == ("made-up-1", "bridge", "answerable")
    assert (found.answer.kind, found.answer.values) == ("text", ("1902",))


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_same_problems(tmp_path: Path, name: str) -> None:
    rows = [row(), row(_id="made-up-2", type="comparison", answer="no", supporting_facts=[["Oder Gap", 0]])]
    found = [p.model_copy(update={"source": ""}) for p in load_strict(TASK, [write(tmp_path, rows, name)])]
    plain = [p.model_copy(update={"source": ""}) for p in load_strict(TASK, [write(tmp_path, rows)])]
    assert found == plain and [p.label for p in found] == ["bridge", "comparison"]


def test_empty_sentences_are_left_out_and_counted(tmp_path: Path) -> None:
    context = [["A", ["", "One.", "  ", "Two."]], ["B", []]]
    found = problem(tmp_path, context=context, supporting_facts=[["A", 3]])
    assert [(fact.id, fact.text) for fact in found.context] == [("0.1", "A: One."), ("0.3", "A: Two.")]
    assert found.trace.facts == ("0.3",)


def test_outer_blanks_go_and_html_entities_stay(tmp_path: Path) -> None:
    found = problem(tmp_path, question=" Who wrote Salt &amp; Ash? ", answer=" R&amp;B\n")
    assert (found.question, found.answer.values) == ("Who wrote Salt &amp; Ash?", ("R&amp;B",))


def test_a_sentence_cited_twice_is_cited_once(tmp_path: Path) -> None:
    assert problem(tmp_path, supporting_facts=[["Oder Gap", 0], ["Oder Gap", 0]]).trace.facts == ("2.0",)


def test_a_missing_gold_paragraph_makes_a_problem_that_its_context_cannot_answer(tmp_path: Path) -> None:
    partly = problem(tmp_path, supporting_facts=[["Anna Quist", 1], ["Lost Bridge", 4]])
    assert (partly.stratum, partly.trace.facts, partly.support) == ("gold_missing", ("1.1",), {"support": ("1.1",)})
    wholly = problem(tmp_path, supporting_facts=[["Lost Bridge", 0]])
    assert (wholly.stratum, wholly.trace.facts) == ("gold_missing", ())
    assert TASK.check is not None and TASK.check(wholly).faults == ()
    assert len({partly.group, wholly.group, problem(tmp_path).group}) == 3


def test_the_group_is_the_set_of_gold_paragraphs(tmp_path: Path) -> None:
    group = problem(tmp_path).group
    assert problem(tmp_path, question="Why?", supporting_facts=[["Pell Bridge", 0], ["Anna Quist", 0]]).group == group
    assert problem(tmp_path, context=[*reversed(CONTEXT), ["More", ["Text."]]]).group == group
    assert problem(tmp_path, supporting_facts=[["Pell Bridge", 1]]).group != group
    other = [["Pell Bridge", ["Another text.", "It opened in 1902."]], CONTEXT[1]]
    assert problem(tmp_path, context=other).group != group


@pytest.mark.parametrize(
    ("second", "cited"),
    [
        (["Oder Gap", ["The Oder Gap is a gorge."]], "2.0"),  # the paragraph stands there twice
        (["Oder Gap", []], "2.0"),  # the other has no such sentence
        (["Oder Gap", ["The Oder Gap is a novel."]], None),
    ],
)
def test_a_title_over_two_paragraphs(tmp_path: Path, second: Any, cited: str | None) -> None:
    found = only(tmp_path, row(context=[*CONTEXT, second], supporting_facts=[["Oder Gap", 0]]))
    if cited is None:
        assert isinstance(found, Skipped) and found.reason == "support title is ambiguous"
    else:
        assert isinstance(found, Problem) and found.trace.facts == (cited,)


def test_of_two_paragraphs_the_one_that_has_the_sentence_is_meant(tmp_path: Path) -> None:
    context = [["Oder Gap", ["A novel."]], ["Oder Gap", ["A gorge.", "It is deep."]]]
    assert problem(tmp_path, context=context, supporting_facts=[["Oder Gap", 1]]).trace.facts == ("1.1",)


@pytest.mark.parametrize(
    ("changed", "reason", "detail"),
    [
        ({"supporting_facts": [["Oder Gap", 1]]}, "support sentence out of range", "1 of 'Oder Gap', which has 1"),
        ({"supporting_facts": [["E", 0]], "context": [["E", [" "]]]}, "support sentence is empty", "sentence 0 of 'E'"),
        ({"supporting_facts": []}, "no supporting facts", ""),
        ({"supporting_facts": [["Oder Gap", -1]]}, "malformed field", "supporting_facts.rows.0.1"),
        ({"supporting_facts": [["Oder Gap", "0"]]}, "malformed field", "supporting_facts.rows.0.1"),
        ({"supporting_facts": [["Oder Gap", True]]}, "malformed field", "supporting_facts.rows.0.1"),
        ({"supporting_facts": {"title": ["Oder Gap"], "sent_id": []}}, "malformed field", "columns of 1 and 0 rows"),
        ({"context": {"title": [], "sentences": [["A."]]}}, "malformed field", "context: columns of 0 and 1 rows"),
        ({"context": [["A", ["B.", 3]]]}, "malformed field", "context.rows.0.1.1"),
        ({"context": []}, "empty context", ""),
        ({"context": "[" * 9999}, "malformed field", "recursion limit"),
        ({"question": " "}, "empty question", ""),
        ({"answer": " "}, "empty answer", ""),
        ({"answer": None}, "malformed field", "answer"),
        ({"answer": ["1902"]}, "malformed field", "answer"),
        ({"type": "riddle"}, "unknown class", "'riddle'"),
        ({"_id": ""}, "malformed field", "_id"),
    ],
)
def test_a_record_that_is_no_problem_says_why(tmp_path: Path, changed: Row, reason: str, detail: str) -> None:
    base = row() if changed.get("context") != [] else row(supporting_facts=[["Gone", 0]])
    found = only(tmp_path, base | changed)
    assert isinstance(found, Skipped), found
    assert found.reason == reason and detail in found.detail


@pytest.mark.parametrize("field", ["_id", "question", "answer", "type", "context", "supporting_facts"])
def test_a_test_file_lacks_fields(tmp_path: Path, field: str) -> None:
    found = only(tmp_path, {key: value for key, value in row().items() if key != field})
    assert isinstance(found, Skipped) and (found.reason, found.detail) == ("missing field", field)


def test_strict_reading_stops_with_file_and_line(tmp_path: Path) -> None:
    rows = [row(), row(_id="made-up-2"), row()]
    file = write(tmp_path, rows, "rows.jsonl")
    assert [type(found).__name__ for found in load(TASK, [file])] == ["Problem", "Problem", "Skipped"]
    with pytest.raises(UserError, match="duplicate id: made-up-1"):
        list(load_strict(TASK, [file]))
    write(tmp_path, [row(), row(_id="2", supporting_facts=[["Oder Gap", 7]])], "rows.jsonl")
    with pytest.raises(UserError, match="support sentence out of range") as caught:
        list(load_strict(TASK, [file]))
    assert caught.value.where == f"{file}:2"


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        ("1902", ()),
        ("pell  bridge", ()),  # of the title, and case and blanks are free
        ('"Pell" Bridge & two', ()),
        ("1930", ("answer_not_in_support",)),
        ("yes", ()),
        ("No", ()),
    ],
)
def test_an_answer_outside_the_support_is_a_fault(tmp_path: Path, answer: str, faults: tuple[str, ...]) -> None:
    context = [[title, [text.replace("&amp;", "&") for text in texts]] for title, texts in CONTEXT]
    check = TASK.check
    assert check is not None
    assert check(problem(tmp_path, answer=answer, context=context)).faults == faults


def test_the_example_is_its_own_right_output() -> None:
    task = get_task("hotpotqa")
    example = task.example()
    trace = task.template.render_trace(example, example.trace)
    parsed = parse(f"<think>{trace}</think> <answer>1871</answer>", task.template, "stop")
    assert parsed.stated_label == "bridge" and parsed.cited == example.texts(example.trace.facts)
    assert answer_is_right(parsed.answer_text, example.answer)
    assert task.template.render_prompt(example).endswith(
        f"Kolm Mill for nine years.\nQuestion: {example.question} Only return the answer.\n"
    )
    assert example.label in task.labels and task.check is not None and not task.check(example).faults


NAMES = [b"context", b"supporting_facts", b"title", b"sent_id", b"Oder Gap", b"answer", b"_id", b"type", b"Pell Bridge"]


@pytest.mark.parametrize("name", LAYOUTS)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_mutilated_file_ends_in_problems_skips_or_an_error(
    load_after_accidents: Callable[..., Any], name: str, data: st.DataObject
) -> None:
    rows = [row(), row(_id="2", supporting_facts=[["Oder Gap", 0]]), row(_id="3", type="comparison")]
    _, found = load_after_accidents(data, TASK, name, LAYOUTS[name](rows), NAMES)
    for one in found or ():
        assert isinstance(one, Skipped) or one.trace.facts or one.stratum == "gold_missing"


@real
def test_the_real_slice_is_read_whole() -> None:
    rows = json.loads(REAL.read_text(encoding="utf-8"))
    problems = list(load_strict(TASK, [str(REAL)]))
    assert len(problems) == len(rows) == 120
    assert Counter(p.label for p in problems) == {"bridge": 72, "comparison": 48}
    assert {p.stratum for p in problems} == {"answerable"}
    # Two gold titles always, 2 to 4 gold sentences here, ten paragraphs; yes/no answers; questions with outer blanks.
    assert Counter(len(p.trace.facts) for p in problems) == {2: 84, 3: 31, 4: 5}
    assert {len({fact.partition(".")[0] for fact in p.trace.facts}) for p in problems} == {2}
    assert {int(p.context[-1].id.partition(".")[0]) for p in problems} == {9}
    assert sum(p.answer.values[0] in ("yes", "no") for p in problems) == 12
    assert sum(one["question"] != one["question"].strip() for one in rows) == 3
    assert not any(p.question != p.question.strip() for p in problems)
    assert len({p.group for p in problems}) == len({frozenset(t for t, _ in one["supporting_facts"]) for one in rows})


@real
def test_real_records_are_taken_over_to_the_letter() -> None:
    rows = json.loads(REAL.read_text(encoding="utf-8"))
    for found, one in zip(load_strict(TASK, [str(REAL)]), rows, strict=True):
        sentences = dict(one["context"])
        cited = [f"{title}: {sentences[title][number].strip()}" for title, number in one["supporting_facts"]]
        assert list(found.texts(found.trace.facts)) == cited
        assert len(found.context) == sum(bool(text.strip()) for _, texts in one["context"] for text in texts)
        assert (found.id, found.label, found.answer.values) == (one["_id"], one["type"], (one["answer"],))
        assert TASK.check is not None and not TASK.check(found).faults


@real
@pytest.mark.parametrize("name", ["hub.jsonl", "hub.parquet"])
def test_the_real_slice_in_the_layout_of_the_hub_gives_the_same(tmp_path: Path, name: str) -> None:
    rows = json.loads(REAL.read_text(encoding="utf-8"))
    found = load_strict(TASK, [write(tmp_path, rows, name)])
    assert [p.model_copy(update={"source": ""}) for p in found] == [
        p.model_copy(update={"source": ""}) for p in load_strict(TASK, [str(REAL)])
    ]
