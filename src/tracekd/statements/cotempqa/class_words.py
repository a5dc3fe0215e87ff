"""The words of statements about the class of a question, each with its symbol (see `classes`)."""

from tracekd.statements.vocabulary import Vocabulary

_SILENT = (
    "the a an of in on at to for from into as by among amongst between across over per under out with there here so therefore "
    "thus hence then just also really very quite simply indeed overall given temporal time-wise co - cotemporal s "
    "is are was were be been being am has have had having do does did will would can must should it's that's they're it'd "
    "place we i they them it its their this that which these "
    "those who what what's called period periods interval intervals time times span spans event events range ranges "
    "duration durations dates date term terms stint stints tenure tenures stretch stretches years year days entry entries "
    "pair pairs two both one ones other another either or apply applies first second them themselves itself respective "
    "answer answers "
    "question asked about our your concerned involved relevant comparison "
    "temporally timewise wise timeline timelines timespan timespans timeframe timeframes window windows item items "
    "only proper properly strict strictly mere merely clear plain simple certain given particular single actual whole entire "
    "longer shorter bigger smaller larger outer inner if anything ( ) . ' \" [ ] { } ! = * / thing things employer employers "
    "player players person people position positions facts fact member members candidate way ways manner manners nature "
    "form some here's point points present looking we're we're"
)
_WORDS = {
    "": _SILENT,
    "&": "and , ; : but while whereas yet though although plus - – — because since",
    "A": "each every all any always throughout everywhere consistently invariably whatever whichever everything uniformly",
    "R": "relate relates related relating relation relations relationship relationships class category tag case cases "
    "instance instances verdict "
    "kind type sort kinds types sorts labels classes categories classification",
    "S": "same alike",
    "O": "simultaneous simultaneously concurrent",
    "E": "identical equal equality equals identity together coextensive coterminous congruent exact equivalence equivalent",
    "m": "match matches matching matched",
    "x": "exactly fully completely entirely perfectly totally precisely wholly perfect full complete total precise altogether",
    "C": "around containment inclusion within inside subset subsets during",
    "V": "intersection",
    "p": "partial partially partly part parts portion portions incomplete incompletely",
    "M": "mix mixed differing mixture mixtures combination various varied varying diverse "
    "heterogeneous different distinct several multiple",
    "X": "not no never without neither nor none nothing n't isn't aren't don't doesn't didn't wasn't weren't can't cannot "
    "lack lacks lacking nowhere nobody hardly",
    "c": "beginning beginnings",
    "u": "uniform unique consistent constant",
    "s": "others",
}
_LEMMAS = {
    "O": "coincide agree align correspond",
    "C": "contain cover include encompass enclose surround nest embed swallow engulf envelop subsume comprise encapsulate "
    "bracket",
    "V": "overlap share intersect cross",
    "M": "vary differ change",
    "c": "start begin commence",
    "e": "end finish stop",
    "": "occur stand hold go come happen exist lie fall sit take show see find get say classify label categorize "
    "categorise count "
    "involve keep stay remain apply run fit deal turn compare",
}
_PHRASES: dict[str, tuple[str, ...]] = {
    "A": (
        "every|each time|case|instance|pair|pairing|one",
        "in each|every|all|any case|cases|instance|pair",
        "all|each|every of? matches|them|those|these|candidates|answers",
        "across board",
        "for|among|from|to all|every|each|match|matches|candidate|candidates",
        "from match|case|one to match|case|another|next",
        "between|among|across matches|candidates|answers",
        "no exception|exceptions",
        "matching period|periods|interval|intervals|event|events|entry|entries|span|spans|times|time|facts|ones|one",
        "match|matches by|after match",
    ),
    "E": (
        "one and same",
        "matching|same dates|period|time|span|interval|years|periods|intervals|spans|times",
    ),
    "C": (
        "*lie|*fall|*sit in other|another|longer|shorter",
        "in|into middle of",
        "part|proper subset of",
        "proper|properly? part of",
        "part of other",
        "take|takes in",
        "*span all|whole|entirety|fully|completely? of? other|other's|shorter",
        "*extend|*stretch|*run|*reach over other|shorter",
    ),
    "V": ("in common",),
    "R": ("*call this|it|that|these|them",),
    "p": (
        "to some|a|certain extent|degree",
        "in part",
        "some|part but not all",
        "a? part|portion|bit of",
    ),
    "M": (
        "more than one|a|single",
        "two|three or? more? different",
        "mixed bag",
        "*depend|*vary|*differ|*change on|with|by match|case|candidate",
    ),
    "SA": ("same for|in|across|among|with all|each|every|any match|matches|case|cases|them",),
    "SR": (
        "same time relation|relationship",
        "common|single|one|uniform relation|relationship|class|type|kind",
    ),
    "Z": ("both|either|each ends|end",),
    "X": ("no one", "rather|other than", "instead of", "anything but"),
    "q": (
        "event|one|period|fact|that|time|interval|span in|of question",
        "event|one|period|fact|what|time|that asked|we're|we are? asked? about|for",
        "question's event|period",
        "questioned event|period",
    ),
    "s": ("some of? matches|them|these|cases",),
    "": (
        "at least",
        "in time",
        "nothing more|else",
        "that is",
        "kind|type|sort|form of",
        "turn|turns out",
        "deal|dealing with",
    ),
}
VOCABULARY = Vocabulary(fillers="the a an", words=_WORDS, lemmas=_LEMMAS, phrases=_PHRASES)
