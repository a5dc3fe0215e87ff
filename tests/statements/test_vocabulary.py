"""Words by lemma, phrases over words, and fillers."""

import time

import pytest

from tracekd.statements.babi.room_vocabulary import VOCABULARY as ROOMS
from tracekd.statements.cotempqa.words import symbols
from tracekd.statements.vocabulary import Vocabulary, forms

N, D = "\ue001", "\ue0d0"
SMALL = Vocabulary(
    fillers="the very",
    words={"": "of with", "n": N, "X": "not"},
    lemmas={"m": "move go", "g": "take"},
    phrases={"L": ("at same|identical time of?", "*take place with"), "z": ("at end of? day?",)},
)


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("move", {"move", "moves", "moved", "moving"}),
        ("carry", {"carry", "carries", "carried", "carrying"}),
        ("grab", {"grab", "grabs", "grabbed", "grabbing"}),
        ("reach", {"reach", "reaches", "reached", "reaching"}),
        ("take", {"take", "took", "taken", "taking"}),
        ("go", {"go", "goes", "went", "gone", "going"}),
    ],
)
def test_forms_of_verbs(verb, expected):
    assert expected <= set(forms(verb))


@pytest.mark.parametrize(
    ("body", "signs"),
    [
        (f"{N} moved", "nm"),
        (f"{N} certainly went", "nm"),
        (f"{N} hardly went", "n?m"),
        (f"{N} was", "n?"),
        (f"{N} took 12", "ng#"),
        (f"at the very same time of {N}", "Ln"),
        ("at the identical time", "L"),
        (f"took place with {N}", "Ln"),
        ("taken", "g"),
        ("at the end of the day", "z"),
        ("at the end", "z"),
        ("at the other end", "???"),
    ],
)
def test_signs(body, signs):
    assert SMALL.read(body) == signs


@pytest.mark.parametrize(
    ("body", "signs"),
    [
        (f"{N} ran partly in parallel with {N}", "nrVn"),
        (f"{N} did not begin until {N} had ended", "ncAne"),
        (f"{N} coincides exactly with {N}", "nIn"),
        (f"{N} coincides in part with {N}", "nVn"),
        (f"part of {N} falls within {N}", "nVn"),
        (f"{N} is outside of {N}", "nbXVn"),
        (f"{N} was there in the interval [{D}, {D}]", "nbd-d"),
        (f"{N} was there all through {D} to {D}", "nbdtd"),
        (f"{N} has the same start and end dates as {N}", "nIn"),
        (f"{N} hated {N}", "n?n"),
    ],
)
def test_events(body, signs):
    assert symbols(body) == signs


def test_time_is_linear():
    def seconds(body):
        begun = time.process_time()
        ROOMS.read(body)
        symbols(body)
        return time.process_time() - begun

    hostile = "at the end of the in his was to be taken hold of "
    seconds(hostile)
    once = min(seconds(hostile * 200 + str(number)) for number in range(3))
    longer = min(seconds(hostile * 2000 + str(number)) for number in range(3))
    assert longer < 40 * once
