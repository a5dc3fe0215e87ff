"""The tables and examples of the page about free traces are what the code makes today."""

import importlib.util
import re
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


def test_the_example_of_the_page_about_logic_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/free-traces-logic.md").read_text(encoding="utf-8")
    example, printed = re.search(r"```python\n(.*?)```", page, re.S), re.search(r"```text\n(.*?)```", page, re.S)
    assert example is not None and printed is not None
    exec(example[1], {})  # our own page
    assert capsys.readouterr().out == printed[1]
