"""Six small problems of bAbI, which differ in the place that is the answer."""

from tracekd.problem import Answer, Fact, Problem, gold_trace
from tracekd.tasks import get_task

TASK = get_task("babi")
PLACES = ("office", "garden", "kitchen", "den", "attic", "hall")


def problem(place: str) -> Problem:
    facts = (f"Mary went to the {place}.", "John went to the cellar.", "Ann said \u201cna\u00efve\u201d.")
    return Problem(
        id=f"made/{place}", task="babi", group=place, question="Where is Mary?", source="made:1",
        context=tuple(Fact(id=str(number), text=text) for number, text in enumerate(facts)),
        answer=Answer(kind="one_of", values=(place,)), trace=gold_trace("single-supporting-fact", ("0",)),
        support={"support": ("0",)},
    )  # fmt: skip


PROBLEMS = tuple(map(problem, PLACES))


def trace_of(problem: Problem) -> str:
    return TASK.template.render_trace(problem, problem.trace)
