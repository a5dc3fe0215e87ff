"""Family 18, size-reasoning: which of two things is larger, by a chain of facts (arXiv 1502.05698)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

from pydantic import Field, model_validator

from tracekd.errors import UserError
from tracekd.worlds.babi.story_builder import BuiltStory, StoryBuilder
from tracekd.worlds.contract import Dials

# From the largest things to the smallest; the order within a row is random. The third row is not in published files.
_BOXES = ("box", "chest", "container", "suitcase")
_SMALLER = "box of chocolates"
_SPARE = ("apple", "football", "milk", "pajamas")
_SMALLEST = "chocolate"
_PUBLISHED = (*_BOXES, _SMALLER, _SMALLEST)
_TRIES = 8

# Two things by their places in the order of size: the larger one comes first and has the lower number.
Pair = tuple[int, int]


class SizeDials(Dials):
    """`things`: how many things of different size there are. `chain`: how many facts the shortest chain to an answer has.

    Random facts are added in rounds of `facts` until a question is possible. If none is possible after `rounds`
    rounds, the story is made anew as one round around a chain.
    `shortcuts`: whether a single fact may also state what a chain states, as for a third of the published questions.
    `questions`: how many questions a story has.
    """

    things: int = Field(6, ge=2, le=10)
    chain: int = Field(2, ge=1, le=9)
    facts: int = Field(5, ge=1, le=15)
    rounds: int = Field(3, ge=1, le=3)
    shortcuts: bool = True
    questions: int = Field(5, ge=1, le=50)

    @model_validator(mode="after")
    def _fits(self) -> "SizeDials":
        if self.chain >= self.things:
            raise UserError(
                f"a chain={self.chain} of facts cannot be about things={self.things}",
                expected="fewer facts than things",
            )
        if self.chain > self.facts:
            raise UserError(f"a chain={self.chain} of facts is longer than a story of facts={self.facts}")
        return self


def make(dials: SizeDials, rng: Random) -> BuiltStory:
    """Things in an order of size, facts about pairs of things, and questions about pairs that a chain connects."""
    story = StoryBuilder(blank="")
    names = _things(rng, dials.things)
    pairs = _story(rng, dials)
    fact_lines: dict[Pair, list[int]] = {}
    for larger, smaller in pairs:
        fact_lines.setdefault((larger, smaller), []).append(story.say(_fact(rng, names[larger], names[smaller])))
    supports = {pair: _supports(*pair, fact_lines, dials.chain) for pair in _askable(fact_lines, dials)}
    # As published, a pair with more chains is asked about more often.
    chains = [sum(len(lines) == dials.chain for lines in found) for found in supports.values()]
    for pair in rng.choices(list(supports), chains, k=dials.questions):
        _ask(rng, story, names[pair[0]], names[pair[1]], supports[pair])
    return story.finish()


def _things(rng: Random, n: int) -> list[str]:
    """`n` things, the largest first."""
    chosen = {*_PUBLISHED, *_SPARE[: n - len(_PUBLISHED)]} if n > len(_PUBLISHED) else set(rng.sample(_PUBLISHED, n))
    rows = (rng.sample(_BOXES, len(_BOXES)), [_SMALLER], rng.sample(_SPARE, len(_SPARE)), [_SMALLEST])
    return [thing for row in rows for thing in row if thing in chosen]


def _fact(rng: Random, larger: str, smaller: str) -> str:
    if rng.random() < 0.5:
        return f"The {larger} is bigger than the {smaller}."
    return f"The {smaller} fits inside the {larger}."


def _ask(rng: Random, story: StoryBuilder, larger: str, smaller: str, supports: list[tuple[int, ...]]) -> None:
    """Ask which thing is larger; the question may take either one as the larger, and cites the chain from that thing."""
    holds = rng.random() < 0.5
    above, below = (larger, smaller) if holds else (smaller, larger)
    bigger = rng.random() < 0.5
    question = f"Is the {above} bigger than the {below}?" if bigger else f"Does the {below} fit in the {above}?"
    cited = supports if holds else [support[::-1] for support in supports]
    story.ask(question, "yes" if holds else "no", cited)


def _story(rng: Random, dials: SizeDials) -> list[Pair]:
    """The pairs that the facts are about: random ones, or pairs around a chain if random ones allow no question."""
    pairs: list[Pair] = []
    for _ in range(dials.rounds):
        pairs += [_pair(rng, dials.things) for _ in range(dials.facts)]
        if _askable(pairs, dials):
            return pairs
    return _around_chain(rng, dials)


def _pair(rng: Random, things: int) -> Pair:
    one, other = rng.randrange(things), rng.randrange(things - 1)
    return (one, other + 1) if other >= one else (other, one)


def _around_chain(rng: Random, dials: SizeDials) -> list[Pair]:
    """One round of pairs with a chain in it. A pair that would shorten the chain is replaced by a repeated pair."""
    links = sorted(rng.sample(range(dials.things), dials.chain + 1))
    chain = list(pairwise(links))
    ends = links[0], links[-1]
    pairs = set(chain)
    story = list(chain)
    while len(story) < dials.facts:
        for _ in range(_TRIES):
            pair = _pair(rng, dials.things)
            if pair in pairs or ends in _askable(pairs | {pair}, dials):
                break
        else:
            pair = rng.choice(chain)
        pairs.add(pair)
        story.append(pair)
    rng.shuffle(story)
    return story


def _askable(pairs: Iterable[Pair], dials: SizeDials) -> list[Pair]:
    """The pairs whose shortest chain has `chain` facts; `shortcuts` allows an additional single fact."""
    direct = dict.fromkeys(pairs)
    indirect = _indirect(direct, dials.things)
    if dials.chain == 1:
        return sorted(direct.keys() - indirect.keys())
    return [
        pair for pair, length in indirect.items() if length == dials.chain and (dials.shortcuts or pair not in direct)
    ]


def _indirect(direct: Iterable[Pair], things: int) -> dict[Pair, int]:
    """For each pair with a chain of at least two facts: the length of the shortest one."""
    below: list[list[int]] = [[] for _ in range(things)]
    for larger, smaller in direct:
        below[larger].append(smaller)
    shortest: list[dict[int, int]] = [{} for _ in range(things)]
    indirect: dict[Pair, int] = {}
    for thing in range(things - 1, -1, -1):
        far: dict[int, int] = {}
        for middle in below[thing]:
            for smaller, length in shortest[middle].items():
                far[smaller] = min(length + 1, far.get(smaller, things))
        indirect |= {(thing, smaller): length for smaller, length in far.items()}
        shortest[thing] = far | dict.fromkeys(below[thing], 1)
    return indirect


def _supports(larger: int, smaller: int, fact_lines: Mapping[Pair, Sequence[int]], chain: int) -> list[tuple[int, ...]]:
    """All chains from the larger to the smaller thing: the shortest first, and of equally short ones the first in the story.

    A single fact comes last unless the dial asks for one fact: the published files cite two facts even then.
    """
    chains = _chains(larger, smaller, fact_lines)
    return sorted(chains, key=lambda lines: (len(lines) == 1 < chain, len(lines), lines))


def _chains(larger: int, smaller: int, fact_lines: Mapping[Pair, Sequence[int]]) -> Iterator[tuple[int, ...]]:
    for (above, below), lines in fact_lines.items():
        if above == larger and below <= smaller:
            rests = [()] if below == smaller else list(_chains(below, smaller, fact_lines))
            yield from ((line, *rest) for line in lines for rest in rests)
