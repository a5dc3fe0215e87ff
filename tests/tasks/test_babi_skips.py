"""What a fault in a bAbI file costs: the question that it is in, or the rest of its story; never more, never silently."""

import tracemalloc
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.story_format import LONGEST_LINE
from tracekd.tasks.loading import load_strict
from tracekd.tasks.reading.fault import Skipped

STORY = (
    "1 Ada went to the attic.",
    "2 Where is Ada? \tattic\t1",
    "3 Ben moved to the cellar.",
    "4 Where is Ben? \tcellar\t3",
    "5 Ada moved to the porch.",
    "6 Where is Ada? \tporch\t5",
)
GAP = "id gap"
LATER = "after a fault in its story"


def load(file: Path, lines: list[str] | bytes) -> list[Problem | Skipped]:
    data = lines if isinstance(lines, bytes) else "".join(f"{line}\n" for line in lines).encode()
    file.write_bytes(data)
    return list(TASK.load(str(file)))


def problems(found: list[Problem | Skipped]) -> list[str]:
    return [p.id.partition("/")[2] for p in found if isinstance(p, Problem)]


def skips(found: list[Problem | Skipped]) -> list[tuple[int, str]]:
    return [(int(s.where.rpartition(":")[2]), s.reason) for s in found if isinstance(s, Skipped)]


def changed(number: int, line: str) -> list[str]:
    """Three stories; in the second, one line is another."""
    second = [line if at == number else old for at, old in enumerate(STORY, start=1)]
    return [*STORY, *second, *STORY]


WHOLE = ["0/2", "0/4", "0/6", "1/2", "1/4", "1/6", "2/2", "2/4", "2/6"]
# What becomes of line `number` of the second story (which is line 6 + number of the file), and what is skipped.
ONLY_THAT_QUESTION = [
    ("4 Where is Ben?", "malformed question"),
    ("4 Where is Ben? \tcellar", "malformed question"),
    ("4 Where is Ben? \tcellar\t3\t5", "malformed question"),
    ("4 \tcellar\t3", "malformed question"),
    ("4 Where is Ben? \t\t3", "malformed question"),
    ("4 Where is Ben? \tcellar\tthree", "malformed question"),
    ("4 Where is Ben? \tcellar\t" + "9" * 5000, "malformed question"),
    ("4 Where is Ben? \tcellar\t5", "support is not an earlier fact"),
    ("4 Where is Ben? \tcellar\t2", "support is not an earlier fact"),
    ("4 Where is Ben? \tcellar\t0", "support is not an earlier fact"),
    ("4 Where is Ben? \tcellar\t3 3", "supporting id given twice"),
]


@pytest.mark.parametrize(("line", "reason"), ONLY_THAT_QUESTION)
def test_a_faulty_question_is_skipped_alone(tmp_path: Path, line: str, reason: str) -> None:
    found = load(tmp_path / "qa1_a.txt", changed(4, line))
    assert skips(found) == [(10, reason)]
    assert problems(found) == [name for name in WHOLE if name != "1/4"]


THE_REST_OF_THE_STORY = [
    (3, "nonsense", [(9, "not a bAbI line"), (10, LATER), (12, LATER)]),
    (3, "", [(9, "not a bAbI line"), (10, LATER), (12, LATER)]),
    (3, "3", [(9, "not a bAbI line"), (10, LATER), (12, LATER)]),
    (3, "3\tBen moved to the cellar.", [(9, "not a bAbI line"), (10, LATER), (12, LATER)]),
    (3, "7 Ben moved to the cellar.", [(9, GAP), (10, GAP), (12, LATER)]),
    (3, "3 " + "a" * LONGEST_LINE, [(9, "line too long"), (10, LATER), (12, LATER)]),
    (1, "nonsense", [(7, "not a bAbI line"), (8, LATER), (10, LATER), (12, LATER)]),
    (1, "1", [(7, "not a bAbI line"), (8, LATER), (10, LATER), (12, LATER)]),
    (6, "nonsense", [(12, "not a bAbI line")]),
    (6, "9 Where is Ada? \tporch\t5", [(12, GAP)]),
]


@pytest.mark.parametrize(("number", "line", "expected"), THE_REST_OF_THE_STORY)
def test_a_fault_that_hides_a_fact_ends_its_story(
    tmp_path: Path, number: int, line: str, expected: list[tuple[int, str]]
) -> None:
    found = load(tmp_path / "qa1_a.txt", changed(number, line))
    assert skips(found) == expected
    lost = {f"1/{at - 6}" for at, _ in expected}
    assert problems(found) == [name for name in WHOLE if name not in lost]


@pytest.mark.parametrize(("number", "first_lost"), [(1, 2), (3, 4)])
def test_bytes_that_are_no_text_cost_the_rest_of_their_story_only(tmp_path: Path, number: int, first_lost: int) -> None:
    lines = [line.encode() for line in [*STORY, *STORY, *STORY]]
    lines[5 + number] = lines[5 + number].replace(b" to", b" \xff\xfe")
    found = load(tmp_path / "qa1_a.txt", b"\n".join(lines))
    assert skips(found) == [(6 + number, "not UTF-8"), *((6 + at, LATER) for at in (2, 4, 6) if at >= first_lost)]
    assert problems(found) == [name for name in WHOLE if not name.startswith("1/") or int(name[2:]) < first_lost]


def test_a_line_that_is_left_out_is_an_id_gap(tmp_path: Path) -> None:
    found = load(tmp_path / "qa1_a.txt", [*STORY[:2], *STORY[3:], *STORY])
    assert skips(found) == [(3, GAP), (5, LATER)]
    assert problems(found) == ["0/2", "1/2", "1/4", "1/6"]


def test_a_story_whose_first_line_is_left_out_keeps_its_number(tmp_path: Path) -> None:
    found = load(tmp_path / "qa1_a.txt", [*STORY, *STORY[1:], *STORY])
    assert skips(found) == [(7, GAP), (9, LATER), (11, LATER)]
    assert problems(found) == [name for name in WHOLE if not name.startswith("1/")]


def test_a_byte_order_mark_is_no_part_of_the_story(tmp_path: Path) -> None:
    found = load(tmp_path / "qa1_a.txt", b"\xef\xbb\xbf" + "\r\n".join(STORY).encode())
    assert (problems(found), skips(found)) == (["0/2", "0/4", "0/6"], [])


@given(st.integers(0, 17), st.binary(max_size=40))
@settings(max_examples=200, deadline=None)
def test_whatever_stands_on_a_line_other_stories_stay_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, at: int, put: bytes
) -> None:
    put = put.replace(b"\n", b"").replace(b"\r", b"")
    line_id = put.partition(b" ")[0]
    if line_id.isdigit() and (at % 6 == 0 or int(line_id) in (0, 1, 2)):
        put = b"x" + put  # such an id could begin another story, or go on with the one before
    file = tmp_path_factory.getbasetemp() / "qa1_line.txt"
    lines = [line.encode() for line in STORY * 3]
    whole = [p for p in load(file, b"\n".join(lines)) if isinstance(p, Problem)]
    found = load(file, b"\n".join([*lines[:at], put, *lines[at + 1 :]]))
    others = [p for p in whole if p.group != f"qa1_line/{at // 6}"]
    assert [p for p in found if isinstance(p, Problem) and p.group != f"qa1_line/{at // 6}"] == others
    # Each question of the story is a problem, or is said to be none.
    told = {int(p.source.rpartition(":")[2]) for p in found if isinstance(p, Problem)}
    asked = {line for line in range(1, 19) if line % 2 == 0 and line != at + 1}
    assert asked <= told | {line for line, _ in skips(found)}


@pytest.mark.parametrize(
    ("number", "line", "said"),
    [
        (4, "4 Where is Ben? \tcellar\t9", "supporting id 9, expected one of 1, 3"),
        (4, "4 Where is Ben?", "no tab"),
        (3, "5 Ben moved to the cellar.", "the line id is 5, expected 3"),
    ],
)
def test_strictly_read_the_first_fault_is_the_end(tmp_path: Path, number: int, line: str, said: str) -> None:
    load(tmp_path / "qa1_a.txt", changed(number, line))
    strict = load_strict(TASK, [str(tmp_path / "qa1_a.txt")])
    assert [p.id for p in islice(strict, 3)] == ["qa1_a/0/2", "qa1_a/0/4", "qa1_a/0/6"]
    with pytest.raises(UserError, match=said) as caught:
        list(strict)
    assert caught.value.where == f"{tmp_path / 'qa1_a.txt'}:{6 + number}"


def test_a_file_is_read_a_line_at_a_time_however_long_the_line(tmp_path: Path) -> None:
    file = tmp_path / "qa1_a.txt"
    file.write_bytes("".join(f"{line}\n" for line in STORY).encode() + b"1 " + b"a" * 30_000_000 + b"\n1 B.\n")
    tracemalloc.start()
    found = list(TASK.load(str(file)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert skips(found) == [(7, "line too long"), (8, "story without a question")]
    assert peak < 3_000_000


def test_a_story_that_asks_nothing_is_told(tmp_path: Path) -> None:
    found = load(tmp_path / "qa1_a.txt", ["1 Ada went to the attic.", *STORY, "1 Ben moved to the cellar."])
    assert problems(found) == ["1/2", "1/4", "1/6"]
    assert skips(found) == [(1, "story without a question"), (8, "story without a question")]
