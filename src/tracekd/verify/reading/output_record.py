"""One output in a file: what was written, by which model, for which problem; and what a format of files is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from tracekd.transcript.transcript import Transcript

UNKNOWN = "unknown"


class GoldRecord(NamedTuple):
    """What the record of an output says about its problem's gold answer and facts.

    `support` are the texts of the gold facts; None if the record does not have them.
    """

    answers: tuple[str, ...]
    support: tuple[str, ...] | None = None


class OutputRecord(NamedTuple):
    """One output in a file. What the file does not say is None; `where` is FILE:LINE.

    `id` is the problem's. `label` is the gold class that the record or the file's name states. `seed` distinguishes
    trainings (or samplings) of a model, `sample` distinguishes outputs for one prompt. `finish` is `length` if the token
    limit cut it off. `score` is the mean log-probability of its tokens, `tokens` their number. `prompt` is the whole text
    that the model was asked. `reasoning` is what a field of its own says (`text` is then what follows it); `is_hidden`: the
    provider kept reasoning back. `is_numbered`: the record could be one of several lines for one prompt, and says which.
    """

    text: str
    where: str
    id: str | None = None
    question: str | None = None
    context: tuple[str, ...] | None = None
    label: str | None = None
    model: str = UNKNOWN
    regime: str = UNKNOWN
    seed: int = 0
    sample: int = 0
    finish: Literal["stop", "length"] = "stop"
    score: float | None = None
    tokens: int | None = None
    gold: GoldRecord | None = None
    prompt: str | None = None
    reasoning: str | None = None
    is_hidden: bool = False
    is_numbered: bool = True

    @property
    def student(self) -> str:
        """The model, as judges call it."""
        return self.model

    def of_problem(self, ident: str) -> "OutputRecord":
        """The output, joined to the problem with this id."""
        if self.id == ident:
            return self
        return tuple.__new__(OutputRecord, (*self[:2], ident, *self[3:]))  # `_replace` takes four times as long

    @property
    def transcript(self) -> Transcript:
        """Its reasoning and the text after it."""
        return Transcript.of(self.text, reasoning=self.reasoning, is_hidden=self.is_hidden, finish=self.finish)


@dataclass(frozen=True, slots=True)
class Unread:
    """A line (or a file) without an output: where it is, why (one of a few fixed phrases), and what was found."""

    where: str
    reason: str
    detail: str = ""


Outputs = Iterator[OutputRecord | Unread]


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file: its first bytes, and the names of the fields of its first record."""

    path: Path
    start: bytes
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Format:
    """One format of files of outputs.

    `noun` names such a file in messages. `recognises` decides from the head of a file whether it has this format; `read`
    yields its outputs, and an Unread for each line without one. It raises UserError only if nothing in the file can be
    read.
    """

    name: str
    noun: str
    recognises: Callable[[Head], bool]
    read: Callable[[Path], Outputs]
