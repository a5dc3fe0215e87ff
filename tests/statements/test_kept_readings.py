"""What is read stretch by stretch, or from the words before the first name, is what the whole statement says.

The readings of these parts are kept. That is right only as long as no pattern and no phrase reaches over a name.
"""

import random

import pytest

from tracekd.statements import get_grammar
from tracekd.statements.babi.room_vocabulary import VOCABULARY as ROOMS
from tracekd.statements.cotempqa.event_words import VOCABULARY as EVENTS
from tracekd.statements.forms import placed_forms
from tracekd.statements.introductions import answer_part, read_answer_part
from tracekd.statements.leads import strip_leads, without_leads
from tracekd.statements.talk import read_any_talk, read_talk
from tracekd.tasks import get_task
from tracekd.worlds.free_traces import make_trace
from tracekd.worlds.free_traces.developed import DEVELOPED, DEVELOPED_STORIES

WORDINGS = {"cotempqa": DEVELOPED, "babi": DEVELOPED_STORIES}
LEADS = (
    "so", "so the answer is", "which makes", "we know that", "wait, no,", "if", "what", "to find it,", "the text says:", "now",
    "i think that", "after", "the question asks", "as stated above,", "this gives us", "therefore,", "it is clear that both",
)  # fmt: skip
TAILS = (
    "is the answer",
    "answers the question",
    ", as stated",
    "(see the list)",
    "?",
    "might be right",
    "makes our answer",
    ":",
)


def bodies(task: str) -> list[str]:
    """Statements of made traces, and the same with other beginnings and ends."""
    problem = get_task(task).example()
    grounder = get_grammar(task).prepare(problem.question, problem.context)
    found: dict[str, None] = {}
    rng = random.Random(0)
    for seed in range(60):
        for one in placed_forms(grounder.mark(make_trace(problem, WORDINGS[task], seed).text)):
            assert one.form.talk is not None
            body = one.form.talk.body
            found |= dict.fromkeys((body, f"{rng.choice(LEADS)} {body}", f"{body} {rng.choice(TAILS)}"))
            found[f"{rng.choice(LEADS)} {rng.choice(LEADS)} {body} {rng.choice(TAILS)}"] = None
    return list(found)


@pytest.mark.parametrize("task", ["cotempqa", "babi"])
def test_parts_say_what_the_whole_says(task):
    some = bodies(task)
    assert len(some) > 700
    for body in some:
        assert answer_part(body) == read_answer_part(body)
        assert without_leads(body) == strip_leads(body)
        assert read_talk(body, False) == read_any_talk(body, False)
        for vocabulary in (EVENTS, ROOMS):
            assert vocabulary.read(body) == vocabulary.read_words(body)
