"""Statements are cut at sentences, list items, quotations and joining words, at exact places, in linear time."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.statements.forms import placed_forms
from tracekd.statements.names import Marked, Mention, Name, longest_first, mark


def _cut(text: str, *names: str) -> list[str]:
    marked = mark(text, [Name(name.lower(), "\ue001", name) for name in names])
    return [text[piece.start : piece.end] for piece in placed_forms(marked)]


CASES = [
    ("Mary left. John stayed!  Why?", ["Mary left.", "John stayed!", "Why?"]),
    ("1. Mary left.\n2. John stayed.\n10) Both.", ["Mary left.", "John stayed.", "Both."]),
    ("- Mary left\n* **John** stayed\n> a quote", ["Mary left", "John** stayed", "a quote"]),
    ("Mary left, so she is away, because it was late.", ["Mary left", "she is away", "it was late."]),
    ("Since Mary left, she is away.", ["Since Mary left", "she is away."]),
    ("It ran 1997-2003, which is after 1996, so no.", ["It ran 1997-2003", "is after 1996", "no."]),
    ("She was there since 1997 and so far alone.", ["She was there since 1997 and so far alone."]),
    ('The text says "Mary went to the garden." Fine.', ["The text says", "Mary went to the garden.", "Fine."]),
    ('He said "no" twice.', ['He said "no" twice.']),
    ("Dr. J. Smith of the U.S. weighs 3.5 kg, i.e. little.", ["Dr. J. Smith of the U.S. weighs 3.5 kg, i.e. little."]),
    ("It ended in 1999. Then it began.", ["It ended in 1999.", "Then it began."]),
    ("They overlap, but neither contains the other.", ["They overlap, but neither contains the other."]),
    ("X → Y => Z", ["X", "Y", "Z"]),
    ("| Nicky | 1999 |\n|---|---|\n| Mary | 2001 |", ["Nicky | 1999", "Mary | 2001"]),
    ("A long sentence that somebody has wrapped after forty\ncharacters or so. Next.", [
        "A long sentence that somebody has wrapped after forty\ncharacters or so.", "Next."]),
    ("玛丽在花园里。约翰在办公室。", ["玛丽在花园里。", "约翰在办公室。"]),
    ("...\n\n---\n***\n1.\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "statements"), CASES)
def test_where_statements_begin_and_end(text, statements):
    assert _cut(text) == statements


def test_a_full_stop_in_a_name_ends_no_sentence_but_may_end_one_with_it():
    text = "Ada plays for Haifa B.C. from 2012 to 2013. Bob plays for Haifa B.C. Eve does not."
    assert _cut(text, "Haifa B.C.") == [
        "Ada plays for Haifa B.C. from 2012 to 2013.", "Bob plays for Haifa B.C.", "Eve does not.",
    ]  # fmt: skip


def test_places_in_wrapped_lines_and_after_names_are_those_of_the_original():
    wrapped = "Ada Brook worked for Haifa B.C. in those\nyears. Short\nlines, so Ada Brook left."
    assert _cut(wrapped, "Ada Brook", "Haifa B.C.") == [
        "Ada Brook worked for Haifa B.C. in those\nyears.", "Short", "lines", "Ada Brook left.",
    ]  # fmt: skip


PIECES = st.sampled_from([
    "Mary", " went", ". ", "? ", ", so ", " because ", "\n", "\n\n", "- ", "1. ", '"', "“", "”", "since ", "a b c ", "1999",
    " | ", "→", "*", "e.g. ", "U.S.", "…", "。", "\t", "é", "İ", "\ue000", "\ue001", "\ue100", "\v", "B.C.", "(", ")",
])  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_statements_are_in_order_and_never_overlap(text):
    marked = mark(text, [Name("mary", "\ue001", "Mary"), Name("b.c.", "\ue001", "B.C.")])
    assert len(marked.text) + marked.longer[-1] == len(text)
    pieces = list(placed_forms(marked))
    assert all(piece.start < piece.end <= len(text) for piece in pieces)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    assert all(text[piece.start : piece.end].strip() for piece in pieces)


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(deadline=None)
def test_every_word_is_in_a_statement_or_joins_two(text):
    kept = "".join(text[piece.start : piece.end] for piece in placed_forms(mark(text, [])))
    assert text.count("Mary") == kept.count("Mary")


def test_marks_keep_all_places_and_the_longest_name_wins():
    names = [Name("party", "\ue001", 1), Name("party of work", "\ue001", 2), Name("really", "\ue001", 3, "R")]
    marked = mark("The Party of Work, really, not Really a party.", longest_first(names))
    assert marked.mentions == [
        Mention(4, 17, "\ue001", 2), Mention(31, 37, "\ue001", 3), Mention(40, 45, "\ue001", 1),
    ]  # fmt: skip
    assert (marked.text, marked.longer) == ("the \ue001, really, not \ue001 a \ue001.", [0, 12, 17, 21])


@pytest.mark.parametrize(
    "fragment",
    [
        "1. ",
        "- ",
        '"',
        '"a b c ',
        "“x y z ",
        "so ",
        ", so ",
        " since ",
        "since a ",
        ". ",
        "...",
        "?",
        "\n",
        "a\n",
        "a — 19 ",
        "b" * 50 + "\n",
        "b" * 50 + "\v",
    ],
)
def test_time_is_linear(fragment, slower):
    def cut(length: int) -> None:
        text = (fragment * length)[:length] + "a."
        list(placed_forms(Marked(text, [], [0])))

    cut(1000)
    assert slower(cut, (20_000, 80_000), most=12) < 12
