"""Pretraining a tiny base: deterministic, resumed exactly, and documented by what it logged."""

from dataclasses import replace
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("torch")


def tiny_config():
    from tracekd.students.exercises import Mix
    from tracekd.students.pretrain import PretrainConfig, Stage

    detours = Mix(detour_share=1.0, turns=1, shorten_from=-1.0, shorten_until=0.0)
    stages = (Stage(8, Mix(turns=2)), Stage(8, detours))
    return replace(PretrainConfig(), stages=stages, batch=2, hidden_size=16, layers=1, heads=2, vocabulary=400)


EVERY = {"evaluate_every": 8, "evaluate_on": 10, "report_every": 1}


class Interrupted(Exception):
    pass


def stop_at(step: int):
    def report(at: int, loss: float) -> None:
        if at >= step:
            raise Interrupted

    return report


def test_an_interrupted_pretraining_ends_with_the_same_weights(tmp_path: Path) -> None:
    from tracekd.students.pretrain import pretrain

    config = tiny_config()
    pretrain(config, tmp_path / "whole", **EVERY)
    with pytest.raises(Interrupted):
        pretrain(config, tmp_path / "resumed", **EVERY, report=stop_at(10))
    assert not (tmp_path / "resumed" / "model.safetensors").exists()
    pretrain(config, tmp_path / "resumed", **EVERY)
    whole, resumed = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("whole", "resumed"))
    assert whole == resumed


def test_stages_follow_one_another_each_with_rates_that_rise_and_fall() -> None:
    from tracekd.students.pretrain import _rate

    config = replace(tiny_config(), warmup=2)
    assert [config.stage_at(step)[0] is config.stages[0] for step in (0, 7, 8, 15)] == [True, True, False, False]
    assert config.steps == 16
    rates = [_rate(config, step) for step in range(16)]
    assert rates[:8] == rates[8:]
    assert rates[0] < max(rates) == 1.0
    assert rates[7] < rates[6] < rates[5]


def test_the_card_adds_up_the_seconds_of_interrupted_runs() -> None:
    from tracekd.students.card import model_card

    scores = {"answer": {"conjunction": 0.5}, "quote": {"conjunction": 0.25}}
    log = [
        {"step": step, "seconds": seconds, **scores} for step, seconds in ((1, 60.0), (2, 120.0), (3, 30.0), (4, 60.0))
    ]
    card = model_card(tiny_config(), 1234, log)
    assert "| time | 3 minutes |" in card
    assert "| conjunction | 0.500 | 0.250 |" in card
    assert "1,234" in card
