"""How statements about events in time are read and judged, in the words that people use."""

# What each statement is: q quoted, r restated, d derived, c contradicted, u unsupported, n no claim; x a claim, not read.
SAID = [
    ("q", "Ada Brook works for Fernhill Observatory from 1991 to 1999."),
    ("r", "Ada Brook worked for Fernhill Observatory between 1991 and 1999."),
    ("r", "Ada worked at Fernhill Observatory from 1991 until 1999."),
    ("r", "She worked for Fernhill Observatory from 1991 through 1999."),
    ("r", "Ada Brook's time at Fernhill Observatory ran from 1991 to 1999."),
    ("r", "Ada Brook's employment at the Fernhill Observatory lasted from 1991 to 1999."),
    ("r", "Fernhill Observatory: 1991-1999"),
    ("r", "Fernhill Observatory (1991–1999)"),
    ("r", "- Fernhill Observatory | 1991 | 1999"),
    ("r", "From 1991 to 1999, Ada Brook was employed at Fernhill Observatory."),
    ("r", "Ada started working for Fernhill Observatory in 1991."),
    ("r", "Ada Brook left Fernhill Observatory in 1999."),
    ("r", "Ada Brook joined Harbour Clock Company in March 1996."),
    ("r", "Her job at Harbour Clock Company started in March 1996 and ended on May 2, 2004."),
    ("r", "The Fernhill Observatory job began in 1991 and ended in 1999."),
    ("r", "She worked for Harbour Clock Company from March 1996 to May 2004."),
    ("r", "She worked for Harbour Clock Company from 1996 to 2004."),
    ("c", "She worked for Harbour Clock Company from 1997 to 2004."),
    ("c", "Ada Brook worked for Tidewater College in 1985."),
    ("d", "In 1995, Ada Brook was working for Fernhill Observatory."),
    ("d", "Ada Brook was at Fernhill Observatory in 1995."),
    ("r", "Ada Brook was warden of the lighthouse from 1992 to 1998."),
    ("r", "The position of warden of the lighthouse was held from 1992 to 1998."),
    ("d", "Harbour Clock Company overlaps with Fernhill Observatory."),
    (
        "d",
        "The period at Harbour Clock Company (1996-2004) overlaps with the period at Fernhill Observatory (1991-1999).",
    ),
    ("d", "Harbour Clock Company and Fernhill Observatory overlapped between 1996 and 1999."),
    ("d", "1996-2004 overlaps with 1991-1999."),
    ("d", "1984 is before 1991."),
    ("d", "1984 is not between 1991 and 1999."),
    ("d", "1984 is outside 1991-1999."),
    ("d", "1984 falls outside the range 1991-1999."),
    ("d", "2006 is after 1999."),
    ("d", "1992-1998 is within 1991-1999."),
    ("d", "1992 to 1998 falls entirely within 1991 to 1999."),
    ("c", "2006 is before 1999."),
    ("c", "1984 falls within 1991-1999."),
    ("d", "Tidewater College was before Fernhill Observatory."),
    ("d", "Mill Lane Bakery came after Fernhill Observatory."),
    ("d", "The Mill Lane Bakery job started after the Fernhill Observatory job ended."),
    ("d", "Mill Lane Bakery does not overlap with Fernhill Observatory."),
    ("d", "Mill Lane Bakery is not during that time."),
    ("c", "Mill Lane Bakery overlaps with Fernhill Observatory."),
    ("d", "Ada Brook was warden of the lighthouse while she worked at Fernhill Observatory."),
    ("d", "During her time at Fernhill Observatory, Ada Brook also worked for Harbour Clock Company."),
    ("d", "While working for Fernhill Observatory, she also worked for Harbour Clock Company."),
    ("d", "She worked for both Fernhill Observatory and Harbour Clock Company at the same time."),
    ("c", "She worked for both Fernhill Observatory and Mill Lane Bakery at the same time."),
    ("d", "The employer at the same time is Harbour Clock Company."),
    ("d", "So Harbour Clock Company is the answer."),
    ("d", "The answer is Harbour Clock Company."),
    ("d", "**Answer:** Harbour Clock Company"),
    ("d", "\\boxed{Harbour Clock Company}"),
    ("c", "The answer is Mill Lane Bakery."),
    ("d", "The relation is overlap."),
    ("c", "The temporal relation is during."),
    ("n", "If Ada Brook had left in 1995, she would not overlap."),
    ("u", "Ada Brook worked for Zenith Labs from 1990 to 1995."),
    ("x", "Ada Brook hated Fernhill Observatory."),
    ("n", "The question asks about Fernhill Observatory."),
    ("rd", "Harbour Clock Company is from March 1996 to May 2004, which overlaps with 1991-1999."),
    ("rd", "Harbour Clock Company: March 1996 – May 2004 → overlaps"),
    ("rd", "Mill Lane Bakery: 2006-2011 → after 1999"),
    ("r", "Ada Brook toiled for Fernhill Observatory from 1991 all the way to 1999."),
    ("r", "Ada Brook; Fernhill Observatory; 1991 to 1999."),
    ("c", "Ada Brook drew a salary from Fernhill Observatory during 1993 to 1997."),
    ("d", "Ada Brook worked for Harbour Clock Company during 1991 to 1999."),
    ("d", "By the time the Mill Lane Bakery job started, the Fernhill Observatory job had ended."),
    ("d", "Part of the Harbour Clock Company job falls within the Fernhill Observatory job."),
    ("d", "The Mill Lane Bakery job did not begin until the Fernhill Observatory job was over."),
    ("c", "The Fernhill Observatory job did not begin until the Mill Lane Bakery job was over."),
    ("d", "Neither Mill Lane Bakery nor Fernhill Observatory overlaps the other."),
    ("d", "What remains is Harbour Clock Company."),
    ("c", "I'd go with Mill Lane Bakery."),
    ("d", "From what I gather, we are dealing with an overlap relation."),
    ("x", "Ada Brook was loath to leave Fernhill Observatory in 1995."),
    ("d", "Mill Lane Bakery: 2006-2011 - no overlap"),
]


def test_events(events, short):
    assert [(short(events(text)), text) for _, text in SAID] == SAID


def test_the_facts_the_reason_and_the_class_are_told(events):
    (false,) = events("She worked for Harbour Clock Company from 1997 to 2004.")
    assert (false.facts, false.as_fact) == (("2",), "Ada Brook works for Harbour Clock Company from 1997 to 2004.")
    assert "from March, 1996 to May 2, 2004" in false.reason
    (joined,) = events("Harbour Clock Company overlaps with Fernhill Observatory.")
    assert (joined.facts, joined.label) == (("1", "2"), "overlap")


def test_a_relation_without_a_second_side_is_meant_of_the_event_of_the_question(events, short):
    assert (
        short(
            events("Harbour Clock Company: March 1996 to May 2004 → overlap. Mill Lane Bakery: 2006-2011 → no overlap.")
        )
        == "rdrd"
    )
    assert short(events("Mill Lane Bakery: 2006-2011 → overlaps.")) == "rc"
    assert short(events("Fernhill Observatory: 1991-1999 → same time.")) == "r-"  # the event itself


def test_parts_of_a_time_may_be_left_out_but_not_changed(events, short):
    assert short(events("Harbour Clock Company: 1996 to 2004")) == "r"
    assert short(events("Harbour Clock Company: March 1996 to 2004")) == "r"
    assert short(events("Harbour Clock Company: April 1996 to 2004")) == "c"
    assert short(events("Ada Brook started at Harbour Clock Company in 1997.")) == "c"
    assert short(events("Ada Brook was at Harbour Clock Company in 1997.")) == "d"


def test_two_readings_of_dates_and_neither_is_called_false(judging, short):
    facts = ["Ada plays for Rovers from 1990 to 1994.", "Bob plays for Rovers from May, 1994 to 1996."]
    judge = judging(
        "cotempqa", "While Ada was playing for Rovers, who was also playing for Rovers at the same time?", facts
    )
    assert short(judge("Bob overlaps with Ada.")) == short(judge("Bob does not overlap with Ada.")) == "d"


def test_same_is_not_called_false_if_the_times_only_share_a_part(events, short):
    assert short(events("Harbour Clock Company has the same time as Fernhill Observatory.")) == "x"
    assert short(events("Harbour Clock Company has exactly the same time as Fernhill Observatory.")) == "c"
    assert short(events("Mill Lane Bakery has the same time as Fernhill Observatory.")) == "c"


def test_invented_facts_are_unsupported_and_read(events, short):
    assert short(events("Ada Brook worked for Zenith Labs from 1990 to 1995.")) == "u"
    assert short(events("Ada Brook was happy in 1990.")) == "x"


def test_answers(events, short):
    assert short(events("The answer is Harbour Clock Company.")) == "d"
    assert short(events("The answer is Mill Lane Bakery.")) == "c"
    assert short(events("The answer is Harbour Clock Company and Mill Lane Bakery.")) == "c"
    assert short(events("The answer is ?.")) == "-"
    assert short(events("The answer is the company where she worked.")) in ("n", "x", "-")


PARTIES = (
    "Ada Brook is a member of the Lantern Party from 1991 to 1999.",
    "Ada Brook is a member of the Harbour Party of the North from 1991 to 1999.",
    "Ada Brook is a member of the Mill League in 2006.",
    "Ada Brook is a member of the Mill Union in 2007.",
)
PARTY_QUESTION = (
    "While Ada Brook was a member of Lantern Party, which political party did Ada Brook belong to at the same time?"
)

# The same letters as above; several are those of several statements.
ANSWERS = [
    # lists with numbers or letters, over one line or several
    ("d", "The answer is (1) Harbour Clock Company (2) Harbour Clock Company"),
    ("c", "The answer is (1) Harbour Clock Company (2) warden of the lighthouse"),
    ("c", "The answer is: (a) Harbour Clock Company (b) Tidewater College (c) All of the above"),
    ("cc", "The answer is: (a) Mill Lane Bakery\n(b) Tidewater College"),
    ("dd", "The answer is Harbour Clock Company\nHarbour Clock Company"),
    ("-d", "**Answer:**\n\nHarbour Clock Company"),
    ("dn", "The answer is Harbour Clock Company.\n\nTidewater College"),  # a heading of the next paragraph
    ("dnn", "The answer is Harbour Clock Company. Let me check.\nTidewater College"),
    # an end of a name is missing, or the output ends there
    ("d", "Answer: Harbour Clock"),
    ("d", "The answer is: \\boxed{Harbour Clo"),
    ("c", "The answer is (1) Mill Lane Bak"),
    # nothing
    ("c", "Answer: (j) None of the above"),
    ("c", "The answer cannot be determined from the given information."),
    ("c", "There is no other employer with overlapping dates."),
    ("c", "Ada Brook did not work for any other employer during her time at Fernhill Observatory."),
    ("x", "There is no other employer with the same dates as Fernhill Observatory."),  # they only overlap
    ("n", "I am not sure there is any other employer during that time at Fernhill Observatory."),
    ("x", "There is no other employer during the time at Mill Lane Bakery."),  # nobody asked
    # an answer with a time: both must be right
    ("d", "The answer is: \\boxed{Harbour Clock Company from March 1996 to May 2004}"),
    ("c", "The answer is: Harbour Clock Company from 1997 to 2004."),
    ("c", "The answer is: Mill Lane Bakery from 2006 to 2011."),
    # a whole sentence after `Answer:`
    ("r", "Answer: Ada Brook was working for Fernhill Observatory from 1991 to 1999."),
    ("n", "Answer: The answer is: To find the employer, we need to look at the dates of Fernhill Observatory."),
    # a description instead of a name
    ("n", "The answer is the company where she worked at the same time as at Fernhill Observatory."),
    ("n", "So the answer is the employer that is listed in the context for Fernhill Observatory."),
]  # fmt: skip


def test_ways_to_give_the_answer(events, short):
    assert [(short(events(text)), text) for _, text in ANSWERS] == ANSWERS


def test_the_beginning_of_a_name_is_an_answer_if_only_one_name_begins_so(judging, short):
    judge = judging("cotempqa", PARTY_QUESTION, PARTIES)
    assert short(judge("Answer: Harbour Par")) == "d"
    assert short(judge("Answer: Harbour Party")) == "d"
    assert short(judge("Answer: Mill Lea")) == "c"
    assert short(judge("Answer: Mill")) == "-"
    assert short(judge("There is no other party with the same dates as Lantern Party.")) == "c"


def test_a_shorter_name_is_read_if_no_other_name_begins_so(judging, short):
    facts = ["Ada holds the position of Keeper General of the Hills from 1990 to 1994.",
             "Ada holds the position of Lake Warden of the East from 1991 to 1993.",
             "Ada holds the position of Lake Warden of the West in 1997."]  # fmt: skip
    question = "While Ada was holding the position of Lake Warden of the East, which position did Ada at the same time?"
    judge = judging("cotempqa", question, facts)
    assert short(judge("Next, she was Keeper General from 1990, to 1994.")) == "r"
    assert short(judge("She was Lake Warden from 1991 to 1993.")) != "r"


def test_a_time_stated_of_several_may_be_the_one_they_share(events, judging, short):
    both = "Ada Brook was both at Harbour Clock Company and at Fernhill Observatory from {} to 1999."
    judge = judging("cotempqa", EVENTS_OF_TWO[0], EVENTS_OF_TWO[1])
    assert short(judge("Ada and Bob both played from 1992 to 1994.")) == "d"
    assert short(judge("Ada and Bob both played from 1991 to 1994.")) == "c"
    assert short(judge("They were both members simultaneously during the years 1992 to 1994.")) != "c"
    assert short(events(both.format(1997))) == "d"


EVENTS_OF_TWO = (
    "While Ada was playing for Rovers, who was also playing for Rovers at the same time?",
    ["Ada plays for Rovers from 1990 to 1994.", "Bob plays for Rovers from 1992 to 1996."],
)


def test_at_the_same_time_may_stand_first(events, short):
    text = "During the same time period, she held both the job at Harbour Clock Company and the job at {}."
    assert short(events(text.format("Fernhill Observatory"))) == "d"
    assert short(events(text.format("Mill Lane Bakery"))) == "c"
    assert short(events("During the same time span, she worked for Harbour Clock Company from 1996 to 2004.")) == "d"


def test_what_leads_in_is_left_out_even_with_names(events, short):
    assert (
        short(events("Identify the time of Ada Brook: Ada Brook works for Fernhill Observatory from 1991 to 1999."))
        == "q"
    )
    assert short(events("By examining the provided information, Ada Brook was at Fernhill Observatory in 1995.")) == "d"
    both = "However, the context lists both Harbour Clock Company and {} as being during that time."
    assert short(events(both.format("Fernhill Observatory"))) == "d"
    assert short(events(both.format("Mill Lane Bakery"))) == "c"
    assert short(events("The user mentioned that she worked for Fernhill Observatory from 1991 to 1999.")) == "r"
    assert short(events("Another entry says she worked for Fernhill Observatory from 1991 to 1999.")) == "r"


def test_a_question_after_an_arrow_is_no_question_before_it(events, short):
    assert short(events("- Harbour Clock Company: 1996-2004 → Overlap with 1991-1999?")) == "rn"
    assert short(events("Now answer the question, which position did Ada Brook hold then")) == "nn"
