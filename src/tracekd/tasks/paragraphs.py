"""Questions over titled paragraphs, some of them gold: the common part of HotpotQA, 2WikiMultihopQA and MuSiQue."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AliasChoices, BaseModel, ConfigDict, Discriminator, Field, Json, StrictStr, Tag

from tracekd.problem import Answer, Fact, Hop, Problem, gold_trace
from tracekd.tasks.normalize import normalize_answer
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.template import Template

GOLD_MISSING = "gold_missing"

# The strings of the paper's released MS MARCO data (arXiv 2505.13792), with one fact a line.
TEMPLATE = Template(
    prompt="Answer the question based on the context:\n{facts}\nQuestion: {question} Only return the answer.\n",
    classify=(
        "The category of the question represents what is being asked in that question. "
        "The category of the question asked is:"
    ),
    retrieve="I need to use the following text to answer the question:",
)

# A paragraph is a title and its sentences; a sentence is cited by title and number, from 0.
Paragraph = tuple[StrictStr, tuple[StrictStr, ...]]
_Number = Annotated[int, Field(strict=True, ge=0, lt=2**31)]
Citation = tuple[StrictStr, _Number]


class _ContextColumns(BaseModel):
    model_config = ConfigDict(frozen=True)
    title: tuple[StrictStr, ...]
    sentences: tuple[tuple[StrictStr, ...], ...]


class _SupportColumns(BaseModel):
    model_config = ConfigDict(frozen=True)
    title: tuple[StrictStr, ...]
    sent_id: tuple[_Number, ...]


def layout(field: object) -> str:
    """The layout of a field with a table: rows, columns (the Hub), or the JSON text of its rows."""
    if isinstance(field, str):
        return "JSON text"
    return "columns" if isinstance(field, dict) else "rows"


class ParagraphRecord(BaseModel):
    """A record of HotpotQA's format, with its two tables in any layout."""

    model_config = ConfigDict(frozen=True)
    id: StrictStr = Field(validation_alias=AliasChoices("_id", "id"), min_length=1)
    question: StrictStr
    answer: StrictStr
    type: StrictStr
    supporting_facts: Annotated[
        Annotated[tuple[Citation, ...], Tag("rows")]
        | Annotated[_SupportColumns, Tag("columns")]
        | Annotated[Json[tuple[Citation, ...]], Tag("JSON text")],
        Discriminator(layout),
    ]
    context: Annotated[
        Annotated[tuple[Paragraph, ...], Tag("rows")]
        | Annotated[_ContextColumns, Tag("columns")]
        | Annotated[Json[tuple[Paragraph, ...]], Tag("JSON text")],
        Discriminator(layout),
    ]

    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The context as rows. Raises Fault for columns of different lengths."""
        if isinstance(self.context, tuple):
            return self.context
        _check_lengths("context", self.context.title, self.context.sentences)
        return tuple(zip(self.context.title, self.context.sentences, strict=True))

    def citations(self) -> tuple[Citation, ...]:
        """The supporting sentences as rows. Raises Fault for columns of different lengths."""
        if isinstance(self.supporting_facts, tuple):
            return self.supporting_facts
        _check_lengths("supporting_facts", self.supporting_facts.title, self.supporting_facts.sent_id)
        return tuple(zip(self.supporting_facts.title, self.supporting_facts.sent_id, strict=True))


def _check_lengths(field: str, one: Sequence[object], other: Sequence[object]) -> None:
    if len(one) != len(other):
        raise Fault("malformed field", f"{field}: columns of {len(one)} and {len(other)} rows")


@dataclass(frozen=True, slots=True)
class Gold:
    """The supporting sentences as (paragraph, sentence) numbers, in the given order and each once.

    `missing`: the cited titles that the context does not have.
    """

    cited: tuple[tuple[int, int], ...]
    missing: tuple[str, ...]


def read_problem(task: str, record: ParagraphRecord, source: str, hops: tuple[Hop, ...] = ()) -> Problem:
    """The problem of a record in HotpotQA's format. Raises Fault for an invalid record."""
    paragraphs = record.paragraphs()
    gold = find_gold(paragraphs, record.citations())
    support = tuple(fact_id(*place) for place in gold.cited)
    return Problem(
        id=record.id,
        task=task,
        group=gold_group(task, _gold_paragraphs(paragraphs, gold)),
        question=record.question.strip(),
        context=tuple(sentence_facts(paragraphs)),
        answer=text_answer([record.answer]),
        trace=gold_trace(record.type, support),
        support={"support": support},
        stratum=GOLD_MISSING if gold.missing else "answerable",
        hops=hops,
        source=source,
    )


def sentence_facts(paragraphs: Iterable[Paragraph]) -> Iterator[Fact]:
    """Each sentence with its title before it, so that it can be read alone. Empty sentences are left out, but counted."""
    for number, (title, sentences) in enumerate(paragraphs):
        for place, sentence in enumerate(sentences):
            if text := sentence.strip():
                yield Fact(id=fact_id(number, place), text=f"{title}: {text}")


def fact_id(paragraph: int, sentence: int) -> str:
    """The id of a sentence: the number of its paragraph in the context and its number in the paragraph, both from 0."""
    return f"{paragraph}.{sentence}"


def find_gold(paragraphs: Sequence[Paragraph], citations: Iterable[Citation]) -> Gold:
    """The cited sentences. If several paragraphs have the cited title, the first one with a sentence of this number counts,
    provided that this sentence is the same in all of them (as when the context has a paragraph twice).

    Raises Fault if nothing is cited, or if a cited sentence does not exist, is empty, or is ambiguous.
    """
    places: Mapping[str, list[int]] = defaultdict(list)
    for number, (title, _) in enumerate(paragraphs):
        places[title].append(number)
    cited: dict[tuple[int, int], None] = {}
    missing: dict[str, None] = {}
    for title, sentence in citations:
        if title in places:
            cited[_find_sentence(paragraphs, places[title], sentence), sentence] = None
        else:
            missing[title] = None
    if not cited and not missing:
        raise Fault("no supporting facts")
    return Gold(tuple(cited), tuple(missing))


def _find_sentence(paragraphs: Sequence[Paragraph], numbers: Sequence[int], sentence: int) -> int:
    """The number of the paragraph, one of `numbers`, that the cited sentence belongs to."""
    having = [number for number in numbers if sentence < len(paragraphs[number][1])]
    if not having:
        raise Fault("support sentence out of range", _named(paragraphs, numbers, sentence))
    texts = {paragraphs[number][1][sentence].strip() for number in having}
    if len(texts) > 1:
        raise Fault("support title is ambiguous", _named(paragraphs, numbers, sentence))
    if "" in texts:
        raise Fault("support sentence is empty", _named(paragraphs, numbers, sentence))
    return having[0]


def _named(paragraphs: Sequence[Paragraph], numbers: Sequence[int], sentence: int) -> str:
    lengths = [len(paragraphs[number][1]) for number in numbers]
    title = paragraphs[numbers[0]][0]
    return f"sentence {sentence} of {title[:80]!r}, which has {' or '.join(map(str, lengths))}"


def _gold_paragraphs(paragraphs: Sequence[Paragraph], gold: Gold) -> Iterator[tuple[str, str]]:
    for number in {paragraph for paragraph, _ in gold.cited}:
        title, sentences = paragraphs[number]
        yield title, "".join(sentences)
    for title in gold.missing:
        yield title, ""


def gold_group(task: str, paragraphs: Iterable[tuple[str, str]]) -> str:
    """The group of all questions with the same gold paragraphs (title, text; an empty text for a missing one)."""
    digest = hashlib.blake2b(repr(sorted(set(paragraphs))).encode(), digest_size=8)
    return f"{task}/{digest.hexdigest()}"


def text_answer(references: Iterable[str]) -> Answer:
    """A free-text answer with these references, without outer blanks, each once. Raises Fault if the first is empty.

    Articles do not count, as in the official evaluation of HotpotQA, 2WikiMultihopQA and MuSiQue.
    """
    values = [reference.strip() for reference in references]
    if not values[0]:
        raise Fault("empty answer")
    return Answer(kind="text", values=tuple(dict.fromkeys(filter(None, values))), normalize="squad")


def answer_faults(problem: Problem) -> Iterator[str]:
    """`answer_not_in_support`, if no supporting fact (with its title) contains a reference.

    Letter case, punctuation and blanks do not count. Answers `yes` and `no`, and problems with missing gold, are not
    checked.
    """
    if problem.stratum == GOLD_MISSING or problem.answer.values[0].lower() in ("yes", "no"):
        return
    support = [_squeeze(text) for text in problem.texts(problem.support["support"])]
    if not any(_squeeze(value) in text for value in problem.answer.values for text in support):
        yield "answer_not_in_support"


def _squeeze(text: str) -> str:
    return normalize_answer(text).replace(" ", "")
