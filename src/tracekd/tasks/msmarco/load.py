"""Loads problems from MS MARCO QA, in any of its layouts: one problem for each query."""

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

NO_ANSWER = "No Answer Present."
# The Hub writes -1 where a file has no such field, as in the test files.
Selected = Annotated[int, Field(strict=True, ge=-1, le=1)]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage, and whether an annotator used it for the answer."""

    text: str
    selected: bool


@dataclass(frozen=True, slots=True)
class MarcoRecord:
    """A record of any layout. `answers` may be empty; `passages` are in the order of the file, with the empty ones."""

    id: str
    query: str
    query_type: str
    answers: tuple[str, ...]
    passages: tuple[Passage, ...]


def _read_marco(record: Record) -> MarcoRecord:
    """The content of a record. Raises Fault if it is malformed, or has no labels (a test file)."""
    parsed = _unprinted(record).parse(_AnyLayout)
    passages = parsed.passages
    selected, texts = (
        (passages.is_selected, passages.passage_text)
        if isinstance(passages, _Columns)
        else ([p.is_selected for p in passages], [p.passage_text for p in passages])
    )
    if len(selected) != len(texts):
        raise Fault("malformed field", f"passages: {len(selected)} is_selected, but {len(texts)} passage_text")
    if -1 in selected:
        raise Fault("missing field", "passages.is_selected (-1: a record of a test file)")
    return MarcoRecord(
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


class _AnyLayout(BaseModel):
    model_config = ConfigDict(frozen=True)
    answers: list[StrictStr]
    passages: Annotated[
        Annotated[list[_Passage], Tag("rows")] | Annotated[_Columns, Tag("columns")], Discriminator(_layout)
    ]
    query: StrictStr
    query_id: Annotated[int, Field(strict=True, ge=0, lt=2**63)] | Annotated[StrictStr, Field(min_length=1)]
    query_type: StrictStr
    # Not used: rewritten answers are another task of the data set. If there are none, v2.1 has the text "[]".
    well_formed: list[StrictStr] | Literal["[]"] | None = Field("[]", alias="wellFormedAnswers")


def _unprinted(record: Record) -> Record:
    """The record, with the printed arrays of a CSV file read back."""
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
        # The tables that the paper's authors train on contain only the texts.
        raise Fault("missing field", "passages.is_selected (a list of texts only)")
    return dict(read_arrays(printed, "passages"))


def load(source: str) -> Iterator[Problem | Skipped]:
    """Yield the problems of a file (v2.1, v1.1, the Hub's rows, the authors' CSV), a folder of them, or `hub:NAME`.

    Raises UserError for a source that cannot be read at all.
    """
    return load_records(source, read_problems)


def read_problems(record: Record) -> Iterator[Problem]:
    """Yield the problem of a record. Raises Fault for an invalid record."""
    found = _read_marco(record)
    # The place of a passage is its id. Empty passages are left out, because nobody can cite them; they still count.
    context = tuple(
        Fact(id=str(at), text=passage.text) for at, passage in enumerate(found.passages) if passage.text.strip()
    )
    answers = _answers(found)
    support = _selected(found)
    label = found.query_type.strip().upper()
    yield Problem(
        id=found.id,
        task="msmarco",
        group=_group(found.query),
        question=found.query.strip(),
        context=context,
        answer=Answer(kind="text", values=answers),
        trace=gold_trace(label, support),
        support={"support": support, "word_overlap": _most_overlapping(context, answers)},
        stratum=_stratum(answers, support),
        source=record.source,
    )


def _answers(found: MarcoRecord) -> tuple[str, ...]:
    """The references, each once. `No Answer Present.` comes last if only some annotators found no answer."""
    stripped = dict.fromkeys(answer.strip() for answer in found.answers)
    answers = sorted(filter(None, stripped), key=lambda answer: answer == NO_ANSWER)
    if answers:
        return tuple(answers)
    if found.answers:
        raise Fault("empty answer")
    if not found.query_type.islower():
        # If there is no answer, v1.1, whose types are in lower case, has an empty list; v2.1 says `No Answer Present.`.
        raise Fault("missing field", "answers (an empty list: a record of a test file)")
    return (NO_ANSWER,)


def _selected(found: MarcoRecord) -> tuple[str, ...]:
    chosen = [at for at, passage in enumerate(found.passages) if passage.selected]
    for at in chosen:
        if not found.passages[at].text.strip():
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


# The paper's authors use the word tokens of nltk, on text in lower case. This pattern is similar: a mark is a word, so is
# an apostrophe with the letters after it (it 's), and hyphens, dots, slashes and commas inside a word are part of it
# (1,000, e.g, 2-4). Unlike nltk, a full stop after an abbreviation is a mark, and `don't` is cut before its apostrophe.
_WORD = re.compile(r"\w++(?:[-./,]\w++)*+|['’]\w*+|[^\w\s]")


def words(text: str) -> set[str]:
    """The different words of a text, in lower case."""
    return set(_WORD.findall(text.lower()))


def most_overlapping(passages: Sequence[str], answer: str) -> int | None:
    """The gold passage as the paper guesses it: the place of the first one that shares the most words with the answer.

    None if no passage shares a word (arXiv 2505.13792, released code for MS MARCO). Words are found by a regular
    expression, not by nltk's tokenizer as in that code.
    """
    answer_words = words(answer)
    texts = [passage.lower() for passage in passages]
    # A word of a passage is a part of its text. So these are upper bounds, the largest first; passages with a bound below
    # the best count are not split into words. Places are negative, so that the first of two equal ones is larger.
    at_most = sorted(
        ((sum([word in text for word in answer_words]), -place) for place, text in enumerate(texts)), reverse=True
    )
    best = (0, 1)
    for most, place in at_most:
        if (most, place) < best:
            break
        best = max(best, (len(answer_words.intersection(_WORD.findall(texts[-place]))), place))
    shared, place = best
    return -place if shared else None
