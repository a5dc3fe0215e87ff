"""2WikiMultihopQA: what HotpotQA's format does not have, and what the evidences say of label and answer."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Hop, Problem
from tracekd.tasks import get_task
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.tally import Tally
from tracekd.tasks.twowiki import TASK, Evidence, derive_answer, of_hops, possible_classes, read_date, to_hop

REAL = Path(__file__).parents[2].parent / "shared/data/2wikimultihopqa/train_150.json"
real = pytest.mark.skipif(not REAL.is_file(), reason="the real 2WikiMultihopQA slice is not on this machine")
Row = dict[str, Any]

CONTEXT = [
    ["Tin Moon (film)", ['Tin Moon is a film by" Ada Vance".', "It is silent."]],
    ["Ada Vance", ["Ada Vance( 4 May 1890 – 1951) was a director.", "She was born in Lund."]],
    ["Low Tide", ["Low Tide is a film by Ole Berg."]],
    ["Ole Berg", ["Ole Berg( born 1 March 1901) was a director."]],
    ["Low Tide", ["Low Tide is a film by Ole Berg."]],
]
CHAIN = [["Tin Moon", "director", "Ada Vance"], ["Ada Vance", "place of birth", "Lund"]]


def row(**changed: Any) -> Row:
    return {
        "_id": "made-up-1",
        "type": "compositional",
        "question": "Where was the director of film Tin Moon (Film) born?",
        "context": CONTEXT,
        "entity_ids": "Q1_Q2",
        "supporting_facts": [["Tin Moon (film)", 0], ["Ada Vance", 1]],
        "evidences": CHAIN,
        "answer": "Lund",
        "evidences_id": [],
        "answer_id": None,
    } | changed


def as_texts(one: Row) -> Row:
    return one | {key: json.dumps(one[key]) for key in ("context", "supporting_facts", "evidences", "evidences_id")}


def columns(one: Row) -> Row:
    return one | {
        "context": {"title": [p[0] for p in one["context"]], "sentences": [p[1] for p in one["context"]]},
        "supporting_facts": {
            "title": [f[0] for f in one["supporting_facts"]],
            "sent_id": [f[1] for f in one["supporting_facts"]],
        },
    }


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


LAYOUTS: dict[str, Callable[[list[Row]], bytes]] = {
    "official.json": lambda rows: json.dumps(rows, ensure_ascii=False).encode(),
    "rows.jsonl": lambda rows: b"".join(json.dumps(one).encode() + b"\r\n" for one in rows),
    "hub.parquet": lambda rows: parquet([columns(one) for one in rows]),
    "texts.parquet": lambda rows: parquet([as_texts(one) for one in rows]),
    "texts.csv": lambda rows: table([as_texts(one) for one in rows]),
}


def write(folder: Path, rows: list[Row], name: str = "official.json") -> str:
    (folder / name).write_bytes(LAYOUTS[name](rows))
    return str(folder / name)


def problem(folder: Path, **changed: Any) -> Problem:
    (found,) = load_strict(TASK, [write(folder, [row(**changed)])])
    return found


def agree(found: Problem) -> dict[str, bool]:
    assert TASK.check is not None
    return TASK.check(found).agree


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_same_problem(tmp_path: Path, name: str) -> None:
    found, again = load_strict(TASK, [write(tmp_path, [row(), row(_id="made-up-2", answer_id="Q9")], name)])
    assert found.texts(found.trace.facts) == (
        'Tin Moon (film): Tin Moon is a film by" Ada Vance".',
        "Ada Vance: She was born in Lund.",
    )
    assert (found.id, found.label, found.answer.values) == ("made-up-1", "compositional", ("Lund",))
    assert found.hops == (
        Hop(question="Tin Moon >> director", answer="Ada Vance"),
        Hop(question="Ada Vance >> place of birth", answer="Lund"),
    )
    assert again.group == found.group and again.id == "made-up-2"


def test_evidences_may_be_missing(tmp_path: Path) -> None:
    (found,) = load_strict(TASK, [write(tmp_path, [{k: v for k, v in row().items() if k != "evidences"}])])
    assert found.hops == () and agree(found) == {}


def test_a_title_may_be_repeated(tmp_path: Path) -> None:
    found = problem(tmp_path, supporting_facts=[["Low Tide", 0], ["Ole Berg", 0]], answer="Ole Berg")
    assert found.trace.facts == ("2.0", "3.0")
    assert [fact.id for fact in found.context] == ["0.0", "0.1", "1.0", "1.1", "2.0", "3.0", "4.0"]
    assert found.context[4].text == found.context[6].text


def test_a_sentence_one_past_the_end_is_skipped_and_counted(tmp_path: Path) -> None:
    past = row(_id="2", supporting_facts=[["Tin Moon (film)", 0], ["Ada Vance", 2]])
    file = write(tmp_path, [row(), past, row(_id="3")], "rows.jsonl")
    first, second, third = load(TASK, [file])
    assert isinstance(first, Problem) and isinstance(third, Problem)
    assert isinstance(second, Skipped) and second.where == f"{file}:2"
    assert second.reason == "support sentence out of range"
    assert second.detail == "sentence 2 of 'Ada Vance', which has 2"


@pytest.mark.parametrize("evidences", [[["a", "b"]], [["a", "b", None]], [["a", "b", "c", "d"]], "[[", 7, {"a": "b"}])
def test_malformed_evidences_are_a_fault(tmp_path: Path, evidences: Any) -> None:
    (found,) = load(TASK, [write(tmp_path, [row(evidences=evidences)])])
    assert isinstance(found, Skipped) and found.reason in ("malformed field", "missing field", "not JSON")
    assert "evidences" in found.detail or found.reason == "not JSON"


def triples(text: str) -> list[Evidence]:
    return [Evidence(*(part.strip() for part in line.split(","))) for line in text.split(";")]


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("Tin Moon,director,Ada Vance; Ada Vance,place of birth,Lund", ("compositional", "inference")),
        # The same person under two names: the relations tell.
        ("Ida,mother,Bea Ohm; Beatrice Ohm,sibling,Eva", ("compositional", "inference")),
        ("Ida,father,Jon; Jon,father,Per", ("compositional", "inference")),
        ("Low Tide,publication date,1950; Tin Moon,publication date,1921", ("comparison",)),
        ("A,director,X; B,director,Y; X (director),country,Peru; Y,country,Chad", ("bridge_comparison",)),
        ("A,director,X; B,director,X; X,country,Peru; X,country,Peru", ("bridge_comparison",)),
        ("A,date of birth,1901; A,date of death,1950; B,date of birth,1903; B,date of death,1999", ("comparison",)),
        ("A,date of birth,1901; B,date of birth,1903; A,date of death,1950; B,date of death,1999", ("comparison",)),
        ("A,director,X; B,composer,Y; X,country,Peru; Y,country,Chad", ()),
        ("A,director,X", ()),
        ("A,director,X; X,father,Y; Y,father,Z", ()),
    ],
)
def test_the_shape_of_the_evidences_tells_the_class(text: str, classes: tuple[str, ...]) -> None:
    assert possible_classes(triples(text)) == classes


FILMS = "Tin Moon (film),director,Ada; Low Tide,director,Ole; "


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Where was ...?", "Tin Moon,director,Ada Vance; Ada Vance,place of birth,Lund", "Lund"),
        ("Who is older, Ada or Ole?", "Ada,date of birth,4 May 1890; Ole,date of birth,1 March 1901", "Ada"),
        ("Who is younger, Ada or Ole?", "Ada,date of birth,4 May 1890; Ole,date of birth,1 March 1901", "Ole"),
        ("Was Ole or Ada born first?", "Ole,date of birth,1 May 1890; Ada,date of birth,1 March 1890", "Ada"),
        # Names hold the words of the question.
        ("Which came out later, The First Day or Last Year?", "the first day,date,1950; last year,date,1921", "the first day"),
        ("Which is first, Later or Tin Moon?", "Tin Moon,publication date,1950; Later,publication date,1921", "Later"),
        ("Which film has the director died later, ...?", FILMS + "Ada,died,1951; Ole,died,2 June 1950", "Tin Moon (film)"),
        ("Which film has the director born earlier?", FILMS + "Ada,born,May 1890; Ole,born,1889", "Low Tide"),
        ("Were both from the same country?", "Ada,country,Chad; Ole,country,Chad.", "yes"),
        # Nothing follows: two names of perhaps one country, dates that may be the same, no or two directions, no shape.
        ("Were both from the same country?", "Ada,country,American; Ole,country,U.S.", None),
        ("Who is older, Ada or Ole?", "Ada,date of birth,1890; Ole,date of birth,1 March 1890", None),
        ("Who is older, Ada or Ole?", "Ada,date of birth,1890; Ole,date of birth,unknown", None),
        ("Were Ada and Ole born in one year?", "Ada,date of birth,1890; Ole,date of birth,1891", None),
        ("Who was born later or earlier?", "Ada,date of birth,1890; Ole,date of birth,1891", None),
        ("Who lived longer?", "A,born,1901; A,died,1950; B,born,1903; B,died,1999", None),
        ("Who?", "A,director,X", None),
    ],
)  # fmt: skip
def test_the_evidences_give_the_answer(question: str, text: str, answer: str | None) -> None:
    assert derive_answer(question, triples(text)) == answer


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("9 June 1956", (1956, 6, 9)),
        ("June 9, 1956", (1956, 6, 9)),
        ("June 1956", (1956, 6)),
        ("1956", (1956,)),
        ("may 476", (476, 5)),
        ("", None),
        ("June", None),
        ("9 1956", None),
        ("9 June May 1956", None),
        ("1956 June 9", None),
        ("circa 1956", None),
        ("20th century", None),
        ("9" * 5000, None),
        ("٩ June 1956", None),
    ],
)
def test_dates_are_read_whole_or_not_at_all(text: str, date: tuple[int, ...] | None) -> None:
    assert read_date(text) == date


@given(st.lists(st.tuples(st.text(), st.text().filter(lambda text: ">>" not in text), st.text()), max_size=5))
def test_evidences_survive_as_hops(found: list[tuple[str, str, str]]) -> None:
    evidences = [Evidence(*triple) for triple in found]
    assert of_hops([to_hop(evidence) for evidence in evidences]) == evidences


@pytest.mark.parametrize(
    ("changed", "measures"),
    [
        ({}, {"answer_agree": True}),
        ({"type": "inference"}, {"answer_agree": True}),
        ({"type": "comparison"}, {"class_agree": False, "answer_agree": True}),
        ({"answer": "Oslo"}, {"answer_agree": False}),
        ({"answer": "lund."}, {"answer_agree": True}),
        ({"evidences": [["A", "country", "Chad"], ["B", "country", "Peru"]]}, {"class_agree": False}),
        ({"evidences": [["A", "country", "Chad"], ["B", "country", "Peru"]], "type": "comparison"}, {"class_agree": True}),
        ({"evidences": []}, {}),
    ],
)  # fmt: skip
def test_label_and_answer_are_held_against_the_evidences(tmp_path: Path, changed: Row, measures: Row) -> None:
    assert agree(problem(tmp_path, **changed)) == measures


def test_an_annotated_sentence_without_the_answer_is_a_fault(tmp_path: Path) -> None:
    assert TASK.check is not None
    assert TASK.check(problem(tmp_path)).faults == ()
    beside = problem(tmp_path, supporting_facts=[["Tin Moon (film)", 0], ["Ada Vance", 0]])
    assert TASK.check(beside).faults == ("answer_not_in_support",)


def test_the_example_agrees_with_its_evidences() -> None:
    task = get_task("2wikimultihopqa")
    example = task.example()
    assert agree(example) == {"answer_agree": True}
    assert example.label in task.labels and len(example.trace.facts) == 2
    assert task.template.render_trace(example, example.trace).startswith(task.template.classify + " compositional.\n")


NAMES = [b"context", b"supporting_facts", b"evidences", b"Low Tide", b"Ada Vance", b"answer", b"_id", b"type", b"Lund"]


@pytest.mark.parametrize("name", LAYOUTS)
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_mutilated_file_ends_in_problems_skips_or_an_error(
    load_after_accidents: Callable[..., Any], name: str, data: st.DataObject
) -> None:
    rows = [row(), row(_id="2", supporting_facts=[["Low Tide", 0]]), row(_id="3", type="comparison")]
    load_after_accidents(data, TASK, name, LAYOUTS[name](rows), NAMES)


def plain() -> list[Row]:
    """The real records, but for those that cite a sentence one past the end."""
    rows = json.loads(REAL.read_text(encoding="utf-8"))
    return [one for one in rows if all(at < len(dict(one["context"])[title]) for title, at in one["supporting_facts"])]


@real
def test_the_real_slice_is_read_but_for_sentences_that_are_not_there() -> None:
    found = list(load(TASK, [str(REAL)]))
    problems = [one for one in found if isinstance(one, Problem)]
    skipped = [one for one in found if isinstance(one, Skipped)]
    assert len(found) == 150 and len(problems) == len(plain()) == 148
    assert Counter(one.reason for one in skipped) == {"support sentence out of range": 2}
    assert all(re.fullmatch(r"sentence (\d+) of .+, which has \1", one.detail) for one in skipped)  # one past the end
    assert Counter((p.label, len(p.trace.facts)) for p in problems) == {
        ("bridge_comparison", 4): 31,
        ("comparison", 2): 43,
        ("compositional", 2): 68,
        ("inference", 2): 6,
    }
    assert {int(p.context[-1].id.partition(".")[0]) for p in problems} == {9}
    assert sum(p.answer.values[0] in ("yes", "no") for p in problems) == 40
    assert sum(len({t for t, _ in one["context"]}) < 10 for one in plain()) == 2
    assert {p.stratum for p in problems} == {"answerable"}


@real
def test_real_records_are_taken_over_to_the_letter() -> None:
    problems = [one for one in load(TASK, [str(REAL)]) if isinstance(one, Problem)]
    for found, one in zip(problems, plain(), strict=True):
        sentences = dict(one["context"])
        cited = [f"{title}: {sentences[title][at].strip()}" for title, at in one["supporting_facts"]]
        assert list(found.texts(found.trace.facts)) == cited
        assert (found.id, found.label, found.answer.values) == (one["_id"], one["type"], (one["answer"],))
        assert [list(evidence) for evidence in of_hops(found.hops)] == one["evidences"]


@real
def test_the_evidences_agree_with_all_real_labels_and_answers() -> None:
    tally = Tally()
    assert TASK.check is not None
    for one in load(TASK, [str(REAL)]):
        if isinstance(one, Problem):
            tally.problem(one)
            tally.check(TASK.check(one))
    counts = tally.counts()
    assert counts.oracle is not None
    assert counts.oracle.class_agree == (74, 74)
    assert counts.oracle.answer_agree == (116, 116)
    by_class = {label: found["answer_agree"] for label, found in counts.oracle.by_class.items()}
    assert by_class == {
        "bridge_comparison": (22, 22),
        "comparison": (20, 20),
        "compositional": (68, 68),
        "inference": (6, 6),
    }
    # In two records another sentence is annotated than the one with the answer.
    assert counts.labels == {"answer_not_in_support": 2}
