"""Judges an output without the gold answer: by the rules of its task, from question and context alone.

An output that passes is coherent and follows by rule. One that fails is provably wrong, or says nothing that can be
judged. If a task has no rule, a part is `unknown`: nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tracekd.errors import UserError
from tracekd.problem import Answer
from tracekd.tasks import get_task
from tracekd.tasks.context import Context
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_label
from tracekd.tasks.template import render_answer
from tracekd.tasks.what_follows import answers
from tracekd.transcript.transcript import Finish, Transcript
from tracekd.verify.answer import Comparison
from tracekd.verify.citation import Citation
from tracekd.verify.parse import Parsed, parse_transcript
from tracekd.verify.verdict import TraceStatus

State = Literal["passes", "fails", "unknown"]


class Part(BaseModel):
    """One part of a check, with the reason for people. `unknown`: no rule can decide."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    state: State
    reason: str


class Check(BaseModel):
    """The check of one output, by rule alone.

    Four parts: `facts` (every cited fact is in the context), `label` (question and context allow the stated class),
    `from_cited` (the answer follows from the cited facts alone), `from_context` (it follows from the whole context: the
    rule then answers the question itself, and the trace is not used). `status` is the trace's; `admitted` are
    the classes that question and context allow, None if there is no rule. `cited` are the indexes in the context
    (from 0) of the cited facts, in ascending order (of a repeated fact, the last); `invented` are the cited facts that
    are not in the context; `stated_label` and `answer` are what the output says. Long lists and texts are cut short.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    task: str
    status: TraceStatus
    stated_label: str | None
    admitted: tuple[str, ...] | None
    cited: tuple[int, ...]
    invented: tuple[str, ...]
    answer: str | None
    facts: Part
    label: Part
    from_cited: Part
    from_context: Part

    @property
    def parts(self) -> dict[str, Part]:
        """All four parts by name."""
        return {**self.trace_parts, "from_context": self.from_context}

    @property
    def trace_parts(self) -> dict[str, Part]:
        """The parts that judge the trace."""
        return {"facts": self.facts, "label": self.label, "from_cited": self.from_cited}

    @property
    def passes(self) -> bool:
        """No part fails, and the two deciding parts pass: the cited facts are real, and the answer follows from them.

        An output can pass even if no rule can judge its class or the whole context. If a task has no rule that
        derives answers, nothing is decided, and no output passes.
        """
        return self.trace_passes and self.from_context.state != "fails"

    @property
    def trace_passes(self) -> bool:
        """The same for the trace alone, without `from_context`."""
        fails = any(part.state == "fails" for part in self.trace_parts.values())
        return not fails and self.facts.state == self.from_cited.state == "passes"


__all__ = ["Check", "Checker", "Part", "check"]

# An output may have megabytes. All of it is judged, but at most this much of it is shown.
_SHOWN_CHARS = 80
_KEPT_CHARS = 500
_KEPT_FACTS = 64

_NO_TRACE: dict[TraceStatus, str] = {
    "no_trace": "there is no trace",
    "unclosed": "the trace is not closed",
    "truncated": "the output was cut off before the trace ended",
    "hidden": "the provider hid the reasoning",
}


def check(
    task: Task | str,
    context: Sequence[str],
    question: str,
    text: str,
    *,
    finish: Finish = "stop",
    reasoning: str | None = None,
) -> Check:
    """Check the raw output `text` for a question over the sentences `context`. Never raises, whatever the text.

    `task` is a task or its name; `finish` is `length` if the token limit cut the output off. `reasoning` is what a field of
    its own says, such as `reasoning_content`; without it, the reasoning is looked for in the text. Time is linear in the
    length of the text, and the size of the check is limited. For several outputs to one question, make one
    `Checker`. Raises UserError for an unknown task, and for a context that is not a sequence of texts.

    >>> import tracekd
    >>> story = ["Mary moved to the garden.", "Mary journeyed to the office."]
    >>> checked = tracekd.check("babi", story, "Where is Mary?", "<answer>garden</answer>")
    >>> checked.passes, checked.from_context.reason
    (False, 'office follows from the whole context, not garden')
    """
    return Checker.of(task, context, question).check(text, finish=finish, reasoning=reasoning)


@dataclass(frozen=True, slots=True)
class Checker:
    """A question and its context, prepared to check outputs.

    `admitted` are the classes that they admit (None: no rule); `labels` those by whose rules answers are derived where
    the output states none; `right` the answers that follow from the whole context.

    >>> import tracekd
    >>> checker = tracekd.Checker.of("babi", ["Mary moved to the garden."], "Where is Mary?")
    >>> [checker.check(f"<answer>{place}</answer>").from_context.state for place in ("garden", "office")]
    ['passes', 'fails']
    """

    task: Task
    question: str
    context: Context
    admitted: tuple[str, ...] | None
    labels: tuple[str, ...]
    premises: tuple[int, ...]
    right: tuple[Comparison, ...]

    @classmethod
    def of(cls, task: Task | str, context: Sequence[str], question: str) -> "Checker":
        """Prepare a question. Raises UserError for an unknown task, and for a context that is not a sequence of texts."""
        found = get_task(task) if isinstance(task, str) else task
        if isinstance(context, str) or not all(isinstance(text, str) for text in context):
            raise UserError("the context is not a sequence of sentences", expected='texts, such as ["Mary went home."]')
        texts = tuple(context)
        classes = found.classify(question, texts)
        admitted = None if classes is None else tuple([label for label in found.labels if label in classes])
        labels = tuple(filter(found.has_rule, found.labels if admitted is None else admitted))
        premises = found.premises(question, texts)
        right = _compared(_from_context(found, question, texts, premises, labels))
        context_of_facts = Context.of_texts(texts, has_titles=found.has_titles)
        return cls(found, question, context_of_facts, admitted, labels, premises, right)

    def check(self, text: str, *, finish: Finish = "stop", reasoning: str | None = None) -> Check:
        """Check one output. `reasoning` is what a field of its own says; `text` is then what follows it. Never raises,
        whatever the text.
        """
        return self.check_transcript(Transcript.of(text, reasoning=reasoning, finish=finish), finish=finish)

    def check_transcript(self, transcript: Transcript, *, finish: Finish = "stop") -> Check:
        """Check one output that is divided already. Never raises."""
        parsed = parse_transcript(transcript, self.task.template, finish)
        citation = Citation.of(parsed, self.context)
        return Check(
            task=self.task.name,
            status=parsed.status,
            stated_label=_cut(parsed.stated_label),
            admitted=self.admitted,
            cited=tuple(sorted([self.context.places[fact][-1] for fact in citation.known])),
            invented=tuple([fact[:_KEPT_CHARS] for fact in citation.invented[:_KEPT_FACTS]]),
            answer=_cut(parsed.answer_text),
            facts=_of_facts(parsed, citation),
            label=self._of_label(parsed),
            from_cited=self._of_cited(parsed, citation),
            from_context=self._of_context(parsed),
        )

    def _of_label(self, parsed: Parsed) -> Part:
        if parsed.status != "ok":
            return _part("fails", _NO_TRACE[parsed.status])
        if parsed.stated_label is None:
            return _part("fails", "no single class is stated")
        label = self._known(parsed.stated_label)
        if label is None:
            return _part("fails", f"{_short(parsed.stated_label)} is not a class of the task")
        if self.admitted is None:
            return _part("unknown", "no rule says which class this question has")
        classes = " or ".join(self.admitted)
        if label in self.admitted:
            return _part("passes", f"question and context allow {classes}")
        return _part("fails", f"the class is {label}, but question and context allow {classes}")

    def _of_cited(self, parsed: Parsed, citation: Citation) -> Part:
        if parsed.answer_text is None:
            return _part("fails", "there is no answer")
        if parsed.cited is None:
            return _part("fails", _why_unread(parsed))
        stated = self._known(parsed.stated_label or "")
        labels = self.labels if stated is None else tuple(filter(self.task.has_rule, [stated]))
        found = _compared(self._following(citation, labels))
        source = "the cited facts"
        if self._leaves_out_premises(citation):
            source += f" (with fact {_numbers(self.premises)} of the context, which the question takes as given)"
        if not found and self.right:
            return _part("fails", f"no answer follows from {source}")
        return _of_answer(parsed.answer_text, found, source)

    def _of_context(self, parsed: Parsed) -> Part:
        if parsed.answer_text is None:
            return _part("fails", "there is no answer")
        return _of_answer(parsed.answer_text, self.right, "the whole context")

    def _following(self, citation: Citation, labels: Sequence[str]) -> Iterator[Answer]:
        """What follows from the cited facts by the rules of these classes. If no premise is cited, each is added in turn."""
        added = [(self._fact(place),) for place in self.premises] if self._leaves_out_premises(citation) else [()]
        for premise in added:
            cited = (*citation.facts, *premise)
            yield from answers(self.task.derive, self.question, self.context, cited, labels)

    def _fact(self, place: int) -> str:
        return self.context.normal[self.context.texts[place]]

    def _leaves_out_premises(self, citation: Citation) -> bool:
        cited = {place for fact in citation.known for place in self.context.places[fact]}
        return bool(self.premises) and cited.isdisjoint(self.premises)

    def _known(self, label: str) -> str | None:
        """The task's class with this name, in any spelling."""
        wanted = normalize_label(label)
        return next((known for known in self.task.labels if normalize_label(known) == wanted), None)


def _with_one_premise(texts: tuple[str, ...], premises: tuple[int, ...]) -> Iterator[tuple[str, ...]]:
    """The context with one premise at a time, if several state the same: the question may mean any of them."""
    for kept in premises if len(premises) > 1 else ():
        yield tuple([text for place, text in enumerate(texts) if place == kept or place not in premises])


def _from_context(
    task: Task, question: str, texts: tuple[str, ...], premises: tuple[int, ...], labels: Sequence[str]
) -> Iterator[Answer]:
    """What follows from the whole context, and from the context with only one premise if several state the same."""
    for story in (texts, *_with_one_premise(texts, premises)):
        for label in labels:
            if (answer := task.derive(question, story, label)) is not None:
                yield answer


def _compared(answers: Iterable[Answer]) -> tuple[Comparison, ...]:
    """These answers without repetitions, ready for comparison."""
    return tuple(map(Comparison.of, dict.fromkeys(answers)))


def _of_facts(parsed: Parsed, citation: Citation) -> Part:
    if parsed.cited is None:
        return _part("fails", _why_unread(parsed))
    if citation.invented:
        count = len(citation.invented)
        are = "a cited fact is" if count == 1 else f"{count} cited facts are"
        return _part("fails", f"{are} not in the context: {_short(citation.invented[0])}")
    if not citation.known:
        return _part("unknown", "no fact is cited")
    return _part("passes", "every cited fact is in the context")


def _of_answer(text: str, right: Sequence[Comparison], source: str) -> Part:
    if not right:
        return _part("unknown", f"no rule derives an answer from {source}")
    follows = " or ".join(_short(render_answer(answer.gold)) for answer in right[:3])
    if any(answer.is_right(text) for answer in right):
        return _part("passes", f"{follows} follows from {source}")
    return _part("fails", f"{follows} follows from {source}, not {_short(text)}")


def _why_unread(parsed: Parsed) -> str:
    return "no readable facts are cited" if parsed.status == "ok" else _NO_TRACE[parsed.status]


def _part(state: State, reason: str) -> Part:
    return Part(state=state, reason=reason)


def _numbers(places: Sequence[int]) -> str:
    """Indexes as people count, from 1."""
    return " or ".join(str(place + 1) for place in places[:3])


def _cut(text: str | None) -> str | None:
    return None if text is None else text[:_KEPT_CHARS]


def _short(text: str) -> str:
    line = " ".join(text[: 2 * _SHOWN_CHARS].split())
    return line if len(line) <= _SHOWN_CHARS else line[: _SHOWN_CHARS - 3] + "..."
