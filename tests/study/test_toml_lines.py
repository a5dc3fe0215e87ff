"""The line of a key in a TOML file."""

import time
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.study.toml_lines import line_of

TEXT = """\
# A comment with name = "x"
name = "first"
"quoted" = 1
sizes.test = 40

[[tasks]]
task = "babi"  # a comment
families = [
  "one",
  "two",
]

[[students]]
name = "a"
steps = 1

  [[ students ]]  # indented
  name = "b"
  steps=2

[other]
steps = 3
inline = { deep = 1 }

[[students]]
[students.lora]
r = 8
[ "students" . lora.'deep' ]  # deeper
x = 1

[[students]]

[students.lora]
r = 9
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (["name"], 2),
        (["quoted"], 3),
        (["sizes", "test"], 4),
        (["tasks"], 6),
        (["tasks", 0], 6),
        (["tasks", 0, "task"], 7),
        (["tasks", 0, "families"], 8),
        (["tasks", 0, "families", 1], 8),  # the key around it
        (["tasks", 0, "missing"], 6),  # the table around it
        (["students", 0], 13),
        (["students", 0, "steps"], 15),
        (["students", 1], 17),
        (["students", 1, "name"], 18),
        (["students", 1, "steps"], 19),
        (["other", "steps"], 22),
        (["other", "inline", "deep"], 23),
        (["students", 2], 25),
        (["students", 2, "lora"], 26),
        (["students", 2, "lora", "r"], 27),
        (["students", 2, "lora", "missing"], 26),
        (["students", 2, "lora", "deep", "x"], 29),
        (["students", 3, "lora", "r"], 34),
        (["students", 3, "name"], 31),
        (["nowhere"], 1),
        ([], 1),
    ],
)
def test_the_line_of_a_key(keys: list[str | int], line: int) -> None:
    assert line_of(TEXT, keys) == line


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_do_not_matter(ending: str) -> None:
    assert line_of(TEXT.replace("\n", ending), ["students", 1, "steps"]) == 19


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_what_ends_no_line_in_toml_is_not_counted(separator: str) -> None:
    text = f"# one{separator}two\nname = 1\n"
    assert tomllib.loads(text) == {"name": 1}
    assert line_of(text, ["name"]) == 2


@given(st.text(st.sampled_from("[]ab=.\"' #\n")), st.lists(st.sampled_from(["a", "b", 0, 1]), max_size=3))
def test_any_text_has_a_line(text: str, keys: list[str | int]) -> None:
    assert 1 <= line_of(text, keys) <= text.count("\n") + 1


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4), min_size=1, max_size=4), st.data())
@settings(max_examples=60)
def test_every_key_of_a_written_file_is_found(tables: list[list[str]], data: st.DataObject) -> None:
    lines: list[str] = []
    places: dict[tuple[str | int, ...], int] = {}
    for index, keys in enumerate(tables):
        lines += [""] * data.draw(st.integers(0, 2)) + ["[[students]]"]
        places["students", index] = len(lines)
        for key in keys:
            lines.append(f"{key} = 1")
            places["students", index, key] = len(lines)
    text = "\n".join(lines)
    assert [list(table) for table in tomllib.loads(text)["students"]] == tables
    for path, line in places.items():
        assert line_of(text, path) == line


@pytest.mark.parametrize("piece", ["[a", "a.", " ", "[[ ", "'", '"a" '])
def test_repetition_takes_no_long_time(piece: str) -> None:
    assert line_of(piece * 3000 + "!", ["a"]) == 1


@pytest.mark.parametrize("text", ['a = "\n[{blanks}"', "[{blanks}\n[[a{blanks}", "[a{blanks}] {blanks}!", "a{blanks}!"])
def test_a_hundred_thousand_blanks_take_no_long_time(text: str) -> None:
    begun = time.process_time()
    assert line_of(text.format(blanks=" " * 100_000), ["b", "c"]) == 1
    assert time.process_time() - begun < 1
