"""How fast a student learns, when its state is kept, and when its time is up."""

import math
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.students.student import Student

from .conftest import no_watch

if TYPE_CHECKING:
    from tracekd.students.clock import Clock, Step

pytestmark = pytest.mark.xdist_group("torch")
SCHEDULES = ("linear", "cosine", "constant")


def clock(steps: int = 100, save_every: float = 9e9, watch: Any = no_watch, **given: Any) -> "Clock":
    from tracekd.students.clock import Clock

    made = Clock(Student(name="s", steps=steps, **given), steps, watch, save_every)
    made.loss = 1.0
    return made


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in seconds, which the test moves on."""
    from tracekd.students import clock as module

    time = [50.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: time[0])
    return time


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("linear", {0: 1.0, 25: 0.75, 50: 0.5, 75: 0.25, 99: 0.01}),
        ("cosine", {0: 1.0, 25: 0.5 + math.sqrt(0.125), 50: 0.5, 75: 0.5 - math.sqrt(0.125), 99: 0.00024672}),
        ("constant", {0: 1.0, 50: 1.0, 99: 1.0}),
    ],
)
def test_the_rate_follows_its_schedule(schedule: str, expected: dict[int, float]) -> None:
    timed = clock(schedule=schedule, warmup=0)
    assert {step: timed.rate(step) for step in expected} == pytest.approx(expected, abs=1e-8)


def test_the_rate_warms_up_over_a_share_of_the_steps() -> None:
    timed = clock(schedule="constant", warmup=0.1)
    assert [timed.rate(step) for step in range(12)] == pytest.approx([*(n / 11 for n in range(1, 11)), 1, 1])
    peak = clock(schedule="cosine", warmup=0.1)
    assert max(range(100), key=peak.rate) in (9, 10)


@given(st.sampled_from(SCHEDULES), st.floats(0, 0.99), st.integers(1, 500), st.data())
def test_the_rate_is_a_share_and_never_0_at_the_first_step(
    schedule: str, warmup: float, steps: int, data: st.DataObject
) -> None:
    timed = clock(steps, schedule=schedule, warmup=warmup)
    assert 0 < timed.rate(0) <= 1
    assert 0 <= timed.rate(data.draw(st.integers(0, steps))) <= 1


@pytest.mark.parametrize("schedule", ["linear", "cosine"])
def test_the_rate_falls_with_the_seconds_where_they_end_first(schedule: str, now: list[float]) -> None:
    timed = clock(schedule=schedule, warmup=0, seconds=10.0)
    now[0] += 5
    assert timed.rate(10) == pytest.approx(0.5)
    assert timed.rate(80) == clock(schedule=schedule, warmup=0).rate(80), "here the steps end first"
    now[0] += 50
    assert timed.rate(10) == pytest.approx(0)


def control() -> Any:
    return SimpleNamespace(should_save=False, should_training_stop=False)


def test_a_step_is_told_and_its_state_kept_when_it_is_time(now: list[float], tmp_path: Path) -> None:
    told: list[Step] = []
    timed = clock(10, save_every=3.0, watch=told.append)
    asked = []
    for step in range(1, 11):
        now[0] += 1.0
        wanted = control()
        timed.on_step_end(None, SimpleNamespace(global_step=step), wanted, model="the model")
        asked.append(wanted.should_save)
        assert not wanted.should_training_stop
        if wanted.should_save:
            state = SimpleNamespace(global_step=step, is_world_process_zero=True)
            (tmp_path / f"checkpoint-{step}").mkdir()
            timed.on_save(SimpleNamespace(output_dir=str(tmp_path)), state, wanted)
    # Not after the last one: then the student itself is written.
    assert [step for step, wants in enumerate(asked, start=1) if wants] == [3, 6, 9]
    assert [(s.number, s.of, s.loss, s.model) for s in told] == [(n, 10, 1.0, "the model") for n in range(1, 11)]


def test_seconds_before_an_interruption_count(now: list[float], tmp_path: Path) -> None:
    from tracekd.students.clock import complete_checkpoints

    first = clock()
    (tmp_path / "checkpoint-4").mkdir()
    now[0] += 7.5
    first.on_save(
        SimpleNamespace(output_dir=str(tmp_path)), SimpleNamespace(global_step=4, is_world_process_zero=True), control()
    )
    now[0] += 1000
    second = clock(seconds=10.0)
    (found,) = complete_checkpoints(tmp_path)
    second.go_on_from(found)
    now[0] += 2
    assert second.spent == 9.5
    wanted = control()
    second.on_step_end(None, SimpleNamespace(global_step=5), wanted)
    assert not wanted.should_training_stop and not second.out_of_time
    now[0] += 0.5
    second.on_step_end(None, SimpleNamespace(global_step=6), wanted)
    assert wanted.should_training_stop and second.out_of_time


@pytest.mark.parametrize("loss", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_no_number_ends_it_before_it_is_told(loss: float) -> None:
    timed = clock(watch=lambda step: pytest.fail("told"))
    timed.loss = loss
    with pytest.raises(UserError, match="no longer a number at step 7") as caught:
        timed.on_step_end(None, SimpleNamespace(global_step=7), control())
    assert caught.value.where == "student s"


def test_only_one_process_writes_the_seconds(tmp_path: Path) -> None:
    timed = clock()
    state = SimpleNamespace(global_step=1, is_world_process_zero=False)
    timed.on_save(SimpleNamespace(output_dir=str(tmp_path)), state, control())
    assert not list(tmp_path.iterdir())


def test_the_last_state_is_the_one_of_the_highest_step_that_is_whole(tmp_path: Path) -> None:
    from tracekd.students.clock import complete_checkpoints, keep_only

    assert complete_checkpoints(tmp_path / "nowhere") == complete_checkpoints(tmp_path) == []
    for step, is_whole in ((9, True), (100, True), (20, True), (101, False)):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        if is_whole:
            (folder / "seconds.json").write_text("1.5")
    (tmp_path / "other").mkdir()
    found = complete_checkpoints(tmp_path)
    in_order = [tmp_path / f"checkpoint-{step}" for step in (100, 20, 9)]
    assert found == in_order, "not by the alphabet, and not the half-written one"
    keep_only(found[:2], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-100", "checkpoint-20", "other"]
    keep_only([], tmp_path)
    assert complete_checkpoints(tmp_path) == []
