"""Pretraining a tiny base: deterministic, resumed exactly, and documented by what it logged."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from tracekd.errors import UserError

pytestmark = pytest.mark.xdist_group("torch")


def tiny_config():
    from tracekd.pretraining.config import PretrainConfig, Stage
    from tracekd.pretraining.exercises import Mix

    detours = Mix(detour_share=1.0, turns=1, shorten_from=-1.0, shorten_until=0.0, cite_share=0.3, handling=0.8)
    stages = (Stage(8, Mix(turns=2)), Stage(8, detours))
    return replace(PretrainConfig(), stages=stages, batch=2, hidden_size=16, layers=1, heads=2, vocabulary=400)


EVERY = {"evaluate_every": 8, "evaluate_on": 10, "report_every": 1}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base that an uninterrupted pretraining makes."""
    from tracekd.pretraining.train import pretrain

    folder = tmp_path_factory.mktemp("base") / "whole"
    pretrain(tiny_config(), folder, **EVERY)
    return folder


class Interrupted(Exception):
    pass


def stop_at(step: int):
    def report(at: int, loss: float) -> None:
        if at >= step:
            raise Interrupted

    return report


def test_an_interrupted_pretraining_ends_with_the_same_weights(whole: Path, tmp_path: Path) -> None:
    from tracekd.pretraining.train import pretrain

    config = tiny_config()
    with pytest.raises(Interrupted):
        pretrain(config, tmp_path / "resumed", **{**EVERY, "evaluate_every": 6}, report=stop_at(14))
    assert not (tmp_path / "resumed" / "model.safetensors").exists()
    pretrain(config, tmp_path / "resumed", **EVERY)
    once, resumed = ((folder / "model.safetensors").read_bytes() for folder in (whole, tmp_path / "resumed"))
    assert once == resumed


def test_stages_follow_one_another_each_with_rates_that_rise_and_fall() -> None:
    config = replace(tiny_config(), warmup=2)
    assert [config.stage_at(step)[0] is config.stages[0] for step in (0, 7, 8, 15)] == [True, True, False, False]
    assert config.steps == 16
    rates = [config.rate(step) for step in range(16)]
    assert rates[:8] == rates[8:]
    assert rates[0] < max(rates) == 1.0
    assert rates[7] < rates[6] < rates[5]


def test_a_stage_needs_nothing_but_the_weights_before_it(whole: Path, tmp_path: Path) -> None:
    from tracekd.pretraining.train import pretrain

    config = tiny_config()
    pretrain(replace(config, stages=config.stages[:1]), tmp_path / "base", **EVERY)
    pretrain(config, tmp_path / "longer", base=tmp_path / "base", **EVERY)
    for name in ("model.safetensors", "tokenizer.json", "pretrain.json"):
        assert (tmp_path / "longer" / name).read_bytes() == (whole / name).read_bytes()
    steps = [json.loads(line)["step"] for line in (tmp_path / "longer" / "log.jsonl").read_text().splitlines()]
    assert steps == [8, 16]


def test_the_configuration_of_a_base_is_read_back(tmp_path: Path) -> None:
    from tracekd.pretraining.config import read_config

    (tmp_path / "pretrain.json").write_text(json.dumps(asdict(tiny_config())))
    assert read_config(tmp_path) == tiny_config()


def test_the_embedded_base_has_all_stages_behind_it() -> None:
    from tracekd.pretraining.config import PretrainConfig, read_config
    from tracekd.students.base import base_folder

    assert read_config(base_folder("embedded")) == PretrainConfig()


@pytest.mark.parametrize("written", [None, "", "{", "[]", '{"seed": "many"}', '{"a_key_of_another_version": 1}'])
def test_a_base_that_does_not_say_how_it_was_made_is_refused(tmp_path: Path, written: str | None) -> None:
    from tracekd.pretraining.config import read_config

    if written is not None:
        (tmp_path / "pretrain.json").write_text(written)
    with pytest.raises(UserError, match="how the base was pretrained"):
        read_config(tmp_path)


def test_one_goes_on_from_the_first_stages_of_the_same_configuration_alone() -> None:
    from tracekd.pretraining.config import steps_done

    config = tiny_config()
    assert steps_done(replace(config, stages=config.stages[:1]), config) == 8
    for other in (config, replace(config, stages=config.stages[1:]), replace(config, stages=config.stages[:1], seed=1)):
        with pytest.raises(UserError, match="cannot continue from this base"):
            steps_done(other, config)


def test_the_card_adds_up_the_seconds_of_interrupted_runs() -> None:
    from tracekd.pretraining.card import model_card

    scores = {"answer": {"conjunction": 0.5}, "quote": {"conjunction": 0.25}, "cite": {"conjunction": 0.125}}
    log = [
        {"step": step, "seconds": seconds, "stories": 8, **scores}
        for step, seconds in ((1, 60.0), (2, 120.0), (3, 30.0), (4, 60.0))
    ]
    card = model_card(tiny_config(), 1234, log)
    assert "| time | 3 minutes |" in card
    assert "| conjunction | 0.500 | 0.250 | 0.125 |" in card
    assert "8 held-out stories" in card
    assert "1,234" in card
