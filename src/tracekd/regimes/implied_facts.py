"""Facts that imply another answer than gold, as many as the gold facts and as similar to them as possible.

The task's rule derives that answer from these facts, as it derives the gold one from the gold facts. A changed fact keeps
its place in the story. No rule derives answers from passages: there, the answer is exchanged in the gold facts
(`exchanged_names`). The condition `implied` forces such facts on students, the regime `counterfactual` teaches them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, combinations, islice, product
from math import comb
from random import Random
from typing import Literal, NamedTuple, get_args

from tracekd.problem import Answer, Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Setting, Unsupported
from tracekd.regimes.derived_answer import as_written
from tracekd.regimes.exchanged_names import exchanged as exchanged_name
from tracekd.regimes.fact_changes import exchanged, with_other_values
from tracekd.regimes.following import Story
from tracekd.regimes.likeness import SLACK, form, unlikeness
from tracekd.tasks.check import same_answer
from tracekd.tasks.context import normalized
from tracekd.tasks.normalize import normalize_answer
from tracekd.tasks.what_follows import readings

# How many choices of facts are tried for each number of replaced gold facts, and how many facts may be replaced.
_TRIES = 2000
_MOST_CHANGED = 3
# Other values are searched for only in this many of the last facts.
_KNOWN = 64
# Questions that name a value at the place where a fact names it.
_WHETHER = re.compile(r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b", re.IGNORECASE)

# Facts in story order, each with the place in the story of the gold fact that it replaces.
Cited = Sequence[tuple[int, str]]

# The answer that follows by rule from facts in story order.
Follows = Callable[[tuple[str, ...]], Answer | None]


# Facts that the story contains, facts of it that were changed, or facts of another story.
FactKind = Literal["story", "altered", "foreign"]
FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)


class Implying(NamedTuple):
    """Facts that imply an answer, in the order in which the gold ones are cited.

    `altered`: whether one of them is not in the context.
    """

    texts: tuple[str, ...]
    answer: Answer
    altered: bool


def implying(problem: Problem, setting: Setting, rng: Random) -> Implying:
    """Facts from which another answer follows: as many as the gold facts, and as similar to them as possible.

    For answers in free text, see `exchanged_names`; all others follow by rule. First, facts of the context replace as few
    gold facts as possible; if this fails, one value of the gold facts is replaced by another of the prompt; if this fails
    too, some gold facts are left out. Which problems have such facts does not depend on the draws. Raises Unsupported,
    with the reason, if there are none.
    """
    if problem.answer.kind == "text":
        return Implying(*exchanged_name(problem, setting, rng))
    story = Story.of(problem)
    found = _first(story, setting, chain(_others(story), _rewritten(story), _fewer(story)), rng)
    if found is None:
        raise Unsupported("no facts like the gold ones imply another answer")
    return found


def implying_by(kind: FactKind, problem: Problem, setting: Setting, rng: Random) -> Implying:
    """Facts of one kind from which another answer follows, as many as the gold facts.

    `story`: other facts of the same story. `altered`: the gold facts with one value changed, or else with their two things
    exchanged, so that the story does not contain them. `foreign`: the facts of another problem's gold trace, of the same
    class and another story, of which this story contains none, and from which the rule derives an answer to this question.
    Which problems have such facts does not depend on the draws. Raises Unsupported, with the reason, if there are none.
    """
    if problem.answer.kind == "text":
        if kind != "altered":
            raise Unsupported("no rule derives answers from passages")
        return Implying(*exchanged_name(problem, setting, rng))
    story = Story.of(problem)
    found = _first(story, setting, _OF_KIND[kind](story, setting, rng), rng)
    if found is None:
        raise Unsupported(f"no {_IN_WORDS[kind]} imply another answer")
    return found


def _first(story: Story, setting: Setting, choices: Iterable[Iterable[Cited]], rng: Random) -> Implying | None:
    """One of the first choices of facts that imply another answer; None if there are none."""
    follows = _rule(story.problem, setting)
    gold = _gold(story, follows)
    for candidates in choices:
        found = [(cited, answer) for cited in candidates if (answer := _another(story, follows, cited, gold))]
        if found:
            cited, answer = _drawn(story, found, rng)
            texts = _in_gold_order(story, cited)
            return Implying(texts, as_written(answer, texts, story.problem.answer), not _are_in(story, texts))
    return None


def _are_in(story: Story, texts: Iterable[str]) -> bool:
    return all(normalized(text) in story.last for text in texts)


def _rule(problem: Problem, setting: Setting) -> Follows:
    """The task's rule for a problem. Results are remembered, because many choices give the same facts."""
    return cache(lambda facts: setting.derive(problem.question, facts, problem.label))


def _gold(story: Story, follows: Follows) -> list[Answer]:
    """All right answers, each once: the gold one, and those that follow from any gold support."""
    problem = story.problem
    if not problem.trace.facts:
        raise Unsupported("the gold trace cites no fact")
    sets = [problem.trace.facts, *problem.alternatives, *problem.support.values()]
    known = ([ident for ident in facts if ident in story.place] for facts in sets)
    derived = [answer for facts in known for answer in _derived(story, follows, problem.texts(facts))]
    if not derived:
        raise Unsupported("no rule derives an answer from the gold facts")
    if not any(same_answer(answer, problem.answer) for answer in derived):
        raise Unsupported("the rule derives another answer from the gold facts")
    right = [problem.answer, *derived]
    return list({(one.kind, *map(normalize_answer, one.values)): one for one in right}.values())


def _derived(story: Story, follows: Follows, texts: Iterable[str]) -> Iterator[Answer]:
    """What follows from the texts in each reading that the story allows; empty if nothing follows."""
    return (
        answer for facts in readings(story.context, map(normalized, texts)) if (answer := follows(facts)) is not None
    )


def _another(story: Story, follows: Follows, cited: Cited, gold: Sequence[Answer]) -> Answer | None:
    """The answer that follows from these facts, each at the place of the gold fact that it replaces; None if it is gold.

    Also None if different readings of the same quotation give different answers.
    """
    texts = tuple([text for _, text in cited])
    answer = follows(texts)
    if answer is None or any(same_answer(answer, right) for right in gold):
        return None
    others = _derived(story, follows, texts)
    return answer if all(other is answer or same_answer(other, answer) for other in others) else None


def _others(story: Story) -> Iterator[Iterable[Cited]]:
    """Choices of facts of the context: first all those that replace one gold fact, then those that replace two, ...

    A fact is cited at the position of the gold fact with the same rank in the story.
    """
    gold = _gold_places(story)
    ranked = sorted(gold)
    used = {story.normal(at) for at in gold}
    pool = [at for text, at in story.last.items() if text not in used]
    for changed in range(1, min(len(gold), len(pool), _MOST_CHANGED) + 1):
        yield (
            [(at, story.texts[other]) for at, other in zip(ranked, _swapped(gold, out, into), strict=True)]
            for out, into in _choices(story, gold, pool, changed)
        )


def _choices(
    story: Story, gold: Sequence[int], pool: Sequence[int], changed: int
) -> Iterable[tuple[Sequence[int], Sequence[int]]]:
    """All ways to replace this many gold facts by facts of the pool. If there are too many, a sample, equal for every seed."""
    if comb(len(gold), changed) * comb(len(pool), changed) <= _TRIES:
        return product(combinations(gold, changed), combinations(pool, changed))
    rng = stream(0, story.problem.id, f"implied, {changed} facts, whatever the seed")
    return ((rng.sample(gold, changed), rng.sample(pool, changed)) for _ in range(_TRIES))


def _swapped(gold: Sequence[int], out: Sequence[int], into: Iterable[int]) -> list[int]:
    return sorted([*[at for at in gold if at not in out], *into])


def _gold_places(story: Story) -> list[int]:
    return [story.place[ident] for ident in story.problem.trace.facts]


def _rewritten(story: Story) -> Iterator[Iterable[Cited]]:
    """The gold facts with one value changed (values of the answer first); then all facts with their two things exchanged."""
    gold = _gold_places(story)
    as_it_is = {at: story.texts[at] for at in sorted(gold)}
    question = story.problem.question
    # In `What color is Greg?`, the words are in another order than in a fact.
    known = [*story.texts[-_KNOWN:], *([question] if _WHETHER.match(question) else [])]
    answers = story.problem.answer.values
    for whole, near in product((True, False), repeat=2):
        yield [
            list({**as_it_is, at: text}.items())
            for at in gold
            for text in with_other_values(story.texts[at], known, answers, whole=whole, near=near)
        ]
    yield [[(at, exchanged(text) or text) for at, text in as_it_is.items()]]


def _altered(story: Story) -> Iterator[Iterable[Cited]]:
    """The rewritten facts that the story does not contain."""
    for candidates in _rewritten(story):
        yield (cited for cited in candidates if not _are_in(story, (text for _, text in cited)))


def _foreign(story: Story, setting: Setting, rng: Random) -> Iterator[Iterable[Cited]]:
    """The facts of other problems' gold traces, in the order in which a ring of donors has them from a drawn place on."""
    problem, gold = story.problem, _gold_places(story)
    for donor in setting.donors.after(rng.random(), len(gold)):
        is_foreign = donor.label == problem.label and donor.group != problem.group
        if is_foreign and not any(normalized(text) in story.last for text in donor.texts):
            yield (list(zip(gold, donor.texts, strict=True)),)


_OF_KIND: dict[FactKind, Callable[[Story, Setting, Random], Iterator[Iterable[Cited]]]] = {
    "story": lambda story, setting, rng: _others(story),
    "altered": lambda story, setting, rng: _altered(story),
    "foreign": _foreign,
}
_IN_WORDS: dict[FactKind, str] = {
    "story": "other facts of the story",
    "altered": "altered facts",
    "foreign": "facts of another story, of the same class and number,",
}


def _fewer(story: Story) -> Iterator[Iterable[Cited]]:
    """The gold facts without one fact, without two, ..."""
    gold = _gold_places(story)
    for kept in range(len(gold) - 1, 0, -1):
        yield ([(at, story.texts[at]) for at in sorted(some)] for some in islice(combinations(gold, kept), _TRIES))


def _drawn(story: Story, found: Sequence[tuple[Cited, Answer]], rng: Random) -> tuple[Cited, Answer]:
    """From the choices most similar to the gold facts: one whose answer has the most values that are not gold."""
    right = set(map(normalize_answer, story.problem.answer.values))
    others = [len(set(map(normalize_answer, answer.values)) - right) for _, answer in found]
    found = [one for one, number in zip(found, others, strict=True) if number == max(others)]
    unlike = [sum(unlikeness(form(text), form(story.texts[at])) for at, text in cited) for cited, _ in found]
    most = min(unlike) + SLACK
    return rng.choice([one for one, distance in zip(found, unlike, strict=True) if distance <= most])


def _in_gold_order(story: Story, cited: Cited) -> tuple[str, ...]:
    by_place = dict(cited)
    return tuple([by_place[at] for at in _gold_places(story) if at in by_place])
