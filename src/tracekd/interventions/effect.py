"""What a student answered after a forced trace: one line of a file of effects."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

OWN = "own"  # the condition that the others are compared with


class Effect(BaseModel):
    """One problem under one condition.

    `unsupported` says why there is no trace to force, and is None otherwise. `forced` is the text between the think
    tags, `answer` what the student then wrote between the answer tags (None for nothing), `right` whether that is gold.
    `own_answer` is its answer under the condition `own`, `flipped` whether the two differ when compared as answers of
    this problem; both are None if the student's own output has no readable trace. `implied` is the answer that follows
    from the forced trace, as the task writes it, if the condition knows one; `follows` says whether the student gave
    it, `altered` whether the trace cites facts for it that are not in the context.

    `logp` holds the natural logarithm of the probability of whole answers (with their closing tag) after the forced
    trace, `tokens` how many tokens each of them has: `gold`, `own` and `implied`, as far as they exist. `finish` is
    `stop` if the student ended its answer, `length` if the limit cut it off.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    group: str
    label: str
    regime: str
    student: str
    seed: int
    condition: str
    unsupported: str | None = None
    forced: str = ""
    answer: str | None = None
    right: bool = False
    own_answer: str | None = None
    flipped: bool | None = None
    implied: str | None = None
    follows: bool | None = None
    altered: bool | None = None
    logp: dict[str, float] = {}
    tokens: dict[str, int] = {}
    finish: Literal["stop", "length"] | None = None
