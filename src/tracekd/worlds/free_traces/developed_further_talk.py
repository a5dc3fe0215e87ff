"""Further ways to lead in, hedge, conclude and take back, and further forms of times."""

FURTHER_TALK = {
    "plan": (
        "OK so I need to think about this one.", "Step 1: collect the facts.", "Let's take stock of what we have.",
        "The task is to answer: {question}", "First things first, what does the context contain?",
    ),
    "lead": (
        "The text mentions that ", "The context clearly states that ", "From line 3: ", "As given, ",
        "We are informed that ", "I can see that ", "According to the given facts, ", "Fact 2 says that ",
        "The statement is that ", "It's mentioned that ", "Looking at the first fact: ", "From the passage: ",
        "The story begins by telling us that ", "There is a sentence saying that ", "It is written that ",
    ),
    "hedge": (
        "Perhaps it is fair to say that ", "I'm almost certain that ", "It is probably the case that ", "I'd bet that ",
        "Seemingly, ", "As best I can tell, ", "I want to say that ", "It is reasonable to believe that ",
        "If I am reading this correctly, ", "I have a feeling that ", "By my reading, ", "I'm under the impression that ",
        "From my understanding, ", "I reckon ", "My guess is that ", "Evidently ",
    ),
    "so": (
        "Therefore it holds that ", "Hence we get that ", "So it follows that ", "This in turn means that ",
        "Putting two and two together, ", "As such, ", "Combining these facts, ", "So, in effect, ", "Logically, ",
        "That being the case, ", "We thus have that ", "Consequently we see that ", "With this in mind, ",
        "It must be that ", "So at this point we know: ", "All in all, ",
    ),
    "wait": (
        "Oh wait, that's not right. ", "Hmm no, let me redo that. ", "Correction needed: ", "I misspoke. ",
        "Wait a second, ", "Let me rethink. ", "That's not correct, ", "No no, ", "Scratch that, ", "Whoops, ",
        "To correct myself, ", "Actually, I was mistaken: ",
    ),
    "quote": ("Fact 1: {fact}", "We read: {fact}", 'The text: "{fact}."', "[1] {fact}", "Here is the sentence: {fact}"),
}  # fmt: skip
FURTHER_TIMES = {
    "point": (
        "in the course of {a}", "in {a} only", "for just {a}", "some time in {a}", "(only {a})", "dated {a}", "within {a}",
    ),
    "span": (
        "between {a} through {b}", "from {a} - {b}", "for the span {a} to {b}", "(starting {a} and ending {b})",
        "across {a} to {b}", "beginning {a} until {b}", "from {a} and up until {b}", "from {a} onwards till {b}",
        "over {a}–{b}", "in the interval [{a}, {b}]", "with dates {a} to {b}", "in the window from {a} to {b}",
        "for a period running from {a} to {b}", "{a} until {b}", "as early as {a} and as late as {b}",
        "during the interval {a} to {b}", "from start {a} to end {b}",
    ),
}  # fmt: skip
