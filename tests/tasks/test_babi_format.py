"""The official bAbI text format: what is written is read back, and whatever is broken is named by file and line."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.story_format import FactLine, QuestionLine, Story, read_stories, write_story
from tracekd.tasks.loading import load_strict
from tracekd.tasks.reading.fault import Skipped

_CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\t\n\r")
TEXTS = st.text(_CHARACTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
FACTS = TEXTS.filter(lambda text: not text.endswith("?"))


@st.composite
def story_lists(draw: st.DrawFn) -> list[Story]:
    """Valid stories, their questions numbered by their lines in one file."""
    made: list[Story] = []
    number = 0
    for _ in range(draw(st.integers(0, 4))):
        story: Story = []
        for ident in range(1, draw(st.integers(1, 7)) + 1):
            number += 1
            facts = [line.id for line in story if isinstance(line, FactLine)]
            if facts and draw(st.booleans()):
                support = tuple(draw(st.lists(st.sampled_from(facts), min_size=1, max_size=3, unique=True)))
                story.append(QuestionLine(ident, draw(TEXTS), draw(TEXTS), support, number))
            else:
                story.append(FactLine(ident, draw(FACTS)))
        made.append(story)
    return made


def written(stories: list[Story]) -> str:
    return "".join(line for story in stories for line in write_story(story))


def read(text: str) -> list[Story]:
    return list(read_stories(text.splitlines(keepends=True), "f"))


@given(story_lists(), st.sampled_from(["", " "]))
def test_what_is_written_is_read_back(stories: list[Story], blank: str) -> None:
    lines = [line for story in stories for line in write_story(story, blank)]
    assert list(read_stories(lines, "f")) == stories
    assert sum(f"{blank}\t" in line for line in lines) == sum("\t" in line for line in lines)


@given(story_lists(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", " ", "  "]))
@settings(max_examples=60, deadline=None)
def test_a_file_is_read_back_whatever_its_line_ends(
    tmp_path_factory: pytest.TempPathFactory, stories: list[Story], end: str, blanks: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "qa1_written.txt"
    file.write_bytes(written(stories).replace("\n", blanks + end).encode())
    questions = [line for story in stories for line in story if isinstance(line, QuestionLine)]
    found = list(TASK.load(str(file)))
    problems = [p for p in found if isinstance(p, Problem)]
    assert {s.reason for s in found if isinstance(s, Skipped)} <= {"story without a question"}
    assert [p.question for p in problems] == [q.text for q in questions]
    assert [p.answer.values for p in problems] == [(q.answer,) for q in questions]
    assert [p.trace.facts for p in problems] == [tuple(map(str, q.support)) for q in questions]
    assert [p.source for p in problems] == [f"qa1_written.txt:{q.line}" for q in questions]


@given(story_lists().filter(bool))
def test_the_last_line_needs_no_line_end(stories: list[Story]) -> None:
    lines = [line for story in stories for line in write_story(story)]
    lines[-1] = lines[-1].removesuffix("\n")
    assert list(read_stories(lines, "f")) == stories


def test_an_empty_file_has_no_stories() -> None:
    assert read("") == []


def test_a_blank_before_the_tab_is_no_part_of_the_question() -> None:
    story = read("1 Mary moved to the bathroom.\n2 Where is Mary? \tbathroom\t1\n")[0]
    assert story[1] == QuestionLine(2, "Where is Mary?", "bathroom", (1,), 2)


def test_the_order_of_the_support_is_kept() -> None:
    story = read("1 A.\n2 B.\n3 Which?\tb\t2 1\n")[0]
    assert isinstance(story[2], QuestionLine)
    assert story[2].support == (2, 1)


def test_an_id_of_1_begins_a_new_story_with_its_own_facts() -> None:
    first, second = read("1 A.\n2 Which?\ta\t1\n1 B.\n2 C.\n3 Which?\tc\t2\n")
    assert (len(first), len(second)) == (2, 3)


FAULTS = [
    ("1 A.\n2 Where is Mary? bathroom 1\n3 B.\n", None),  # no tab, nor the sign of a question: a fact
    ("1 A.\n2 Where is Mary?\n", 2),
    ("1 A.\n2 Which?\ta\n", 2),
    ("1 A.\n2 Which?\ta\t1\tmore\n", 2),
    ("1 A.\n2 \ta\t1\n", 2),
    ("1 A.\n2 Which?\t\t1\n", 2),
    ("1 A.\n2 Which?\t \t1\n", 2),
    ("1 A.\n2 Which?\ta\t\n", 2),
    ("1 A.\n2 Which?\ta\tone\n", 2),
    ("1 A.\n2 Which?\ta\t1.0\n", 2),
    ("1 A.\n2 Which?\ta\t-1\n", 2),
    ("1 A.\n2 Which?\ta\t²\n", 2),
    ("1 A.\n2 Which?\ta\t1,1\n", 2),
    ("1 A.\n2 Which?\ta\t0\n", 2),
    ("1 A.\n2 Which?\ta\t3\n3 B.\n", 2),  # forward
    ("1 A.\n2 Which?\ta\t2\n", 2),  # itself
    ("1 A.\n2 Which?\ta\t1\n3 Which?\ta\t2\n", 3),  # a question
    ("1 A.\n2 B.\n1 C.\n2 Which?\ta\t2\n", 4),  # of the story before
    ("1 Which?\ta\t1\n", 1),
    ("1 A.\n2 Which?\ta\t" + "9" * 5000 + "\n", 2),
    ("9" * 5000 + " A.\n", 1),
    ("1 A.\n1000000000 B.\n", 2),
    ("1 A.\n3 B.\n", 2),
    ("1 A.\n2 B.\n2 C.\n", 3),
    ("2 A.\n", 1),
    ("0 A.\n", 1),
    ("-1 A.\n", 1),
    ("１ A.\n", 1),  # a digit, but no ASCII one
    ("A.\n", 1),
    ("1\n", 1),
    ("1 \n", 1),
    ("1\tA.\n", 1),
    ("1 A.\n\n2 B.\n", 2),
    ("1 A.\n2 B.\n\n", 3),
    ("\ufeff1 A.\n", 1),
]


@pytest.mark.parametrize(("text", "line"), FAULTS)
def test_a_faulty_line_is_named(text: str, line: int | None) -> None:
    if line is None:
        assert read(text)
        return
    with pytest.raises(UserError) as caught:
        read(text)
    assert caught.value.where == f"f:{line}"
    assert caught.value.next_step
    assert len(str(caught.value)) < 600


def test_the_ids_that_would_do_are_named() -> None:
    with pytest.raises(UserError, match="one of 1, 2"):
        read("1 A.\n2 B.\n3 Which?\ta\t4\n")


def test_what_comes_before_the_fault_has_been_read() -> None:
    stories = read_stories(["1 A.\n", "1 B.\n", "5 C.\n"], "f")
    assert next(stories) == [FactLine(1, "A.")]
    with pytest.raises(UserError):
        next(stories)


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """A valid file after a few accidents."""
    data = bytearray(written(draw(story_lists())).encode())
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        accident = draw(
            st.sampled_from(["cut", "drop", "replace", "insert", "no tab", "number", "line ends", "repeat"])
        )
        if accident == "cut":
            del data[at:]
        elif accident == "drop":
            del data[at : at + draw(st.integers(1, 4))]
        elif accident == "replace":
            data[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
        elif accident == "insert":
            data[at:at] = draw(st.sampled_from([b"\t", b"\n", b"\r", b"\0", b" ", b"\xff", b"\xef\xbb\xbf", b"9" * 20]))
        elif accident == "no tab":
            data = bytearray(bytes(data).replace(b"\t", b"", draw(st.integers(1, 3))))
        elif accident == "number":
            numbers = list(re.finditer(rb"\d+", bytes(data)))
            if numbers:
                number = draw(st.sampled_from(numbers))
                data[number.start() : number.end()] = str(draw(st.integers(-9, 10**12))).encode()
        elif accident == "line ends":
            data = bytearray(bytes(data).replace(b"\n", draw(st.sampled_from([b"\r\n", b"\r", b" \n", b"\n\n"]))))
        else:
            data += data[at:]
    return bytes(data)


def load_bytes(file: Path, data: bytes) -> Iterator[Problem]:
    file.write_bytes(data)
    return load_strict(TASK, [str(file)])


@given(mutilated(), st.integers(1, 20))
@settings(max_examples=150, deadline=None)
def test_a_mutilated_file_is_read_or_refused_with_file_and_line(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, family: int
) -> None:
    file = tmp_path_factory.getbasetemp() / f"qa{family}_mutilated.txt"
    problems: list[Problem] = []
    refused_at: str | None = f"{file}:1"
    try:
        problems = list(load_bytes(file, data))
    except UserError as error:
        refused_at = error.where
    assert re.fullmatch(re.escape(str(file)) + r":\d+", refused_at or "")
    assert all(set(p.trace.facts) <= {fact.id for fact in p.context} for p in problems)


@pytest.mark.parametrize("line", [1, 3])
def test_bytes_that_are_no_text_are_named_by_their_line(tmp_path: Path, line: int) -> None:
    lines = [b"1 A.\n", b"2 Which?\ta\t1\n", b"3 B.\n"]
    lines[line - 1] = lines[line - 1].replace(b" ", b" \xff")
    with pytest.raises(UserError, match="UTF-8") as caught:
        list(load_bytes(tmp_path / "qa1_x.txt", b"".join(lines)))
    assert caught.value.where == f"{tmp_path / 'qa1_x.txt'}:{line}"
