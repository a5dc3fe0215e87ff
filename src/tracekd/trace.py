"""A reasoning trace: ordered steps, each of which can be checked separately (arXiv 2505.13792)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Classify(BaseModel):
    """The classification step: states which type of question this is."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["classify"] = "classify"
    label: str


class Retrieve(BaseModel):
    """The retrieval step: quotes the facts that are needed, by their ids in the context, in the order quoted."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["retrieve"] = "retrieve"
    facts: tuple[str, ...]


class Quote(BaseModel):
    """A retrieval step that quotes sentences by their text, which need not be in the context (swapped, masked)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["quote"] = "quote"
    texts: tuple[str, ...]


class Say(BaseModel):
    """Free text, written unchanged: a teacher's trace, filler, strings of the released data."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["say"] = "say"
    text: str


Step = Annotated[Classify | Retrieve | Quote | Say, Field(discriminator="kind")]


class Trace(BaseModel):
    """Ordered steps."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    steps: tuple[Step, ...]

    @property
    def label(self) -> str | None:
        """The label of the first classification step, if there is one."""
        # A loop, and kinds: a generator, or `isinstance` of a pydantic class, takes several times as long.
        for step in self.steps:
            if step.kind == "classify":
                return step.label
        return None

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of all facts that retrieval steps quote, in order."""
        return tuple([fact for step in self.steps if step.kind == "retrieve" for fact in step.facts])
