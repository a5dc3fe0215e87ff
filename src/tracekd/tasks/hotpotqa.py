"""HotpotQA (arXiv 1809.09600): questions over two paragraphs of Wikipedia. The class is how the two are connected.

Text is kept byte for byte, except for outer blanks; HTML entities in a few records stay, because the data set's own
evaluation has them, too. In the fullwiki files the paragraphs come from a search, and gold paragraphs may be missing:
such a problem belongs to the stratum `gold_missing`, and its support is the part that was found.
"""

import json
from collections.abc import Iterator

from tracekd.problem import Problem
from tracekd.tasks.check import Check
from tracekd.tasks.contract import Task
from tracekd.tasks.paragraphs import TEMPLATE, ParagraphRecord, answer_faults, read_problem
from tracekd.tasks.reading.fault import Skipped
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import load_records

_EXAMPLE = {
    "_id": "example/0",
    "type": "bridge",
    "level": "medium",
    "question": "In which year was the mill where Ida Brandt worked built?",
    "answer": "1871",
    "supporting_facts": [["Ida Brandt", 1], ["Kolm Mill", 0]],
    "context": [
        ["Kolm", ["Kolm is a village on the river Sarn.", " It has 412 inhabitants."]],
        ["Kolm Mill", ["Kolm Mill is a paper mill built in 1871.", " It closed in 1954."]],
        ["Ida Brandt", ["Ida Brandt was an engraver.", " She worked at Kolm Mill for nine years."]],
    ],
}


def load(source: str) -> Iterator[Problem | Skipped]:
    """Yield the problems of a file, a folder of files, or `hub:hotpotqa/hotpot_qa:distractor:validation`.

    Raises UserError for a source that cannot be read at all.
    """
    return load_records(source, _read)


def _read(record: Record) -> Iterator[Problem]:
    yield read_problem("hotpotqa", record.parse(ParagraphRecord), record.source)


def _check(problem: Problem) -> Check:
    return Check(id=problem.id, label=problem.label, agree={}, faults=tuple(answer_faults(problem)))


def _example() -> Problem:
    (problem,) = _read(Record.of(json.dumps(_EXAMPLE).encode()))
    return problem


TASK = Task(
    name="hotpotqa",
    summary="questions over two of ten paragraphs of Wikipedia, with supporting sentences",
    labels=("bridge", "comparison"),
    template=TEMPLATE,
    load=load,
    example=_example,
    check=_check,
    has_titles=True,
    formats=(
        "the official files, one JSON array (hotpot_dev_distractor_v1.json, hotpot_dev_fullwiki_v1.json), or JSON Lines",
        "the Hub's rows: hub:hotpotqa/hotpot_qa:distractor:validation, Parquet or JSON Lines",
    ),
    licence="CC BY-SA 4.0",
    citation="Yang et al. 2018, arXiv 1809.09600",
    homepage="https://hotpotqa.github.io",
)
