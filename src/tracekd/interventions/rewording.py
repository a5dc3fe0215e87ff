"""The same fact in other words, by rule: the sentence forms of bAbI and CoTempQA, and phrases of any English text.

What is said stays the same, and so does what the tasks' rules derive: the tests hold them to it.
"""

import re
from random import Random

from tracekd.interventions.relations import converse
from tracekd.tasks.cotempqa.intervals import DATE
from tracekd.tasks.cotempqa.wording import WORDINGS

_TIME = "yesterday|this morning|this afternoon|this evening"
_RELATED = "|".join(re.escape(words) for wording in WORDINGS for words in wording.facts)

# Words that say the same in the middle of such a sentence. It must be of the form as a whole: whoever `passed the milk
# to Mary` handed it to her, but nobody hands a law.
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

# Parts of a sentence that may stand in another order, or be said at more length.
_ORDERS = (
    (re.compile(r"([A-Z]\w*) and ([A-Z]\w*) (\w[\w ]{0,30} to the \w+\.?)"), r"\2 and \1 \3"),
    (re.compile(r"(\w+ is either in the )(\w+) or the (\w+)(\.?)"), r"\1\3 or the \2\4"),
    (re.compile(rf"(.{{1,200}} (?:{_RELATED}) .{{1,200}}) in ({DATE})(\.?)"), r"\1 from \2 to \2\3"),
)

# Phrases that say the same wherever they stand.
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


def reworded(fact: str, rng: Random) -> str:
    """The fact in other words, or as it is where no rule knows any. Time is linear in its length."""
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
