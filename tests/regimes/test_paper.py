"""The released data's traces, to the byte: stand-ins of our own in the form of its samples, faults and all.

Source: arXiv 2505.13792 and its released data; no sentence here is from there.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.regimes import Setting, Unsupported, draw_trace
from tracekd.sft.example import build_example
from tracekd.tasks import get_task
from tracekd.tasks.cotempqa import make_problem
from tracekd.tasks.msmarco.load import read_problems
from tracekd.tasks.reading.record import Record
from tracekd.verify.parse import parse

RELATION = "<think>The temporal relation between the event in question and the event in context is: "
CATEGORY = (
    "<think>The category of the question represents what is being asked in that question. "
    "The category of the question asked is: "
)
FACTS = "I need to use the following facts to answer the question: "
TEXT = "I need to use the following text to answer the question: "

OWNED = (
    "Quill is owned by Garn Group in May 2, 2011.",
    "Tarn Post is owned by Garn Group from June, 2009 to July, 2012.",
    "Low Mill is owned by Garn Group from 2013 to 2016.",
    "Fairly is owned by Garn Group from 2013 to 2016.",
)


def owned(facts: Sequence[str] = OWNED, answers: Sequence[str] = ("Fairly",)) -> Problem:
    question = "While Low Mill was owned by Garn Group, who was also owned by Garn Group simultaneously?"
    return make_problem("equal", question, facts, answers, source="f:1")


def swans(texts: Sequence[str], gold: tuple[str, ...]) -> Problem:
    return Problem(
        id="s", task="babi", group="s", question="What color is Ole?", source="f:1",
        context=tuple(Fact(id=str(at), text=text) for at, text in enumerate(texts)),
        answer=Answer(kind="one_of", values=("green",)), trace=gold_trace("basic-induction", gold),
        support={"support": gold},
    )  # fmt: skip


def marco(texts: Sequence[str], answer: str, kind: str = "NUMERIC") -> Problem:
    passages = [{"is_selected": 0, "passage_text": text} for text in texts]
    row = {"answers": [answer], "passages": passages, "query": "how old", "query_id": 1, "query_type": kind}
    (problem,) = read_problems(Record.of(row))
    return problem


def completion(problem: Problem, regime: str, seed: int = 0) -> str:
    task = get_task(problem.task)
    return build_example(problem, draw_trace(problem, regime, Setting.of(task), seed), task.template).completion


def all_incorrect(problem: Problem, seeds: int = 400) -> set[str]:
    return {completion(problem, "paper(incorrect)", seed) for seed in range(seeds)}


def test_a_correct_cotempqa_trace_lists_what_contains_the_answer_and_leaves_the_event_out() -> None:
    cited = f"{FACTS}['Fairly is owned by Garn Group from 2013 to 2016.']"
    end = "</think> <answer>['Fairly']</answer>"
    assert completion(owned(), "paper") == f"{RELATION}equal.\n{cited}{end}"
    assert completion(owned(), "class_only") == f"{RELATION}equal.\n{end}"
    assert completion(owned(), "answer_only") == "['Fairly']"


def test_with_two_answers_it_lists_the_facts_of_both_in_the_order_of_the_context() -> None:
    facts = (*OWNED, "Abel & Co is owned by Garn Group from 2013 to 2016.")
    problem = owned(facts, ("Abel & Co", "Fairly"))
    assert completion(problem, "paper") == (
        f"{RELATION}equal.\n{FACTS}['Fairly is owned by Garn Group from 2013 to 2016.', "
        "'Abel & Co is owned by Garn Group from 2013 to 2016.']</think> <answer>['Abel & Co', 'Fairly']</answer>"
    )


def test_its_substring_selection_cites_facts_too_many() -> None:
    facts = (*OWNED, "Fairly Large is owned by Quill Trust in 1950.")
    assert completion(owned(facts), "paper") == (
        f"{RELATION}equal.\n{FACTS}['Fairly is owned by Garn Group from 2013 to 2016.', "
        "'Fairly Large is owned by Quill Trust in 1950.']</think> <answer>['Fairly']</answer>"
    )


def test_an_incorrect_cotempqa_trace_is_one_bare_sentence_even_that_of_the_question() -> None:
    assert all_incorrect(owned()) == {
        f"{RELATION}{label}.\n{FACTS}{fact}</think> <answer>['Fairly']</answer>"
        for label in ("overlap", "during", "mix")
        for fact in OWNED[:3]
    }


def test_where_every_fact_contains_the_answer_it_is_an_empty_list() -> None:
    facts = ("Low Mill is owned by Fairly from 2013 to 2016.", "Fairly is owned by Fairly from 2013 to 2016.")
    question = "While Low Mill was owned by Fairly, who was also owned by Fairly simultaneously?"
    problem = make_problem("equal", question, facts, ["Fairly"], source="f:1")
    ends = {text.partition(FACTS)[2] for text in all_incorrect(problem, 40)}
    assert ends == {"[]</think> <answer>['Fairly']</answer>"}


SWANS = (
    "Ole is a swan.",
    "Bo is a lion.",
    "Bo is White.",
    "Tor is a swan.",
    "Tor is green.",
    "Ada is a lion.",
    "Ida is a Rhino.",
)


def test_a_correct_babi_trace_lists_the_support_in_story_order() -> None:
    for gold in (("0", "3", "4"), ("4", "0", "3")):
        assert completion(swans(SWANS, gold), "paper") == (
            f"{CATEGORY}basic-induction.\n{TEXT}['Ole is a swan.', 'Tor is a swan.', 'Tor is green.']"
            "</think> <answer>green</answer>"
        )


def test_an_incorrect_babi_trace_lists_other_sentences_in_lower_case() -> None:
    found = all_incorrect(swans(SWANS, ("4", "0", "3")))
    others = {"bo is a lion.", "bo is white.", "ada is a lion.", "ida is a rhino."}
    labels = set()
    for text in found:
        label, _, cited = text.removeprefix(CATEGORY).partition(f".\n{TEXT}")
        labels.add(label)
        items = parse(text, get_task("babi").template, "stop").cited
        assert items is not None and len(set(items)) == 3 and set(items) <= others
        assert cited == f"{list(items)!r}</think> <answer>green</answer>"
    assert labels == {*get_task("babi").labels} - {"basic-induction"}
    # In any order, without regard to the story.
    assert len({text.partition(TEXT)[2] for text in found}) == 24


@pytest.mark.parametrize(("gold", "left"), [(("0", "1", "2"), "['d.']"), (("0", "1", "2", "3"), "[]")])
def test_with_too_few_others_it_lists_those_that_there_are_or_none(gold: tuple[str, ...], left: str) -> None:
    ends = {text.partition(TEXT)[2] for text in all_incorrect(swans(["A.", "B.", "C.", "D."], gold), 20)}
    assert ends == {f"{left}</think> <answer>green</answer>"}


AGES = (
    "The oldest tortoise of the island of Garn is said to have lived for 188 years in the garden of a king.",
    "A tortoise, one reads in the old books, eats leaves, and lived for long in many a garden of the island.",
    "Bread should rise twice.",
)


def test_a_marco_trace_cites_the_passage_that_shares_most_words_with_the_answer_bare() -> None:
    assert completion(marco(AGES, "188 years"), "paper") == (
        f"{CATEGORY}NUMERIC.\n{TEXT}{AGES[0]}</think> <answer>188 years</answer>"
    )
    # Where there is none, its answer takes the passage's place.
    nothing = "No Answer Present."
    assert completion(marco(AGES, nothing), "paper") == (
        f"{CATEGORY}NUMERIC.\n{TEXT}{nothing}</think> <answer>{nothing}</answer>"
    )


def test_an_incorrect_marco_trace_cites_one_that_shares_few_words_with_it() -> None:
    ends = {text.partition(TEXT)[2] for text in all_incorrect(marco(AGES, "188 years"), 60)}
    assert ends == {f"{AGES[2]}</think> <answer>188 years</answer>"}
    labels = {text.partition(".\n")[0].removeprefix(CATEGORY) for text in all_incorrect(marco(AGES, "188 years"), 60)}
    assert labels == {"DESCRIPTION", "ENTITY", "LOCATION", "PERSON"}
    # Without an answer, any of them will do.
    anything = {
        text.partition(TEXT)[2].partition("</think>")[0]
        for text in all_incorrect(marco(AGES, "No Answer Present."), 60)
    }
    assert anything == set(AGES)


def test_a_short_gold_passage_passes_for_a_wrong_one_and_two_alike_leave_none() -> None:
    assert f"{TEXT}Lay them in for 12 minutes.</think>" in str(
        all_incorrect(marco(["Lay them in for 12 minutes."], "12"), 3)
    )
    assert {text.partition(TEXT)[2] for text in all_incorrect(marco(AGES[:2], "188 years"), 9)} == {
        "[]</think> <answer>188 years</answer>"
    }


@pytest.mark.parametrize("name", ["babi", "cotempqa", "msmarco"])
def test_the_class_sentence_comes_first_and_only_the_facts_differ_from_correct(
    name: str, sample: Callable[..., Any]
) -> None:
    setting = sample(name).setting
    for problem in sample(name, of=4).problems:
        text, wrong = (completion(problem, regime) for regime in ("paper", "paper(incorrect)"))
        head, tail = f"<think>{setting.template.classify} ", text.partition("</think>")[2]
        assert text.startswith(f"{head}{problem.label}.\n{setting.template.retrieve} ")
        assert wrong.startswith(head) and wrong.endswith(f"</think>{tail}")
        assert not wrong.startswith(f"{head}{problem.label}.")


@pytest.mark.parametrize("name", ["hotpotqa", "2wikimultihopqa", "musique"])
@pytest.mark.parametrize("regime", ["paper", "paper(incorrect)"])
def test_the_paper_has_no_data_of_the_others(name: str, regime: str) -> None:
    with pytest.raises(Unsupported, match=f"the paper has no data of {name}"):
        completion(get_task(name).example(), regime)
