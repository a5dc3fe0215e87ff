"""Facts that imply another answer than gold, taught with that answer: nested by share, and checked against the rules."""

from collections.abc import Callable, Iterator
from itertools import pairwise, permutations
from typing import Any

import pytest

from tracekd.errors import UserError
from tracekd.interventions import force
from tracekd.problem import Answer, Problem
from tracekd.regimes import Intent, Regime, Setting, Target, Unsupported, draw_target, draw_trace
from tracekd.tasks import Task, get_task
from tracekd.tasks.check import same_answer
from tracekd.tasks.context import Context, normalized
from tracekd.tasks.what_follows import readings
from tracekd.trace import Quote, Trace
from tracekd.verify.answer import answer_is_right
from tracekd.verify.parse import parse
from tracekd.verify.verdict import Verdict

SHARES = (0, 0.25, 0.5, 0.75, 1)
with_rules = pytest.mark.parametrize("name", ["babi", "cotempqa"])


def counterfactuals(sample: Any) -> Iterator[tuple[Problem, Target, tuple[str, ...]]]:
    """Each problem that has one, with its counterfactual target and the facts that this quotes."""
    for problem in sample.problems:
        try:
            target = draw_target(problem, "counterfactual", sample.setting, 0)
        except Unsupported:
            continue
        assert target.trace is not None
        (quote,) = [step for step in target.trace.steps if isinstance(step, Quote)]
        yield problem, target, quote.texts


@with_rules
def test_shares_are_nested_and_leave_out_the_same_problems(
    name: str, sample: Callable[..., Any], taught: Callable[..., Any]
) -> None:
    setting = sample(name).setting
    for problem in sample(name, of=2).problems:
        at = [taught(problem, f"counterfactual({share})", setting) for share in SHARES]
        if isinstance(at[0], str):
            assert at == [at[0]] * len(SHARES)
            continue
        gold, other = at[0], at[-1]
        assert gold == Target(problem.trace, problem.answer)
        assert other.trace != gold.trace and not same_answer(other.answer, problem.answer)
        assert all(target in (gold, other) for target in at)
        assert all(later == other for earlier, later in pairwise(at) if earlier == other)
        assert taught(problem, "counterfactual", setting) == other


@pytest.mark.parametrize("share", SHARES)
def test_the_share_of_other_answers_is_near_the_share(
    share: float, sample: Callable[..., Any], taught: Callable[..., Any]
) -> None:
    setting, problems = sample("cotempqa").setting, sample("cotempqa").problems
    found = [(p, taught(p, f"counterfactual({share})", setting, seed)) for p in problems for seed in range(2)]
    kept = [target.answer != problem.answer for problem, target in found if isinstance(target, Target)]
    assert len(kept) > 0.9 * len(found)
    assert abs(sum(kept) / len(kept) - share) < 0.06


@with_rules
def test_by_rule_the_taught_answer_follows_from_what_is_quoted_and_no_other(
    name: str, sample: Callable[..., Any]
) -> None:
    task: Task = get_task(name)
    count = 0
    for problem, target, texts in counterfactuals(sample(name)):
        count += 1
        known = readings(Context.of(problem), map(normalized, texts))
        in_story = [task.derive(problem.question, facts, problem.label) for facts in known]
        assert all(answer is None or same_answer(answer, target.answer) for answer in in_story)
        # An altered fact is at the place of the one that it replaces, which only the gold trace tells: in one order it follows.
        orders = permutations(texts) if len(texts) < 7 else [texts]
        anyhow = [task.derive(problem.question, facts, problem.label) for facts in orders]
        assert any(answer is not None and same_answer(answer, target.answer) for answer in (*in_story, *anyhow))
        right = task.derive(problem.question, problem.texts(in_place(problem)), problem.label)
        assert right is None or not same_answer(right, target.answer)
    assert count > 0.8 * len(sample(name).problems)


def in_place(problem: Problem) -> list[str]:
    """The gold facts, in story order."""
    return [fact.id for fact in problem.context if fact.id in problem.trace.facts]


@with_rules
def test_nothing_but_facts_and_answer_is_different(
    name: str, sample: Callable[..., Any], judged: Callable[..., Verdict]
) -> None:
    setting: Setting = sample(name).setting
    longer = []
    for problem, target, texts in counterfactuals(sample(name)):
        assert target.trace is not None and target.trace.label == problem.label
        assert len(texts) == len(set(texts)) == len(problem.trace.facts)
        form = [setting.template.render_trace(problem, trace) for trace in (target.trace, problem.trace)]
        parsed = [parse(f"<think>{text}</think>", setting.template, "stop") for text in form]
        assert parsed[0].cited == texts and parsed[0].status == parsed[1].status == "ok"
        longer.append(len(form[0]) - len(form[1]))
        answer, gold = target.answer, problem.answer
        assert (answer.kind, answer.written, answer.normalize) == (gold.kind, gold.written, gold.normalize)
        verdict = judged(problem, target, setting)
        assert not verdict.answer and verdict.retrieval_step == "wrong"
        in_story = all(normalized(text) in Context.of(problem).places for text in texts)
        assert verdict.consistent or (not in_story and verdict.consistent is None)
        assert (verdict.invented == 0) == in_story
    assert abs(sum(longer)) / len(longer) < 2


@with_rules
def test_forced_facts_are_drawn_apart_from_taught_ones(name: str, sample: Callable[..., Any]) -> None:
    same, found = 0, 0
    for problem, target, _ in counterfactuals(sample(name)):
        forced = force(problem, None, "implied", sample(name).setting, 0)
        assert target.trace is not None
        same += forced.text == sample(name).setting.template.render_trace(problem, target.trace)
        found += 1
    assert same < 0.8 * found


@pytest.mark.parametrize("name", ["msmarco", "hotpotqa", "musique"])
def test_in_passages_the_answer_is_exchanged(name: str) -> None:
    """That the exchange is right is tested in `exchanged_names`."""
    problem, setting = get_task(name).example(), Setting.of(get_task(name))
    target = draw_target(problem, "counterfactual", setting, 0)
    assert target.given and target.trace is not None
    (quote,) = [step for step in target.trace.steps if isinstance(step, Quote)]
    assert len(quote.texts) == len(problem.trace.facts)
    assert not any(answer_is_right(value, problem.answer) for value in target.answer.values)
    assert any(value in text for value in target.answer.values for text in quote.texts)
    assert draw_target(problem, "counterfactual(0)", setting, 0) == Target(problem.trace, problem.answer)


def test_fewer_facts_than_gold_would_show_the_regime() -> None:
    """Without one of its two facts, another number follows; no other facts of the story imply one."""
    task = get_task("babi")
    story = ("Mary took the milk.", "Mary took the apple.")
    example = task.example()
    facts = tuple([fact.model_copy(update={"text": text}) for fact, text in zip(example.context, story, strict=False)])
    trace = Trace(steps=(example.trace.steps[0].model_copy(update={"label": "counting"}), example.trace.steps[1].model_copy(
        update={"facts": tuple(fact.id for fact in facts)})))  # fmt: skip
    problem = example.model_copy(update={
        "question": "How many objects is Mary carrying?", "context": facts, "trace": trace, "alternatives": (),
        "support": {"support": trace.facts}, "answer": Answer(kind="one_of", values=("two",)),
    })  # fmt: skip
    assert force(problem, None, "implied", Setting.of(task), 0).implied == Answer(kind="one_of", values=("one",))
    with pytest.raises(Unsupported, match="only fewer facts than the gold ones imply another answer"):
        draw_target(problem, "counterfactual(0)", Setting.of(task), 0)


def other_answer(problem: Problem, setting: Setting, streams: Any) -> Target:
    return Target(problem.trace, problem.answer.model_copy(update={"values": ("nowhere",)}))


def test_a_regime_that_teaches_another_answer_must_say_so() -> None:
    task = get_task("babi")
    problem, setting = task.example(), Setting.of(task)
    with pytest.raises(UserError, match="'silent' teaches another answer than gold"):
        draw_trace(problem, Regime("silent", "", other_answer, intent=Intent("right", "right")), setting, 0)
    declared = Regime("declared", "", other_answer, intent=Intent("right", "right", answer="follows"))
    assert draw_target(problem, declared, setting, 0).answer.values == ("nowhere",)
    gold = Regime("gold", "", lambda problem, setting, streams: Target(problem.trace, problem.answer))
    assert draw_target(problem, gold, setting, 0) == Target(problem.trace, problem.answer)
