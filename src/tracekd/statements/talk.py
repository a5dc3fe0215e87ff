"""What makes no claim: questions, plans, talk about the task, suppositions; and the words that take a claim back.

All patterns are for a key: lower case, single blanks, marks for names. They match from the beginning, with possessive
repetitions, so time is linear.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from tracekd.statements.introductions import answer_part
from tracekd.statements.names import MARKS

Kind = Literal["claim", "question", "plan", "task", "supposition", "case", "retraction"]
WHY_NO_CLAIM: dict[Kind, str] = {
    "question": "it asks",
    "plan": "it says what to do next",
    "task": "it talks about the task",
    "supposition": "it supposes something",
    "case": "it supposes something",
    "retraction": "it takes something back",
}

# Adverbs that change what a statement claims.
DOUBTFUL = frozenset(
    "hardly barely rarely nearly scarcely supposedly allegedly unlikely seemingly falsely wrongly".split()
)


class Talk(NamedTuple):
    """What a statement is. `body` is its key without the words that lead in; `ends`: it ends a supposition before it.

    `kind` is what it is if the grammar of the task cannot read it; `is_sure`: it is that in any case. `retracts`: it
    takes back the claim before it, and may make a new one. `marks`: how many names `body` has.
    """

    kind: Kind
    body: str
    is_sure: bool
    retracts: bool
    ends: bool
    marks: int = 0


_SOURCE = (
    r"(?:the |this |our |your |my |that |these |those |another |one |each )?(?:given |provided |above |original |"
    r"relevant |last |first |second |third |fourth |fifth |final |next |other |same )*"
    r"(?:context|text|passage|story|facts?|list|information|data|statements?|sentences?|lines?|"
    r"table|entr(?:y|ies)|record|excerpt|source|paragraph)"
    r"(?: (?:provided|given|above|again|here|of (?:players|people|individuals|events|facts|"
    r"positions|employers)))*(?: #?\d{1,3})?"
)
_SEES = (
    r"(?:can |could |would |should |now |also |do |already |then |thus |therefore |clearly |must )*"
    r"(?:see|know|find|found|note|notice|have|conclude|infer|deduce|say|gather|learn|learned|"
    r"learnt|read|think|believe|guess|realize|realise|understand|recall|observe|get|suspect|saw|"
    r"reckon|figure|take it|am told|are told|am sure|am confident|am certain|am fairly sure|am "
    r"pretty sure)"
)
_LEADS = re.compile(
    "(?:"
    + "|".join(
        (
            r"(?:so|therefore|thus|hence|then|next|now|also|and|but|or|however|finally|lastly|first|"
            r"firstly|second|secondly|third|thirdly|"
            r"well|okay|ok|right|alright|hmm+|oh|ah|actually|clearly|obviously|presumably|"
            r"probably|likely|apparently|evidently|"
            r"indeed|in fact|in conclusion|in summary|in short|to sum up|overall|in other words|"
            r"consequently|accordingly|as a result|"
            r"additionally|moreover|furthermore|meanwhile|similarly|likewise|again|still|yet|besides|"
            r"anyway|basically|essentially|"
            r"specifically|importantly|interestingly|note|conclusion|observation|result|step \w{1,5}|to "
            r"begin with|to start|for sure|"
            r"of course|surely|certainly|undoubtedly|naturally|meaning|implying|"
            r"for this reason|from this|from that|from these|from there|by this|by that|based on (?:this|"
            r"that|these)|with that|that said|"
            r"to my (?:understanding|knowledge|mind)|in my (?:view|reading|opinion)|if i(?:'m| am) not "
            r"mistaken|if i (?:recall|read|remember) (?:correctly|it right|right)|as "
            r"far as i can (?:tell|see)|"
            r"as (?:stated|mentioned|noted|said|given)(?: (?:above|earlier|before|in " + _SOURCE + r"))?|"
            r"to be (?:precise|exact|clear|sure)|to recap|in particular|at least|all in all|on the other "
            r"hand|on top of that|that is|i\.e\.?|e\.g\.?|"
            r"unsurprisingly|admittedly|fortunately|luckily|let me see|let's see|wait|sorry|oops|"
            r"correction|hold on|ugh|hm|since|because|given that|seeing that|considering that|as)"
            r"(?:[,:;.!—–-]++ ?|(?= ))+",
            r"(?:no|yes|yeah|yep)(?:[,:;.!—–]++ ?)",
            r"(?:while |although |though |even though )(?=[" + MARKS + r"])",
            r"(?:i|we|you|one)(?:'d|'ve|'m|'re)? "
            + _SEES
            + r"(?: from "
            + _SOURCE
            + r"| here| in "
            + _SOURCE
            + r")?(?: that|:|,)?(?= )",
            r"it(?:'s| is| was)? (?:also )?(?:follows|seems|appears|clear|stated|said|says|written|known|"
            r"given|true|evident|obvious|safe to say|turns out|looks like|mentioned|noted|likely|means|"
            r"mentions|states)"
            r"(?: from " + _SOURCE + r"| in " + _SOURCE + r")?(?: that|,|:|(?= ))",
            r"(?:this|that|which) (?:also |clearly |in turn )?(?:means|implies|tells us|shows|suggests|"
            r"indicates|confirms|tells me|gives us|gives|makes it clear|leads to|proves|establishes)(?: "
            r"that|:|,|(?= ))",
            r"(?:according to|based on|per|as per|from|in|looking at|going by|judging (?:from|by)|given|"
            r"by|as stated in|as given in|reading|going through|looking through|checking|scanning|"
            r"consulting|by (?:examining|checking|comparing|reviewing|analy[sz]ing|looking at|reading|going through)|"
            r"examining|reviewing|analy[sz]ing|considering) "
            + _SOURCE
            + r"(?:,|:|(?= (?:we|i|it|the|["
            + MARKS
            + r"])))",
            _SOURCE + r" (?:also |then |next |clearly |explicitly )?(?:says|say|states|state|mentions|mention|"
            r"tells us|tell us|tells me|shows|show|reads|indicates|indicate|gives|notes|note|reports|"
            r"report|specifies|lists|has it|is)(?: that|:|,|(?= (?:he|she|they) (?:is|was|were|had|held|worked|played)\b))",
            _SOURCE + r":",
            r"(?:note|recall|remember|notice|observe|keep in mind|consider|know|see|mind|suffice it to "
            r"say|the fact is|the point is|the thing is|one fact is|i'm (?:fairly |pretty |quite "
            r")?(?:sure|certain|confident)|my (?:reading|understanding|guess|conclusion) is|the "
            r"(?:upshot|conclusion|result|consequence) is)(?: that|:|,)",
        )
    )
    + ") *+"
)
_WH = re.compile(r"(?:so |and |but |then )?(?:what|where|who|whom|whose|how many|how much|how|why)\b(?!ever)")
_AUX = re.compile(r"(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should)\b")
_PLAN = re.compile(
    r"(?:let me|let's|let us|lets|"
    r"(?:i|we|you)(?:'ll|'d|'m|'re)? (?:also |now |first |then |still |just |only |should |will |"
    r"must |would |might )*+(?:need|have to|should|must|will|want|going to|'ll|can (?:now "
    r")?(?:check|look|compare|use|try|start|begin|go|proceed|move|work|list|examine|identify|"
    r"determine)|look|check|compare|proceed|examine|start|begin|go through|identify|focus|try|"
    r"trace|go|shall)\b|"
    r"to (?:answer|determine|find|solve|figure|know|see|identify|decide|get|work|do|check|be able)\b|"
    r"(?:check|look|compare|try|go|identify|find|start|begin|determine|looking|checking|going|"
    r"re-?read|reading|trace|tracing|list|listing|examine|verify|review)\b|"
    r"the (?:next|first|last|second|final) (?:step|thing) (?:is|to)|the (?:goal|aim|key|idea|plan|task|job) is)"
)
_TASK = re.compile(
    r"\b(?:questions?|prompt|the user|the task|the problem|instructions?|asked|asks|asking|"
    r"re-?read|confus\w*+|typo|unclear|"
    r"answer (?:should|must|could|might|needs|may|format|has to|given|requires)|not clear|only "
    r"return|helpful assistant|relevant|irrelevant|"
    r"information|as follows|following|makes sense|double.?check|step by step|carefully|explanation|"
    r"(?:the |this )?(?:context|text|passage|story|list|facts?) (?:provides?|lists?|contains?|"
    r"gives?|has|have|includes?|mentions?|does|doesn't|do|don't|is|are|says?|states?|shows?))\b"
)
_SUPPOSES = re.compile(
    r"(?:if|unless|in case|had|were|should|what if|whether|even if|assuming|supposing|provided "
    r"that|when we assume)\b(?! i(?:'m| am) not| i (?:recall|read|remember))"
)
_CASE = re.compile(
    r"(?:suppose|assume|let's (?:say|assume|suppose|imagine|pretend|imagine)|let us (?:say|"
    r"assume|suppose|imagine)|let me (?:assume|suppose|imagine)|imagine|hypothetically|"
    r"say (?:that )?|(?:first |second |third |another |other )?(?:case|scenario|hypothesis|"
    r"possibility|assumption)\b(?: \w{1,5})? ?[:.]|"
    r"(?:i|we) (?:will |could |can |might |may )?(?:assume|suppose|imagine|hypothesi[sz]e|"
    r"pretend)|for the sake of argument|under (?:the|this) assumption)"
)
_MODAL = re.compile(
    r"\b(?:would|could|might|may|maybe|perhaps|possibly|wonder|not sure|unsure|can't tell|cannot "
    r"tell|should be)\b"
)
_ENDS = re.compile(
    r"(?:but |so |and |thus |therefore,? |hence,? |however,? )*+(?:(?:this|that|which|it) "
    r"(?:contradicts|is a contradiction|is impossible|is not possible|can't be|cannot be|leads "
    r"to a contradiction|"
    r"does not (?:work|fit|match|hold)|doesn't (?:work|fit|match|hold)|fails|is ruled out|"
    r"conflicts|clashes|would contradict)|(?:this|that|our|the) (?:assumption|case|hypothesis|"
    r"supposition|guess)|a contradiction|contradiction|"
    r"in (?:conclusion|fact|reality)|back to|returning|in reality|actually|the (?:context|story|"
    r"text|facts?) (?:says?|states?)|the (?:final |correct )?answer(?! (?:would|could|might|"
    r"may))|"
    r"regardless|in either case|either way|in both cases|wait|setting that aside|dropping that|"
    r"without (?:the|that) assumption)\b"
)
_RETRACTS = re.compile(
    r"(?:(?:but |and |oh |oops|hmm+|wait|no|actually|hold on|sorry|ah|well)[,.;:!—– -]*+)*+"
    r"(?:(?:wait|hold on|actually|oops|hmm+|oh|ah|sorry)[,.;:!—– -]*+no\b|no[,.;:!—– -]++(?:wait|"
    r"that|this|it|actually|sorry|scratch|i\b)|scratch that|strike that|correction|"
    r"(?:that|this|it|what i (?:said|wrote)|the (?:last|previous) (?:statement|claim|line|step|"
    r"sentence))(?:'s| is| was| isn't| wasn't)(?: just)?(?: not)? ?(?:wrong|incorrect|right|"
    r"correct|a mistake|an error|false|true|mistaken|a slip|inaccurate)\b|"
    r"(?:i|we) (?:made|have made|'ve made|was|were|am|got|had) (?:a mistake|an error|a slip|"
    r"wrong|mistaken|that wrong|it wrong|this wrong|that backwards|it backwards|confused|mixed "
    r"up)|"
    r"i (?:misread|misspoke|mixed|confused|misremembered|take that back|stand corrected|retract|"
    r"must correct|need to correct|should correct)|my (?:mistake|bad|error)|let me (?:correct|"
    r"fix|rephrase|redo|restate)|oops|on second thought|not so fast|that can't be right|that "
    r"cannot be right|forget that|never ?mind)"
)
_STEPS = ("go ", "going ", "to get ", "to go ")
_RIGHT = re.compile(r"\b(?:that|this|it)(?:'s| is| was) (?:just )?(?:right|correct|true)\b")
_MARK = re.compile(f"[{MARKS}]")
_UNTIL_COLON = re.compile(r"[^:]{0,120}+:(?: (?=\S)|\Z)")
# A part of a question: `which | position did NAME hold ..`.
_NOUN_DID = re.compile(rf"(?:\w+ ){{1,2}}(?:did|does) (?=[{MARKS}])")
_LOOKING = re.compile(rf"(?:looking|going|checking|scanning|reading) [^,{MARKS}]{{0,80}}+, ?")


@lru_cache(maxsize=2**14)
def read_talk(key: str, quoted: bool) -> Talk:
    """What the statement with this key is; see `Talk`."""
    talk = _read_talk(key, quoted)
    return talk._replace(marks=len(_MARK.findall(talk.body)))


def _read_talk(key: str, quoted: bool) -> Talk:
    retracts = _retracts(key)
    ends = _ENDS.match(key) is not None
    body = key
    if retracts and (after := _RETRACTS.match(key)):
        body = key[after.end() :].lstrip(" ,.;:!—–-")
    if key.rstrip("\"'*_”’) ").endswith("?"):
        return Talk("question", body, True, retracts, ends)
    body = _without_leads(body)
    if _CASE.match(body):
        return Talk("case", body, True, retracts, ends)
    if _SUPPOSES.match(body):
        return Talk("supposition", body, True, retracts, ends)
    plan = _PLAN.match(body)
    if plan and (lead := _UNTIL_COLON.match(body)) and lead.end() < len(body):
        body, plan = _without_leads(body[lead.end() :]), None
    if plan and (looking := _LOOKING.match(body)):
        body, plan = _without_leads(body[looking.end() :]), None
    if _NOUN_DID.match(body):
        return Talk("question", body, True, retracts, ends)
    if _WH.match(body) or (quoted and _AUX.match(body)):
        # `What she fears is ..` says something.
        return Talk("question", body, quoted or not _MARK.search(body), retracts, ends)
    if plan:
        # `Go south from the kitchen` may be a step of a way.
        is_sure = not (body.startswith(_STEPS) and _MARK.search(body))
        return Talk("plan", body, is_sure, retracts, ends)
    if (part := answer_part(body)) and (rest := _without_leads(part)) and (_PLAN.match(rest) or _WH.match(rest)):
        # `The answer is: To find it, we need to ..`
        return Talk("plan" if _PLAN.match(rest) else "question", rest, not rest.startswith(_STEPS), retracts, ends)
    if _TASK.search(body):
        return Talk("task", body, False, retracts, ends)
    if _MODAL.search(body):
        return Talk("supposition", body, False, retracts, ends)
    if retracts and not body.strip(" .!,"):
        return Talk("retraction", body, True, True, ends)
    return Talk("retraction" if retracts else "claim", body, False, retracts, ends)


def _retracts(key: str) -> bool:
    return _RETRACTS.match(key) is not None and not (_RIGHT.search(key) and "not" not in key and "n't" not in key)


def _without_leads(body: str) -> str:
    # Each round removes a lead, and there are rarely more than three.
    for _ in range(8):
        lead = _LEADS.match(body)
        if lead is None or lead.end() == 0:
            break
        body = body[lead.end() :].lstrip()
    return body
