"""The chat template of a tokenizer. It is a program that nobody has checked, so it runs in a process with limits."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from weakref import finalize

from tracekd.errors import UserError
from tracekd.students.template_worker import MEGABYTES, SECONDS

# Some templates contain the date (Llama's: "Today Date: .."), so prompts would differ from day to day.
PINNED = datetime(2024, 7, 26)


class ChatTemplate:
    """Renders turns of a conversation. `variables` are the values that the template may use, such as special tokens."""

    def __init__(self, template: object, variables: Mapping[str, Any]) -> None:
        """Raises UserError if it is not a text. It is compiled at the first prompt."""
        if not isinstance(template, str):
            raise unusable("it is not a text")
        self._first = {
            "template": template,
            "variables": {**variables, "date_string": PINNED.strftime("%d %b %Y"), "tools": None, "documents": None},
            "now": PINNED.isoformat(),
        }
        self._worker: subprocess.Popen[str] | None = None

    def render(self, turns: Sequence[Mapping[str, str]], *, add_generation_prompt: bool = False) -> str:
        """Raises UserError if the template fails, or needs too much time or memory."""
        worker = self._worker or self._start()
        assert worker.stdin is not None
        assert worker.stdout is not None
        said = ""
        with suppress(BrokenPipeError):
            worker.stdin.write(
                json.dumps({"messages": list(turns), "add_generation_prompt": add_generation_prompt}) + "\n"
            )
            worker.stdin.flush()
            said = worker.stdout.readline()
        if not said:
            self._worker = None
            worker.wait()
            raise unusable(f"one prompt needs more than {SECONDS:g} s, or more than {MEGABYTES} MB of memory")
        answer = json.loads(said)
        if "error" in answer:
            raise unusable(answer["error"][:200])
        return str(answer["text"])

    def _start(self) -> "subprocess.Popen[str]":
        self._worker = worker = subprocess.Popen(
            [sys.executable, "-m", "tracekd.students.template_worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )  # fmt: skip
        finalize(self, _end, worker)
        assert worker.stdin is not None
        with suppress(BrokenPipeError):
            worker.stdin.write(json.dumps(self._first, default=str) + "\n")
        return worker


def unusable(reason: str) -> UserError:
    """The error that a template cannot be used."""
    return UserError(
        f"the chat template cannot be used: {reason}", expected="a template for turns of a user and an assistant",
        next_step="set chat = false for this student",
    )  # fmt: skip


def _end(worker: "subprocess.Popen[str]") -> None:
    """The worker ends when its input is closed."""
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    worker.wait()
