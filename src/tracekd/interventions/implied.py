"""Facts that imply another answer than the gold one: whoever relies on the trace gives that answer.

Lanham et al. (arXiv 2307.13702) add mistakes to a trace and see whether the answer changes. Here it is also known what it
would have to change to: the task's rule derives that answer, x, from the facts forced, as it derives the gold one from
the gold facts. A changed fact stands in the place in the story of the one that it was. The class stays right.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, product
from math import comb
from random import Random
from typing import NamedTuple

from tracekd.interventions.condition import Condition, Forced, Own
from tracekd.interventions.relations import exchanged
from tracekd.interventions.surface import as_written
from tracekd.interventions.values import with_other_values
from tracekd.problem import Answer, Problem
from tracekd.randomness import stream
from tracekd.regimes.contract import Setting, Streams, Unsupported
from tracekd.regimes.following import Story
from tracekd.regimes.likeness import SLACK, form, unlikeness
from tracekd.tasks.check import same_answer
from tracekd.tasks.normalize import normalize_answer
from tracekd.trace import Classify, Quote, Trace

# How many choices of facts are tried for each number of gold facts that give way, and how many may give way.
_TRIES = 2000
_MOST_CHANGED = 3
# Other values are looked for in so many of the last facts.
_KNOWN = 64

# For each fact of the gold trace, by its place in the story: which fact stands in its stead, its place and its text.
Cited = Mapping[int, tuple[int, str]]


class Implying(NamedTuple):
    """Facts that imply an answer, in the order in which the gold ones are cited."""

    texts: tuple[str, ...]
    answer: Answer


def _implied(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    found = implying(problem, setting, streams("implied"))
    trace = Trace(steps=(Classify(label=problem.label), Quote(texts=found.texts)))
    return Forced(setting.template.render_trace(problem, trace), found.answer)


def implying(problem: Problem, setting: Setting, rng: Random) -> Implying:
    """Facts from which another answer follows by rule, as many as gold and as like them as there are.

    First choice are other facts of the context, for as few of the gold ones as will do; then the gold facts with a value
    changed for another one of the context; then fewer of the gold facts. Which problems have some does not depend on the
    draws. Raises Unsupported, with the reason, where there are none.
    """
    story = Story.of(problem)
    gold = _gold(story, setting)
    for candidates in chain(_others(story), _rewritten(story), _fewer(story)):
        found = [(cited, answer) for cited in candidates if (answer := _another(story, setting, cited, gold))]
        if found:
            cited, answer = _drawn(story, found, rng)
            texts = tuple([text for _, text in _in_gold_order(story, cited)])
            return Implying(texts, as_written(answer, texts, problem.answer))
    raise Unsupported("no facts like the gold ones imply another answer")


def _gold(story: Story, setting: Setting) -> list[Answer]:
    """All answers that are right: the gold one, and whatever follows from any gold support."""
    problem = story.problem
    if not problem.trace.facts:
        raise Unsupported("gold cites no fact")
    sets = [problem.trace.facts, *problem.alternatives, *problem.support.values()]
    known = ([ident for ident in facts if ident in story.place] for facts in sets)
    derived = [answer for facts in known for answer in _derived(story, setting, problem.texts(facts))]
    if not derived:
        raise Unsupported("no rule derives an answer from the gold facts")
    if not any(same_answer(answer, problem.answer) for answer in derived):
        raise Unsupported("the rule derives another answer from the gold facts")
    return [problem.answer, *derived]


def _derived(story: Story, setting: Setting, texts: Iterable[str]) -> Iterator[Answer]:
    """What follows from the texts, in each of the readings that the story allows, if anything does."""
    for reading in story.readings(texts):
        answer = setting.derive(story.problem.question, reading, story.problem.label)
        if answer is not None:
            yield answer


def _another(story: Story, setting: Setting, cited: Cited, gold: Sequence[Answer]) -> Answer | None:
    """The answer that follows from these facts, each in the place of the one that it stands for, if it is not gold.

    None, too, where another answer follows in a reading that the quotation allows.
    """
    in_story_order = [text for _, text in sorted(cited.values())]
    problem = story.problem
    answer = setting.derive(problem.question, in_story_order, problem.label)
    if answer is None or any(same_answer(answer, right) for right in gold):
        return None
    return answer if all(same_answer(other, answer) for other in _derived(story, setting, in_story_order)) else None


def _others(story: Story) -> Iterator[Iterable[Cited]]:
    """Choices of facts of the context: all those with one gold fact changed for another, then those with two, ..."""
    gold = [story.place[ident] for ident in story.problem.trace.facts]
    used = {story.normal[at] for at in gold}
    pool = [at for text, at in story.last.items() if text not in used]
    for changed in range(1, min(len(gold), len(pool), _MOST_CHANGED) + 1):
        yield (
            {at: (other, story.texts[other]) for at, other in zip(gold, _swapped(gold, out, into), strict=True)}
            for out, into in _choices(story, gold, pool, changed)
        )


def _choices(
    story: Story, gold: Sequence[int], pool: Sequence[int], changed: int
) -> Iterable[tuple[Sequence[int], Sequence[int]]]:
    """All ways to put so many facts of the pool in the place of gold ones; some, the same for every seed, if many."""
    if comb(len(gold), changed) * comb(len(pool), changed) <= _TRIES:
        return product(combinations(gold, changed), combinations(pool, changed))
    rng = stream(0, story.problem.id, f"implied, {changed} facts, whatever the seed")
    return ((rng.sample(gold, changed), rng.sample(pool, changed)) for _ in range(_TRIES))


def _swapped(gold: Sequence[int], out: Iterable[int], into: Iterable[int]) -> list[int]:
    """The places of the facts, each where the gold one of the same rank in the story is cited."""
    places = sorted([*set(gold).difference(out), *into])
    by_rank = dict(zip(sorted(gold), places, strict=True))
    return [by_rank[at] for at in gold]


def _rewritten(story: Story) -> Iterator[Iterable[Cited]]:
    """The gold facts with a value of one of them changed, first where it tells the answer; then, all turned round."""
    gold = [story.place[ident] for ident in story.problem.trace.facts]
    as_it_is = {at: (at, story.texts[at]) for at in gold}
    known = [*story.texts[-_KNOWN:], story.problem.question]
    answers = story.problem.answer.values
    for whole, near in product((True, False), repeat=2):
        yield [
            {**as_it_is, at: (at, text)}
            for at in gold
            for text in with_other_values(story.texts[at], known, answers, whole=whole, near=near)
        ]
    yield [{at: (at, exchanged(text) or text) for at, text in as_it_is.values()}]


def _fewer(story: Story) -> Iterator[Iterable[Cited]]:
    """The gold facts less one, less two, ..."""
    gold = [story.place[ident] for ident in story.problem.trace.facts]
    for kept in range(len(gold) - 1, 0, -1):
        yield ({at: (at, story.texts[at]) for at in some} for some in islice(combinations(gold, kept), _TRIES))


def _drawn(story: Story, found: Sequence[tuple[Cited, Answer]], rng: Random) -> tuple[Cited, Answer]:
    """One of those whose answer has most values that are not gold, and that are as like the gold facts as any, or nearly."""
    right = set(map(normalize_answer, story.problem.answer.values))
    others = [len(set(map(normalize_answer, answer.values)) - right) for _, answer in found]
    found = [one for one, number in zip(found, others, strict=True) if number == max(others)]
    unlike = [
        sum(unlikeness(form(text), form(story.texts[at])) for at, (_, text) in cited.items()) for cited, _ in found
    ]
    most = min(unlike) + SLACK
    return rng.choice([one for one, distance in zip(found, unlike, strict=True) if distance <= most])


def _in_gold_order(story: Story, cited: Cited) -> list[tuple[int, str]]:
    return [cited[at] for at in (story.place[ident] for ident in story.problem.trace.facts) if at in cited]


IMPLIED = Condition(
    "implied",
    "the right class, and facts from which another answer follows by rule",
    "after Lanham et al. 2023, arXiv 2307.13702: adding mistakes; here the answer that they lead to is known",
    _implied,
)
