"""The wordings on which the grammars were developed."""

from collections.abc import Mapping

from tracekd.worlds.free_traces.developed_further_events import FURTHER_EVENTS
from tracekd.worlds.free_traces.developed_further_stories import FURTHER_STORIES
from tracekd.worlds.free_traces.developed_further_talk import FURTHER_TALK, FURTHER_TIMES
from tracekd.worlds.free_traces.developed_last import LAST_EVENTS, LAST_STORIES
from tracekd.worlds.free_traces.developed_later import LATER_EVENTS, LATER_STORIES
from tracekd.worlds.free_traces.developed_more import MORE_EVENTS, MORE_STORIES, MORE_TALK
from tracekd.worlds.free_traces.developed_plain_events import PLAIN_EVENTS
from tracekd.worlds.free_traces.developed_plain_stories import PLAIN_STORIES
from tracekd.worlds.free_traces.developed_plain_talk import PLAIN_TALK, PLAIN_TIMES
from tracekd.worlds.free_traces.developed_wide_events import WIDE_EVENTS
from tracekd.worlds.free_traces.developed_wide_stories import WIDE_STORIES
from tracekd.worlds.free_traces.wording import Wording

_Templates = Mapping[str, tuple[str, ...]]


def _joined(*sets: _Templates) -> dict[str, tuple[str, ...]]:
    """All templates of some sets; of what several sets can say, all ways to say it."""
    return {what: tuple(said for one in sets for said in one.get(what, ())) for one in sets for what in one}


_TALK = {
    "plan": (
        "Let me work through this step by step.",
        "Okay, the question is: {question} Let me look at the facts.",
        "First, I need to find what the context says about this.",
        "To answer this, we have to go through the statements one by one.",
        "So what do we know? Let's see.",
    ),
    "lead": ("According to the context, ", "The text says that ", "We know that ", "From the story, ", "It says that "),
    "hedge": ("I think ", "It seems that ", "As far as I can tell, ", "I believe that ", "Apparently, "),
    "so": ("So ", "Therefore, ", "This means that ", "Hence ", "Thus, ", "So we can conclude that "),
    "wait": ("Wait, no, ", "Actually, that's wrong. ", "Hmm, I made a mistake: ", "Correction: ", "No, wait. "),
    "quote": ("{fact}", "The context says: {fact}", '"{fact}."'),
}
_TIME = {
    "point": ("in {a}",),
    "span": ("from {a} to {b}", "between {a} and {b}", "from {a} until {b}"),
}
_EVENTS: _Templates = {
    "suppose": (
        "Suppose {s} had left in 1950. Then there would be no overlap at all.",
        "What if {s} was not there? If {s} was elsewhere, this would be different.",
    ),
    "listed": ("{s}, {o}: {when}", "{s} ({o}) {when}"),
    "P39": ("{s} held the position of {o} {when}", "{s} served as {o} {when}", "{s} was {o} {when}"),
    "P108": ("{s} worked for {o} {when}", "{s} was employed by {o} {when}", "{when}, {s} worked at {o}"),
    "P102": ("{s} was a member of the {o} {when}", "{s} belonged to the {o} {when}"),
    "P69": ("{s} attended {o} {when}", "{s} studied at {o} {when}", "{s} was a student at {o} {when}"),
    "P54": ("{s} played for {o} {when}", "{s} was a player of {o} {when}", "{when}, {s} played for {o}"),
    "P127": ("{s} was owned by {o} {when}", "{o} owned {s} {when}"),
    "P488": ("{s} was the chair of {o} {when}", "{s} chaired {o} {when}"),
    "P6": ("{s} was the head of {o} {when}", "{s} headed {o} {when}"),
    "noun subject P39": ("{s}'s term",),
    "noun both P39": ("{s}'s time as {o}", "{s} being {o}"),
    "noun subject P108": ("{s}'s time there",),
    "noun both P108": ("{s}'s work for {o}", "the time of {s} at {o}"),
    "noun subject P102": ("{s}'s membership",),
    "noun both P102": ("{s}'s membership of the {o}",),
    "noun subject P69": ("{s}'s studies",),
    "noun both P69": ("{s}'s time at {o}",),
    "noun subject P54": ("{s}'s time there",),
    "noun both P54": ("{s}'s time at {o}", "{s} playing for {o}"),
    "noun subject P127": ("the time of {s}",),
    "noun both P127": ("{s} being owned by {o}",),
    "noun subject P488": ("{s}'s term",),
    "noun both P488": ("{s}'s time as chair of {o}",),
    "noun subject P6": ("{s}'s term",),
    "noun both P6": ("{s}'s time as head of {o}",),
    "overlaps": ("{x} overlaps with {y}", "{x} and {y} have time in common", "{x} overlapped {y}"),
    "apart": (
        "{x} does not overlap with {y}",
        "there is no overlap between {x} and {y}",
        "{x} and {y} have no time in common",
    ),
    "before": ("{x} ended before {y} began", "{x} is before {y}", "{x} was earlier than {y}"),
    "after": ("{x} is after {y}", "{x} began after {y} ended", "{x} came later than {y}"),
    "within": ("{x} lies within {y}", "{x} falls inside {y}"),
    "contains": ("{x} contains {y}", "{x} covers {y}"),
    "equal": ("{x} has the same dates as {y}", "{x} is at exactly the same time as {y}"),
    "it overlaps": ("this overlaps with {y}", "that is at the same time as {y}"),
    "it apart": ("this does not overlap with {y}", "so there is no overlap with {y}"),
    "it before": ("this is before {y}", "that ended before {y} began"),
    "it after": ("this is after {y}", "that was later than {y}"),
    "it within": ("this falls within {y}", "it lies within {y}"),
    "it contains": ("this includes {y}", "it covers {y}"),
    "it equal": ("this is exactly the same time as {y}", "it is identical to {y}"),
    "class overlap": ("the temporal relation is overlap", "so the type of relation is overlap"),
    "class equal": ("the temporal relation is equal", "the relation between them is equal"),
    "class during": ("the temporal relation is during", "this is a during relation"),
    "class mix": ("the temporal relation is a mix", "so the relation is mixed"),
    "answer": ("so the answer is {answers}", "the final answer is {answers}", "Answer: {answers}"),
}
_STORIES: _Templates = {
    "suppose": (
        "Suppose {p} was in the {l}. Then the answer would be the {l}.",
        "If {p} had gone to the {l}, that would change things.",
    ),
    "move": (
        "{p} moved to the {l}",
        "{p} went to the {l}",
        "then {p} walked to the {l}",
        "{p} headed to the {l}",
        "{p} entered the {l}",
    ),
    "at": ("{p} is in the {l}", "{p} is located in the {l}", "{p} is at the {l}"),
    "at now": (
        "{p} is now in the {l}",
        "{p} is currently in the {l}",
        "{p} ended up in the {l}",
        "{p}'s last location is the {l}",
    ),
    "not at": ("{p} is not in the {l}", "{p} is no longer in the {l}"),
    "either": ("{p} is either in the {l} or the {k}", "{p} is in the {l} or in the {k}"),
    "before": ("{x} was in the {l} before the {k}", "before going to the {k}, {x} was in the {l}"),
    "get": ("{p} picked up the {t}", "{p} took the {t}", "{p} grabbed the {t}", "the {t} was taken by {p}"),
    "drop": ("{p} dropped the {t}", "{p} put the {t} down", "{p} put down the {t}"),
    "give": ("{p} gave the {t} to {k}", "{p} handed {k} the {t}", "{k} received the {t} from {p}"),
    "has now": ("{p} now has the {t}", "{p} is now carrying the {t}", "the {t} is now with {p}"),
    "lies now": ("the {t} is now in the {l}", "the {t} ended up in the {l}", "the {t} is currently in the {l}"),
    "count": ("{p} is carrying {n} object{s} now", "{p} now has {n} item{s}"),
    "lies north": ("the {x} is north of the {y}", "the {x} lies to the north of the {y}"),
    "lies south": ("the {x} is south of the {y}", "the {x} is located south of the {y}"),
    "lies east": ("the {x} is east of the {y}", "the {x} lies east of the {y}"),
    "lies west": ("the {x} is west of the {y}", "the {x} is to the west of the {y}"),
    "lies left": ("the {x} is to the left of the {y}", "the {x} is left of the {y}"),
    "lies right": ("the {x} is to the right of the {y}", "the {x} is right of the {y}"),
    "lies above": ("the {x} is above the {y}", "the {x} is on top of the {y}"),
    "lies below": ("the {x} is below the {y}", "the {x} is under the {y}"),
    "bigger": ("the {x} is bigger than the {y}", "the {x} is larger than the {y}", "the {y} is smaller than the {x}"),
    "fits": ("the {y} fits inside the {x}", "the {y} fits in the {x}", "the {x} can contain the {y}"),
    "is a": ("{p} is a {k}", "{p} is one of the {k} kind"),
    "kind fears": ("{k} are afraid of {f}", "{k} fear {f}"),
    "fears": ("{p} is afraid of {f}", "{p} must be afraid of {f}"),
    "colour": ("{p} is {c}", "{p}'s color is {c}"),
    "state": ("{p} is {m}", "{p} feels {m}"),
    "will go": ("{p} will go to the {l}", "{p} is going to the {l}"),
    "answer": ("so the answer is {a}", "Answer: {a}", "the final answer is {a}"),
}

_ALL_EVENTS = _joined(
    _TALK, _TIME, _EVENTS, MORE_TALK, MORE_EVENTS, LATER_EVENTS.templates, LAST_EVENTS.templates, WIDE_EVENTS,
    FURTHER_TALK, FURTHER_TIMES, FURTHER_EVENTS, PLAIN_TALK, PLAIN_TIMES, PLAIN_EVENTS,
)  # fmt: skip
_ALL_STORIES = _joined(
    _TALK, _STORIES, MORE_TALK, MORE_STORIES, LATER_STORIES.templates, LAST_STORIES.templates, WIDE_STORIES,
    FURTHER_TALK, FURTHER_STORIES, PLAIN_TALK, PLAIN_STORIES,
)  # fmt: skip
DEVELOPED = Wording("developed", _ALL_EVENTS)
DEVELOPED_STORIES = Wording("developed", _ALL_STORIES)
