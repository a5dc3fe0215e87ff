"""The output of a student for a problem."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Output(BaseModel):
    """One generation. `text` is the raw, unstripped text; `token_ids` are the tokens from which it was decoded. `finish`:
    `stop` if the student itself ended it, `length` if the limit cut it off. `sample` counts the outputs for
    one prompt from 0. `prompt` is a hash of the prompt's token ids (twelve hex digits), `prompt_tokens` their number; None
    in files of older versions. For a server that takes messages, `prompt` is a hash of these, `prompt_tokens` is None, and
    `text` has the reasoning of a field of its own as `<think>..</think>`. `seed` is the seed of the training, or of the sampling.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    regime: str
    student: str
    seed: int
    text: str
    token_ids: tuple[int, ...]
    finish: Literal["stop", "length"]
    sample: int = 0
    prompt: str | None = None
    prompt_tokens: int | None = None
