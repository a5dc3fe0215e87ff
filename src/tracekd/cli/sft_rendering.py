"""How `tracekd sft` writes prompts, and what the student's chat template does to the data."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracekd.cli.requests.data import SftRequest
from tracekd.errors import UserError
from tracekd.sft.example import Example
from tracekd.sft.formats import FORMATS
from tracekd.sft.manifest import Kept, Prompts
from tracekd.sft.rendering import Rendering
from tracekd.students.base import tokenizer_source
from tracekd.transcript.trace_tags import TraceTags

if TYPE_CHECKING:  # torch takes seconds to import
    from tracekd.students.template_check import TemplateCheck


@dataclass(frozen=True)
class PromptRendering:
    """The rendering of a request. `check` renders each example through the student's chat template, if that was asked."""

    prompts: Prompts
    rendering: Rendering | None = None
    check: "TemplateCheck | None" = None

    @classmethod
    def of(cls, request: SftRequest) -> "PromptRendering":
        """Prompts as texts or token ids are written as `tracekd generate` asks the student in the folder of `--template` or
        `--tokenizer`. Raises UserError if there is no usable template although one is required.
        """
        tags = TraceTags.read(request.trace_tags)
        if tags is not None and (request.template is None or FORMATS[request.format].renders):
            raise UserError(
                "--trace-tags are the marks that a chat template writes around reasoning, and no template is checked",
                next_step="add --template FOLDER to a format with messages, or leave --trace-tags out",
            )
        named = request.template or request.tokenizer
        if not FORMATS[request.format].renders:
            if request.chat is not None:
                raise UserError(
                    f"--chat and --no-chat are for prompts as texts, and {request.format} has messages",
                    next_step="--format prompt-completion, or --format labels",
                )
            return cls(
                "conversation",
                check=None if request.template is None else _check(tokenizer_source(request.template), tags),
            )
        if named is None:
            if request.chat:
                raise UserError("--chat needs the student's chat template", next_step="add --template FOLDER")
            return cls("plain")
        if request.format == "labels" and request.template not in (None, request.tokenizer):
            raise UserError(
                "token ids are those of one student, but --template and --tokenizer name two",
                next_step="leave --template out: the chat template is taken from the folder of --tokenizer",
            )
        folder = tokenizer_source(named)
        has_template = _has_template(folder)
        if request.template is not None and not has_template and request.chat is not False:
            raise _no_template(folder)
        # Token ids begin as the student's prompts do, even without a template.
        if request.format != "labels" and (request.chat is False or not (has_template or request.chat)):
            return cls("plain")
        from tracekd.students.session import load_prompting

        prompting = load_prompting(folder, request.chat)
        return cls("chat template" if prompting.chat else "plain", prompting)

    def look(self, example: Example) -> None:
        """Check one example."""
        if self.check is not None:
            self.check.see(example)

    def kept(self, where: str | None) -> Kept | None:
        """What the template does; None if it was not checked. Raises UserError if it drops traces."""
        if self.check is None:
            return None
        found = self.check.kept
        if found.lost:
            raise UserError(
                f"the chat template drops the trace, or the answer, of {found.lost:,} of {found.examples:,} examples",
                where=where, expected="a template that keeps what stands before </think> in the last message",
                next_step=f"--format labels --tokenizer {where}, which writes completions without the template",
            )  # fmt: skip
        return found


def template_notes(kept: Kept | None, prompts: Prompts) -> list[str]:
    """What people must know about prompts and template, in sentences."""
    notes = []
    if prompts == "plain":
        notes.append(
            "prompts are plain text: a student with a chat template is asked with `tracekd generate --no-chat`"
        )
    if prompts == "chat template":
        notes.append("prompts are written with the student's chat template, as `tracekd generate` asks")
    if kept is not None:
        notes.append(f"the chat template keeps the trace of all {kept.examples:,} examples")
        if kept.changed:
            notes.append(f"it writes {kept.changed:,} completions otherwise, such as with other blanks around the tags")
        if kept.added:
            notes.append(f"it writes an empty trace into {kept.added:,} examples that have none")
    return notes


def _check(folder: Path, tags: TraceTags | None) -> "TemplateCheck":
    from tracekd.students.session import load_prompting
    from tracekd.students.template_check import TemplateCheck

    if not _has_template(folder):
        raise _no_template(folder)
    template = load_prompting(folder, True).template
    assert template is not None  # because chat is True
    return TemplateCheck(template, tags)


def _no_template(folder: Path) -> UserError:
    return UserError(
        "the tokenizer has no chat template", where=folder,
        expected="chat_template.jinja, or chat_template in tokenizer_config.json", next_step="leave --template out",
    )  # fmt: skip


def _has_template(folder: Path) -> bool:
    """Whether the tokenizer of a folder has a chat template, without loading it."""
    if (folder / "chat_template.jinja").is_file():
        return True
    try:
        found = json.loads((folder / "tokenizer_config.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and bool(found.get("chat_template"))
