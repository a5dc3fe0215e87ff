"""Made free traces: the same seed gives the same trace, and what is planted is where it is said to be."""

import sys
from itertools import islice
from pathlib import Path

import pytest

from tracekd.worlds.free_traces import ERRORS, make_trace
from tracekd.worlds.free_traces.developed import DEVELOPED, DEVELOPED_STORIES
from tracekd.worlds.free_traces.held_out import HELD_OUT, HELD_OUT_STORIES

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks/validation"))
import free_traces as benchmark


@pytest.mark.parametrize("task", ["babi", "cotempqa"])
def test_traces_are_a_function_of_the_seed(task):
    wording = benchmark.WORDINGS["developed"][task]
    for problem in islice(benchmark.problems(task, 3), 40):
        trace = make_trace(problem, wording, 1, "wrong time")
        assert trace == make_trace(problem, wording, 1, "wrong time")
        for claim in trace.planted:
            assert trace.text[claim.start : claim.end].strip()
        assert [claim.start for claim in trace.planted] == sorted(claim.start for claim in trace.planted)
        assert make_trace(problem, wording, 1).first_error is None


def test_the_two_sets_of_wordings_say_the_same_things_in_other_words():
    for one, other in ((DEVELOPED, HELD_OUT), (DEVELOPED_STORIES, HELD_OUT_STORIES)):
        assert one.templates.keys() == other.templates.keys()
        same = {said for what in one.templates for said in one.templates[what] if said in other.templates[what]}
        assert same <= {"{fact}", "in {a}"}  # a fact word by word, and a year


@pytest.mark.parametrize("task", ["babi", "cotempqa"])
def test_every_kind_of_error_is_planted_and_found(task):
    tally = benchmark.measure(task, benchmark.WORDINGS["developed"][task], 400, 5)
    assert tally.rate("contradicted precision") == tally.rate("derived precision") == 1.0
    assert tally.rate("contradicted recall") >= 0.98
    assert tally.rate("derived recall") >= 0.98
    assert tally.rate("first error") >= 0.97
    assert tally.rate("gold-only false") == 1.0
    assert len(ERRORS[task]) >= 6


@pytest.mark.parametrize("task", ["babi", "cotempqa"])
def test_words_that_the_grammar_never_met_are_left_unread_and_not_called_false(task):
    tally = benchmark.measure(task, benchmark.WORDINGS["held out"][task], 200, 5)
    assert tally.rate("contradicted precision") >= 0.95
    assert tally.rate("gold-only false") >= 0.98
