"""What the dials of families 4 and 15 to 20 do, and which of them contradict each other."""

import re
from collections import Counter
from random import Random

import pytest
from pydantic import ValidationError

from tracekd.tasks.babi.story import FactLine, QuestionLine
from tracekd.worlds.babi import REASONING
from tracekd.worlds.babi.story_builder import BuiltStory


def items(number: int, n: int = 120, **dials: object) -> list[BuiltStory]:
    family = REASONING[number]
    rng, setting = Random(f"{number} {dials}"), family.dials(**dials)
    return [family.make(setting, rng) for _ in range(n)]  # type: ignore[misc]


def facts(item: BuiltStory) -> list[str]:
    return [line.text for line in item.story if isinstance(line, FactLine)]


def questions(item: BuiltStory) -> list[QuestionLine]:
    return [line for line in item.story if isinstance(line, QuestionLine)]


def named(item: BuiltStory, pattern: str) -> set[str]:
    """All that a pattern's groups find in the facts."""
    return {word for fact in facts(item) for found in re.findall(pattern, fact) for word in found}


PLACES = r"The (\w+) is \w+ of the (\w+)\."
SHAPES = r"The ([a-z ]+) is (?:above|below|to the (?:left|right) of) the ([a-z ]+)\."
THINGS = r"The ([a-z ]+?) (?:is bigger than|fits inside) the ([a-z ]+)\."


@pytest.mark.parametrize(
    ("number", "dials", "problem"),
    [
        (16, {"conflicts": 0.5, "animals": 2}, "conflicts=0.5 .* animals=2"),
        (16, {"conflicts": 0.5, "colours": 1}, "conflicts=0.5 .* colours=1"),
        (17, {"chain": 3}, "chain=3 .* shapes=3"),
        (18, {"chain": 6, "facts": 10}, "chain=6 .* things=6"),
        (18, {"chain": 4, "facts": 3}, "chain=4 .* facts=3"),
        (19, {"path": 6}, "path=6 .* places=6"),
    ],
)
def test_a_contradiction_names_both_dials(number: int, dials: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        REASONING[number].dials(**dials)


@pytest.mark.parametrize("number", REASONING)
def test_no_dial_goes_beyond_its_bounds(number: int) -> None:
    dials = REASONING[number].dials
    for name, field in dials.model_fields.items():
        if field.annotation is not bool:
            for wrong in (-1, 1000):
                with pytest.raises(ValidationError, match=name):
                    dials(**{name: wrong})


@pytest.mark.parametrize(
    ("number", "dial", "value", "each"),
    [
        (4, "places", 8, lambda item: len(named(item, PLACES)) == 8 == len(facts(item)) + 1),
        (4, "questions", 5, lambda item: item.questions == 5),
        (4, "converse", 1.0, lambda item: questions(item)[0].text.endswith(" of?")),
        (4, "converse", 0.0, lambda item: not questions(item)[0].text.endswith(" of?")),
        (4, "repeats", 1.0, lambda item: len(facts(item)) == 4 and len(item.supports[0]) == 2),
        (15, "kinds", 8, lambda item: sum("afraid" in fact for fact in facts(item)) == 8),
        (15, "pets", 11, lambda item: sum(" is a " in fact for fact in facts(item)) == 11),
        (15, "questions", 9, lambda item: item.questions == 9),
        (16, "animals", 9, lambda item: len(facts(item)) == 17),
        (16, "conflicts", 1.0, lambda item: len(own_colours(item)) > 1),
        (16, "conflicts", 0.0, lambda item: len(own_colours(item)) == 1),
        (17, "shapes", 7, lambda item: len(named(item, SHAPES)) == 7),
        (17, "chain", 1, lambda item: all(len(support[0]) == 1 for support in item.supports)),
        (17, "questions", 3, lambda item: item.questions == 3),
        (17, "repeats", 1.0, lambda item: all(len(supports) == 4 for supports in item.supports)),
        (18, "chain", 3, lambda item: all(len(supports[0]) == 3 for supports in item.supports)),
        (18, "chain", 1, lambda item: all(len(supports[0]) == 1 for supports in item.supports)),
        (18, "facts", 12, lambda item: len(facts(item)) % 12 == 0),
        (18, "rounds", 1, lambda item: len(facts(item)) == 5),
        (18, "shortcuts", False, lambda item: all(len(s) > 1 for supports in item.supports for s in supports)),
        (18, "questions", 2, lambda item: item.questions == 2),
        (19, "places", 9, lambda item: len(named(item, PLACES)) == 9 == len(facts(item)) + 1),
        (19, "path", 5, lambda item: len(questions(item)[0].answer.split(",")) == 5 == len(item.supports[0][0])),
        (19, "repeats", 1.0, lambda item: len(facts(item)) == 10 and len(item.supports[0]) == 4),
        (20, "people", 9, lambda item: len(named(item, r"^(\w+)()")) == 10),
        (20, "motives", 1, lambda item: len(named(item, r"is (\w+)()\.")) == 2),
        (20, "scarce", False, lambda item: len(facts(item)) == 12),
    ],
)
def test_a_dial_does_what_it_says(number: int, dial: str, value: object, each: object) -> None:
    assert all(each(item) for item in items(number, **{dial: value}))  # type: ignore[operator]
    assert not all(each(item) for item in items(number))  # type: ignore[operator]


def own_colours(item: BuiltStory) -> set[str]:
    """The colours of the animals of the kind of the one asked for."""
    said = [re.fullmatch(r"(\w+) is (a )?(\w+)\.", fact).groups() for fact in facts(item)]  # type: ignore[union-attr]
    kind = {name: word for name, article, word in said if article}
    asked = questions(item)[0].text.removeprefix("What color is ").removesuffix("?")
    return {word for name, article, word in said if not article and kind[name] == kind[asked]}


def test_the_number_of_kinds_and_colours_bounds_those_that_come_up() -> None:
    few = [fact for item in items(16, kinds=2, colours=3) for fact in facts(item)]
    assert len({fact.split()[-1] for fact in few if " is a " in fact}) > 2  # each story draws its own
    for item in items(16, kinds=2, colours=3, animals=12):
        words = Counter(fact.split()[-1] for fact in facts(item) if " is a " in fact)
        assert len(words) <= 2
        assert len({fact.split()[-1] for fact in facts(item) if " is a " not in fact}) <= 3


def test_loops_add_facts_and_further_ways() -> None:
    plain, closed = items(17, shapes=9), items(17, shapes=9, loops=1.0)
    assert all(len(facts(item)) == 8 for item in plain)
    assert sum(len(facts(item)) for item in closed) > 8.5 * len(closed)
    assert any(len(supports) > 1 for item in closed for supports in item.supports)
    assert all(len(supports) == 1 for item in plain for supports in item.supports)
    maps = items(19, places=9, loops=1.0)
    assert any(len(facts(item)) > 8 for item in maps)


def test_a_straight_row_of_places_has_one_axis() -> None:
    def axes(item: BuiltStory) -> set[bool]:
        return {" is north " in fact or " is south " in fact for fact in facts(item)}

    assert all(len(axes(item)) == 1 for item in items(4, places=6))
    assert any(len(axes(item)) == 2 for item in items(4, places=6, straight=False))


def test_not_every_fact_need_be_asked_about() -> None:
    shares = [(item.questions, len(facts(item))) for item in items(20, asked=0.3)]
    assert 0.2 < sum(asked for asked, _ in shares) / sum(said for _, said in shares) < 0.45
    assert all(item.questions >= 1 for item in items(20, asked=0.001))


def test_no_way_is_shorter_than_the_one_asked_for_even_over_neighbours_that_are_not_said() -> None:
    steps = {"north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0)}
    for item in items(19, places=9, path=6):
        said = [re.fullmatch(r"The (\w+) is (\w+) of the (\w+)\.", fact).groups() for fact in facts(item)]  # type: ignore[union-attr]
        start, goal = re.findall(r"the (\w+)", questions(item)[0].text)
        spot = {start: (0, 0)}
        while len(spot) < 9:
            for one, name, other in said:
                right, up = steps[name]
                if other in spot:
                    spot[one] = spot[other][0] + right, spot[other][1] + up
                elif one in spot:
                    spot[other] = spot[one][0] - right, spot[one][1] - up
        assert len(set(spot.values())) == 9
        reached, away = {spot[start]}, 0
        while spot[goal] not in reached:
            beside = {(right + x, up + y) for right, up in reached for x, y in steps.values()}
            reached |= beside & set(spot.values())
            away += 1
        assert away == 6
