"""What the student wrote in other words: the same meaning, and by the task's rule the same answer.

After the paraphrases of Lanham et al. (arXiv 2307.13702). There, a language model writes them; here, rules do, so that
what stays the same is known. The sentences that introduce a step stay as they are: without them, no step is there.
"""

from collections.abc import Sequence

from tracekd.interventions.condition import Condition, Forced, Own
from tracekd.interventions.conditions.whole import written
from tracekd.interventions.rewording import reworded
from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Setting, Streams, Unsupported
from tracekd.regimes.following import Story
from tracekd.tasks.check import same_answer
from tracekd.tasks.context import normalized
from tracekd.tasks.list_literal import write_list
from tracekd.verify.parse import parse


def _paraphrased(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    text = written(own).text
    cited = tuple(dict.fromkeys(parse(f"<think>{text}</think>", setting.template, "stop").cited or ()))
    rng = streams("paraphrased")
    if not cited:
        said = "\n".join([reworded(line, rng) for line in text.split("\n")])
    else:
        other = {fact: reworded(fact, rng) for fact in cited}
        if not _same_follows(problem, setting, other):
            raise Unsupported("in other words, another answer would follow")
        said = _with_facts(text, other)
    if said == text:
        raise Unsupported("no rule says a sentence of the trace in other words")
    return Forced(said)


def _with_facts(text: str, other: dict[str, str]) -> str:
    """The trace with each fact changed, where it stands as an item of a list, or bare."""
    for fact, said in other.items():
        item = _item(fact)
        text = text.replace(item, _item(said)) if item in text else text.replace(fact, said)
    return text


def _item(fact: str) -> str:
    return write_list((fact,))[1:-1]


def _same_follows(problem: Problem, setting: Setting, other: dict[str, str]) -> bool:
    """Whether the same answer follows by rule from the facts in other words, or as before none does."""
    last = Story.of(problem).last
    facts = sorted(other, key=lambda fact: last.get(normalized(fact), len(last)))
    before, after = (_derived(problem, setting, texts) for texts in (facts, [other[fact] for fact in facts]))
    if before is None or after is None:
        return before is after
    return same_answer(after, before)


def _derived(problem: Problem, setting: Setting, facts: Sequence[str]) -> Answer | None:
    return setting.derive(problem.question, facts, problem.label)


PARAPHRASED = Condition(
    "paraphrased",
    "what the student wrote, its facts in other words",
    "Lanham et al. 2023, arXiv 2307.13702: paraphrasing",
    _paraphrased,
)
