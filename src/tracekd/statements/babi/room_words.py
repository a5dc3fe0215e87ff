"""The words of statements about people and things in rooms, each with its symbol, and the phrases that stand for words.

Symbols besides the names (`P` person, `L` place, `T` thing, `D` time of day): `u` he or she, `i` it, `h` there; `b` is,
`w` was, `n` in, `f` from, `o` to, `a` by, `j` with; `m` moves, `l` leaves, `g` gets, `d` drops, `v` gives, `r` receives,
`k` has, `H` had; `X` not, `&` and, `e` either, `/` or, `Q` perhaps; `N` a number, `q` objects, `0` nothing; `z` now or
last, `y` before.
"""

import re

from tracekd.statements.babi.words import NUMBERS, signs, table

_SILENT = (
    # articles, pronouns, auxiliaries
    "the a an this that which of own both all any one's whose who itself himself herself "
    "do does did been be being having there's 's there'd he'd she'd must should can "
    # words that join and order
    "so as for while when where upon then afterwards afterward after later next subsequently following meanwhile "
    "onward onwards since first second third start beginning same "
    # adverbs
    "also just still already again back eventually quickly immediately soon simply even too only once straight directly "
    "along together exactly altogether over up down away off out around "
    # nouns without content
    "time point stage moment day story house location place position whereabouts room spot status total way side "
    "character person item object thing current known overall getting "
    # where a thing is
    "lies lie lay rests rest found situated located sitting lying kept staying standing waiting resting placed seen "
    "stayed stays stay remains remained remain remaining ended wound continued proceeds"
)
_WORDS = table(
    _SILENT,
    {
        "u": "he she him her they them his their who himself herself",
        "i": "it its",
        "h": "there here",
        "b": "is are 's are be =",
        "w": "was were been",
        "n": "in at inside within on",
        "f": "from",
        "o": "to into toward towards for",
        "a": "by",
        "j": "with alongside",
        "m": "moved moves move moving went gone goes go going journeyed journeys journey travelled "
        "traveled travels travel walked walks walk "
        "headed heads head entered enters enter reached reaches reach arrived arrives arrive "
        "visited visits visit returned returns "
        "return came comes come proceeded wandered strolled ran relocated drove rushed hurried "
        "stepped ventured shifted "
        "travelling traveling walking heading entering reaching arriving visiting returning "
        "coming turned goes made strode marched migrated",
        "l": "left leaves leave leaving exited exits departed departs quit vacated",
        "g": "got gets get gotten took takes take grabbed grabs grab picked picks pick obtained obtains "
        "acquired acquires collected collects "
        "fetched fetches gathered lifted retrieved snatched seized gained taken grabbing picking taking claimed",
        "d": "dropped drops drop discarded discards put puts set sets released abandoned laid deposited "
        "dropping discarding ditched relinquished",
        "v": "gave gives give handed passed passes hands handing giving given delivered transferred",
        "r": "received receives receive accepted",
        "k": "has have holds hold holding carries carry carrying possesses possess owns keeps keep "
        "possession bears holder carrier",
        "H": "had held carried possessed owned",
        "X": "not no never cannot can't neither nor isn't aren't wasn't weren't doesn't don't didn't "
        "hasn't haven't hadn't longer without",
        "&": "and , plus &",
        "e": "either",
        "/": "or",
        "Q": "might may could maybe perhaps possibly",
        "N": " ".join(NUMBERS[1:]) + " 1 2 3 4 5 6 7 8 9 10",
        "q": "objects object items item things belongings",
        "0": "nothing none anything zero empty 0 empty-handed",
        "z": "finishes finish finished now present currently finally presently last ultimately latest "
        "final recent recently lastly end ends today",
        "y": "before previously prior earlier initially originally formerly",
    },
)
_NUMBER_OR_WORD = re.compile(r"[a-z]+|\d+")


def _said_as(words: str, *phrases: str) -> tuple[re.Pattern[str], str]:
    return re.compile("|".join(phrases)), words


# Applied in this order.
_PHRASES = (
    _said_as(" now ", r"\bat this (?:point|moment|time|stage)(?: in time)?\b"),
    _said_as(
        " went ",
        r"\b(?:decided|chose|opted|managed|continued|proceeded|went on|started|began) (?:on )?to (?:go|move|"
        r"walk|travel|head|return)\b",
        r"\bon (?:the|his|her|their) way(?= to)",
    ),
    _said_as(" was ", r"\b(?:has|have|had) (?:now |then |just |already |since )?been (?=\w+(?:ed|en|ut|ft|pped)\b)"),
    _said_as(" passed ", r"\bpassed on\b"),
    _said_as(" with ", r"\bbelongs? to\b"),
    _said_as(" one ", r"\b(?:a|one) single\b"),
    _said_as(
        " ",
        r"\bin (?:his|her|their) (?:hands?|possession|arms)\b",
        r"\bwith (?:him|her|them)\b",
    ),
    _said_as(
        " not ",
        r"\bno longer\b",
        r"\b(?:has|have|had) not yet\b",
    ),
    _said_as(
        " then ",
        r"\bany ?(?:more|longer)\b",
        r"\blater on\b",
        r"\bafter (?:which|a while)\b",
    ),
    _said_as(" was in ", r"\b(?:has|have|had) (?:already )?been (?:in|to|at|inside)\b"),
    _said_as(" is ", r"\b(?:is|was) the (?:one|person|only one) (?:who |that |which )?(?:is |was )?"),
    _said_as(" empty ", r"\bempty[- ]handed\b"),
    _said_as(
        " now ",
        r"\b(?:in|at|by|to) the (?:very )?end(?: of (?:the |this )?(?:story|day|passage|text|narrative))?\b",
        r"\bby (?:now|then)\b",
        r"\bend(?:ed|s)? up\b",
        r"\bwound up\b",
        r"\bmost recent(?:ly)?\b",
    ),
    _said_as(
        " earlier ",
        r"\b(?:before|prior to|previous to) (?:that|this|then)\b",
        r"\b(?:at|in) (?:first|one point|some point|the start|the beginning|an earlier point)\b",
        r"\bonce\b",
        r"\bto begin with\b",
    ),
    _said_as(" then ", r"\b(?:after|following) (?:that|this|which)\b"),
    _said_as(
        " went ",
        r"\b(?:made|took|makes|takes|made) (?:a|the|another) (?:\w+ )?(?:trip|journey|walk|move|visit|detour|"
        r"stop|stroll)\b",
        r"\bset (?:off|out)\b",
        r"\bshowed up\b",
        r"\bdropped by(?= (?:the|at) )",
        r"\bstopped by\b",
        r"\bfound \w+ way\b",
        r"\bmade (?:his|her|their|its) way\b",
    ),
    _said_as(" is ", r"\b(?:can|could|may|to) (?:now |still |then |currently )?be (?:found|seen|located)\b"),
    _said_as(
        " got ",
        r"\b(?:got|gets|took|takes|laid|has|have) (?:hold|possession|hands) (?:of|on)\b",
        r"\bgot (?:his|her|their) hands on\b",
    ),
    _said_as(" has ", r"\b(?:is|was|are|were)? ?in (?:the )?possession of\b"),
    _said_as(
        " dropped ",
        r"\bput aside\b",
        r"\bleft behind\b",
    ),
    _said_as(
        " ",
        r"\b(?:has|have|had|having) (?=(?:just |already |then |since |also |now |finally )?(?:moved|gone|went|"
        r"journeyed|travel|return|walked|picked|taken|grabbed|got|dropped|discarded|left|given|handed|passed|"
        r"received|put|arrived|entered|visited|headed|collected|obtained)\w*\b)",
    ),
    _said_as(" is not in ", r"\b(?:absent from|away from|not to be found in|nowhere near)\b"),
    _said_as(" either ", r"\b(?:at|in) (?:one of|either)\b"),
    _said_as(r"picked \1", r"\bpicked (\S+(?: \S+)?) up\b"),
    _said_as(r"dropped \1", r"\b(?:puts?|sets?|laid|put) (\S+(?: \S+)?) down\b"),
    _said_as(
        " dropped ",
        r"\blets? go of\b",
        r"\bgot rid of\b",
        r"\bparted with\b",
        r"\bset down\b",
        r"\bput down\b",
        r"\blaid down\b",
    ),
    _said_as(
        r" with \1 ",
        r"\b(?:in|into) (?:the )?(?:possession|hands?) of\b",
        r"\bin (\S+?)(?:'s)? (?:possession|hands?)\b",
    ),
    _said_as(" moved ", r"\b(?:made|makes) (?:\w+ )?way\b"),
    _said_as(" went to ", r"\b(?:got|gets|get|getting) (?:back )?(?:to|into) (?=the )"),
    _said_as(
        " now ",
        r"\b(?:right|just) now\b",
        r"\bat present\b",
        r"\bthese days\b",
    ),
    _said_as(
        " ",
        r"\bin (?:total|all|sum)\b",
        r"\ball in all\b",
        r"\ba total of\b",
    ),
    _said_as(
        " went ",
        r"\bpaid a visit\b",
        r"\btook a trip\b",
    ),
    _said_as(" went ", r"\btook (?=(?:to|into) )"),
    _said_as(" either ", r"\b(?:in|inside) (?:either|one of)\b"),
    _said_as(" ", r"\b(?:the )?(?:number of|count of) (?:objects|items|things)\b"),
)


def room_signs(body: str) -> str:
    """The symbols of the words of a statement without phrases (see `in_words`), in order."""
    return signs(body, _WORDS)


def in_words(body: str) -> str:
    """A statement with single words instead of the phrases that mean the same."""
    for pattern, words in _PHRASES:
        body = pattern.sub(words, body)
    return body


def number_words(body: str) -> list[str]:
    """The numbers of a statement, as they are written."""
    return [word for word in _NUMBER_OR_WORD.findall(body) if _WORDS.get(word) == "N"]
