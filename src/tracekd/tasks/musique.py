"""MuSiQue (arXiv 2108.00573): questions composed of two to four single questions. The class is the number of hops.

MuSiQue-Full has each question twice under one id: with all paragraphs, and without some of the gold ones. The second
belongs to the stratum `gold_missing` and gets an id of its own; a tie keeps the two on one side of a split.
"""

import json
import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from tracekd.problem import Fact, Hop, Problem, gold_trace
from tracekd.tasks.check import Check
from tracekd.tasks.contract import Task
from tracekd.tasks.normalize import normalize_answer
from tracekd.tasks.paragraphs import GOLD_MISSING, TEMPLATE, answer_faults, gold_group, text_answer
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import load_records

# `2hop__1_2`, `3hop1__1_2_3`: the number after the hops is the shape of the question, in the order of the paper.
_HOPS_OF_ID = re.compile(r"([0-9]hop)[0-9]?__")
_REFERENCE = re.compile(r"#([0-9]{1,3})(?![0-9])")

_Index = Annotated[int, Field(strict=True, ge=0, lt=2**31)]


class _Paragraph(BaseModel):
    model_config = ConfigDict(frozen=True)
    idx: _Index
    title: StrictStr
    paragraph_text: StrictStr
    is_supporting: StrictBool


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True)
    question: StrictStr
    answer: StrictStr
    paragraph_support_idx: _Index | None


class MusiqueRecord(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: StrictStr
    paragraphs: tuple[_Paragraph, ...]
    question: StrictStr
    question_decomposition: tuple[_Step, ...]
    answer: StrictStr
    answer_aliases: tuple[StrictStr, ...] = ()
    # MuSiQue-Ans may not have this field.
    answerable: StrictBool = True


def load(source: str) -> Iterator[Problem | Skipped]:
    """Yield the problems of a file, a folder of files, or a data set of the Hub in the same fields.

    Raises UserError for a source that cannot be read at all.
    """
    return load_records(source, _read)


def _read(record: Record) -> Iterator[Problem]:
    row = record.parse(MusiqueRecord)
    support = _support(row)
    yield Problem(
        id=row.id if row.answerable else f"{row.id}/unanswerable",
        task="musique",
        group=gold_group("musique", ((p.title, p.paragraph_text) for p in row.paragraphs if p.is_supporting)),
        question=row.question.strip(),
        context=tuple(Fact(id=str(p.idx), text=f"{p.title}: {p.paragraph_text.strip()}") for p in _nonempty(row)),
        answer=text_answer([row.answer, *row.answer_aliases]),
        trace=gold_trace(_label(row.id), support),
        support={"support": support},
        stratum="answerable" if row.answerable else GOLD_MISSING,
        ties=(f"musique/{row.id}",),
        hops=tuple(_hop(step) for step in row.question_decomposition),
        source=record.source,
    )


def _nonempty(row: MusiqueRecord) -> list[_Paragraph]:
    """The paragraphs that are not empty; all keep their numbers. Raises Fault if a supporting one is empty."""
    for paragraph in row.paragraphs:
        if paragraph.is_supporting and not paragraph.paragraph_text.strip():
            raise Fault("supporting paragraph is empty", f"paragraph {paragraph.idx}")
    return [paragraph for paragraph in row.paragraphs if paragraph.paragraph_text.strip()]


def _label(name: str) -> str:
    found = _HOPS_OF_ID.match(name)
    if not found:
        raise Fault("no number of hops in the id", name[:80])
    return found[1]


def _support(row: MusiqueRecord) -> tuple[str, ...]:
    """The supporting paragraphs in the order of the hops. Those without a hop, which real files do not have, come last."""
    known = {p.idx for p in _nonempty(row)}
    supporting = {p.idx for p in row.paragraphs if p.is_supporting}
    of_hops = [step.paragraph_support_idx for step in row.question_decomposition]
    for idx in of_hops:
        if idx is None and row.answerable:
            raise Fault("hop without a paragraph", "although the question is answerable")
        if idx is not None and idx not in known:
            raise Fault("hop's paragraph is not in the context", str(idx))
    if row.answerable and not supporting:
        raise Fault("no supporting facts")
    ordered = [idx for idx in of_hops if idx in supporting]
    return tuple(map(str, dict.fromkeys([*ordered, *sorted(supporting)])))


def _hop(step: _Step) -> Hop:
    idx = step.paragraph_support_idx
    return Hop(question=step.question, answer=step.answer, facts=() if idx is None else (str(idx),))


def _check(problem: Problem) -> Check:
    """Check the label and the answer against the decomposition.

    `class_agree`: the number of hops in the id is the number of sub-questions and (if no gold is missing) of supporting
    paragraphs. `answer_agree`: the last sub-answer is the answer or an alias. Faults, besides those of the answer:
    `support_is_not_of_hops` (the marked paragraphs are not those of the hops) and `dangling_reference` (a sub-question
    refers to `#2` before the second one is answered).
    """
    counts = {len(problem.hops)}
    if problem.stratum != GOLD_MISSING:
        counts.add(len(problem.support["support"]))
    agree = {"class_agree": counts == {int(problem.label.removesuffix("hop"))}}
    if problem.hops:
        values = map(normalize_answer, problem.answer.values)
        agree["answer_agree"] = normalize_answer(problem.hops[-1].answer) in values
    return Check(id=problem.id, label=problem.label, agree=agree, faults=tuple(_faults(problem)))


def _faults(problem: Problem) -> Iterator[str]:
    yield from answer_faults(problem)
    if {fact for hop in problem.hops for fact in hop.facts} != set(problem.support["support"]):
        yield "support_is_not_of_hops"
    if any(_dangles(number, hop) for number, hop in enumerate(problem.hops, start=1)):
        yield "dangling_reference"


def _dangles(number: int, hop: Hop) -> bool:
    return any(not 0 < int(named) < number for named in _REFERENCE.findall(hop.question))


_PARAGRAPHS = {
    "Lake Orrin": "Lake Orrin lies in the hills of Tavia. The village of Denn stands on its north shore.",
    "Denn": "Denn is a village of fishers. Its bell tower was cast and built in 1703.",
    "Orrin Cup": "The Orrin Cup is a regatta held every June since 1921.",
    "Tavia": "Tavia is a province in the north. Its capital is Maren, on the banks of the Sarn.",
}

_EXAMPLE = {
    "id": "2hop__1_2",
    "question": "When was the bell tower of the village on the north shore of Lake Orrin built?",
    "answer": "1703",
    "answer_aliases": ["in 1703"],
    "answerable": True,
    "paragraphs": [
        {"idx": idx, "title": title, "paragraph_text": text, "is_supporting": title in ("Lake Orrin", "Denn")}
        for idx, (title, text) in enumerate(sorted(_PARAGRAPHS.items()))
    ],
    "question_decomposition": [
        {
            "question": "Which village is on the north shore of Lake Orrin?",
            "answer": "Denn",
            "paragraph_support_idx": 1,
        },
        {"question": "When was the bell tower of #1 built?", "answer": "1703", "paragraph_support_idx": 0},
    ],
}


def _example() -> Problem:
    (problem,) = _read(Record.of(json.dumps(_EXAMPLE).encode()))
    return problem


TASK = Task(
    name="musique",
    summary="questions composed of two to four single questions over twenty paragraphs, with the decomposition",
    labels=("2hop", "3hop", "4hop"),
    template=TEMPLATE,
    load=load,
    example=_example,
    check=_check,
    has_titles=True,
    formats=("the official files, JSON Lines (musique_ans_v1.0_dev.jsonl, musique_full_v1.0_dev.jsonl)",),
    licence="CC BY 4.0",
    citation="Trivedi et al. 2022, arXiv 2108.00573",
    homepage="https://github.com/StonyBrookNLP/musique",
)
