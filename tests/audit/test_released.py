"""Every flaw of the released data (arXiv 2505.13792) is found in a miniature of it, and not in its clean counterpart."""

from pathlib import Path

import pytest

from tracekd.problem import Problem
from tracekd.tasks.cotempqa.load import make_problem
from tracekd.tasks.template import render_answer

from .conftest import (
    COLUMNS,
    Rows,
    Write,
    another_label,
    audited,
    completion,
    gold_texts,
    has_others,
    messages,
    place,
    problems,
    released,
    released_row,
    right,
    template_of,
    write_csv,
    wrong,
)

TASKS = ("babi", "cotempqa", "msmarco")


def chosen(task: str, count: int = 60) -> list[Problem]:
    return [problem for problem in problems(task, count) if has_others(problem)]


def put(folder: Path, name: str, rows: Rows, task: str) -> Path:
    return write_csv(folder / f"{name}.csv", rows, COLUMNS[task])


@pytest.mark.parametrize("task", TASKS)
def test_clean_data_has_no_fault(folder: Path, task: str) -> None:
    """The formats of the released data, without its flaws."""
    found = chosen(task, 150)
    paths = [
        put(folder, "correct", released(found, right), task),
        put(folder, "perturbed", released(found, wrong), task),
    ]
    report = audited(*paths, settings=["give_away=0.6"])
    assert report.report.task == task and report.report.rows == 2 * len(found)
    assert report.above() == set()
    for fault in ("unreadable", "message_of_another_question", "answer_differs", "incorrect_is_right", "empty_step"):
        assert report.rows(fault) == 0
        assert report.faults[fault].checked > 0
    assert {part.regime for part in report.report.parts} == {"correct", "incorrect"}


@pytest.mark.parametrize("task", TASKS)
def test_vanilla_and_class_only_files_are_read(folder: Path, task: str) -> None:
    found = chosen(task)
    columns = COLUMNS["vanilla"] if task == "cotempqa" else COLUMNS[task]
    # The layout without facts; the class stands in a sentence.
    vanilla = write_csv(folder / "vanilla.csv", released(found, lambda p: render_answer(p.answer)), columns)
    class_only = write_csv(
        folder / "class_only.csv",
        released(found, lambda p: f"<think>{template_of(p).classify} {p.label}.\n</think> <answer>{render_answer(p.answer)}"
                 "</answer>"),
        columns,
    )  # fmt: skip
    report = audited(vanilla, class_only)
    assert report.above() == set()
    assert report.faults["correct_is_wrong"].checked == len(found)
    assert report.rows("answer_in_trace") == 0
    assert report.faults["class_imbalance"].checked == 2 * len(found)


# F10: messages are joined by the answer's text, so that rows get those of other questions.


def joined_by_answer(found: list[Problem]) -> Rows:
    shifted = [*found[1:], found[0]]
    return [
        {**released_row(at, problem, right(problem)), "messages": released_row(at, other, right(other))["messages"]}
        for at, (problem, other) in enumerate(zip(found, shifted, strict=True))
    ]


@pytest.mark.parametrize("task", TASKS)
def test_f10_messages_of_another_question_are_told_with_their_row(folder: Path, task: str) -> None:
    found = list({problem.question: problem for problem in chosen(task)}.values())[:8]
    path = put(folder, "correct_test", joined_by_answer(found), task)
    report = audited(path)
    assert report.rows("message_of_another_question") == len(found)
    assert "message_of_another_question" in report.above()
    assert f"{place(path, 0)}: " in report.said("message_of_another_question")
    assert f"it belongs to {place(path, 1)}" in report.said("message_of_another_question")
    # It is one fault, not five.
    assert report.above() == {"message_of_another_question"}


def test_f10_only_the_assistant_s_turn_is_another_s(folder: Path) -> None:
    found = [problem for problem in chosen("cotempqa") if problem.label == "equal"][:6]
    others = [*found[1:], found[0]]
    rows = [
        {**released_row(at, problem, right(other)), "answer": render_answer(problem.answer)}
        for at, (problem, other) in enumerate(zip(found, others, strict=True))
    ]
    report = audited(put(folder, "equal", rows, "cotempqa"), regime="correct")
    assert report.rows("message_of_another_question") == len(found)
    assert "it belongs to" in report.said("message_of_another_question")


# F15 and 4.1: training and testing, or two regimes, differ in more than the trace.


def in_lines(problem: Problem) -> str:
    template = template_of(problem)
    return template.prompt.replace("{facts}", "\n".join(fact.text for fact in problem.context)).replace(
        "{question}", problem.question
    )


def test_f15_joined_facts_and_free_answers_in_training_alone(folder: Path) -> None:
    found = chosen("cotempqa")
    train = [
        released_row(at, p, completion(p, p.label, repr(gold_texts(p)), p.answer.values[0]), in_lines(p))
        for at, p in enumerate(found)
        if len(p.answer.values) == 1
    ]
    test = released(list(problems("cotempqa", 60, seed=1)), right)
    paths = [put(folder, "train", train, "cotempqa"), put(folder, "test", test, "cotempqa")]
    report = audited(*paths, regime="correct")
    assert report.rows("prompt_form_differs") == report.rows("answer_form_differs") == len(test)
    assert {"prompt_form_differs", "answer_form_differs"} <= report.above()
    assert str(paths[1]) in report.said("prompt_form_differs")
    put(folder, "train", released(found, right), "cotempqa")
    assert not {"prompt_form_differs", "answer_form_differs"} & audited(*paths, regime="correct").above()


@pytest.mark.parametrize(
    ("old", "new"),
    [(" Only", "\nOnly"), ("answer.\n", "answer."), ("Question: ", "Question:"), ("context:\n", "context:")],
)
def test_a_prompt_that_differs_by_a_newline(folder: Path, old: str, new: str) -> None:
    found = chosen("babi")
    test = [
        released_row(at, p, right(p), template_of(p).render_prompt(p).replace(old, new))
        for at, p in enumerate(problems("babi", 20, seed=1))
    ]
    paths = [put(folder, "train", released(found, right), "babi"), put(folder, "test", test, "babi")]
    report = audited(*paths, regime="correct")
    assert report.rows("prompt_form_differs") == len(test)
    assert report.rows("message_of_another_question") == 0


# F17: the incorrect trace is one bare, often shorter sentence, sometimes none, sometimes a right one.


def bare(problem: Problem) -> str:
    gold = {*problem.texts(problem.support["answer_facts"]), *problem.texts(problem.support["full_support"])}
    other = next(fact.text for fact in problem.context if fact.text not in gold)
    return completion(problem, another_label(problem), other)


def test_f17_a_bare_sentence_gives_the_regime_away(folder: Path) -> None:
    found = chosen("cotempqa")
    paths = [
        put(folder / "reasoning_with_facts", "test", released(found, right), "cotempqa"),
        put(folder / "reasoning_with_facts_perturbed", "test", released(found, bare), "cotempqa"),
    ]
    report = audited(*(path.parent for path in paths))
    assert {"give_away", "malformed_step"} <= report.above()
    assert report.rows("malformed_step") == len(found)
    (pair,) = report.report.give_away
    assert pair.numbers["bare"].accuracy == 1.0
    assert {name for name, number in pair.numbers.items() if number.gives_away} >= {"bare", "characters", "cited_facts"}
    assert [part.regime_from for part in report.report.parts] == ["the folder's name"] * 2


def test_an_empty_list_is_an_empty_step(folder: Path) -> None:
    found = chosen("cotempqa")
    rows = released(found, lambda p: completion(p, another_label(p), "[]") if p is found[3] else wrong(p))
    path = put(folder, "perturbed", rows, "cotempqa")
    report = audited(path)
    assert report.rows("empty_step") == 1
    assert f"{place(path, 3)}: it cites nothing" in report.said("empty_step")


def test_an_incorrect_trace_that_is_right(folder: Path) -> None:
    found = chosen("cotempqa")

    def cites_the_event(problem: Problem) -> str:
        (anchor, *_) = problem.texts(problem.support["full_support"])
        return completion(problem, another_label(problem), anchor)

    report = audited(put(folder, "perturbed", released(found, cites_the_event), "cotempqa"))
    assert report.rows("incorrect_is_right") == len(found)
    assert "full_support" in report.said("incorrect_is_right")
    same_class = released(found, lambda p: wrong(p).replace(f"is: {another_label(p)}.", f"is: {p.label}."))
    report = audited(put(folder, "perturbed", same_class, "cotempqa"))
    assert report.rows("incorrect_is_right") == len(found)
    assert "the class is right" in report.said("incorrect_is_right")


# F18: bAbI's incorrect facts are lower-cased.


def test_f18_lower_case_is_told_and_gives_the_regime_away(folder: Path) -> None:
    found = chosen("babi")

    def lowered(problem: Problem) -> str:
        said = wrong(problem)
        at = said.index("[")
        return said[:at] + said[at:].lower()

    paths = [
        put(folder, "correct", released(found, right), "babi"),
        put(folder, "perturbed", released(found, lowered), "babi"),
    ]
    report = audited(*paths)
    assert report.rows("fact_case_changed") == len(found)
    assert report.rows("fact_not_in_context") == 0
    assert {"fact_case_changed", "give_away"} <= report.above()
    assert report.report.give_away[0].numbers["upper_case_starts"].accuracy == 1.0


# F19: correct traces leave out the event of the question, name the answer, and take facts too many.


def test_f19_insufficient_and_over_selected_traces(folder: Path) -> None:
    facts = (
        "Ada Brook works for Fernhill Observatory from 1991 to 1999.",
        "Ada Brook works for Harbour Clock Company from 1996 to 2004.",
        "Ida Vane works for Harbour Clock Company in 1950.",
        "Ada Brook works for Mill Lane Bakery from 2006 to 2011.",
    )
    question = (
        "While Ada Brook was working for Fernhill Observatory, which employer did Ada Brook work for concurrently?"
    )
    problem = make_problem("overlap", question, facts, ("Harbour Clock Company",), source="f:1")
    chose = [fact for fact in facts if "Harbour Clock Company" in fact]
    over = [released_row(0, problem, completion(problem, "overlap", repr(chose)))]
    report = audited(put(folder, "overlap_correct", over, "cotempqa"))
    assert "1 too many, 'Ida Vane works" in report.said("correct_is_wrong")
    assert "it leaves out 'Ada Brook works for Fernhill" in report.said("trace_not_sufficient")
    assert report.rows("answer_in_trace") == 1
    assert report.faults["trace_not_sufficient"].verdict == report.faults["answer_in_trace"].verdict == "reported"
    enough = [released_row(0, problem, completion(problem, "overlap", repr(list(facts[:2]))))]
    report = audited(put(folder, "overlap_correct", enough, "cotempqa"))
    assert report.above() == set()
    assert report.rows("trace_not_sufficient") == report.rows("correct_is_wrong") == 0


# F20: MARCO's validation rows have the printed list of answers in place of the passage.


def test_f20_the_answer_stands_where_the_passage_should(folder: Path) -> None:
    found = [p for p in chosen("msmarco") if all(fact.text != p.answer.values[0] for fact in p.context)]
    listed = [repr(list(problem.answer.values[:1])) for problem in found]
    rows = [
        {
            **released_row(at, problem, completion(problem, problem.label, text, text)),
            "answer": text,
            "answer_passage": text,
        }
        for at, (problem, text) in enumerate(zip(found, listed, strict=True))
    ]
    report = audited(put(folder, "correct_validation", rows, "msmarco"))
    assert report.rows("fact_not_in_context") == len(found)
    assert "fact_not_in_context" in report.above()
    train = put(folder, "correct_train", released(found, right), "msmarco")
    report = audited(train, folder / "correct_validation.csv")
    assert report.rows("answer_form_differs") == len(found)
    assert report.rows("fact_not_in_context") == len(found)


def test_f20_the_gold_passage_is_taken_for_a_wrong_one(folder: Path) -> None:
    found = chosen("msmarco")
    rows = released(found, lambda p: completion(p, another_label(p), gold_texts(p)[0]))
    report = audited(put(folder, "perturbed", rows, "msmarco"))
    assert report.rows("incorrect_is_right") == len(found)


# F21: duplicates in training, training prompts in the test data.


def test_f21_duplicates_and_overlap(folder: Path) -> None:
    found = list(
        {template_of(p).render_prompt(p): p for p in [*chosen("babi"), *problems("babi", 30, seed=7)]}.values()
    )
    train = put(folder, "train", released([*found[20:], *found[20:22]], right), "babi")
    test = put(folder, "test", released([*found[:20], found[30]], right), "babi")
    report = audited(train, test, regime="correct")
    assert report.rows("duplicate_prompt") == report.rows("duplicate_row") == 2
    assert f"{place(train, len(found) - 20)}: the same as {place(train, 0)}" in report.said("duplicate_prompt")
    assert report.faults["duplicate_prompt"].verdict == "reported"
    assert report.rows("overlap_verbatim") == 1
    assert f"{place(test, 20)}: shared with train" in report.said("overlap_verbatim")
    assert report.above() == {"overlap_verbatim"}
    assert "duplicate_prompt" in audited(train, regime="correct", settings=["duplicate_prompt=0.001"]).above()


def test_mirrored_questions_and_shared_facts(folder: Path) -> None:
    facts = (
        "Ada Brook works for Fernhill Observatory from 1991 to 1999.",
        "Ada Brook works for Harbour Clock Company from 1996 to 2004.",
    )
    asked = "While Ada Brook was working for {}, which employer did Ada Brook work for simultaneously?"
    names = ("Fernhill Observatory", "Harbour Clock Company")
    pair = [
        make_problem("overlap", asked.format(one), facts, (other,), source="f:1") for one, other in (names, names[::-1])
    ]
    paths = [put(folder, f"overlap_{split}", released([problem], right), "cotempqa")
             for split, problem in zip(("train", "test"), pair, strict=True)]  # fmt: skip
    report = audited(*paths, regime="correct")
    assert report.rows("overlap_verbatim") == 0
    assert report.rows("overlap_mirrored") == report.rows("overlap_shared_facts") == 1
    assert report.rows("overlap_shared_gold_facts") == 1
    assert "overlap_mirrored" in report.above()


# What cannot be read.


@pytest.mark.parametrize(
    "said",
    ["[{'content': 'a', 'role': 'user'}", "__import__('os').system('true')", "[1]", "[]", "", "[{'role': 'user'}]"],
)
def test_a_message_column_that_is_none_is_counted_with_its_place(folder: Path, said: str) -> None:
    rows = released(chosen("babi"), right)
    rows[1]["messages"] = said
    path = put(folder, "correct", rows, "babi")
    report = audited(path)
    assert report.rows("unreadable") == 1
    assert f"{place(path, 1)}: " in report.said("unreadable")
    assert report.above() == {"unreadable"}
    assert report.faults["unreadable"].checked == len(rows)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ((lambda p: right(p).replace("</think>", "")), "there is no </think>"),
        ((lambda p: right(p).replace("<answer>", "")), "no <answer> tag"),
        ((lambda p: right(p).replace(template_of(p).classify, "")), "no single class is stated"),
        ((lambda p: completion(p, p.label, "['A. ")), "list cannot be read"),
        ((lambda p: completion(p, p.label, gold_texts(p)[0])), "a bare text, while other rows have a list"),
        ((lambda p: render_answer(p.answer)), "there is no trace"),
    ],
)
def test_malformed_steps(folder: Path, broken: Write, why: str) -> None:
    found = chosen("babi")
    report = audited(
        put(folder, "correct", released(found, lambda p: broken(p) if p is found[0] else right(p)), "babi")
    )
    assert report.rows("malformed_step") == 1
    assert why in report.said("malformed_step")


def test_another_answer_than_the_row_s(folder: Path) -> None:
    found = chosen("babi")
    rows = released(found, right)
    rows[0]["messages"] = messages(
        rows[0]["query"], completion(found[0], found[0].label, repr(gold_texts(found[0])), "moon")
    )
    report = audited(put(folder, "correct", rows, "babi"))
    assert report.rows("answer_differs") == 1
    assert "it answers 'moon'" in report.said("answer_differs")
