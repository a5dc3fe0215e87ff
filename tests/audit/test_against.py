"""What --against is taken for: another split, or another regime."""

from pathlib import Path

from tracekd.problem import Problem

from .conftest import COLUMNS, Write, audited, has_others, problems, released, right, write_csv, wrong

FIRST = [problem for problem in problems("babi", 40) if has_others(problem)]
OTHER = [problem for problem in problems("babi", 40, seed=9) if has_others(problem)]


def put(folder: Path, name: str, found: list[Problem], write: Write = right) -> Path:
    return write_csv(folder / f"{name}.csv", released(found, write), COLUMNS["babi"])


def test_names_tell_another_split(folder: Path) -> None:
    test, train = put(folder, "test", [*OTHER, FIRST[0]]), put(folder, "train", FIRST)
    report = audited(test, against=[train])
    assert report.report.against == "another split, as names say (train beside test)"
    # Whatever is named first: what counts is how much of the test data is known from training.
    assert report.faults["overlap_verbatim"].checked == len(OTHER) + 1
    assert report.faults["overlap_verbatim"].by_part.keys() == {"correct test"}
    swapped = audited(train, against=[test])
    assert swapped.rows("overlap_verbatim") == report.rows("overlap_verbatim")


def test_names_tell_another_regime(folder: Path) -> None:
    report = audited(put(folder, "correct", FIRST), against=[put(folder, "perturbed", FIRST, wrong)])
    assert report.report.against == "another regime (incorrect beside correct)"
    assert report.report.give_away[0].judged
    assert report.faults["overlap_verbatim"].verdict == "not checked"


def test_prompts_tell_where_names_do_not(folder: Path) -> None:
    one = put(folder, "one", FIRST)
    same = audited(one, against=[put(folder, "two", FIRST)])
    assert same.report.against is not None and same.report.against.startswith("another regime: 100%")
    (pair,) = same.report.give_away
    assert (pair.first, pair.second) == ("correct", "correct (--against)")
    assert {number.accuracy for number in pair.numbers.values()} == {0.5}
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
