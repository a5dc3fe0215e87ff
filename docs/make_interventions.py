"""Writes docs/interventions.md: one problem under every condition, and how to read the results.

python docs/make_interventions.py
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from html import escape
from pathlib import Path

from tracekd.files import write_text
from tracekd.interventions import CONDITIONS, Own, Unsupported, condition_names, force, get_condition
from tracekd.interventions.published_measures import SUMMARIES
from tracekd.problem import Problem
from tracekd.regimes import Donors, Setting, draw_trace
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
ON_REQUEST = (
    "implied_by(story)", "implied_by(altered)", "implied_by(foreign)",
    "trace_only", "blocked(trace)", "blocked(story)", "resampled(1)", "cross(incorrect)",
)  # fmt: skip
OF_STATEMENTS = tuple(
    f"statement_{change}({which})" for change in ("cut", "negated", "replaced") for which in ("decisive", "first")
)
FAMILIES = ["two-supporting-facts", "single-supporting-fact", "conjunction"]


def main() -> None:
    """Write the page."""
    write_text(PAGE, page())


def page() -> str:
    """The page, a pure function of the code."""
    problems = generated()
    setting = replace(Setting.of(TASK), donors=Donors.of(problems))
    setting = replace(setting, others={"incorrect": dict(incorrect(problems, setting))})
    problem = chosen(problems, setting)
    foot = FOOT.replace("FREE", free_table(problem, setting))
    foot = foot.replace("\nMEASURES\n", f"\n{measures()}\n").replace("\nPUBLISHED\n", f"\n{published()}\n")
    return "\n".join([*head(problem), *table(problem, setting), foot]) + "\n"


def generated() -> list[Problem]:
    """Some problems of the bAbI world."""
    world = get_world("babi")
    with tempfile.TemporaryDirectory() as folder:
        write_world("babi", set_dials(world, choose_families(world, FAMILIES), {}), Path(folder), n=60, seed=SEED)
        return list(load_world(Path(folder)))


def incorrect(problems: Sequence[Problem], setting: Setting) -> Iterator[tuple[str, str]]:
    """What a student would write that learnt the regime `incorrect` perfectly, by the id of the problem."""
    for problem in problems:
        with suppress(Unsupported):
            trace = draw_trace(problem, "incorrect", setting, SEED)
            assert trace is not None
            yield problem.id, TASK.template.render_trace(problem, trace)


def chosen(problems: Sequence[Problem], setting: Setting) -> Problem:
    """The first problem with two gold facts and a few others that every condition supports."""
    return next(p for p in problems if len(p.trace.facts) == 2 and 6 <= len(p.context) <= 9 and supported(p, setting))


def supported(problem: Problem, setting: Setting) -> bool:
    try:
        has_free = all(force(problem, free(problem), name, setting, SEED) for name in OF_STATEMENTS)
        return has_free and all(force(problem, own(problem), name, setting, SEED) for name in names())
    except Unsupported:
        return False


def names() -> list[str]:
    """The conditions in the order of the page; those of other packages last."""
    built_in = [*CONDITIONS, *ON_REQUEST]
    known = {name.partition("(")[0] for name in (*built_in, *OF_STATEMENTS)}
    return [*built_in, *(name for name in condition_names() if name not in known)]


def own(problem: Problem) -> Own | None:
    """The output of a student that writes the gold trace."""
    return Own.of(build_example(problem, problem.trace, TASK.template).completion, TASK.template, "stop")


def free(problem: Problem) -> Own:
    """A free trace that quotes the gold facts and says the answer, without the template."""
    text = " ".join([*problem.texts(problem.trace.facts), f"The answer is {render_answer(problem.answer)}."])
    return Own(text, (text,), render_answer(problem.answer))


def head(problem: Problem) -> Iterator[str]:
    """The introduction, the problem, and the head of the table."""
    text = HEAD.replace("PROMPT", TASK.template.render_prompt(problem).rstrip("\n"))
    yield text.replace("ANSWER", render_answer(problem.answer)).replace("LABEL", problem.label)


def table(problem: Problem, setting: Setting) -> Iterator[str]:
    """One row for each condition."""
    yield from (row(name, problem, own(problem), setting) for name in names())


def free_table(problem: Problem, setting: Setting) -> str:
    """The same for the conditions on statements."""
    rows = [row(name, problem, free(problem), setting) for name in OF_STATEMENTS]
    return "\n".join([f"The free trace: *{free(problem).text}*", "", TABLE_HEAD, *rows])


def row(name: str, problem: Problem, own: Own | None, setting: Setting) -> str:
    """One condition: what it is, what is forced, what follows from it, and its source."""
    condition, forced = get_condition(name), force(problem, own, name, setting, SEED)
    implied = "–" if forced.implied is None else render_answer(forced.implied)
    about = f"`{name}`<br>{condition.summary}"
    rest = "<br>(what the student then writes)" if forced.is_open else ""
    return f"| {about} | {shown(forced.text)}{rest} | {implied} | {condition.citation} |"


def shown(text: str) -> str:
    """A trace, with its introducing sentences shortened."""
    for sentence, short in ((TASK.template.classify, "*class*"), (TASK.template.retrieve, "*facts*")):
        text = text.replace(sentence, short)
    lines = [escape(line, quote=False).replace("|", "&#124;") for line in text.splitlines()]
    return "<br>".join(lines) or "(nothing)"


def measures() -> str:
    """The table of the measures."""
    rows = (("measure", "what it is", "reads as"), ("---", "---", "---"), *MEASURES)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def published() -> str:
    """The table of the measures of the literature."""
    rows = [("measure", "what it is", "more reliance", "needs", "defined by"), ("---",) * 5]
    rows += [
        (one.name, one.summary, DIRECTIONS[one.direction], ", ".join(f"`{name}`" for name in one.needs), one.citation)
        for one in SUMMARIES
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


DIRECTIONS = {1: "higher", -1: "lower", 0: "no relation"}

MEASURES = (
    (
        "follows",
        "share of answers under `implied` that are the implied answer",
        "1: the answer comes from these traces; 0: it does not",
    ),
    (
        "follows, from right",
        "the same, only for problems that the student answers right after its own trace",
        "as above; no answer was the implied one before",
    ),
    (
        "disbelief",
        "after facts of each kind (`implied_by`), on the problems that have all of them: the share of answers that became the "
        "implied one, with the difference to facts of the story, its test, and the share of their effect that altered and "
        "foreign facts keep",
        "no kind moves answers: no reliance; facts of the story move more answers: disbelief of what the story lacks",
    ),
    (
        "flips",
        "share of answers that differ from the answer after the student's own trace",
        "how often the answer changes",
    ),
    (
        "change in log-odds",
        "ln(p / (1 - p)) of the gold answer, minus the same under `own`; p is the probability of the whole answer, kept "
        "at least 1e-6 away from 0 and 1",
        "in nats; changes before the answer does",
    ),
    (
        "early-answering area",
        "area over a curve: whether the student already gives its final answer, by the share of its own trace that it has "
        "(Lanham et al. 2023)",
        "0: the answer is fixed before the first step; near 1: only at the last step",
    ),
    (
        "step effects",
        "how much more often answers are right with the right class, with the right facts, and how the two interact "
        "(two by two; each problem is its own control)",
        "which step matters",
    ),
)

TABLE_HEAD = "| condition | trace that is forced | implied | after |\n|---|---|---|---|"

HEAD = (
    """\
# Interventions: does a student rely on its trace?

If right traces and right answers occur together, the trace may cause the answer, or be written beside it. An intervention
decides: change the trace, keep everything else, and see whether the answer changes. A trace is forced on a student, token by
token, as if the student had written it (`<think>` trace `</think> <answer>`), and the student continues from there. A
*condition* defines which trace is forced.

- A study does this with every student that writes traces. The key `conditions` in its file names them (default: the
  first fifteen of this page; `[]`: none). Its report shows side by side what is right, consistent and relied on.
- `tracekd intervene RUN --conditions ..` tries further conditions on the students of a study.
- `tracekd intervene STUDENT --task T --problems SOURCE` tries conditions on any student.

`python docs/make_interventions.py` makes this page; a test fails if the page and the code differ.

The problem (LABEL; gold: ANSWER), for a student that writes the gold trace:

```text
PROMPT
```

*class* and *facts* stand for the sentences that introduce the two steps. "Implied" is the answer that follows by rule from
the forced facts, if it is not the gold answer.

"""
    + TABLE_HEAD
)

FOOT = """
`truncated(k)` keeps the first k steps; `wrong_facts` replaces `one` fact or `all` facts; `blocked` hides `trace` or `story`.
Another package offers a condition as an entry point of the group `tracekd.conditions`: a `tracekd.interventions.Condition` with a
function that returns the text to force, or raises `Unsupported` with the reason.

## What each is made from

- `gold`, `wrong_..`, `implied`, `implied_by` and `swapped` are made from the *gold* trace. It is the same for every student, so
  students can be compared; and `gold`, `wrong_class`, `wrong_facts(all)` and `wrong_both` differ in exactly one step each.
- `truncated`, `shuffled`, `duplicated`, `paraphrased` and `filler` are made from the student's *own* trace. They do not exist for
  outputs without a readable trace.
- `trace_only` and `blocked` force the student's *own* trace, unchanged, and hide something. Under `trace_only` the prompt has no
  story: if the answer stays, the trace was sufficient for it. Under `blocked(trace)`, the tags after the trace and the answer
  cannot attend to the trace, and under `blocked(story)` not to the story. Positions stay as they are. Other tokens have read the
  hidden part before: a trace that was read with the story in view may carry more of the story than its words. So compare
  `trace_only` (the words of the trace alone) with `blocked(story)` (the words, and what the student computed while it read them).
- `resampled(k)` keeps the first k steps of the student's own trace, and lets it write the rest anew, each token drawn by its
  probability. So the forced trace is the student's own kind of text, and not foreign. The draws are a pure function of seed and
  problem. A trace that the student does not end within its limit of tokens is counted, not cut.
- `cross(regime)` forces the trace that the student of another regime, with the same seed, wrote on the same problem. It
  exists only in studies. Study and command make it when the other students are finished. If two regimes are crossed with each
  other, the report has [their direct and indirect effects](#direct-and-indirect-effects).
- `implied` is the decisive condition. If possible, it replaces as few gold facts as possible by other facts of the same context
  (for example an older move). Otherwise it changes one value in the gold facts to another value of the same kind in the same
  prompt, such that a story could hold the changed fact, or swaps the two things in every gold fact, or drops some gold facts. In
  every case, the task's rule derives one answer from the facts, in every order, and it is not the gold answer. If the rules find
  no such facts, the problem has no `implied`. If an answer has several values, the implied answer may share some of them. No
  rule derives answers from passages (HotpotQA, 2WikiMultihopQA, MuSiQue, MS MARCO): there, the answer's name, date or number is
  exchanged in the gold facts for one of the same kind ([how often this succeeds](../benchmarks/validation/exchanged_names.md)).
  The answer of a student is then compared as a whole, not by words in common. Of published problems, 1,590 of 1,819 have an
  implied answer in bAbI (fewest in `agents-motivations`, 27 of 91, `lists-sets`, 50, and `counting`, 54), and 1,369 of 1,370
  in CoTempQA: [by family, and how long the traces take to draw](../benchmarks/speed/forced_traces.md).
- `implied_by` does the same with facts of one kind, so that the kinds can be compared on the *same* problems: other facts of the
  `story`; gold facts with one value `altered`, or else with their two things exchanged, so that the story does not contain them;
  or `foreign` facts, the gold facts of another story's problem of the same class. The rule derives another answer to this
  problem's question from each of them. No rule answers a question of CoTempQA from another story, because its names are of one
  story; and no rule answers questions on passages, where only `altered` exists.
- If a condition is impossible for a problem, this is counted by reason, and nothing replaces it. Shares are among the problems
  that have the condition; compare conditions on the same problems.
- The forced trace is a pure function of the seed, the problem and the student's output.

## Free traces

Students that reason [in their own words](free-traces.md) have traces without the template. In a study with `trace = "free"`
or `"auto"` (for one student: `tracekd intervene STUDENT --trace free`), the student's own trace is its reasoning, byte for
byte: the text between its marks of reasoning, or without marks all text before `<answer>`, or else the whole output, if its
statements claim more than the answer. It is forced as any other, with ` </think> <answer>` after it: where such a student
would write `\\boxed{}` or a sentence, it now begins an answer in our form. So compare with `own`, its own trace forced again
in the same form, and not with its output.

All conditions on its own trace work as above; without the template's sentences, a step is a line. Three more change one
*statement* by rule, and the task's [grammar](free-traces.md) judges the changed trace anew. If it does not read what was
meant, the condition does not exist for this output; the reasons are counted. They need a grammar, and do not exist for traces
of the template.

FREE

- The statement is the same under all three: of the claims that the grammar reads and that do not say what the answer is, the
  `first`, the `last`, a `drawn` one, or the `decisive` one, with which the student's answer begins to follow from its trace
  and does so up to the end. If its answer does not follow from its trace, no statement is decisive. Statements on the class
  of the question do not count for this: they rest on the whole story.
- `statement_cut`: the text of the statement leaves, with its place in a list or the words that join it to another clause. All
  other statements are judged as before. The numbers of a list are not changed.
- `statement_negated`: `not` comes to a verb, or leaves it. The grammar reads the opposite: what held is now false, and what
  was false now holds. All other statements are judged as before. The grammar of CoTempQA reads only few denials, of
  comparisons.
- `statement_replaced`: one name of the statement becomes another of its kind from the context, wherever the trace has it; the
  statement is now false, and no later one says it right. Names from which another answer than gold follows come first; among
  these, names that the trace did not have before, because otherwise it says two things of one name. Dates are not replaced.
- In passages, a statement can be cut; the grammar reads hardly any other change, and no rule derives an answer, so that no
  statement is decisive.
- The implied answer is the only one that the task's rule derives from the statements that the changed trace ends on. It is
  unknown if the trace says another answer itself.

## How to read the measures

MEASURES

All are means over the outputs of all seeds, with [95 % intervals](statistics.md) about new stories and new seeds. Every change is
measured within one problem and one seed. `n` is the number of outputs behind a figure.

## Measures of the literature

They are computed if their conditions were tried. They stand in a folded part of the report's section 6, in what
`tracekd intervene` prints, and under `published` in its JSON. For programs, `MEASURES` of
`tracekd.interventions.published_measures` has these and the ones above, each with its conditions and a score for each output.

PUBLISHED

The formulas of CIR, SR, KL and NLDD were read from the code that the papers' authors have published. An effect holds the
probabilities of whole answers (gold, own, implied), not a whole distribution or logits. Therefore:

- **CIR and KL**: a distribution has two values here, the student's own answer and all other answers together. For CIR, the code
  of its authors does the same. For KL, the paper takes the mean over the answer's tokens of the divergence over the
  vocabulary; and it hides the whole prompt, where we hide the story and leave the question. The divergence of two values is
  never more than that of whole answers. Probabilities are kept at least 1e-6 away from 0 and 1, so a KL is at most 13.8 nats.
- **CIR** cuts the trace after steps (each `truncated(k)` that was tried), not after words.
- **SR**: the paper removes the answer from the trace, and asks another, strong model for it, once with the question and once
  without it. Both answers must be that of the student. Here the student itself reads its trace without the story: a low SR
  can also mean that this student cannot read a trace alone.
- **NLDD**: the lead is the log-odds of the gold answer, so it is over all other answers and not only the next one. The
  paper's unit (the spread of the logits) cancels in the quotient. The gold trace is the clean one, and the wrong step is its
  last one. Only answers that are right after the gold trace count, with a lead of at least 0.1 nats: NLDD divides by it.
- **Brier score and calibration error** are about the student's own answer after its own trace. The calibration error of few
  outputs is above 0 even if a student is calibrated; compare it only at equal n.

## Direct and indirect effects

Write Y(a, M(b)) for the answer of the student of regime a after the trace of the student of regime b. With
`conditions = ["cross(a)", "cross(b)", ..]`, all four are known, on the same problems and seeds, and the difference between two
regimes divides into two parts that add up to it (Pearl 2001; VanderWeele 2014):

- **direct**: Y(b, M(a)) - Y(a, M(a)), another student after the same trace;
- **indirect**: Y(b, M(b)) - Y(b, M(a)), the same student after another trace.

The other order gives two more numbers, Y(b, M(b)) - Y(a, M(b)) and Y(a, M(b)) - Y(a, M(a)); if they differ from the first two,
students and traces act together. All are differences of shares of right answers, with intervals and tests about new stories and
new seeds; Holm's family is the direct and indirect effects of all pairs. Problems for which one of the two students wrote no
readable trace are left out of all parts.

Elsewhere, natural effects need the assumption that nothing hidden acts on both mediator and outcome. Here traces are forced, so
it holds by construction. What remains is that a foreign trace may act by being foreign. *Sensitivity*: `explained_away` is the
share of problems in which this would have to change the answer for the interval to hold 0.

In the default study, students taught `correct` and `incorrect` give as many right answers (-0.1 points, -1.5 to 1.4), but not in
the same way. After traces of `incorrect`, those of `correct` lose 52.2 points (45.6 to 58.8). Those of `incorrect` answer alike
after both (-0.1 points, -0.4 to 0.2): they do not use them. No single direct or indirect effect shows this; both orders do.

    tracekd study first --set 'conditions=["cross(correct)", "cross(incorrect)"]'

## What they do not show

- They show **reliance under this intervention** only. A student may read a forced trace differently from its own. Under
  `swapped`, `filler` or `none` it sees something new, and a changed answer may be confusion. Therefore `implied` asks *which*
  answer comes, not whether it changed.
- A student that ignores a contradiction, and a student that notices it and trusts the story, give the same answer. "Does not
  follow" does not prove that a right trace is not used.
- If no other facts of the story imply another answer, `implied` alters a fact (as `implied_by(altered)` does in the example
  above), and a student may notice that the story does not contain it. So the two kinds are also counted separately
  (`follows_story`, `follows_altered`). They may differ: in the default study, students taught `correct` follow facts of the story
  in nine of ten problems, and altered facts in four of ten, almost never in `basic-deduction`. These are different problems:
  `implied_by` compares the kinds on the same ones. Look at each class before you generalise.
- An exchanged fact stands in the trace in the place of the gold fact with the same rank in the story. So the order of action and
  move may be reversed, compared with the gold trace.
- Many answers are `yes` or `no`: a student that guesses follows in half of the problems. Look at *follows, from right*, and at
  each class.
- `paraphrased`, `duplicated` and `shuffled` change the form, not the content: changed answers there are *not* reliance on
  content. Rules make the paraphrases; a sentence without a rule stays as it is, and a trace of such sentences only has no
  paraphrase.
- A benchmark measures how well each measure tells students that must use their trace from students that cannot, and names the
  weak measures: [benchmarks/validation/reliance.md](../benchmarks/validation/reliance.md)."""


if __name__ == "__main__":
    main()
