"""2WikiMultihopQA (arXiv 2011.01060): HotpotQA's format, with triples of Wikidata that lead to the answer (evidences).

An evidence is a triple (section 3): subject, relation, object. Comparisons have one triple of each subject with the same
relation; a chain of two triples leads from the first subject to the last object; a bridge comparison has two chains.

Text is kept byte for byte, except for outer blanks. In a few records, a supporting sentence has a number one past the
end of its paragraph: such records are skipped, because the right sentence is unknown.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

from pydantic import Discriminator, Json, StrictStr, Tag

from tracekd.problem import Hop, Problem
from tracekd.tasks.check import Check
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_answer
from tracekd.tasks.paragraphs import TEMPLATE, ParagraphRecord, answer_faults, layout, read_problem
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import load_records

COMPARISON, BRIDGE_COMPARISON = "comparison", "bridge_comparison"
# Both have the same shape. The class is `inference` if a rule of inference gives the answer ("father of father").
CHAIN = ("compositional", "inference")

_ARROW = " >> "
_EARLIER = {"first", "earlier", "older"}
_LATER = {"later", "recently", "younger", "last"}
_MONTHS = "january february march april may june july august september october november december".split()

# (year,), (year, month) or (year, month, day)
Date = tuple[int, ...]

_Triples = tuple[tuple[StrictStr, StrictStr, StrictStr], ...]

_EXAMPLE = {
    "_id": "example/0",
    "type": "compositional",
    "question": "Where was the director of film The Copper Kite born?",
    "answer": "Ostrava",
    "supporting_facts": [["The Copper Kite", 0], ["Milan Dvorsky", 1]],
    "context": [
        ["Milan Dvorsky", ["Milan Dvorsky( 1911 - 1980) was a film director.", "He was born in Ostrava."]],
        ["The Iron Kite", ["The Iron Kite is a novel about a flight over the Alps."]],
        ["The Copper Kite", ["The Copper Kite is a 1949 film directed by Milan Dvorsky.", "It is lost."]],
    ],
    "evidences": [["The Copper Kite", "director", "Milan Dvorsky"], ["Milan Dvorsky", "place of birth", "Ostrava"]],
}


class TwoWikiRecord(ParagraphRecord):
    evidences: Annotated[
        Annotated[_Triples, Tag("rows")] | Annotated[Json[_Triples], Tag("JSON text")], Discriminator(layout)
    ] = ()


def load(source: str) -> Iterator[Problem | Skipped]:
    """Yield the problems of a file, a folder of files, or a data set of the Hub in the same fields.

    Raises UserError for a source that cannot be read at all.
    """
    return load_records(source, _read)


def _read(record: Record) -> Iterator[Problem]:
    row = record.parse(TwoWikiRecord)
    hops = tuple(to_hop(Evidence(*triple)) for triple in row.evidences)
    yield read_problem("2wikimultihopqa", row, record.source, hops)


def _check(problem: Problem) -> Check:
    """Check the label and the answer against the evidences.

    `class_agree` is not measured if the shape of the evidences allows the label and another class.
    """
    evidences = of_hops(problem.hops)
    agree: dict[str, bool] = {}
    classes = possible_classes(evidences)
    if len(classes) == 1 or (classes and problem.label not in classes):
        agree["class_agree"] = problem.label in classes
    answer = derive_answer(problem.question, evidences)
    if answer is not None:
        agree["answer_agree"] = normalize_answer(answer) == normalize_answer(problem.answer.values[0])
    return Check(id=problem.id, label=problem.label, agree=agree, faults=tuple(answer_faults(problem)))


def _example() -> Problem:
    (problem,) = _read(Record.of(json.dumps(_EXAMPLE).encode()))
    return problem


class Evidence(NamedTuple):
    """A triple of Wikidata, as text."""

    subject: str
    relation: str
    object: str


def to_hop(evidence: Evidence) -> Hop:
    """The evidence as a sub-question and its answer, in the notation of MuSiQue: `subject >> relation`."""
    return Hop(question=f"{evidence.subject}{_ARROW}{evidence.relation}", answer=evidence.object)


def of_hops(hops: Sequence[Hop]) -> list[Evidence]:
    """The evidences of the sub-questions that `to_hop` made."""
    parts = [(hop.question.rpartition(_ARROW), hop.answer) for hop in hops]
    return [Evidence(subject, relation, answer) for (subject, _, relation), answer in parts]


def possible_classes(evidences: Sequence[Evidence]) -> tuple[str, ...]:
    """The classes that the shape of the evidences allows; empty for an unknown shape."""
    relations = [evidence.relation for evidence in evidences]
    if len(evidences) == 2:
        linked = _same(evidences[0].object, evidences[1].subject)
        return (COMPARISON,) if relations[0] == relations[1] and not linked else CHAIN
    if len(evidences) == 4:
        by_subject = {e.subject: {f.relation for f in evidences if f.subject == e.subject} for e in evidences}
        if len(by_subject) == 2 and all(len(found) == 2 for found in by_subject.values()):
            return (COMPARISON,)  # who lived longer: two dates of each
        if relations[0] == relations[1] and relations[2] == relations[3]:
            return (BRIDGE_COMPARISON,)
    return ()


def derive_answer(question: str, evidences: Sequence[Evidence]) -> str | None:
    """The answer that follows from the evidences; None if nothing follows."""
    classes = possible_classes(evidences)
    if classes == CHAIN:
        return evidences[-1].object
    if (classes == (COMPARISON,) and len(evidences) == 2) or classes == (BRIDGE_COMPARISON,):
        names = [evidence.subject for evidence in evidences[:2]]
        return _compare(question, names, [evidence.object for evidence in evidences[-2:]])
    return None


def _compare(question: str, names: Sequence[str], objects: Sequence[str]) -> str | None:
    dates = [read_date(value) for value in objects]
    one, other = dates
    if one and other:
        return _by_date(question, names, one, other)
    # Different names may mean the same country ("American", "U.S."): only equal names give an answer.
    return "yes" if _same(*objects) else None


def _by_date(question: str, names: Sequence[str], one: Date, other: Date) -> str | None:
    words = _words_without(question, names)
    known = min(len(one), len(other))
    if one[:known] == other[:known] or bool(words & _EARLIER) == bool(words & _LATER):
        return None
    first, last = names if one[:known] < other[:known] else reversed(names)
    return first if words & _EARLIER else last


def _words_without(question: str, names: Sequence[str]) -> set[str]:
    """The words of the question outside of names: a film may be called `The First Day`."""
    rest = question.casefold()
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name.casefold(), " ")
    return set(normalize_answer(rest).split())


def read_date(text: str) -> Date | None:
    """The date, with or without day and month: `9 June 1956`, `June 9, 1956`, `June 1956`, `1956`. None if it is not a date."""
    words = text.replace(",", " ").lower().split()
    numbers = [word for word in words if word.isascii() and word.isdigit() and len(word) <= 4]
    months = [word for word in words if word in _MONTHS]
    if len(words) != len(numbers) + len(months) or not numbers or len(numbers) > 1 + len(months) or len(months) > 1:
        return None
    *days, year = map(int, numbers)
    if any(day > 31 for day in days):
        return None
    return (year, *(_MONTHS.index(month) + 1 for month in months), *days)


def _same(one: str, other: str) -> bool:
    return normalize_answer(one) == normalize_answer(other)


TASK = Task(
    name="2wikimultihopqa",
    summary="questions over two or four of ten paragraphs of Wikipedia, with sentences and triples as evidence",
    labels=(BRIDGE_COMPARISON, COMPARISON, *CHAIN),
    template=TEMPLATE,
    load=load,
    example=_example,
    check=_check,
    has_titles=True,
    formats=(
        "the official files, one JSON array (train.json, dev.json), or JSON Lines",
        "the Hub's rows in HotpotQA's layout, or with context, supporting_facts and evidences as JSON texts; Parquet or CSV",
    ),
    licence="Apache-2.0",
    citation="Ho et al. 2020, arXiv 2011.01060",
    homepage="https://github.com/Alab-NII/2wikimultihop",
)
