"""Filtering: a row that is kept never has a planted error, and a row that is left out says which statement it was."""

import csv
import gzip
import json
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracekd.audit.filtering import LEFT_OUT, NO_GOLD, WRONG_ANSWER, FilterReport, LeftOutRow, filter_rows, kept_names
from tracekd.audit.free_rows import NO_PROBLEM, NO_TRACE, TOO_LONG, UNCLOSED, FreeRows
from tracekd.audit.output_rows import CUT_OFF, read_row_or_output
from tracekd.errors import UserError
from tracekd.files import read_jsonl
from tracekd.tasks import get_task
from tracekd.tasks.reading.record import Record
from tracekd.transcript.trace_tags import TraceTags
from tracekd.verify.claims import FALSE, GROUNDLESS, NO_CLAIM, UNREAD

from .free_rows import Made, in_field, made, messages, own_prompt, prompt_completion, write_problems, write_rows
from .test_free_traces import HOSTILE, TASKS, row

Rows = list[dict[str, Any]]


def filtered(
    *files: Path, task: str = "babi", keep: Any = "claims", problems: Path | None = None, tags: TraceTags | None = None
) -> tuple[FilterReport, dict[str, LeftOutRow]]:
    """The report, and the rows that are left out, by file name and line."""
    rows = FreeRows.of(get_task(task), [str(problems)] if problems else [])
    out = files[0].parent / "kept"
    report = filter_rows(files, rows, keep, partial(read_row_or_output, tags=tags), out)
    left_out = {one.where.rpartition("/")[2]: one for one in read_jsonl(out / LEFT_OUT, LeftOutRow)}
    assert report.rows - report.kept == len(left_out) == sum(report.left_out.values())
    return report, left_out


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("layout", [messages, in_field, prompt_completion])
def test_no_kept_row_has_a_planted_error_and_others_say_which_statement(folder: Path, task: str, layout: Any) -> None:
    rows = made(task, 80)
    path = write_rows(folder / "rows.jsonl", [layout(each) for each in rows])
    report, left_out = filtered(path, task=task)
    kept = [each for number, each in enumerate(rows, 1) if f"rows.jsonl:{number}" not in left_out]
    assert len(kept) == report.kept >= 36
    assert [each for each in kept if each.trace.first_error is not None] == []
    for number, each in enumerate(rows, 1):
        found, planted = left_out.get(f"rows.jsonl:{number}"), each.trace.planted
        if found is None or found.reason not in (FALSE, GROUNDLESS):
            continue
        worths = {claim.worth for claim in planted if found.start < claim.end and claim.start < found.end}
        assert worths & {"false", "invented"}, found
        assert each.trace.text[found.start : found.end].startswith(found.text) and found.why
    # Right rows are kept, except where the grammar cannot read a claim.
    right = [number for number, each in enumerate(rows, 1) if each.trace.first_error is None]
    lost = [left_out[f"rows.jsonl:{number}"].reason for number in right if f"rows.jsonl:{number}" in left_out]
    assert set(lost) <= {UNREAD, NO_CLAIM} and len(lost) <= 0.1 * len(right)


def test_kept_lines_are_the_lines_that_were_read_byte_for_byte(folder: Path) -> None:
    rows = made("babi", 30)
    path = write_rows(folder / "rows.jsonl", [messages(each) for each in rows])
    with path.open("ab") as file:
        file.write(b'  {"prompt" : "x"}  \r\n\xff\n{"not": json\n')
    report, left_out = filtered(path)
    kept = lines(folder / "kept" / "rows.jsonl")
    assert kept == [line for number, line in enumerate(lines(path), 1) if f"rows.jsonl:{number}" not in left_out]
    assert len(kept) == report.kept and b'"note": {"kept": ["as", 1]}' in kept[0]
    assert {left_out[f"rows.jsonl:{number}"].reason for number in (31, 32, 33)} == {
        "missing field", "not UTF-8", "not JSON"
    }  # fmt: skip


def test_parquet_stays_parquet_with_its_types(folder: Path) -> None:
    rows = made("cotempqa", 20)
    table = pa.table(
        {
            "messages": [messages(each)["messages"] for each in rows],
            "score": pa.array([number / 3 for number in range(20)], pa.float32()),
            "when": pa.array([number * 10**6 for number in range(20)], pa.timestamp("us", "UTC")),
        }
    ).replace_schema_metadata({"huggingface": "{}"})
    pq.write_table(table, folder / "rows.parquet")
    report, left_out = filtered(folder / "rows.parquet", task="cotempqa")
    kept, table = pq.read_table(folder / "kept" / "rows.parquet"), pq.read_table(folder / "rows.parquet")
    chosen = [at for at in range(20) if f"rows.parquet:{at + 1}" not in left_out]
    assert kept.schema.equals(table.schema, check_metadata=True) and kept.equals(table.take(chosen))
    assert 5 < report.kept == len(chosen) < 20


def test_other_files_keep_their_columns(folder: Path) -> None:
    rows = [prompt_completion(each) for each in made("babi", 8, with_errors=False)]
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (folder / "b.json").write_text(json.dumps(rows, indent=2), encoding="utf-8")
    with gzip.open(folder / "c.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(each) + "\n" for each in rows))
    pa.ipc.new_stream(str(folder / "d.arrow"), (table := pa.Table.from_pylist(rows)).schema).write_table(table)
    report, left_out = filtered(*(folder / name for name in ("a.csv", "b.json", "c.jsonl.gz", "d.arrow")))
    assert not left_out and report.kept == 32
    kept = folder / "kept"
    with (kept / "a.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == rows
    assert [json.loads(line) for line in lines(kept / "b.jsonl")] == rows
    assert [json.loads(line) for line in lines(kept / "c.jsonl")] == rows
    assert pq.read_table(kept / "d.parquet").to_pylist() == rows
    assert report.files["b.jsonl"].source == "data/b.json"


@pytest.mark.parametrize(
    ("keep", "kept"), [("claims", {"right", "wrong answer"}), ("answer", {"right", "false"}), ("both", {"right"})]
)
def test_rows_are_kept_by_claims_by_answer_or_by_both(folder: Path, keep: str, kept: set[str]) -> None:
    right = "John took the milk. John went to the office."
    rows = {"right": row(right), "false": row(f"Mary is in the office. {right}"), "wrong answer": row(right, "garden")}
    path = write_rows(folder / "rows.jsonl", list(rows.values()))
    _, left_out = filtered(path, keep=keep)
    names = {name for number, name in enumerate(rows, 1) if f"rows.jsonl:{number}" not in left_out}
    assert names == kept
    expected = {"false": FALSE, "wrong answer": WRONG_ANSWER}
    assert {one.reason for one in left_out.values()} == {expected[name] for name in rows.keys() - kept}


@pytest.mark.parametrize(
    ("trace", "reason", "at"),
    [
        ("Mary is in the office. Wait, no. Mary is in the kitchen.", FALSE, 0),
        ("Daniel went to the cinema. Mary is in the garden now. John went to the office.", FALSE, 1),
        ("Mary knits a scarf. Daniel went to the cinema.", GROUNDLESS, 1),
        ("John went to the office. Mary knits a scarf.", UNREAD, 1),
        ("Hm. Where could it be?", NO_CLAIM, None),
        ("The answer is the office.", NO_CLAIM, None),
    ],
)
def test_the_worst_claim_is_the_reason(folder: Path, trace: str, reason: str, at: int | None) -> None:
    _, left_out = filtered(write_rows(folder / "rows.jsonl", [row(trace)]))
    assert (left_out["rows.jsonl:1"].reason, left_out["rows.jsonl:1"].at) == (reason, at)


def test_rows_that_cannot_be_judged_are_left_out_with_their_reason(folder: Path) -> None:
    right = row("John took the milk. John went to the office.")
    rows = [
        {**right, "completion": "office"},
        {**right, "prompt": "Where is the milk?"},
        row("x" * 2**21),
        {key: right[key] for key in ("prompt", "completion")},
        {**right, "completion": right["completion"].partition("</think>")[0]},
    ]
    path = write_rows(folder / "rows.jsonl", rows)
    _, left_out = filtered(path, keep="both")
    reasons = [left_out[f"rows.jsonl:{number}"].reason for number in range(1, 6)]
    assert reasons == [NO_TRACE, NO_PROBLEM, TOO_LONG, NO_GOLD, UNCLOSED]


@pytest.mark.parametrize("trace", HOSTILE)
def test_hostile_rows_end_nothing(folder: Path, trace: str) -> None:
    rows = [row(trace), row("John took the milk. John went to the office.")]
    path = write_rows(folder / "rows.jsonl", rows)
    report, left_out = filtered(path)
    assert report.rows == 2 and lines(folder / "kept" / "rows.jsonl")[-1] == lines(path)[1]
    assert all(len(one.text or "") <= 300 and len(one.why) <= 300 for one in left_out.values())


def test_marks_that_rows_make_up_are_counted_in_bounded_memory(folder: Path) -> None:
    right = row("John took the milk.")
    rows = [{**right, "completion": f"<mark{at}>a</mark{at}> office"} for at in range(1100)]
    report, _ = filtered(write_rows(folder / "rows.jsonl", rows))
    assert report.delimiters["others"] == 100 and len(report.delimiters) == 1001


def test_outputs_are_joined_by_id_and_keep_their_form(folder: Path) -> None:
    rows = made("babi", 20)
    outputs = [{"id": each.problem.id, "text": each.completion, "seed": 1} for each in rows]
    outputs[0]["finish"] = "length"
    outputs[2]["id"] = "another"
    path = write_rows(folder / "outputs.jsonl", outputs)
    source = write_problems(folder.parent / "problems.jsonl", rows)
    report, left_out = filtered(path, problems=source, keep="both")
    assert left_out["outputs.jsonl:1"].reason == CUT_OFF and left_out["outputs.jsonl:3"].reason == "unknown problem"
    assert report.layouts == {"id, text": 19} and report.kept >= 7
    kept = [json.loads(line) for line in lines(folder / "kept" / "outputs.jsonl")]
    assert all(each in outputs for each in kept)
    alone, _ = filtered(path)
    assert alone.left_out == {NO_PROBLEM: 19, CUT_OFF: 1}


def test_own_prompts_and_own_marks(folder: Path) -> None:
    rows: tuple[Made, ...] = made("cotempqa", 12, with_errors=False)
    marked = [own_prompt(each) for each in rows]
    for each in marked:
        each["completion"] = each["completion"].replace("<think>", "<plan>").replace("</think>", "</plan>")
    path = write_rows(folder / "rows.jsonl", marked)
    source = write_problems(folder.parent / "problems.jsonl", rows)
    report, _ = filtered(path, task="cotempqa", problems=source, tags=TraceTags("<plan>", "</plan>"), keep="both")
    assert report.delimiters == {"<plan>": 12} and report.kept >= 11


def test_two_files_are_not_written_to_one(folder: Path) -> None:
    names = kept_names([Path("a/rows.json.gz"), Path("a/other.arrow"), Path("a/x.csv")])
    assert list(names) == ["rows.jsonl", "other.parquet", "x.csv"]
    with pytest.raises(UserError, match=r"would be in one file, rows\.jsonl"):
        kept_names([Path("a/rows.json"), Path("b/rows.jsonl")])


def test_files_appear_only_when_all_are_complete(folder: Path) -> None:
    path = write_rows(folder / "rows.jsonl", [messages(each) for each in made("babi", 6)])
    (folder / "bad.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(UserError, match=r"not a Parquet file|cannot be written"):
        filtered(path, folder / "bad.parquet")
    left = [each.name for each in (folder / "kept").rglob("*") if each.is_file() and "hashes" not in each.name]
    assert left == []


def test_problems_that_are_not_valid_are_counted(folder: Path) -> None:
    rows = made("babi", 6, with_errors=False)
    path = write_rows(folder / "rows.jsonl", [own_prompt(each) for each in rows])
    source = write_problems(folder.parent / "problems.jsonl", rows)
    source.write_text(source.read_text(encoding="utf-8") + '{"id": 1}\n', encoding="utf-8")
    report, _ = filtered(path, problems=source)
    assert report.problems_skipped == 1 and report.kept >= 5


@pytest.mark.parametrize(("name", "value"), [("_BATCH", 3), ("_LARGEST_BATCH", 1000)])
def test_parquet_is_written_in_parts_of_bounded_size(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    monkeypatch.setattr(f"tracekd.audit.kept_files.{name}", value)
    rows = [prompt_completion(each) for each in made("babi", 10, with_errors=False)]
    pq.write_table(pa.Table.from_pylist(rows), folder / "rows.parquet")
    report, _ = filtered(folder / "rows.parquet")
    kept = pq.ParquetFile(folder / "kept" / "rows.parquet")
    found = kept.read().to_pylist()
    assert found == [each for each in rows if each in found] and len(found) == report.kept >= 8
    assert kept.num_row_groups > 2


def test_long_prompts_are_judged_without_being_kept(folder: Path) -> None:
    right = row("John took the milk. John went to the office.")
    story = "\n".join(f"Ann hums {at} times: {'la ' * 30}." for at in range(400))
    long = {**right, "prompt": right["prompt"].replace("Mary went to the garden.", story, 1)}
    rows = FreeRows(get_task("babi"))
    read = [read_row_or_output(Record.of(json.dumps(each).encode())) for each in (long, right, right)]
    assert all(rows.judge(each).verdict.trace.all_hold for each in read)
    assert rows._of_gold.cache_info().currsize == rows._gold_of.cache_info().currsize == 1
