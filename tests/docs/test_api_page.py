"""The page of the API is what the docstrings say today, and its examples run."""

import importlib.util
from doctest import DocTestFinder, DocTestRunner
from pathlib import Path
from types import ModuleType

import pytest

import tracekd

DOCS = Path(__file__).parents[2] / "docs"
VERBS = [name for name in tracekd.__all__ if name[0].islower()]


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_api", DOCS / "make_api.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(maker: ModuleType) -> None:
    assert (DOCS / "api.md").read_text(encoding="utf-8") == maker.page(), "run: python docs/make_api.py"


def test_every_public_name_is_on_it(maker: ModuleType) -> None:
    assert {*maker.VERBS, *maker.NOUNS, "__version__"} == set(tracekd.__all__)
    assert set(maker.VERBS) == set(VERBS)


def test_every_link_to_a_section_leads_to_one(maker: ModuleType) -> None:
    headings = [line[4:].lower() for line in maker.page().splitlines() if line.startswith("### ")]
    for place, name in enumerate((*maker.VERBS, *maker.NOUNS)):
        earlier = headings[:place].count(name.lower())
        assert f"(#{name.lower()}{f'-{earlier}' if earlier else ''})" in maker.page()


@pytest.mark.parametrize("name", [*(verb for verb in VERBS if verb != "run_study"), "Checker"])
def test_the_example_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_the_example(name)


def test_the_example_of_a_study_runs(ready_python: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cells are made by a process that has everything imported."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.executable", ready_python)
    run_the_example("run_study")


def run_the_example(name: str) -> None:
    (example,) = DocTestFinder(recurse=False).find(getattr(tracekd, name), name, globs={})
    said: list[str] = []
    result = DocTestRunner().run(example, out=said.append)
    assert result.attempted and not result.failed, "".join(said)
