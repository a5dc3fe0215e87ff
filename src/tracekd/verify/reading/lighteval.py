"""Details of lighteval (`details_TASK_DATE.parquet`): for each document, what was asked and what the model wrote.

A row has the document (`doc`: query, id, gold choices) and the reply (`model_response`: input, a list of texts, and their
reasonings, if the server gave any).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from tracekd.regimes.names import regime_of_name
from tracekd.tasks.reading.fault import Fault
from tracekd.transcript.message import last_asked, read_reasoning
from tracekd.verify.reading.output_record import UNKNOWN, Format, Head, OutputRecord, Outputs
from tracekd.verify.reading.records import Ident, name_of, read_rows

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T")


class _Doc(BaseModel):
    model_config = ConfigDict(frozen=True)
    query: str | None = None
    id: Ident | None = None


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)
    input: Any = None
    text: list[str | None]
    reasonings: list[Any] | None = None
    finish_reason: Any = None


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)
    doc: _Doc
    model_response: _Reply


def read(path: Path) -> Outputs:
    """Yield the outputs of a file; every text of a reply is a sample."""
    regime = regime_of_name(path.stem) or UNKNOWN
    model = _model_of(path)

    def make(row: _Row, where: str) -> Iterator[OutputRecord]:
        reply = row.model_response
        if not reply.text:
            raise Fault("no generated text", "model_response.text is empty")
        said = [read_reasoning(each) for each in reply.reasonings or ()]
        said += [(None, False)] * (len(reply.text) - len(said))
        for sample, (text, (reasoning, is_hidden)) in enumerate(zip(reply.text, said, strict=False)):
            yield OutputRecord(
                text=text or "",
                where=where,
                id=row.doc.id,
                model=model,
                regime=regime,
                sample=sample,
                prompt=last_asked(reply.input) or row.doc.query,
                reasoning=reasoning,
                is_hidden=is_hidden,
            )

    return read_rows(path, _Row, make)


def _model_of(path: Path) -> str:
    """The model in `details/ORGANISATION/MODEL/DATE/FILE`; elsewhere, the file's name."""
    folders = path.absolute().parents
    if _DATE.match(folders[0].name) and len(folders) > 2:
        return f"{folders[2].name}/{folders[1].name}"
    return name_of(path)


def _recognises(head: Head) -> bool:
    return {"doc", "model_response"} <= head.fields


FORMAT = Format("lighteval", "details of lighteval", _recognises, read)
