"""The words with which a statement begins, and which do not change what it claims: `so`, `we know that`, `the text says:`.

The patterns are for a key (see `talk`).
"""

import re
from functools import lru_cache

from tracekd.statements.alternatives import any_of
from tracekd.statements.discourse import without_discourse
from tracekd.statements.introductions import answer_part, answers_at_end
from tracekd.statements.kept import KEPT
from tracekd.statements.names import BELOW_MARKS, MARKS
from tracekd.statements.stretches import beginning

_SOURCE = (
    any_of("the |this |our |your |my |that |these |those |another |one |each ") + "?"
    + any_of(
        "given |provided |above |original |relevant ",
        "last |first |second |third |fourth |fifth |final |next |other |same ",
    ) + "*"
    + any_of(
        "context|text|passage|story|document|facts?|list|information|data|statements?|sentences?|lines?",
        "table|entr(?:y|ies)|record|excerpt|source|paragraph",
    )
    + "(?: "
    + any_of(
        "provided|given|above|again|here",
        "of " + any_of("players|people|individuals|events|facts|positions|employers"),
    )
    + r")*(?: #?\d{1,3})?"
)  # fmt: skip
_SEES = (
    any_of("can |could |would |should |now |also |do |already |then |thus |therefore |clearly |must ") + "*"
    + any_of(
        "see|know|find|found|note|notice|have|conclude(?! with)|infer|deduce|say|gather|learn|learned|learnt|read",
        "think|believe|guess|suppose|realize|realise|understand|recall|observe|get|suspect|saw|reckon|figure",
        "take it|am told|are told|am sure|am confident|am certain|am fairly sure|am pretty sure",
    )
)  # fmt: skip
# Words that join, order, hedge or stress.
_ADVERBS = any_of(
    # `now` before a name says when; `now, ..` and `now I see ..` do not.
    rf"now(?=[,:]|$| (?!(?:the )?[{MARKS}]|(?:he|she|it|they)\b))",
    "so|therefore|thus|hence|then|next|also|and|but|or|however",
    "finally|lastly|first|firstly|second|secondly|third|thirdly",
    "well|okay|ok|right(?! of| now)|alright|hmm+|oh|ah|actually",
    "(?:most|very|quite) (?:likely|probably)",
    "clearly|obviously|presumably|probably|likely|apparently|evidently|indeed|in fact",
    "in conclusion|in summary|in short|to sum up|overall|in other words",
    "consequently|accordingly|as a result|additionally|moreover|furthermore|meanwhile|similarly|likewise",
    "again|still|yet|besides(?=[,:])|anyway|basically|essentially|specifically|importantly|interestingly",
    r"note|observation|step \w{1,5}|to begin with|to start|to conclude|to sum up",
    "for sure|of course|surely|certainly|undoubtedly|naturally|meaning|implying",
    "for this reason|from this|from that|from these|from there|by this|by that",
    "based on " + any_of("this|that|these"),
    "with that|that said",
    "to my " + any_of("understanding|knowledge|mind"),
    "in my " + any_of("view|reading|opinion"),
    "if i(?:'m| am) not mistaken",
    "if i " + any_of("recall|read|remember") + " " + any_of("correctly|it right|right"),
    "as far as i can " + any_of("tell|see"),
    "as " + any_of("stated|mentioned|noted|said|given") + "(?: " + any_of("above|earlier|before|in " + _SOURCE) + ")?",
    "to be " + any_of("precise|exact|clear|sure"),
    "to recap|in particular|at least|all in all|on the other hand|on top of that",
    r"that is|i\.e\.?|e\.g\.?",
    "unsurprisingly|admittedly|fortunately|luckily",
    "here's|here is|let me see|let's see|wait|sorry|oops|correction|hold on|ugh|hm",
    "since|because|given that|seeing that|considering that|as(?! of| things)",
)
# How a reader tells that the context says something.
_READING = any_of(
    "according to|based on|per|as per|from|in|looking at|going by",
    "judging (?:from|by)|given|by|as stated in|as given in",
    "reading|going through|looking through|checking|scanning|consulting",
    "by " + any_of("examining|checking|comparing|reviewing|analy[sz]ing|looking at|reading|going through"),
    "examining|reviewing|analy[sz]ing|considering",
)
_SAYS = any_of(
    "says|say|states|state|mentions|mention|tells us|tell us|tells me|shows|show|reads",
    "indicates|indicate|gives|notes|note|reports|report|specifies|lists|has it|is",
)
_IT_IS = any_of(
    "follows|seems|appears|clear|stated|said|says|written|known|given|true|evident|obvious|safe to say",
    "turns out|looks like|(?:looks|seems|appears) as (?:if|though)|mentioned|noted|likely|means|mentions|states",
)
_THIS_MEANS = any_of(
    "means|implies|tells us|shows|suggests|indicates|confirms|tells me|gives us|gives",
    "makes it clear|leads to|proves|establishes",
)
_REMEMBER = any_of(
    "note|recall|remember|notice|observe|keep in mind|consider|know|see|mind|suffice it to say",
    "the fact is|the point is|the thing is|one fact is",
    "i'm (?:fairly |pretty |quite )?" + any_of("sure|certain|confident"),
    "my " + any_of("reading|understanding|guess|conclusion") + " is",
    "the " + any_of("upshot|conclusion|result|consequence") + " is",
)
# What may follow `the text says` without `that`.
_HE_WAS = (
    rf" (?:he|she|they) (?:is|was|were|had|held|worked|played)\b| both [{MARKS}]"
    r"| (?:from|in|on|at|during|between|before|after|compared|relative|all|every|you can|it was|to the|by)\b(?! which)"
)
_LEADS = re.compile(
    any_of(
        _ADVERBS + r"(?:[,:;.!—–-]++ ?|(?= ))+",
        r"(?:(?:no|yes|yeah|yep|nope|nah|wait) ?)+(?:[,:;.!—–]++ ?)",
        rf"(?:while |although |though |even though )(?=[{MARKS}])",
        rf"(?:i|we|you|one)(?:'d|'ve|'m|'re)? {_SEES}(?: from {_SOURCE}| here| in {_SOURCE})?(?: that|:|,)?(?= )",
        rf"it(?:'s| is| was)? (?:also )?{_IT_IS}(?: from {_SOURCE}| in {_SOURCE})?(?: that|,|:|(?= ))",
        rf"(?:this|that|which) (?:also |clearly |in turn )?{_THIS_MEANS}(?: that|:|,|(?= ))",
        rf"{_READING} {_SOURCE}(?:,|:|(?= (?:we|i|it|the|[{MARKS}])))",
        rf"{_SOURCE} (?:also |then |next |clearly |explicitly )?{_SAYS}(?: that|:|,|(?={_HE_WAS}| (?:the )?[{MARKS}]))",
        f"{_SOURCE}:",
        "the user (?:mentioned|mentions|said|says|stated|states) that(?= )",
        rf"{_REMEMBER}(?: that|:|,)",
        "what (?:we|i|you) (?:now |also )?(?:have|see|find|know|read)(?: here| now)? is(?: that)?(?= )",
    )
    + " *+"
)
# There are rarely more than three.
_MOST_LEADS = 8


def without_leads(body: str) -> str:
    """A key without the words that lead in."""
    if answers_at_end(body):
        return strip_leads(body)
    return body[_length_of_leads(beginning(body)) :]


@lru_cache(maxsize=KEPT)
def _length_of_leads(begin: str) -> int:
    return len(begin) - len(strip_leads(begin))


def strip_leads(body: str) -> str:
    """`without_leads`, from the whole statement."""
    for _ in range(_MOST_LEADS):
        if body[:1] > BELOW_MARKS:
            break  # most statements begin with a name
        rest = body if answer_part(body) is not None else without_discourse(body)
        if rest == body:
            lead = _LEADS.match(body)
            if lead is None or lead.end() == 0:
                break
            rest = body[lead.end() :].lstrip()
            if answer_part(body) is not None and answer_part(rest) is None:
                break  # `this gives us NAME`
        body = rest
    return body
