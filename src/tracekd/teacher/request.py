"""One thing that the teacher is asked, as the body of a chat completion."""

from dataclasses import dataclass
from functools import cached_property

from tracekd.files import recipe_key
from tracekd.problem import Answer, Problem
from tracekd.tasks.template import Template
from tracekd.teacher.prompts import Prompt
from tracekd.teacher.recipe import Recipe

Message = dict[str, str]


@dataclass(frozen=True)
class Request:
    """What is asked for a text of one kind for one problem."""

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
        """Names the request by all that it says: an answer in the folder belongs to it only if the key is the same."""
        return recipe_key(id=self.problem.id, **self.body)

    @property
    def chars(self) -> int:
        """The characters of all messages, from which tokens are estimated."""
        return sum(len(message["content"]) for message in self.messages)


def ask_trace(problem: Problem, template: Template, prompt: Prompt, recipe: Recipe) -> Request:
    """Ask to think, and to answer. The problem's own prompt is the one that students get."""
    return Request(problem, "trace", recipe, (_first_turn(problem, template, prompt),))


def ask_summary(problem: Problem, trace: str, prompt: Prompt, recipe: Recipe) -> Request:
    """Ask for a summary of a trace, and of nothing else (arXiv 2505.13792)."""
    return Request(problem, "summary", recipe, (_user(prompt.fill(trace)),))


def ask_explanation(problem: Problem, first: Message, said: str, prompt: Prompt, recipe: Recipe) -> Request:
    """Ask, in a second turn, to explain the answer (arXiv 2505.13792).

    `first` is the first turn; `said` is what the teacher wrote after its trace: reasoning models are not shown their
    earlier thoughts.
    """
    turns = (first, {"role": "assistant", "content": said}, _user(prompt.fill()))
    return Request(problem, "explanation", recipe, turns)


def _first_turn(problem: Problem, template: Template, prompt: Prompt) -> Message:
    asked = template.render_prompt(problem).rstrip("\n")
    return _user(prompt.fill(asked, answer_format(problem.answer)))


def _user(text: str) -> Message:
    return {"role": "user", "content": text}


def answer_format(answer: Answer) -> str:
    """How an answer of this kind is to be written, so that the strict reading can be asked for; not how long it is."""
    if answer.written == "list":
        return "only the answer, as a list such as ['first', 'second'] even if it is a single one,"
    if answer.kind in ("set", "path"):
        return "only the answer, with commas between several of them (or the word nothing, if there is none),"
    return "only the answer, in as few words as possible,"
