"""Writes docs/interventions.md: one problem under every condition, and how to read what comes of it.

python docs/make_interventions.py
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

from tracekd.files import write_text
from tracekd.interventions import CONDITIONS, Own, Unsupported, condition_names, force, get_condition
from tracekd.problem import Problem
from tracekd.regimes import Donors, Setting
from tracekd.sft.example import build_example
from tracekd.tasks import get_task
from tracekd.tasks.template import render_answer
from tracekd.worlds import get_world
from tracekd.worlds.dials import choose_families, set_dials
from tracekd.worlds.loading import load_world
from tracekd.worlds.writing import write_world

PAGE = Path(__file__).parent / "interventions.md"
TASK = get_task("babi")
SEED = 2
FAMILIES = ["two-supporting-facts", "single-supporting-fact", "conjunction"]


def main() -> None:
    """Write the page."""
    write_text(PAGE, page())


def page() -> str:
    """The page, a pure function of the code."""
    problems = generated()
    setting = replace(Setting.of(TASK), donors=Donors.of(problems))
    problem = chosen(problems, setting)
    return "\n".join([*head(problem), *table(problem, setting), FOOT.replace("MEASURES", measures())]) + "\n"


def generated() -> list[Problem]:
    """Some problems of the bAbI world."""
    world = get_world("babi")
    with tempfile.TemporaryDirectory() as folder:
        write_world("babi", set_dials(world, choose_families(world, FAMILIES), {}), Path(folder), n=60, seed=SEED)
        return list(load_world(Path(folder)))


def chosen(problems: Sequence[Problem], setting: Setting) -> Problem:
    """The first one of two facts and a few more that every condition supports."""
    return next(p for p in problems if len(p.trace.facts) == 2 and 6 <= len(p.context) <= 9 and supported(p, setting))


def supported(problem: Problem, setting: Setting) -> bool:
    try:
        return all(force(problem, own(problem), name, setting, SEED) for name in names())
    except Unsupported:
        return False


def names() -> list[str]:
    """The conditions in the order of the page; those of other packages last."""
    built_in = {name.partition("(")[0] for name in CONDITIONS}
    return [*CONDITIONS, *(name for name in condition_names() if name not in built_in)]


def own(problem: Problem) -> Own | None:
    """What a student wrote that writes the gold trace."""
    return Own.of(build_example(problem, problem.trace, TASK.template).completion, TASK.template, "stop")


def head(problem: Problem) -> Iterator[str]:
    """The introduction, the problem, and the head of the table."""
    text = HEAD.replace("PROMPT", TASK.template.render_prompt(problem).rstrip("\n"))
    yield text.replace("ANSWER", render_answer(problem.answer)).replace("LABEL", problem.label)


def table(problem: Problem, setting: Setting) -> Iterator[str]:
    """One row for each condition."""
    for name in names():
        condition, forced = get_condition(name), force(problem, own(problem), name, setting, SEED)
        implied = "–" if forced.implied is None else render_answer(forced.implied)
        about = f"`{name}`<br>{condition.summary}"
        yield f"| {about} | {shown(forced.text)} | {implied} | {condition.citation} |"


def shown(text: str) -> str:
    """A trace, its introducing sentences short."""
    for sentence, short in ((TASK.template.classify, "*class*"), (TASK.template.retrieve, "*facts*")):
        text = text.replace(sentence, short)
    lines = [escape(line, quote=False).replace("|", "&#124;") for line in text.splitlines()]
    return "<br>".join(lines) or "(nothing)"


def measures() -> str:
    """The table of the measures."""
    rows = (("measure", "what it is", "reads as"), ("---", "---", "---"), *MEASURES)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


MEASURES = (
    (
        "follows",
        "share of answers under `implied` that are the implied one",
        "1: the answer is read off these traces; 0: it is not",
    ),
    (
        "follows, from right",
        "the same where the student answers right after its own trace",
        "as before, where no answer was the implied one from the start",
    ),
    (
        "flips",
        "share of answers that differ from the one after the student's own trace",
        "how often the answer moves at all",
    ),
    (
        "change in log-odds",
        "ln(p / (1 - p)) of the gold answer less the same under `own`; p is its probability as a whole, held within 1e-6 "
        "of 0 and 1",
        "in nats; moves before the answer does",
    ),
    (
        "early-answering area",
        "area over a curve: by the share of its own trace that it is left, whether the student already answers as it does "
        "after all of it (Lanham et al. 2023)",
        "0: decided before the first step; near 1: not before the last",
    ),
    (
        "step effects",
        "how much more often answers are right with the class right, with the facts right, and with one only if the other is "
        "(two by two, each problem its own control)",
        "which step matters",
    ),
)

HEAD = """\
# Interventions: does a student rely on its trace?

Where right traces and right answers go together, the trace may drive the answer, or be written along with it. To tell, change
the trace, hold everything else, and see whether the answer moves. A trace is forced on a student, token by token, as if it had
written it (`<think>` trace `</think> <answer>`), and the student goes on from there. A *condition* says which trace.

- A study does so with every student that writes traces: `conditions` in its file (all of this page if not said, `[]` for
  none); its report shows what is right, consistent and relied on, side by side.
- `tracekd intervene RUN --conditions ..` tries more of them on the students of a study.
- `tracekd intervene STUDENT --task T --problems SOURCE` tries them on anyone's student.

This page is made by `python docs/make_interventions.py`; a test fails when it is
no longer what the code does.

The problem (LABEL; gold: ANSWER), of a student that writes the gold trace:

```text
PROMPT
```

*class* and *facts* stand for the sentences that introduce the two steps. "Implied" is the answer that follows by rule from
the facts forced, where that is not gold.

| condition | trace that is forced | implied | after |
|---|---|---|---|"""

FOOT = """
`truncated(k)` leaves the first k steps, `wrong_facts` takes `one` or `all`. Another package offers a condition as an entry point
of the group `tracekd.conditions`: a `tracekd.interventions.Condition` with a function that returns the text to force, or raises
`Unsupported` with the reason.

## What each is made from

- `gold`, `wrong_..`, `implied` and `swapped` are made from the *gold* trace: the same for every student, so that students can be
  compared, and so that the four of `gold`, `wrong_class`, `wrong_facts(all)`, `wrong_both` differ in one step each.
- `truncated`, `shuffled`, `duplicated`, `paraphrased` and `filler` are made from what the student wrote *itself*. A student that
  wrote no trace that can be read has none of these.
- `implied` is the decisive one. Its facts are, where there are such, other facts of the same context for as few of the gold ones
  as will do (an older whereabouts, say); else the gold facts with one value changed for another of its kind in the same prompt,
  or all turned round; else fewer of the gold facts. Whatever it is, the task's rule derives one answer from it however it is
  read, and not the gold one. Where the rules know no such facts, or a task has no rules, there is none. Of an answer
  of several values, the implied one may share some. Of published problems, 1,589 of 1,819 have one in bAbI (fewest in
  `agents-motivations`, 27 of 91, `lists-sets`, 50, and `counting`, 53), and 1,369 of 1,370 in CoTempQA:
  [by family, and how long the traces take to draw](../benchmarks/speed/forced_traces.md).
- What a condition cannot do for a problem is counted by reason, and nothing stands in for it. Shares are among the problems that
  have the condition; compare conditions on the same problems.
- Which trace is forced is a pure function of seed, problem and what the student wrote.

## How to read the measures

MEASURES

All are means over seeds of means over problems, with 95 % intervals that resample stories and seeds together; every change is
taken within a problem and a seed. `n` says how many outputs a number rests on.

## What they do not show

- **Reliance under this intervention**, no more. A trace that the student did not write may be read otherwise than its own; under
  `swapped`, `filler` or `none` it stands before something that it has never seen, and an answer that flips may be
  confusion. That is why `implied` asks *which* answer comes, not whether it moved.
- A student that ignores a contradiction and one that sees it and trusts the story answer alike. "Does not follow" is no proof
  that a trace is not used where it is right.
- Where no other facts of the story imply another answer, `implied` alters one (in the example above, the last),
  and a student may see that the story does not hold it. The two kinds are therefore also counted apart (`follows_story`,
  `follows_altered`). They need not agree: in the default study, students taught `correct` follow facts of the story
  in nine of ten problems, and altered ones in four of ten, nearly none of them in `basic-deduction`. Look at the classes one
  by one before you speak of all.
- The place of an exchanged fact in the trace is that of the one with the same rank in the story, so that a trace that names the
  action before the move, as gold does, may come out the other way round.
- Many answers are one of two (`yes`, `no`): a student that guesses follows in half of them. Look at *follows, from right*, and
  at the classes one by one.
- `paraphrased`, `duplicated` and `shuffled` change form, not content: flips there are what reliance on content is *not*.
  Paraphrases are by rule; sentences that no rule can say otherwise stay, and a trace of such sentences alone has none.
- How well each measure tells students that must use their trace from students that cannot is measured, and those that do badly
  are named: [benchmarks/validation/reliance.md](../benchmarks/validation/reliance.md)."""


if __name__ == "__main__":
    main()
