"""How regimes are written: a name, or a name with its parameter; anything else is refused in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.regimes import Regime, Setting, Unsupported, draw_trace, get_regime, read_regimes, regime_names
from tracekd.tasks import get_task

TASK = get_task("cotempqa")
WITH_PARAMETER = {"correct", "corrupted", "counterfactual", "partial", "swapped", "paper", "teacher"}


@pytest.mark.parametrize("written", ["corrupted(0.3)", " corrupted ( 0.3 ) ", "corrupted:0.3", "corrupted: 0.3"])
def test_a_parameter_stands_in_brackets_or_after_a_colon(written: str) -> None:
    regime = get_regime(written)
    assert (regime.name, regime.file_name) == ("corrupted(0.3)", "corrupted-0.3")


def test_a_list_of_regimes_is_read_in_its_order() -> None:
    written = "correct, partial(2),swapped:same_class , corrupted(1)"
    names = [regime.name for regime in read_regimes(written)]
    assert names == ["correct", "partial(2)", "swapped(same_class)", "corrupted(1)"]


@pytest.mark.parametrize(
    "written", ["correct,correct", "partial(1),partial:1", "correct, correct ", "corrupted(0.3),correct,corrupted:0.3"]
)
def test_a_regime_is_named_once(written: str) -> None:
    with pytest.raises(UserError, match="is named twice"):
        list(read_regimes(written))


def test_two_regimes_never_share_a_file() -> None:
    """A letter that a file's name should not have would be left out of it."""
    assert get_regime("correct(ä)").file_name == get_regime("correct").file_name
    with pytest.raises(UserError, match=r"'correct\(ä\)' is named twice"):
        list(read_regimes("correct,correct(ä)"))
    files = [regime.file_name for regime in read_regimes("corrupted,corrupted(0.5),partial,partial(1),partial(11)")]
    assert len(set(files)) == 5 and all(re.fullmatch(r"[A-Za-z0-9_.-]+", name) for name in files)


@pytest.mark.parametrize("written", ["incorect", "incorrectly", "incorect(1)", "incorect:1"])
def test_an_unknown_name_is_told_the_nearest(written: str) -> None:
    with pytest.raises(UserError, match="did you mean 'incorrect'"):
        get_regime(written)


@pytest.mark.parametrize(
    "written", ["", " ", ",", "(1)", ":1", "a b", "partial(1", "partial 1)", "partial((1))", "a(1)b"]
)
def test_what_is_no_name_is_refused(written: str) -> None:
    with pytest.raises(UserError, match=r"not a regime|no regime") as caught:
        get_regime(written)
    assert "a name, or name(value)" in str(caught.value.expected) or "," in written


@pytest.mark.parametrize("name", sorted(set(regime_names()) & {"answer_only", "incorrect", "filler", "class_only"}))
def test_a_regime_without_a_parameter_takes_none(name: str) -> None:
    for written in (f"{name}(1)", f"{name}()", f"{name}:1"):
        with pytest.raises(UserError, match=f"'{name}' has no parameter"):
            get_regime(written)


@pytest.mark.parametrize(
    "written",
    [
        "corrupted()", "corrupted(-0.1)", "corrupted(1.01)", "corrupted(nan)", "corrupted(inf)", "corrupted(half)",
        "corrupted(-0)", "corrupted(1_0)", "corrupted(٠)", "corrupted(1e-3)", "partial(0)", "partial(-1)", "partial(x)",
        "partial(+1)", "partial(1.0)", "partial(01)", "partial(１)", "partial(9999)", "swapped(same)", "swapped()",
        "paper(wrong)", "teacher(thoughts)", "correct(full support)", "correct()", f"corrupted({'9' * 10_000})",
        "counterfactual()", "counterfactual(1.01)", "counterfactual(-0.5)", "counterfactual(1_0)", "counterfactual(all)",
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_refused_with_an_example(written: str) -> None:
    name = written.partition("(")[0]
    with pytest.raises(UserError, match=rf"is not a valid [a-z ]+ of the regime '{name}'") as caught:
        get_regime(written)
    assert f"for example {name}(" in str(caught.value.expected)
    assert len(str(caught.value)) < 300


def test_those_that_have_a_parameter_have_a_default_that_is_valid() -> None:
    regimes = [get_regime(name) for name in regime_names()]
    assert {regime.name for regime in regimes if regime.parameter} >= WITH_PARAMETER
    problem, setting = TASK.example(), Setting.of(TASK)
    for regime in regimes:
        if regime.parameter and regime.name in WITH_PARAMETER - {"teacher", "swapped", "partial"}:
            bound = get_regime(f"{regime.name}({regime.parameter.default})")
            assert bound.name != regime.name and regime.parameter.about
            assert draw_trace(problem, bound, setting, 3) == draw_trace(problem, regime, setting, 3)


def test_a_support_that_the_task_has_not_is_no_error_of_the_name() -> None:
    regime: Regime = get_regime("correct(word_overlap)")
    with pytest.raises(Unsupported, match="cotempqa has no support of the kind 'word_overlap', only support"):
        draw_trace(TASK.example(), regime, Setting.of(TASK), 0)


@pytest.mark.parametrize("kind", TASK.support_kinds)
def test_correct_cites_the_support_that_is_asked_for(kind: str) -> None:
    problem = TASK.example()
    assert draw_trace(problem, f"correct({kind})", Setting.of(TASK), 0) == problem.with_support(kind).trace


def test_the_setting_has_the_classes_that_are_named_or_all() -> None:
    assert Setting.of(TASK).labels == TASK.labels
    assert Setting.of(TASK, ["mix"]).labels == ("mix",)


@given(st.text(st.sampled_from("pa(): ,1\n"), max_size=12))
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        names = [regime.name for regime in read_regimes(written)]
    except UserError:
        return
    assert names


def test_a_long_text_is_refused_at_once() -> None:
    for written in ("partial:" + " " * 200_000 + "(", "p" * 200_000, "partial" + " " * 200_000 + "x", "(" * 200_000):
        with pytest.raises(UserError):
            get_regime(written)
