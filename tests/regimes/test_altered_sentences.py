"""Altered facts are sentences that a story could hold: a grammar of our own says what bAbI's stories are made of."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any

import pytest

from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes import Setting, Unsupported
from tracekd.regimes.implied_facts import implying
from tracekd.tasks import get_task
from tracekd.tasks.loading import load
from tracekd.tasks.normalize import normalize_fact

BABI = get_task("babi")
REAL = Path(__file__).parents[2].parent / "shared/data/babi/en"
PERSON = "(?:Mary|John|Sandra|Daniel|Bill|Fred|Julie|Jeff)"
ACTOR = "(?:Antoine|Jason|Sumit|Yann)"
PLACE = "(?:kitchen|garden|bathroom|bedroom|office|hallway|school|park|cinema)"
THING = "(?:milk|apple|football|pajamas)"
GOES = "(?:went|went back|moved|journeyed|travelled)"
TAKES = "(?:took|got|grabbed|picked up|dropped|left|discarded|put down)"
GIVES = "(?:gave|handed|passed)"
LATER = "(?:Then|Afterwards|After that|Following that),?"
SOME, ONE = "(?:mice|wolves|sheep|cats)", "(?:mouse|wolf|sheep|cat)"
ANIMAL = "(?:lion|rhino|frog|swan)"
NAME = "(?:Winona|Gertrude|Jessica|Emily|Lily|Greg|Brian|Julius|Bernhard)"
SHAPE = "(?:(?:red|blue|yellow|pink) )?(?:sphere|square|rectangle|triangle)"
BOX = "(?:box of chocolates|chocolate|chest|box|container|suitcase)"
TIME = "(?:yesterday|this morning|this afternoon|this evening)"
# Nobody gives a thing to himself, and no place is north of itself.
FORMS = (
    f"{PERSON} {GOES} to the {PLACE}", f"{PERSON} {TAKES} the {THING}(?: there)?",
    rf"({PERSON}) {GIVES} the {THING} to (?!\1){PERSON}", rf"The ({PLACE}) is (?:north|south|east|west) of the (?!\1){PLACE}",
    f"{PERSON} is (?:not |no longer )?in the {PLACE}", f"{PERSON} is either in the {PLACE} or the {PLACE}",
    f"{LATER} (?:he|she|they) {GOES} to the {PLACE}", rf"({PERSON}) and (?!\1){PERSON} {GOES} to the {PLACE}",
    f"(?:{PERSON} {GOES} to the {PLACE} {TIME}|(?i:{TIME}) {PERSON} {GOES} to the {PLACE})",
    rf"(?i:({SOME})) are afraid of (?i:(?!\1)){SOME}", f"{NAME} is an? (?:{ONE}|{ANIMAL})",
    f"{NAME} is (?:green|white|gray|yellow)",
    rf"The ({SHAPE}) is (?:above|below|to the left of|to the right of) the (?!\1\b){SHAPE}",
    rf"The ({BOX}) (?:fits inside|is bigger than) the (?!\1$){BOX}",
    f"{ACTOR} is (?:bored|hungry|thirsty|tired)", f"{ACTOR} {GOES} to the {PLACE}", f"{ACTOR} {TAKES} the {THING}(?: there)?",
)  # fmt: skip
SENTENCES = tuple(map(re.compile, FORMS))


def is_possible(sentence: str) -> bool:
    return any(form.fullmatch(sentence.removesuffix(".")) for form in SENTENCES)


def altered(problems: Iterable[Problem], seeds: int) -> Iterator[tuple[str, str]]:
    """Each quoted fact that is not in the story, with the class of its problem."""
    setting = Setting.of(BABI)
    for problem, seed in product(problems, range(seeds)):
        try:
            texts = implying(problem, setting, stream(seed, problem.id, "altered")).texts
        except Unsupported:
            continue
        known = {normalize_fact(fact.text) for fact in problem.context}
        yield from ((problem.label, text) for text in texts if normalize_fact(text) not in known)


def test_the_grammar_knows_every_sentence_of_the_world(sample: Callable[..., Any]) -> None:
    assert {f.text for p in sample("babi").problems for f in p.context if not is_possible(f.text)} == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "Mice are afraid of mouse.", "Wolves are afraid of wolves.", "Sheep are afraid of sheep.", "Winona is a mice.",
        "Lily is greg.", "Lily is frog.", "Who gave the milk to Mary.", "Mary gave the milk to Mary.", "Mary went to the milk.",
        "Mary got the apple to Daniel.", "Mary gave the apple.", "The kitchen is north of the kitchen.", "Mary is bored.",
        "The milk is north of the kitchen.", "Jason is kitchen.", "Mary moved back to the kitchen.",
        "Mary took the kitchen there.", "The chest fits inside the chest.", "The blue square is above the blue square.",
        "Mary is either in the milk or the park.",
    ],
)  # fmt: skip
def test_the_grammar_knows_what_no_story_holds(sentence: str) -> None:
    assert not is_possible(sentence)


def test_altered_facts_of_the_world_are_sentences_of_the_world(sample: Callable[..., Any]) -> None:
    found = set(altered(sample("babi").problems, seeds=3))
    assert len({label for label, _ in found}) > 15 and len(found) > 150
    assert {(label, text) for label, text in found if not is_possible(text)} == set()


@pytest.mark.skipif(not REAL.is_dir(), reason="the published files are not here")
def test_altered_facts_of_published_stories_are_sentences_too() -> None:
    problems = (found for found in load(BABI, [str(REAL)]) if isinstance(found, Problem))
    found = set(altered(islice(problems, 0, None, 37), seeds=1))
    assert len({label for label, _ in found}) > 15
    assert {(label, text) for label, text in found if not is_possible(text)} == set()
