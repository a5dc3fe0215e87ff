"""Finds the problem that an output answers: by id, else by question and context; never by answer or position."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from tracekd.problem import Problem
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_fact, normalize_facts
from tracekd.tasks.prompt_parts import Prompt, take_apart
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.template import Template
from tracekd.verify import shown_context, shown_paragraphs
from tracekd.verify.problem_of_record import problem_of
from tracekd.verify.problem_store import ProblemStore
from tracekd.verify.reading.output_record import OutputRecord, Unread
from tracekd.verify.shown_context import ShownContexts
from tracekd.verify.shown_paragraphs import ShownParagraphs

MissReason = Literal["unknown problem", "several problems ask this", "nothing to join by", "its context is not seen"]
_SEVERAL = -1


class Found(NamedTuple):
    """The index of a problem in `Problems.all`; `by_content`: its context was written differently in the record."""

    place: int
    by_content: bool = False


@dataclass(frozen=True, slots=True)
class Miss:
    """Why no problem was found for an output."""

    reason: MissReason


UNKNOWN_PROBLEM = Miss("unknown problem")
SEVERAL = Miss("several problems ask this")
NOTHING = Miss("nothing to join by")
UNSEEN = Miss("its context is not seen")


@dataclass(frozen=True)
class Problems:
    """Problems, and indexes to find the problem of an output. Memory: about 500 bytes for each, and the `ProblemStore`.

    If two problems have the same question and context but different gold, only their ids distinguish them.
    """

    all: ProblemStore
    template: Template | None = None
    has_titles: bool = False
    _by_id: dict[str, int] = field(default_factory=dict, repr=False)
    _by_question: dict[bytes, int] = field(default_factory=dict, repr=False)
    _by_both: dict[bytes, int] = field(default_factory=dict, repr=False)
    # Most outputs quote texts exactly: an exact match is found without normalisation, by the hash of the texts.
    _as_written: dict[int, int] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, problems: Iterable[Problem], template: Template | None = None, *, has_titles: bool = False
    ) -> "Problems":
        """All problems. With the task's template, an output that quotes its whole prompt is found too. `has_titles`: see
        `Task`.
        """
        made = cls(ProblemStore(), template, has_titles)
        for place, problem in enumerate(problems):
            made.all.add(problem)
            made._note(place, problem)
        return made

    def _note(self, place: int, problem: Problem) -> None:
        texts = tuple([fact.text for fact in problem.context])
        self._by_id.setdefault(problem.id, place)
        asked = _key(problem.question)
        self._by_question[asked] = place if asked not in self._by_question else _SEVERAL
        both = _key(problem.question, texts)
        self._by_both[both] = self._one_of(self._by_both.get(both), place)
        self._as_written[hash((problem.question, texts))] = self._by_both[both]

    def _one_of(self, known: int | None, place: int) -> int:
        """The first of two problems with the same question and facts, if their gold is the same; else `_SEVERAL`."""
        if known is None:
            return place
        return known if known != _SEVERAL and _gold(self.all[known]) == _gold(self.all[place]) else _SEVERAL

    def place(self, output: OutputRecord) -> Found | Miss:
        """Where the problem of an output is.

        An id counts only if the record shows no other question or context. Without an id, the context must be seen, in a
        field or in the prompt: an output must never be judged on a context that its model did not see.
        """
        if output.id is not None and (known := self._by_id.get(output.id)) is not None:
            if output.question is None and output.context is None and output.prompt is None:
                return Found(known)
            is_same = self._fits(known, output)
            if is_same is not None:
                return Found(known, by_content=not is_same)
        return self._by_texts(output)

    def _fits(self, place: int, output: OutputRecord) -> bool | None:
        """Whether an output shows the question and context of the problem: True, or None if it shows others. False: the
        context is written differently.
        """
        if not self._asks(place, output.question or output.prompt):
            return None
        if output.context:
            texts = tuple([fact.text for fact in self.all[place].context])
            if texts == output.context or normalize_facts(texts) == normalize_facts(output.context):
                return True
            return False if self._shows(place, output.context) else None
        # With an id and a question, the form of the prompt does not matter.
        if output.prompt is None or output.question is not None:
            return True
        within = shown_paragraphs.is_within if self.has_titles else shown_context.is_within
        return True if within(self.all[place], output.prompt) else None

    def _shows(self, place: int, context: tuple[str, ...]) -> bool:
        shows = shown_paragraphs.shows if self.has_titles else shown_context.shows
        return shows(self.all[place], context)

    def _by_texts(self, output: OutputRecord) -> Found | Miss:
        asked = output.question or output.prompt
        if asked is None:
            return NOTHING if output.id is None else UNKNOWN_PROBLEM
        if output.context and output.question is not None:
            return self._with_context(output.question, output.context)
        found = self._of_prompt(output.prompt or asked, output.question if output.prompt else None)
        if found is not None:
            return found
        if output.prompt is not None:
            return UNKNOWN_PROBLEM
        # Only a question: it is enough if the problem has no context.
        alone = self._by_question.get(_key(asked)) if output.id is None else None
        if alone is None:
            return UNKNOWN_PROBLEM
        if alone == _SEVERAL:
            return UNSEEN
        return UNSEEN if self.all[alone].context else Found(alone)

    def _with_context(self, question: str, context: tuple[str, ...]) -> Found | Miss:
        place = self._as_written.get(hash((question, context)))
        if place is None:
            place = self._by_both.get(_key(question, context))
        if place is not None:
            return SEVERAL if place == _SEVERAL else Found(place)
        shown = self._shown.find(question, "\n".join(context))
        if shown is None or (shown != _SEVERAL and not self._shows(shown, context)):
            return UNKNOWN_PROBLEM
        return SEVERAL if shown == _SEVERAL else Found(shown, by_content=True)

    def _of_prompt(self, text: str, question: str | None) -> Found | Miss | None:
        """The problem that a prompt shows: in the form of our template, or in any other form."""
        prompt = None if self.template is None else _prompt(text, self.template)
        if prompt is not None and prompt.question and prompt.facts:
            place = self._by_both.get(_key(prompt.question, prompt.facts))
            if place is not None:
                return SEVERAL if place == _SEVERAL else Found(place)
        if "\n" not in text.strip() and ". " not in text:
            return None  # a bare question
        shown = self._shown.find(question, text)
        return None if shown is None else SEVERAL if shown == _SEVERAL else Found(shown)

    @cached_property
    def _shown(self) -> ShownContexts | ShownParagraphs:
        return ShownParagraphs(self.all) if self.has_titles else ShownContexts(self.all)

    def find(self, output: OutputRecord) -> Problem | Miss:
        """The problem of an output."""
        found = self.place(output)
        return found if isinstance(found, Miss) else self.all[found.place]

    def _asks(self, place: int, question: str | None) -> bool:
        """Whether the problem has the question that the output itself states, or that its prompt asks.

        Tools give their samples numbers of their own; such a number may be the id of another problem.
        """
        if question is None or question == (asked := self.all[place].question):
            return True
        return normalize_fact(asked) in normalize_fact(question)


def _gold(problem: Problem) -> tuple[object, ...]:
    return problem.label, problem.answer, *normalize_facts(problem.texts(problem.trace.facts))


def _prompt(text: str, template: Template) -> Prompt:
    """The parts of the prompt at the end of the text, which may follow examples or be inside a chat template."""
    begin = template.prompt.partition("{facts}")[0].strip()
    return take_apart(text[max(text.rfind(begin), 0) :] if begin else text, template)


def _key(question: str, context: Sequence[str] | None = None) -> bytes:
    parts = normalize_facts([question, *(context or ())])
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def problems_in(outputs: Iterable[OutputRecord | Unread], task: Task) -> Iterator[Problem | Skipped]:
    """Yield the problems that the records of outputs contain, each once, and a Skipped for each record without one.

    If two records have the same question but different gold, the first counts. Lines without an output are ignored.
    """
    seen: dict[bytes, bytes] = {}
    as_written: set[int] = set()
    for output in outputs:
        if isinstance(output, Unread):
            continue
        # Most often, this is exactly the same record under another regime.
        exact = hash((output.question, output.context, output.label, output.gold))
        if exact in as_written:
            continue
        as_written.add(exact)
        key, gold = _key(output.question or "", output.context), _gold_key(output)
        if (known := seen.get(key)) is not None:
            if known != gold:
                yield Skipped.of(Fault("gold disagrees with an earlier record"), output.where)
            continue
        try:
            problem = problem_of(output, task.name)
        except Fault as fault:
            yield Skipped.of(fault, output.where)
            continue
        seen[key] = gold
        yield problem


def _gold_key(output: OutputRecord) -> bytes:
    gold = output.gold
    parts = (output.label or "", *(gold.answers if gold else ()), "", *((gold and gold.support) or ()))
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
