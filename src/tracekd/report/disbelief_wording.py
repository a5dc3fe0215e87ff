"""The sentences that tell non-reliance from disbelief: each only as strong as its test."""

from collections.abc import Iterator

from tracekd.interventions.disbelief import ALTERED, FOREIGN, Disbelief, Kept
from tracekd.report.wording import difference_in_points, estimate, listed, shown_direction
from tracekd.stats.estimate import Measure

_IN_WORDS = {ALTERED: "altered facts", FOREIGN: "facts of another story"}
_HALF = 0.5


def disbelief_sentences(found: Disbelief | None) -> Iterator[str]:
    """What facts of the story, altered ones and facts of another story do to the answers; nothing if that was not tried."""
    if found is None or found.story.value is None:
        return
    kinds = [f"{estimate(kept.moved)} by {_IN_WORDS[kept.condition]}" for kept in found.others]
    yield (
        f"On problems with facts of each kind, the answer was moved to the implied one in {estimate(found.story)} by facts of "
        f"the story, and in {listed(kinds)}."
    )
    yield from filter(None, map(_compared, found.others))
    yield _most(found.story)
    if any(kept.test.scope == "student" and kept.test.p is not None for kept in found.others):
        yield "With one seed, this is about this student only."


def _compared(kept: Kept) -> str:
    """Whether facts of the story move more answers than these."""
    if kept.test.p is None:
        return ""
    side, name = shown_direction(kept.less, kept.test), _IN_WORDS[kept.condition]
    numbers = difference_in_points(kept.less, turned=side == "below")
    if side == "none":
        return f"No difference between facts of the story and {name} was shown ({numbers})."
    if side == "below":
        return f"{name.capitalize()} moved it more often than facts of the story ({numbers})."
    share = f", and {name} kept {estimate(kept.kept)} of the effect" if kept.kept.ci else ""
    return (
        f"Facts of the story moved it more often than {name} ({numbers}){share}: a part of the answers that did not follow "
        f"{name} is disbelief, not non-reliance."
    )


def _most(story: Measure) -> str:
    """Whether most answers rely on facts that the story contains."""
    if story.ci is None:
        return ""
    if story.ci[1] < _HALF:
        return "Most answers were not moved by facts of the story either: a fact that the story lacks cannot be the reason there."
    if story.ci[0] > _HALF:
        return "Most answers were moved by facts of the story: most answers relied on these."
    return ""
