"""A task of one's own for tracekd: which sentence of a shop's page says when it opens or closes?"""

from collections.abc import Iterator

from pydantic import BaseModel

from tracekd import Answer, Fact, Problem, Record, Task, Template
from tracekd.problem import gold_trace
from tracekd.tasks import load_records


class Row(BaseModel):
    """One line of the files: {"id": .., "question": .., "kind": .., "page": [..], "needed": [..], "answer": ..}."""

    id: str
    question: str
    kind: str
    page: list[str]
    needed: list[int]
    answer: str


def read(record: Record) -> Iterator[Problem]:
    row = record.parse(Row)
    support = tuple(map(str, row.needed))
    yield Problem(
        id=row.id, task="hours", group=row.id, question=row.question, source=record.source,
        context=tuple(Fact(id=str(number), text=text) for number, text in enumerate(row.page)),
        answer=Answer(kind="one_of", values=(row.answer,)),
        trace=gold_trace(row.kind, support), support={"support": support},
    )  # fmt: skip


EXAMPLE = (
    b'{"id":"1","question":"When do you open?","kind":"opens","page":["Tea.","From 9."],"needed":[1],"answer":"9"}'
)
TASK = Task(
    name="hours",
    summary="opening hours on shops' pages",
    labels=("opens", "closes"),
    template=Template("{facts}\n{question}\n", "The question asks when the shop", "The page says:"),
    load=lambda source: load_records(source, read),
    example=lambda: next(read(Record.of(EXAMPLE))),
)
