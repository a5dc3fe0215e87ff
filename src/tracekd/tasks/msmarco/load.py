"""A row of MS MARCO QA in any of its layouts, checked field by field."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictStr, Tag

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.tasks.msmarco.numpy_repr import read_array, read_arrays
from tracekd.tasks.normalize import normalize_answer
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import load_records

# The Hub writes -1 where a file has no such field, as in the test files.
Selected = Annotated[int, Field(strict=True, ge=-1, le=1)]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage, and whether an annotator used it for the answer."""

    text: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What every layout says. `answers` may be empty; `passages` stand in the order of the file, empty ones included."""

    id: str
    query: str
    query_type: str
    answers: tuple[str, ...]
    passages: tuple[Passage, ...]


def read_row(record: Record) -> Row:
    """The row that the record is. Raises Fault for one that is malformed, or comes without labels (a test file)."""
    parsed = _unprinted(record).parse(_Row)
    passages = parsed.passages
    selected, texts = (
        (passages.is_selected, passages.passage_text)
        if isinstance(passages, _Columns)
        else ([p.is_selected for p in passages], [p.passage_text for p in passages])
    )
    if len(selected) != len(texts):
        raise Fault("malformed field", f"passages: {len(selected)} is_selected, but {len(texts)} passage_text")
    if -1 in selected:
        raise Fault("missing field", "passages.is_selected (-1: the row of a test file)")
    return Row(
        id=str(parsed.query_id),
        query=parsed.query,
        query_type=parsed.query_type,
        answers=tuple(parsed.answers),
        passages=tuple(Passage(text, gold == 1) for gold, text in zip(selected, texts, strict=True)),
    )


class _Passage(BaseModel):
    model_config = ConfigDict(frozen=True)
    is_selected: Selected = -1
    passage_text: StrictStr


class _Columns(BaseModel):
    model_config = ConfigDict(frozen=True)
    is_selected: list[Selected]
    passage_text: list[StrictStr]


def _layout(passages: object) -> str:
    return "rows" if isinstance(passages, list) else "columns"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)
    answers: list[StrictStr]
    passages: Annotated[
        Annotated[list[_Passage], Tag("rows")] | Annotated[_Columns, Tag("columns")], Discriminator(_layout)
    ]
    query: StrictStr
    query_id: Annotated[int, Field(strict=True, ge=0, lt=2**63)] | Annotated[StrictStr, Field(min_length=1)]
    query_type: StrictStr
    # Read by nobody: rewritten answers are another task of the data set. Where there are none, v2.1 has a text.
    well_formed: list[StrictStr] | Literal["[]"] | None = Field("[]", alias="wellFormedAnswers")


def _unprinted(record: Record) -> Record:
    """The record with what a CSV holds as printed arrays read back."""
    if isinstance(record.data, bytes):
        return record
    data = dict(record.data)
    if isinstance(data.get("passages"), str):
        data["passages"] = _passages(data["passages"])
    for field in ("answers", "wellFormedAnswers"):
        if isinstance(data.get(field), str):
            data[field] = read_array(data[field], field)
    return record._replace(data=data)


def _passages(printed: str) -> dict[str, Any]:
    if printed.lstrip().startswith("["):
        # The tables that the paper's authors train on: all that is left is the texts.
        raise Fault("missing field", "passages.is_selected (a list of texts only)")
    return dict(read_arrays(printed, "passages"))


NO_ANSWER = "No Answer Present."


def load(source: str) -> Iterator[Problem | Skipped]:
    """Yield the problems of a file (v2.1, v1.1, the Hub's rows, the authors' CSV), a folder of them, or `hub:NAME`.

    Raises UserError for a source that cannot be read at all.
    """
    return load_records(source, read_problems)


def read_problems(record: Record) -> Iterator[Problem]:
    """Yield the problem that the record is. Raises Fault for one that is none."""
    row = read_row(record)
    # The place of a passage is its id, also after one that is left out: an empty text can be neither read nor cited.
    context = tuple(
        Fact(id=str(at), text=passage.text) for at, passage in enumerate(row.passages) if passage.text.strip()
    )
    answers = _answers(row)
    support = _selected(row)
    label = row.query_type.strip().upper()
    yield Problem(
        id=row.id,
        task="msmarco",
        group=_group(row.query),
        question=row.query.strip(),
        context=context,
        answer=Answer(kind="text", values=answers),
        trace=gold_trace(label, support),
        support={"support": support, "word_overlap": _most_overlapping(context, answers)},
        stratum=_stratum(answers, support),
        source=record.source,
    )


def _answers(row: Row) -> tuple[str, ...]:
    """The references, each once; `No Answer Present.` last, where annotators disagree that there is none."""
    stripped = dict.fromkeys(answer.strip() for answer in row.answers)
    answers = sorted(filter(None, stripped), key=lambda answer: answer == NO_ANSWER)
    if answers:
        return tuple(answers)
    if row.answers:
        raise Fault("empty answer")
    if not row.query_type.islower():
        # Only v1.1, whose types are in lower case, leaves the list empty where there is no answer; v2.1 says so.
        raise Fault("missing field", "answers (an empty list: the row of a test file)")
    return (NO_ANSWER,)


def _selected(row: Row) -> tuple[str, ...]:
    chosen = [at for at, passage in enumerate(row.passages) if passage.selected]
    for at in chosen:
        if not row.passages[at].text.strip():
            raise Fault("malformed field", f"passages.{at}.passage_text: a selected passage is empty")
    return tuple(map(str, chosen))


def _most_overlapping(context: tuple[Fact, ...], answers: tuple[str, ...]) -> tuple[str, ...]:
    if answers == (NO_ANSWER,):
        return ()
    place = most_overlapping([fact.text for fact in context], answers[0])
    return () if place is None else (context[place].id,)


def _stratum(answers: tuple[str, ...], support: tuple[str, ...]) -> str:
    if answers == (NO_ANSWER,):
        return "no_answer"
    return "answerable" if support else "no_passage"


def _group(query: str) -> str:
    digest = hashlib.blake2b(normalize_answer(query).encode(), digest_size=8)
    return f"marco/{digest.hexdigest()}"


# The authors take nltk's word tokens, of lower-cased text. These come close: a mark is a word of its own, what follows
# an apostrophe too (it 's), and hyphens, dots, slashes and commas inside a word are part of it (1,000, e.g, 2-4).
# Other than nltk's, a full stop after an abbreviation is a mark like any other, and `don't` is cut before its quote.
_WORD = re.compile(r"\w++(?:[-./,]\w++)*+|['’]\w*+|[^\w\s]")


def words(text: str) -> set[str]:
    """The different words of a text, in lower case."""
    return set(_WORD.findall(text.lower()))


def most_overlapping(passages: Sequence[str], answer: str) -> int | None:
    """The place of the passage with the most different words of the answer; ties go to the first.

    None if no passage has any (arXiv 2505.13792, released code for MS MARCO). Unlike there, the answer's words are read
    by a regular expression instead of nltk's tokenizer.
    """
    wanted = words(answer)
    texts = [passage.lower() for passage in passages]
    # A word that a passage has stands somewhere in its text. So this is the most that each can have, the best first, and
    # those that cannot be the one are not taken apart. Places count down, so that of two equal ones the first is more.
    at_most = sorted(
        ((sum([word in text for word in wanted]), -place) for place, text in enumerate(texts)), reverse=True
    )
    best = (0, 1)
    for most, place in at_most:
        if (most, place) < best:
            break
        best = max(best, (len(wanted.intersection(_WORD.findall(texts[-place]))), place))
    shared, place = best
    return -place if shared else None
