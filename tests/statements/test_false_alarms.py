"""Right statements in words that a grammar may misunderstand: each is read with its meaning, or left unread, and never false."""

import pytest

from tracekd.problem import Fact
from tracekd.statements import get_grammar
from tracekd.statements.judging import judge_trace


def facts_of(texts):
    return tuple([Fact(id=str(number), text=text) for number, text in enumerate(texts, start=1)])


# What each statement is: q quoted, r restated, d derived, c contradicted, u unsupported, n no claim; x a claim, not read.
DEGREES = [
    ("d", "Mill Lane Bakery was too late to coincide with Fernhill Observatory."),
    ("c", "Harbour Clock Company was too late to coincide with Fernhill Observatory."),
    ("d", "Tidewater College was too early to overlap with Fernhill Observatory."),
    ("c", "Mill Lane Bakery was too early to overlap with Fernhill Observatory."),
    ("d", "Mill Lane Bakery came too late for any overlap with Fernhill Observatory."),
    ("rd", "Mill Lane Bakery: 2006-2011. Too late."),
    ("rc", "Mill Lane Bakery: 2006-2011. Too early."),
    ("x", "Harbour Clock Company ended too late to be contained in Fernhill Observatory."),
    ("x", "Mill Lane Bakery began seven years too late for Fernhill Observatory."),
    ("d", "By the start of Mill Lane Bakery, Fernhill Observatory was already over."),
    ("c", "By the start of Harbour Clock Company, Fernhill Observatory was already over."),
    ("d", "Tidewater College had been over for years when Fernhill Observatory started."),
    ("x", "Mill Lane Bakery hardly overlaps with Fernhill Observatory."),
    ("x", "Mill Lane Bakery is far from overlapping with Fernhill Observatory."),
    ("x", "Mill Lane Bakery is after rather than during Fernhill Observatory."),
    ("x", "Harbour Clock Company overlaps with Fernhill Observatory more than Mill Lane Bakery."),
    ("d", "Mill Lane Bakery shares not a single day with Fernhill Observatory."),
    ("d", "Mill Lane Bakery is completely separate from Fernhill Observatory."),
    ("d", "Mill Lane Bakery can't have been simultaneous with Fernhill Observatory."),
    ("d", "Mill Lane Bakery is later than Fernhill Observatory, without any overlap."),
    (
        "d",
        "Ada Brook's term as warden of the lighthouse neither started before Fernhill Observatory nor lasted beyond it.",
    ),
    ("d", "Harbour Clock Company extends beyond Fernhill Observatory."),
    ("d", "Harbour Clock Company began in 1996, inside the Fernhill Observatory period (1991-1999)."),
    ("x", "The overlap of Harbour Clock Company and Fernhill Observatory lasts until 1999."),
    ("x", "Harbour Clock Company had ended by 2006, before Mill Lane Bakery."),
    ("x", "Ada Brook worked for Fernhill Observatory until at least 1998."),
    ("d", "Ada Brook worked for Fernhill Observatory as late as 1998."),
    ("x", "Harbour Clock Company doesn't match Fernhill Observatory in time."),
    ("x", "It is false that Mill Lane Bakery overlaps with Fernhill Observatory."),
    ("x", "It is not true that Mill Lane Bakery overlaps with Fernhill Observatory."),
    ("x", "I doubt that Mill Lane Bakery overlaps with Fernhill Observatory."),
]
EDGES = [
    ("d", "When Mill Lane Bakery began, Fernhill Observatory was already over."),
    ("c", "When Harbour Clock Company began, Fernhill Observatory was already over."),
    ("d", "Fernhill Observatory had long ended when Mill Lane Bakery started."),
    ("x", "Mill Lane Bakery began in 2006, when Fernhill Observatory had been over since 1999."),
    ("d", "From 1996 to 1999, Ada Brook worked for both Harbour Clock Company and Fernhill Observatory."),
    ("c", "From 1995 to 1999, Ada Brook worked for both Harbour Clock Company and Fernhill Observatory."),
    ("x", "Part of Harbour Clock Company lies outside Fernhill Observatory."),
    ("x", "Harbour Clock Company is partly outside Fernhill Observatory."),
    ("x", "Being warden of the lighthouse came to an end before Fernhill Observatory did."),
    ("x", "Harbour Clock Company overlaps Fernhill Observatory, Mill Lane Bakery does not."),
    ("x", "Besides Harbour Clock Company, nothing overlaps with Fernhill Observatory."),
    (
        "dx",
        "Harbour Clock Company overlaps with Fernhill Observatory. No other employer overlaps with Fernhill Observatory.",
    ),
    ("x", "It took until 2006 for Ada Brook to join Mill Lane Bakery."),
    (
        "x",
        "Ada's jobs at Fernhill Observatory and Harbour Clock Company ran from 1991 to 1999 and 1996 to 2004, respectively.",
    ),
    ("x", "Ada Brook worked for Fernhill Observatory, 1991-1999, and then, 1996-2004, for Harbour Clock Company."),
]
TURNED_ROUND = [
    ("d", "It was only after the job at Fernhill Observatory had ended that the job at Mill Lane Bakery began."),
    ("c", "It was only when Fernhill Observatory had finished that Harbour Clock Company began."),
    ("d", "It was not until Fernhill Observatory was over that Mill Lane Bakery started."),
    ("x", "It was in the time that followed Fernhill Observatory that Mill Lane Bakery began."),
    ("d", "When Fernhill Observatory had ended, Mill Lane Bakery began."),
    ("c", "When Fernhill Observatory had ended, Harbour Clock Company began."),
    ("d", "Neither Harbour Clock Company nor Fernhill Observatory ended before the other began."),
    ("c", "Neither Mill Lane Bakery nor Fernhill Observatory was over before the other began."),
    ("d", "Neither Harbour Clock Company nor Fernhill Observatory began after the other had ended."),
    ("rd", "Mill Lane Bakery: 2006-2011. Before this began, Fernhill Observatory had ended."),
    ("rd", "Mill Lane Bakery: 2006-2011. By the time it started, Fernhill Observatory was finished."),
    ("rc", "Harbour Clock Company: 1996-2004. By the time it started, Fernhill Observatory was finished."),
    ("rd", "Harbour Clock Company: 1996-2004. While this was going on, Fernhill Observatory ended."),
    ("d", "What the question is after is Harbour Clock Company."),
    ("d", "What this question asks for is Harbour Clock Company."),
]
PRONOUNS = [
    ("r", "Ada Brook joined Fernhill Observatory in 1991 and left it in 1999."),
    (
        "rr",
        "Ada Brook worked for Tidewater College in 1984. Ada Brook joined Fernhill Observatory in 1991 and left it in 1999.",
    ),
    (
        "rr",
        "She worked for Tidewater College in 1984. Ada took a job at Fernhill Observatory in 1991, keeping it until 1999.",
    ),
    ("c", "Ada took a job at Fernhill Observatory in 1990, keeping it until 1999."),
    ("c", "Ada took a job at Fernhill Observatory in 1991, keeping it until 1998."),
    ("r", "Ada Brook was, from 1991 to 1999, an employee of Fernhill Observatory."),
    ("c", "Ada Brook was, from 2006 to 2011, an employee of Fernhill Observatory."),
    ("x", "Ada Brook, who left Fernhill Observatory in 1999, later worked for Mill Lane Bakery from 2006 to 2011."),
    ("x", "Ada Brook worked from 1950 to 1960."),
    ("u", "Ada Brook worked for Oakridge Mill from 1950 to 1960."),
    ("ux", "Ada Brook worked for Oakridge Mill from 1990 to 1995. That overlaps with Fernhill Observatory."),
    (
        "rd",
        "Ada Brook became warden of the lighthouse in 1992, remaining so until 1998. It lines up with Fernhill Observatory.",
    ),
]
CUT = [
    ("r", "Fernhill Observatory [1991 → 1999]"),
    ("r", "Fernhill Observatory (1991 -> 1999)"),
    ("c", "Fernhill Observatory (1992 → 1999)"),
    ("xx", "Fernhill Observatory (1991; 1999)"),
    ("xx", "Fernhill Observatory [1991. 1999]."),
    ("r", "Ada Brook works for Fernhill Observatory from 1991 to 1999 [context]."),
    ("r", "Ada Brook worked for Fernhill Observatory from 1991 to 1999, I'll note that down."),
    ("d", "Harbour Clock Company and Fernhill Observatory overlap, judging by the dates."),
    ("d", "Harbour Clock Company coincides, at least in part, with Fernhill Observatory."),
]
CLASSES = [
    ("r-", "Mill Lane Bakery: 2006-2011. Hence it is a partial overlap, nothing more."),
    ("d", "I'd classify this one as overlap."),
    ("c", "I'd classify this one as equal."),
    ("c", "For every match, one of the two periods lies completely inside the other, without being identical."),
    ("d", "Every match overlaps only partially with the event in the question."),
    ("n", "Every match overlaps with the event in the question."),
    ("c", "The matches relate to the event in the question in different ways."),
    ("n", "Not every match lies inside the event in the question."),
    ("d", "The co-temporal relation: overlap."),
    ("c", "We're dealing with the class mix."),
    ("-", "That rules out the class equal."),
    ("d", "The class cannot be equal."),
]
IN_ROOMS = [
    ("c", "Now Mary is in the garden."),
    ("qd", "Mary moved to the garden. Now Mary is in the garden."),
    ("qc", "Mary went to the kitchen. Now Mary is in the garden."),
    ("qc", "Mary went to the kitchen. Mary is currently in the garden."),
    ("qxx", "Mary went to the kitchen. Mary loathes the place. Mary is in the garden."),
    ("rxd", "Mary went to the garden. Mary loathes the place. Mary is in the kitchen."),
    ("x", "Mary sneezes."),
    ("n", "Mary is relevant."),
    ("x", "The milk is white."),
    ("x", "The milk comes into play."),
    ("x", "Mary is in the first sentence."),
    ("x", "Mary went to sleep."),
    ("c", "Mary is in the cellar."),
    ("c", "Mary went to the cellar."),
    ("c", "Right now John has one object."),
    ("qc", "John dropped the milk. Right now John has one object."),
    ("d", "Right now Sandra has one object."),
    ("x", "It is not true that Mary is in the garden."),
    ("x", "Mary is hardly in the kitchen."),
    ("nn-", 'Let me test the guess "Mary in the garden" against the story.'),
    ("nn-", 'One might think "Mary is in the garden", but she is not.'),
    ("d", "Nobody but Sandra has the apple now."),
    ("c", "Nobody but Mary has the apple now."),
    ("r", "There was a move by Mary to the kitchen."),
    ("c", "There was a move by Mary to the office."),
    ("r", "The office was entered by John."),
    ("r", "Mary -> kitchen."),
    ("c", "Mary -> office."),
    ("d", "The milk -> hallway."),
    ("d", "There is 1 object in Sandra's hands."),
    ("c", "There are 2 objects in Sandra's hands."),
]
EITHER = (
    "Fred is in the kitchen.", "Julie is either in the park or the school.", "Fred is in the office.",
    "Fred is either in the park or the school.",
)  # fmt: skip


@pytest.mark.parametrize(("expected", "text"), [*DEGREES, *EDGES, *TURNED_ROUND, *PRONOUNS, *CUT, *CLASSES])
def test_a_statement_about_events_is_read_with_its_meaning_or_not_at_all(expected, text, events, short):
    assert short(events(text)) == expected


@pytest.mark.parametrize(("expected", "text"), IN_ROOMS)
def test_a_statement_about_rooms_is_read_with_its_meaning_or_not_at_all(expected, text, rooms, short):
    assert short(rooms(text)) == expected


@pytest.mark.parametrize(
    "text", ["Now Fred is in the kitchen.", "Fred is now in the office.", "At the end Fred is in the office."]
)
def test_what_a_fact_said_earlier_is_not_so_now(text, judging, short):
    assert short(judging("babi", "Is Fred in the park?", EITHER)(text)) == "c"


def test_a_story_of_too_many_sentences_is_quoted_but_not_judged(short):
    facts = [f"{name} went to the {place}." for name in ("Mary", "John") for place in ("kitchen", "garden")] * 126
    grounder = get_grammar("babi").prepare("Where is Mary?", facts_of(facts))
    found = judge_trace("John went to the garden. Mary is in the garden. Mary is in the office.", grounder)
    assert short(found) == "qxx"
    assert found[2].reason == "not judged: the story has more than 500 sentences"


def test_a_context_of_too_many_facts_is_not_judged(short):
    facts = [f"Ada Brook works for Mill {number} from 1991 to 1999." for number in range(201)]
    question = "While Ada Brook was working for Mill 1, which employer did Ada Brook work for simultaneously?"
    found = judge_trace(
        "Ada Brook worked for Mill 3 from 1950 to 1960.", get_grammar("cotempqa").prepare(question, facts_of(facts))
    )
    assert not found[0].is_read
    assert found[0].reason == "not judged: the context has more than 200 facts"
