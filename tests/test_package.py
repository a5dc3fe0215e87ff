"""`import tracekd`: light, and every public name is there when it is asked for."""

import ast
import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules

import pytest

import tracekd

# CPU seconds; the smallest of three runs, as other work shares the machine.
MOST_SECONDS = 0.15
TIMED = "import time; begin = time.process_time(); import tracekd; print(time.process_time() - begin)"
LIGHT = """
import sys
before = set(sys.modules)
import tracekd
dir(tracekd), tracekd.__all__, tracekd.__version__
print(sorted({name.partition(".")[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))
"""


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120).stdout


def test_importing_the_package_is_quick() -> None:
    assert min(float(run(TIMED)) for _ in range(3)) < MOST_SECONDS


def test_importing_the_package_imports_nothing_else() -> None:
    assert run(LIGHT).strip() == "['tracekd']"


@pytest.mark.parametrize("name", tracekd.__all__)
def test_every_public_name_is_there_and_stays_the_same(name: str) -> None:
    assert getattr(tracekd, name) is getattr(tracekd, name)
    assert name in dir(tracekd)


def test_type_checkers_see_what_is_there() -> None:
    tree = ast.parse(Path(tracekd.__file__).read_text(encoding="utf-8"))
    seen = {
        alias.asname: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name == alias.asname
    }
    assert seen == tracekd._MODULE_OF
    assert {*seen, "__version__"} == set(tracekd.__all__)


def test_no_public_name_is_that_of_a_module_or_a_folder() -> None:
    inside = {module.name for module in iter_modules(tracekd.__path__)}
    assert "verify" in inside
    assert not inside & set(tracekd.__all__)


def test_what_is_no_public_name_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'judge_file'"):
        _ = tracekd.judge_file


@pytest.mark.parametrize("verb", ["judge", "load", "supervise", "judge_files"])
def test_the_verbs_import_nothing_heavy(verb: str) -> None:
    heavy = "torch transformers scipy statsmodels pyarrow matplotlib httpx rich".split()
    assert run(f"import sys, tracekd; tracekd.{verb}; print([m for m in {heavy} if m in sys.modules])").strip() == "[]"
