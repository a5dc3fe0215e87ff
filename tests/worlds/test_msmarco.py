"""The world of passages: its records, its official file, its dials. Its truth has tests of its own."""

import json
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from pydantic import ValidationError

from tracekd.content_hash import HASHES
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.loading import load, load_strict
from tracekd.tasks.msmarco import LABELS
from tracekd.worlds.contract import draw
from tracekd.worlds.msmarco import WORLD
from tracekd.worlds.msmarco.knowledge import fillers
from tracekd.worlds.msmarco.record import OFFICIAL, to_columns

TASK = get_task("msmarco")
NO_ANSWER = ["No Answer Present."]
# How many of 500 published questions are of each type.
PUBLISHED = {"DESCRIPTION": 326, "NUMERIC": 111, "ENTITY": 33, "LOCATION": 21, "PERSON": 9}
FAMILIES = tuple(WORLD.families)
Row = dict[str, Any]


def lines(family: str, n: int, seed: int = 1, **dials: object) -> Iterator[str]:
    set_dials = WORLD.families[family].dials(**dials)
    return (draw(WORLD, family, set_dials, seed, index).text() for index in range(n))


def rows(family: str, n: int, **dials: object) -> list[Row]:
    return [json.loads(line) for line in lines(family, n, **dials)]


def selected(row: Row) -> int:
    return sum(page["is_selected"] for page in row["passages"])


def texts(row: Row, chosen: bool | None = None) -> list[str]:
    return [p["passage_text"] for p in row["passages"] if chosen is None or p["is_selected"] == chosen]


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


@pytest.fixture(scope="module")
def published() -> list[Row]:
    return [row for family, n in PUBLISHED.items() for row in rows(family, 3 * n)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for family, made in WORLD.families.items():
        (tmp_path / made.file_name).write_text("".join(lines(family, 12)), encoding="utf-8")
    return tmp_path


def finish(folder: Path) -> None:
    assert WORLD.finish is not None
    assert WORLD.finish(folder, [made.file_name for made in WORLD.families.values()]) == OFFICIAL


def test_the_world_is_one_of_its_task() -> None:
    assert FAMILIES == LABELS == TASK.labels and WORLD.task == TASK.name
    assert [made.file_name for made in WORLD.families.values()][1] == "numeric.jsonl"


@pytest.mark.parametrize("family", FAMILIES)
def test_an_item_depends_on_seed_and_number_alone(family: str) -> None:
    forwards = list(lines(family, 20))
    dials = WORLD.families[family].dials()
    assert [draw(WORLD, family, dials, 1, at).text() for at in reversed(range(20))] == forwards[::-1]
    assert len(set(forwards) | set(lines(family, 20, seed=2))) == 40


@pytest.mark.parametrize("family", FAMILIES)
def test_an_item_can_be_cut(family: str) -> None:
    item = draw(WORLD, family, WORLD.families[family].dials(), 3, 0)
    assert item.questions == len(item.supports) == 1
    assert item.cut(1).text() == item.text() != ""
    assert (item.cut(0).questions, item.cut(0).supports, item.cut(0).text()) == (0, (), "")


def test_a_record_is_one_line_in_the_official_layout() -> None:
    (line,) = lines("PERSON", 1, no_answer=0, well_formed=1)
    assert line.endswith("}\n") and line.count("\n") == 1
    row = json.loads(line)
    assert list(row) == ["answers", "passages", "query", "query_id", "query_type", "wellFormedAnswers"]
    assert {tuple(page) for page in row["passages"]} == {("is_selected", "passage_text", "url")}
    assert row["query_type"] == "PERSON" and isinstance(row["query_id"], int)
    assert all(page["url"].startswith("http://www.") for page in row["passages"])
    assert row["wellFormedAnswers"] == [row["wellFormedAnswers"][0]] and row["wellFormedAnswers"][0].endswith(".")
    assert rows("PERSON", 1, no_answer=0, well_formed=0)[0]["wellFormedAnswers"] == "[]"


def test_ids_are_unique_over_all_families_and_fit_a_signed_word() -> None:
    ids = [
        row["query_id"] for family in FAMILIES for row in rows(family, 100, passages=3, repeated=0, fewer_passages=0)
    ]
    assert len(set(ids)) == len(ids) and 2**53 < max(ids) < 2**63


@pytest.mark.parametrize("family", FAMILIES)
def test_everything_loads_and_only_what_the_dials_ask_for_is_a_fault(family: str, tmp_path: Path) -> None:
    file = tmp_path / "made.jsonl"
    for repeated, faults in ((0.0, set[str]()), (1.0, {"duplicate_passage"})):
        made = list(lines(family, 150, repeated=repeated, several_answers=0.5, two_selected=0.2, three_selected=0.2))
        file.write_text("".join(made), encoding="utf-8")
        problems = list(load_strict(TASK, [str(file)]))
        assert TASK.check is not None
        checks = [TASK.check(problem) for problem in problems]
        assert {problem.label for problem in problems} == {family}
        assert [set(check.faults) for check in checks] == [faults] * 150


@pytest.mark.parametrize("family", FAMILIES)
def test_the_supports_are_those_that_the_loader_finds(family: str, tmp_path: Path) -> None:
    dials = WORLD.families[family].dials(two_selected=0.3, three_selected=0.3, no_answer=0.2)
    items = [draw(WORLD, family, dials, 5, index) for index in range(100)]
    file = tmp_path / "made.jsonl"
    file.write_text("".join(item.text() for item in items), encoding="utf-8")
    for problem, item in zip(load_strict(TASK, [str(file)]), items, strict=True):
        ((*supports,),) = item.supports
        # Each passage that is marked is enough by itself; what is annotated is all of them.
        assert tuple(fact for support in supports for fact in support) == problem.support["support"]
        assert all(len(support) == 1 for support in supports) or supports == [()]
        assert (problem.stratum == "no_answer") == (supports == [()])


def test_the_official_file_holds_all_records(folder: Path) -> None:
    made = [json.loads(line) for family in FAMILIES for line in lines(family, 12)]
    finish(folder)
    assert [file.name for file in folder.iterdir() if file.name != HASHES] == [OFFICIAL]
    table = json.loads((folder / OFFICIAL).read_text(encoding="utf-8"))
    assert list(table) == list(made[0])
    for column, values in table.items():
        assert list(values) == [str(row) for row in range(len(made))]
        assert list(values.values()) == [row[column] for row in made]
    problems = [problem for problem in load(TASK, [str(folder)]) if isinstance(problem, Problem)]
    assert [problem.id for problem in problems] == [str(row["query_id"]) for row in made]


def test_the_official_file_is_what_pandas_writes(folder: Path) -> None:
    pandas = pytest.importorskip("pandas")
    made = [json.loads(line) for family in FAMILIES for line in lines(family, 12)]
    finish(folder)
    file = folder / OFFICIAL
    written = pandas.DataFrame(made).to_json().replace("\\/", "/")
    assert json.loads(written) == json.loads(file.read_text(encoding="utf-8"))
    assert pandas.read_json(file).query_id.tolist() == [row["query_id"] for row in made]


def test_families_that_were_not_asked_for_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "person.jsonl").write_text("".join(lines("PERSON", 3)), encoding="utf-8")
    finish(tmp_path)
    assert {problem.label for problem in load_strict(TASK, [str(tmp_path)])} == {"PERSON"}


def test_finishing_goes_on_where_it_was_ended(folder: Path) -> None:
    kept = (folder / "person.jsonl").read_text(encoding="utf-8")
    finish(folder)
    whole = (folder / OFFICIAL).read_bytes()
    (folder / "person.jsonl").write_text(kept, encoding="utf-8")
    finish(folder)
    assert [file.name for file in folder.iterdir() if file.name != HASHES] == [OFFICIAL]
    assert (folder / OFFICIAL).read_bytes() == whole


def test_an_error_leaves_the_records_and_no_half_file(folder: Path) -> None:
    before = sorted(file.name for file in folder.iterdir())
    with (folder / "person.jsonl").open("a") as file:
        file.write('{"answers":["broken off"')
    with pytest.raises(ValueError, match="substring not found"):
        finish(folder)
    assert sorted(file.name for file in folder.iterdir()) == before


def test_no_text_can_look_like_a_column(tmp_path: Path) -> None:
    (row,) = rows("PERSON", 1)
    nasty = '","query":"{"answers":[]}, \\",\\"query_id\\":1,"wellFormedAnswers":"[]"}'
    row |= {"answers": [nasty, nasty[1:]], "query": nasty}
    row["passages"][0] |= {"passage_text": nasty, "url": nasty}
    (tmp_path / "one.jsonl").write_text(json.dumps(row, separators=(",", ":")) + "\n", encoding="utf-8")
    to_columns(tmp_path, ["one.jsonl"])
    table = json.loads((tmp_path / OFFICIAL).read_text(encoding="utf-8"))
    assert {column: values["0"] for column, values in table.items()} == row


def test_finishing_needs_memory_for_one_record(tmp_path: Path) -> None:
    (line,) = lines("PERSON", 1)
    (tmp_path / "one.jsonl").write_text(line * 3_000, encoding="utf-8")
    tracemalloc.start()
    to_columns(tmp_path, ["one.jsonl"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / OFFICIAL).stat().st_size > 3_000 * 2_000
    assert peak < 400_000


def test_defaults_have_the_published_shares(published: list[Row]) -> None:
    count = Counter(map(selected, published))
    n = len(published)
    assert count[0] / n == pytest.approx(0.39, abs=0.04)
    assert count[1] / n == pytest.approx(0.592, abs=0.04)
    assert (
        0.004 < count[2] / n < 0.03 and count[3] / n < 0.015 and sum(count.values()) == sum(count[k] for k in range(4))
    )
    assert all((row["answers"] == NO_ANSWER) == (selected(row) == 0) for row in published)
    sizes = [len(row["passages"]) for row in published]
    assert min(sizes) >= 6 and max(sizes) == 10 and 9.9 < sum(sizes) / n < 10
    answered = [row for row in published if selected(row)]
    assert share([len(row["answers"]) > 1 for row in answered]) == pytest.approx(0.026, abs=0.018)
    assert share([row["wellFormedAnswers"] != "[]" for row in answered]) == pytest.approx(0.25, abs=0.06)
    assert share([row["query"].endswith("?") for row in published]) == pytest.approx(0.07, abs=0.03)


def test_defaults_have_the_published_lengths(published: list[Row]) -> None:
    words = sorted(len(text.split()) for row in published for text in texts(row))
    assert 48 <= median(words) <= 52 and words[-1] <= 183 and 50 <= sum(words) / len(words) <= 60
    per_context = median(sum(len(text.split()) for text in texts(row)) for row in published)
    assert 470 <= per_context <= 560
    first: dict[str, list[int]] = {family: [] for family in FAMILIES}
    for row in published:
        if selected(row):
            first[row["query_type"]].append(len(row["answers"][0].split()))
    measured = {family: median(lengths) for family, lengths in first.items()}
    for family, expected in {"DESCRIPTION": 16, "NUMERIC": 5, "ENTITY": 13, "LOCATION": 2.5, "PERSON": 2.5}.items():
        assert abs(measured[family] - expected) <= 2, measured


def test_defaults_have_the_published_overlap(published: list[Row], tmp_path: Path) -> None:
    file = tmp_path / "made.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in published), encoding="utf-8")
    assert TASK.check is not None
    checks = [TASK.check(p) for p in load_strict(TASK, [str(file)]) if p.stratum == "answerable"]
    assert share([check.agree["answer_in_support"] for check in checks]) == pytest.approx(0.62, abs=0.05)


Measure = Callable[[list[Row]], float]


def _mean(of: Callable[[Row], float]) -> Measure:
    return lambda found: sum(map(of, found)) / len(found)


def _words(row: Row) -> float:
    return sum(len(text.split()) for text in texts(row))


def _verbatim(row: Row) -> float:
    return any(row["answers"][0].rstrip(".") in text for text in texts(row))


def _about_asked(row: Row) -> float:
    return sum(page["url"].rpartition("/")[2].replace("-", " ") in row["query"].lower() for page in row["passages"])


def _kinds(row: Row) -> float:
    return len({page["url"].split("/")[3] for page in row["passages"]})


def _pronouns(row: Row) -> float:
    return sum(text.count(". It ") for text in texts(row))


def _fillers(row: Row) -> float:
    return sum(filler in text for text in texts(row) for filler in fillers())


def _alike(row: Row) -> float:
    (model,) = texts(row, True)
    return sum(text[-12:] == model[-12:] for text in texts(row, False))


def _spread(row: Row) -> float:
    lengths = [len(text.split()) for text in texts(row)]
    return max(lengths) - min(lengths)


PLAIN = {
    "no_answer": 0,
    "two_selected": 0,
    "three_selected": 0,
    "repeated": 0,
    "fewer_passages": 0,
    "several_answers": 0,
}
NEAR = {"near_duplicates": 0, "answers_left_out": 0, "same_entity": 0, "unrelated": 0}


@pytest.mark.parametrize(
    ("dial", "less", "more", "measure", "others"),
    [
        ("passages", 3, 30, _mean(lambda row: len(row["passages"])), {}),
        ("fewer_passages", 1, 0, _mean(lambda row: len(row["passages"])), {}),
        ("no_answer", 0, 1, _mean(lambda row: row["answers"] == NO_ANSWER), {}),
        ("two_selected", 0, 1, _mean(selected), {}),
        ("three_selected", 0, 1, _mean(selected), {}),
        ("near_duplicates", 0, 1, _mean(_alike), NEAR),
        ("answers_left_out", 0, 1, _mean(_about_asked), NEAR),
        ("same_entity", 0, 1, _mean(_about_asked), NEAR),
        ("unrelated", 0, 1, _mean(_kinds), NEAR),
        ("mentions", 0, 1, _mean(lambda row: " ".join(texts(row)).count(" is often confused with ")), NEAR),
        ("repeated", 1, 0, _mean(lambda row: len(set(texts(row)))), {}),
        ("passage_words", 20, 150, _mean(_words), {}),
        ("passage_words_spread", 0, 1, _mean(_spread), {}),
        ("passage_words_most", 80, 300, _mean(_spread), {"passage_words_spread": 1}),
        ("coreference", 0, 1, _mean(_pronouns), {}),
        ("fillers", 0, 0.9, _mean(_fillers), {}),
        ("paraphrased", 1, 0, _mean(_verbatim), {}),
        ("sentence_answers", 0, 1, _mean(lambda row: len(row["answers"][0].split())), {}),
        ("several_answers", 0, 1, _mean(lambda row: len(row["answers"])), {}),
        ("well_formed", 0, 1, _mean(lambda row: row["wellFormedAnswers"] != "[]"), {}),
        ("question_marks", 0, 1, _mean(lambda row: "?" in row["query"]), {}),
        ("query_noise", 0, 1, _mean(lambda row: not row["query"].removesuffix("?").replace(" ", "").islower()), {}),
    ],
)
def test_every_dial_has_its_effect(
    dial: str, less: float, more: float, measure: Measure, others: dict[str, object]
) -> None:
    few, many = (rows("PERSON", 40, **PLAIN | others | {dial: value}) for value in (less, more))
    assert measure(many) > 1.1 * measure(few), (measure(few), measure(many))


def test_forms_is_how_many_ways_there_are_to_state_something() -> None:
    found = {}
    for forms in range(1, 5):
        made = rows("LOCATION", 300, **PLAIN | {"forms": forms, "passages": 1, "coreference": 0, "fillers": 0})
        museums = [text for row in made for text in texts(row, True) if "Museum" in row["passages"][0]["passage_text"]]
        says = (
            "opposite the old fire station",
            "a short walk from the tram",
            "that a farmer gave away",
            "signs lead to",
        )
        found[forms] = [any(say in text for text in museums) for say in says]
    assert found == {1: [True, False, False, False], 2: [True, True, False, False],
                     3: [True, True, True, False], 4: [True, True, True, True]}  # fmt: skip


def test_yes_no_is_the_share_of_questions_that_are_answered_so() -> None:
    for yes_no, expected in ((0, 0), (0.5, 0.5), (1, 1)):
        made = rows("DESCRIPTION", 200, **PLAIN | {"yes_no": yes_no})
        answers = [row["answers"][0] for row in made]
        assert share([answer.split(",")[0] in {"Yes", "No"} for answer in answers]) == pytest.approx(expected, abs=0.1)
    assert 0.3 < share([answer.startswith("Yes") for answer in answers]) < 0.7
    assert {"Yes", "No"} < set(answers), "bare, and as a sentence"


@pytest.mark.parametrize(
    ("dials", "named"),
    [
        ({"no_answer": 0.7, "two_selected": 0.4}, "no_answer = 0.7, two_selected = 0.4 and three_selected = 0.004"),
        (
            {"near_duplicates": 0.9},
            "near_duplicates = 0.9, answers_left_out = 0.1, same_entity = 0.3 and unrelated = 0.1",
        ),
        ({"passage_words": 200}, "passage_words = 200 and passage_words_most = 183"),
        ({"passages": 2}, "passages = 2 and fewer_passages = 0.01"),
        ({"passages": 1, "fewer_passages": 0}, "passages = 1 and two_selected = 0.014"),
        ({"passages": 2, "fewer_passages": 0}, "passages = 2 and three_selected = 0.004"),
        ({"passages": 4, "fewer_passages": 0}, "passages = 4 and repeated = 0.026"),
        ({"passages": 7, "two_selected": 0, "three_selected": 0, "fewer_passages": 0.5}, ""),
        ({"passages": 3, "two_selected": 0, "three_selected": 0}, "passages = 3 and repeated = 0.026"),
    ],
)
def test_dials_that_contradict_each_other_are_both_named(dials: dict[str, float], named: str) -> None:
    make = WORLD.families["NUMERIC"].dials
    if not named:
        make(**dials)
        return
    with pytest.raises(ValidationError) as error:
        make(**dials)
    assert f"{named} contradict each other" in str(error.value)


def test_the_fewest_passages_are_enough() -> None:
    # Two alike, and three selected ones, in all there are.
    dials = {"passages": 8, "fewer_passages": 1, "no_answer": 0, "two_selected": 0, "three_selected": 1, "repeated": 1}
    made = rows("ENTITY", 100, **dials)
    assert {len(row["passages"]) for row in made} == {5, 6, 7}
    assert {len(texts(row)) - len(set(texts(row))) for row in made} == {1}
    assert all(len(set(texts(row, True))) == 3 for row in made)


def test_passages_are_different_where_there_is_little_to_tell_them_apart() -> None:
    dials = {"passages": 50, "passage_words": 10, "passage_words_spread": 0, "forms": 1, "coreference": 0, "fillers": 0}
    shares = {"no_answer": 0, "two_selected": 0, "three_selected": 1, "repeated": 0, "fewer_passages": 0}
    for only in NEAR:
        for row in rows("PERSON", 10, **dials | shares | NEAR | {only: 1}):
            assert len(set(texts(row))) == 50 and selected(row) == 3
