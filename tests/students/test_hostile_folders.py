"""Hostile folders in the place of a student: one message each, soon, in little memory, and no file outside is opened.

`python -m pytest tests/students/test_hostile_folders.py --durations=10` shows which take longest.
"""

import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracekd.errors import UserError

from .conftest import LLAMA_CHAT, chatting, tiny_model
from .hostile_folders import FOLDERS, HARMLESS

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

pytestmark = pytest.mark.xdist_group("torch")

SECONDS, MEGABYTES = 20, 1000
_opened: list[str] | None = None  # what was opened since a test began to listen


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if _opened is not None and event == "open" and isinstance(arguments[0], str | bytes):
        _opened.append(os.fsdecode(arguments[0]))


sys.addaudithook(_listen)  # it stays until the process ends


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The files that Python opens meanwhile. (The reader of safetensors opens them itself.)"""
    global _opened
    _opened = []
    yield _opened
    _opened = None


@pytest.fixture(scope="session")
def good(tokenizer: "PreTrainedTokenizerBase", tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tracekd.students.checkpoint import save

    folder = tmp_path_factory.mktemp("good") / "student"
    chat = chatting(tokenizer, LLAMA_CHAT)
    save(tiny_model("llama", chat), chat, folder)
    return folder


def use(folder: Path) -> None:
    """What `tracekd generate` does with a student's folder."""
    from tracekd.students.base import base_folder
    from tracekd.students.engines.contract import Decoding
    from tracekd.students.engines.settings import TransformersSettings
    from tracekd.students.session import load_prompting, weights_hash
    from tracekd.students.training_record import student_of

    base_folder(str(folder))
    student_of(folder)
    prompting = load_prompting(folder, None)
    ids = prompting.prompt_ids("Where is Mary?")
    weights_hash(folder)
    engine = TransformersSettings().open(folder, prompting)
    assert list(engine.generate([ids], Decoding(2)))


def place(good: Path, tmp_path: Path, name: str) -> Path:
    for copy in ("student", "outside"):
        shutil.copytree(good, tmp_path / copy)
    FOLDERS[name](tmp_path / "student")
    return tmp_path / "student"


def test_there_are_many_and_a_good_one_is_used(good: Path) -> None:
    assert len(set(FOLDERS) - HARMLESS) >= 63
    assert set(FOLDERS) >= HARMLESS
    use(good)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_hostile_folder_ends_in_one_message(
    good: Path, tmp_path: Path, name: str, opened: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    folder = place(good, tmp_path, name)
    opened.clear()
    memory, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    if name in HARMLESS:
        use(folder)
    else:
        with pytest.raises(UserError) as caught:
            use(folder)
        assert "\n" not in caught.value.problem and len(str(caught.value)) < 2000
        assert capfd.readouterr().err == "", "one message, not two"
    assert time.process_time() - begun < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024 < MEGABYTES
    assert not (tmp_path / "sprung").exists() and not Path("sprung").exists(), "code was run"
    homes = [folder.resolve(), tmp_path.resolve() / "good"]  # the second is the base of an adapter
    for path in map(Path, opened):
        if path.is_relative_to(tmp_path):
            assert path.resolve().parent in homes, path
            assert path.suffix in (".json", ".jinja", ".safetensors", ".model", ".txt"), path


def test_a_panic_of_native_code_is_a_message_and_ctrl_c_passes(tmp_path: Path) -> None:
    from tracekd.students.loading import loading

    class PanicException(BaseException):
        """As pyo3 raises it."""

    for error in (
        PanicException("called `unwrap()`"),
        SystemExit(0),
        RecursionError(),
        MemoryError(),
        ZeroDivisionError(),
    ):
        with pytest.raises(UserError, match="the model cannot be loaded: ") as caught, loading("the model", tmp_path):
            raise error
        assert caught.value.where == str(tmp_path)
    with pytest.raises(KeyboardInterrupt), loading("the model", tmp_path):
        raise KeyboardInterrupt


def test_links_inside_the_hubs_cache_are_followed(good: Path, tmp_path: Path) -> None:
    snapshot, blobs = tmp_path / "snapshots" / "c0ffee", tmp_path / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    for number, file in enumerate(good.iterdir()):
        shutil.copy(file, blobs / str(number))
        (snapshot / file.name).symlink_to(Path("../../blobs") / str(number))
    use(snapshot)
