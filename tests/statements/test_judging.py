"""What claims nothing is set aside; what is taken back is known; hostile text takes linear time and is never guessed."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize("text", [
    "Where is the milk?", "So who has it, Mary or John?", "Let me check where Mary is.", "I need to find the garden.",
    "To answer the question, we look at Mary.", "The question asks where the milk is.", "First, let's look at the kitchen.",
    "If Mary is in the garden, then the milk is there.", "Suppose Mary is in the office.", "Perhaps Mary likes the garden.",
    "What if John is in the kitchen? Then the milk would be there.", 'The question is "where is the milk in the garden".',
])  # fmt: skip
def test_no_claim(text, rooms):
    assert {one.grounding for one in rooms(text)} == {"no_claim"}


def test_what_stands_under_a_supposition_claims_nothing_until_it_ends(rooms, short):
    assert (
        short(rooms("Suppose Mary is in the office. Then Mary is now in the office. So John is now in the kitchen."))
        == "nnn"
    )
    assert short(rooms("Suppose Mary is in the office. Then the milk is there.\n\nMary is now in the office.")) == "nnc"
    assert (
        short(
            rooms(
                "Case 1: Mary is in the office.\nMary is now in the office.\nThis is a contradiction.\n"
                "Mary is now in the kitchen."
            )
        )
        == "nn-d"
    )
    assert (
        short(rooms("If Mary is in the office:\n- Mary is now in the office.\n\nMary is now in the kitchen.")) == "nnd"
    )
    assert (
        short(rooms("If Mary is in the office, then John is now in the kitchen. Mary is now in the kitchen.")) == "nnd"
    )


def test_a_false_statement_is_taken_back_by_a_later_one_or_by_words(rooms):
    taken = rooms("Mary is now in the garden. Actually, Mary is now in the kitchen.")
    assert [one.taken_back_by for one in taken] == [1, None]
    taken = rooms("Mary is now in the garden. Wait, no, that's wrong. John moved on.")
    assert taken[0].taken_back_by == 1
    assert taken[1].grounding == "no_claim"
    kept = rooms("Mary is now in the garden. The milk is in the hallway.")
    assert kept[0].taken_back_by is None
    right = rooms("Mary is now in the kitchen. Wait, no. Mary is now in the garden.")
    assert [one.taken_back_by for one in right if one.grounding == "contradicted"] == [None]


@pytest.mark.parametrize("text", [
    "", "   \n\n", "\x00\x01", "玛丽在花园里。", "Мэри в саду.", "مريم في الحديقة", "def where(x):\n    return x['garden']\n",
    "|---|---|\n| | |", "Mary is in the", "Mary moved to", "<think><think>", "\ue001\ue000 \ue100.", "İİİ Mary", "(" * 2000,
])  # fmt: skip
def test_odd_text_is_never_called_false(text, rooms, events):
    for judge in (rooms, events):
        assert "contradicted" not in {one.grounding for one in judge(text)}


def test_a_statement_without_names_that_is_not_read_is_no_claim(rooms, short):
    assert short(rooms("The weather is nice. Blah blah.")) == "--"
    assert short(rooms("Mary thinks that the weather is nice.")) == "x"


WORDS = st.sampled_from(
    "Mary John she he it they the milk apple garden kitchen office is was in to and or not went moved took dropped gave has two "
    'before after now so because since if suppose wait no , . ? ! : ; \n - 1. ( ) " → '
    "Ada Brook Fernhill Observatory from 1991 1999 "
    "March overlaps within during same time exactly answer Harbour Clock Company".split(" ")
)


@given(st.lists(WORDS, max_size=30).map(" ".join))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_places_are_exact_and_nothing_is_raised(rooms, events, text):
    for judge in (rooms, events):
        found = judge(text)
        assert all(text[one.start : one.end] == one.text for one in found)
        assert all(one.end <= other.start for one, other in pairwise(found))
        assert all(one.taken_back_by is None or one.taken_back_by > at for at, one in enumerate(found))


FRAGMENTS = [
    "Mary ", "Mary and ", "Mary went to the garden. ", "she ", "the milk ", "picked the ", "in hands ", "in the garden or ",
    "so ",
    "before ", "wait, no ", "if ", "case 1: ", "to answer ", "looking at ", "looking at the list, ", "the context says that ",
    "as stated in the text, ", "the answer is ", "answer: ", "\\boxed{", "Ada Brook ", "Ada Brook and ", "1991-", "from 1991 to ",
    "March, ", "no overlap ", "at the same time ", "the given provided above ", "did not ", "1. ", "| ", '"a b c ', "\n",
    "\ue000", "İ",
]  # fmt: skip


def test_half_a_sentence_at_the_token_limit_is_counted_and_not_read(judging):
    from tracekd.problem import Fact
    from tracekd.statements import get_grammar
    from tracekd.statements.judging import judge_trace

    grounder = get_grammar("babi").prepare("Where is Mary?", [Fact(id="1", text="Mary went to the garden.")])
    for text, read in (
        ("Mary is in the garden. Mary is now in the kitchen", False),
        ("Mary is now in the kitchen.", True),
    ):
        last = judge_trace(text, grounder, is_cut_off=True)[-1]
        assert (last.grounding, last.is_read) == (("contradicted", True) if read else ("no_claim", False))


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_time_is_linear_in_repetition(fragment, rooms, events, slower):
    def judge(length: int) -> None:
        text = (fragment * length)[:length]
        rooms(text)
        events(text)

    judge(1000)
    assert slower(judge, (10_000, 40_000), most=8) < 8
