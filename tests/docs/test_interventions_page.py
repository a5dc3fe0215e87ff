"""The page that shows one problem under every condition is what the code makes today."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tracekd.interventions import condition_names

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_interventions", DOCS / "make_interventions.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(maker: ModuleType) -> None:
    page = (DOCS / "interventions.md").read_text(encoding="utf-8")
    assert page == maker.page(), "run: python docs/make_interventions.py"


def test_every_condition_is_on_it(maker: ModuleType) -> None:
    page = maker.page()
    assert all(f"| `{name}" in page for name in condition_names())
