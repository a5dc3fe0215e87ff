"""Rules about how things lie to each other, and which is larger: families 4, 17, 18 and 19 (arXiv 1502.05698)."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from tracekd.problem import Answer
from tracekd.tasks.babi.answers import one_of, only
from tracekd.tasks.solution import Solution

# Steps to the right (to the east, or larger) and up (to the north).
Step = tuple[int, int]
Meaning = TypeVar("Meaning")

_COMPASS: dict[str, Step] = {"north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0)}
_LETTERS = {step: name[0] for name, step in _COMPASS.items()}
_SIDES: dict[str, Step] = {"to the left of": (-1, 0), "to the right of": (1, 0), "above": (0, 1), "below": (0, -1)}

# A phrase between two things tells the step from the second thing to the first.
COMPASS_PHRASES = {f" is {name} of the ": step for name, step in _COMPASS.items()}
SIDE_PHRASES = {f" is {side} the ": step for side, step in _SIDES.items()}
SIZE_PHRASES: dict[str, Step] = {" is bigger than the ": (1, 0), " fits inside the ": (-1, 0)}
_ASKED_SHAPES = {f" {side} the ": step for side, step in _SIDES.items()}


class Link(NamedTuple):
    """The fact at this place in the story says that `to` lies one `step` away."""

    fact: int
    to: str
    step: Step


Links = Mapping[str, Sequence[Link]]


def what_is(question: str, facts: Sequence[str]) -> Solution | None:
    """Family 4: which place lies on one side of another. None if facts contradict each other."""
    asked = _asked_neighbour(question)
    if asked is None:
        return None
    place, step = asked
    found = [link for link in read_links(facts, COMPASS_PHRASES).get(place, ()) if link.step == step]
    answer = only(link.to for link in found)
    return None if answer is None else one_of(answer, (found[0].fact,))


def _asked_neighbour(question: str) -> tuple[str, Step] | None:
    """The place that the question names, and the step from it to the place that the question asks for."""
    for name, step in _COMPASS.items():
        if place := _inside(question, f"what is {name} of the ", "?"):
            return place, step
        if place := _inside(question, "what is the ", f" {name} of?"):
            return place, _back(step)
    return None


def lies_so(question: str, facts: Sequence[str]) -> Solution | None:
    """Family 17: whether one shape lies on one side of another, on a grid: a step to the side keeps the height."""
    asked = _split(_inside(question, "is the ", "?"), _ASKED_SHAPES)
    if asked is None:
        return None
    one, other, (right, up) = asked
    way = shortest_way(one, other, read_links(facts, SIDE_PHRASES))
    if way is None:
        return None
    # The way leads from the first shape to the second; reversed, it tells where the first one lies.
    lies_right, lies_up = (-sum(link.step[axis] for link in way) for axis in (0, 1))
    so = lies_right * right + lies_up * up > 0
    return one_of("yes" if so else "no", (link.fact for link in way))


def is_larger(question: str, facts: Sequence[str]) -> Solution | None:
    """Family 18: whether one thing is bigger than another, or fits in it, by a chain of facts.

    The chain is cited from the thing that the question takes for the larger one. None if facts contradict each other.
    """
    asked = _asked_sizes(question)
    if asked is None:
        return None
    larger, smaller = asked
    links = read_links(facts, SIZE_PHRASES)
    so, not_so = chain_down(larger, smaller, links), chain_down(smaller, larger, links)
    if (so is None) == (not_so is None):
        return None
    return one_of("yes", so) if so else one_of("no", reversed(not_so or ()))


def _asked_sizes(question: str) -> tuple[str, str] | None:
    """The thing that the question takes for the larger one, and the other thing."""
    if asked := _split(_inside(question, "is the ", "?"), {" bigger than the ": None}):
        return asked[0], asked[1]
    if asked := _split(_inside(question, "does the ", "?"), {" fit in the ": None}):
        return asked[1], asked[0]
    return None


def chain_down(start: str, goal: str, links: Links) -> list[int] | None:
    """The facts of the shortest chain on which each thing is smaller than the one before.

    A single fact is used only if there is no longer chain: the published files cite two facts even then.
    """
    down = {thing: [link for link in those if link.step[0] < 0] for thing, those in links.items()}
    indirect = down | {start: [link for link in down.get(start, ()) if link.to != goal]}
    chain = shortest_way(start, goal, indirect) or shortest_way(start, goal, down)
    return [link.fact for link in chain] if chain else None


def way(question: str, facts: Sequence[str]) -> Solution | None:
    """Family 19: the shortest way from one place to another, as the first letters of the directions."""
    start, between, goal = (_inside(question, "how do you go from the ", "?") or "").partition(" to the ")
    found = shortest_way(start, goal, read_links(facts, COMPASS_PHRASES)) if between else None
    if not found:
        return None
    letters = tuple(_LETTERS[link.step] for link in found)
    return Solution(Answer(kind="path", values=letters), tuple(link.fact for link in found))


def read_links(facts: Iterable[str], phrases: Mapping[str, Step]) -> Links:
    """The links of each thing. A fact gives a link in both directions."""
    links = defaultdict[str, list[Link]](list)
    for at, fact in enumerate(facts):
        if said := _split(_inside(f"{fact.removesuffix('.')}.", "the ", "."), phrases):
            one, other, step = said
            links[other].append(Link(at, one, step))
            links[one].append(Link(at, other, _back(step)))
    return links


def shortest_way(start: str, goal: str, links: Links) -> list[Link] | None:
    """The links from the start to the goal; of several shortest ways, the one whose facts come first."""
    came: dict[str, tuple[str, Link]] = {}
    waiting = deque([start])
    while waiting and goal not in came:
        here = waiting.popleft()
        for link in links.get(here, ()):
            if link.to not in came and link.to != start:
                came[link.to] = here, link
                waiting.append(link.to)
    return list(_walked(start, goal, came))[::-1] if goal in came else None


def _walked(start: str, goal: str, came: Mapping[str, tuple[str, Link]]) -> Iterator[Link]:
    here = goal
    while here != start:
        here, link = came[here]
        yield link


def _back(step: Step) -> Step:
    return -step[0], -step[1]


def _inside(text: str, before: str, after: str) -> str | None:
    """The text between `before` and `after`, None if there is none. A blank before a question mark does not count."""
    text = text.replace(" ?", "?")
    if not (text.startswith(before) and text.endswith(after)):
        return None
    return text[len(before) : len(text) - len(after)] or None


def _split(text: str | None, phrases: Mapping[str, Meaning]) -> tuple[str, str, Meaning] | None:
    """The two things around the first phrase that the text contains, and the meaning of the phrase."""
    for phrase, meaning in phrases.items():
        one, between, other = (text or "").partition(phrase)
        if between and one and other:
            return one, other, meaning
    return None
