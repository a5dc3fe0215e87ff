"""What the embedded base is pretrained with: the stages, one after the other, and the shape of the model."""

from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from tracekd.errors import UserError
from tracekd.pretraining.exercises import Mix


@dataclass(frozen=True)
class Stage:
    """Some steps on one mix of exercises, with optimizers of its own: it goes on from nothing but the weights before it.

    The learning rates warm up, hold, and fall again in each stage; `rate` is a factor on them.
    """

    steps: int
    mix: Mix
    rate: float = 1.0


# The families that must look up twice, or compare, do not learn to answer after a detour unless quotes lead there, too.
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
# Stories as long as the studies', in which things change hands as often, and sentences cited in many ways.
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
# Heads that tell a thing's last mention from the one before (ALiBi of a steep slope) do not reach far back. They are not
# learnt where half of what is asked about was handled long ago, which the studies' questions are not.
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
    """All that the weights depend on, besides the versions of the libraries and the device."""

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
        """The number of steps that are done when each stage ends."""
        return tuple(accumulate(stage.steps for stage in self.stages))

    @property
    def steps(self) -> int:
        """Steps of all stages."""
        return self.ends[-1]

    def stage_at(self, step: int) -> tuple[Stage, float]:
        """The stage that a step belongs to, and how far through it the step is, in [0, 1)."""
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
    """The configuration that a base was pretrained with. Raises UserError if its folder does not tell."""
    path = base / "pretrain.json"
    try:
        return TypeAdapter(PretrainConfig).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UserError(
            "this does not say how the base was pretrained", where=path,
            expected="a folder that `tracekd pretrain` made",
        ) from error  # fmt: skip


def steps_done(base: PretrainConfig, config: PretrainConfig) -> int:
    """The steps of `config` that a base has behind it. Raises UserError if its stages are not the first ones of `config`."""
    done = len(base.stages)
    if base != replace(config, stages=config.stages[:done]) or done == len(config.stages):
        raise UserError(
            "one cannot go on from this base: its stages or its shape are not those that come first",
            expected="a base whose pretrain.json holds the first stages, and not all, of this version's",
        )
    return base.steps
