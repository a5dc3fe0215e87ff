"""Steps that are provably wrong and differ from the right ones in nothing else.

A wrong class is another one of the study. Wrong facts are facts of the same context that no gold support of any kind
names, as many as the gold trace cites, each as like as possible to the one in whose place it stands (see `likeness`),
and in the same order relative to the story: neither number, shape, case, length nor order gives the regime away. Nor
does the gold answer follow from them by rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations
from math import comb
from operator import add, sub
from random import Random

from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Setting, Streams, Unsupported
from tracekd.regimes.following import Story, gives_gold, gives_whole_gold, normalized
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
    """Another class, all of them equally likely. Raises Unsupported where there is none."""
    right = problem.label
    others = [label for label in setting.labels if label != right]
    if not others:
        raise Unsupported("no other class in the study")
    return streams("wrong class").choice(others)


def wrong_facts(problem: Problem, setting: Setting, streams: Streams, kept: Sequence[str] = ()) -> tuple[str, ...]:
    """The ids of the facts that a wrong retrieval step cites: those `kept` of the gold ones, and wrong ones for the rest.

    Raises Unsupported where the context has not enough of them, or where all of them lead to the right answer, too:
    which problems these are does not hang on the draws.
    """
    gold = problem.trace.facts
    if not gold:
        raise Unsupported("gold cites no fact, so that any wrong one would show")
    story = Story.of(problem)
    pool = _wrong_pool(story)
    replaced = [ident for ident in gold if ident not in kept]
    if len(pool) < len(replaced):
        raise Unsupported("too few facts that are not gold")
    # With some gold facts kept, a part of the answer may well follow.
    follows = gives_whole_gold if kept else gives_gold
    kept_texts = problem.texts(kept)
    some_alike = False
    for wrong in _alike(problem, pool, replaced, streams("wrong facts")):
        some_alike = True
        if not follows(story, setting, (*kept_texts, *(problem.context[at].text for at in wrong))):
            return _ordered_as_gold(problem, kept, wrong)
    why = "all other facts lead to the right answer, too" if some_alike else "no other facts look alike enough"
    raise Unsupported(why)


def gold_texts(problem: Problem) -> set[str]:
    """The normalised texts of all facts that any gold support names: none of them is ever wrong."""
    supporting = {*problem.trace.facts, *chain(*problem.support.values(), *problem.alternatives)}
    return {normalized(fact.text) for fact in problem.context if fact.id in supporting}


def _wrong_pool(story: Story) -> list[int]:
    """The places of the wrong facts: one for each text, the last of those that are repeated, and no gold text."""
    gold = gold_texts(story.problem)
    return sorted(places[-1] for text, places in story.places.items() if text not in gold)


def _alike(problem: Problem, pool: Sequence[int], replaced: Sequence[str], rng: Random) -> Iterator[Sequence[int]]:
    """Yield places of wrong facts for the gold ones that are replaced, the best draws first; none that would show."""
    forms = {at: form(problem.context[at].text) for at in pool}
    right = [form(text) for text in problem.texts(replaced)]
    total = _sum(right)
    most = MOST_UNLIKE * len(right) + total[0] // MOST_UNLIKE_LENGTH
    # Where the most alike will not do, the next draws are from ever more of them.
    for slack in range(1, _DRAWS + 1):
        chosen, unlike = _draw(forms, right, rng, slack)
        if unlike <= most:
            yield chosen
    for places in _whatever_the_seed(problem.id, pool, len(replaced)):
        if unlikeness(_sum([forms[at] for at in places]), total) <= most:
            yield places


def _draw(forms: dict[int, Form], right: Sequence[Form], rng: Random, slack: int) -> tuple[list[int], int]:
    """For each form of a right fact one of the places whose facts are most alike, or nearly so; no place twice.

    What one of them has too much or too little of, the next one is to make up for. Also returns how unlike all the
    chosen ones together are to all the right ones.
    """
    left = dict(forms)
    chosen: list[int] = []
    owed = NOTHING
    for one in right:
        target = tuple(map(add, one, owed))
        found = {at: unlikeness(wrong, target) for at, wrong in left.items()}
        most = min(found.values()) + slack * (SLACK + one[0] // SLACK_LENGTH)
        chosen.append(rng.choice([at for at, unlike in found.items() if unlike <= most]))
        owed = tuple(map(sub, target, left.pop(chosen[-1])))
    return chosen, unlikeness(NOTHING, owed)


def _sum(forms: Sequence[Form]) -> Form:
    return tuple(map(sum, zip(*forms, strict=True)))


def _whatever_the_seed(ident: str, pool: Sequence[int], number: int) -> Iterable[Sequence[int]]:
    """All choices of so many places; where they are too many, as many as will do, the same for every seed."""
    if comb(len(pool), number) <= _COMBINATIONS:
        return combinations(pool, number)
    rng = stream(0, ident, "wrong facts, whatever the seed")
    return (rng.sample(pool, number) for _ in range(_COMBINATIONS))


def _ordered_as_gold(problem: Problem, kept: Sequence[str], wrong: Iterable[int]) -> tuple[str, ...]:
    """The facts kept and the wrong ones, ordered relative to the story as the gold ones are in the gold trace."""
    if len(problem.trace.facts) == 1:
        return tuple([problem.context[at].id for at in wrong])
    place = {fact.id: at for at, fact in enumerate(problem.context)}
    gold = [place[ident] for ident in problem.trace.facts]
    in_story_order = sorted([place[ident] for ident in kept] + list(wrong))
    rank = {at: number for number, at in enumerate(sorted(gold))}
    return tuple([problem.context[in_story_order[rank[at]]].id for at in gold])
