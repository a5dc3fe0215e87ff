"""Plain ways to lead in, hedge, conclude and take back, and plain forms of times."""

PLAIN_TALK = {
    "plan": (
        "Let me examine the context carefully.", "I need to figure out the timeline.",
        "The question is: {question} I'll go through the facts.",
    ),
    "lead": (
        "From the provided facts, ", "We're given that ", "The context indicates that ", "It is stated that ",
        "Reading through, I see ", "As per the text, ", "The facts show ", "One thing we know is that ", "Here we see that ",
        "There's a fact saying ",
    ),
    "hedge": (
        "It's likely that ", "I'd say ", "If I understand correctly, ", "My impression is that ", "It looks as though ",
        "Perhaps ", "I'm reasonably confident that ", "As far as I know, ", "I would guess that ",
        "Unless I missed something, ",
    ),
    "so": (
        "As a consequence, ", "From that, ", "So clearly, ", "We can therefore say that ", "This confirms that ",
        "Given this, ", "In turn, ", "It's clear then that ", "So I conclude that ", "Thus it must be that ",
        "That implies ",
    ),
    "wait": (
        "Hmm, actually, ", "Wait, I need to correct this: ", "No, that was wrong. ", "Let me correct myself. ", "Sorry, ",
        "On reflection, ", "I got confused; ",
    ),
    "quote": ("The context: {fact}", "It is given: {fact}", "According to the text: {fact}"),
}  # fmt: skip
PLAIN_TIMES = {
    "point": ("just in {a}", "in {a} alone", "at {a}", "on {a}", "during {a} only", "exactly in {a}"),
    "span": (
        "starting from {a} until {b}", "for the duration {a} to {b}", "in the timeframe {a}–{b}",
        "from {a} and ending in {b}", "between {a} up to {b}", "from around {a} to {b}", "over the course of {a} to {b}",
        "(since {a}, until {b})", "from {a} and lasting to {b}", "spanning {a} to {b}", "covering {a} to {b}",
        "lasting from {a} to {b}", "beginning in {a} and continuing to {b}",
    ),
}  # fmt: skip
