"""MuSiQue: what becomes of a record, and what its decomposition says of it."""

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

from tracekd.problem import Hop, Problem
from tracekd.tasks import get_task
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.musique import TASK
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.split import split_by_group
from tracekd.verify.answer import answer_is_right

REAL = Path(__file__).parents[2].parent / "shared/data/musique/ans_dev_80.jsonl"
real = pytest.mark.skipif(not REAL.is_file(), reason="the real MuSiQue slice is not on this machine")
Row = dict[str, Any]

TEXTS = [
    ("Garn", "Garn is a harbour town. Its pier is of oak."),
    ("Pier of Garn", "The pier was drawn by Tove Lind."),
    ("Garn", "Garn is also a river."),
    ("Tove Lind", "Tove Lind (1804-1877) was born in Skara."),
    ("Skara", "Skara has 900 inhabitants."),
]


def paragraphs(*supporting: int, texts: list[tuple[str, str]] = TEXTS) -> list[Row]:
    return [
        {"idx": idx, "title": title, "paragraph_text": text, "is_supporting": idx in supporting}
        for idx, (title, text) in enumerate(texts)
    ]


def step(question: str, answer: str, idx: int | None) -> Row:
    return {"id": 17, "question": question, "answer": answer, "paragraph_support_idx": idx}


def row(**changed: Any) -> Row:
    return {
        "id": "3hop1__5_6_7",
        "paragraphs": paragraphs(1, 3, 4),
        "question": "How many live where the one who drew the pier of Garn was born?",
        "question_decomposition": [
            step("Pier of Garn >> architect", "Tove Lind", 1),
            step("#1 >> place of birth", "Skara", 3),
            step("How many live in #2?", "900", 4),
        ],
        "answer": "900",
        "answer_aliases": ["900 inhabitants", " nine hundred "],
        "answerable": True,
    } | changed


def unanswerable(**changed: Any) -> Row:
    """The other record of the same question, as MuSiQue-Full has it: same id, one gold paragraph taken away."""
    texts = [text if text[0] != "Skara" else ("Lund", "Lund has 70 inhabitants.") for text in TEXTS]
    steps = [*row()["question_decomposition"][:2], step("How many live in #2?", "900", None)]
    gone = {"paragraphs": paragraphs(1, 3, texts=texts), "question_decomposition": steps, "answerable": False}
    return row(**gone) | changed


def two_hops(**changed: Any) -> Row:
    steps = [step("Tove Lind >> place of birth", "Skara", 3), step("How many live in #1?", "900", 4)]
    return row(id="2hop__6_7", paragraphs=paragraphs(3, 4), question_decomposition=steps) | changed


def parquet(rows: list[Row]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


LAYOUTS: dict[str, Callable[[list[Row]], bytes]] = {
    "official.jsonl": lambda rows: b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in rows),
    "array.json": lambda rows: json.dumps(rows).encode(),
    "hub.parquet": parquet,
}


def write(folder: Path, rows: list[Row], name: str = "official.jsonl") -> str:
    (folder / name).write_bytes(LAYOUTS[name](rows))
    return str(folder / name)


def only(folder: Path, one: Row) -> Problem | Skipped:
    (found,) = load(TASK, [write(folder, [one])])
    return found


def problem(folder: Path, one: Row) -> Problem:
    found = only(folder, one)
    assert isinstance(found, Problem), found
    return found


@pytest.mark.parametrize("name", LAYOUTS)
def test_paragraphs_are_facts_and_the_decomposition_orders_the_support(tmp_path: Path, name: str) -> None:
    steps = row()["question_decomposition"]
    steps = [steps[0] | {"paragraph_support_idx": 4}, steps[1], steps[2] | {"paragraph_support_idx": 1}]
    (found, _) = load_strict(TASK, [write(tmp_path, [row(question_decomposition=steps), unanswerable()], name)])
    assert [(fact.id, fact.text) for fact in found.context] == [
        (str(idx), f"{title}: {text}") for idx, (title, text) in enumerate(TEXTS)
    ]
    assert found.trace.facts == ("4", "3", "1") == found.support["support"]
    assert found.hops[1] == Hop(question="#1 >> place of birth", answer="Skara", facts=("3",))
    assert (found.id, found.label, found.stratum) == ("3hop1__5_6_7", "3hop", "answerable")


def test_a_title_may_stand_over_several_paragraphs(tmp_path: Path) -> None:
    found = problem(tmp_path, row())
    assert [fact.id for fact in found.context if fact.text.startswith("Garn:")] == ["0", "2"]


def test_any_alias_is_right(tmp_path: Path) -> None:
    answer = problem(tmp_path, row()).answer
    assert (answer.kind, answer.values) == ("text", ("900", "900 inhabitants", "nine hundred"))
    assert answer_is_right("Nine hundred.", answer) and not answer_is_right("nine", answer)
    assert problem(tmp_path, row(answer_aliases=["900", "", "900 "])).answer.values == ("900",)


@pytest.mark.parametrize(
    ("name", "label"), [("2hop__1_2", "2hop"), ("3hop2__1_2_3", "3hop"), ("4hop1__1_2_3_4", "4hop")]
)
def test_the_id_tells_the_class(tmp_path: Path, name: str, label: str) -> None:
    assert problem(tmp_path, row(id=name)).label == label


def test_both_records_of_a_question_of_the_full_set_are_kept_together(tmp_path: Path) -> None:
    found, other = load_strict(TASK, [write(tmp_path, [row(), unanswerable()])])
    assert (other.stratum, other.trace.facts) == ("gold_missing", ("1", "3"))
    assert other.hops[2].facts == ()
    assert other.id != found.id and other.group != found.group and set(other.ties) & set(found.ties)
    rows = [make(id=f"3hop1__{number}_0_0") for number in range(40) for make in (row, unanswerable)]
    for one in rows:
        one["paragraphs"] = [p | {"title": p["title"] + one["id"]} for p in one["paragraphs"]]
    sides = split_by_group(list(load_strict(TASK, [write(tmp_path, rows)])), {"train": 0.5, "test": 0.5}, 1)
    names = [{p.id.removesuffix("/unanswerable") for p in side} for side in sides.values()]
    assert all(names) and not names[0] & names[1]


def test_the_group_is_the_set_of_gold_paragraphs(tmp_path: Path) -> None:
    group = problem(tmp_path, row()).group
    again = row(id="3hop1__8_9_9", question="Again?", paragraphs=paragraphs(1, 3, 4, texts=[*TEXTS, ("More", "Text.")]))
    assert problem(tmp_path, again).group == group
    assert problem(tmp_path, two_hops()).group != group


@pytest.mark.parametrize(
    ("one", "reason", "detail"),
    [
        (row(id="5_6_7"), "no number of hops in the id", "5_6_7"),
        (row(id="5hop__1"), "unknown class", "'5hop'"),
        (row(id="33hop__1"), "no number of hops in the id", "33hop"),
        (row(answer=""), "empty answer", ""),
        (row(answer=None), "malformed field", "answer"),
        (row(question=""), "empty question", ""),
        (row(answerable="yes"), "malformed field", "answerable"),
        (row(paragraphs=[]), "hop's paragraph is not in the context", "1"),
        (row(paragraphs=[], question_decomposition=[], answerable=False), "empty context", ""),
        (row(paragraphs=paragraphs()), "no supporting facts", ""),
        (row(paragraphs=[*paragraphs(1, 3, 4), *paragraphs()[:1]]), "duplicate fact id", ""),
        (row(question_decomposition=[step("Q?", "A", None)]), "hop without a paragraph", ""),
        (row(question_decomposition=[step("Q?", "A", 20)]), "hop's paragraph is not in the context", "20"),
        (row(question_decomposition=[step("Q?", "A", -1)]), "malformed field", "question_decomposition.0"),
        (row(question_decomposition=[{"question": "Q?", "answer": "A"}]), "missing field", "paragraph_support_idx"),
        (row(paragraphs=[{"idx": "0", "title": "A", "paragraph_text": "B", "is_supporting": True}]), "malformed field",
         "paragraphs.0.idx"),
        (row(paragraphs=[{"idx": 0, "title": "A", "paragraph_text": "B", "is_supporting": 1}]), "malformed field",
         "paragraphs.0.is_supporting"),
    ],
)  # fmt: skip
def test_a_record_that_is_no_problem_says_why(tmp_path: Path, one: Row, reason: str, detail: str) -> None:
    found = only(tmp_path, one)
    assert isinstance(found, Skipped), found
    assert found.reason == reason and detail in found.detail


def test_a_test_file_lacks_its_labels(tmp_path: Path) -> None:
    one = {key: row()[key] for key in ("id", "question")}
    one["paragraphs"] = [{k: p[k] for k in ("idx", "title", "paragraph_text")} for p in paragraphs()]
    found = only(tmp_path, one)
    assert isinstance(found, Skipped) and found.reason == "missing field"


def hops(*questions: str) -> list[Row]:
    return [step(text, "900", idx) for text, idx in zip(questions, (1, 3, 4), strict=True)]


@pytest.mark.parametrize(
    ("one", "agree", "faults"),
    [
        (row(), (True, True), ()),
        (two_hops(), (True, True), ()),
        (unanswerable(), (True, True), ()),
        (row(id="2hop__1_2"), (False, True), ()),
        (unanswerable(id="2hop__1_2"), (False, True), ()),
        (two_hops(answer="Nine hundred", answer_aliases=["900"]), (True, True), ()),
        (row(answer="901", answer_aliases=[]), (True, False), ("answer_not_in_support",)),
        (row(answer="Tove Lind"), (True, False), ()),
        (row(paragraphs=paragraphs(1, 3)), (False, True), ("answer_not_in_support", "support_is_not_of_hops")),
        (row(paragraphs=paragraphs(0, 1, 3, 4)), (False, True), ("support_is_not_of_hops",)),
        (row(paragraphs=paragraphs(1, 2, 4)), (True, True), ("support_is_not_of_hops",)),
        (row(question_decomposition=hops("A?", "B #1 and #1?", "C #2 of #1?")), (True, True), ()),
        (row(question_decomposition=hops("A?", "B?", "C?")), (True, True), ()),
        (row(question_decomposition=hops("A #2?", "B?", "C?")), (True, True), ("dangling_reference",)),
        (row(question_decomposition=hops("A?", "B #2?", "C?")), (True, True), ("dangling_reference",)),
        (row(question_decomposition=hops("A?", "B #0?", "C?")), (True, True), ("dangling_reference",)),
        (row(question_decomposition=hops("A?", "B #1?", "C #11?")), (True, True), ("dangling_reference",)),
        (row(question_decomposition=hops("A #?", "B #x?", "C # 9?")), (True, True), ()),
    ],
)
def test_labels_are_held_against_the_decomposition(
    tmp_path: Path, one: Row, agree: tuple[bool, bool], faults: tuple[str, ...]
) -> None:
    answers = {"answer_aliases": ["900"]} if one["question_decomposition"][0]["answer"] == "900" else {}
    assert TASK.check is not None
    check = TASK.check(problem(tmp_path, one | answers))
    assert (check.agree["class_agree"], check.agree["answer_agree"]) == agree
    assert check.faults == faults


def test_the_example_agrees_with_its_decomposition() -> None:
    task = get_task("musique")
    example = task.example()
    assert task.check is not None
    check = task.check(example)
    assert check.agree == {"class_agree": True, "answer_agree": True} and not check.faults
    assert example.texts(example.trace.facts)[0].startswith("Lake Orrin: ")
    assert example.label in task.labels


NAMES = [b"paragraphs", b"idx", b"answerable", b"is_supporting", b"question_decomposition", b"3hop", b"2hop", b"Skara"]
NAMES += [b"true", b"false", b"answer", b"id", b"#1", b"#2"]


@pytest.mark.parametrize("name", LAYOUTS)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_mutilated_file_ends_in_problems_skips_or_an_error(
    load_after_accidents: Callable[..., Any], name: str, data: st.DataObject
) -> None:
    whole = LAYOUTS[name]([row(), unanswerable(), two_hops()])
    _, found = load_after_accidents(data, TASK, name, whole, NAMES)
    for one in found or ():
        assert isinstance(one, Skipped) or one.trace.facts or one.stratum == "gold_missing"


def plain() -> list[Row]:
    return [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()]


@real
def test_the_real_slice_is_read_whole_and_agrees_with_itself() -> None:
    problems = list(load_strict(TASK, [str(REAL)]))
    assert Counter(p.label for p in problems) == {"2hop": 80} == Counter(one["id"].partition("_")[0] for one in plain())
    assert {len(p.context) for p in problems} == {20} and {len(p.trace.facts) for p in problems} == {2}
    assert {p.stratum for p in problems} == {"answerable"}
    assert sum(len(p.answer.values) > 1 for p in problems) == sum(bool(one["answer_aliases"]) for one in plain()) == 29
    assert sum(len({p["title"] for p in one["paragraphs"]}) < 20 for one in plain()) == 47
    assert TASK.check is not None
    for found in problems:
        check = TASK.check(found)
        assert check.agree == {"class_agree": True, "answer_agree": True} and check.faults == ()


@real
def test_real_records_are_taken_over_to_the_letter() -> None:
    for found, one in zip(load_strict(TASK, [str(REAL)]), plain(), strict=True):
        texts = [f"{p['title']}: {p['paragraph_text']}" for p in one["paragraphs"]]
        assert [fact.text for fact in found.context] == texts
        gold = [texts[hop["paragraph_support_idx"]] for hop in one["question_decomposition"]]
        assert list(found.texts(found.trace.facts)) == gold
        assert [(hop.question, hop.answer) for hop in found.hops] == [
            (hop["question"], hop["answer"]) for hop in one["question_decomposition"]
        ]
        assert (found.id, found.answer.values[0]) == (one["id"], one["answer"])


def test_blank_paragraphs_are_no_facts_and_may_not_be_gold(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    blank = [*TEXTS[:2], ("Garn", " "), *TEXTS[3:]]
    file.write_text(json.dumps(row(paragraphs=paragraphs(1, 3, 4, texts=blank))) + "\n")
    (problem,) = load_strict(TASK, [str(file)])
    assert [fact.id for fact in problem.context] == ["0", "1", "3", "4"]
    assert problem.trace.facts == ("1", "3", "4")
    file.write_text(json.dumps(row(paragraphs=paragraphs(1, 2, 3, 4, texts=blank))) + "\n")
    (skipped,) = load(TASK, [str(file)])
    assert isinstance(skipped, Skipped) and skipped.reason == "supporting paragraph is empty"
