"""Another problem's trace: from another group, of a donor that hangs on as little as possible."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Problem
from tracekd.regimes import Donor, Donors, Setting, lendable, read_regimes
from tracekd.tasks import get_task, task_names
from tracekd.trace import Quote, Trace


def lends(trace: Any) -> tuple[str, tuple[str, ...]] | None:
    """The class and the texts of a borrowed trace."""
    if not isinstance(trace, Trace):
        return None
    (texts,) = [step.texts for step in trace.steps if isinstance(step, Quote)]
    assert trace.label is not None
    return trace.label, texts


def of(problem: Problem) -> Donor:
    return Donor(id=problem.id, group=problem.group, label=problem.label, texts=problem.texts(problem.trace.facts))


@pytest.mark.parametrize("name", task_names())
def test_no_trace_comes_from_the_problem_s_own_group(
    name: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting, problems = sample(name).setting, sample(name).problems
    groups: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for problem in problems:
        groups.setdefault((problem.label, of(problem).texts), set()).add(problem.group)
    for problem in problems[::3]:
        lent = lends(drawn(problem, "swapped", setting))
        assert lent is None or groups[lent] - {problem.group}


@pytest.mark.parametrize("name", ["babi", "cotempqa"])
def test_a_donor_more_changes_those_traces_only_that_it_lends_to(
    name: str, sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    setting, problems = sample(name).setting, sample(name).problems
    few = replace(setting, donors=Donors.from_list(map(of, problems[::9])))
    before = [drawn(p, "swapped", few) for p in problems[::2]]
    changed = 0
    for newcomer in problems[5:200:13]:
        more = replace(setting, donors=Donors.from_list(map(of, [*problems[::9], newcomer])))
        after = [drawn(p, "swapped", more) for p in problems[::2]]
        for old, new in zip(before, after, strict=True):
            assert new == old or lends(new) == (newcomer.label, of(newcomer).texts)
            changed += new != old
    assert changed


@given(st.permutations(range(40)))
@settings(max_examples=30, deadline=None)
def test_which_donors_are_kept_does_not_hang_on_their_order(order: Sequence[int]) -> None:
    problems = [get_task("babi").example().model_copy(update={"id": str(number)}) for number in order]
    assert list(Donors.of(problems)) == list(Donors.of(sorted(problems, key=lambda p: p.id)))
    assert list(Donors.from_list(reversed([*Donors.of(problems)]))) == list(Donors.of(problems))


def test_donors_are_bounded_and_of_each_class(sample: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracekd.regimes.donors._MOST", 3)
    problems = sample("babi").problems
    kept = list(Donors.of(iter(problems)))
    for label in {p.label for p in problems}:
        assert sum(donor.label == label for donor in kept) == 3
    assert list(Donors.of(reversed(problems))) == kept
    # Each of them is also among the donors of any part of the problems that it is in.
    part = set(Donors.of(problems[::2]))
    assert part >= {donor for donor in kept if donor.id in {p.id for p in problems[::2]}}


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 4))
def test_the_ring_is_walked_once_from_any_place(place: float, size: int) -> None:
    donors = [Donor(id=str(at), group="g", label="l", texts=("x",) * (at % 3)) for at in range(12)]
    met = [donor.id for donor in Donors.from_list(donors).after(place, size)]
    assert len(met) == len(set(met)) == (4 if size < 3 else 0)
    other = [donor.id for donor in Donors.from_list(donors).after(0.0, size)]
    turn = other.index(met[0]) if met else 0
    assert met == other[turn:] + other[:turn]


def test_many_lend(sample: Callable[..., Any], drawn: Callable[..., Any]) -> None:
    setting, problems = sample("cotempqa").setting, sample("cotempqa").problems
    lent = [lends(drawn(p, "swapped", setting)) for p in problems]
    assert len(set(lent)) > len(problems) / 3


@pytest.mark.parametrize(
    ("texts", "fits"),
    [
        (("Ann left.",), True),
        (("He fell.",), False),  # gold here, too
        (("He  fell",), False),
        (("She ran",), False),  # of another kind of support
        (("Ann left.", "Bo came."), False),  # more facts
        ((), False),
        (("The answer is there.",), False),  # the answer follows
    ],
)
def test_what_a_donor_must_be(texts: tuple[str, ...], fits: bool, drawn: Callable[..., Any]) -> None:
    task = get_task("babi")
    problem = task.example()
    first, second = problem.context[0].id, problem.context[1].id
    context = tuple(
        fact.model_copy(update={"text": text})
        for fact, text in zip(problem.context, ["He fell.", "She ran.", "Bo slept."], strict=False)
    )
    steps = (problem.trace.steps[0], problem.trace.steps[1].model_copy(update={"facts": (first,)}))
    made = problem.model_copy(
        update={"context": context, "trace": Trace(steps=steps), "support": {"support": (first,), "more": (second,)}}
    )
    donor = Donor(id="d", group="another", label=problem.label, texts=texts)
    setting = replace(
        Setting.of(task), donors=Donors.from_list([donor]),
        derive=lambda question, facts, label: problem.answer if any("answer" in fact for fact in facts) else None,
    )  # fmt: skip
    assert (lends(drawn(made, "swapped", setting)) == (problem.label, texts)) == fits
    own = replace(setting, donors=Donors.from_list([donor.model_copy(update={"group": problem.group})]))
    assert lends(drawn(made, "swapped", own)) is None


def test_only_problems_that_every_other_regime_supports_lend(
    sample: Callable[..., Any], drawn: Callable[..., Any]
) -> None:
    problems, setting = sample("babi").problems, replace(sample("babi").setting, donors=Donors())
    regimes = list(read_regimes("correct,incorrect,swapped,partial"))
    found = [problem.id for problem in lendable(problems, regimes, setting, 3)]
    both = (p for p in problems if all(isinstance(drawn(p, r, setting, 3), Trace) for r in ("incorrect", "partial")))
    assert found == [problem.id for problem in both] and 0 < len(found) < len(problems)
