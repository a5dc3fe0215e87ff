"""Traces forced on small students of three architectures: the same results as from reading everything anew."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tracekd.interventions import Own
from tracekd.interventions.case import Answered, Answers, Blocked, Case, WrittenOn
from tracekd.problem import Problem
from tracekd.randomness import stream
from tracekd.regimes import Unsupported
from tracekd.sft.example import build_example
from tracekd.students.engines.contract import Decoding, EngineError
from tracekd.students.student import Lora
from tracekd.tasks.babi.families import TEMPLATE

from ..students.conftest import tiny_model
from .test_reading import logits_of, logp_of, logp_without

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from tracekd.students.prompting import Prompting

pytestmark = pytest.mark.xdist_group("torch")

TRACES = ("", "The bathroom.\nJohn moved to the office.", "Mary is in the hallway. " * 4)


@pytest.fixture
def prompting(tokenizer: "PreTrainedTokenizerBase") -> "Prompting":
    from tracekd.students.prompting import Prompting

    return Prompting.of(tokenizer)


def cases_of(prompting: "Prompting", problems: Sequence[Problem]) -> list[Case]:
    """Three traces each, with two answers to be scored; the first problem has no trace of its own."""
    prompts = [tuple(prompting.prompt_ids(TEMPLATE.render_prompt(problem))) for problem in problems]
    return [
        Case(prompt, dict.fromkeys(TRACES, ("bathroom", "the office")), own=TRACES[1] if at else None)
        for at, prompt in enumerate(prompts)
    ]


def forced(model: "PreTrainedModel", prompting: "Prompting", cases: Sequence[Case], **given: int) -> list[Answers]:
    from tracekd.interventions.forcing import Forcer

    made = dict(Forcer(model, prompting, **{"max_new_tokens": 6, **given}).force(cases))
    return [made[at] for at in range(len(cases))]


def written_anew(model: "PreTrainedModel", prompting: "Prompting", ids: Sequence[int]) -> Any:
    from tracekd.students.engines.transformers import TransformersEngine

    engine = TransformersEngine(model, prompting.tokenizer, ends=[prompting.end])
    ((_, (made,)),) = engine.generate([ids], Decoding(6))
    return made


def test_answers_and_scores_are_those_of_the_whole_text_read_anew(
    any_model: "PreTrainedModel", prompting: "Prompting", problems: list[Problem]
) -> None:
    check_against_reading_anew(any_model, prompting, problems)


def test_so_are_those_of_a_model_with_adapters(
    tokenizer: "PreTrainedTokenizerBase", prompting: "Prompting", problems: list[Problem]
) -> None:
    import torch

    from tracekd.students.adapters import attach

    model = attach(tiny_model("llama", tokenizer), Lora(r=4), seed=0)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "lora_B" in name:  # zero at first, so that the adapter would do nothing
                weights.copy_(torch.linspace(-0.5, 0.5, weights.numel()).view_as(weights))
    check_against_reading_anew(model, prompting, problems)


def check_against_reading_anew(model: "PreTrainedModel", prompting: "Prompting", problems: Sequence[Problem]) -> None:
    from tracekd.interventions.prefix import answer_ids, answer_text, prefix_ids

    cases = cases_of(prompting, problems[:3])
    for case, answers in zip(cases, forced(model, prompting, cases), strict=True):
        assert answers.keys() == set(TRACES)
        for trace, found in answers.items():
            assert isinstance(found, Answered)
            prefix = prefix_ids(prompting.tokenizer, trace)
            anew = written_anew(model, prompting, [*case.prompt, *prefix])
            assert (found.answer, found.finish) == (answer_text(prompting.tokenizer, prefix, anew.ids), anew.finish)
            for answer, scored in found.scored.items():
                ids = answer_ids(prompting.tokenizer, trace, prefix, answer)
                assert scored.tokens == len(ids)
                assert scored.logp == pytest.approx(logp_of(model, [*case.prompt, *prefix], ids), abs=1e-4)


def test_what_the_student_answers_after_its_own_trace_is_scored_after_all_others(
    model: "PreTrainedModel", prompting: "Prompting", problems: list[Problem]
) -> None:
    cases = cases_of(prompting, problems[:3])
    first, *others = forced(model, prompting, cases)
    assert {tuple(found.scored) for found in map(answered, first.values())} == {("bathroom", "the office")}
    for answers in others:
        own = answered(answers[TRACES[1]]).answer
        assert own is not None
        assert {tuple(found.scored) for found in map(answered, answers.values())} == {("bathroom", "the office", own)}


class Steered(Random):
    """Random numbers with which a student writes the text that is wanted: each the middle of the next token's share."""

    def __init__(self, model: "PreTrainedModel", before: Sequence[int], wanted: Sequence[int]) -> None:
        super().__init__(0)
        shares = [logits_of(model, [*before, *wanted[:at]])[-1].softmax(dim=-1) for at in range(len(wanted))]
        middles = [float(share[:token].sum() + share[token] / 2) for share, token in zip(shares, wanted, strict=True)]
        self._left = iter(middles)

    def random(self) -> float:
        return next(self._left)


def test_a_student_writes_on_what_it_began(
    any_model: "PreTrainedModel", prompting: "Prompting", problems: list[Problem]
) -> None:
    from tracekd.interventions.prefix import beginning_ids

    begin, rest = TRACES[1], "\nMary left. "
    whole, opened = begin + rest, WrittenOn(begin, "steered")
    encode = prompting.tokenizer.encode

    def case_of(problem: Problem, wanted: str, traces: Any, ends: bool) -> Case:
        prompt = tuple(prompting.prompt_ids(TEMPLATE.render_prompt(problem)))
        ids = [*encode(wanted, add_special_tokens=False), *([] if ends else [prompting.end])]
        draws = {"steered": Steered(any_model, [*prompt, *beginning_ids(prompting.tokenizer, begin)], ids)}
        return Case(prompt, traces, draws=draws.__getitem__)

    wants = [f"{rest}</think>", "</think>", rest]
    given = [{opened: ("park",), TRACES[0]: ("park",)}] * 3
    cases = [
        case_of(problem, text, traces, "</think>" in text)
        for problem, text, traces in zip(problems, wants, given, strict=False)
    ]
    first, second, third = forced(any_model, prompting, cases, max_new_tokens=60)
    assert (answered(first[opened]).trace, answered(second[opened]).trace) == (whole, begin)
    assert str(third[opened]) == "the student did not end its trace"
    # From there it is as if the whole trace had been forced.
    plain = [replace(case, traces={text: ("park",)}) for case, text in zip(cases[:2], (whole, begin), strict=True)]
    for made, anew, text in zip(
        (first, second), forced(any_model, prompting, plain, max_new_tokens=60), (whole, begin), strict=True
    ):
        found, wanted = answered(made[opened]), answered(anew[text])
        assert (found.answer, found.finish) == (wanted.answer, wanted.finish)
        assert found.scored["park"].logp == pytest.approx(wanted.scored["park"].logp, abs=1e-4)


def test_each_problem_draws_its_own_numbers(
    model: "PreTrainedModel", prompting: "Prompting", problems: list[Problem]
) -> None:
    from tracekd.interventions.reading import Reader, sampled
    from tracekd.students.engines.stopping import Stopping

    prompts = [prompting.prompt_ids(TEMPLATE.render_prompt(problem)) for problem in problems[:3]]
    stopping = Stopping(prompting.tokenizer, None, ())

    def written(rows: Sequence[int], seed: int) -> dict[int, tuple[int, ...]]:
        draws = {at: stream(seed, str(row), "x") for at, row in enumerate(rows)}
        read = Reader(model).read([prompts[row] for row in rows])
        made = read.write(stopping, dict.fromkeys(range(len(rows)), 8), sampled(draws))
        return {row: made[at].ids for at, row in enumerate(rows)}

    assert written([0, 1, 2], 0) == written([2, 1, 0], 0) == {**written([1], 0), **written([0, 2], 0)}
    assert written([0], 0) != written([0], 1)


@pytest.mark.parametrize("part", ["trace", "story"])
def test_an_answer_does_not_see_what_is_blocked(
    any_model: "PreTrainedModel", prompting: "Prompting", problems: list[Problem], part: Any
) -> None:
    from tracekd.interventions.prefix import answer_ids, prefix_ids, trace_in_prefix

    whole = cases_of(prompting, problems[:4])
    spans = [
        prompting.places(TEMPLATE.render_prompt(problem), TEMPLATE.facts_in_prompt(problem)) for problem in problems
    ]
    cases = [
        replace(case, traces={**case.traces, **{Blocked(trace, part): ("park",) for trace in TRACES[1:]}}, story=story)
        for case, story in zip(whole, spans, strict=False)
    ]
    for case, answers, plain in zip(
        cases, forced(any_model, prompting, cases, batch=3), forced(any_model, prompting, whole), strict=True
    ):
        for trace in TRACES:  # the others stay what they were
            assert answered(answers[trace]).answer == answered(plain[trace]).answer
        for trace in TRACES[1:]:
            prefix, (begin, end) = prefix_ids(prompting.tokenizer, trace), trace_in_prefix(prompting.tokenizer, trace)
            assert prompting.tokenizer.decode(list(prefix[begin:end])).strip() == trace.strip()
            before = len(case.prompt)
            hidden = case.story if part == "story" else (before + begin, before + end)
            answer = answer_ids(prompting.tokenizer, trace, prefix, "park")
            known, read = [*case.prompt, *prefix[:end]], [*prefix[end:], *answer]
            logps = [logp_without(any_model, known, hidden, read[:at]) for at in (len(prefix) - end, len(read))]
            found = answered(answers[Blocked(trace, part)])
            assert found.scored["park"].logp == pytest.approx(logps[1] - logps[0], abs=1e-4)
            assert (case.own is None) == (len(found.scored) == 1 or found.answer == "park")


def test_the_story_is_found_in_the_prompt(
    prompting: "Prompting", chat_tokenizer: "PreTrainedTokenizerBase", problems: list[Problem]
) -> None:
    from tracekd.students.prompting import Prompting

    for each in (prompting, Prompting.of(chat_tokenizer)):
        for problem in problems[:5]:
            text, part = TEMPLATE.render_prompt(problem), TEMPLATE.facts_in_prompt(problem)
            story = "\n".join(fact.text for fact in problem.context)
            assert text[slice(*part)] == story
            for shots in ((), ((text, "The park."),)):
                ids = each.prompt_ids(text, shots)
                begin, end = each.places(text, part, shots)
                assert each.tokenizer.decode(ids[begin:end]).strip() == story
                assert problem.question in each.tokenizer.decode(ids[end:])


def answered(found: object) -> Answered:
    assert isinstance(found, Answered)
    return found


def test_the_size_of_batches_makes_no_difference(
    model: "PreTrainedModel", prompting: "Prompting", problems: list[Problem]
) -> None:
    cases = cases_of(prompting, problems[:5])
    at_once = forced(model, prompting, cases)
    for size in (1, 4):
        for answers, ones in zip(at_once, forced(model, prompting, cases, batch=size), strict=True):
            for trace, found in answers.items():
                other = answered(ones[trace])
                assert (other.answer, other.finish) == (answered(found).answer, answered(found).finish)
                for answer, scored in answered(found).scored.items():
                    assert other.scored[answer].logp == pytest.approx(scored.logp, abs=1e-4)


def test_a_tokenizer_that_merges_the_answer_with_the_tag_is_told(
    model: "PreTrainedModel", prompting: "Prompting", problems: list[Problem]
) -> None:
    from tracekd.students.prompting import Prompting

    merging = deepcopy(prompting.tokenizer)
    merging.add_tokens([">bathroom"])
    cases = cases_of(prompting, problems[:2])
    (case,) = [case for case in cases if case.own is None]
    found = forced(model, Prompting.of(merging), [case])[0]
    assert {type(answer) for answer in found.values()} == {Unsupported}
    assert {str(answer) for answer in found.values()} == {"the tokenizer merges the answer with the text before it"}


def test_where_there_is_no_room_for_an_answer_this_is_told(
    prompting: "Prompting", problems: list[Problem], tokenizer: "PreTrainedTokenizerBase"
) -> None:
    from tracekd.interventions.prefix import prefix_ids

    (case,) = cases_of(prompting, problems[:1])
    longest = len(case.prompt) + len(prefix_ids(tokenizer, TRACES[2]))
    found = forced(tiny_model("llama", tokenizer, max_position_embeddings=longest), prompting, [case])[0]
    assert isinstance(found[TRACES[2]], Unsupported)
    assert "no room" in str(found[TRACES[2]])
    assert answered(found[""]).scored.keys() == {"bathroom", "the office"}


def test_where_memory_runs_out_batches_are_halved(
    model: "PreTrainedModel", prompting: "Prompting", problems: list[Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from tracekd.interventions.reading import Reader

    cases = cases_of(prompting, problems[:5])
    wanted = forced(model, prompting, cases)
    plain, most = Reader._forward, 3

    def scarce(self: Reader, ids: "torch.Tensor", *rest: Any) -> Any:
        if len(ids) > most:
            raise torch.OutOfMemoryError
        return plain(self, ids, *rest)

    monkeypatch.setattr(Reader, "_forward", scarce)
    found = forced(model, prompting, cases)
    assert [{t: answered(a).answer for t, a in answers.items()} for answers in found] == [
        {t: answered(a).answer for t, a in answers.items()} for answers in wanted
    ]
    most = 0
    with pytest.raises(EngineError, match="memory"):
        forced(model, prompting, cases)


@pytest.fixture
def taught(model: "PreTrainedModel", prompting: "Prompting", problems: list[Problem]) -> "PreTrainedModel":
    """A student that knows the first problem by heart, with its gold trace."""
    import torch

    row = prompting.row(build_example(problems[0], problems[0].trace, TEMPLATE))
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-2)
    for _ in range(60):
        model(input_ids=torch.tensor([row.ids]), labels=torch.tensor([row.labels])).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return model.eval()


def test_what_a_student_wrote_by_itself_it_answers_again_and_where_that_is_scored_it_is_not_written_anew(
    taught: "PreTrainedModel", prompting: "Prompting", problems: list[Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracekd.interventions.reading import Read
    from tracekd.students.generate import generate_ids

    anew: list[int] = []
    plain = Read.write

    def spy(self: Read, stopping: Any, limits: Mapping[int, int]) -> Any:
        anew.append(len(limits))
        return plain(self, stopping, limits)

    monkeypatch.setattr(Read, "write", spy)
    prompt = prompting.prompt_ids(TEMPLATE.render_prompt(problems[0]))
    ((ids, ended),) = generate_ids(taught, prompting.tokenizer, [prompt], max_new_tokens=200, batch=1)
    own = Own.of(prompting.tokenizer.decode(ids), TEMPLATE, "stop")
    assert ended
    assert own is not None
    assert own.answer is not None
    for scored, written in (((own.answer,), 0), (("the office",), 1)):
        anew.clear()
        (answers,) = forced(taught, prompting, [Case(tuple(prompt), {own.text: scored}, own.text)])
        found = answered(answers[own.text])
        assert (found.answer, found.finish, sum(anew)) == (own.answer, "stop", written)
        assert found.scored.keys() == {*scored, own.answer}
