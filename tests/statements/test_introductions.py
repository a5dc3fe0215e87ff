"""Conclusions such as `Hence, garden.`"""

import pytest

from tracekd.statements.introductions import concluded_word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("So, garden.", "garden"),
        ("Therefore the answer must be Ada!", "Ada"),
        ("Hence *garden*.", "garden"),
        ("So.", ""),
        ("So, garden", None),
        ("So it is: garden.", None),
        ("Sofa, garden.", None),
        ("It is the garden.", None),
        ("so " + ". " * 100_000 + "a", None),  # an expression that goes back would never end here
        ("so " + "." * 100_000 + "a.", "a"),
    ],
)
def test_the_last_word_of_a_conclusion(text, word):
    assert concluded_word(text) == word
