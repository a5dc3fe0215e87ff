"""The problem that the record of an output contains, as in the paper's released files (arXiv 2505.13792)."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracekd.problem import Problem
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.babi.story import FactLine, Story, question_line
from tracekd.tasks.cotempqa.load import bare_question, make_problem
from tracekd.tasks.msmarco.load import read_problems
from tracekd.tasks.normalize import normalize_fact
from tracekd.tasks.reading.fault import Fault
from tracekd.tasks.reading.record import Record
from tracekd.verify.reading.output_record import OutputRecord

_FAMILY_NUMBERS = {name: number for number, name in FAMILIES.items()}


@dataclass(frozen=True, slots=True)
class _RecordedProblem:
    """What a record says about its problem; `place` is the file's name and the line."""

    question: str
    context: tuple[str, ...]
    label: str
    answers: tuple[str, ...]
    support: tuple[str, ...] | None
    place: str


def problem_of(output: OutputRecord, task: str) -> Problem:
    """The problem in an output's own record. Raises Fault if the record does not contain a problem of this task."""
    make = MAKERS.get(task)
    if make is None:
        raise Fault("no problem in the record", f"records of {task} do not contain everything that a problem needs")
    if not output.question or not output.context:
        raise Fault("no problem in the record", "question or context is missing")
    if output.gold is None:
        raise Fault("no gold in the record")
    if output.label is None:
        raise Fault("no class", "neither the record nor the names of file and folder state one")
    place = output.where.rpartition("/")[2]
    gold = output.gold
    return make(_RecordedProblem(output.question, output.context, output.label, gold.answers, gold.support, place))


def _of_cotempqa(record: _RecordedProblem) -> Problem:
    """With the gold trace that the released models learned: the facts that contain an answer, without the anchor."""
    problem = make_problem(
        record.label, bare_question(record.question), record.context, record.answers, source=record.place
    )
    return problem.with_support("answer_facts")


def _of_babi(record: _RecordedProblem) -> Problem:
    family = _FAMILY_NUMBERS.get(record.label)
    if family is None:
        raise Fault("unknown class", record.label)
    facts = [text.strip() for text in record.context]
    story: Story = [FactLine(number, text) for number, text in enumerate(facts, start=1)]
    story.append(question_line(len(facts) + 1, record.question, ",".join(record.answers), _places(record), 0))
    group = f"released/{_digest(*facts)}"
    (problem,) = story_problems(story, family, group, record.place)
    # One story may have several questions, and they have no numbers.
    return problem.model_copy(update={"id": f"{group}/{_digest(record.question)}", "source": record.place})


def _places(record: _RecordedProblem) -> list[str]:
    """The ids of the gold facts; of equal facts, the first that is not used yet."""
    if record.support is None:
        raise Fault("no gold in the record", "its supporting facts")
    places: dict[str, list[str]] = {}
    for number, fact in enumerate(record.context, start=1):
        places.setdefault(normalize_fact(fact), []).append(str(number))
    found: list[str] = []
    for fact in record.support:
        here = places.get(normalize_fact(fact))
        if not here:
            raise Fault("support is not in the context", fact)
        found.append(here.pop(0))
    return found


def _of_msmarco(record: _RecordedProblem) -> Problem:
    """With the passage that shares most words with the answer: the released records do not say which passage is gold."""
    row = {
        "answers": list(record.answers),
        "passages": [{"is_selected": 0, "passage_text": text} for text in record.context],
        "query": record.question,
        "query_id": _digest(record.question, *record.context),
        "query_type": record.label,
    }
    (problem,) = read_problems(Record.of(row))
    chosen = problem.support["word_overlap"]
    stratum = "answerable" if chosen and problem.stratum == "no_passage" else problem.stratum
    update = {"source": record.place, "stratum": stratum, "support": {"word_overlap": chosen}}
    return problem.with_support("word_overlap").model_copy(update=update)


def _digest(*texts: str) -> str:
    return hashlib.blake2b("\n".join(texts).encode(), digest_size=6).hexdigest()


MAKERS: Mapping[str, Callable[[_RecordedProblem], Problem]] = {
    "babi": _of_babi,
    "cotempqa": _of_cotempqa,
    "msmarco": _of_msmarco,
}
