"""Writes a made trace, and keeps what each of its claims is worth."""

from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tracekd.worlds.free_traces.wording import Wording

# `said`: a fact says it; `follows`: it follows; `false`: the facts say otherwise; `invented`: nothing says it; `nothing`: no
# claim, such as a plan.
Worth = Literal["said", "follows", "false", "invented", "nothing"]


@dataclass(frozen=True)
class Planted:
    """A claim of a made trace (`text[start:end]`), and what it is worth. `error` is the kind of its planted error."""

    start: int
    end: int
    worth: Worth
    error: str | None = None


@dataclass
class Writer:
    """Writes sentence by sentence, in prose or as a list."""

    wording: Wording
    rng: Random
    text: str = ""
    planted: list[Planted] = field(default_factory=list)
    style: str = "prose"

    def __post_init__(self) -> None:
        self.style = self.rng.choice(("prose", "prose", "bullets", "numbers", "lines"))

    def say(self, what: str, worth: Worth, error: str | None = None, lead: str = "", **parts: str) -> None:
        """Say one thing in a sentence of its own."""
        said = self.wording.say(self.rng, what, **parts)
        before = self.wording.say(self.rng, lead) if lead else ""
        self._write(before, said, worth, error)

    def _write(self, before: str, said: str, worth: Worth, error: str | None) -> None:
        self.text += self._gap()
        sentence = before + said
        sentence = sentence[0].upper() + sentence[1:]
        start = len(self.text) + len(before)
        self.text += sentence if sentence[-1] in ".?!:" else f"{sentence}."
        self.planted.append(Planted(start, len(self.text), worth, error))

    def talk(self, what: str, **parts: str) -> None:
        """Say something that claims nothing, in a paragraph of its own."""
        if self.text:
            self.text += "\n\n"
        said = self.wording.say(self.rng, what, **parts)
        self.planted.append(Planted(len(self.text), len(self.text) + len(said), "nothing"))
        self.text += said + "\n\n"

    def _gap(self) -> str:
        number = sum(one.worth != "nothing" for one in self.planted) + 1
        if self.style == "prose":
            return " " if self.text and not self.text.endswith("\n") else ""
        line = "" if not self.text or self.text.endswith("\n") else "\n"
        return line + {"bullets": "- ", "numbers": f"{number}. ", "lines": ""}[self.style]
