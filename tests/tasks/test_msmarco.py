"""MS MARCO QA: what becomes of a row, and what its labels are held against. The layouts have tests of their own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.msmarco import TASK
from tracekd.tasks.msmarco.load import most_overlapping
from tracekd.tasks.normalize import normalize_answer
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.tally import Counts, Tally
from tracekd.verify.answer import answer_is_right
from tracekd.verify.parse import parse

REAL = Path(__file__).parents[2].parent / "shared/data/msmarco"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the real MS MARCO slices are not on this machine")

NO_ANSWER = "No Answer Present."
Row = dict[str, Any]


def row(**changed: Any) -> Row:
    """A row as v2.1 has it; `texts` and `selected` stand for its passages."""
    texts = changed.pop("texts", ["A kiln fires clay.", "Glaze melts at 1,200 degrees.", "Bisque ware is porous."])
    selected = changed.pop("selected", [0, 1, 0])
    passages = [
        {"is_selected": chosen, "passage_text": text, "url": f"http://clay.example/{at}"}
        for at, (chosen, text) in enumerate(zip(selected, texts, strict=True))
    ]
    made: Row = {
        "answers": ["1,200 degrees"],
        "passages": passages,
        "query": "at what heat does glaze melt",
        "query_id": 41,
        "query_type": "NUMERIC",
        "wellFormedAnswers": "[]",
    }
    return made | changed


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[..., list[Problem | Skipped]]:
    def read(*rows: Row) -> list[Problem | Skipped]:
        file = tmp_path / "rows.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
        return list(load(TASK, [str(file)]))

    return read


@pytest.fixture
def problem(loaded: Callable[..., list[Problem | Skipped]]) -> Callable[..., Problem]:
    def make(**changed: Any) -> Problem:
        (found,) = loaded(row(**changed))
        assert isinstance(found, Problem), found
        return found

    return make


@pytest.fixture
def skipped(loaded: Callable[..., list[Problem | Skipped]]) -> Callable[..., Skipped]:
    def make(**changed: Any) -> Skipped:
        (found,) = loaded({key: value for key, value in row(**changed).items() if value is not ...})
        assert isinstance(found, Skipped), found
        return found

    return make


def test_a_row_becomes_a_problem(problem: Callable[..., Problem]) -> None:
    found = problem()
    assert (found.id, found.label, found.stratum) == ("41", "NUMERIC", "answerable")
    assert [(fact.id, fact.text[:6]) for fact in found.context] == [("0", "A kiln"), ("1", "Glaze "), ("2", "Bisque")]
    assert found.answer.kind == "text" and found.answer.values == ("1,200 degrees",)
    assert found.support == {"support": ("1",), "word_overlap": ("1",)}
    assert found.trace.facts == ("1",)
    assert found.source == "rows.jsonl:1"


def test_the_prompt_and_the_trace_are_written_as_the_paper_writes_them(problem: Callable[..., Problem]) -> None:
    found = problem(texts=["It's fired.", "Glaze melts."], selected=[1, 0])
    assert TASK.template.render_prompt(found) == (
        "Answer the question based on the context:\n"
        "[\"It's fired.\", 'Glaze melts.']\n"
        "Question: at what heat does glaze melt\n"
        "Only return the answer.\n"
    )
    assert TASK.template.render_trace(found, found.trace) == (
        "The category of the question represents what is being asked in that question. "
        "The category of the question asked is: NUMERIC.\n"
        'I need to use the following text to answer the question: ["It\'s fired."]'
    )


@pytest.mark.parametrize("cited", ["['Glaze melts at 1,200 degrees.']", "Glaze melts at 1,200 degrees."])
def test_a_bare_passage_is_read_as_well_as_a_list_of_one(problem: Callable[..., Problem], cited: str) -> None:
    found = problem()
    trace = TASK.template.render_trace(found, found.trace).replace("['Glaze melts at 1,200 degrees.']", cited)
    parsed = parse(f"<think>{trace}</think> <answer>1,200 degrees</answer>", TASK.template, "stop")
    assert (parsed.stated_label, parsed.cited) == ("NUMERIC", found.texts(["1"]))


def test_the_best_of_several_references_counts(problem: Callable[..., Problem]) -> None:
    found = problem(answers=["four years", " five years ", "four years", ""])
    assert found.answer.values == ("four years", "five years")
    assert answer_is_right("Five years.", found.answer) and not answer_is_right("four years five years", found.answer)


def test_well_formed_answers_are_no_references(problem: Callable[..., Problem]) -> None:
    assert problem(wellFormedAnswers=["Glaze melts at 1,200 degrees."]).answer.values == ("1,200 degrees",)
    assert problem(wellFormedAnswers=[]) == problem(wellFormedAnswers="[]") == problem(wellFormedAnswers=None)


@pytest.mark.parametrize("query_type", ["DESCRIPTION", "NUMERIC", "ENTITY", "LOCATION", "PERSON"])
def test_classes_are_the_same_in_lower_case(problem: Callable[..., Problem], query_type: str) -> None:
    assert problem(query_type=query_type.lower()).label == query_type == problem(query_type=query_type).label


def test_a_class_that_is_none_is_skipped(skipped: Callable[..., Skipped]) -> None:
    assert skipped(query_type="OPINION").reason == "unknown class"


@pytest.mark.parametrize(
    "query", [")what was the kiln for", ". what is bisque?", "_____ fires clay question 19 options:"]
)
def test_a_question_keeps_its_noise(problem: Callable[..., Problem], query: str) -> None:
    assert problem(query=f" {query}\n").question == query


def test_the_same_question_is_one_group(problem: Callable[..., Problem]) -> None:
    plain = problem(query="what is bisque").group
    assert plain == problem(query=". What is  bisque?", query_id=7).group
    assert plain != problem(query="what is a biscuit").group
    assert plain.startswith("marco/")


def test_several_passages_may_be_selected(problem: Callable[..., Problem]) -> None:
    assert problem(selected=[1, 0, 1]).support["support"] == ("0", "2")


def test_a_passage_keeps_its_text_and_an_empty_one_its_place(problem: Callable[..., Problem]) -> None:
    texts = ["", " Fired at … 900 to .5 percent", "  ", "\uf0b7 “Raku” שלום and so"]
    found = problem(texts=texts, selected=[0, 0, 0, 1])
    assert [(fact.id, fact.text) for fact in found.context] == [("1", texts[1]), ("3", texts[3])]
    assert found.support["support"] == ("3",)


def test_no_answer_is_a_stratum_and_never_a_passage(problem: Callable[..., Problem]) -> None:
    found = problem(answers=[NO_ANSWER], selected=[0, 0, 0], texts=["No.", "No answer present.", "Answer present."])
    assert found.stratum == "no_answer"
    assert found.answer.values == (NO_ANSWER,)
    assert found.support == {"support": (), "word_overlap": ()}
    assert TASK.template.render_trace(found, found.trace).endswith("answer the question: []")
    assert NO_ANSWER not in [fact.text for fact in found.context]


def test_v1_leaves_the_answers_empty(problem: Callable[..., Problem]) -> None:
    found = problem(answers=[], selected=[0, 0, 0], query_type="numeric", wellFormedAnswers=[])
    assert (found.stratum, found.answer.values) == ("no_answer", (NO_ANSWER,))
    assert found.support == {"support": (), "word_overlap": ()}


def test_an_answer_that_mentions_the_sentence_is_an_answer(problem: Callable[..., Problem]) -> None:
    assert problem(answers=["The sign reads: No Answer Present."]).stratum == "answerable"


@pytest.mark.parametrize(
    ("changed", "reason", "detail"),
    [
        ({"answers": ...}, "missing field", "answers"),
        ({"query_id": ...}, "missing field", "query_id"),
        ({"passages": ...}, "missing field", "passages"),
        ({"query_type": ...}, "missing field", "query_type"),
        ({"answers": []}, "missing field", "answers"),  # v2.1 says that there is none; the Hub's test rows do not
        ({"answers": [], "query_type": "numeric", "selected": [-1, -1, -1]}, "missing field", "is_selected"),
        ({"selected": [0, -1, 0]}, "missing field", "is_selected"),
        ({"passages": [{"passage_text": "Clay."}]}, "missing field", "is_selected"),
        ({"passages": [{"is_selected": 1}]}, "missing field", "passage_text"),
        ({"passages": {"passage_text": ["Clay."]}}, "missing field", "is_selected"),
        ({"passages": {"is_selected": [1, 0], "passage_text": ["Clay."]}}, "malformed field", "2 is_selected, but 1"),
        ({"passages": "['Clay.']"}, "malformed field", "passages"),
        ({"passages": ["Clay."]}, "malformed field", "passages"),
        ({"passages": None}, "malformed field", "passages"),
        ({"selected": [0, 2, 0]}, "malformed field", "is_selected"),
        ({"selected": [0, True, 0]}, "malformed field", "is_selected"),
        ({"selected": [0, "1", 0]}, "malformed field", "is_selected"),
        ({"texts": ["Clay.", 3, "Kiln."]}, "malformed field", "passage_text"),
        ({"texts": ["Clay.", " ", "Kiln."]}, "malformed field", "passages.1.passage_text: a selected passage is empty"),
        ({"answers": "1,200 degrees"}, "malformed field", "answers"),
        ({"answers": [1200]}, "malformed field", "answers.0"),
        ({"answers": [" ", ""]}, "empty answer", ""),
        ({"wellFormedAnswers": "[1]"}, "malformed field", "wellFormedAnswers"),
        ({"query_id": True}, "malformed field", "query_id"),
        ({"query_id": 1.0}, "malformed field", "query_id"),
        ({"query_id": -1}, "malformed field", "query_id"),
        ({"query_id": 10**30}, "malformed field", "query_id"),
        ({"query_id": ""}, "malformed field", "query_id"),
        ({"query": " "}, "empty question", ""),
        ({"query": None}, "malformed field", "query"),
        ({"passages": []}, "empty context", ""),
        ({"texts": ["", " "], "selected": [0, 0]}, "empty context", ""),
    ],
)
def test_a_row_that_is_no_problem_is_skipped(
    skipped: Callable[..., Skipped], changed: Row, reason: str, detail: str
) -> None:
    found = skipped(**changed)
    assert found.reason == reason
    assert detail in found.detail
    assert found.where.endswith("rows.jsonl:1")


def test_a_query_id_is_met_once(loaded: Callable[..., list[Problem | Skipped]]) -> None:
    first, again, other = loaded(row(), row(query_id="41"), row(query_id="042"))
    assert isinstance(first, Problem) and isinstance(other, Problem)
    assert isinstance(again, Skipped) and again.reason == "duplicate id"


# The paper's rule: the passage that shares the most words with the answer.


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ("degrees of glaze", 1),
        ("A KILN", 0),
        ("ware that is porous", 2),
        ("the", None),
        ("", None),
        ("fire", None),  # a part of a word is no word
        (".", 0),  # a mark is a word; ties go to the first
        ("1,200", 1),
        ("200", None),
    ],
)
def test_the_passage_with_the_most_words_of_the_answer(answer: str, place: int | None) -> None:
    assert (
        most_overlapping(["A kiln fires clay.", "Glaze melts at 1,200 degrees.", "Bisque is porous."], answer) == place
    )


def test_words_count_once_and_ties_go_to_the_first() -> None:
    assert most_overlapping(["clay clay clay", "clay kiln", "kiln clay"], "clay kiln clay clay") == 1
    # The last has the most of the answer's letters in a row, but none of its words.
    assert most_overlapping(["ash", "pot", "washpotkiln"], "pot ash kiln") == 0
    assert most_overlapping([], "clay") is None


@given(st.lists(st.text("ab ", max_size=15), max_size=6), st.text("ab ", max_size=15))
def test_the_rule_is_that_of_counting_all_words(passages: list[str], answer: str) -> None:
    shared = [len(set(answer.split()) & set(passage.split())) for passage in passages]
    expected = shared.index(max(shared)) if any(shared) else None
    assert most_overlapping(passages, answer) == expected


def test_the_rule_needs_no_selected_passage(problem: Callable[..., Problem]) -> None:
    found = problem(selected=[0, 0, 0])
    assert (found.stratum, found.support) == ("no_passage", {"support": (), "word_overlap": ("1",)})
    assert found.with_support("word_overlap").trace.facts == ("1",)


def test_the_rule_finds_nothing_where_no_word_is_shared(problem: Callable[..., Problem]) -> None:
    assert problem(answers=["yes"]).support == {"support": ("1",), "word_overlap": ()}


# What the labels are held against.


@pytest.mark.parametrize(
    ("changed", "agree", "faults"),
    [
        ({}, (True, True), ()),
        ({"answers": ["hot", "1,200 Degrees!"]}, (True, False), ()),
        ({"answers": ["degree"]}, (False, False), ()),  # not word for word
        ({"answers": ["porous"]}, (False, False), ("answer_only_in_unselected_passage",)),
        ({"selected": [0, 0, 0]}, None, ("answered_without_passage",)),
        ({"answers": [NO_ANSWER], "selected": [0, 0, 0]}, None, ()),
        ({"answers": [NO_ANSWER]}, None, ("no_answer_with_passage",)),
        ({"answers": [NO_ANSWER, "1,200 degrees"]}, (True, True), ("no_answer_among_answers",)),
        ({"texts": ["Clay.", "It is 1,200 degrees.", " Clay"]}, (True, True), ("duplicate_passage",)),
    ],
)
def test_label_faults_are_named(
    problem: Callable[..., Problem], changed: Row, agree: tuple[bool, bool] | None, faults: tuple[str, ...]
) -> None:
    assert TASK.check is not None
    check = TASK.check(problem(**changed))
    assert check.faults == faults
    names = ("answer_in_support", "word_overlap_agree")
    assert check.agree == (dict(zip(names, agree, strict=True)) if agree else {})


def test_where_annotators_disagree_a_real_answer_comes_first(problem: Callable[..., Problem]) -> None:
    found = problem(answers=[NO_ANSWER, "1,200 degrees"])
    assert found.answer.values == ("1,200 degrees", NO_ANSWER)
    assert found.stratum == "answerable" and found.support["word_overlap"] == ("1",)


def test_the_annotation_is_kept_where_it_contradicts_the_answer(problem: Callable[..., Problem]) -> None:
    found = problem(answers=[NO_ANSWER])
    assert (found.stratum, found.support) == ("no_answer", {"support": ("1",), "word_overlap": ()})


def test_the_example_is_sound() -> None:
    assert get_task("msmarco") is TASK
    example = TASK.example()
    assert example.label in TASK.labels
    assert set(example.support) == set(TASK.support_kinds)
    assert TASK.check is not None and TASK.check(example).faults == ()
    assert TASK.derive(example.question, [fact.text for fact in example.context], example.label) is None


# The real slices, counted a second time by nothing but the json module.


def plain_rows(name: str) -> list[Row]:
    """Rows with `selected` and `texts`, by another way than the loader's."""
    text = (REAL / name).read_text(encoding="utf-8")
    if name.endswith(".columnar.json"):
        table = json.loads(text)
        rows = [{column: cells[key] for column, cells in table.items()} for key in table["query"]]
    else:
        rows = [json.loads(line) for line in text.splitlines()]
    for one in rows:
        passages = one["passages"]
        if isinstance(passages, dict):
            passages = [
                {"is_selected": s, "passage_text": t}
                for s, t in zip(passages["is_selected"], passages["passage_text"], strict=True)
            ]
        one["selected"] = [p["is_selected"] for p in passages]
        one["texts"] = [p["passage_text"] for p in passages]
    return rows


def counts(name: str) -> Counts:
    tally = Tally()
    assert TASK.check is not None
    for found in load_strict(TASK, [str(REAL / name)]):
        tally.problem(found)
        tally.check(TASK.check(found))
    return tally.counts()


def count_plainly(name: str) -> tuple[dict[str, int], dict[str, int]]:
    classes: dict[str, int] = {}
    strata: dict[str, int] = {}
    for one in plain_rows(name):
        label = one["query_type"].upper()
        answered = one["answers"] not in ([], [NO_ANSWER])
        stratum = ("answerable" if sum(one["selected"]) else "no_passage") if answered else "no_answer"
        classes[label] = classes.get(label, 0) + 1
        strata[stratum] = strata.get(stratum, 0) + 1
    return classes, strata


V2 = {"DESCRIPTION": 94, "NUMERIC": 33, "LOCATION": 10, "ENTITY": 9, "PERSON": 4}
V1 = {"DESCRIPTION": 45, "NUMERIC": 19, "ENTITY": 10, "LOCATION": 6}


@real
@pytest.mark.parametrize(
    ("name", "classes", "strata"),
    [
        ("v2.1_train_150.rows.jsonl", V2, {"answerable": 93, "no_answer": 57}),
        ("v2.1_train_150.columnar.json", V2, {"answerable": 93, "no_answer": 57}),
        ("v1.1_train_80.jsonl", V1, {"answerable": 73, "no_answer": 4, "no_passage": 3}),
    ],
)
def test_the_real_slices_are_read_whole(name: str, classes: dict[str, int], strata: dict[str, int]) -> None:
    found = counts(name)
    assert (found.classes, found.strata) == (classes, strata) == count_plainly(name)
    assert found.problems == sum(classes.values())


@real
@pytest.mark.parametrize(
    ("name", "rule", "verbatim", "labels"),
    [
        (
            "v2.1_train_150.rows.jsonl",
            (79, 93),
            (49, 93),
            {"answer_only_in_unselected_passage": 1, "duplicate_passage": 4},
        ),
        (
            "v1.1_train_80.jsonl",
            (46, 73),
            (42, 73),
            {"answer_only_in_unselected_passage": 4, "answered_without_passage": 3, "duplicate_passage": 2},
        ),
    ],
)
def test_the_labels_of_the_real_slices(
    name: str, rule: tuple[int, int], verbatim: tuple[int, int], labels: dict[str, int]
) -> None:
    found = counts(name)
    assert found.oracle is not None
    assert found.oracle.more == {"answer_in_support": verbatim, "word_overlap_agree": rule}
    assert found.oracle.class_agree == found.oracle.answer_agree == (0, 0)
    assert found.labels == labels
    assert labels["duplicate_passage"] == sum(len(set(one["texts"])) < len(one["texts"]) for one in plain_rows(name))


@real
@pytest.mark.parametrize("name", ["v2.1_train_150.rows.jsonl", "v1.1_train_80.jsonl"])
def test_real_rows_are_taken_over_to_the_letter(name: str) -> None:
    problems = list(load_strict(TASK, [str(REAL / name)]))
    for found, one in zip(problems, plain_rows(name), strict=True):
        assert [fact.text for fact in found.context] == one["texts"]
        assert found.support["support"] == tuple(str(at) for at, chosen in enumerate(one["selected"]) if chosen)
        assert (found.id, found.question) == (str(one["query_id"]), one["query"].strip())
        assert set(found.answer.values) == {answer.strip() for answer in one["answers"]} or one["answers"] == []
        assert found.group != "marco/" and normalize_answer(found.question)
    assert len({found.group for found in problems}) == len(problems)


@real
def test_both_real_layouts_of_the_same_rows_give_the_same_problems() -> None:
    first, second = (
        [found.model_copy(update={"source": ""}) for found in load_strict(TASK, [str(REAL / name)])]
        for name in ("v2.1_train_150.rows.jsonl", "v2.1_train_150.columnar.json")
    )
    assert len(first) == 150
    assert first == second
