"""Judges an output without the gold answer: by the rules of its task, from question and context alone.

An output that passes is coherent and follows by rule. One that fails is provably wrong, or says nothing that can be
judged. If a task has no rule, a part is `unknown`: nothing is guessed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from tracekd.errors import UserError
from tracekd.problem import Answer
from tracekd.tasks import get_task
from tracekd.tasks.context import Context
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_label
from tracekd.tasks.what_follows import answers
from tracekd.transcript.transcript import Finish, Transcript
from tracekd.verify.answer import Comparison
from tracekd.verify.check import Check, Part, cut, no_answer, of_answer, part
from tracekd.verify.citation import Citation
from tracekd.verify.free_check import check_free_trace, numbered
from tracekd.verify.free_question import FreeQuestion, FreeReading, check_has_grammar
from tracekd.verify.parse import Parsed, parse_transcript
from tracekd.verify.trace_kind import TraceKind, is_free, read_trace_kind
from tracekd.verify.verdict import STORED_CHARS, STORED_FACTS
from tracekd.verify.wording import NO_TRACE, short


def check(
    task: Task | str,
    context: Sequence[str],
    question: str,
    text: str,
    *,
    finish: Finish = "stop",
    reasoning: str | None = None,
    trace: TraceKind = "template",
) -> Check:
    """Check the raw output `text` for a question over the sentences `context`. Never raises, whatever the text.

    `task` is a task or its name; `finish` is `length` if the token limit cut the output off. `reasoning` is what a field of
    its own says, such as `reasoning_content`; without it, the reasoning is looked for in the text. `trace`: the trace is read
    by our `template`, as a `free` one (statement by statement), or `auto`: by the template if it has a sentence of it. Time
    is linear in the length of the text, and the size of the check is limited. For several outputs to one question, make one
    `Checker`. Raises UserError for an unknown task, for a context that is not a sequence of texts, and for free traces of a
    task that has no grammar for them.

    >>> import tracekd
    >>> story = ["Mary moved to the garden.", "Mary journeyed to the office."]
    >>> checked = tracekd.check("babi", story, "Where is Mary?", "<answer>garden</answer>")
    >>> checked.passes, checked.from_context.reason
    (False, 'office follows from the whole context, not garden')
    """
    return Checker.of(task, context, question, trace).check(text, finish=finish, reasoning=reasoning)


@dataclass(frozen=True, slots=True)
class Checker:
    """A question and its context, prepared to check outputs.

    `admitted` are the classes that they admit (None: no rule); `labels` those by whose rules answers are derived where
    the output states none; `right` the answers that follow from the whole context. `trace` says which traces the outputs
    have; `free` prepares the question for free ones, when the first is met (None: there are none).

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
    trace: TraceKind = "template"
    free: Callable[[], FreeQuestion] | None = None

    @classmethod
    def of(cls, task: Task | str, context: Sequence[str], question: str, trace: TraceKind = "template") -> "Checker":
        """Prepare a question. Raises UserError for an unknown task, for a context that is not a sequence of texts, and for
        free traces of a task that has no grammar for them.
        """
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
        free, kind = None, read_trace_kind(trace)
        if kind != "template":
            check_has_grammar(found)
            free = cache(partial(FreeQuestion.of, found, question, numbered(texts), context_of_facts))
        return cls(found, question, context_of_facts, admitted, labels, premises, right, kind, free)

    def check(self, text: str, *, finish: Finish = "stop", reasoning: str | None = None) -> Check:
        """Check one output. `reasoning` is what a field of its own says; `text` is then what follows it. Never raises,
        whatever the text.
        """
        return self.check_transcript(Transcript.of(text, reasoning=reasoning, finish=finish), finish=finish)

    def check_transcript(self, transcript: Transcript, *, finish: Finish = "stop") -> Check:
        """Check one output that is divided already. Never raises."""
        reading = self._free_reading(transcript, finish)
        if reading is not None:
            return check_free_trace(self, *reading)
        return self._check_parsed(parse_transcript(transcript, self.task.template, finish))

    def compare(self, transcript: Transcript, gold: Comparison, *, finish: Finish = "stop") -> tuple[Check, bool]:
        """The check of one output, and whether its answer is the gold one; that of a free trace by any reading."""
        reading = self._free_reading(transcript, finish)
        if reading is not None:
            return check_free_trace(self, *reading), reading[1].is_right(gold)
        parsed = parse_transcript(transcript, self.task.template, finish)
        return self._check_parsed(parsed), gold.is_right(parsed.answer_text)

    def _free_reading(self, transcript: Transcript, finish: Finish) -> tuple[FreeQuestion, FreeReading] | None:
        """What an output says that is judged as a free trace."""
        if self.free is None or not is_free(self.trace, transcript, self.task.template):
            return None
        question = self.free()
        return question, question.read(transcript, finish)

    def _check_parsed(self, parsed: Parsed) -> Check:
        citation = Citation.of(parsed, self.context)
        return Check(
            task=self.task.name,
            status=parsed.status,
            stated_label=cut(parsed.stated_label),
            admitted=self.admitted,
            cited=tuple(sorted([self.context.places[fact][-1] for fact in citation.known])),
            invented=tuple([fact[:STORED_CHARS] for fact in citation.invented[:STORED_FACTS]]),
            answer=cut(parsed.answer_text),
            facts=_of_facts(parsed, citation),
            label=self._of_label(parsed),
            from_cited=self._of_cited(parsed, citation),
            from_context=self._of_context(parsed),
        )

    def _of_label(self, parsed: Parsed) -> Part:
        if parsed.status != "ok":
            return part("fails", NO_TRACE[parsed.status])
        if parsed.stated_label is None:
            return part("fails", "no single class is stated")
        return self.of_stated_label(parsed.stated_label)

    def of_stated_label(self, stated: str) -> Part:
        """The part about a class that an output states."""
        label = self._known(stated)
        if label is None:
            return part("fails", f"{short(stated)} is not a class of the task")
        if self.admitted is None:
            return part("unknown", "no rule says which class this question has")
        classes = " or ".join(self.admitted)
        if label in self.admitted:
            return part("passes", f"question and context allow {classes}")
        return part("fails", f"the class is {label}, but question and context allow {classes}")

    def _of_cited(self, parsed: Parsed, citation: Citation) -> Part:
        if parsed.answer_text is None:
            return no_answer()
        if parsed.cited is None:
            return part("fails", _why_unread(parsed))
        stated = self._known(parsed.stated_label or "")
        labels = self.labels if stated is None else tuple(filter(self.task.has_rule, [stated]))
        found = _compared(self._following(citation, labels))
        source = "the cited facts"
        if self._leaves_out_premises(citation):
            source += f" (with fact {_numbers(self.premises)} of the context, which the question takes as given)"
        if not found and self.right:
            return part("fails", f"no answer follows from {source}")
        return _of_answer(parsed.answer_text, found, source)

    def _of_context(self, parsed: Parsed) -> Part:
        if parsed.answer_text is None:
            return no_answer()
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
        return part("fails", _why_unread(parsed))
    if citation.invented:
        count = len(citation.invented)
        are = "a cited fact is" if count == 1 else f"{count} cited facts are"
        return part("fails", f"{are} not in the context: {short(citation.invented[0])}")
    if not citation.known:
        return part("unknown", "no fact is cited")
    return part("passes", "every cited fact is in the context")


def _of_answer(text: str, right: Sequence[Comparison], source: str) -> Part:
    return of_answer(text, right, source, is_right=any(answer.is_right(text) for answer in right))


def _why_unread(parsed: Parsed) -> str:
    return "no readable facts are cited" if parsed.status == "ok" else NO_TRACE[parsed.status]


def _numbers(places: Sequence[int]) -> str:
    """Indexes as people count, from 1."""
    return " or ".join(str(place + 1) for place in places[:3])
