"""Outputs are joined, judged and counted; what counts for nobody is told."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.tasks.babi import TASK
from tracekd.tasks.template import render_answer
from tracekd.verify import run as running
from tracekd.verify.join import Problems
from tracekd.verify.judge import Judge
from tracekd.verify.reading import OutputRecord, Unread
from tracekd.verify.run import JoinReport, verify_outputs
from tracekd.verify.verdict import Verdict

STORY = ("Mary went to the office.", "John moved to the garden.")
PROBLEMS = tuple(
    Problem(
        id=f"p{number}",
        task="babi",
        group=f"g{number}",
        question="Where is Mary?",
        context=tuple(Fact(id=str(at), text=text) for at, text in enumerate((*STORY, f"Fact {number}."))),
        answer=Answer(kind="one_of", values=("office",)),
        trace=gold_trace("single-supporting-fact", ["0"]),
        support={"support": ("0",)},
        source="s:1",
    )
    for number in range(10)
)
RIGHT = TASK.template.render_trace(PROBLEMS[0], PROBLEMS[0].trace)


def output(number: int, where: str = "f:1", **fields: object) -> OutputRecord:
    said = {"text": f"<think>{RIGHT}</think> <answer>office</answer>", "id": f"p{number}", "model": "m", **fields}
    return OutputRecord(where=where, **said)  # type: ignore[arg-type]


def judge(outputs: Iterable[OutputRecord | Unread], support: str | None = None) -> tuple[list[Verdict], JoinReport]:
    verdicts: list[Verdict] = []
    report = verify_outputs(outputs, Problems.of(PROBLEMS), Judge.of(TASK, support), verdicts.append)
    return verdicts, report


def test_all_is_well() -> None:
    verdicts, report = judge(output(number) for number in range(10))
    assert report.is_whole and (report.problems, report.read, report.judged) == (10, 10, 10)
    assert [verdict.id for verdict in verdicts] == [problem.id for problem in PROBLEMS]
    assert all(verdict.trace and verdict.answer for verdict in verdicts)


def test_a_verdict_says_whose_output_it_is() -> None:
    ((verdict,), _) = judge(
        [output(3, model="M", regime="incorrect", seed=5, sample=2, finish="length", text="office")]
    )
    assert (verdict.student, verdict.regime, verdict.seed, verdict.sample) == ("M", "incorrect", 5, 2)
    assert (verdict.finish, verdict.status, verdict.answer) == ("length", "truncated", True)


def test_an_output_of_an_unknown_problem_counts_for_nobody() -> None:
    verdicts, report = judge([output(0), output(77, "f:2"), output(5, "f:3", id=None)])
    assert [verdict.id for verdict in verdicts] == ["p0"]
    assert (report.read, report.judged, report.unknown.count) == (3, 1, 2)
    assert report.unknown.reasons == {"unknown problem": 1, "nothing to join by": 1}
    assert report.unknown.first == ("f:2: unknown problem", "f:3: nothing to join by")


def test_of_two_outputs_for_a_problem_the_first_counts_and_the_other_is_told() -> None:
    verdicts, report = judge(
        [output(4), output(4, "f:2", text="garden"), output(4, "f:3", sample=1), output(4, regime="r")]
    )
    assert [(v.regime, v.sample, v.answer) for v in verdicts] == [
        ("unknown", 0, True),
        ("unknown", 1, True),
        ("r", 0, True),
    ]
    assert (report.given_twice.count, report.given_twice.first) == (1, ("f:2: another output for p4",))


def test_lines_for_one_problem_that_follow_each_other_are_its_samples() -> None:
    """Without a number of their own; those in one record go on from there. A file that comes back later is told."""

    def line(number: int, at: int, **more: Any) -> OutputRecord:
        return output(number, f"f:{at}", is_numbered=False, **more)

    verdicts, report = judge(
        [
            line(4, 1), line(4, 2), line(4, 2, sample=1), line(4, 3, text="garden"),
            line(5, 4), line(4, 5), line(5, 6), line(5, 7), line(5, 8, regime="r"),
        ]
    )  # fmt: skip
    assert [(v.id, v.regime, v.sample) for v in verdicts] == [
        ("p4", "unknown", 0), ("p4", "unknown", 1), ("p4", "unknown", 2), ("p4", "unknown", 3), ("p5", "unknown", 0),
        ("p5", "unknown", 1), ("p5", "r", 0),
    ]  # fmt: skip
    assert report.by_order == 4
    assert report.given_twice.first == ("f:5: another output for p4", "f:6: another output for p5")


def test_problems_without_an_output_are_counted_for_each_run_and_listed() -> None:
    _, report = judge([*(output(number) for number in (0, 1, 2, 8)), output(9, "g:1", model="other", seed=3)])
    assert report.without_output.count == 6 + 9
    assert report.without_output.reasons == {"other, unknown": 9, "m, unknown": 6}
    assert report.without_output.first[0] == "m, unknown, seed 0, sample 0: no output for p3"
    assert [(run.model, run.outputs, run.without_output, run.first) for run in report.runs] == [
        ("m", 4, 6, "f:1"),
        ("other", 1, 9, "g:1"),
    ]


def test_what_is_no_output_is_counted_by_reason_and_the_first_are_listed() -> None:
    unread = [Unread(f"f:{line}", "not JSON" if line % 3 else "missing field", "text") for line in range(1, 31)]
    _, report = judge([*unread, output(0)])
    assert (report.unread.count, report.unread.reasons) == (30, {"not JSON": 20, "missing field": 10})
    assert len(report.unread.first) == 20 and report.unread.first[0] == "f:1: not JSON: text"
    assert report.read == 1


def test_a_kind_of_support_that_a_problem_lacks_is_an_error() -> None:
    bare = PROBLEMS[0].model_copy(update={"support": {}})
    with pytest.raises(UserError, match="no support of the kind"):
        verify_outputs([output(0)], Problems.of([bare]), Judge.of(TASK, "support"), print)


def test_how_many_problems_are_kept_ready_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = [output(number, sample=sample) for sample in range(3) for number in (0, 5, 1, 0, 9, 5)]
    expected = judge(outputs)
    monkeypatch.setattr(running, "_MOST_PREPARED", 2)
    assert judge(outputs) == expected


@pytest.mark.parametrize("setting", ["_BATCH", "_LARGEST_BATCH"])
def test_how_many_outputs_are_judged_together_changes_nothing(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    outputs = [output(number % 12, f"f:{number}", sample=number // 12, text=f"{number}") for number in range(300)]
    together = judge(outputs)
    assert [(verdict.id, verdict.sample) for verdict in together[0]] == [
        (one.id, one.sample) for one in outputs if one.id in {problem.id for problem in PROBLEMS}
    ]
    monkeypatch.setattr(running, setting, 1)
    assert judge(outputs) == together


def test_a_long_output_is_judged_before_further_ones_are_read() -> None:
    met: list[str] = []

    def outputs() -> Iterable[OutputRecord]:
        for number in range(3):
            met.append(f"read {number}")
            yield output(number, text="x" * 2**19)

    verify_outputs(outputs(), Problems.of(PROBLEMS), Judge.of(TASK), lambda verdict: met.append(f"judged {verdict.id}"))
    assert met == ["read 0", "judged p0", "read 1", "judged p1", "read 2", "judged p2"]


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from("ab"), st.integers(0, 1)), max_size=40))
def test_every_output_is_judged_unknown_or_given_twice(asked: list[tuple[int, str, int]]) -> None:
    verdicts, report = judge(output(number, regime=regime, seed=seed) for number, regime, seed in asked)
    known = [each for each in asked if each[0] < 10]
    assert report.read == len(asked) == report.judged + report.unknown.count + report.given_twice.count
    assert len(verdicts) == report.judged == len(set(known))
    assert report.without_output.count == 10 * len(report.runs) - len(set(known))


def test_gold_completions_are_all_right() -> None:
    texts = [
        f"<think>{TASK.template.render_trace(problem, problem.trace)}</think> <answer>{render_answer(problem.answer)}</answer>"
        for problem in PROBLEMS
    ]
    verdicts, _ = judge(output(number, text=text) for number, text in enumerate(texts))
    assert all(verdict.trace and verdict.answer and verdict.consistent is not False for verdict in verdicts)
