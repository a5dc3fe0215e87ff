"""bAbI (arXiv 1502.05698): twenty families of questions over short stories; the class is the name of the family."""

from collections.abc import Iterator
from io import StringIO

from tracekd.problem import Problem
from tracekd.tasks.babi import rules
from tracekd.tasks.babi.families import FAMILIES, LABELS, TEMPLATE, classify
from tracekd.tasks.babi.kinds_and_motives import colours_of_kind
from tracekd.tasks.babi.load import load, story_problems
from tracekd.tasks.babi.possessions import fitting_gifts
from tracekd.tasks.babi.sentences import plain
from tracekd.tasks.babi.story_format import read_stories
from tracekd.tasks.check import Check, check_by_rule
from tracekd.tasks.contract import Task

_EXAMPLE = """\
1 Mary moved to the garden.
2 Daniel took the apple there.
3 Daniel went to the office.
4 Sandra journeyed to the hallway.
5 Where is the apple? \toffice\t2 3
"""


def _example() -> Problem:
    (story,) = read_stories(StringIO(_EXAMPLE), "the documentation")
    (problem,) = story_problems(story, 2, "example/0", "the documentation")
    return problem


def _check(problem: Problem) -> Check:
    return check_by_rule(problem, rules.solve, faults=_label_faults(problem))


def _label_faults(problem: Problem) -> Iterator[str]:
    """Yield what a rule finds wrong, whichever answer is gold.

    `ambiguous_object`, `ambiguous_person`: gifts of several things, or by or to several people, fit the question.
    `conflicting_evidence`: the others of the same kind have several colours.
    """
    if problem.label not in (FAMILIES[5], FAMILIES[16]):
        return
    question, facts = plain(problem.question), [plain(fact.text) for fact in problem.context]
    if problem.label == FAMILIES[16]:
        if len(colours_of_kind(question, facts)) > 1:
            yield "conflicting_evidence"
    elif len({answer for _, answer in fitting_gifts(question, facts)}) > 1:
        yield "ambiguous_object" if question.startswith("what") else "ambiguous_person"


_OF_THE_PAPER = {FAMILIES[number] for number in (1, 2, 4, 7, 8, 12, 14, 15, 16, 17, 18)}


def _in_paper(problem: Problem) -> bool:
    """The eleven families and the first question of each story: what arXiv 2505.13792 uses of the data set.

    Ids count facts and questions together, so before the first question there are as many facts as lines.
    """
    return problem.label in _OF_THE_PAPER and problem.id.rpartition("/")[2] == str(len(problem.context) + 1)


TASK = Task(
    name="babi",
    summary="twenty families of questions over short stories of simple sentences",
    labels=LABELS,
    template=TEMPLATE,
    load=load,
    example=_example,
    solve=rules.solve,
    has_rule=rules.has_rule,
    check=_check,
    classify=classify,
    subsets={"paper": _in_paper},
    formats=(
        "official text files (qa1_..._train.txt, qa1_train.txt), or a folder of them",
        "rows of the Hub (facebook/babi_qa), the family named by file or folder (en-qa1/train.jsonl): "
        "JSON Lines, JSON, Parquet",
        "hub:facebook/babi_qa:en-qa1[:SPLIT]",
    ),
    licence="CC BY 3.0",
    citation="Weston et al. 2015, arXiv 1502.05698",
    homepage="https://research.facebook.com/downloads/babi/",
)
