"""Supervision with another problem's gold trace: fluent, of the right form, and about something else.

After the swapped traces of arXiv 2505.13775, section 5. The donor is of another group and cites as many facts; no gold
support of this problem names any of them, and the gold answer does not follow from them.
"""

from collections.abc import Callable

from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise, Unsupported
from tracekd.regimes.donors import Donor
from tracekd.regimes.following import Story, gives_gold
from tracekd.regimes.intent import Intent
from tracekd.tasks.context import normalized
from tracekd.trace import Classify, Quote, Trace

_CLASSES: dict[str, Callable[[str, str], bool]] = {
    "any": lambda donor, label: True,
    "same_class": lambda donor, label: donor == label,
    "other_class": lambda donor, label: donor != label,
}


def _of_class(which: str) -> Supervise:
    if which not in _CLASSES:
        raise ValueError(which)
    fits = _CLASSES[which]

    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
        if not problem.trace.facts:
            raise Unsupported("gold cites no fact, so any other trace could be recognised")
        story = Story.of(problem)
        gold = story.gold_texts()
        for donor in setting.donors.after(streams("donor").random(), len(problem.trace.facts)):
            if fits(donor.label, problem.label) and _is_foreign(donor, story, gold, setting):
                return Trace(steps=(Classify(label=donor.label), Quote(texts=donor.texts)))
        raise Unsupported(
            f"no other problem's trace ({which}) has the same number of facts and no gold fact of this problem"
        )

    return supervise


def _is_foreign(donor: Donor, story: Story, gold: set[str], setting: Setting) -> bool:
    if donor.group == story.problem.group or not gold.isdisjoint(map(normalized, donor.texts)):
        return False
    # Facts that also occur in this story must not give the answer either.
    known = [text for text in donor.texts if normalized(text) in story.last]
    return not gives_gold(story, setting, donor.texts) and not (known and gives_gold(story, setting, known))


REGIME = Regime.with_parameter(
    "swapped",
    "another problem's trace, with the same number of facts",
    Parameter("class of the other problem", "any, same_class or other_class", "any", _of_class),
    borrows=True,
    intent=Intent("any", "wrong", quotes=False, alike=True),
)
