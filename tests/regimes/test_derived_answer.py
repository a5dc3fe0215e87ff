"""An answer that a rule derived is spelt as in the story."""

import pytest

from tracekd.problem import Answer
from tracekd.regimes.derived_answer import as_written


@pytest.mark.parametrize(
    ("value", "texts", "expected"),
    [
        ("fred", ["Bill met Fred."], "Fred"),
        ("sheep", ["Sheep are afraid of sheep."], "sheep"),
        ("mary", ["Mary went home."], "Mary"),
        ("yes", ["Mary went home."], "yes"),
        ("1", ["Mary went home."], "1"),
    ],
)
def test_an_answer_is_written_as_it_is_met(value: str, texts: list[str], expected: str) -> None:
    derived, gold = (Answer(kind="one_of", values=(one,)) for one in (value, "x"))
    assert as_written(derived, texts, gold).values == (expected,)
