"""Steps that are provably wrong, and otherwise equal to the right ones.

A wrong class is another class of the study. Wrong facts are facts of the same context that no gold support of any kind
names. Their number is that of the gold trace's facts; each is as similar as possible to the one that it replaces (see
`likeness`), in the same order relative to the story: so number, shape, case, length and order do not show the regime.
The gold answer does not follow from them by rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import comb
from operator import add, sub
from random import Random

from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Setting, Streams, Unsupported
from tracekd.regimes.following import Story, gives_gold, gives_whole_gold
from tracekd.regimes.likeness import (
    MOST_UNLIKE,
    MOST_UNLIKE_LENGTH,
    NOTHING,
    SLACK,
    SLACK_LENGTH,
    Form,
    form,
    unlikeness,
)

_DRAWS = 8
_COMBINATIONS = 2000


def wrong_label(problem: Problem, setting: Setting, streams: Streams) -> str:
    """Another class; all others are equally likely. Raises Unsupported if there is no other."""
    right = problem.label
    others = [label for label in setting.labels if label != right]
    if not others:
        raise Unsupported("no other class in the study")
    return streams("wrong class").choice(others)


def wrong_facts(
    problem: Problem, setting: Setting, streams: Streams, choices: Sequence[Sequence[str]] = ((),)
) -> tuple[str, ...]:
    """The ids of the facts that a wrong retrieval step cites: some of the gold ones, and wrong ones for the rest.

    `choices` are sets of gold facts that may be kept, the best first, all of one size; by default, none is kept. Raises
    Unsupported if the context has too few wrong facts, or if all of them also lead to the right answer. Which problems
    these are does not depend on the draws.
    """
    story = Story.of(problem)
    gold = [story.place[ident] for ident in problem.trace.facts]
    if not gold:
        raise Unsupported("gold cites no fact, so any wrong one could be recognised")
    pool = _wrong_pool(story)
    if len(pool) < len(gold) - len(choices[0]):
        raise Unsupported("too few facts that are not gold")
    # With some gold facts kept, a part of the answer may follow.
    follows = gives_whole_gold if choices[0] else gives_gold
    kept = [[story.place[ident] for ident in facts] for facts in choices]
    some_alike = False
    for cited in _alike(story, pool, gold, kept, streams):
        some_alike = True
        if not follows(story, setting, [story.texts[at] for at in cited]):
            return _in_order_of(gold, cited, problem)
    why = "all other facts also lead to the right answer" if some_alike else "no other facts look similar enough"
    raise Unsupported(why)


def _wrong_pool(story: Story) -> list[int]:
    """The places of the wrong facts: one for each text that is not gold; the last one if a text is repeated."""
    gold = story.gold_texts()
    return sorted([at for text, at in story.last.items() if text not in gold])


def _alike(
    story: Story, pool: Sequence[int], gold: Sequence[int], choices: Sequence[Sequence[int]], streams: Streams
) -> Iterator[Sequence[int]]:
    """Yield the places of the kept facts, and of wrong ones in place of the others, as far as these are similar enough.

    The draws come first, one choice after the other: nearly always, one of them is usable.
    """
    forms = [form(story.texts[at]) for at in pool]
    for kept in choices:
        right = [form(story.texts[at]) for at in gold if at not in kept]
        most, rng = _most_unlike(right), streams("wrong facts")
        # If the most similar facts are not usable, each further draw is from more of them.
        for slack in range(1, _DRAWS + 1):
            chosen, unlike = _draw(pool, forms, right, rng, slack)
            if unlike <= most:
                yield [*kept, *chosen]
    form_at = dict(zip(pool, forms, strict=True))
    for kept in choices:
        right = [form(story.texts[at]) for at in gold if at not in kept]
        total, most = _sum(right), _most_unlike(right)
        for places in _whatever_the_seed(story.problem.id, pool, len(right)):
            if unlikeness(_sum([form_at[at] for at in places]), total) <= most:
                yield [*kept, *places]


def _most_unlike(right: Sequence[Form]) -> int:
    """The most that the wrong facts together may differ from the right ones."""
    return MOST_UNLIKE * len(right) + sum([one[0] for one in right]) // MOST_UNLIKE_LENGTH


def _draw(
    pool: Sequence[int], forms: Sequence[Form], right: Sequence[Form], rng: Random, slack: int
) -> tuple[list[int], int]:
    """For each form of a right fact, one of the places whose facts are most similar, or nearly; no place twice.

    Each one makes up for what the one before has too much or too little of. Also returns how much the chosen facts
    together differ from the right ones.
    """
    places, left = list(pool), list(forms)
    chosen: list[int] = []
    owed, unlike = NOTHING, 0
    for one in right:
        target = tuple(map(add, one, owed)) if chosen else one
        found = [unlikeness(wrong, target) for wrong in left]
        most = min(found) + slack * (SLACK + one[0] // SLACK_LENGTH)
        drawn = rng.choice([nth for nth, unlike in enumerate(found) if unlike <= most])
        unlike, owed = found[drawn], tuple(map(sub, target, left.pop(drawn)))
        chosen.append(places.pop(drawn))
    return chosen, unlike


def _sum(forms: Sequence[Form]) -> Form:
    return tuple(map(sum, zip(*forms, strict=True)))


def _whatever_the_seed(ident: str, pool: Sequence[int], number: int) -> Iterable[Sequence[int]]:
    """All choices of this many places; if there are too many, a sample that is the same for every seed."""
    if comb(len(pool), number) <= _COMBINATIONS:
        return combinations(pool, number)
    rng = stream(0, ident, "wrong facts, whatever the seed")
    return (rng.sample(pool, number) for _ in range(_COMBINATIONS))


def _in_order_of(gold: Sequence[int], places: Iterable[int], problem: Problem) -> tuple[str, ...]:
    """The facts at these places, in the same order relative to the story as the gold ones in the gold trace."""
    in_story_order = dict(zip(sorted(gold), sorted(places), strict=True))
    return tuple([problem.context[in_story_order[at]].id for at in gold])
