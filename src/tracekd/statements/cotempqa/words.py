"""The words of statements about events in time, each with its symbol. A statement is read only if all its words are known.

Symbols: `n` a name, `d` a date, `r` a relation such as `works for`; `f` from, `t` to, `-` a dash, `j` between, `&` and;
`c` begins, `e` ends; `X` not; `b` is; `p` he or she, `q` it or this, `w` a word for what is asked (`player`); and
the relations in time: `V` overlaps, `L` at the same time, `U` during, `W` within, `H` contains, `E` same, `I` identical,
`B` before, `A` after; `R` the word relation, `M` mixed. Words without a symbol say nothing.
"""

import re
from functools import lru_cache

from tracekd.statements.cotempqa.dates import DATE_MARK
from tracekd.statements.talk import DOUBTFUL

NAME_MARK = "\ue001"
RELATIONS = "VLUWHEIBA"
UNKNOWN = "?"
NUMBER = "#"  # a number that is no date

_SILENT = (
    # articles, prepositions, pronouns, auxiliaries
    "the a an of for at in on as with by his her their its he's s me us him own that's it's himself herself themselves itself "
    "had has have been being be do does did "
    # how many, which one
    "two both these those all each other another else one ones any some first least only respectively "
    # words for times
    "period periods time times time's tenure tenures term terms stint stints interval intervals span spans spell "
    "range ranges duration years year date dates era frame window timeframe timespan timeline timelines "
    "days months reign mandate point moment temporal "
    # what is done in a time
    "career careers employment service membership role job stay office seat charge chairmanship leadership ownership "
    "presidency studies education enrollment tenured residence affiliation "
    # that it happened
    "event events place took take takes taking happened happening happen happens occurred came come comes made "
    "lasted lasting ran running run runs stand stands case situation question concerned "
    # that it is said
    "mentioned listed active shown stated recorded given known currently "
    # adverbs
    "also just very entire whole full here there point namely indeed again still already even too further once "
    "about around roughly approximately exactly precisely perfectly fully entirely completely partly partially part "
    "clearly directly well over actual actually definitely certainly possible sometime somewhere new"
).split()
_SYMBOLS = {
    "r": "owning works worked working work employed employs plays played playing play attended "
    "attending attend attends studied studying "
    "study studies enrolled student students member members belonged belonging belongs belong owned owns "
    "acquired hired employ staff leader led leads leading acted acting acts footballer educated "
    "pupil presided presiding ran governed appointed elected named hands property possession "
    "taught enrolls signed "
    "captained directed managed represented competed appeared chair chaired chairs head "
    "headed heads led "
    "holds held holding hold served serves serve serving position post party team school "
    "employee owner football",
    "f": "from since",
    "t": "to until till through thru",
    "j": "between",
    "&": "and plus & ,",
    "c": "joined joins started starts start began begins begin beginning starting commenced",
    "e": "finishing concluding ended ends end ending finished finishes concluded left stopped expired quit terminated",
    "X": "not no non never neither nor without isn't aren't doesn't don't didn't wasn't weren't "
    "can't cannot nothing lack",
    "b": "is are was were",
    "p": "he she they them him her who whom",
    "q": "it this that which",
    "w": "person persons people individual individuals player players employer employers teammate "
    "teammates entity company companies "
    "organization organisation man woman colleague colleagues answer answers someone somebody "
    "officeholder candidate candidates club institution",
    "V": "overlap overlaps overlapped overlapping intersect intersects intersected intersecting "
    "share shares shared sharing",
    "L": "simultaneously simultaneous concurrently concurrent contemporaneous "
    "contemporary contemporaneously alongside cotemporal "
    "together coincide coincides coincided meanwhile parallel",
    "U": "during while when throughout amid whilst",
    "W": "within inside contained subset enclosed nested included",
    "H": "contains contain containing covers cover covering includes include including encompasses "
    "encompass encloses surrounds",
    "E": "same match matches matched matching",
    "I": "identical equal equals identically",
    "B": "before prior earlier preceded precedes precede preceding predates predated",
    "A": "after later follows followed follow following succeeded postdates beyond",
    "R": "relation relationship class category type label kind",
    "M": "mix mixed mixture",
    "-": "- – — ~",
}
_WORDS = dict.fromkeys(_SILENT, "")
_WORDS |= {word: sign for sign, words in _SYMBOLS.items() for word in words.split()}
_WORDS |= dict.fromkeys("|().:/'\"[]{}!;", "")
# Groups of words with one meaning.
_GROUPS = (
    (re.compile(r"\b(began|begun|started|starts|begins) (?:only )?(?:once|when|as soon as)\b"), r"\1 after"),
    (re.compile(r"\b(?:was|were|is|had been) (?:already )?over\b"), " ended "),
    # `It did not start until after ..` denies nothing.
    (re.compile(r"\b(?:(?:did|do|does) not|didn't|doesn't|don't|not) (\w+ )?until (?:after )?"), r"\1after "),
    (re.compile(r"(?<=\ue0d0) ?\| ?(?=\ue0d0)"), " to "),
    (re.compile(r"\b(?:spans|spanned)(?= (?:all of |the whole of |the entire |over )?(?:the )?\ue001)"), " contains "),
    (
        re.compile(
            r"\b(?:have|has|had|share|shares|with) (?:an |the |exactly the |exactly |precisely "
            r")?(?:identical (?:dates|times?|period|years)|same dates)\b"
        ),
        " is identical ",
    ),
    (
        re.compile(r"\b(?:partly|partially|in part|to some extent|for a while) (?:within|inside|in|during)\b"),
        " overlaps ",
    ),
    (
        re.compile(
            r"\b(?:falls?|lies?|is|are|was|were) (?:well |completely |entirely |just )?outside(?: of)?\b|"
            r"\boutside(?: of)?\b"
        ),
        " not overlap ",
    ),
    (
        re.compile(
            r"\b(?:at|during|in|over|within|for|around|across|throughout) (?:exactly |precisely )?(?:the "
            r"|that |this )?(?:very |exact )?(?:same|identical)(?: exact)? (?:time|period|span|interval|"
            r"years?|dates?|point|moment|window|era|days?|stretch)(?: (?:period|span|interval|frame|"
            r"window))?(?: (?:as|that))?"
        ),
        " simultaneously ",
    ),
    (
        re.compile(
            r"\b(?:in|within|during) (?:that|this|the|those) (?:time|period|span|interval|years?|"
            r"window)\b(?: (?:period|span|interval|frame|window)\b)?(?! (?:of|when|that|from|\ue0d0|\())"
        ),
        " simultaneously ",
    ),
    (re.compile(r"\bat (?:that|this) (?:time|point|moment)\b"), " simultaneously "),
    (
        re.compile(
            r"\b(?:no|any|some|a|an) (?:overlap|intersection|common time|time in common|shared time|"
            r"shared period)\b"
        ),
        lambda m: "not overlap" if m[0].startswith("no") else "overlap",
    ),
    (
        re.compile(
            r"\b(?:have|has|had|with) (?:no|nothing) (?:time |years? |period |dates? )?in common\b|"
            r"\bnothing in common\b|\bno time in common\b"
        ),
        " not overlap ",
    ),
    (
        re.compile(
            r"\b(?:have|has|had) (?:some |a |any )?(?:time |years? |period |part |moment |stretch )?in "
            r"common\b"
        ),
        " overlap ",
    ),
    (re.compile(r"\b(?:there is|there's|there was|there are) (?:some |an |a |any )?(?=overlap)"), " "),
    (
        re.compile(
            r"\bat the time (?:of|when|that)\b|\bat a time when\b|\bduring the (?:time|period|years|"
            r"span)(?: period| span| frame)?(?: (?:of|when|that|in which))?\b|\bin the course of\b"
        ),
        " during ",
    ),
    (
        re.compile(
            r"\b(?:falls?|fell|lies?|lay|sits?|sat|fits?|is|are|was|were) (?:\w+ly )?(?:within|inside|in "
            r"the middle of)\b(?! the same)"
        ),
        " within ",
    ),
    (
        re.compile(
            r"\b(?:falls?|fell|lies?|lay|comes?|came|is|are|was|were) (?:\w+ly |well |long |just |right "
            r")?(before|after)\b"
        ),
        r" \1 ",
    ),
    (re.compile(r"\bearlier than\b|\bprior to\b|\bahead of\b|\bby the time (?!of)"), " before "),
    (re.compile(r"\blater than\b"), " after "),
    (re.compile(r"\bat the beginning of\b|\bas of\b"), " from "),
    (re.compile(r"\bup (?:to|until)\b|\bup till\b|\bright up to\b|\ball the way to\b"), " to "),
    (re.compile(r"\b(?:start|starting|begin|beginning|opening|first) dates?\b"), " starts "),
    (re.compile(r"\b(?:end|ending|closing|last|final) dates?\b"), " ends "),
    (
        re.compile(r"\bwent to school at\b|\bwas (?:a )?(?:student|pupil) (?:at|of)\b|\bwent to(?= \ue001)"),
        " attended ",
    ),
    (re.compile(r"\b(?:as well as|along with|together with|in addition to)\b"), " and "),
    (re.compile(r"\b(?:did|do|does|was|were|is|are|has|had) not\b"), " not "),
    (re.compile(r"\b(?:not|n't) the same(?: \w+)? as\b|\bdiffers? from\b|\bdifferent from\b"), " not same "),
    (
        re.compile(
            r"\bone and the same\b|\bthe (?:exact|very) same\b|\bexactly the same\b|\bidentical to\b|"
            r"\bprecisely the same\b|\bequal to\b"
        ),
        " identical ",
    ),
)
_TOKEN = re.compile(rf"[a-z]+(?:'[a-z]+)?|[0-9]+|[{NAME_MARK}{DATE_MARK}]|\S")


@lru_cache(maxsize=2**14)
def symbols(body: str) -> str:
    """The symbols of a statement's words, in order; `?` for a word that is not known, `#` for a number."""
    for pattern, words in _GROUPS:
        body = pattern.sub(words, body)
    return "".join([_symbol(token) for token in _TOKEN.findall(body)])


def _symbol(token: str) -> str:
    if token == NAME_MARK:
        return "n"
    if token == DATE_MARK:
        return "d"
    if token.isdigit():
        return NUMBER
    known = _WORDS.get(token)
    if known is None and token.endswith("'s"):
        known = _WORDS.get(token[:-2])
    if known is None and token.endswith("ly") and token not in DOUBTFUL:
        return ""  # `certainly`, `quickly`
    return UNKNOWN if known is None else known
