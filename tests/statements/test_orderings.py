"""Ordering puzzles: the sets of orders against brute force, and how statements and lists are read and judged."""

import random
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracekd.statements.orderings.orders import MOST_THINGS, deciding, orders_of

BIRDS = ("owl", "crow", "wren", "hawk", "robin")
CLUES = (
    "On a branch, there are five birds: an owl, a crow, a wren, a hawk, and a robin.",
    "The crow is the second from the left.",
    "The owl is to the right of the hawk.",
    "The wren is the rightmost.",
    "The robin is to the left of the crow.",
)  # robin, crow, hawk, owl, wren
QUESTION = (
    "Which of the following is correct?\nOptions:\n(A) The owl is the third from the left.\n"
    "(B) The hawk is the third from the left."
)
RACE = (
    "In a race, there were four runners: Ada, Bea, Cy, and Dan.",
    "Ada finished above Bea.",
    "Cy finished last.",
)


@pytest.fixture
def birds(judging):
    return judging("orderings", QUESTION, CLUES)


@pytest.fixture
def race(judging):
    return judging("orderings", "Who won?", RACE)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_sets_of_orders_are_those_of_brute_force(size):
    orders = orders_of(size)
    every = list(permutations(range(size)))
    assert orders.every.bit_count() == len(every)
    for thing in range(size):
        for place in range(-1, size + 2):
            count = sum(0 <= place < size and order[place] == thing for order in every)
            assert orders.at(thing, place).bit_count() == count
        for other in range(size):
            count = sum(order.index(thing) < order.index(other) for order in every)
            assert orders.before(thing, other).bit_count() == count
            places = range(size)
            both = [orders.at(thing, a) & orders.at(other, b) for a in places for b in places if a < b]
            assert orders.before(thing, other) == reduce(int.__or__, both, 0)


def test_seven_things_are_the_most():
    assert orders_of(MOST_THINGS).every.bit_count() == 5040
    with pytest.raises(ValueError, match="1 to 7 things"):
        orders_of(MOST_THINGS + 1)


def test_the_deciding_clues_are_enough_and_none_can_be_left_out():
    orders = orders_of(5)
    clues = [orders.at(1, 1), orders.before(3, 0), orders.at(2, 4), orders.before(4, 1)]
    numbers = deciding(orders.every, clues, orders.not_(orders.at(4, 0)))
    assert numbers == (0, 3)


SAID = [
    ("q", "The crow is the second from the left."),
    ("r", "The hawk is to the left of the owl."),
    ("r", "The crow is the fourth from the right."),
    ("d", "The robin is the leftmost."),
    ("d", "So the robin must be the leftmost."),
    ("d", "We previously concluded that the robin is the leftmost."),
    ("d", "By process of elimination, the owl must be the second from the right."),
    ("d", "The third bird from the left is the hawk."),
    ("d", "The only bird that can be third from the left is the hawk."),
    ("d", "The hawk cannot be the rightmost."),
    ("d", "The wren is to the right of the owl."),
    ("d", "The robin is the leftmost and the hawk is the third from the left."),
    ("dd", "The robin is the leftmost, so it is the fifth from the right."),
    ("c", "The robin is the rightmost."),
    ("c", "The hawk is not the third from the left."),
    ("c", "The leftmost bird is the owl."),
    ("c", "The owl is to the left of the crow."),
    ("c", "The robin is the leftmost and the hawk is the second from the left."),
    ("c", "The wren is the sixth from the left."),
    ("d", "So the answer is (B)"),
    ("c", "So the answer is (A)"),
    ("n", "I need to find the positions of all five birds."),
    ("nn", "If the owl is the leftmost, then the crow is the rightmost."),
    ("x", "The owl hoots at the crow."),
]


@pytest.mark.parametrize(("kinds", "text"), SAID)
def test_statements(kinds, text, birds, short):
    assert short(birds(text)) == kinds


def test_what_only_some_orders_allow_is_unsupported(race, short):
    assert short(race("Ada finished first.")) == "u"
    assert short(race("Ada finished first or second. Bea finished third or higher.")) == "dd"
    assert short(race("Dan finished above Cy. Cy finished second-to-last.")) == "dc"


def test_a_list_is_held_against_the_clues_stated_before_it(birds, short):
    first = "The crow is the second from the left. So from left to right: "
    assert (
        short(birds(first + "first can be any bird, then second is the crow, then third to fifth can be any bird."))
        == "qndn"
    )
    # True by all clues, but not by the one stated so far.
    assert short(birds(first + "first is the robin, then second is the crow.")) == "qud"
    # With all clues stated, it follows.
    stated = " ".join(CLUES[1:])
    assert short(birds(f"{stated} So from left to right: first is the robin.")) == "qqqqd"
    # No clue stated: all count.
    assert short(birds("From left to right: first is the robin, then second is the crow.")) == "dd"
    # Alternatives: one of them cannot be there; both can; a third can as well.
    assert short(birds(first + "second can be the crow or the owl.")) == "qc"
    assert short(birds(f"{stated} So from left to right: third can be the hawk or the owl.")) == "qqqqc"
    # A stated clue is lost, or a place does not exist.
    assert short(birds(first + "first, second, and third can be any bird.")) == "qc"
    assert short(birds(first + "sixth is the wren.")) == "qc"
    assert short(birds(first + "second to fourth are the crow.")) == "qc"


def test_plain_ordinals_count_from_where_the_list_begins(birds, short):
    assert short(birds("From right to left: first is the wren, then fifth is the robin.")) == "dd"
    assert short(birds("The owl is fourth.")) == "x"


def test_verdicts_say_which_clues_decide(birds):
    (one,) = birds("The robin is the leftmost.")
    assert one.facts == ("2", "5")
    (one,) = birds("The owl is the leftmost.")
    assert one.grounding == "contradicted"
    assert one.facts


WAYS = (
    "The {0} is the {1} from the left.",
    "So the {0} must be the {1} from the left.",
    "The {1} bird from the left is the {0}.",
)
ORDINALS = ("first", "second", "third", "fourth", "fifth")


def test_a_wrong_list_names_the_stated_clues_that_decide(birds):
    found = birds(f"{CLUES[1]} {CLUES[4]} From left to right: second can be the crow or the owl.")
    assert (found[-1].grounding, found[-1].facts) == ("contradicted", ("2",))
    found = birds(f"{CLUES[1]} {CLUES[4]} From left to right: first can be any bird.")
    assert (found[-1].grounding, found[-1].facts) == ("contradicted", ("2", "5"))


@given(seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_verdicts_are_those_of_brute_force(seed, judging):
    rng = random.Random(seed)
    order = rng.sample(range(5), 5)
    clues = [CLUES[0]]
    tests = []
    for _ in range(rng.randint(1, 5)):
        one, other = rng.sample(range(5), 2)
        if rng.random() < 0.4:
            clues.append(f"The {BIRDS[one]} is the {ORDINALS[order.index(one)]} from the left.")
            tests.append(lambda by, one=one: by.index(one) == order.index(one))
        else:
            first, second = sorted((one, other), key=order.index)
            clues.append(f"The {BIRDS[first]} is to the left of the {BIRDS[second]}.")
            tests.append(lambda by, a=first, b=second: by.index(a) < by.index(b))
    allowed = [by for by in permutations(range(5)) if all(test(by) for test in tests)]
    judge = judging("orderings", "Where is the owl?", clues)
    for bird in range(5):
        place = rng.randrange(5)
        shares = {by[place] == bird for by in allowed}
        (found,) = judge(rng.choice(WAYS).format(BIRDS[bird], ORDINALS[place]))
        wanted = {True: ("quoted", "restated", "derived"), False: ("contradicted",)}
        assert found.grounding in (wanted[shares.pop()] if len(shares) == 1 else ("unsupported",))


WORDS = "the owl crow first second is can be any or and , . not from left to right ( A ) \n".split(" ")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text(max_size=80)


@given(text=TEXTS)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_judged(text, judging):
    for one in judging("orderings", QUESTION, CLUES)(text):
        assert text[one.start : one.end] == one.text


NO_PUZZLES = (
    [], ["No list here."], ["Things: a, b, c, d, e, f, g, h, i, j."], ["Two birds: an owl and an owl."],
    [CLUES[0], "The owl is the leftmost.", "The owl is the rightmost."],
)  # fmt: skip


@pytest.mark.parametrize("facts", NO_PUZZLES)
def test_what_is_no_puzzle_is_never_called_false(facts, judging):
    for one in judging("orderings", "?", facts)("The owl is the leftmost. So from left to right: first is the crow."):
        assert one.grounding in ("unsupported", "no_claim")


@pytest.mark.parametrize(
    "part", ["The owl is the leftmost. ", "first is the owl, then ", "the owl, the crow and ", "(A) ", "owl "]
)
def test_repetition_takes_linear_time(part, birds, slower):
    judge = lambda size: birds(part * (size // len(part)))  # noqa: E731
    assert slower(judge, (20_000, 80_000), most=12, at_least=1 / 12) < 12
