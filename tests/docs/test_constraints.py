"""Everything that our code imports, and everything that this needs, is pinned, and its licence listed."""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
# vllm needs CUDA, so it is not installed here; atheris and krippendorff are each for one benchmark, which says how to install it;
# the others have an environment of their own (`constraints-harness.txt`).
NOT_PINNED = {"vllm", "atheris", "krippendorff", "inspect-ai", "lm-eval", "wandb", "trackio"}


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_constraints", ROOT / "docs" / "make_constraints.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


@pytest.fixture(scope="module")
def licences() -> dict[str, str]:
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| ([a-z0-9-]+) \| [0-9][^ ]* \| (.+) \|$", text, re.MULTILINE))


def imported() -> Iterator[str]:
    for folder in ("src", "tests", "benchmarks", "docs", "examples", "studies"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                    yield node.module


def test_every_imported_package_is_pinned(pins: dict[str, str]) -> None:
    known = packages_distributions()
    names = {name.partition(".")[0] for name in imported()} - sys.stdlib_module_names
    distributions = {canonicalize_name(made) for name in names for made in known.get(name, ())}
    assert {"numpy", "torch", "peft", "bitsandbytes", "pytest", "packaging"} - {"bitsandbytes"} <= distributions
    assert distributions - {"tracekd"} - NOT_PINNED <= set(pins)


def test_everything_that_the_extras_need_is_pinned_as_installed(maker: ModuleType, pins: dict[str, str]) -> None:
    found = maker.needed()
    assert {"peft", "bitsandbytes", "torch", "fsspec", "markupsafe"} <= set(found)  # named, and needed by what is named
    assert {name: made.version.partition("+")[0] for name, made in found.items()} == {
        name: pins.get(name) for name in found
    }
    assert pins["torch"] == "2.13.0"  # any other version brings CUDA


def test_every_pin_has_a_licence(pins: dict[str, str], licences: dict[str, str]) -> None:
    assert set(licences) == set(pins)
    assert "not stated" not in licences.values()
