"""Sample logs of lm-evaluation-harness (`lm_eval --log_samples`): `MODEL/samples_TASK_DATE.jsonl`.

A record contains the data set's own record (`doc`) and what the model wrote (`resps`: for each request, its repeats).
`filtered_resps` is what a filter leaves; it rarely leaves the trace, so it is read only if `resps` is missing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from tracekd.regimes.names import regime_of_name
from tracekd.tasks.reading.fault import Fault
from tracekd.verify.reading.output_record import UNKNOWN, Format, GoldRecord, Head, OutputRecord, Outputs
from tracekd.verify.reading.records import Count, Finished, Ident, Name, Seed, Texts, read_rows
from tracekd.verify.reading.stated_context import CONTEXT_FIELDS, StatedContext

_DEEPEST = 8


class _Doc(BaseModel):
    """What a data set's record may say of its problem."""

    model_config = ConfigDict(frozen=True)
    id: Ident | None = Field(None, validation_alias=AliasChoices("id", "_id"))
    question: str | None = Field(None, validation_alias=AliasChoices("question", "query", "input"))
    context: StatedContext | None = Field(None, validation_alias=AliasChoices(*CONTEXT_FIELDS))
    label: Name | None = Field(None, validation_alias=AliasChoices("label", "class", "query_type", "category"))
    answers: Texts | None = Field(None, validation_alias=AliasChoices("answer", "answers"))
    support: Texts | None = Field(None, validation_alias=AliasChoices("support", "answer_passage"))


class _Ending(BaseModel):
    """What `tracekd export` says about one output: the layout has no place for it."""

    model_config = ConfigDict(frozen=True)
    sample: Count = 0
    finish: Finished = "stop"
    reasoning: str | None = None
    is_hidden: bool = False


class _Export(BaseModel):
    """Whose outputs these are, in a log that `tracekd export` wrote; `outputs` has the order of `resps`."""

    model_config = ConfigDict(frozen=True)
    model: Name
    regime: Name
    seed: Seed
    outputs: tuple[_Ending, ...]


class _Sample(BaseModel):
    model_config = ConfigDict(frozen=True)
    doc: dict[str, Any] = {}
    arguments: Any = None
    resps: list[Any] | None = None
    filtered_resps: list[Any] | None = None
    filter: str | None = None
    tracekd: _Export | None = None


def read(path: Path) -> Outputs:
    """Yield the outputs of a log. A log has each document once for each filter; the first filter's are read."""
    model = path.absolute().parent.name.replace("__", "/") or path.stem
    regime = regime_of_name(path.stem) or UNKNOWN
    filters: list[str | None] = []

    def make(row: _Sample, where: str) -> Iterator[OutputRecord]:
        if not filters:
            filters.append(row.filter)
        if row.filter != filters[0]:
            return
        doc = _doc(row.doc)
        for sample, text in enumerate(_texts(row)):
            read = OutputRecord(
                text=text,
                where=where,
                id=doc.id,
                question=doc.question,
                prompt=_prompt(row.arguments),
                context=doc.context,
                label=doc.label,
                model=model,
                regime=regime,
                sample=sample,
                gold=None if doc.answers is None else GoldRecord(doc.answers, doc.support),
            )
            yield read if row.tracekd is None else _exported(read, row.tracekd)

    return read_rows(path, _Sample, make)


def _exported(read: OutputRecord, export: _Export) -> OutputRecord:
    """The output, with what `tracekd export` says about it. Raises Fault if it says nothing."""
    if read.sample >= len(export.outputs):
        raise Fault("malformed field", "tracekd.outputs is shorter than resps")
    ending = export.outputs[read.sample]
    return read._replace(
        model=export.model, regime=export.regime, seed=export.seed, sample=ending.sample, finish=ending.finish,
        reasoning=ending.reasoning, is_hidden=ending.is_hidden,
    )  # fmt: skip


def _doc(doc: dict[str, Any]) -> _Doc:
    """What is known about the problem. A field that means something else in this data set is ignored."""
    try:
        return _Doc.model_validate(doc)
    except ValidationError:
        return _Doc.model_validate({name: value for name, value in doc.items() if _fits(name, value)})


def _fits(name: str, value: Any) -> bool:
    try:
        _Doc.model_validate({name: value})
    except ValidationError:
        return False
    return True


def _texts(row: _Sample) -> list[str]:
    requests = row.resps if row.resps is not None else row.filtered_resps
    if not requests:
        raise Fault("missing field", "resps")
    if len(requests) > 1:
        raise Fault("no generated text", f"{len(requests)} requests for one document: a choice among given answers")
    texts = list(_written(requests[0], _DEEPEST))
    if not texts:
        raise Fault("no generated text", "resps")
    return texts


def _written(value: Any, deepest: int) -> Iterator[str]:
    """What the model wrote in each repeat; a null is an output without text."""
    if value is None or isinstance(value, str):
        yield value or ""
    elif isinstance(value, list) and deepest:
        for item in value:
            yield from _written(item, deepest - 1)


def _strings(value: Any, deepest: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and deepest:
        for item in value:
            yield from _strings(item, deepest - 1)


def _prompt(arguments: Any) -> str | None:
    """The prompt: the first argument of the first request, which newer versions name."""
    first = arguments.get("gen_args_0") if isinstance(arguments, dict) else arguments
    prompt = first.get("arg_0") if isinstance(first, dict) else next(_strings(first, 2), None)
    return prompt if isinstance(prompt, str) else None


def _recognises(head: Head) -> bool:
    return not head.fields.isdisjoint(("resps", "filtered_resps")) and not head.fields.isdisjoint(("doc", "doc_id"))


FORMAT = Format("lm-eval", "an lm-eval sample log", _recognises, read)
