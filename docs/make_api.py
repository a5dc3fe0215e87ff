"""Writes docs/api.md: the public names of `tracekd`, from their docstrings.

python docs/make_api.py
"""

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

from pydantic import BaseModel

import tracekd
from tracekd.api import JudgedFiles, StudyResult
from tracekd.files import write_text
from tracekd.regimes import Setting
from tracekd.sft.example import Example, LeftOut
from tracekd.stats.summary import Summary
from tracekd.study.cell_processes import Failure
from tracekd.tasks.reading.fault import Skipped
from tracekd.verify.check import Part
from tracekd.verify.free_trace import FreeTrace, JudgedStatement
from tracekd.verify.join_report import JoinReport

PAGE = Path(__file__).parent / "api.md"
# The order of the page.
VERBS = (
    "load", "supervise", "judge", "judge_files", "check", "summarise", "run_study", "get_task", "get_regime",
    "get_condition", "get_world",
)  # fmt: skip
NOUNS = (
    "Problem", "Fact", "Answer", "Trace", "Task", "Template", "Record", "Regime", "Condition", "Unsupported", "Verdict",
    "Check", "Checker", "UserError",
)  # fmt: skip
# What the verbs take and return besides.
OTHERS = (
    Skipped,
    Example,
    LeftOut,
    Setting,
    JudgedFiles,
    JoinReport,
    Part,
    FreeTrace,
    JudgedStatement,
    Summary,
    StudyResult,
    Failure,
)

HEAD = """\
# The API

`import tracekd` offers the names on this page, and takes a few hundredths of a second: each name is imported when it is first
used. Only `run_study` needs torch. `python docs/make_api.py` makes this page from the docstrings; a test fails if the page and
the code differ, and the tests run every example. A [service](../examples/service/app.py) shows `check` at work; tasks, regimes
and conditions of other packages come in through [entry points](../README.md#adding-a-task).

All errors that a caller can correct are `UserError`. Text of a model, a file or an endpoint is never evaluated."""


def main() -> None:
    """Write the page."""
    write_text(PAGE, page())


def page() -> str:
    """The page, a pure function of the code."""
    lines = [HEAD, "", *index(), "", "## Verbs"]
    for name in VERBS:
        lines += section(name, getattr(tracekd, name))
    lines += ["", "## Nouns"]
    for name in NOUNS:
        lines += section(name, getattr(tracekd, name))
    lines += ["", "## What verbs take and return besides", "", "These have no name in `tracekd` itself."]
    for kind in OTHERS:
        lines += section(f"{kind.__module__}.{kind.__qualname__}", kind)
    return "\n".join(lines) + "\n"


def index() -> Iterator[str]:
    """One line for each verb: its first sentence."""
    yield from ("| verb | what it does |", "|---|---|")
    for name in VERBS:
        first = sentence(getattr(tracekd, name)).replace("|", "\\|")
        yield f"| [`{name}`](#{name}) | {first} |"
    yield ""
    yield f"Nouns: {', '.join(f'[`{name}`](#{anchor(name)})' for name in NOUNS)}."


def anchor(noun: str) -> str:
    """Where the section of a noun is: of two headings that differ in letter case alone, the second has a number."""
    return f"{noun.lower()}-1" if noun.lower() in VERBS else noun.lower()


def sentence(documented: Any) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join(docstring(documented).partition("\n\n")[0].split())


def docstring(documented: Any) -> str:
    return inspect.cleandoc(documented.__doc__ or "")


def section(name: str, documented: Any) -> Iterator[str]:
    """One public name: how it is called or what its fields are, its docstring, and its public methods."""
    yield from ("", f"### {name}", "", "```python", declaration(documented), "```", "", *prose(docstring(documented)))
    if isinstance(documented, type) and (methods := list(methods_of(documented))):
        yield from ("", *methods)


def prose(text: str) -> Iterator[str]:
    """A docstring in Markdown: its example, which is last, as a block of code."""
    words, prompt, example = text.partition(">>> ")
    yield words.rstrip()
    if prompt:
        yield from ("", "```pycon", prompt + example, "```")


def declaration(documented: Any) -> str:
    """The signature of a function, or the name and the fields of a class."""
    if isinstance(documented, FunctionType):
        return signature(documented.__name__, documented)
    head = f"class {documented.__name__}({', '.join(base.__name__ for base in documented.__bases__)}):".replace(
        "(object)", ""
    )
    fields = fields_of(documented)
    return "\n".join([head, *(f"    {field}" for field in fields)]) if fields else f"{head} ..."


def fields_of(kind: Any) -> list[str]:
    """`name: type = default` of each field. A default that is an object is shown as `...`."""
    if not (is_dataclass(kind) or issubclass(kind, BaseModel) or hasattr(kind, "_fields")):
        return []
    return [field for field in arguments(inspect.signature(kind).parameters.values()) if field != "*"]


def shown(default: Any) -> Any:
    is_plain = default is inspect.Parameter.empty or isinstance(default, str | int | float | tuple | dict | None)
    return default if is_plain else Elided()


class Elided:
    """A default that cannot be written down."""

    def __repr__(self) -> str:
        return "..."


def signature(name: str, function: Any) -> str:
    """A call, with one parameter a line where it is long."""
    found = inspect.signature(function)
    parameters = list(arguments(found.parameters.values()))
    returned = short(inspect.formatannotation(found.return_annotation))
    line = f"def {name}({', '.join(parameters)}) -> {returned}"
    return (
        line
        if len(line) <= 100
        else "\n    ".join([f"def {name}(", *(f"{p}," for p in parameters)]) + f"\n) -> {returned}"
    )


def arguments(parameters: Iterable[inspect.Parameter]) -> Iterator[str]:
    """The parameters as they are written, with the star before those that can only be named."""
    is_starred = False
    for parameter in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and not is_starred:
            yield "*"
        is_starred = is_starred or parameter.kind in (parameter.VAR_POSITIONAL, parameter.KEYWORD_ONLY)
        yield short(str(parameter.replace(default=shown(parameter.default))))


def short(text: str) -> str:
    """Types by their own names: without modules, quotation marks, type variables, and what only pydantic reads."""
    text = re.sub(r"(?:\b[a-z_]\w*\.)+(?=[A-Za-z])", "", text)
    text = re.sub(r"(?<=[:>] )'([^']*)'", r"\1", text).replace("[~Function]", "")
    text = re.sub(r"Annotated\[([^,]*), FieldInfo\([^()]*\)\]", r"\1", text)
    return re.sub(r"Optional\[(\w*)\]", r"\1 | None", text).replace("'", '"')  # as `ruff format` writes it


def methods_of(kind: type) -> Iterator[str]:
    """A line for each public method and property that the class itself defines and documents."""
    for name, member in vars(kind).items():
        function = getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", member)
        if (
            name.startswith("_")
            or name in inspect.get_annotations(kind)
            or not isinstance(function, FunctionType)
            or not function.__doc__
        ):
            continue
        is_value = isinstance(member, property) or not (
            callable(member) or isinstance(member, classmethod | staticmethod)
        )
        call = name if is_value else f"{name}({', '.join(parameters_of(function))})"
        yield f"- `{call}`: {sentence(function)}"


def parameters_of(function: FunctionType) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


if __name__ == "__main__":
    main()
