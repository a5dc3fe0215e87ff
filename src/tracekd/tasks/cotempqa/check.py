"""Checks CoTempQA's labels against its dates: the class may not follow, the answer may be incomplete."""

from collections.abc import Iterator, Sequence

from tracekd.problem import Problem
from tracekd.tasks.check import Check, check_by_rule
from tracekd.tasks.cotempqa.intervals import Compare, tuple_order, whole_years
from tracekd.tasks.cotempqa.rules import Reading, read_facts, solve
from tracekd.tasks.cotempqa.sentences import DatedEvent, Question, parse_facts, parse_question
from tracekd.tasks.normalize import fold_space

_MEASURES: dict[str, Compare] = {"class_agree": tuple_order, "class_agree_whole_years": whole_years}
_OTHER_RELATION = "gold_answer_of_another_relation"
_NOWHERE = "gold_answer_not_in_facts"
_SAME_EVENT = "gold_answer_is_the_event_itself"
_OTHER_TIME = "gold_answer_not_cotemporal"


def check(problem: Problem) -> Check:
    """Check class, answer and support against the dates.

    `full_support` must be sufficient, for every kind of trace: the answers alone give no class.

    The derived class is the one of the gold answers' own facts, so it can be right even if the answer is incomplete:
    `class_agree` uses the data set's own order of dates; in `class_agree_whole_years` a year means the whole year. The
    class is not checked if a gold answer is in no fact of the asked relation, or is the event of the question itself.
    """
    checked = check_by_rule(problem, solve, "full_support")
    agree = {name: holds for name, holds in checked.agree.items() if name not in _MEASURES}
    question = parse_question(problem.question)
    if question is None:
        return checked.model_copy(update={"agree": agree})
    facts = parse_facts([fact.text for fact in problem.context])
    gold = tuple(map(fold_space, problem.answer.values))
    reading = read_facts(question, facts, gold)
    faults = {
        **dict.fromkeys(_faults_of_answer(question, reading, facts, gold)),
        **dict.fromkeys(_faults_of_facts(reading, facts)),
    }
    if not {_OTHER_RELATION, _NOWHERE, _SAME_EVENT} & set(faults):
        carrying = reading.carrying(gold)
        for name, compare in _MEASURES.items():
            derived = None if _OTHER_TIME in faults else reading.derive_class(carrying, compare)
            agree[name] = derived == problem.label
    if agree.get("class_agree") is False:
        faults = {"class_disagrees": None, **faults}
    return checked.model_copy(update={"agree": agree, "faults": tuple(faults)})


def _faults_of_answer(
    question: Question, reading: Reading, facts: Sequence[DatedEvent | None], gold: Sequence[str]
) -> Iterator[str]:
    named = {name for fact in facts if fact for name in (fact.event.subject, fact.event.object)}
    asked = {answer for answer, _ in reading.answers.values()}
    derived = {reading.answers[place][0] for place in reading.cotemporal}
    if derived - set(gold):
        yield "gold_answer_incomplete"
    for answer in gold:
        if answer == question.answer_of(question.anchor):
            yield _SAME_EVENT
        elif answer not in named:
            yield _NOWHERE
        elif answer not in asked:
            yield _OTHER_RELATION
        elif answer not in derived:
            yield _OTHER_TIME


def _faults_of_facts(reading: Reading, facts: Sequence[DatedEvent | None]) -> Iterator[str]:
    if len(reading.anchors) > 1:
        yield "anchor_not_unique"
    if any(fact and fact.when.start > fact.when.end for fact in facts):
        yield "interval_ends_before_it_starts"
