"""What --against is taken for: another split, or another regime."""

from pathlib import Path

import pytest

from tracekd.problem import Problem
from tracekd.regimes.names import regime_of_name

from .conftest import (
    COLUMNS,
    Write,
    another_label,
    audited,
    completion,
    gold_texts,
    has_others,
    problems,
    released,
    right,
    write_csv,
    wrong,
)

FIRST = [problem for problem in problems("babi", 40) if has_others(problem)]
OTHER = [problem for problem in problems("babi", 40, seed=9) if has_others(problem)]


def put(folder: Path, name: str, found: list[Problem], write: Write = right) -> Path:
    return write_csv(folder / f"{name}.csv", released(found, write), COLUMNS["babi"])


def test_names_tell_another_split(folder: Path) -> None:
    test, train = put(folder, "test", [*OTHER, FIRST[0]]), put(folder, "train", FIRST)
    report = audited(test, against=[train])
    assert report.report.against == "another split, from the names (train against test)"
    # Whatever is named first: what counts is how much of the test data is known from training.
    assert report.faults["overlap_verbatim"].checked == len(OTHER) + 1
    assert report.faults["overlap_verbatim"].by_part.keys() == {"correct test"}
    swapped = audited(train, against=[test])
    assert swapped.rows("overlap_verbatim") == report.rows("overlap_verbatim")


def test_names_tell_another_regime(folder: Path) -> None:
    report = audited(put(folder, "correct", FIRST), against=[put(folder, "perturbed", FIRST, wrong)])
    assert report.report.against == "another regime (incorrect against correct)"
    assert report.report.give_away[0].judged
    assert report.faults["overlap_verbatim"].verdict == "not checked"


def test_prompts_tell_where_names_do_not(folder: Path) -> None:
    one = put(folder, "one", FIRST)
    same = audited(one, against=[put(folder, "two", FIRST)])
    # Both are of one regime: the same problems are then a leak, and not another regime.
    assert same.report.against is not None and same.report.against.startswith("another split: 100%")
    assert same.faults["overlap_verbatim"].rows == len(FIRST)
    other = audited(one, against=[put(folder, "three", OTHER)])
    assert other.report.against is not None and other.report.against.startswith("another split: ")
    assert other.faults["overlap_verbatim"].checked == len(FIRST)
    assert other.report.give_away == ()


def test_regimes_of_other_problems_are_not_judged(folder: Path) -> None:
    report = audited(put(folder, "correct", FIRST[:60]), put(folder, "perturbed", OTHER[60:], wrong))
    (pair,) = report.report.give_away
    assert not pair.same_problems and not pair.judged


def test_a_folder_is_read_once_though_it_has_two_files_of_the_same_rows(folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = released(FIRST, right)
    pq.write_table(pa.Table.from_pylist(rows), folder / "correct.parquet")
    (folder / "correct.jsonl").write_text("not read\n", encoding="utf-8")
    report = audited(folder)
    assert report.report.rows == len(rows)
    assert [Path(file).name for part in report.report.parts for file in part.files] == ["correct.parquet"]
    assert report.rows("unreadable") == 0
    assert report.report.copies == (str(folder / "correct.jsonl"),)  # and it is said


def test_the_worse_a_leak_the_surer_it_is_told(folder: Path) -> None:
    for name in ("eval", "heldout", "b"):
        found = audited(put(folder, "train", FIRST), against=[put(folder, name, FIRST[:20])])
        assert found.faults["overlap_verbatim"].rows == 20, name
        assert found.faults["overlap_verbatim"].verdict == "FAULT"


def test_a_gold_fact_in_lower_case_is_still_right(folder: Path) -> None:
    def lowered(problem: Problem) -> str:
        return completion(problem, another_label(problem), repr([text.lower() for text in gold_texts(problem)]))

    found = audited(put(folder, "incorrect", FIRST[:30], lowered))
    assert found.faults["incorrect_is_right"].rows == 30
    assert found.faults["fact_case_changed"].rows == 30


@pytest.mark.parametrize(
    ("name", "regime"),
    [("unperturbed_train", None), ("train_perturbed", "incorrect"), ("incorrect_facts", "incorrect_facts")],
)
def test_a_word_within_a_word_names_no_regime(name: str, regime: str | None) -> None:
    assert regime_of_name(name) == regime
