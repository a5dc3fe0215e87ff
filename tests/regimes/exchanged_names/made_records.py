"""Records of the four tasks, written for these tests in the formats of the data sets."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.tasks.loading import load_strict

Record = Mapping[str, Any]
PEOPLE = [
    ["Ada Fenn", ["Ada Fenn (born 3 May 1921) was a Danish painter.", "She lived in Ribe, Denmark."]],
    ["Carl Moss", ["Carl Moss (12 June 1918 – 4 July 1980) was a Norwegian engraver.", "He was born in Voss, Norway."]],
    [
        "Nils Hald",
        ["Nils Hald (9 March 1925 – 1 April 1991) was a Finnish writer.", "His wife Rut Hald died in Turku."],
    ],
    ["Vardo Press", ["Vardo Press is a company founded in 1904.", "It was led by Olaf Brekke, an Estonian engineer."]],
]


def problems(task: str, records: list[Record], folder: Path) -> list[Problem]:
    """The problems of these records, read by the task's own loader."""
    file = folder / f"{task}.jsonl"
    file.write_text("".join([json.dumps(dict(record)) + "\n" for record in records]))
    return list(load_strict(get_task(task), [str(file)]))


def multi_hop(question: str, answer: str, gold: list[list[Any]], kind: str = "bridge", **more: Any) -> Record:
    """A record of HotpotQA's format: the gold paragraphs, each with all its sentences gold, and four others."""
    cited = [[title, at] for title, sentences in gold for at in range(len(sentences))]
    return {
        "_id": question, "type": kind, "level": "medium", "question": question, "answer": answer,
        "supporting_facts": cited, "context": [*gold, *PEOPLE], **more,
    }  # fmt: skip


def musique(question: str, answer: str, gold: list[list[str]], aliases: list[str]) -> Record:
    """A record of MuSiQue: two gold paragraphs and four others."""
    others = [[title, " ".join(sentences)] for title, sentences in PEOPLE]
    return {
        "id": "2hop__1_2", "question": question, "answer": answer, "answer_aliases": aliases, "answerable": True,
        "paragraphs": [
            {"idx": idx, "title": title, "paragraph_text": text, "is_supporting": idx < len(gold)}
            for idx, (title, text) in enumerate([*gold, *others])
        ],
        "question_decomposition": [
            {"question": "?", "answer": answer, "paragraph_support_idx": idx} for idx in range(len(gold))
        ],
    }  # fmt: skip


def marco(
    question: str, answers: list[str], selected: str, others: tuple[str, ...] = (), kind: str = "NUMERIC"
) -> Record:
    """A record of MS MARCO: one selected passage, and others."""
    passages = [
        {"is_selected": 1, "passage_text": selected},
        *({"is_selected": 0, "passage_text": one} for one in others),
    ]
    return {"answers": answers, "passages": passages, "query": question, "query_id": 1, "query_type": kind}
