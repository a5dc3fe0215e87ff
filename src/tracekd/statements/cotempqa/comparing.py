"""Judges how a statement compares two times, such as `X overlaps with Y` or `1984 is before 1991`."""

from collections.abc import Sequence

from tracekd.statements.cotempqa.memory import Memory
from tracekd.statements.cotempqa.relations import LABELS, WORDS, Truth, holds
from tracekd.statements.cotempqa.shapes import Shape, Side
from tracekd.statements.cotempqa.timing import interval, of_numbers
from tracekd.statements.statement import Grounds
from tracekd.tasks.cotempqa.intervals import Date, Interval

# What is compared: one of these times, each with the place of its fact (-1: a time without a fact).
_Times = Sequence[tuple[Interval, int]]


def ground_comparison(memory: Memory, shape: Shape, names: tuple[str, ...], dates: Sequence[Date]) -> Grounds | None:
    """How a comparison stands to the context; None if it is not clear what is compared."""
    if not shape.also:
        sides = _sides(memory, shape, names, dates)
        return None if sides is None else _decide(memory, shape, *sides)
    # What pronouns mean must be known for all relations of the statement before the first one is remembered.
    compared = [(one, _sides(memory, one, names, dates)) for one in (shape, *shape.also)]
    grounds: Grounds | None = None
    for one, sides in compared:
        if sides is None:
            return None
        found = _decide(memory, one, *sides)
        if not found.holds:
            return found
        grounds = grounds or found
    return grounds


def _sides(
    memory: Memory, shape: Shape, names: tuple[str, ...], dates: Sequence[Date]
) -> tuple[list[_Times], list[_Times]] | None:
    """What a relation compares; None if it is not clear."""
    left = _meant(memory, shape.left, names, dates, shape.plural)
    right = _meant(memory, shape.right, names, dates, False)
    if (shape.left.names and not left) or (shape.right.names and not right):
        return None  # it names something else
    if not left and len(right) > 1 and _compares_right(shape):
        left, right = right[:1], right[1:]
    right = right or _other_side(memory, left, shape)
    left = left or _left_out(memory, right, shape)
    if not right or not left:
        left, right = left[:1], left[1:]
    if not left or not right or is_one_fact(memory, shape, names):
        return None
    return left, right


def is_one_fact(memory: Memory, shape: Shape, names: tuple[str, ...]) -> bool:
    """Whether the two names that a statement seems to compare are those of one fact: `NAME lay within NAME`."""
    left, right = shape.left.names, shape.right.names
    if len(left) != 1 or len(right) != 1:
        return False
    groups, is_of_objects = memory.known.facts_of((names[left[0]], names[right[0]]))
    return not is_of_objects and len(groups) == 1 and bool(groups[0])


def _compares_right(shape: Shape) -> bool:
    """Whether all that is compared stands on the right: `between X and Y`; `At the same time, he held both X and Y`."""
    stands_first = shape.relation == "L" and shape.plural and shape.right.rest.startswith("&")
    is_noun = shape.relation == "V" and not (
        shape.left.names or shape.left.pronoun or shape.left.when
    )  # `an overlap of ..`
    return "j" in shape.right.rest or stands_first or is_noun


def _meant(memory: Memory, side: Side, names: tuple[str, ...], dates: Sequence[Date], plural: bool) -> list[_Times]:
    if side.names:
        groups = memory.facts_meant(of_numbers(names, side.names), side.pronoun)
        if [] in groups and len(side.parts) > 1:
            # `X at A and Y at B` names two events.
            groups = [group for part in side.parts for group in memory.facts_meant(of_numbers(names, part), "")]
        return [] if [] in groups else [_at(memory, group, side.part) for group in groups]
    if side.when is not None:
        time = interval(side.when, dates), -1
        return [[_edge(time, side.part) if side.part else time]]
    if side.pronoun and memory.recent:
        # `They overlap` is said of the event of the question and of another one.
        others = [place for place in memory.recent if place != memory.known.anchor] if plural else []
        return [_at(memory, [others[-1] if others else memory.recent[-1]], side.part)]
    return []


def _other_side(memory: Memory, left: Sequence[_Times], shape: Shape) -> list[_Times]:
    """What a statement compares one time with if it does not say so: the event of the question.

    If this event itself is named, it is the one that was spoken of last: `So NAME had ended by then`.
    """
    anchor = memory.known.anchor
    if len(left) > 1 or anchor is None:
        return []
    used = [place for one in left for _, place in one]
    if anchor in used:
        last = memory.recent[-1:]
        return [_at(memory, last, shape.right.part)] if last and last[0] not in used else []
    return [_at(memory, [anchor], shape.right.part)]


def _left_out(memory: Memory, right: Sequence[_Times], shape: Shape) -> list[_Times]:
    """What a statement without a subject speaks of: the event that was spoken of last."""
    used = [place for one in right for _, place in one]
    recent = memory.recent if shape.plural else memory.recent[-1:]
    last = next((place for place in reversed(recent) if place not in used), None)
    if last is None and not memory.recent and shape.relation == "L" and not shape.left.rest:
        # `At the same time, he held ..`: as the event of the question
        last = None if memory.known.anchor in used else memory.known.anchor
    return [] if last is None else [_at(memory, [last], shape.left.part)]


def _at(memory: Memory, places: Sequence[int], part: str) -> _Times:
    """The times of these facts, or only this part of each."""
    known = memory.known.times
    return [_edge(known[place], part) for place in places] if part else [known[place] for place in places]


def _edge(time: tuple[Interval, int], part: str) -> tuple[Interval, int]:
    """The beginning or the end of a time, as a point."""
    when, place = time
    date = when.start if part == "start" else when.end
    return Interval(date, date), place


def _decide(memory: Memory, shape: Shape, left: Sequence[_Times], right: Sequence[_Times]) -> Grounds:
    truths: list[Truth] = []
    places: list[int] = []
    for one in left:
        for other in right:
            truth, used = _best(shape, one, other)
            truths.append(truth)
            places += [place for place in used if place >= 0 and place not in places]
    memory.remember(places)
    ids = memory.known.ids(places)
    slot = ("relation", frozenset(places) or (tuple(left[0]), tuple(right[0])))
    label = LABELS.get(shape.relation) if not shape.negated and memory.known.anchor in places else None
    if False in truths:
        return Grounds("contradicted", ids, _why_false(shape), slot=slot, label=label)
    if None in truths:
        reason = "the two times have a part in common, but are not the same"
        return Grounds("unsupported", ids, reason, False, slot, label)
    return Grounds("derived", ids, "it follows from the dates", slot=slot, label=label)


def _why_false(shape: Shape) -> str:
    relation = f"the first one {WORDS[shape.relation]} the second one"
    return f"the dates say otherwise: {relation}" if shape.negated else f"by the dates, it is not true that {relation}"


def _best(shape: Shape, one: _Times, other: _Times) -> tuple[Truth, tuple[int, ...]]:
    """The truth by the reading in favour of the statement, and the facts of this reading."""
    found: tuple[Truth, tuple[int, ...]] = (False, ())
    if shape.relation in "EI" and (shape.left.part == "") != (shape.right.part == ""):
        return None, ()
    for first, place in one:
        for second, at in other:
            if place >= 0 and place == at:
                continue
            truth = holds(shape.relation, first, second, shape.negated)
            if truth is False and _may_mean_edge(shape, first, second):
                truth = None
            if truth:
                return truth, (place, at)
            if not found[1] or (truth is None and found[0] is False):
                found = (truth, (place, at))
    return found if found[1] else (None, ())


def _may_mean_edge(shape: Shape, first: Interval, second: Interval) -> bool:
    """Whether `NAME ended before NAME` is true of the other one's end, and `NAME began after NAME` of its beginning."""
    if shape.negated or shape.right.part:
        return False
    if shape.relation == "B" and shape.left.part == "end":
        return first.end < second.end
    return shape.relation == "A" and shape.left.part == "start" and second.start < first.start
