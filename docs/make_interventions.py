"""Writes docs/interventions.md from interventions.md.j2: one problem under every condition, and how to read the results.

python docs/make_interventions.py
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from html import escape
from pathlib import Path

from jinja2 import Environment, StrictUndefined

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
TEMPLATE = PAGE.with_suffix(".md.j2")
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
    # Only our own texts come in, and the page is Markdown: nothing to escape.
    template = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    return template.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        label=problem.label,
        answer=render_answer(problem.answer),
        prompt=TASK.template.render_prompt(problem).rstrip("\n"),
        table="\n".join([TABLE_HEAD, *table(problem, setting)]),
        free_table=free_table(problem, setting),
        measures=measures(),
        published=published(),
    )


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


if __name__ == "__main__":
    main()
