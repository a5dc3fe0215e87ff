"""Judges short traces in one line."""

import gc
import time
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from tracekd.problem import Fact
from tracekd.statements import Statement, get_grammar
from tracekd.statements.judging import judge_trace

Judged = Callable[[str], tuple[Statement, ...]]
LETTERS = {"quoted": "q", "restated": "r", "derived": "d", "contradicted": "c", "unsupported": "u", "no_claim": "n"}
UNREAD = {"unsupported": "x", "no_claim": "-"}


def facts_of(texts: Sequence[str]) -> tuple[Fact, ...]:
    return tuple([Fact(id=str(number), text=text) for number, text in enumerate(texts, start=1)])


def _judging(task: str, question: str, texts: Sequence[str]) -> Judged:
    grounder = get_grammar(task).prepare(question, facts_of(texts))
    return lambda text: judge_trace(text, grounder)


def _seconds(call: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    call()
    return time.process_time() - begun


@pytest.fixture
def seconds():
    """The processor time of a call: the best of three, because a shared machine may be slow for a while."""
    return lambda call: min(_seconds(call) for _ in range(3))


@pytest.fixture
def slower():
    """How many times as long a call takes with the second size as with the first one. The first takes at least `at_least`.

    Where that is more than `most`, it is measured again, up to three times: a shared machine may be slow for a while.
    """

    def measured(call: Callable[[int], object], sizes: tuple[int, int], most: float, at_least: float = 0.02) -> float:
        for _ in range(3):
            short, long = (_seconds(partial(call, size)) for size in sizes)
            if (ratio := long / max(short, at_least)) < most:
                break
        return ratio

    return measured


@pytest.fixture
def judging():
    """Prepares a question over some facts; the result judges traces."""
    return _judging


ROOMS = (
    "Mary moved to the garden.", "John went to the office.", "Mary took the milk there.", "Mary went to the kitchen.",
    "John travelled to the hallway.", "Mary gave the milk to John.", "John dropped the milk.",
    "Sandra journeyed to the bedroom.", "Sandra picked up the apple.", "John went to the garden.",
)  # fmt: skip
EVENTS = (
    "Ada Brook works for Fernhill Observatory from 1991 to 1999.",
    "Ada Brook works for Harbour Clock Company from March, 1996 to May 2, 2004.",
    "Ada Brook works for Tidewater College in 1984.",
    "Ada Brook holds the position of warden of the lighthouse from 1992 to 1998.",
    "Ada Brook works for Mill Lane Bakery from 2006 to 2011.",
)
EVENT_QUESTION = (
    "While Ada Brook was working for Fernhill Observatory, which employer did Ada Brook work for simultaneously?"
)


@pytest.fixture
def rooms() -> Judged:
    return _judging("babi", "Where is the milk?", ROOMS)


@pytest.fixture
def events() -> Judged:
    return _judging("cotempqa", EVENT_QUESTION, EVENTS)


@pytest.fixture
def short():
    """The groundings by their first letters; an unread claim is `x`, an unread statement without names `-`."""
    return lambda statements: "".join((LETTERS if one.is_read else UNREAD)[one.grounding] for one in statements)
