"""The gold class, facts and answer of a row: from its columns, and by rule if the task has rules."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from tracekd.problem import Answer
from tracekd.sft.supervised_row import SupervisedRow
from tracekd.tasks import Task
from tracekd.tasks.babi.answers import read_answer
from tracekd.tasks.babi.families import FAMILIES
from tracekd.tasks.context import normalized
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.tasks.list_literal import read_list
from tracekd.tasks.msmarco.load import NO_ANSWER, most_overlapping
from tracekd.tasks.normalize import normalize_label
from tracekd.tasks.prompt_parts import Prompt
from tracekd.tasks.reading.fault import Fault

_FAMILY_NUMBERS = {name: number for number, name in FAMILIES.items()}


@dataclass(frozen=True, slots=True)
class Gold:
    """The known gold of a row; unknown parts are None or empty.

    `supports` maps each kind of gold support to normalised texts; a right trace cites one of the kinds in `right`.
    `ties` are the problem's (see `Problem`).
    """

    label: str | None
    answer: Answer | None
    question: str | None
    context: tuple[str, ...] | None
    supports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    right: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()


def gold_of(row: SupervisedRow, prompt: Prompt, column: Prompt | None, task: Task, name: str) -> Gold:
    """The gold of a row. `column` has the parts of its question column, if that contains the whole prompt.

    `name` is the name of its file, which may state the class.
    """
    question = column.question if column and column.question is not None else row.question or prompt.question
    # The row's own columns come first: its message may belong to another row.
    context = row.context or (column.facts if column else None) or prompt.facts
    label = _label(row, task, name)
    answer = _answer(row.answer, label, task)
    if task.name == "cotempqa":
        return _of_cotempqa(row, Gold(label, answer, question, context))
    supports = _supports(row, answer, context, task)
    return Gold(label, answer, question, context, supports, ("support",) if "support" in supports else ())


def _supports(
    row: SupervisedRow, answer: Answer | None, context: tuple[str, ...] | None, task: Task
) -> dict[str, tuple[str, ...]]:
    supports: dict[str, tuple[str, ...]] = {}
    texts = tuple(map(normalized, row.support or ()))
    # The released MARCO rows give the answer if they have no passage: that is not a gold fact.
    if row.support is not None and (context is None or all(map(set(map(normalized, context)).__contains__, texts))):
        supports["support"] = texts
    if task.name == "msmarco" and context and answer and NO_ANSWER not in answer.values:
        place = most_overlapping(context, answer.values[0])
        supports["word_overlap"] = () if place is None else (normalized(context[place]),)
    return supports


def _of_cotempqa(row: SupervisedRow, known: Gold) -> Gold:
    """With all kinds of support by rule; else with the facts that contain an answer, as the paper chose them."""
    values = known.answer.values if known.answer else ()
    try:
        problem = make_problem(
            known.label or "mix", known.question or "", known.context or (), values, source=row.where
        )
    except Fault:
        found = [normalized(fact) for fact in known.context or () if any(value in fact for value in values)]
        supports = {"answer_facts": tuple(found)} if found else {}
        if row.support is not None:
            supports["support"] = tuple(map(normalized, row.support))
        right = tuple(supports)
        return Gold(known.label, known.answer, known.question, known.context, supports, right)
    supports = {kind: tuple(map(normalized, problem.texts(ids))) for kind, ids in problem.support.items()}
    # The paper's own choice may have too many facts: then it is not right.
    right = ("support", "full_support")
    return Gold(known.label, known.answer, known.question, known.context, supports, right, problem.ties)


def _label(row: SupervisedRow, task: Task, name: str) -> str | None:
    """The gold class as the task writes it: from the row's columns, else from the name of its file."""
    by_name = _labels(task.labels)
    for stated in (row.label, _in_sentence(row, task)):
        if stated and (label := by_name.get(normalize_label(stated))):
            return label
    return label_of_name(name, task.labels)


@lru_cache(maxsize=64)
def label_of_name(name: str, labels: tuple[str, ...]) -> str | None:
    """The class that the name of a file states (`equal_test.csv`), if it states exactly one."""
    words = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
    stated = [label for label in labels
              if f"_{'_'.join(re.findall(r'[a-z0-9]+', label.lower()))}_" in f"_{words}_"]  # fmt: skip
    return stated[0] if len(stated) == 1 else None


@lru_cache(maxsize=64)
def _labels(labels: tuple[str, ...]) -> dict[str, str]:
    return {normalize_label(label): label for label in labels}


def _in_sentence(row: SupervisedRow, task: Task) -> str | None:
    found = task.template.classify_pattern.search(row.reasoning) if row.reasoning else None
    return (
        row.reasoning[found.end() :].strip().partition("\n")[0].removesuffix(".") if found and row.reasoning else None
    )


def _answer(text: str | None, label: str | None, task: Task) -> Answer | None:
    if text is None:
        return None
    listed = read_list(text)
    if task.name == "cotempqa":
        return Answer(kind="set", values=listed if listed is not None else (text,), written="list")
    if task.name == "babi" and label in _FAMILY_NUMBERS:
        return read_answer(text, _FAMILY_NUMBERS[label])
    # The released MARCO validation rows contain the printed list of answers; the messages contain the same list.
    return Answer(kind="text", values=tuple(dict.fromkeys((text, *(listed or ())))))
