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
    """Yield the faults of the question: more than one answer fits it.

    `ambiguous_object`: gifts of several things fit. `ambiguous_person`: gifts by several people, or to several people,
    fit. `conflicting_evidence`: the other animals of the same kind have several colours.
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
    """The part of the data set that arXiv 2505.13792 uses: eleven families, and the first question of each story.

    Ids count facts and questions together: the id of the first question is the number of facts before it plus 1.
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
        "rows of the Hub (facebook/babi_qa), with the family in the name of file or folder (en-qa1/train.jsonl): "
        "JSON Lines, JSON, Parquet",
        "hub:facebook/babi_qa:en-qa1[:SPLIT]",
    ),
    licence="CC BY 3.0",
    citation="Weston et al. 2015, arXiv 1502.05698",
    homepage="https://research.facebook.com/downloads/babi/",
)
