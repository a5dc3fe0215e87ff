"""The settings of a student in a study file: a base, training and generation."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tracekd.errors import UserError, unknown_name

Count = Annotated[int, Field(gt=0)]
Rate = Annotated[float, Field(gt=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=100)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]

# The keys of each preset; other keys have the defaults of the class. `paper` follows the released scripts of arXiv
# 2505.13792: QLoRA on all projections, 4 examples at a time, 16 per step. The scripts have a warm-up of 0.1 in two
# regimes and 0.03 in the others; a comparison needs the same warm-up for all. `cpu` has the same adapters, without dropout,
# so that common beginnings of prompts can be computed once.
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "embedded": {},
    "paper": {
        "base": "meta-llama/Llama-3.2-1B-Instruct", "method": "qlora", "steps": None, "epochs": 3, "batch": 16,
        "micro_batch": 4, "learning_rate": 2e-4, "embedding_learning_rate": None, "schedule": "cosine", "warmup": 0.1,
        "precision": "bfloat16", "gradient_checkpointing": None, "max_new_tokens": 500,
    },
    "full-1b": {
        "base": "meta-llama/Llama-3.2-1B-Instruct", "method": "full", "steps": None, "epochs": 3, "batch": 16,
        "micro_batch": 8, "learning_rate": 1e-5, "embedding_learning_rate": None, "schedule": "cosine", "warmup": 0.03,
        "precision": "bfloat16", "gradient_checkpointing": None, "max_new_tokens": 500,
    },
    "cpu": {
        "base": "smollm2", "method": "lora", "lora": {"dropout": 0.0}, "steps": 200, "batch": 8, "learning_rate": 1e-3,
        "embedding_learning_rate": None, "schedule": "cosine", "warmup": 0.05, "max_new_tokens": 160,
    },
}  # fmt: skip

# Keys that do not change the weights.
NOT_TRAINING = {"name", "preset", "max_new_tokens", "generation_batch", "report_to"}


class Lora(BaseModel):
    """Low-rank adapters (arXiv 2106.09685). `targets` are names of modules; if empty, all linear modules except the head."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    r: Count = 16
    alpha: Count = 32
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.05
    targets: tuple[str, ...] = ()


class Student(BaseModel):
    """A base, and its settings for training and generation. `preset` gives the keys that are not set: `embedded`,
    `paper`, `full-1b` or `cpu`. `base` is `embedded`, `smollm2` (after `tracekd fetch smollm2`), a local folder, a GGUF
    file, or a Hub id (`owner/name`, `owner/name@revision`).
    `method`: all weights (`full`), low-rank adapters (`lora`), or adapters on a base of 4 bits (`qlora`, arXiv
    2305.14314).

    The training lasts `steps` or `epochs`; `seconds` is a time budget that may end it sooner. A step has `batch` examples.
    At most `micro_batch` of them go through the model at once (default: all), or fewer if they have more than
    `micro_batch_tokens` together, including padding (default: on a GPU 32,768, on a CPU as many as need about 1 GiB).
    `gradient_checkpointing` computes activations again in the backward pass (None: on a GPU only). `learning_rate` warms
    up over the share `warmup` of the steps, then follows `schedule`; embeddings may have another rate. `trace_weight` and
    `answer_weight` are weights of the loss of these tokens. `precision` is the precision of the arithmetic; small tensors
    stay in float32 as usual. `max_tokens` is the limit of an example, `max_new_tokens` the limit of an output. `chat` says
    whether prompts go through the tokenizer's chat template (default: if there is one). `report_to` names trackers
    (`tensorboard`, ..).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Name
    preset: str = "embedded"
    base: str = "embedded"
    method: Literal["full", "lora", "qlora"] = "full"
    lora: Lora = Lora()
    steps: Count | None = 120
    epochs: Positive | None = None
    seconds: Positive | None = None
    batch: Count = 16
    micro_batch: Count | None = None
    micro_batch_tokens: Count | None = None
    learning_rate: Rate = 5e-3
    embedding_learning_rate: Rate | None = None
    schedule: Literal["linear", "cosine", "constant"] = "linear"
    warmup: Annotated[float, Field(ge=0, lt=1)] = 0.05
    trace_weight: Weight = 1.0
    answer_weight: Weight = 1.0
    precision: Literal["float32", "bfloat16"] = "float32"
    gradient_checkpointing: bool | None = False
    chat: bool | None = None
    max_tokens: Count = 1024
    max_new_tokens: Count = 128
    generation_batch: Count = 64
    report_to: tuple[Literal["tensorboard", "wandb", "trackio", "mlflow"], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        preset = given.get("preset", "embedded")
        if not isinstance(preset, str) or preset not in PRESETS:
            raise unknown_name("preset of a student", str(preset)[:60], tuple(PRESETS))
        filled = {**PRESETS[preset], **given}
        own, lora = PRESETS[preset].get("lora"), given.get("lora")
        if own is not None and isinstance(lora, Mapping):
            filled["lora"] = {**own, **lora}
        # A given number of epochs replaces the preset's steps, and the other way round.
        if given.get("epochs") is not None and "steps" not in given:
            filled["steps"] = None
        if given.get("steps") is not None and "epochs" not in given:
            filled["epochs"] = None
        return filled

    @field_validator("base")
    @classmethod
    def _base_is_named(cls, base: str) -> str:
        if not base.strip() or not base.isprintable():
            raise UserError(
                "the base has no name",
                expected="embedded, smollm2, a folder, a GGUF file, or a Hub id such as owner/name",
            )
        return base

    @model_validator(mode="after")
    def _has_one_length(self) -> "Student":
        if (self.steps is None) == (self.epochs is None):
            raise UserError(
                "the length of a training is given either in steps or in epochs", expected="one of steps, epochs"
            )
        if self.trace_weight == self.answer_weight == 0:
            raise UserError("nothing is left to learn", expected="a trace_weight or an answer_weight above 0")
        return self
