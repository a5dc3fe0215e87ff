"""The teacher's prompts: one prompt file for each kind of text, and chat requests made from it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from tracekd.content_hash import check
from tracekd.errors import UserError
from tracekd.files import recipe_key
from tracekd.problem import Answer, Problem
from tracekd.tasks.template import Template
from tracekd.teacher.manifest import Recipe

# The placeholder that each prompt must have: the text replaces it. The prompt of a trace may also have `{answer_format}`.
_PLACE = {"trace": "{problem}", "summary": "{trace}", "explanation": ""}
_ANSWER_FORMAT = "{answer_format}"
_LARGEST = 2**16  # bytes

Message = dict[str, str]


@dataclass(frozen=True)
class Prompt:
    """The prompt for one kind of text, unchanged from its file."""

    kind: str
    text: str

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file's bytes, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def fill(self, hostile: str = "", answer_format: str = "") -> str:
        """The text with its placeholders filled. Hostile text is inserted last, so that placeholders inside it stay."""
        text = self.text.replace(_ANSWER_FORMAT, answer_format)
        return text.replace(_PLACE[self.kind], hostile) if _PLACE[self.kind] else text


def file_name(kind: str) -> str:
    """The name of the prompt file for a kind of text."""
    return f"{kind}.txt"


def read_prompts(kinds: Iterable[str], folder: Path | None = None) -> dict[str, Prompt]:
    """The prompts for these kinds of text: from a folder, or from the package.

    Raises UserError for a file that is missing, is not text, or lacks the placeholder.
    """
    source = Path(str(files("tracekd.teacher"))) / "prompts" if folder is None else folder
    return {kind: _read(kind, source / file_name(kind)) for kind in kinds}


def _read(kind: str, path: Path) -> Prompt:
    check(path)
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode()
    except FileNotFoundError:
        raise UserError(
            f"there is no prompt for the kind {kind!r}", where=path, expected="a folder with a text file for each kind"
        ) from None
    except UnicodeDecodeError:
        raise UserError("this prompt is not UTF-8 text", where=path) from None
    if not text.strip():
        raise UserError("this prompt is empty", where=path, expected="the text that the teacher gets")
    if _PLACE[kind] not in text:
        raise UserError(
            f"this prompt has no placeholder for the {_PLACE[kind].strip('{}')}",
            where=path,
            expected=f"text with {_PLACE[kind]}",
        )
    return Prompt(kind, text)


@dataclass(frozen=True)
class ChatRequest:
    """A request for one kind of text for one problem, as the body of a chat completion."""

    problem: Problem
    kind: str
    recipe: Recipe
    messages: tuple[Message, ...]

    @cached_property
    def body(self) -> dict[str, object]:
        """The JSON object that is sent."""
        return {
            "model": self.recipe.model,
            "messages": list(self.messages),
            "temperature": self.recipe.temperature,
            "max_tokens": self.recipe.max_tokens,
            "seed": self.recipe.seed,
            "stream": False,
        }

    @cached_property
    def key(self) -> str:
        """A hash of everything in the request. An answer in the folder belongs to the request only if its key is equal."""
        return recipe_key(id=self.problem.id, **self.body)

    @property
    def chars(self) -> int:
        """The number of characters of all messages, from which tokens are estimated."""
        return sum(len(message["content"]) for message in self.messages)


def ask_trace(problem: Problem, template: Template, prompt: Prompt, recipe: Recipe) -> ChatRequest:
    """Ask for a trace and an answer. The problem is shown with the same prompt that students get."""
    return ChatRequest(problem, "trace", recipe, (_first_turn(problem, template, prompt),))


def ask_summary(problem: Problem, trace: str, prompt: Prompt, recipe: Recipe) -> ChatRequest:
    """Ask for a summary; the teacher sees the trace and nothing else (arXiv 2505.13792)."""
    return ChatRequest(problem, "summary", recipe, (_user(prompt.fill(trace)),))


def ask_explanation(problem: Problem, first: Message, reply: str, prompt: Prompt, recipe: Recipe) -> ChatRequest:
    """Ask, in a second turn, to explain the answer (arXiv 2505.13792).

    `first` is the first turn; `reply` is what the teacher wrote after its trace. Reasoning models are not shown their
    earlier reasoning.
    """
    turns = (first, {"role": "assistant", "content": reply}, _user(prompt.fill()))
    return ChatRequest(problem, "explanation", recipe, turns)


def _first_turn(problem: Problem, template: Template, prompt: Prompt) -> Message:
    question = template.render_prompt(problem).rstrip("\n")
    return _user(prompt.fill(question, answer_format(problem.answer)))


def _user(text: str) -> Message:
    return {"role": "user", "content": text}


def answer_format(answer: Answer) -> str:
    """How to write an answer of this kind so that the strict reading understands it. Does not reveal its length."""
    if answer.written == "list":
        return "only the answer, as a list such as ['first', 'second'] even if it is a single one,"
    if answer.kind in ("set", "path"):
        return "only the answer, with commas between several of them (or the word nothing, if there is none),"
    return "only the answer, in as few words as possible,"
