"""A regime from another package comes in through the same door as the built-in ones; a broken one stops no other."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tracekd.errors import UserError
from tracekd.regimes import GROUP, Regime, Setting, all_regimes, draw_trace, get_regime, regime_names
from tracekd.registry import Registry
from tracekd.tasks import get_task
from tracekd.trace import Trace

BUILT_IN = {
    "answer_only", "correct", "class_only", "facts_only", "incorrect", "incorrect_class", "incorrect_facts", "partial",
    "swapped", "shuffled", "filler", "corrupted", "counterfactual", "masked_answer", "paper", "teacher",
}  # fmt: skip

# A package as its author would write it: every second fact of the story, drawn by coin.
CODE = """
from tracekd.problem import gold_trace
from tracekd.regimes import Intent, Parameter, Regime, Unsupported


def at_share(share):
    chance = float(share)

    def supervise(problem, setting, streams):
        rng = streams("thinned")
        kept = [fact.id for fact in problem.context if rng.random() < chance]
        if not kept:
            raise Unsupported("no fact was kept")
        return gold_trace(problem.label, kept)

    return supervise


THINNED = Regime.with_parameter(
    "thinned", "some facts", Parameter("share", "a share from 0 to 1", "0.5", at_share), intent=Intent("right", "any")
)
MISNAMED = Regime("another_name", "", THINNED.supervise)
NONE = "not a regime"
"""


@pytest.fixture
def package(tmp_path: Path) -> Callable[[str], Path]:
    """Writes what an installer would leave behind, with these entry points."""

    def install(points: str) -> Path:
        meta = tmp_path / "thinning-1.0.dist-info"
        meta.mkdir()
        (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: thinning\nVersion: 1.0\n")
        (meta / "entry_points.txt").write_text(f"[{GROUP}]\n{points}")
        (tmp_path / "thinning.py").write_text(CODE)
        return tmp_path

    return install


@pytest.fixture
def registry_with(package: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Registry[Regime]]:
    def find(points: str) -> Registry[Regime]:
        monkeypatch.syspath_prepend(str(package(points)))
        return Registry(GROUP, "regime", Regime)

    yield find
    sys.modules.pop("thinning", None)


def test_the_built_in_regimes_come_through_the_door_that_plug_ins_use() -> None:
    assert set(regime_names()) >= BUILT_IN
    found = {regime.name: regime for regime in all_regimes() if isinstance(regime, Regime)}
    assert set(found) == set(regime_names())
    assert all(found[name] is get_regime(name) for name in BUILT_IN)


def test_a_regime_of_another_package_is_found_bound_and_drawn(registry_with: Callable[..., Any]) -> None:
    registry = registry_with("thinned = thinning:THINNED\n")
    assert set(registry.names()) == {*regime_names(), "thinned"}
    regime = registry.get("thinned")
    task = get_task("babi")
    problem, setting = task.example(), Setting.of(task)
    traces = [draw_trace(problem, regime.bound("1"), setting, 3), draw_trace(problem, regime, setting, 3)]
    assert isinstance(traces[1], Trace) and draw_trace(problem, regime, setting, 3) == traces[1]
    assert traces[0] is not None and traces[0].facts == tuple(fact.id for fact in problem.context)
    assert regime.bound("0.9").file_name == "thinned-0.9"
    with pytest.raises(UserError, match="'x' is not a valid share of the regime 'thinned'"):
        regime.bound("x")


@pytest.mark.parametrize(
    ("point", "why"),
    [
        ("thinned = no_such_module:THINNED", "cannot be loaded .ModuleNotFoundError"),
        ("thinned = thinning:GONE", "cannot be loaded .AttributeError"),
        ("thinned = thinning:NONE", "is not a regime of this name"),
        ("thinned = thinning:MISNAMED", "is not a regime of this name"),
        ("correct = thinning:THINNED", "two packages offer a regime 'correct': thinning, tracekd"),
    ],
)
def test_a_broken_one_is_named_and_stops_no_other(registry_with: Callable[..., Any], point: str, why: str) -> None:
    registry = registry_with(point + "\n")
    with pytest.raises(UserError, match=why):
        registry.get(point.partition(" ")[0])
    found = list(registry.all())
    assert sum(isinstance(one, UserError) for one in found) == 1
    assert {one.name for one in found if isinstance(one, Regime)} >= BUILT_IN - {"correct"}


INTENTS = """
from tracekd.regimes.names import intent_of, regime_of_name
print(intent_of("thinned(0.2)"), regime_of_name("thinned"), regime_of_name("thinned_out"), regime_of_name("broken"))
"""


def test_it_declares_what_its_traces_are_meant_to_be(package: Callable[[str], Path]) -> None:
    folder = package("thinned = thinning:THINNED\nbroken = no_such_module:X\n")
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", INTENTS]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600).stdout
    assert said.startswith("Intent(label='right', facts='any'") and said.endswith("thinned None None\n")


def test_the_command_line_lists_and_shows_it(package: Callable[[str], Path], tmp_path: Path) -> None:
    folder = package("thinned = thinning:THINNED\nbroken = no_such_module:X\n")
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tracekd", *arguments]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600)

    listed = run("tasks")
    assert listed.returncode == 0 and "thinned(0.5)" in listed.stdout and "incorrect" in listed.stdout
    assert "'broken' of thinning cannot be loaded" in listed.stderr and "Traceback" not in listed.stderr
    shown = run("tasks", "babi")
    assert shown.returncode == 0 and "completion under thinned(0.5):\n<think>" in shown.stdout
