"""What the student wrote, in other words: the same meaning, and by the task's rule the same answer.

After the paraphrases of Lanham et al. (arXiv 2307.13702). There, a language model writes them. Here, rules write them, so that
the meaning is known to stay: they know the sentence forms of bAbI and CoTempQA, and phrases of any English text. The
sentences that introduce a step are not changed: without them, no step would be found.
"""

import re
from collections.abc import Sequence
from random import Random

from tracekd.interventions.condition import Condition, Forced, Own
from tracekd.interventions.conditions.own_trace import written
from tracekd.problem import Answer, Problem
from tracekd.regimes.contract import Setting, Streams, Unsupported
from tracekd.regimes.fact_changes import converse
from tracekd.regimes.following import Story
from tracekd.tasks.check import same_answer
from tracekd.tasks.context import normalized
from tracekd.tasks.cotempqa.intervals import DATE
from tracekd.tasks.cotempqa.wording import WORDINGS
from tracekd.tasks.list_literal import write_list
from tracekd.verify.parse import parse

_TIME = "yesterday|this morning|this afternoon|this evening"
_RELATED = "|".join(re.escape(words) for wording in WORDINGS for words in wording.facts)

# Words that mean the same in the middle of a sentence of this form. The form must match the whole sentence: who `passed
# the milk to Mary` handed it to her, but nobody hands a law.
_VERBS = (
    (
        rf"(\w[\w ]{{0,60}}? )VERB(?: back)?( to the \w+(?: (?:{_TIME}))?\.?)",
        ("went", "moved", "journeyed", "travelled"),
    ),
    (r"(\w+ )VERB( the \w+(?: there)?\.?)", ("got", "took", "grabbed", "picked up")),
    (r"(\w+ )VERB( the \w+(?: there)?\.?)", ("dropped", "left", "discarded", "put down")),
    (r"(\w+ )VERB( the \w+ to \w+\.?)", ("gave", "handed", "passed")),
    (rf"(.{{1,200}}? )VERB( .{{1,200}} (?:in|from) {DATE}.{{0,40}})", ("works for", "worked for")),
)
_FORMS = tuple(
    (re.compile(form.replace("VERB", f"({'|'.join(verbs)})")), verbs) for form, verbs in _VERBS
)  # fmt: skip

# Parts of a sentence that can be reordered or written in a longer form.
_ORDERS = (
    (re.compile(r"([A-Z]\w*) and ([A-Z]\w*) (\w[\w ]{0,30} to the \w+\.?)"), r"\2 and \1 \3"),
    (re.compile(r"(\w+ is either in the )(\w+) or the (\w+)(\.?)"), r"\1\3 or the \2\4"),
    (re.compile(rf"(.{{1,200}} (?:{_RELATED}) .{{1,200}}) in ({DATE})(\.?)"), r"\1 from \2 to \2\3"),
)

# Phrases that mean the same everywhere.
_PHRASES = (
    ("for example", "for instance"),
    ("also known as", "also called"),
    ("because of", "due to"),
    ("located in", "situated in"),
    ("approximately", "roughly"),
    ("in order to", "so as to"),
    ("is not", "isn't"),
    ("was not", "wasn't"),
    ("does not", "doesn't"),
    ("did not", "didn't"),
)
_OTHER = {said: other for pair in _PHRASES for said, other in (pair, pair[::-1])}
_PHRASE = re.compile(rf"\b({'|'.join(map(re.escape, _OTHER))})\b")
# The rules of bAbI do not read the short form.
_IS_NOT_IN = re.compile(r"\w+ is not in the \w+\.?")


def _paraphrased(problem: Problem, own: Own | None, setting: Setting, streams: Streams) -> Forced:
    text = written(own).text
    cited = tuple(dict.fromkeys(parse(f"<think>{text}</think>", setting.template, "stop").cited or ()))
    rng = streams("paraphrased")
    if not cited:
        said = "\n".join([reworded(line, rng) for line in text.split("\n")])
    else:
        other = {fact: reworded(fact, rng) for fact in cited}
        if not _same_follows(problem, setting, other):
            raise Unsupported("from the paraphrase, another answer would follow")
        said = _with_facts(text, other)
    if said == text:
        raise Unsupported("no rule can paraphrase a sentence of the trace")
    return Forced(said)


def _with_facts(text: str, other: dict[str, str]) -> str:
    """The trace with each fact changed, inside or outside a list."""
    for fact, said in other.items():
        item = _item(fact)
        text = text.replace(item, _item(said)) if item in text else text.replace(fact, said)
    return text


def _item(fact: str) -> str:
    return write_list((fact,))[1:-1]


def _same_follows(problem: Problem, setting: Setting, other: dict[str, str]) -> bool:
    """Whether the same answer follows by rule from the paraphrased facts; or no answer follows from either."""
    last = Story.of(problem).last
    facts = sorted(other, key=lambda fact: last.get(normalized(fact), len(last)))
    before, after = (_derived(problem, setting, texts) for texts in (facts, [other[fact] for fact in facts]))
    if before is None or after is None:
        return before is after
    return same_answer(after, before)


def _derived(problem: Problem, setting: Setting, facts: Sequence[str]) -> Answer | None:
    return setting.derive(problem.question, facts, problem.label)


def reworded(fact: str, rng: Random) -> str:
    """The fact in other words, or unchanged if no rule applies. Takes linear time."""
    if (turned := converse(fact)) is not None:
        return turned
    other = _other_order(_other_verb(fact, rng))
    if other != fact or _IS_NOT_IN.fullmatch(fact):
        return other
    return _PHRASE.sub(lambda found: _OTHER[found[0]], fact)


def _other_verb(fact: str, rng: Random) -> str:
    for form, verbs in _FORMS:
        if said := form.fullmatch(fact):
            return said[1] + rng.choice([verb for verb in verbs if verb != said[2]]) + said[3]
    return fact


def _other_order(fact: str) -> str:
    for form, other in _ORDERS:
        if said := form.fullmatch(fact):
            return said.expand(other)
    return fact


PARAPHRASED = Condition(
    "paraphrased",
    "the student's own trace, with its facts in other words",
    "Lanham et al. 2023, arXiv 2307.13702: paraphrasing",
    _paraphrased,
)
