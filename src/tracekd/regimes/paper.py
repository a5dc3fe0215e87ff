"""The traces of the paper's released data, byte for byte, with all their faults, for replication.

arXiv 2505.13792 and its released code. `correct` writes what "reasoning facts" has there, `incorrect` what "perturbed"
has; the two others are `answer_only` and `class_only` as they are. Known faults, kept: correct CoTempQA traces leave the
event of the question out and state every fact that contains an answer anywhere; its incorrect ones are a single sentence
where the correct ones are a list, and may be the event of the question; bAbI's incorrect facts are in lower case, and
there may be none; MARCO's passage is guessed by word overlap, and a short gold passage can count as a wrong one. The
released code draws without a seed; here the draws are of the same kind, with a seed.
"""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from tracekd.parameter import Parameter
from tracekd.problem import Problem
from tracekd.regimes.contract import Regime, Setting, Streams, Supervise, Unsupported
from tracekd.regimes.intent import CORRECT, INCORRECT
from tracekd.regimes.wrong_steps import wrong_label
from tracekd.tasks.list_literal import write_list
from tracekd.tasks.msmarco.load import NO_ANSWER, words
from tracekd.trace import Say, Trace

# A wrong passage shares fewer words than this with the gold one.
_SHARED_WORDS = 8

# The text after the sentence that introduces the facts.
_Cited = Callable[[Problem, Random], str]


def _babi_right(problem: Problem, rng: Random) -> str:
    """The supporting sentences in story order, which may differ from the annotated order."""
    return write_list(tuple(fact.text for fact in problem.context if fact.id in problem.support["support"]))


def _babi_wrong(problem: Problem, rng: Random) -> str:
    gold = {text.lower() for text in problem.texts(problem.support["support"])}
    others = [text for fact in problem.context if (text := fact.text.lower()) not in gold]
    return write_list(tuple(rng.sample(others, min(len(problem.support["support"]), len(others)))))


def _cotempqa_right(problem: Problem, rng: Random) -> str:
    return write_list(problem.texts(problem.support["answer_facts"]))


def _cotempqa_wrong(problem: Problem, rng: Random) -> str:
    others = [fact.text for fact in problem.context if fact.id not in problem.support["answer_facts"]]
    return rng.choice(others) if others else "[]"


def _msmarco_right(problem: Problem, rng: Random) -> str:
    """The passage that contains most words of the answer, or the answer itself if there is no passage."""
    return next(iter(problem.texts(problem.support["word_overlap"])), problem.answer.values[0])


def _msmarco_wrong(problem: Problem, rng: Random) -> str:
    texts = [fact.text for fact in problem.context]
    if problem.answer.values[0] != NO_ANSWER:
        gold = words(_msmarco_right(problem, rng))
        texts = [text for text in texts if len(gold & words(text)) < _SHARED_WORDS]
    return rng.choice(texts) if texts else "[]"


_TASKS: dict[str, tuple[_Cited, _Cited]] = {
    "babi": (_babi_right, _babi_wrong),
    "cotempqa": (_cotempqa_right, _cotempqa_wrong),
    "msmarco": (_msmarco_right, _msmarco_wrong),
}
_VARIANTS: Sequence[str] = ("correct", "incorrect")


def _variant(which: str) -> Supervise:
    at = _VARIANTS.index(which)

    def supervise(problem: Problem, setting: Setting, streams: Streams) -> Trace:
        if problem.task not in _TASKS:
            raise Unsupported(f"the paper has no data of {problem.task}")
        label = wrong_label(problem, setting, streams) if which == "incorrect" else problem.label
        cited = _TASKS[problem.task][at](problem, streams("paper's facts"))
        template = setting.template
        return Trace(steps=(Say(text=f"{template.classify} {label}.\n{template.retrieve} {cited}"),))

    return supervise


def _intent(which: str) -> Mapping[str, Any]:
    return {"intent": CORRECT if which == "correct" else INCORRECT}


REGIME = Regime.with_parameter(
    "paper",
    "what the paper's released code writes, byte for byte",
    Parameter("variant", "correct or incorrect", "correct", _variant, _intent),
)
