"""Finds the problem that an output answers: by id, else by question and context; never by answer or position."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tracekd.problem import Problem
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_fact, normalize_facts
from tracekd.tasks.prompt_parts import Prompt, take_apart
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.template import Template
from tracekd.verify.problem_of_record import problem_of
from tracekd.verify.problem_store import ProblemStore
from tracekd.verify.reading.output_record import OutputRecord, Unread

MissReason = Literal["unknown problem", "several problems ask this", "nothing to join by"]
_SEVERAL = -1


@dataclass(frozen=True, slots=True)
class Miss:
    """Why no problem was found for an output."""

    reason: MissReason


UNKNOWN_PROBLEM = Miss("unknown problem")
SEVERAL = Miss("several problems ask this")
NOTHING = Miss("nothing to join by")


@dataclass(frozen=True)
class Problems:
    """Problems, and indexes to find the problem of an output. Memory: about 500 bytes for each, and the `ProblemStore`.

    If two problems have the same question and context but different gold, only their ids distinguish them.
    """

    all: ProblemStore
    template: Template | None = None
    _by_id: dict[str, int] = field(default_factory=dict, repr=False)
    _by_question: dict[bytes, int] = field(default_factory=dict, repr=False)
    _by_both: dict[bytes, int] = field(default_factory=dict, repr=False)
    # Most outputs quote texts exactly: an exact match is found without normalisation, by the hash of the texts.
    _as_written: dict[int, int] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, problems: Iterable[Problem], template: Template | None = None) -> "Problems":
        """All problems. With the task's template, an output that quotes its whole prompt is found too."""
        made = cls(ProblemStore(), template)
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

    def place(self, output: OutputRecord) -> int | Miss:
        """The index in `all` of the problem of an output."""
        if output.id is not None:
            place = self._by_id.get(output.id)
            if place is not None and self._asks(place, output.question) and self._tells(place, output.context):
                return place
        if output.question is None:
            return NOTHING if output.id is None else UNKNOWN_PROBLEM
        # If no problem has this id, the output answers none of them, unless the facts are the same.
        by_question = output.id is None or output.context is not None
        found = self._asked(output.question, output.context) if by_question else None
        if found is None and output.context is None and self.template is not None:
            prompt = _prompt(output.question, self.template)
            found = self._asked(prompt.question, prompt.facts) if prompt.question and prompt.facts else None
        if found is None:
            return UNKNOWN_PROBLEM
        return SEVERAL if found == _SEVERAL else found

    def find(self, output: OutputRecord) -> Problem | Miss:
        """The problem of an output."""
        place = self.place(output)
        return place if isinstance(place, Miss) else self.all[place]

    def _asks(self, place: int, question: str | None) -> bool:
        """Whether the problem has the question that the output itself states, or that its prompt asks.

        Tools give their samples numbers of their own; such a number may be the id of another problem.
        """
        if question is None or question == (asked := self.all[place].question):
            return True
        return normalize_fact(asked) in normalize_fact(question)

    def _tells(self, place: int, context: tuple[str, ...] | None) -> bool:
        """Whether the problem has the facts that the output says it was made from."""
        if not context:
            return True
        texts = tuple([fact.text for fact in self.all[place].context])
        return texts == context or normalize_facts(texts) == normalize_facts(context)

    def _asked(self, question: str, context: tuple[str, ...] | None) -> int | None:
        if context is None:
            return self._by_question.get(_key(question))
        place = self._as_written.get(hash((question, context)))
        if place is not None and place != _SEVERAL and self._has_written(place, question, context):
            return place
        return self._by_both.get(_key(question, context))

    def _has_written(self, place: int, question: str, context: tuple[str, ...]) -> bool:
        """Whether the problem has exactly these texts: different texts may have the same hash."""
        problem = self.all[place]
        return problem.question == question and tuple([fact.text for fact in problem.context]) == context


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
