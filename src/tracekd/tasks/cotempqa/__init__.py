"""CoTempQA (arXiv 2406.09072): which events took place at the same time as another one. The class is how they overlap."""

from tracekd.problem import Problem
from tracekd.tasks.contract import Task
from tracekd.tasks.cotempqa.check import check
from tracekd.tasks.cotempqa.intervals import LABELS
from tracekd.tasks.cotempqa.load import SUPPORT_KINDS, load, make_problem
from tracekd.tasks.cotempqa.rules import classify, has_rule, premises, read_slots, solve
from tracekd.tasks.cotempqa.wording import TEMPLATE

_EXAMPLE = (
    "Ada Brook works for Fernhill Observatory from 1991 to 1999.",
    "Ada Brook works for Harbour Clock Company from March, 1996 to May 2, 2004.",
    "Ada Brook works for Tidewater College in 1984.",
    "Ada Brook holds the position of warden of the lighthouse from 1992 to 1998.",
    "Ada Brook works for Mill Lane Bakery from 2006 to 2011.",
)


def _example() -> Problem:
    question = (
        "While Ada Brook was working for Fernhill Observatory, which employer did Ada Brook work for simultaneously?"
    )
    return make_problem("overlap", question, _EXAMPLE, ("Harbour Clock Company",), source="the documentation:1")


TASK = Task(
    name="cotempqa",
    summary="events that took place at the same time as another one, among dated facts",
    labels=LABELS,
    template=TEMPLATE,
    load=load,
    example=_example,
    solve=solve,
    has_rule=has_rule,
    check=check,
    slots=read_slots,
    classify=classify,
    premises=premises,
    support_kinds=SUPPORT_KINDS,
    formats=(
        "JSON Lines named by class (equal.json, during.json, overlap.json, mix.json), or a folder of them",
        "CSV with the class in a column or in the file name, and lists as Python prints them (the paper's derived files)",
        "hub:Warrieryes/CotempQA:CONFIG:SPLIT, where CONFIG or SPLIT names the class",
    ),
    licence="Apache-2.0 according to its README; without a licence file",
    citation="Su et al. 2024, Living in the Moment: Can Large Language Models Grasp Co-Temporal Reasoning?, "
    "arXiv 2406.09072",
    homepage="https://github.com/zhaochen0110/Cotempqa; on the Hub: Warrieryes/CotempQA",
)
