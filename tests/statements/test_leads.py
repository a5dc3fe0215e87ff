"""The words with which statements begin: which ones say nothing, and which ones change what follows."""

import pytest

from tracekd.statements.leads import without_leads

N = "\ue002"


@pytest.mark.parametrize(
    "lead",
    [
        "from what i gather, ", "the passage makes it clear that ", "putting two and two together, ", "as i see it, ",
        "no doubt ", "that is why ", "if i am reading this correctly, ", "unless i'm wrong, ", "there is a sentence saying that ",
        "that leads me to the conclusion that ", "one of the facts is that ", "on that basis, ", "so at this point we know: ",
        "no no, ", "i'm fairly confident ", "seems like ", "so it's evident that ", "to the best of my knowledge, ",
        "i'm under the impression that ",
        "the story begins by telling us that ",
    ],
)  # fmt: skip
def test_leads_that_say_nothing(lead):
    assert without_leads(f"{lead}{N} is in the garden") == f"{N} is in the garden"


@pytest.mark.parametrize(
    "lead",
    [
        "it is not true that ", "i doubt that ", "if ", "suppose that ", "before that, ", "at first, ", "nobody says that ",
        "case 1: ", "i wonder whether it is so that ", "it is false that ", "the question is whether it is clear that ",
        "in the end, ", "i am not sure that ", "i'm not sure ", "i am less certain that ",
    ],
)  # fmt: skip
def test_leads_that_change_what_follows(lead):
    assert without_leads(f"{lead}{N} is in the garden") != f"{N} is in the garden"


def test_an_unknown_name_is_no_lead():
    assert without_leads(f"as velmora institute, {N} was there").endswith(f"velmora institute, {N} was there")
    assert without_leads(f"brightmere works: {N}") == f"brightmere works: {N}"
