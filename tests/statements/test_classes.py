"""Statements on the class of a question that name nothing: true of one class, and never called true of another."""

import pytest

FIRST = "Ada Brook works for Fernhill Observatory from 1991 to 1999."
LAST = ("Ada Brook works for Mill Lane Bakery from 2006 to 2011.",)
WORLDS = {
    "equal": (FIRST, "Ada Brook works for Harbour Clock Company from 1991 to 1999.", *LAST),
    "during": (FIRST, "Ada Brook works for Harbour Clock Company from 1993 to 1997.", *LAST),
    "overlap": (FIRST, "Ada Brook works for Harbour Clock Company from March, 1996 to May 2, 2004.", *LAST),
    "mix": (
        FIRST,
        "Ada Brook works for Harbour Clock Company from 1993 to 1997.",
        "Ada Brook works for Tidewater College from 1984 to 1995.",
        *LAST,
    ),
}
QUESTION = "While Ada Brook was working for Fernhill Observatory, which employer did Ada Brook work for simultaneously?"
SAID = [
    ("during", "All matches are subsets of the period in the question."),
    ("during", "All matching periods are nested: one is always inside the other."),
    ("during", "All the matches fall completely within the period in the question, or contain it."),
    ("during", "Each match either contains the period in question or is contained in it."),
    ("during", "Each pair has one period fully enclosed by the other."),
    ("during", "Each time, one of the two spans the other completely."),
    ("during", "Every match is a strict containment."),
    ("during", "Every match lies within the event in the question."),
    ("during", "For every match, one period is longer and fully covers the other."),
    ("during", "Full containment holds in each case."),
    ("during", "In all cases there is containment but not equality."),
    ("during", "In each case a shorter period lies inside a longer one."),
    ("during", "In every case, one of the events takes place entirely within the other."),
    ("during", "One interval is entirely contained in the other for all matches."),
    ("during", "One of the periods always includes the other entirely."),
    ("during", "One period is always a proper part of the other."),
    ("during", 'The class is "during", because one period always contains the other.'),
    ("during", "The matching event always takes place during the other, longer one."),
    ("during", "The relation is containment, a shorter period completely inside a longer one every time."),
    ("during", "The relation is inclusion."),
    ("during", "The relation is one of one period lying inside another."),
    ("during", "The relationship is of the during type."),
    ("during", "The smaller interval is nested in the larger one every time."),
    ("during", 'This is "during": the shorter one is contained in the longer one.'),
    ("during", 'This is a "during" case: a shorter period falls within a longer one.'),
    ("during", "This is a containment relation, with one period inside the other."),
    ("during", "We have one interval containing the other for every match."),
    ("equal", "All candidates run for exactly the same span."),
    ("equal", "All matches have the same start and end."),
    ("equal", "All of the matching intervals are exactly equal."),
    ("equal", "All of these coincide completely in time with the event in question."),
    ("equal", "All the matches are exact, with identical dates."),
    ("equal", "Both began and ended simultaneously in every case."),
    ("equal", "Both events start and finish together, so they're equal."),
    ("equal", "Both periods have identical start and end dates."),
    ("equal", "Each match has exactly the same dates as the event in the question."),
    ("equal", "Each of the matching events coincides perfectly with the one in the question."),
    ("equal", "Each of the matching facts has dates identical to those of the event in the question."),
    ("equal", "Every match starts and ends at the same time as the event asked about."),
    ("equal", "Every one of them starts and ends together with the event in question."),
    ("equal", "In all cases the intervals coincide exactly."),
    ("equal", "It's an equal relation, since the time ranges are identical."),
    ("equal", "Label: equal, because the ranges are identical."),
    ("equal", "The co-temporal events share identical start and end dates."),
    ("equal", "The intervals agree at both ends."),
    ("equal", "The matches have identical spans."),
    ("equal", "The matching periods are identical, with the same start and the same end."),
    ("equal", "The relation is an exact one: same start, same end."),
    ("equal", "The relation is equality, as both the start and the end agree every time."),
    ("equal", "The relationship is one of equality."),
    ("equal", "The start dates and the end dates are all equal."),
    ("equal", "The time spans match perfectly."),
    ("equal", "The two intervals are one and the same in every case."),
    ("equal", "There is an exact match in the dates each time."),
    ("equal", "There's complete equality between the periods."),
    ("equal", "They all cover precisely the same period."),
    ("equal", 'This is an "equal" case: the dates are exactly the same.'),
    ("mix", 'A "mix" (different relations for different matches).'),
    ("mix", "Because the relations are different, the label is mix."),
    ("mix", "Different matches have different relations."),
    ("mix", "It is a combination of different relations."),
    ("mix", "It is a mixed bag of relations."),
    ("mix", "Mixed: no single relation fits all matches."),
    ("mix", "More than one relation type applies."),
    ("mix", "No single relation holds for all matches."),
    ("mix", "Not all matches have the same kind of relation."),
    ("mix", "Several different temporal relations occur among the matches."),
    ("mix", "The matches are not all related in the same way."),
    ("mix", "The matches do not all have the same relation."),
    ("mix", "The matches don't share a common relation."),
    ("mix", "The matches fall into different classes."),
    ("mix", "The matches have a mix of relations."),
    ("mix", "The matches have differing relations with the event in the question."),
    ("mix", "The matches relate to the event in the question in different ways."),
    ("mix", "The matches stand in different relations to the event."),
    ("mix", "The relation changes from one match to another."),
    ("mix", "The relation in time is not the same for every match."),
    ("mix", "The relation is different for different matches."),
    ("mix", "The relations are of more than one kind."),
    ("mix", "The relations differ between the matches."),
    ("mix", "The relations vary from match to match."),
    ("mix", "The temporal relation depends on the match."),
    ("mix", "The temporal relations are not uniform."),
    ("mix", "The types of relation are mixed."),
    ("mix", "There are at least two different relations among the matches."),
    ("mix", "There are several kinds of relation here."),
    ("mix", "There is more than one type of temporal relation among the matches."),
    ("mix", "There isn't one single relation for all the matches."),
    ("mix", 'This is a "mix" case: the matches do not all stand in the same relation to the event in the question.'),
    ("mix", "We have a mixture of relations here, not the same one for all the matches."),
    ("mix", "We see a mix of different relations."),
    ("overlap", "All matches share only part of the time, without containment."),
    ("overlap", "All overlaps are partial."),
    ("overlap", "Each match overlaps only in part, and neither period contains the other."),
    ("overlap", "Each of them overlaps partly, with neither one inside the other."),
    ("overlap", "Every match is a partial overlap."),
    ("overlap", "Every match shares some but not all of the time with the event in the question."),
    ("overlap", "For each match there is a partial overlap, but no containment."),
    ("overlap", "In all cases they overlap without either one containing the other."),
    ("overlap", "In every case the overlap is incomplete."),
    ("overlap", "It is an overlap relation, since neither interval lies inside the other."),
    ("overlap", "None of the matches is fully contained, they merely overlap."),
    ("overlap", "Partial overlaps only."),
    ("overlap", "Partly overlapping, neither one containing the other: an overlap relation."),
    ("overlap", "The events only overlap in part in all instances."),
    ("overlap", "The intervals intersect without one containing the other."),
    ("overlap", "The overlap is only partial in every case."),
    ("overlap", "The periods overlap only partially."),
    ("overlap", "The periods partly overlap in every case."),
    ("overlap", "The relation is an overlap without containment."),
    ("overlap", "The relation is one of partial overlap."),
    ("overlap", 'The type of temporal relation is "overlap", that is, only partial.'),
    ("overlap", "There is only a partial overlap each time."),
    ("overlap", "They intersect, but neither fully covers the other."),
    ("overlap", "They overlap only in part every time."),
    ("overlap", "They share a part of their time, but neither contains the other."),
    ("overlap", "Type: overlap (partial)."),
]
# Such statements claim no class, or their parts are judged one by one.
OPEN = [
    "Every match overlaps with the event in the question.",
    "The relation is the same for all matches.",
    "An overlap means that two periods share some time.",
    "For an overlap, two periods must share some time.",
    "Two events overlap if they share some time.",
    "Not every match lies inside the event in the question.",
    "That rules out the class equal.",
    "The periods do not overlap.",
    "Some matches overlap.",
]


@pytest.mark.parametrize(("label", "text"), SAID)
def test_a_statement_on_the_class_is_true_of_this_class_only(label, text, judging, short):
    said = {one: short(judging("cotempqa", QUESTION, facts)(text)) for one, facts in WORLDS.items()}
    assert "d" in said[label]
    assert "c" not in said[label]
    assert "d" not in "".join(said[one] for one in WORLDS if one != label)


@pytest.mark.parametrize("text", OPEN)
@pytest.mark.parametrize("label", WORLDS)
def test_a_statement_without_a_class_is_not_judged(label, text, judging, short):
    assert short(judging("cotempqa", QUESTION, WORLDS[label])(text)) in ("-", "n")


def test_a_statement_on_several_periods_may_be_about_the_event_that_was_spoken_of_last(judging, short):
    judge = judging("cotempqa", QUESTION, WORLDS["mix"])
    assert short(judge("Harbour Clock Company: 1993-1997. One period contains the other.")) == "rd"
    assert short(judge("Harbour Clock Company: 1993-1997. The two periods are identical.")) == "rc"
    assert short(judge("Harbour Clock Company: 1993-1997. In every case, one period contains the other.")) == "rc"
