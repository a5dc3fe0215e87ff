"""MS MARCO QA (arXiv 1611.09268): questions people typed, passages of the web, answers people wrote."""

from collections.abc import Iterable, Iterator

from tracekd.problem import Problem
from tracekd.tasks.check import Check
from tracekd.tasks.contract import Task
from tracekd.tasks.msmarco.load import NO_ANSWER, load, read_problems
from tracekd.tasks.normalize import normalize_answer, normalize_fact
from tracekd.tasks.reading.record import Record
from tracekd.tasks.template import Template

LABELS = ("DESCRIPTION", "NUMERIC", "ENTITY", "LOCATION", "PERSON")

# The strings of the paper's released code (arXiv 2505.13792). Its traces cite one passage without a list; ours always
# cite a list, because a question may have several gold passages. `verify` reads both.
TEMPLATE = Template(
    prompt="Answer the question based on the context:\n{facts}\nQuestion: {question}\nOnly return the answer.\n",
    classify=(
        "The category of the question represents what is being asked in that question. "
        "The category of the question asked is:"
    ),
    retrieve="I need to use the following text to answer the question:",
    context="list",
)

_EXAMPLE = {
    "answers": ["12 minutes"],
    "passages": [
        {"is_selected": 0, "passage_text": "A soft-boiled egg has a firm white and a runny yolk. Eat it warm."},
        {"is_selected": 1, "passage_text": "Lay the eggs in boiling water. A large egg is hard-boiled in 12 minutes."},
        {"is_selected": 0, "passage_text": "Fresh eggs are hard to peel. Older ones, a week or so, come off clean."},
    ],
    "query": "how long to hard boil an egg",
    "query_id": 1,
    "query_type": "NUMERIC",
}


def _example() -> Problem:
    (problem,) = read_problems(Record.of(_EXAMPLE))
    return problem


def _check(problem: Problem) -> Check:
    """Check the labels of a problem against each other. No rule derives a class or an answer.

    Measures: `answer_in_support` (a selected passage contains a normalised reference; answers are free text, so it is no
    fault if none does) and `word_overlap_agree` (the paper's rule picks a selected passage). Faults:
    `answer_only_in_unselected_passage`, `answered_without_passage`, `no_answer_with_passage`,
    `no_answer_among_answers`, `duplicate_passage`.
    """
    gold = problem.support["support"]
    agree: dict[str, bool] = {}
    if problem.stratum == "answerable":
        agree["answer_in_support"] = _answered_by(problem, gold)
        agree["word_overlap_agree"] = any(fact in gold for fact in problem.support["word_overlap"])
    return Check(id=problem.id, label=problem.label, agree=agree, faults=tuple(_faults(problem, gold)))


def _faults(problem: Problem, gold: tuple[str, ...]) -> Iterator[str]:
    if problem.stratum == "no_answer":
        if gold:
            yield "no_answer_with_passage"
    else:
        if not gold:
            yield "answered_without_passage"
        elif not _answered_by(problem, gold) and _answered_by(problem, (f.id for f in problem.context)):
            yield "answer_only_in_unselected_passage"
        if NO_ANSWER in problem.answer.values:
            yield "no_answer_among_answers"
    texts = [normalize_fact(fact.text) for fact in problem.context]
    if len(set(texts)) < len(texts):
        yield "duplicate_passage"


def _answered_by(problem: Problem, ids: Iterable[str]) -> bool:
    """Whether one of these passages contains a reference, word for word."""
    answers = [f" {normalize_answer(value)} " for value in problem.answer.values if value != NO_ANSWER]
    texts = [f" {normalize_answer(text)} " for text in problem.texts(ids)]
    return any(answer in text for answer in answers for text in texts)


TASK = Task(
    name="msmarco",
    summary="questions from a search engine over passages of the web, answered in free text",
    labels=LABELS,
    template=TEMPLATE,
    load=load,
    example=_example,
    check=_check,
    support_kinds=("support", "word_overlap"),
    formats=(
        "v2.1: one column-oriented JSON object (train_v2.1.json)",
        "v1.1: JSON Lines (train_v1.1.json)",
        "the Hub's rows: hub:microsoft/ms_marco:v2.1:validation, Parquet or JSON Lines",
        "CSV with printed numpy arrays, as pandas writes the Hub's rows",
    ),
    licence="non-commercial research only",
    citation="Bajaj et al. 2016, arXiv 1611.09268",
    homepage="https://microsoft.github.io/msmarco/",
)
