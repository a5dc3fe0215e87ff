"""The configuration of pretraining: the stages, one after the other, and the shape of the model."""

from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from tracekd.errors import UserError
from tracekd.pretraining.exercises import Mix


@dataclass(frozen=True)
class Stage:
    """Steps on one mix of exercises, with new optimizers: a stage needs only the weights of the stage before it.

    In each stage, the learning rates warm up, hold, and fall again; `rate` is a factor on them.
    """

    steps: int
    mix: Mix
    rate: float = 1.0


# Families with two look-ups or a comparison learn to answer after a detour only if quotes there are shortened, too.
DETOURS = Mix(
    weights=(1, 3, 4, 2, 4),
    turns=3,
    shorten_from=-1.0,
    shorten_until=0.0,
    detour_share=0.75,
    detour_words=16,
    detour_shorten_from=0.0,
    detour_shorten_until=0.55,
)
HARD_DETOURS = replace(DETOURS, weights=(1, 3, 5, 1, 5), detour_shorten_from=-0.3, detour_shorten_until=0.3)
# Stories as long as those of studies, with as many gets and drops, and sentences cited in many ways.
LONG_STORIES = Mix(
    weights=(1, 8, 3, 3, 1),
    short_share=0.2,
    most_facts=26,
    turns=3,
    shorten_from=-0.5,
    shorten_until=0.4,
    detour_share=0.35,
    detour_words=8,
    detour_shorten_from=-0.3,
    detour_shorten_until=0.5,
    cite_share=0.3,
    handling=0.8,
)
# Attention heads that find the last mention of a thing (ALiBi with a steep slope) do not reach far back. They are not
# learnt if half of the questions are about things handled long ago. Questions of studies are about recent things.
LATELY = replace(
    LONG_STORIES,
    weights=(1, 9, 3, 3, 1),
    most_facts=24,
    shorten_from=-1.0,
    shorten_until=0.0,
    detour_share=0.3,
    detour_shorten_from=-1.0,
    detour_shorten_until=0.0,
    recency=6,
)


@dataclass(frozen=True)
class PretrainConfig:
    """Everything that determines the weights, except the versions of the libraries and the device."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    seed: int = 0
    stages: tuple[Stage, ...] = (
        Stage(steps=7000, mix=Mix()),
        Stage(steps=1400, mix=Mix(shorten_from=-1.0, shorten_until=0.0, detour_share=0.6)),
        Stage(steps=1600, mix=DETOURS),
        Stage(steps=2000, mix=HARD_DETOURS),
        Stage(steps=2800, mix=LONG_STORIES),
        Stage(steps=2400, mix=LATELY, rate=0.7),
    )
    batch: int = 16
    hidden_size: int = 96
    layers: int = 4
    heads: int = 4
    vocabulary: int = 1024
    muon_rate: float = 1e-2
    adam_rate: float = 3e-3
    warmup: int = 100
    decay_from: float = 0.7

    @property
    def ends(self) -> tuple[int, ...]:
        """The total number of steps at the end of each stage."""
        return tuple(accumulate(stage.steps for stage in self.stages))

    @property
    def steps(self) -> int:
        """The number of steps of all stages."""
        return self.ends[-1]

    def stage_at(self, step: int) -> tuple[Stage, float]:
        """The stage of a step, and the progress in this stage, in [0, 1)."""
        for stage in self.stages:
            if step < stage.steps:
                return stage, step / stage.steps
            step -= stage.steps
        return self.stages[-1], 1.0

    def rate(self, step: int) -> float:
        """The factor on the learning rates: in each stage, warm up, hold, then fall to a fiftieth."""
        stage, done = self.stage_at(step)
        fall = 1.0 if done < self.decay_from else max(0.02, (1 - done) / (1 - self.decay_from))
        return stage.rate * min(1.0, (done * stage.steps + 1) / self.warmup) * fall


def read_config(base: Path) -> PretrainConfig:
    """The configuration of a base. Raises UserError if its folder has no valid pretrain.json."""
    path = base / "pretrain.json"
    try:
        return TypeAdapter(PretrainConfig).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UserError(
            "this file does not tell how the base was pretrained", where=path,
            expected="a folder that `tracekd pretrain` made",
        ) from error  # fmt: skip


def steps_done(base: PretrainConfig, config: PretrainConfig) -> int:
    """The steps of `config` that a base has done. Raises UserError if its stages are not the first ones of `config`."""
    done = len(base.stages)
    if base != replace(config, stages=config.stages[:done]) or done == len(config.stages):
        raise UserError(
            "pretraining cannot continue from this base: its stages or its shape differ from the first ones of this version",
            expected="a base whose pretrain.json has the first stages of this version, but not all of them",
        )
    return base.steps


def shortened(steps: int, base: Path | None) -> tuple[Stage, ...]:
    """The stages of this version; those that the base has not done have at most `steps` steps. Raises UserError."""
    done = read_config(base).stages if base else ()
    rest = (replace(stage, steps=min(stage.steps, steps)) for stage in PretrainConfig().stages[len(done) :])
    return (*done, *rest)
