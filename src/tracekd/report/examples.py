"""One example as the page shows it: the output divided into parts, each with its name and verdict in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tracekd.problem import Problem
from tracekd.report.content import Shown
from tracekd.report.layout import asks_for_trace
from tracekd.report.visible import SHOWN_CHARS, Bounded, bounded
from tracekd.tasks import get_task
from tracekd.tasks.normalize import normalize_fact
from tracekd.tasks.template import Template, render_answer
from tracekd.transcript.transcript import Finish
from tracekd.verify.parse import Parsed, parse
from tracekd.verify.verdict import StepVerdict, Verdict

_ANSWER = "<answer>"

PartName = Literal["class step", "retrieval step", "answer", ""]


@dataclass(frozen=True)
class Part:
    """A part of an output, with its kind. The joined parts are the text that the page shows."""

    text: str
    name: PartName
    verdict: StepVerdict | Literal[""]


@dataclass(frozen=True)
class FactLine:
    """A fact of the context: is it gold, did the trace cite it?"""

    id: str
    text: Bounded
    gold: bool
    cited: bool


@dataclass(frozen=True)
class ExampleView:
    """An example ready for the page. `judged`: each part's name and verdict. Texts are bounded, not escaped."""

    heading: str
    origin: str
    question: Bounded
    gold_class: str
    gold_answer: Bounded
    facts: tuple[FactLine, ...]
    parts: tuple[Part, ...]
    cut: int
    judged: tuple[tuple[PartName, StepVerdict], ...]
    stated_class: Bounded | None
    cited: tuple[Bounded, ...]
    consistent: str
    reason: Bounded
    is_free: bool = False


def view(number: int, shown: Shown) -> ExampleView:
    """An example for the page; `number` is its place, from 1."""
    problem, output, verdict = shown.problem, shown.output, shown.verdict
    stated = verdict.stated_label
    ended = "cut off by the length limit" if output.finish == "length" else "ended by the student"
    asked = "" if asks_for_trace(output.regime) else "; no trace is asked for"
    origin = f"problem {problem.id}, student {output.student}, seed {output.seed}"
    return ExampleView(
        heading=f"Example {number}: {output.regime}",
        origin=f"{origin}; {len(output.token_ids):,} tokens, {ended}{asked}",
        question=bounded(problem.question),
        gold_class=problem.label,
        gold_answer=bounded(render_answer(problem.answer)),
        facts=_facts(problem, verdict),
        parts=tuple(_bounded_parts(parts(output.text, output.finish, get_task(problem.task).template, verdict))),
        cut=max(0, len(output.text) - SHOWN_CHARS),
        judged=(
            ("class step", verdict.class_step),
            ("retrieval step", verdict.retrieval_step),
            ("answer", _answer_verdict(verdict)),
        ),
        stated_class=None if stated is None else bounded(stated),
        cited=tuple(bounded(fact) for fact in verdict.cited),
        consistent=_consistent(verdict),
        reason=bounded(verdict.reason),
    )


def parts(text: str, finish: Finish, template: Template, verdict: Verdict) -> list[Part]:
    """The whole output, in order, as parts; judged parts have a name and a verdict."""
    found: list[Part] = []
    at = 0
    for begin, end, name, judged in _judged(text, parse(text, template, finish), template, verdict):
        found += [Part(text[at:begin], "", ""), Part(text[begin:end], name, judged)]
        at = end
    found.append(Part(text[at:], "", ""))
    return [part for part in found if part.text]


def _judged(
    text: str, parsed: Parsed, template: Template, verdict: Verdict
) -> Iterator[tuple[int, int, PartName, StepVerdict]]:
    """The place (begin, end) of each part, in order. Steps are included only if the trace could be read."""
    # Several blocks of reasoning, joined, are in no single place.
    opened = text.find(parsed.trace_text) if parsed.trace_text else -1
    close = opened + len(parsed.trace_text) if opened >= 0 else 0
    if opened >= 0:
        starts: list[tuple[int, PartName, StepVerdict]] = [
            *(
                (m.start(), "class step", verdict.class_step)
                for m in template.classify_pattern.finditer(text, opened, close)
            ),
            *(
                (m.start(), "retrieval step", verdict.retrieval_step)
                for m in template.retrieve_pattern.finditer(text, opened, close)
            ),
        ]
        starts.sort()
        bounds = [*(start for start, _, _ in starts), close]
        for (start, name, judged), end in zip(starts, bounds[1:], strict=True):
            yield start, start + len(text[start:end].rstrip()), name, judged
    if parsed.answer_text is not None:
        begin = _answer_begin(text, parsed.answer_text, close)
        if begin >= 0:
            yield begin, begin + len(parsed.answer_text), "answer", _answer_verdict(verdict)


def _answer_begin(text: str, answer: str, after: int) -> int:
    """The place of the parsed answer: directly after its tag, or at the end of the output; -1 if it is in no one place."""
    opened = text.find(_ANSWER, after)
    return text.find(answer, opened + len(_ANSWER)) if opened >= 0 else text.rfind(answer, after)


def _answer_verdict(verdict: Verdict) -> StepVerdict:
    if not verdict.answer_parsed:
        return "unparsed"
    return "right" if verdict.answer else "wrong"


def _consistent(verdict: Verdict) -> str:
    if verdict.consistent is None:
        return "no rule can tell whether the answer follows from the facts that the trace cites"
    if verdict.consistent:
        return "the answer follows from the facts that the trace cites"
    why = "" if verdict.cited else ": it cites no readable facts"
    return f"the answer does not follow from the facts that the trace cites{why}"


def _bounded_parts(found: list[Part]) -> Iterator[Part]:
    left = SHOWN_CHARS
    for part in found:
        if left <= 0:
            return
        yield Part(part.text[:left], part.name, part.verdict)
        left -= len(part.text)


def _facts(problem: Problem, verdict: Verdict) -> tuple[FactLine, ...]:
    gold = set(problem.trace.facts)
    cited = {normalize_fact(fact) for fact in verdict.cited}
    return tuple(
        FactLine(fact.id, bounded(fact.text), fact.id in gold, normalize_fact(fact.text) in cited)
        for fact in problem.context
    )
