"""What a student wrote for a problem."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Output(BaseModel):
    """One generation. `text` is the raw text, nothing stripped; `token_ids` are the tokens it was decoded from.

    `finish`: `stop` if the student ended it itself, `length` if the limit cut it off. `sample` counts the outputs for
    one prompt from 0. `prompt` names the prompt's token ids (twelve hex digits of their hash), `prompt_tokens` counts
    them; None in files of older versions. `seed` is that of the training, or of the drawing.
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
