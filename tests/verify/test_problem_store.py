"""Problems that do not fit into memory are the same, read from a temporary file."""

import tempfile

import pytest

from tracekd.errors import UserError
from tracekd.problem import Problem
from tracekd.tasks import get_task
from tracekd.verify import problem_store
from tracekd.verify.join import Found, Problems
from tracekd.verify.join_report import JoinTally
from tracekd.verify.problem_store import ProblemStore
from tracekd.verify.reading.output_record import OutputRecord


@pytest.fixture
def problems(monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    """Ten problems, of which three are kept in memory."""
    monkeypatch.setattr(problem_store, "_IN_MEMORY", 3)
    monkeypatch.setattr(problem_store, "_KEPT", 2)
    example = get_task("babi").example()
    return [example.model_copy(update={"id": f"é{n}", "question": f"{example.question} {n}"}) for n in range(10)]


def test_all_problems_are_found_by_number_in_any_order(problems: list[Problem]) -> None:
    store = ProblemStore(problems)
    assert len(store) == 10
    assert [store[at] for at in (9, 0, 4, 3, 2, 9, -1, 5)] == [problems[at] for at in (9, 0, 4, 3, 2, 9, -1, 5)]
    assert store[2:8:2] == problems[2:8:2]
    assert list(store) == problems
    for at in (10, -11):
        with pytest.raises(IndexError):
            store[at]


def test_problems_may_be_added_between_readings(problems: list[Problem]) -> None:
    store = ProblemStore()
    for at, problem in enumerate(problems):
        store.add(problem)
        assert (store[at], store[at // 2]) == (problem, problems[at // 2])


def test_only_the_first_are_kept_as_objects(problems: list[Problem]) -> None:
    store = ProblemStore(problems)
    assert [store[at] is problems[at] for at in range(10)] == [True] * 3 + [False] * 7


def test_outputs_find_problems_in_the_file(problems: list[Problem]) -> None:
    known = Problems.of(problems)
    for problem in problems:
        texts = tuple(fact.text for fact in problem.context)
        by_id = OutputRecord("x", "f:1", problem.id, question=problem.question, context=texts)
        assert known.find(by_id) == known.find(by_id._replace(id=None)) == problem
        assert known.find(by_id._replace(id=None, context=(*texts[:-1], f" {texts[-1]}"))) == problem


def test_a_folder_that_cannot_be_written_is_named(problems: list[Problem], monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(UserError, match="No space left on device") as caught:
        ProblemStore(problems)
    assert "TMPDIR" in str(caught.value)


@pytest.mark.parametrize("outputs", [3, 1500])
def test_a_run_with_few_outputs_keeps_no_bits(outputs: int) -> None:
    example = get_task("babi").example()
    tally = JoinTally([example] * 1024 * 512)
    assert all(tally.take(OutputRecord("x", "f:1", "p"), Found(7 * place)) for place in range(outputs))
    assert not any(tally.take(OutputRecord("x", "f:1", "p"), Found(7 * place)) for place in range(outputs))
    (answered,) = tally._answered.values()
    assert (answered._bits is None) == (outputs == 3)
    report = tally.report()
    assert (report.judged, report.given_twice.count) == (outputs, outputs)
    assert report.without_output.count == 1024 * 512 - outputs
