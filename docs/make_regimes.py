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
from tracekd.regimes import Donors, Regime, Setting, all_regimes, draw_trace, get_regime
from tracekd.sft.example import Example, build_example
from tracekd.students.output import Output
from tracekd.tasks import get_task
from tracekd.trace import Step, Trace
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
# A teacher's words cannot be generated: these were written for the page, and stand where a collected text would.
TEACHER = {
    "trace": "Okay, where is it? I look for who had it last and where they went after that. So that is where it is.",
    "summary": "It was last taken by someone, who then moved once more.",
    "explanation": "The object is wherever the person who holds it is, so only that person's last move matters.",
}
# The order of the page, from nothing to everything wrong.
ORDER = (
    "answer_only", "correct", "class_only", "facts_only", "incorrect", "incorrect_class", "incorrect_facts", "partial(1)",
    "swapped", "swapped(same_class)", "shuffled", "filler", "corrupted(0.3)", "masked_answer", "paper(correct)",
    "paper(incorrect)", "teacher(trace)", "teacher(summary)", "teacher(explanation)",
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
    """The first one that needs two facts and has a few more."""
    return next(p for p in problems if len(p.trace.facts) == 2 and 6 <= len(p.context) <= MOST_FACTS)


def others() -> list[str]:
    """Regimes that the order above does not name, such as those of other packages."""
    named = {name.partition("(")[0] for name in ORDER}
    return [regime.name for regime in all_regimes() if isinstance(regime, Regime) and regime.name not in named]


HEAD = """\
# One problem under every regime

A regime says what trace a student is supervised with; prompt and answer are the same under all. This page is made by
`python docs/make_regimes.py`; a test fails when it is no longer what the code does. `tracekd tasks NAME` prints the same
for the example of any task, and `tracekd sft TASK SOURCE --regime R,R` writes data under any of them.

The problem (PROBLEM):

```text
PROMPT
```

Under `correct`, its completion is, to the byte:

```text
COMPLETION
```

Below, *class* and *facts* stand for the two sentences that introduce them there; any other text is whole. "Class" and "facts"
say whether that step is right by the verifier; "follows" whether the gold answer follows by rule from the facts that the
trace cites. The answer of every completion is gold.

| regime | trace | class | facts | follows | characters |
|---|---|---|---|---|---:|"""

FOOT = """
## What holds for every task and regime

Property tests (`tests/regimes`) hold these against every task:

- An example is a pure function of (seed, problem id): it depends on no other problem, nor on their number or order. (`swapped`
  takes another problem's trace, so it depends on which problems there are; one more changes only those that now meet it.)
- The answer is gold, always. The prompt is the same to the byte.
- An incorrect class is another class. Incorrect facts are facts of the same context, none of which *any* kind of gold support
  names, also by its text; nor does the gold answer follow from them by rule. Never fewer facts, never none, never changed in
  case or form, and each as like as the context allows to the one in whose place it stands: in length, words, digits, capitals.
  Where a context holds nothing alike enough, the problem is left out; `tracekd audit` says how well any one number still
  tells the two apart.
- What a regime cannot do for a problem is not faked: the problem is left out of *all* regimes of the data set, and counted by
  reason.
- `corrupted` rates are nested, and its wrong traces are those of `incorrect`; `incorrect_facts` cites the facts that
  `incorrect` cites.
- `paper` writes what the released code of arXiv 2505.13792 writes, with its faults; `tracekd audit` finds them."""


def head(problem: Problem) -> Iterator[str]:
    """The title, the problem, and the head of the table."""
    named = f"{problem.task}, {problem.label}; its gold support is the facts {' and '.join(problem.trace.facts)}"
    completion = build_example(problem, problem.trace, TASK.template).completion
    prompt = TASK.template.render_prompt(problem).rstrip("\n")
    yield HEAD.replace("PROBLEM", named).replace("PROMPT", prompt).replace("COMPLETION", completion)


def table(problem: Problem, regimes: Sequence[Regime], setting: Setting) -> Iterator[str]:
    """One row for each regime."""
    for regime in regimes:
        trace = draw_trace(problem, regime, setting, SEED)
        example = build_example(problem, trace, TASK.template)
        verdict = judged(problem, example, regime.name)
        steps = [step if regime.traced else "–" for step in (verdict.class_step, verdict.retrieval_step)]
        follows = {True: "yes", False: "no", None: "–"}[verdict.consistent if regime.traced else None]
        yield (
            f"| `{regime.name}`<br>{regime.summary} | {shown(problem, trace)} | {steps[0]} | {steps[1]} | {follows} | "
            f"{len(example.completion)} |"
        )


def shown(problem: Problem, trace: Trace | None) -> str:
    """The steps of a trace, one below the other."""
    steps = [shown_step(problem, step) for step in trace.steps] if trace else ["none"]
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
    """What the verifier says of a student that writes just what it was taught."""
    output = Output(
        id=problem.id, regime=regime, student="-", seed=0, text=example.completion, token_ids=(), finish="stop"
    )
    return Judge.of(TASK).judge(problem, output)


def parameters(regimes: Sequence[Regime]) -> Iterator[str]:
    yield from (
        "",
        "## Parameters",
        "",
        "Written `name(value)` or `name:value`, in study files as on the command line.",
        "",
    )
    yield from ("| regime | parameter | what it may be | default |", "|---|---|---|---|")
    seen: set[str] = set()
    for regime in regimes:
        name = regime.name.partition("(")[0]
        if regime.parameter is not None and name not in seen:
            seen.add(name)
            about = regime.parameter
            yield f"| `{name}` | {about.name} | {about.about} | `{about.default}` |"


if __name__ == "__main__":
    main()
