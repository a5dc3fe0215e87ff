import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from statsmodels.stats.multitest import multipletests

from tracekd.stats.families import Analysis, corrected, holm


def test_holm_known() -> None:
    assert holm([0.01, None, 0.04, 0.03]) == pytest.approx([0.03, None, 0.06, 0.06])
    assert holm([None]) == [None]
    assert holm([]) == []


@settings(max_examples=25, deadline=None)  # statsmodels collects garbage at each call, which takes 0.05 s
@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=20))
def test_holm_is_that_of_statsmodels_and_none_does_not_count(raw: list[float | None]) -> None:
    known = [p for p in raw if p is not None]
    found = holm(raw)
    assert [p is None for p in found] == [p is None for p in raw]
    if known:
        expected = multipletests(known, method="holm")[1]
        assert [p for p in found if p is not None] == pytest.approx(expected)


def test_a_family_is_an_outcome_unless_declared() -> None:
    tests = {"answer": [0.01, 0.02], "trace": [0.03, None]}
    alone = corrected(tests, lambda p: p, Analysis())
    assert alone == {"answer": pytest.approx([0.02, 0.02]), "trace": [0.03, None]}
    together = corrected(tests, lambda p: p, Analysis(families=(("answer", "trace"),)))
    assert together["answer"] == pytest.approx([0.03, 0.04])
    assert together["trace"] == [pytest.approx(0.04), None]


def test_a_family_may_name_tests_that_a_run_lacks() -> None:
    declared = Analysis(families=(("answer", "class"),))
    assert corrected({"answer": [0.01, 0.5]}, lambda p: p, declared) == {"answer": pytest.approx([0.02, 0.5])}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"primary": "association"}, "unknown outcome 'association'; known: answer, class, retrieval, trace"),
        ({"families": (("answer", "other"),)}, "unknown test 'other'"),
        ({"families": (("answer",), ("answer", "class"))}, "named in two families"),
        ({"margin": 0.0}, "greater than 0"),
        ({"margin": 1.0}, "less than 1"),
        ({"level": 0.1}, "Extra inputs"),
    ],
)
def test_what_cannot_be_declared_is_refused(fields: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Analysis(**fields)
