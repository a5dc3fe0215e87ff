"""How places and shapes lie to each other: families 4, 17 and 19 (arXiv 1502.05698)."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from pydantic import Field, model_validator

from tracekd.errors import UserError
from tracekd.worlds.babi.grid import (
    COMPASS,
    GridDials,
    Layout,
    LinesOfLinks,
    Link,
    distances,
    mentions,
    neighbours,
    say_all,
    spread,
    straight,
    supports_of_way,
    unlinked_neighbours,
    winding,
)
from tracekd.worlds.babi.story_builder import BuiltStory, StoryBuilder, draw_words

# The words of the published stories, and words of other families if a dial needs more.
_PLACES = ("bathroom", "bedroom", "kitchen", "office", "garden", "hallway")
_SPARE_PLACES = ("cinema", "park", "school")
_SHAPES = ("triangle", "blue square", "pink rectangle", "red sphere", "red square", "yellow square")
_SPARE_SHAPES = ("blue rectangle", "pink square", "yellow sphere")

_DIRECTIONS = {step: f"{name} of" for step, name in COMPASS.items()}
_SIDES = {(0, 1): "above", (0, -1): "below", (1, 0): "to the right of", (-1, 0): "to the left of"}
# Families 4, 17 and 19: the share of published facts that name first the thing farther from the middle of the way;
# in family 19, for facts of the way and for facts about places beside it.
_OUTER_FIRST_NEIGHBOURS = 0.65
_OUTER_FIRST_SHAPES = 0.35
_OUTER_FIRST_ON_WAY = 0.56
_OUTER_FIRST_BESIDE = 0.74
# How much more often a fact of the way is in the last three places of a published story than elsewhere.
_LATE = (1.1, 1.35, 2.0)


class NeighbourDials(GridDials):
    """`places`: how many places there are, in one `straight` line or on a way with turns.

    `questions`: how many questions a map has. `converse`: the share in [0, 1] of questions that turn their fact round.
    """

    places: int = Field(3, ge=2, le=len(_PLACES) + len(_SPARE_PLACES))
    straight: bool = True
    questions: int = Field(1, ge=1, le=20)
    converse: float = Field(0.5, ge=0, le=1)


def make_neighbours(dials: NeighbourDials, rng: Random) -> BuiltStory:
    """Family 4: a row of places. As published, the answer is the place that a fact names first."""
    story = StoryBuilder(blank="")
    names = draw_words(rng, _PLACES, _SPARE_PLACES, dials.places)
    layout = (straight if dials.straight else winding)(rng, dials.places - 1)
    facts = mentions(rng, layout.links, _OUTER_FIRST_NEIGHBOURS, dials.repeats)
    rng.shuffle(facts)
    lines = say_all(story, layout, names, facts, _DIRECTIONS)
    for _ in range(dials.questions):
        one, other = rng.choice(facts)
        right, up = layout.step(one, other)
        if rng.random() < dials.converse:
            question = f"What is the {names[other]} {COMPASS[-right, -up]} of?"
        else:
            question = f"What is {COMPASS[right, up]} of the {names[other]}?"
        story.ask(question, names[one], [(line,) for line in lines[one, other]])
    return story.finish()


class PositionDials(GridDials):
    """`shapes`: how many shapes there are. `chain`: how many facts connect the two shapes of a question.

    Shapes beyond the chain distract. `loops`: the share in [0, 1] of neighbours without a fact that get a fact, too,
    which makes further ways. `questions`: how many questions a picture has.
    """

    shapes: int = Field(3, ge=2, le=len(_SHAPES) + len(_SPARE_SHAPES))
    chain: int = Field(2, ge=1, le=6)
    loops: float = Field(0.0, ge=0, le=1)
    questions: int = Field(8, ge=1, le=50)

    @model_validator(mode="after")
    def _fits(self) -> "PositionDials":
        if self.chain >= self.shapes:
            raise UserError(
                f"chain={self.chain} facts cannot connect shapes={self.shapes}", expected="fewer facts than shapes"
            )
        return self


def make_positions(dials: PositionDials, rng: Random) -> BuiltStory:
    """Family 17: shapes on a grid. Each question is about two shapes that `chain` facts connect."""
    story = StoryBuilder(blank="")
    names = draw_words(rng, _SHAPES, _SPARE_SHAPES, dials.shapes)
    layout = spread(rng, dials.chain, dials.shapes)
    if dials.loops:
        layout.links.extend([link for link in unlinked_neighbours(layout) if rng.random() < dials.loops])
    facts = mentions(rng, layout.links, _OUTER_FIRST_SHAPES, dials.repeats)
    rng.shuffle(facts)
    lines = say_all(story, layout, names, facts, _SIDES)
    near = neighbours(layout.links)
    apart = [(one, other) for one in near for other, (far, _) in distances(one, near).items() if far == dials.chain]
    supports: dict[Link, list[tuple[int, ...]]] = {}
    for _ in range(dials.questions):
        one, other = rng.choice(apart)
        side, answer = _side(rng, layout, one, other)
        if (one, other) not in supports:
            supports[one, other] = _supports_of_position(one, other, near, lines)
        story.ask(f"Is the {names[one]} {side} the {names[other]}?", answer, supports[one, other])
    return story.finish()


def _side(rng: Random, layout: Layout, one: int, other: int) -> tuple[str, str]:
    """A side to ask about, and the answer: yes and no are equally likely."""
    right, up = layout.step(one, other)
    holds = rng.random() < 0.5
    sides = [side for (along, upward), side in _SIDES.items() if (right * along + up * upward > 0) == holds]
    return rng.choice(sides), "yes" if holds else "no"


def _supports_of_position(
    one: int, other: int, near: Mapping[int, Sequence[int]], lines: LinesOfLinks
) -> list[tuple[int, ...]]:
    """All ways from one shape to the other: the shortest first, and among equally short ones the first in the story."""
    ways = _ways([one], other, near)
    return sorted((support for way in ways for support in supports_of_way(way, lines)), key=lambda s: (len(s), s))


def _ways(way: list[int], goal: int, near: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
    """All ways that begin with this one, end at the goal and meet no shape twice."""
    if way[-1] == goal:
        yield way
        return
    for thing in near[way[-1]]:
        if thing not in way:
            yield from _ways([*way, thing], goal, near)


class PathDials(GridDials):
    """`places`: how many places there are. `path`: how many steps lead from the start of a question to its goal.

    Places beyond the path distract. `loops`: the share in [0, 1] of neighbours without a fact that get a fact, too,
    unless this makes a second shortest way.
    """

    places: int = Field(6, ge=2, le=len(_PLACES) + len(_SPARE_PLACES))
    path: int = Field(2, ge=1, le=8)
    loops: float = Field(0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _fits(self) -> "PathDials":
        if self.path >= self.places:
            raise UserError(
                f"path={self.path} steps do not fit on a map of places={self.places}",
                expected="fewer steps than places",
            )
        return self


def make_paths(dials: PathDials, rng: Random) -> BuiltStory:
    """Family 19: a map. Only one shortest way leads from the start to the goal, and it has `path` steps."""
    story = StoryBuilder(blank="")
    names = draw_words(rng, _PLACES, _SPARE_PLACES, dials.places)
    layout = spread(rng, dials.path, dials.places)
    if dials.loops:
        _link_more(rng, layout, dials.loops)
    on_way = mentions(rng, layout.links[: dials.path], _OUTER_FIRST_ON_WAY, dials.repeats)
    beside = mentions(rng, layout.links[dials.path :], _OUTER_FIRST_BESIDE, dials.repeats)
    lines = say_all(story, layout, names, _ordered(rng, on_way, beside), _DIRECTIONS)
    way = range(dials.path + 1)
    letters = [COMPASS[layout.step(at + 1, at)][0] for at in way[:-1]]
    question = f"How do you go from the {names[0]} to the {names[dials.path]}?"
    story.ask(question, ",".join(letters), supports_of_way(way, lines))
    return story.finish()


def _link_more(rng: Random, layout: Layout, chance: float) -> None:
    """Link neighbours, except those whose link would make a second shortest way."""
    for link in list(unlinked_neighbours(layout)):
        if rng.random() < chance:
            near = neighbours([*layout.links, link])
            if distances(0, near)[layout.length] == (layout.length, 1):
                layout.links.append(link)


def _ordered(rng: Random, on_way: Sequence[Link], beside: Sequence[Link]) -> list[Link]:
    """All facts in random order; as published, facts of the way tend to come late."""
    n = len(on_way) + len(beside)
    weights = ([1.0] * n + list(_LATE))[-n:]
    # The largest of u ** (1 / weight) are a weighted sample without replacement (Efraimidis and Spirakis 2006).
    drawn = sorted(range(n), key=[rng.random() ** (1 / weight) for weight in weights].__getitem__)
    facts = [*rng.sample(beside, len(beside)), *rng.sample(on_way, len(on_way))]
    return [fact for _, fact in sorted(zip(drawn, facts, strict=True))]
