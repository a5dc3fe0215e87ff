"""Examples and their token ids, with a tokenizer of one token a character."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracekd.problem import Answer, Fact, Problem
from tracekd.regimes import Target
from tracekd.sft.example import Example, build_example
from tracekd.sft.tokens import IGNORED, TokenizedExample, split_by_length, tokenize, total_tokens
from tracekd.tasks.babi.families import LABELS, TEMPLATE
from tracekd.tasks.template import render_answer
from tracekd.trace import Classify, Retrieve, Trace

END = 0


class Characters:
    """A tokenizer that adds something if it is let."""

    eos_token_id: int | None = END

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        return [1, *map(ord, text), 2] if add_special_tokens else [*map(ord, text)]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    texts = draw(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5))
    context = tuple(Fact(id=str(i), text=text) for i, text in enumerate(texts))
    gold = draw(st.lists(st.sampled_from([f.id for f in context]), max_size=3, unique=True))
    kind = draw(st.sampled_from(["one_of", "set", "path"]))
    values = draw(st.lists(st.text(min_size=1, max_size=8), min_size=0 if kind == "set" else 1, max_size=3))
    return Problem(
        id="p",
        task="babi",
        group="g",
        question=draw(st.text(min_size=1, max_size=30)),
        context=context,
        answer=Answer(kind=kind, values=tuple(values)),
        trace=Trace(steps=(Classify(label=draw(st.sampled_from(LABELS))), Retrieve(facts=tuple(gold)))),
        source="f:1",
    )


@given(problems())
def test_the_spans_point_at_the_trace_and_the_answer(problem: Problem) -> None:
    example = build_example(problem, problem.trace, TEMPLATE)
    thought = TEMPLATE.render_trace(problem, problem.trace)
    assert example.trace is not None
    assert example.completion[slice(*example.trace)] == thought
    assert example.completion[slice(*example.answer)] == render_answer(problem.answer)
    assert example.completion == f"<think>{thought}</think> <answer>{render_answer(problem.answer)}</answer>"
    assert example.prompt == TEMPLATE.render_prompt(problem)
    assert example.id == problem.id


@given(problems())
def test_a_trace_that_is_given_has_no_labels(problem: Problem) -> None:
    example = build_example(problem, Target(problem.trace, problem.answer, given=True), TEMPLATE)
    assert example.completion == build_example(problem, problem.trace, TEMPLATE).completion
    row = tokenize(example, Characters())
    assert list(row.ids) == [*map(ord, example.prompt + example.completion), END]
    learnt = [*map(ord, f" <answer>{render_answer(problem.answer)}</answer>"), END]
    assert list(row.labels) == [*[IGNORED] * (len(row.ids) - len(learnt)), *learnt]


@given(problems())
def test_without_a_trace_the_completion_is_the_answer(problem: Problem) -> None:
    example = build_example(problem, None, TEMPLATE)
    assert example.trace is None
    assert example.completion == render_answer(problem.answer)
    assert example.answer == (0, len(example.completion))
    assert example.prompt == build_example(problem, problem.trace, TEMPLATE).prompt


def test_an_example_to_the_byte() -> None:
    context = (Fact(id="1", text="Mary went to the king's garden."), Fact(id="2", text="John left."))
    problem = Problem(
        id="qa1/0/3",
        task="babi",
        group="qa1/0",
        question="Where is Mary?",
        context=context,
        answer=Answer(kind="one_of", values=("garden",)),
        trace=Trace(steps=(Classify(label="single-supporting-fact"), Retrieve(facts=("1",)))),
        source="qa1.txt:3",
    )
    assert build_example(problem, problem.trace, TEMPLATE).completion == (
        "<think>The category of the question represents what is being asked in that question. "
        "The category of the question asked is: single-supporting-fact.\n"
        "I need to use the following text to answer the question: "
        '["Mary went to the king\'s garden."]</think> <answer>garden</answer>'
    )


@given(problems(), st.booleans())
def test_an_example_survives_its_file(problem: Problem, with_trace: bool) -> None:
    example = build_example(problem, problem.trace if with_trace else None, TEMPLATE)
    assert Example.model_validate_json(example.model_dump_json()) == example


@given(problems(), st.booleans())
@settings(max_examples=60)
def test_the_loss_covers_the_completion_and_its_end_only(problem: Problem, with_trace: bool) -> None:
    example = build_example(problem, problem.trace if with_trace else None, TEMPLATE)
    row = tokenize(example, Characters())
    completion = [*map(ord, example.completion), END]
    assert list(row.ids) == [*map(ord, example.prompt), *completion]
    assert list(row.labels) == [IGNORED] * len(example.prompt) + completion


def rows(lengths: list[int]) -> list[TokenizedExample]:
    return [TokenizedExample([i] * n, [IGNORED] + [i] * (n - 1)) for i, n in enumerate(lengths)]


@given(st.lists(st.integers(1, 20), max_size=12), st.integers(1, 20))
def test_too_long_rows_are_counted_and_the_others_kept_whole(lengths: list[int], limit: int) -> None:
    made = rows(lengths)
    kept, longer = split_by_length(iter(made), limit)
    assert kept == [row for row in made if len(row.ids) <= limit]
    assert longer == sum(n > limit for n in lengths)


@pytest.mark.parametrize(("limit", "longer"), [(2, 2), (3, 1), (4, 0)])
def test_a_row_as_long_as_the_limit_is_kept(limit: int, longer: int) -> None:
    assert split_by_length(rows([2, 3, 4]), limit)[1] == longer


def test_tokens_under_the_loss_are_counted() -> None:
    assert total_tokens(rows([2, 3, 4])) == 1 + 2 + 3
    assert total_tokens([]) == 0
