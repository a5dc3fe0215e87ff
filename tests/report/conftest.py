"""A study made up in memory: stories of the world, outputs from the template, some of them hostile."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import pytest

from tracekd.interventions import get_condition
from tracekd.interventions.effect import Effect
from tracekd.interventions.measures import measure
from tracekd.pretraining.stories import Dials, story
from tracekd.problem import Problem
from tracekd.regimes import Setting, Unsupported, get_regime, regime_names
from tracekd.regimes.incorrect import incorrect
from tracekd.report.content import CellTimes, Interventions, ReportContent, Shown
from tracekd.report.layout import asks_for_trace
from tracekd.sft.example import build_example
from tracekd.stats.summary import summarise
from tracekd.students.output import Output
from tracekd.tasks.babi import TASK
from tracekd.tasks.babi.families import TEMPLATE
from tracekd.tasks.babi.load import story_problems
from tracekd.tasks.template import render_answer
from tracekd.verify.judge import Judge
from tracekd.verify.verdict import Verdict

HOSTILE = (
    '<think><script>alert(1)</script></think> <answer>"><img src=x onerror=alert(1)></answer>',
    "</pre></article>{{ 7*7 }}{% for x in y %}\x00\x07\x1b[31m\u202ereversed\u200b<answer>&lt;b&gt;'\"</answer>",
    "<think>" + "A very long thought. " * 60_000,
    "",
)
RIGHT = {"answer_only": (0.0, 0.6), "correct": (0.55, 0.75), "incorrect": (0.02, 0.55)}

# How often students of a regime give the implied answer.
FOLLOWS = {"correct": 0.9, "incorrect": 0.05}
TRIED = (
    "own",
    "gold",
    "none",
    "wrong_class",
    "wrong_facts(all)",
    "wrong_both",
    "implied",
    "truncated(1)",
    "trace_only",
)

MakeContent = Callable[..., ReportContent]


@cache
def problems(stories: int) -> tuple[Problem, ...]:
    dials = Dials(questions=3)
    return tuple(
        problem
        for number in (1, 2, 15)
        for i in range(stories)
        for problem in story_problems(story(number, 0, i, dials), number, f"qa{number}/{i}", f"qa{number}_world.txt")
    )


def write(problem: Problem, regime: str, rng: random.Random) -> str:
    """An output like a student's of this regime: right or wrong in each part by chance."""
    trace_right, answer_right = RIGHT.get(regime, (0.5, 0.5))
    answer = render_answer(problem.answer) if rng.random() < answer_right else rng.choice(["attic", "nothing", "cat"])
    if regime == "answer_only":
        return answer
    setting = Setting.of(TASK)
    try:
        wrong = incorrect(problem, setting, lambda purpose: rng)
    except Unsupported:
        wrong = problem.trace.model_copy(update={"steps": problem.trace.steps[:1]})
    trace = problem.trace if rng.random() < trace_right else wrong
    text = build_example(problem, trace, TEMPLATE).completion
    return text.rpartition("<answer>")[0] + f"<answer>{answer}</answer>"


def judged(
    regimes: Sequence[str], seeds: Sequence[int], students: Sequence[str], stories: int, hostile: bool
) -> list[Shown]:
    shown = []
    for student in students:
        for regime in regimes:
            for seed in seeds:
                rng = random.Random(f"{student} {regime} {seed}")
                for i, problem in enumerate(problems(stories)):
                    text = HOSTILE[i] if hostile and i < len(HOSTILE) else write(problem, regime, rng)
                    finish = "length" if len(text) > 10_000 else "stop"
                    output = Output(
                        id=problem.id,
                        regime=regime,
                        student=student,
                        seed=seed,
                        text=text,
                        token_ids=(1, 2),
                        finish=finish,
                    )
                    shown.append(Shown(problem, output, Judge.of(TASK).judge(problem, output)))
    return shown


def effects(shown: Sequence[Shown]) -> Iterator[Effect]:
    """What became of the answers of those that wrote a trace, under each condition."""
    rng = random.Random(0)
    for problem, output in ((one.problem, one.output) for one in shown if asks_for_trace(one.output.regime)):
        for condition in TRIED:
            implies = condition == "implied"
            missing = implies and problem.label == "basic-deduction"
            effect = Effect(
                id=problem.id, group=problem.group, label=problem.label, regime=output.regime, student=output.student,
                seed=output.seed, condition=condition, forced="" if condition == "none" else "A trace of two steps",
                right=rng.random() < 0.8, flipped=condition != "own" and rng.random() < 0.3,
                follows=rng.random() < FOLLOWS.get(output.regime, 0.5) if implies else None,
                logp={"gold": -rng.random(), "own": -rng.random()},
            )  # fmt: skip
            yield effect.model_copy(update={"unsupported": "no facts like the gold ones"}) if missing else effect


def interventions(shown: Sequence[Shown]) -> Interventions:
    found = list(effects(shown))
    return Interventions(
        conditions={name: get_condition(name).summary for name in TRIED},
        reliance=measure(found) if found else None,
        own_again=len(found) // len(TRIED),
        own_traces=len(found) // len(TRIED),
        failures={},
    )


@pytest.fixture(scope="session")
def make_content() -> MakeContent:
    """Makes the content of a report. `change` is applied to every verdict before the summary."""

    @cache
    def make(
        regimes: tuple[str, ...] = ("answer_only", "correct", "incorrect"),
        seeds: tuple[int, ...] = (0, 1),
        students: tuple[str, ...] = ("tiny",),
        stories: int = 8,
        hostile: bool = False,
        change: Callable[[Verdict], Verdict] = lambda v: v,
    ) -> ReportContent:
        shown = judged(regimes, seeds, students, stories, hostile)
        labels = Counter(p.label for p in problems(stories))
        names = [f"{r}-{s}-s{seed}" for seed in seeds for s in students for r in regimes]
        return ReportContent(
            title="A first study",
            command="tracekd study first --set sizes.test=72",
            study_toml='name = "first"\nregimes = ["correct"]\n',
            source="world (generated)",
            regimes={r: get_regime(r).summary if r in regime_names() else "a regime of the test" for r in regimes},
            labels=tuple(labels),
            left_out={"incorrect: all other facts also lead to the right answer": {"single-supporting-fact": 12}},
            sides={side: dict(labels) for side in ("train", "validation", "test")},
            groups=dict.fromkeys(("train", "validation", "test"), stories * 3),
            summary=summarise([change(s.verdict) for s in shown]),
            declared="Margin 3 points, declared before any student was trained.",
            interventions=interventions(shown),
            examples=tuple(shown[:: max(1, len(shown) // 8)][:8] + shown[: len(HOSTILE)]),
            times=tuple(CellTimes(name, 120, 2000, 0, 61.2, 12.5, 20.1, False, 3 * 2**29) for name in names),
            failures={},
            versions={"tracekd": "0.1.0", "torch": "2.13.0"},
            hashes={"base of tiny": "0123abcd"},
        )

    return make


@pytest.fixture(scope="session")
def hostile_content(make_content: MakeContent) -> ReportContent:
    """A study where much went wrong, and every string that can be hostile is."""
    bad = "<script>alert(1)</script>\"'><img onerror=x>{{ 1 }}\x00\u202e$x^2$"
    content = make_content(hostile=True)
    late = replace(content.times[0], out_of_time=True, steps=31, too_long=4)
    first = content.examples[0]
    facts = (first.problem.context[0].model_copy(update={"text": bad}), *first.problem.context[1:])
    problem = first.problem.model_copy(update={"question": bad, "context": facts})
    verdict = first.verdict.model_copy(update={"stated_label": bad, "cited": (bad,), "reason": bad * 100})
    return replace(
        content,
        title=bad,
        source=bad,
        regimes={**content.regimes, "correct": bad},
        failures={"correct-tiny-s9": bad * 10_000},
        interventions=replace(
            content.interventions, conditions={"implied": bad}, own_again=3, failures={"incorrect-tiny-s1": bad}
        ),
        times=(late, *content.times[1:]),
        examples=(Shown(problem, first.output, verdict), *content.examples[1:]),
        versions={bad: bad},
    )
