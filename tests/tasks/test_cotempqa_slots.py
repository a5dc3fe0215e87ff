"""What cited facts answer, right or wrong."""

import pytest

from tracekd.tasks.cotempqa.rules import read_slots
from tracekd.tasks.cotempqa.sentences import Event, parse_event

EMPLOYER = "While Ida Moss was working for Elm Mills, which employer did Leo Birch work for concurrently?"
WHO = "While Ida Moss attended Elm School, who also attended Elm School at the same time?"
OWN = "While Ida Moss was working for Elm Mills, which employer did Ida Moss work for concurrently?"
INN = Event("Leo Birch", "P108", "Inn")


@pytest.mark.parametrize(
    "fact",
    [
        "Leo Birch works for Inn in 1992.",
        "Leo Birch works for Inn from March, 1992 to May 2, 1994.",
        "Leo Birch works for Inn from 1992.",
        "Leo Birch works for Inn.",
        "Leo Birch  works for Inn",
    ],
)
def test_a_date_may_be_left_out(fact: str) -> None:
    assert parse_event(fact) == INN


def test_a_text_in_no_known_form_says_nothing() -> None:
    assert parse_event("Leo Birch likes Inn in 1992.") is None
    assert parse_event("works for Inn") is None
    assert parse_event("") is None


@pytest.mark.parametrize(
    ("question", "facts", "needed", "allowed"),
    [
        (EMPLOYER, ["Leo Birch works for Inn in 1992."], {"Inn"}, {"Inn"}),
        # Time, relation and subject may all be wrong.
        (EMPLOYER, ["Leo Birch attended Elm School in 1800.", "Ann Ash works for Inn."], {"Elm School", "Inn"}, None),
        (WHO, ["Leo Birch attended Elm School in 1992."], {"Leo Birch"}, None),
        # The event of the question may be cited for its time, or be answered with.
        (OWN, ["Ida Moss works for Elm Mills in 1992.", "Ida Moss works for Inn."], {"Inn"}, {"Inn", "Elm Mills"}),
        (EMPLOYER, ["It rains."], set(), None),
        (EMPLOYER, [], set(), None),
    ],
)
def test_slots(question: str, facts: list[str], needed: set[str], allowed: set[str] | None) -> None:
    slots = read_slots(question, facts, "equal")
    assert slots is not None
    assert (set(slots.needed), set(slots.allowed)) == (needed, allowed or needed)


def test_a_question_in_no_known_form_has_none() -> None:
    assert read_slots("Who?", ["Leo Birch works for Inn."], "equal") is None
