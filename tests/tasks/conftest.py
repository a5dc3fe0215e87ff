"""Files after accidents: in every format, they end in sound problems, in skips or in an error for people."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks import Task
from tracekd.tasks.loading import load
from tracekd.tasks.reading.fault import Skipped

INSERTED = [b"\n", b"\r", b"\0", b'"', b"'", b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\xff", b"\xef\xbb\xbf", b">>"]
INSERTED += [
    b"null",
    b"true",
    b"false",
    b"NaN",
    b"1e999",
    b"-1",
    b"9" * 5000,
    b"\\ud800",
    b"[" * 3000,
    b"array(",
    b"...",
    b"#9",
]

Found = list[Problem | Skipped]
LoadAfterAccidents = Callable[[st.DataObject, Task, str, bytes, Sequence[bytes]], tuple[Path, Found | None]]


@st.composite
def mutilated(draw: st.DrawFn, whole: bytes, names: Sequence[bytes]) -> bytes:
    """A valid file after a few accidents. `names` are keys and values in it that may take each other's place."""
    data = whole
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        accident = draw(st.sampled_from(["cut", "drop", "replace", "insert", "swap", "number", "rename", "repeat"]))
        if accident == "cut":
            data = data[:at]
        elif accident == "drop":
            data = data[:at] + data[at + draw(st.integers(1, 30)) :]
        elif accident == "replace":
            data = data[:at] + draw(st.binary(min_size=1, max_size=1)) + data[at + 1 :]
        elif accident == "insert":
            data = data[:at] + draw(st.sampled_from(INSERTED)) + data[at:]
        elif accident == "swap":
            lines = data.splitlines(keepends=True)
            data = b"".join(draw(st.permutations(lines)) if len(lines) < 50 else lines[::-1])
        elif accident == "number":
            number = str(draw(st.integers(-9, 10**20))).encode()
            data = data[:at] + re.sub(rb"\b\d+\b", number, data[at:], count=draw(st.integers(1, 20)))
        elif accident == "rename":
            old, new = draw(st.sampled_from(names)), draw(st.sampled_from([*names, b""]))
            data = data.replace(old, new, draw(st.integers(1, 3)))
        else:
            data += data[at:]
    return data


@pytest.fixture(scope="session")
def load_after_accidents(tmp_path_factory: pytest.TempPathFactory) -> LoadAfterAccidents:
    """Loads a file after accidents: the file, and all that is found in it, held to be sound; None where it is refused.

    It is called with the data of the test, a task, the file's name, what is in the whole file, and names that occur.
    """

    def load_it(
        data: st.DataObject, task: Task, name: str, whole: bytes, names: Sequence[bytes]
    ) -> tuple[Path, Found | None]:
        file = tmp_path_factory.getbasetemp() / f"mutilated_{task.name}_{name}"
        file.write_bytes(data.draw(mutilated(whole, names)))
        try:
            found = list(load(task, [str(file)]))
        except UserError:
            return file, None
        for one in found:
            assert_sound(task, file, one)
        return file, found

    return load_it


def assert_sound(task: Task, file: Path, one: Problem | Skipped) -> None:
    """A skip says why and where; a problem is whole, can be written and can be checked."""
    if isinstance(one, Skipped):
        assert one.reason and file.name in one.where
        return
    known = {fact.id for fact in one.context}
    assert one.label in task.labels and one.answer.values
    assert set(one.trace.facts) <= known and all(set(hop.facts) <= known for hop in one.hops)
    one.model_dump_json().encode()
    assert task.check is not None and task.check(one).id == one.id
