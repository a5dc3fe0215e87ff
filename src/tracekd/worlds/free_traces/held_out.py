"""Wordings that were written after the grammars, for the figures on words that they were not developed on."""

from tracekd.worlds.free_traces.wording import Wording

_TALK = {
    "plan": (
        "Alright, time to line up the facts.",
        "My job is to answer this: {question}",
        "I'd better write everything down first.",
        "Let me begin with what is known.",
    ),
    "lead": (
        "The material tells us that ",
        "What we have been given is that ",
        "By the account in the text, ",
        "The narrative has it that ",
        "Scanning the sentences, I notice that ",
        "The third entry notes that ",
    ),
    "hedge": (
        "To my eye, ", "I gather that ", "It is a fair bet that ", "In my estimation, ", "Most likely, ",
        "I'm leaning towards saying that ",
    ),
    "so": ("It stands to reason that ", "Hence we may say that ", "On the strength of this, ", "That lets us say that ",
           "Summing up, ",
           "By that logic, "),
    "wait": (
        "Hmm, hold on, that is off. ", "I slipped up there. ", "Let me put that right: ", "That was a blunder. ",
        "No, I have that wrong: ",
    ),
    "quote": ("{fact}", "Verbatim: {fact}", "The source line: {fact}"),
}  # fmt: skip
HELD_OUT = Wording(
    "held out",
    _TALK | {
        "point": ("at one time in {a}", "no earlier and no later than {a}", "solely in {a}"),
        "span": (
            "from {a} through to {b}", "commencing {a} and closing {b}", "all through {a} to {b}",
            "between {a} and the end in {b}",
            "for the stretch from {a} to {b}",
        ),
        "suppose": ("Let us pretend {s} was never at {o}. Nothing would then match.",),
        "listed": ("{s} / {o} / {when}", "{o}, {s}, {when}"),
        "P39": ("{s} discharged the office of {o} {when}", "{s} was seated as {o} {when}", "{s} did a stint as {o} {when}"),
        "P108": ("{s} put in time at {o} {when}", "{s} was engaged by {o} {when}", "{s} labored for {o} {when}"),
        "P102": (
            "{s} ran with the {o} {when}", "{s} was a card-carrying member of the {o} {when}",
            "{s} sided with the {o} {when}",
        ),
        "P69": ("{s} was educated by {o} {when}", "{s} got schooling at {o} {when}", "{s} read for a degree at {o} {when}"),
        "P54": ("{s} was fielded by {o} {when}", "{s} lined up for {o} {when}", "{s} was in the ranks of {o} {when}"),
        "P127": ("{s} was a holding of {o} {when}", "{o} was {s}'s proprietor {when}", "{s} lay in the hands of {o} {when}"),
        "P488": ("{s} sat in the chair of {o} {when}", "{s} was {o}'s chair {when}", "{o} was presided over by {s} {when}"),
        "P6": ("{s} was running {o} {when}", "{s} took the lead of {o} {when}", "{o} had {s} at its head {when}"),
        "noun subject P39": ("the years of {s} in office",),
        "noun both P39": ("{s}'s stretch as {o}", "the service of {s} as {o}"),
        "noun subject P108": ("{s}'s working years",), "noun both P108": ("{s}'s run at {o}", "{s}'s service with {o}"),
        "noun subject P102": ("{s}'s party time",), "noun both P102": ("{s}'s involvement in the {o}", "{s}'s run with the {o}"),
        "noun subject P69": ("{s}'s student days",), "noun both P69": ("{s}'s course at {o}", "{s}'s degree at {o}"),
        "noun subject P54": ("{s}'s contract",), "noun both P54": ("{s}'s appearances for {o}", "{s}'s run at {o}"),
        "noun subject P127": ("{s}'s time with this owner",), "noun both P127": ("{o}'s hold on {s}", "{o}'s possession of {s}"),
        "noun subject P488": ("{s}'s spell in the chair",),
        "noun both P488": ("{s}'s presidency of {o}", "{s} in the chair of {o}"),
        "noun subject P6": ("{s}'s reign",), "noun both P6": ("{s}'s command of {o}", "{s}'s government of {o}"),
        "overlaps": (
            "{x} and {y} run in parallel for a while", "{x} was under way during part of {y}", "some of {x} coincides with {y}",
            "{x} and {y} go together in time",
        ),
        "apart": (
            "{x} and {y} are at different times", "{x} and {y} have not a day in common", "{x} keeps clear of {y} in time",
            "{x} and {y} are separated in time",
        ),
        "before": (
            "{x} wrapped up ahead of {y}", "{x} was finished by the start of {y}", "{x} is prior to {y}",
            "{y} did not begin until {x} was over",
        ),
        "after": (
            "{x} got going after {y} had stopped", "{x} comes on the heels of {y}", "{x} opened later than {y} closed",
            "{x} follows on {y}",
        ),
        "within": (
            "{x} is enveloped by {y}", "{x} took place in the middle of {y}", "{x} goes inside {y}",
            "all of {x} is during {y}",
        ),
        "contains": ("{x} takes in all of {y}", "{x} brackets {y}", "all of {y} is during {x}", "{x} has {y} inside it"),
        "equal": ("{x} is the same period as {y} to the day", "{x} runs exactly from the start to the end of {y}",
                  "{x} and {y} start together and end together",
                  "{x} and {y} are congruent"),
        "it overlaps": ("it was under way during part of {y}", "this ran in parallel with {y}"),
        "it apart": ("this is at another time than {y}", "it has not a day in common with {y}"),
        "it before": ("this is prior to {y}", "it wrapped up ahead of {y}"),
        "it after": ("it comes on the heels of {y}", "this got going after {y} had stopped"),
        "it within": ("it goes inside {y}", "this is enveloped by {y}"),
        "it contains": ("it brackets {y}", "this takes in all of {y}"),
        "it equal": ("this is congruent with {y}", "it is the same period as {y} to the day"),
        **{
            f"class {one}": (f"the relation has to be {one}", f"what we see is a case of {one}", f"I would file it under {one}")
            for one in ("overlap", "equal", "during", "mix")
        },
        "answer": ("the outcome is {answers}", "I end up with {answers}", "what remains is {answers}", "my reply is {answers}"),
    },
)  # fmt: skip
HELD_OUT_STORIES = Wording(
    "held out",
    _TALK | {
        "suppose": ("Let us pretend {p} was in the {l}. Then it would be the {l}.",),
        "move": (
            "{p} made a beeline for the {l}", "{p} betook themselves to the {l}", "{p} has moved on to the {l}",
            "{p} swung by the {l}",
            "{p} was next in the {l}", "{p} found their way into the {l}",
        ),
        "at": ("{p} is over at the {l}", "{p} occupies the {l}", "{p} is to be seen in the {l}"),
        "at now": (
            "{p} is, in the end, in the {l}", "the {l} is where we find {p} now", "{p} has settled in the {l} now",
            "{p} lands in the {l} at the end",
            "{p}'s place at the end is the {l}", "as of the last line, {p} is in the {l}",
        ),
        "not at": ("{p} is not inside the {l} at all", "{p} has gone from the {l}", "the {l} no longer has {p} in it"),
        "either": (
            "{p} is in one of the two: the {l} or the {k}", "it's the {l} or the {k} for {p}",
            "{p} may well be in the {l} or the {k}",
        ),
        "before": (
            "the {k} came after the {l} for {x}", "{x} was in the {l} ahead of being in the {k}",
            "{x} went on to the {k} from the {l}",
            "{x} had stayed in the {l} prior to the {k}",
        ),
        "get": (
            "{p} grabbed up the {t}", "{p} took custody of the {t}", "the {t} came into {p}'s hands", "{p} made off with the {t}",
            "{p} was the one to take the {t}",
        ),
        "drop": ("{p} cast the {t} aside", "{p} gave the {t} up", "{p} left the {t} lying", "{p} unloaded the {t}"),
        "give": (
            "{p} slipped {k} the {t}", "{k} was handed the {t} from {p}", "the {t} went over from {p} to {k}",
            "{p} bestowed the {t} on {k}",
            "{k} took over the {t} from {p}",
        ),
        "has now": (
            "{p} is now the keeper of the {t}", "the {t} is now in {p}'s keeping", "{p} hangs on to the {t} now",
            "the {t} rests with {p} now",
            "at the end the {t} is {p}'s",
        ),
        "lies now": (
            "the {t} finishes in the {l}", "the {l} holds the {t} now", "you can find the {t} in the {l} now",
            "the {t} is sitting in the {l} now",
            "the {t}'s place at the end is the {l}",
        ),
        "count": (
            "{p} is down to {n} object{s} now", "with {p} there are now {n} object{s}",
            "{p} has got {n} object{s} on them now",
        ),
        **{
            f"lies {one}": (
                f"the {{x}} can be reached by going {one} from the {{y}}", f"a walk {one} from the {{y}} ends at the {{x}}",
                f"the {{x}} is what lies {one} of the {{y}}", f"looking {one} from the {{y}}, you see the {{x}}",
            )
            for one in ("north", "south", "east", "west")
        },
        **{
            f"lies {one}": (
                f"the {{x}} is off to the {one} of the {{y}}", f"the {{x}} is drawn to the {one} of the {{y}}",
                f"the {{y}} sees the {{x}} on its {one}",
            )
            for one in ("left", "right")
        },
        "lies above": ("the {x} is up above the {y}", "the {x} is drawn over the {y}", "up from the {y} is the {x}"),
        "lies below": ("the {x} is down below the {y}", "the {x} is drawn beneath the {y}", "down from the {y} is the {x}"),
        "bigger": (
            "the {x} is a larger thing than the {y}", "the {x} outdoes the {y} in size", "the {y} falls short of the {x} in size",
            "measured against the {y}, the {x} is bigger",
        ),
        "fits": (
            "the {y} goes inside the {x} without trouble", "the {x} has the space to take the {y}",
            "the {y} is of a size to fit the {x}",
            "inside the {x} there is room for the {y}",
        ),
        "is a": ("{p} is nothing but a {k}", "in kind, {p} is a {k}", "{p} counts among the {k} kind"),
        "kind fears": ("{k} quake before {f}", "{k} are scared off by {f}", "{f} are a terror to {k}"),
        "fears": ("{p} quakes before {f}", "{p} is in dread of {f}", "it is {f} that {p} fears"),
        "colour": ("{p} is {c} all over", "{c} is the color of {p}", "{p} bears the color {c}"),
        "state": ("{p} is all {m}", "{p} is a bit {m}", "{p} has been feeling {m}"),
        "will go": ("{p} will turn to the {l}", "{p} will set off for the {l}", "off to the {l} {p} will go"),
        "answer": ("the outcome is {a}", "I end up with {a}", "what remains is {a}", "my reply is {a}"),
    },
)  # fmt: skip
