"""Splits a prompt into its parts by its task's template; the parts may be assembled in any form."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tracekd.tasks.list_literal import read_list
from tracekd.tasks.template import Template

OTHER_FORM = "not the task's prompt"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The bare question and the facts (None if they cannot be found), and the form: the exact bytes of everything else."""

    question: str | None
    facts: tuple[str, ...] | None
    form: str


def take_apart(prompt: str, template: Template, asked: str | None = None) -> Prompt:
    """The parts of a prompt. White space around them may differ from the template's, and is part of the form.

    `asked` is the expected question: with it, a question that contains the template's own words is also found.
    """
    before, mark, after = _marks(template)
    begin = len(prompt) - len(prompt.lstrip())
    if not prompt.startswith(before, begin):
        return Prompt(None, None, OTHER_FORM)
    begin += len(before)
    end = _mark_before(asked, prompt, mark, begin)
    if end < 0:
        end = prompt.rfind(mark, begin) if mark else prompt.rstrip().rfind("\n", begin)
    if end < 0:
        return Prompt(None, None, OTHER_FORM)
    facts, where = prompt[begin:end], end + len(mark)
    tail = prompt.rfind(after, where) if after else -1
    question = prompt[where : tail if tail >= 0 else len(prompt)]
    listed = read_list(facts) if facts.lstrip().startswith("[") else None
    shown = tuple(facts.strip("\n").split("\n")) if listed is None else listed
    kind = "{facts, one a line}" if listed is None else "{facts, as a list}"
    form = "".join(
        [prompt[:begin], *_around(facts, kind), mark, *_around(question, "{question}"), prompt[where + len(question) :]]
    )
    return Prompt(question.strip(), shown, form)


def _mark_before(asked: str | None, prompt: str, mark: str, begin: int) -> int:
    """The position of the mark before this question, or -1."""
    at = prompt.rfind(asked, begin) if asked and mark else -1
    end = prompt.rfind(mark, begin, at) if at >= 0 else -1
    return end if end >= 0 and not prompt[end + len(mark) : at].strip() else -1


@lru_cache(maxsize=16)
def _marks(template: Template) -> tuple[str, str, str]:
    before, _, rest = template.prompt.partition("{facts}")
    between, _, after = rest.partition("{question}")
    return before.strip(), between.strip(), after.strip()


def _around(text: str, name: str) -> Iterator[str]:
    """The white space around a part, and the part's name instead of the part."""
    inner = text.strip()
    start = text.find(inner) if inner else len(text)
    yield text[:start]
    yield name
    yield text[start + len(inner) :]
