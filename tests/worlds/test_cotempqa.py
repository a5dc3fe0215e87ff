"""The co-temporal world: what it makes, held against the task's rules and loader."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tracekd.problem import Problem
from tracekd.tasks.check import same_answer
from tracekd.tasks.cotempqa import TASK
from tracekd.tasks.cotempqa.intervals import LABELS, tuple_order
from tracekd.tasks.cotempqa.sentences import parse_facts, parse_question
from tracekd.tasks.loading import load, load_strict
from tracekd.worlds.contract import Dials, draw
from tracekd.worlds.cotempqa import WORLD
from tracekd.worlds.cotempqa.published import RELATIONS, TRIPLE_ELEMENTS
from tracekd.worlds.cotempqa.question import CotemporalQuestion

N = 400


class Written(NamedTuple):
    """Generated records, and what the task's loader makes of them."""

    label: str
    items: list[CotemporalQuestion]
    problems: list[Problem]


def made(label: str, count: int = N, seed: int = 0, **set_dials: Any) -> Iterator[CotemporalQuestion]:
    dials = WORLD.families[label].dials(**set_dials)
    return (draw(WORLD, label, dials, seed, index) for index in range(count))  # type: ignore[misc]


def records(label: str, count: int = N, **set_dials: Any) -> Iterator[dict[str, Any]]:
    return (json.loads(item.text()) for item in made(label, count, **set_dials))


@pytest.fixture(scope="module", params=LABELS)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    family = WORLD.families[request.param]
    items = list(made(request.param))
    file = tmp_path_factory.mktemp("world") / family.file_name
    file.write_bytes("".join(item.text() for item in items).encode("ascii"))
    return Written(request.param, items, list(load_strict(TASK, [str(file)])))


def test_there_is_a_family_for_each_class() -> None:
    assert tuple(WORLD.families) == LABELS
    assert [family.file_name for family in WORLD.families.values()] == [f"{label}.json" for label in LABELS]


def test_lines_are_in_the_official_format(written: Written) -> None:
    for item in written.items:
        text = item.text()
        assert text.isascii() and text.endswith("}\r\n") and text.count("\n") == 1
        record = json.loads(text)
        assert list(record) == ["index", "triple_element", "question", "facts", "answer"]
        assert isinstance(record["index"], int)
        assert json.dumps(record) + "\r\n" == text


def test_letters_beyond_ascii_are_escaped() -> None:
    text = next(made("equal", 1, name_traps=1.0)).text()
    assert "\\u" in text


def test_the_loader_gives_the_class_the_answers_and_the_support(written: Written) -> None:
    assert len(written.problems) == N
    for item, problem in zip(written.items, written.problems, strict=True):
        assert problem.label == written.label
        assert problem.question == item.question
        assert problem.answer.values == item.answer
        assert tuple(fact.text for fact in problem.context) == item.facts
        (support,) = item.supports[0]
        assert problem.support["full_support"] == support
        assert problem.support["support"] == support[1:]


def test_the_rules_agree_in_everything(written: Written) -> None:
    for problem in written.problems:
        found = TASK.check(problem)
        assert found.faults == ()
        for measure in ("answer_agree", "class_agree", "support_agree", "support_sufficient"):
            assert found.agree[measure]


def test_supports_are_enough_and_minimal(written: Written) -> None:
    for item, problem in zip(written.items, written.problems, strict=True):
        (support,) = item.supports[0]
        assert follows(problem, support)
        assert not any(follows(problem, support[:at] + support[at + 1 :]) for at in range(len(support)))


def follows(problem: Problem, support: tuple[str, ...]) -> bool:
    """Whether answer and class follow: without its event, all that a question has is of no class."""
    facts = [fact.text for fact in problem.context if fact.id in support]
    found = TASK.solve(problem.question, facts, problem.label)
    return found is not None and found.label == problem.label and same_answer(found.answer, problem.answer)


def test_no_two_facts_of_a_context_are_the_same(written: Written) -> None:
    for item in written.items:
        assert len(set(item.facts)) == len(item.facts)


def test_the_same_seed_and_index_give_the_same_bytes(written: Written) -> None:
    again = made(written.label, 20)
    assert [item.text() for item in again] == [item.text() for item in written.items[:20]]
    other = made(written.label, 20, seed=1)
    assert not {item.text() for item in other} & {item.text() for item in written.items}


def test_the_index_tells_records_apart(written: Written) -> None:
    indices = [json.loads(item.text())["index"] for item in written.items]
    assert len(set(indices)) == N


def test_an_item_without_its_question_is_nothing() -> None:
    item = next(made("mix", 1))
    assert item.questions == 1 and item.cut(1) is item
    nothing = item.cut(0)
    assert (nothing.questions, nothing.supports, nothing.text()) == (0, (), "")


def test_answers_do_not_come_in_the_order_of_the_facts_alone() -> None:
    orders = Counter(
        sorted(record["answer"], key="".join(record["facts"]).index) == record["answer"] for record in records("mix")
    )
    assert min(orders.values()) > N / 10


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("triple_element", TRIPLE_ELEMENTS)
def test_triple_elements_are_what_their_names_say(label: str, triple_element: str) -> None:
    for record in records(label, 40, triple_elements=[triple_element]):
        assert record["triple_element"] == triple_element
        question = parse_question(record["question"])
        assert question is not None
        answers = [
            fact.event for fact in parse_facts(record["facts"]) if fact and question.answer_of(fact.event) is not None
        ]
        answers = [event for event in answers if question.answer_of(event) in record["answer"]]
        subjects = {event.subject for event in [question.anchor, *answers]}
        relations = {event.relation for event in [question.anchor, *answers]}
        objects = {event.object for event in [question.anchor, *answers]}
        assert (len(subjects) == 1) == triple_element.startswith("S1")
        assert len(relations) == (1 if "_R1_" in triple_element else 2)
        assert (len(objects) == 1) == triple_element.endswith("O1")


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_can_be_asked_for(relation: str) -> None:
    for record in records("during", 40, relations=[relation]):
        question = parse_question(record["question"])
        assert question is not None and question.relation == relation
        assert TASK.solve(record["question"], record["facts"], "during") is not None


def test_each_class_has_the_kinds_of_time_that_make_it() -> None:
    for label in LABELS:
        for record in records(label, 100):
            question = parse_question(record["question"])
            assert question is not None
            times = {
                fact.event: fact.when for fact in parse_facts(record["facts"]) if fact is not None
            }  # fmt: skip
            kinds = [
                tuple_order(times[question.anchor], when)
                for event, when in times.items()
                if event != question.anchor and question.answer_of(event) in record["answer"]
            ]
            assert len(kinds) == len(record["answer"])
            assert set(kinds) == {label} if label != "mix" else len(set(kinds)) > 1


def test_points_and_every_granularity_occur_in_events_and_answers() -> None:
    forms = Counter(
        (fact.when.is_point, sum(map(bool, fact.when.start)))
        for record in records("during", 300, months=5)
        for fact in parse_facts(record["facts"])
        if fact is not None
    )
    assert set(forms) == {(point, known) for point in (True, False) for known in (1, 2, 3)}


def test_nothing_is_skipped_with_every_trap_in_the_names(tmp_path: Path) -> None:
    for label, family in WORLD.families.items():
        items = made(label, 200, name_traps=1.0, substring_traps=1.0)
        (tmp_path / family.file_name).write_bytes("".join(item.text() for item in items).encode("ascii"))
    found = list(load(TASK, [str(tmp_path)]))
    assert len(found) == 800
    for problem in found:
        assert isinstance(problem, Problem)
        checked = TASK.check(problem)
        assert not checked.faults and checked.agree["answer_agree"] and checked.agree["class_agree"]


def test_a_context_of_many_facts(tmp_path: Path) -> None:
    dials: Dials = WORLD.families["mix"].dials(
        facts_min=100, facts_max=100, answers_min=50, answers_max=50, other_facts=49
    )
    item = draw(WORLD, "mix", dials, 0, 0)
    file = tmp_path / "mix.json"
    file.write_bytes(item.text().encode("ascii"))
    (problem,) = load_strict(TASK, [str(file)])
    assert len(problem.answer.values) == 50
    assert not TASK.check(problem).faults
