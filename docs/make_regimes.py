"""Writes docs/regimes.md: one problem under every regime, side by side, with the verdict on each trace.

python docs/make_regimes.py
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

from tracekd.files import write_text
from tracekd.problem import Problem
from tracekd.regimes import Donors, Regime, Setting, Target, all_regimes, draw_target, get_regime
from tracekd.sft.example import Example, build_example
from tracekd.students.output import Output
from tracekd.tasks import get_task
from tracekd.tasks.template import render_answer
from tracekd.trace import Step
from tracekd.verify.judge import Judge
from tracekd.verify.verdict import Verdict
from tracekd.worlds import get_world
from tracekd.worlds.dials import choose_families, set_dials
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

PAGE = Path(__file__).parent / "regimes.md"
TASK = get_task("babi")
SEED = 2
MOST_FACTS = 9
# The words of a teacher cannot be generated. These were written for the page, in the place of a collected text. The trace
# has a false statement, for the regimes that are made from it.
TEACHER = {
    "trace": "Where is it? Daniel took the football and went to the kitchen. Sandra is in the kitchen, too. So it is there.",
    "summary": "It was last taken by someone, who then moved once more.",
    "explanation": "The object is wherever the person who holds it is, so only that person's last move matters.",
}
# The order of the page, from nothing to everything wrong.
ORDER = (
    "answer_only", "correct", "class_only", "facts_only", "incorrect", "incorrect_class", "incorrect_facts", "partial(1)",
    "swapped", "swapped(same_class)", "shuffled", "filler", "corrupted(0.3)", "counterfactual(1)", "masked_answer",
    "paper(correct)", "paper(incorrect)", "teacher(trace)", "teacher(repaired)", "teacher(false_claims)", "teacher(summary)",
    "teacher(explanation)",
)  # fmt: skip


def main() -> None:
    """Write the page."""
    write_text(PAGE, page())


def page() -> str:
    """The page, a pure function of the code."""
    problems = generated()
    setting = replace(
        Setting.of(TASK),
        donors=Donors.of(problems),
        collected={kind: {problem.id: text for problem in problems} for kind, text in TEACHER.items()},
    )
    problem = chosen(problems)
    regimes = [get_regime(name) for name in (*ORDER, *others())]
    lines = [*head(problem), *table(problem, regimes, setting), *parameters(regimes), FOOT]
    return "\n".join(lines) + "\n"


def generated() -> list[Problem]:
    """Some problems of the bAbI world."""
    world = get_world("babi")
    dials = set_dials(
        world, choose_families(world, ["two-supporting-facts", "single-supporting-fact", "conjunction"]), {}
    )
    with tempfile.TemporaryDirectory() as folder:
        write_world("babi", dials, Path(folder), n=60, seed=SEED)
        return list(load_world(Path(folder)))


def chosen(problems: Sequence[Problem]) -> Problem:
    """The first problem with two gold facts and a few others."""
    return next(p for p in problems if len(p.trace.facts) == 2 and 6 <= len(p.context) <= MOST_FACTS)


def others() -> list[str]:
    """Regimes that are not in the order above, such as those of other packages."""
    named = {name.partition("(")[0] for name in ORDER}
    return [regime.name for regime in all_regimes() if isinstance(regime, Regime) and regime.name not in named]


HEAD = """\
# One problem under every regime

A regime defines the trace that a student is supervised with. The prompt is the same under all regimes, and so is the answer,
except under `counterfactual`.
`python docs/make_regimes.py` makes this page; a test fails if the page and the code differ. `tracekd tasks NAME` prints the same
for the example of any task, and `tracekd sft TASK SOURCE --regime R,R` writes data under any regimes.

The problem (PROBLEM):

```text
PROMPT
```

Under `correct`, its completion is, byte for byte:

```text
COMPLETION
```

Below, *class* and *facts* stand for the two sentences that introduce them there; any other text is complete. The columns "class"
and "facts" tell whether the verifier finds this step right; "follows" tells whether the answer of the completion follows by
rule from the facts that the trace cites. This is the gold answer, GOLD, except where the table says otherwise.

| regime | trace | class | facts | follows | characters |
|---|---|---|---|---|---:|"""

FOOT = """
## What holds for every task and regime

Property tests (`tests/regimes`) check this for every task:

- An example is a pure function of (seed, problem id). It does not depend on other problems, their number or their order.
  (`swapped` takes the trace of another problem, so it depends on the set of problems; a new problem changes only the examples
  that take its trace.)
- The prompt is the same, byte for byte. The answer is the gold answer, except under `counterfactual`.
- An incorrect class is another class. Incorrect facts are facts of the same context. *No* kind of gold support contains them, nor
  a fact with the same text, and the gold answer does not follow from them by rule. They are as many as the gold facts, at least
  one, in unchanged form, and each is as similar as possible to the fact that it replaces: in length, words, digits, capitals. If
  a context has no fact that is similar enough, the problem is left out; `tracekd audit` tells how well a single number still
  distinguishes the two.
- If a regime is impossible for a problem, nothing is faked: the problem is left out of *all* regimes of the data set, and
  counted by reason.
- The rates of `corrupted` are nested, and its wrong traces are those of `incorrect`; `incorrect_facts` cites the same facts as
  `incorrect`.
- The shares of `counterfactual` are nested, too. Where its facts are not the gold ones, the task's rule derives one answer from
  them, in every order that they can have in the story. This answer is taught, and it is not gold. The class is right, the facts
  are as many as the gold ones, and all words are from the prompt. If possible, they are facts of the context; otherwise one value
  of the gold facts is replaced by another of the same kind, or the two things in each fact are exchanged. The condition
  [`implied`](interventions.md) finds its facts in the same way, with other random draws. A problem without such facts is left out
  at every share, so all shares have the same problems. In passages, from which no rule derives answers, the answer is exchanged
  in the gold facts, as under `implied`. The columns of
  `tracekd sft` keep the gold answer and the gold facts, and `tracekd audit` counts the answers that are not gold. Evaluation is
  against gold.
- A counterfactual trace is *given*: the student learns the answer after it, not to write it, as in SCOTT. It learns to write
  traces from the other problems, so at share 1 it does not learn it at all: its own outputs say nothing, and its reliance is
  measured with forced traces. On bAbI, a share of 0.25 is enough: students follow all traces that imply another answer (those of
  `correct`: 59.5 %), and [answer as well as these](../benchmarks/validation/graded_reliance.md).
- `teacher(repaired)` is the teacher's trace up to its first false statement (all of it if none is false), and
  `teacher(false_claims)` the whole trace, but only if a statement of it is false. The statements are [judged by
  rule](audit.md#free-traces). A problem is left out if nothing that holds stands before the first false statement, if no
  statement is false, or if free traces of the task cannot be judged.
- `paper` writes the same as the released code of arXiv 2505.13792, with its faults; `tracekd audit` finds them."""


def head(problem: Problem) -> Iterator[str]:
    """The title, the problem, and the head of the table."""
    named = f"{problem.task}, {problem.label}; its gold support is the facts {' and '.join(problem.trace.facts)}"
    completion = build_example(problem, problem.trace, TASK.template).completion
    prompt = TASK.template.render_prompt(problem).rstrip("\n")
    yield (
        HEAD.replace("PROBLEM", named)
        .replace("PROMPT", prompt)
        .replace("COMPLETION", completion)
        .replace("GOLD", render_answer(problem.answer))
    )


def table(problem: Problem, regimes: Sequence[Regime], setting: Setting) -> Iterator[str]:
    """One row for each regime."""
    for regime in regimes:
        target = draw_target(problem, regime, setting, SEED)
        example = build_example(problem, target, TASK.template)
        verdict = judged(problem, example, regime.name)
        steps = [step if regime.traced else "–" for step in (verdict.class_step, verdict.retrieval_step)]
        follows = {True: "yes", False: "no", None: "–"}[verdict.consistent if regime.traced else None]
        yield (
            f"| `{regime.name}`<br>{regime.summary} | {shown(problem, target)} | {steps[0]} | {steps[1]} | {follows} | "
            f"{len(example.completion)} |"
        )


def shown(problem: Problem, target: Target) -> str:
    """The steps of a trace, one below the other; then the answer, if it is not gold."""
    steps = [shown_step(problem, step) for step in target.trace.steps] if target.trace else ["none"]
    if target.answer != problem.answer:
        steps.append(f"*answer* {escape(render_answer(target.answer), quote=False)}")
    return "<br>".join(steps).replace("|", "&#124;")


def shown_step(problem: Problem, step: Step) -> str:
    """One step, without the sentence that introduces it."""
    if step.kind == "classify":
        return f"*class* {escape(step.label, quote=False)}"
    if step.kind == "say":
        return "<br>".join(escape(line, quote=False) for line in step.text.splitlines())
    texts = problem.texts(step.facts) if step.kind == "retrieve" else step.texts
    return "<br>".join(["*facts*", *(escape(text, quote=False) for text in texts)])


def judged(problem: Problem, example: Example, regime: str) -> Verdict:
    """The verdict on a student that writes exactly what it was taught."""
    output = Output(
        id=problem.id, regime=regime, student="-", seed=0, text=example.completion, token_ids=(), finish="stop"
    )
    return Judge.of(TASK).judge(problem, output)


def parameters(regimes: Sequence[Regime]) -> Iterator[str]:
    yield from (
        "",
        "## Parameters",
        "",
        "Write `name(value)` or `name:value`, in study files and on the command line.",
        "",
    )
    yield from ("| regime | parameter | possible values | default |", "|---|---|---|---|")
    seen: set[str] = set()
    for regime in regimes:
        name = regime.name.partition("(")[0]
        if regime.parameter is not None and name not in seen:
            seen.add(name)
            about = regime.parameter
            yield f"| `{name}` | {about.name} | {about.about} | `{about.default}` |"


if __name__ == "__main__":
    main()
