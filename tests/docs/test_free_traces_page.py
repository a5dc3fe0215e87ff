"""The tables and examples of the page about free traces are what the code makes today."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OUTPUTS = ROOT.parent / "shared/data/released_outputs/cotempqa_prompted"


@pytest.mark.skipif(not OUTPUTS.is_dir(), reason="the real data is not on this machine")
def test_the_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("make_free_traces", ROOT / "docs/make_free_traces.py")
    assert spec is not None and spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    page = (ROOT / "docs/free-traces.md").read_text(encoding="utf-8")
    assert page == maker.page(str(OUTPUTS)), "run: python docs/make_free_traces.py OUTPUTS"
