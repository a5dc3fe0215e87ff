"""How statements about bAbI stories are read and judged, in the words that people use."""

import pytest

# What each statement is: q quoted, r restated, d derived, c contradicted, u unsupported, n no claim; x a claim, not read.
ROOMS_SAID = [
    ("d", "Mary is in the kitchen and nowhere else."),
    ("d", "That leaves Mary in the kitchen."),
    ("c", "That leaves Mary in the garden."),
    ("d", "Result: the milk is in the hallway."),
    ("d", "So, hallway."),
    ("c", "Hence, garden."),
    ("x", "Wait, hallway."),
    ("d", "One object is held by Sandra."),
    ("c", "Two objects are being carried by Sandra."),
    ("r", "From what I gather, Mary made her way over to the garden."),
    ("r", "Mary slipped John the milk."),
    ("r", "The milk passed from Mary to John."),
    ("r", "John let the milk go."),
    ("c", "Sandra let the milk go."),
    ("d", "As things stand, the one with the apple is Sandra."),
    ("d", "The apple is in Sandra's keeping at the end."),
    ("c", "At the end of the story, the apple is in John's possession."),
    ("d", "The last place Mary set foot in is the kitchen."),
    ("d", "Mary was in the garden, and after that in the kitchen."),
    ("c", "In the end, the hallway is where Mary is."),
    ("x", "Mary loathes the garden."),
    ("r", "Mary moves to the garden."),
    ("r", "Mary relocated to the garden."),
    ("r", "Mary first went to the garden."),
    ("q", "In the beginning, Mary moved to the garden."),
    ("r", "Mary went into the garden."),
    ("d", "Mary was in the garden and then moved to the kitchen."),
    ("d", "Mary went from the garden to the kitchen."),
    ("q", "After that, Mary went to the kitchen."),
    ("q", "Later on, Mary went to the kitchen."),
    ("d", "Mary is in the kitchen."),
    ("d", "Mary's in the kitchen."),
    ("d", "Mary's current location is the kitchen."),
    ("d", "Mary must be in the kitchen."),
    ("d", "Mary should be in the kitchen."),
    ("d", "Mary is still in the kitchen."),
    ("d", "Mary remains in the kitchen."),
    ("d", "Mary stays in the kitchen."),
    ("d", "Mary's final position is the kitchen."),
    ("d", "So Mary's whereabouts: the kitchen."),
    ("d", "Mary's most recent location was the kitchen."),
    ("d", "The last known place of Mary is the kitchen."),
    ("d", "The last place that Mary went to is the kitchen."),
    ("d", "Mary was last seen in the kitchen."),
    ("c", "Mary was last in the garden."),
    ("c", "Mary is now in the office."),
    ("c", "Mary has been to the office."),
    ("c", "Mary went to the office."),
    ("d", "Mary is not in the garden anymore."),
    ("d", "Mary left the garden."),
    ("d", "Mary is no longer in the garden."),
    ("d", "John is in the garden."),
    ("d", "John is the one in the garden."),
    ("d", "John ended in the garden."),
    ("d", "Finally, John is in the garden."),
    ("d", "John's last move was to the garden."),
    ("d", "The last thing John did was go to the garden."),
    ("r", "Mary got the milk there."),
    ("d", "Mary grabbed the milk in the garden."),
    ("d", "The milk was picked up by Mary in the garden."),
    ("r", "Mary then hands the milk over to John."),
    ("r", "Mary gave John the milk."),
    ("r", "John got the milk from Mary."),
    ("r", "John was handed the milk by Mary."),
    ("r", "The milk was passed from Mary to John."),
    ("r", "John put the milk down."),
    ("r", "John left the milk there."),
    ("d", "John dropped the milk in the hallway."),
    ("d", "The milk was dropped in the hallway."),
    ("d", "The milk is in the hallway."),
    ("d", "The milk lies in the hallway."),
    ("d", "The milk's location is the hallway."),
    ("dr", "The milk must be in the hallway since John dropped it there."),
    ("d", "The milk was left in the hallway."),
    ("d", "The milk remains in the hallway."),
    ("c", "The milk is in the garden now."),
    ("c", "The milk is currently with John."),
    ("d", "John no longer has the milk."),
    ("d", "John does not have the milk."),
    ("d", "John is not holding the milk anymore."),
    ("d", "Sandra has the apple."),
    ("d", "Sandra is holding the apple."),
    ("d", "The apple is held by Sandra."),
    ("d", "The apple is in Sandra's hands."),
    ("d", "The apple is in the bedroom."),
    ("d", "Sandra is carrying one object."),
    ("d", "Sandra carries only the apple."),
    ("d", "Sandra has 1 item."),
    ("d", "John isn't carrying anything."),
    ("d", "John has nothing."),
    ("d", "Mary is carrying nothing."),
    ("c", "Sandra is carrying two objects."),
    ("d", "Before the kitchen, Mary was in the garden."),
    ("d", "Mary was in the garden before the kitchen."),
    ("d", "Mary was in the garden before moving to the kitchen."),
    ("d", "The milk was in the kitchen before the hallway."),
    ("d", "Before that, Mary was in the garden."),
    ("d", "Mary and John were both in the garden at some point."),
    ("n", "Mary might go back later."),
    ("n", "I wonder whether Mary is in the garden."),
    ("d", "Mary (kitchen)"),
    ("d", "Mary: kitchen"),
    ("d", "John = garden"),
    ("x", "Mary loves the garden."),
    ("-", "It was a nice day."),
    ("n", "Let me check where Mary is."),
    ("qd", "Mary went to the kitchen, so she is in the kitchen."),
    ("qd", "Since Mary went to the kitchen, she is in the kitchen."),
    ("qq", "John went to the office; Mary went to the kitchen."),
]


WAYS_SAID = [
    ("r", "Relative to the hallway, the office is east."),
    ("c", "Relative to the hallway, the office is west."),
    ("r", "The office is east with respect to the hallway."),
    ("r", "The east neighbor of the hallway is the office."),
    ("r", "You get to the office by going east from the hallway."),
    ("q", "Result: the office is east of the hallway."),
    ("q", "The office is east of the hallway."),
    ("r", "The hallway is west of the office."),
    ("r", "The hallway is to the west of the office."),
    ("r", "The office is south of the kitchen."),
    ("r", "From the kitchen, go south to the office."),
    ("r", "Go south from the kitchen to the office."),
    ("rr", "From the kitchen, going south leads to the office, then east to the garden."),
    ("r", "From the office, the garden is east."),
    ("r", "To get from the kitchen to the office, go south."),
    ("d", "The kitchen is north of the hallway."),
    ("d", "The bedroom is east of the office."),
    ("c", "The bedroom is west of the office."),
    ("d", "The bathroom is northeast of the office."),
    ("d", "The answer is south, east."),
    ("d", "The answer is s,e."),
    ("c", "The answer is north, east."),
    ("r", "The kitchen lies directly north of the office."),
    ("n", "We need to go from the kitchen to the garden."),
]


SHAPES_SAID = [
    ("r", "To the triangle's left is the blue square."),
    ("c", "To the blue square's left is the triangle."),
    ("r", "As for the triangle, it is above the pink rectangle."),
    ("r", "The pink rectangle is below the triangle."),
    ("r", "The pink rectangle is underneath the triangle."),
    ("r", "The triangle is to the right of the blue square."),
    ("d", "The pink rectangle is to the right of the blue square."),
    ("d", "The pink rectangle is below the blue square."),
    ("d", "The blue square is above and to the left of the pink rectangle."),
    ("c", "The pink rectangle is to the left of the blue square."),
    ("d", "The pink rectangle is not to the left of the blue square."),
    ("d", "So the answer is yes."),
    ("d", "The pink rectangle is below and to the right of the blue square."),
    ("d", "Yes, the pink rectangle is to the right of the blue square."),
]


SIZES_SAID = [
    ("r", "Comparing the box and the chest, the box is bigger."),
    ("c", "Comparing the box and the chest, the chest is bigger."),
    ("r", "The bigger one of the box and the chest is the box."),
    ("r", "The chest has a smaller size than the box."),
    ("r", "The chest is bigger than the box of chocolates."),
    ("r", "The chest is smaller than the box."),
    ("r", "The chest fits in the box."),
    ("r", "The chest fits inside the box."),
    ("d", "The box is bigger than the box of chocolates."),
    ("d", "The box of chocolates is smaller than the box."),
    ("d", "The box does not fit in the box of chocolates."),
    ("d", "The box can't fit inside the box of chocolates."),
    ("c", "The box fits in the box of chocolates."),
    ("d", "The box of chocolates can fit in the box."),
    ("d", "Answer: no"),
]


KINDS_SAID = [
    ("r", "Mice, in general, are afraid of wolves."),
    ("d", "What scares Gertrude is wolves."),
    ("r", "Wolves are the fear of mice."),
    ("q", "Gertrude is a mouse."),
    ("d", "Gertrude is afraid of wolves."),
    ("d", "Gertrude fears wolves."),
    ("r", "Mice fear wolves."),
    ("r", "A mouse is afraid of a wolf."),
    ("c", "Gertrude is a cat."),
    ("c", "Gertrude is afraid of sheep."),
    ("d", "The answer is wolf."),
    ("d", "The answer is wolves."),
    ("qd", "Since Gertrude is a mouse, she is afraid of wolves."),
    ("r", "Gertrude is a mouse and mice are afraid of wolves."),
]


MOTIVES_SAID = [
    ("q", "Sumit is tired."),
    ("d", "Sumit will go to the bedroom."),
    ("r", "Sumit went to the bedroom."),
    ("rr", "Sumit went to the bedroom because he was tired."),
    ("rr", "Sumit went to the bedroom because he is tired."),
    ("d", "The answer is tired."),
    ("c", "Yann is hungry."),
    ("d", "Yann will go to the garden."),
    ("d", "Tired people go to the bedroom."),
    ("r", "Sumit feels tired."),
]

STORIES = {
    "ways": ("How do you go from the kitchen to the garden?", (
        "The office is east of the hallway.", "The kitchen is north of the office.", "The garden is west of the bedroom.",
        "The office is west of the garden.", "The bathroom is north of the garden.")),
    "shapes": ("Is the pink rectangle to the right of the blue square?", (
        "The triangle is above the pink rectangle.", "The blue square is to the left of the triangle.")),
    "sizes": ("Does the box fit in the box of chocolates?", (
        "The box of chocolates fits inside the chest.", "The box is bigger than the chest.",
        "The box is bigger than the suitcase.")),
    "kinds": ("What is gertrude afraid of?", (
        "Mice are afraid of wolves.", "Gertrude is a mouse.", "Cats are afraid of sheep.", "Winona is a cat.")),
    "motives": ("Why did sumit go to the bedroom?", (
        "Sumit is tired.", "Sumit went back to the bedroom.", "Yann is bored.")),
}  # fmt: skip


def test_rooms(rooms, short):
    assert [(short(rooms(text)), text) for _, text in ROOMS_SAID] == ROOMS_SAID


@pytest.mark.parametrize(("story", "said"), [
    ("ways", WAYS_SAID), ("shapes", SHAPES_SAID), ("sizes", SIZES_SAID), ("kinds", KINDS_SAID), ("motives", MOTIVES_SAID),
])  # fmt: skip
def test_stories_that_stand_still(story, said, judging, short):
    judge = judging("babi", *STORIES[story])
    assert [(short(judge(text)), text) for _, text in said] == said


def test_a_statement_is_not_false_if_it_was_true_at_the_moment_it_speaks_of(rooms, short):
    # Mary is in the garden when she has just gone there, and in the kitchen at the end.
    assert short(rooms("Mary moved to the garden. So Mary is in the garden.")) == "qd"
    assert short(rooms("Mary moved to the garden. So Mary is now in the garden.")) == "qc"
    assert short(rooms("Mary went to the kitchen. So Mary is in the garden.")) == "qc"
    assert short(rooms("Mary was in the garden.")) == "d"
    assert short(rooms("Mary was in the hallway.")) == "c"


def test_the_facts_and_the_reason_are_told(rooms):
    (one,) = rooms("The milk is now in the garden.")
    assert (one.grounding, one.facts) == ("contradicted", ("5", "7"))
    assert "John dropped the milk." in one.reason


def test_pronouns_mean_whom_was_spoken_of_last_and_nobody_after_what_was_not_understood(rooms, short):
    assert (
        short(rooms("Mary went to the kitchen. She is in the kitchen. John stayed. He dropped the milk."))
        == "qdxr"[:2] + "xx"
    )


def test_a_person_in_one_of_two_places(judging, short):
    judge = judging("babi", "Is Fred in the park?", ["Fred is either in the school or the park."])
    assert short(judge("Fred is in the school or in the park.")) == "r"
    assert short(judge("Fred might be in the park.")) == "d"
    assert short(judge("Fred is in the park.")) == "u"
    assert short(judge("Fred is in the kitchen.")) == "c"
    assert short(judge("The answer is maybe.")) == "d"


def test_a_person_who_is_not_in_a_place(judging, short):
    judge = judging("babi", "Is Mary in the park?", ["Mary is not in the school."])
    assert short(judge("Mary is not in the school.")) == "q"
    assert short(judge("Mary isn't in the school.")) == "r"
    assert short(judge("Mary is in the school.")) == "c"
    assert short(judge("Mary is in the park.")) == "u"


def test_times_of_the_day(judging, short):
    facts = [
        "Yesterday Julie went to the office.",
        "Julie went to the school this morning.",
        "This evening Julie went to the park.",
    ]
    judge = judging("babi", "Where was Julie before the park?", facts)
    assert short(judge("Julie went to the school this morning.")) == "q"
    assert short(judge("This morning, Julie was in the school.")) == "d"
    assert short(judge("Julie went to the school yesterday.")) == "c"
    assert short(judge("Julie was in the school before the park.")) == "d"
    assert short(judge("Julie was in the office before the park.")) == "c"
    assert short(judge("Julie is now in the park.")) == "d"


def test_what_is_not_read_is_never_called_false(rooms, short):
    for text in (
        "Mary hates the garden.",
        "Nobody has the milk.",
        "The garden is green.",
        "Mary and the milk, of course.",
    ):
        assert short(rooms(text)) == "x", text
