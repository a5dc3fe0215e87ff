"""Loads problems from CoTempQA files: the published JSON Lines, and the CSV files that the paper's authors made of them."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.tasks.cotempqa.intervals import LABELS
from tracekd.tasks.cotempqa.rules import read_facts
from tracekd.tasks.cotempqa.sentences import DatedEvent, Event, Question, parse_facts, parse_question
from tracekd.tasks.cotempqa.wording import TEMPLATE
from tracekd.tasks.list_literal import read_list
from tracekd.tasks.normalize import fold_space, normalize_label
from tracekd.tasks.reading.fault import Fault, Skipped
from tracekd.tasks.reading.record import Record
from tracekd.tasks.reading.source import HUB, load_records

SUPPORT_KINDS = ("support", "full_support", "answer_facts")

_PROMPT_START, _, _PROMPT_END = TEMPLATE.prompt.partition("{facts}")
_QUESTION_MARK, _, _PROMPT_TAIL = _PROMPT_END.partition("{question}")
_WORD = re.compile("[a-z]+")
# The data set has at most 36 facts and 4 answers per question; every answer is searched in every fact.
_MOST = 1000
# Validating all facts at once takes a fifth of the time.
_CONTEXT = TypeAdapter(tuple[Fact, ...])


def _list_of(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    items = read_list(value)
    if items is None:
        raise ValueError("not a list")
    return items


# CSV files contain lists as Python prints them.
Texts = Annotated[tuple[str, ...], BeforeValidator(_list_of)]


class CotempRecord(BaseModel):
    """A record of any of the files. The class is in a column, in the sentence of a trace, or in the name of the file."""

    model_config = ConfigDict(frozen=True)
    question: str
    facts: Texts
    answer: Texts
    label: str | None = Field(None, validation_alias=AliasChoices("label", "class", "category", "type"))
    reasoning: str | None = None


def load(source: str) -> Iterator[Problem | Skipped]:
    """Yield the problems of a source, and a Skipped for each invalid record.

    Raises UserError for a source that cannot be read at all.
    """
    return load_records(source, _read)


def _read(record: Record) -> Iterator[Problem]:
    row = record.parse(CotempRecord)
    yield make_problem(
        _label(row, record.path), bare_question(row.question), row.facts, row.answer, source=record.source
    )


def make_problem(label: str, question: str, facts: Sequence[str], answers: Sequence[str], *, source: str) -> Problem:
    """The problem with its gold support. Raises Fault if question, facts or answers do not have the form of this data set.

    `support`: the facts that give the gold answers by rule. If there are none, the facts of any other relation or time
    that name a gold answer; the label is then wrong, and `check` reports it. `full_support`: the event of the question,
    then `support`. `answer_facts`: the paper's own choice, every fact that contains a gold answer anywhere
    (arXiv 2505.13792, its released code); it includes too many facts and omits the event of the question.
    """
    if max(len(facts), len(answers)) > _MOST:
        raise Fault("too many facts or answers", f"{len(facts)} facts, {len(answers)} answers; at most {_MOST}")
    if not all(answer.strip() for answer in answers):
        raise Fault("empty answer", str(list(answers)))
    parsed, events = _parse(question, facts)
    gold = {fold_space(answer) for answer in answers}
    reading = read_facts(parsed, events, gold)
    if reading.anchor is None:
        raise Fault("event of the question not in the facts", " ".join(parsed.anchor))
    carrying = reading.carrying(gold) or _elsewhere(events, gold, reading.anchor)
    if not carrying:
        raise Fault("no fact supports the answer", str(list(answers)))
    support = tuple(str(place + 1) for place in carrying)
    ties = tuple(dict.fromkeys(_pair(parsed.anchor, events[place].event) for place in carrying))
    return Problem(
        id=f"{label}/{_digest([question, *facts])}",
        task="cotempqa",
        group=ties[0],
        question=question,
        context=_CONTEXT.validate_python([{"id": str(at), "text": fact} for at, fact in enumerate(facts, start=1)]),
        answer=Answer(kind="set", values=tuple(answers), written="list"),
        trace=gold_trace(label, support),
        support={
            "support": support,
            "full_support": (str(reading.anchor + 1), *support),
            "answer_facts": _facts_with(answers, facts),
        },
        ties=ties,
        source=source,
    )


def bare_question(text: str) -> str:
    """The question in a column with the whole prompt, as in the paper's files; any other text is returned unchanged."""
    if not text.startswith(_PROMPT_START):
        return text
    question = text.rpartition(_QUESTION_MARK)[2].strip()
    return question.removesuffix(_PROMPT_TAIL.strip()).rstrip()


def label_of_name(name: str) -> str | None:
    """The class that the name of a file states (`equal.json`, `mix_val.csv`), if it states exactly one."""
    stated = set(_WORD.findall(name.lower())) & set(LABELS)
    return stated.pop() if len(stated) == 1 else None


def _elsewhere(events: Sequence[DatedEvent], gold: set[str], anchor: int) -> tuple[int, ...]:
    """The places of all facts, except the anchor, with a gold answer as their subject or object."""
    named = ({fact.event.subject, fact.event.object} & gold for fact in events)
    return tuple([place for place, names in enumerate(named) if names and place != anchor])


def _parse(question: str, facts: Sequence[str]) -> tuple[Question, list[DatedEvent]]:
    if not facts:
        raise Fault("empty context")
    parsed = parse_question(question)
    if parsed is None:
        raise Fault("question does not parse", question)
    found = parse_facts(facts)
    events = [event for event in found if event is not None]
    if len(events) < len(found):
        raise Fault("fact does not parse", facts[found.index(None)])
    return parsed, events


def _label(row: CotempRecord, path: Path) -> str:
    # On the Hub, the class may be the name of a configuration or of a split.
    name = "/".join(path.parts[-2:]) if path.parts[0].startswith(HUB) else path.stem
    stated = label_of_name(name)
    written = normalize_label(row.label) if row.label else _label_of_sentence(row.reasoning)
    if stated and written and stated != written:
        raise Fault("class disagrees with the file's name", f"{written[:60]!r} in {path.name}")
    label = written or stated
    if label is None:
        raise Fault("no class", f"neither in a column nor in the name {path.name}")
    return label


def _label_of_sentence(text: str | None) -> str | None:
    stated = TEMPLATE.classify_pattern.search(text) if text else None
    if not text or not stated:
        return None
    return normalize_label(text[stated.end() :].strip().partition("\n")[0]).removesuffix(".")


def _facts_with(answers: Sequence[str], facts: Sequence[str]) -> tuple[str, ...]:
    places = {place for answer in answers for place, fact in enumerate(facts, start=1) if answer in fact}
    return tuple([str(place) for place in sorted(places)])


def _pair(first: Event, second: Event) -> str:
    # The same for a question and its mirror image, which swaps event and answer.
    return _digest([entry for event in sorted((first, second)) for entry in event])


def _digest(texts: Sequence[str]) -> str:
    return hashlib.blake2b("\n".join(texts).encode(), digest_size=6).hexdigest()
