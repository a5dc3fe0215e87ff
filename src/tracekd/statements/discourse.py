"""Leads in any order of words: the beginning of a statement, if it only tells how somebody knows what follows.

`From what I gather, ..`, `the passage makes it clear that ..`, `putting this together, ..`: such a beginning ends with `that`, a
comma or a colon, comes before all names, and has only words of a closed list. No word of the list denies, doubts or dates.
"""

import re

from tracekd.statements.doubtful import DOUBTFUL
from tracekd.statements.names import MARKS

_WORDS = frozenset(
    # pronouns and what words refer to
    "i we you he me us my our your one it it's that's this that these those all both what which who here everything anyone "
    "i'm i'd i've i'll we're we'd we've we'll myself ourselves "
    # where it is said
    "passage text context story list record records facts fact line lines sentence sentences entry entries information info "
    "source sources data statement statements document page material paragraph details detail description narrative table "
    "excerpt account snippet item items bullet clue clues hint premise premises evidence dates timeline notes log "
    # to say, to see, to think
    "see sees seeing seen find finds finding found read reads reading learn learns learned learnt tell tells told say says said "
    "saying make makes made making show shows shown showing state states stated stating mention mentions mentioned know known "
    "knows knowing gather gathered think thinks believe believes argue guess reckon feel hold conclude concludes concluded "
    "infer inferred deduce deduced imply implies implying suggest suggests indicate indicates confirm confirms establish "
    "establishes lead leads leading take takes taken taking put puts putting note noted notice observe observed understand "
    "recall remember remembered follow follows mean means meaning give gives given giving appear appears seem seems sound "
    "get gets got go goes going come comes bring brings serve serves look looks looking check checking checked "
    "consider considering considered judge judging based according spell spells spelled report reports reported repeat "
    "describe describes described express expressed explain explains explained reveal reveals specify specifies prove proves "
    "demonstrate demonstrates attest add adds maintain assert asserts claim claims declare declares provide provides inspect "
    "work works worked working combine combining combined piece piecing sum summing summarise summarize summarising back add "
    "adding scan scanning review reviewing examine examining compare comparing revisit revisiting reason reasoning bet "
    "wager informed inform feeling holds needed required saying told telling notes almost second sec "
    "venture gather vouch swear contend submit figure convince convinced persuaded led left tempted inclined ready prepared "
    "worth noting remark remarking bear bearing keep keeping draw drawing drawn arrive arrives arriving turn turns "
    # auxiliaries
    "is are was were be been being am has have had having do does did can could may might will would must should shall let "
    # how sure it is
    "clear plain evident obvious likely probable certain sure confident safe fair true right reasonable apparent plausible "
    "explicit confirmed established settled transparent correct good strong positive "
    # nouns of thinking
    "knowledge understanding opinion view impression mind conclusion conclusions inference deduction reason reasons basis light "
    "likelihood probability memory implication consequence result results upshot case thing things matter word words "
    "way ways sense sight look appearances indications accounts assessment estimation estimate belief estimate hunch "
    "interpretation "
    "recollection summary essence effect bottom line gist truth ground grounds certainty confidence lesson takeaway "
    "inspection reflection reading logic step steps next hand whole observation analysis reality short total "
    # small words
    "a an the to of in on by from as for with and so then thus hence therefore together above far best than out into up "
    "or too also again even just quite fairly pretty very rather well simply how much good more most least about upon "
    "accordingly consequently ergo further furthermore moreover likewise similarly overall same first second third fourth fifth "
    "another other few among because since why where when off along through over closer closely taken "
    "okay ok alright yes yeah yep sure fine great hmm hm ah oh ha aha look listen see indeed surely certainly besides anyway "
    "nonetheless nevertheless still instead though however actually frankly honestly admittedly wait hang hold sorry oops "
    "written verbatim citation quoted cited excerpt known quote fact namely viz ie eg specifically basically essentially clearly "
    "evidently rightly".split()
)
# Beginnings with a word that is not on the list.
_FIXED = re.compile(
    r"(?:(?:there is |there's |there can be )?(?:no|little|without (?:a |any )?) ?(?:doubt|question)"
    r"(?: (?:about it|that|in my mind))?|"
    r"(?:more|as) likely (?:than|as) not|if (?:my )?memory (?:serves|holds)(?: me)?(?: (?:right|well|correctly))?|"
    r"(?:unless|if) (?:i'm|i am|we are|we're) (?:not )?(?:very much |quite )?(?:wrong|mistaken|misreading (?:it|this|the text))|"
    r"unless i (?:misread|am missing|miss|missed|overlooked)(?: something| it| the text)?|"
    r"as things are|that is why|this is why|which is why|it (?:can|could)(?:not|n't) be (?:doubted|denied)|"
    r"it stands to reason|needless to say|not surprisingly|for (?:that|this|these|which) reasons?|"
    r"there can be no doubt|i have no doubt|i don't doubt|i (?:do )?not doubt|undoubtedly|doubtless|"
    r"there(?:'s| is) (?:a|one|another) (?:\w+ ){1,3}?(?:saying|stating|that says|which says|that states)|"
    r"(?:i'm|i am) (?:(?!not |never |hardly |less |un)\w+ )?(?:confident|sure|certain|convinced)(?= )|"
    r"(?:i'm|i am) (?:inclined|tempted|ready) to (?:say|think|believe)|"
    r"(?:it )?(?:seems|looks|sounds)(?: to me)? like|(?:i'm|i am) guessing|hence why|i mean|"
    r"(?:so |now )?at this (?:point|stage),? (?:we|i) (?:know|have|see|can see|find|can say)|"
    r"you know|come to think of it|if anything)(?: that(?= )|,|:| -|(?= ))"
)
# What follows `that` after such a word is said, seen or thought, whatever words come before, except the ones that deny,
# doubt, suppose, ask, plan or date.
_UNSURE = re.compile(
    r"\b(?:not|no|nobody|none|nothing|few|less|barely|never|neither|nor|hardly|\w+n't|cannot|without|doubt\w*|den(?:y|ies|ied)|"
    r"unlikely|impossible|"
    r"false|wrong|incorrect|untrue|mistake\w*|error|confus\w*|if|unless|whether|suppos\w*|assum\w*|imagin\w*|pretend\w*|hypothe\w*|"
    r"had|question|ask\w*|"
    r"wonder\w*|hope|wish|ensure|verify|make sure|check that|before|after|until|when|while|during|once|so that|now that|"
    r"given that|"
    r"provided that|except|other than|rather than|instead|answer\w*|option\w*|he|she|they)\b"
)
_DATES = re.compile(
    r"\b(?:first|last|then|later|earlier|final\w*|end|start\w*|begin\w*|now|current\w*|previous\w*|initial\w*|since|"
    r"years?|times?|days?|"
    r"moment|point|stage|next|prior|present\w*|recent\w*|original\w*|former\w*|eventual\w*|otherwise|same|between|both|either|"
    r"respectively|period|north|south|east|west|left|right|above|below|inside|contrast|there|here|overlap\w*|simultaneous\w*)\b"
)
_READING = re.compile(
    r"(?:if|unless) (?:i|we|you)(?:'m|'ve|'re)? (?:\w+ ){0,4}?"
    r"(?:read|reading|recall|remember|understand|understood|see|mistaken|wrong|"
    r"correct|correctly|right|following|get|got|have (?:it|this|that)|miss(?:ed|ing)?|overlook\w*|misread\w*)(?: \w+){0,4}, ?"
)
# After a comma or such a beginning, `that leaves ..` and `that was ..` say something of what was said before.
_SAYS_MORE = r"(?!(?:of|is|was|were|leaves|puts|places|brings|makes|gives|overlaps|ended|started|began|comes|came)\b)"
_THAT = re.compile(rf"(\w+)(?: that (?!of )|, that {_SAYS_MORE})")
_COMMA = re.compile(r"(?!as )[^,.:;?]{2,60}, ")
_MOST_UNKNOWN = 1
# `It coincides, at least in part, with ..` begins with what it claims.
_SAYS_OF_IT = re.compile(r"(?:it|this|that|these|those|he|she|they|which|who|there|the two|both)\b")
_CASE = re.compile(
    r"(?:(?:the )?(?:first|second|third|other|another) )?(?:case|scenario|option|hypothesis|possibility|assumption)\b"
)
# `In every case, ..` says of what the statement is said.
_OF_ALL = re.compile(
    r"(?:in|for|with|across) (?:all|each|every|any)(?: of)?(?: the| these| those)? "
    r"(?:cases?|match(?:es)?|instances?|pairs?|candidates?)\b|(?:each|every) time\b"
)
_END = re.compile(rf",|: |:$|(?<!,) that(?= (?!of ))|(?<=,) that(?= {_SAYS_MORE})| - | – | — ")
_LONGEST = 90
_NAME = re.compile(f"[{MARKS}]")
_DATES_IT = frozenset(
    "currently presently previously originally initially formerly recently finally lately eventually".split()
)


def without_discourse(body: str) -> str:
    """A key without the words of this kind with which it begins; the same key if there are none."""
    fixed = _FIXED.match(body) or _READING.match(body)
    if fixed is not None:
        return body[fixed.end() :].lstrip(" ,:-")
    if _CASE.match(body) or _OF_ALL.match(body):
        return body
    name = _NAME.search(body)
    end = min(len(body), _LONGEST, name.start() if name else _LONGEST)
    last = _of_known_words(body, end)
    if last > 0:
        return body[last:].lstrip()
    for that in _THAT.finditer(body, 0, end):
        if _is_known(that[1]) and not _UNSURE.search(body, 0, that.end()):
            return body[that.end() :]
    comma = _COMMA.match(body, 0, end)
    if comma and not _UNSURE.search(comma[0]) and not _DATES.search(comma[0]):
        unknown = {word for word in comma[0].split() if not _is_known(word)}
        if len(unknown) > _MOST_UNKNOWN or (unknown and _SAYS_OF_IT.match(body)):
            return body
        return body[comma.end() :]
    return body


def _of_known_words(body: str, end: int) -> int:
    """Where a beginning of known words ends; 0 if there is none."""
    last = 0
    for found in _END.finditer(body, 0, min(end + 1, len(body))):
        if found.start() > end or not all(map(_is_known, body[last : found.start()].split())):
            break
        last = found.end()
    return last


def _is_known(word: str) -> bool:
    word = word.strip(",:;.()'-–—")
    if not word or word in _WORDS or (word.isdigit() and len(word) < 3):
        return True
    return word.endswith("ly") and word not in _DATES_IT and word not in DOUBTFUL
