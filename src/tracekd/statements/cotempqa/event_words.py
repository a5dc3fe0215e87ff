"""The words and phrases of statements about events in time, each with its symbol (see `words`)."""

from tracekd.statements.cotempqa.dates import DATE_MARK
from tracekd.statements.vocabulary import Vocabulary

NAME_MARK = "\ue001"

_FILLERS = (
    "the a an very just also again still already even quite entire whole full complete here indeed namely further "
    "completely entirely fully wholly totally clearly directly actually definitely certainly only well right "
    "then thus hence therefore so simply likewise certain given respective particular overall"
)
_SILENT = (
    # prepositions, pronouns, auxiliaries
    "of for at in on as across with his her their its he's s me us him own that's it's himself herself themselves itself "
    "i we you "
    "had has have having been be being do does did upon under into over out off up among per our your my i'd "
    # how many, which one
    "two both these those all each other another else one ones any some first least "
    # words for times
    "period periods time times time's tenure tenures term terms stint stints interval intervals spells spell stretch stretches "
    "range ranges duration durations year years date dates era eras frame window timeframe timeframes timespan timespans "
    "timeline timelines days day months reign reigns mandate mandates point moment moments temporal phase phases course "
    "incumbency slot season seasons decade calendar timing schedule lifetime bracket portion "
    # what is done in a time
    "career careers employment service membership role roles job jobs stay office seat charge chairmanship leadership ownership "
    "presidency studies education enrollment enrolment tenured residence affiliation engagement contract attendance occupation "
    "training schooling involvement association activity activities classes courses course degree living helm "
    "command top payroll roster squad lineup side shirt jersey control duty capacity title card workforce personnel salary "
    "classroom studentship professorship appointment assignment spot place premiership directorship chairpersonship "
    "function mission tour chapter traineeship apprenticeship fellowship internship"
    "professorship deanship editorship governorship mayoralty ministry captaincy secretaryship headship proprietorship "
    "allegiance"
    " adherence enlistment signing appearances games caps colors colours bench pay books ranks fold camp cause banner ticket"
    "faculty campus halls benches diploma doctorate tuition presence book job behalf duties partisan attendee loyal alumnus "
    "alumna alumni learner "
    "academic holdings occupancy alone continuing continue inclusive effective "
    # that it happened
    "event events going gone go goes on lasting situation question concerned took take takes taken taking "
    # that it is said
    "currently known recorded listed mentioned stated shown given active seen found put time-wise "
    # adverbs
    "there point once about around roughly approximately still sometime somewhere somehow new more much  "
    "actual possible correct right proper appropriate fitting long back dated least merely along can what "
    "now frames windows single belongs lasted there's we're i've they're that's yes ✓ ✔ ✅ "
    "could should would must may might will shall see call called political ongoing onwards onward"
)
_WORDS = {
    "": _SILENT + " ( ) . : / ' \" [ ] { } ! ; @ = *",
    "n": NAME_MARK,
    "d": DATE_MARK,
    "r": "staff student students member members pupil pupils leader employee footballer owner proprietor post position party "
    "team school hands property possession football chair chairs chairperson chairman chairwoman head heads president "
    "director manager minister  boss captain educated based active located trainee holder incumbent worker part",
    "f": "from since",
    "t": "to until till through thru",
    "j": "between",
    "&": "and plus & nor",
    ",": ",",
    "c": "start starts beginning outset opening",
    "e": "end ends ending",
    "X": "not no non never neither without zero isn't aren't doesn't don't didn't wasn't weren't can't cannot nothing lack lacks "
    "hasn't haven't hadn't none",
    "b": "is are was were 's",
    "p": "he she they them him her who whom",
    "q": "it this that which",
    "w": "person persons people individual individuals player players employer employers teammate teammates entity company "
    "companies organization organisation man woman colleague colleagues answer answers someone somebody officeholder "
    "candidate candidates club institution",
    "L": "simultaneously simultaneous concurrently concurrent contemporaneous contemporary contemporaneously alongside "
    "cotemporal together meanwhile parallel synchronous coincident coeval",
    "U": "during while throughout amid amidst whilst",
    "W": "within inside subset nested embedded ⊂ ⊆",
    "H": "containment inclusion ⊃ ⊇",
    "E": "same",
    "I": "identical identically congruent coextensive coterminous",
    "B": "before prior antecedent",
    "A": "after beyond subsequent following",
    "l": "later afterwards",
    "m": "earlier",
    "R": "relation relationship class category type label kind classification classified tag verdict relations",
    "M": "mix mixed mixture",
    "V": "overlap overlaps overlapping intersection ∩",
    "XV": "disjoint separate separated apart nonoverlapping exclusive",
    ">": "→ >",
    "?": "respectively",  # which time is whose depends on their order
    "y": "early late",
    "v": "by",
    "h": "when",
    "k": "case",
    "S": "covering spanning",
    "x": "exactly precisely perfectly exact precise perfect",
    "!": "✗ ✘ ❌",
    "%": "partly partially partial",
    "-": "- – — ~ ― ‐ −",
    "|": "|",
    "#": "# ½",
}
_LEMMAS = {
    "r": "own work employ play attend study enroll enrol belong acquire hire lead act preside run "
    "govern appoint elect name teach sign captain direct manage represent compete appear chair head hold serve "
    "occupy fill function sit possess control feature field wear register school educate train affiliate align "
    "associate earn draw pursue count adhere carry enjoy represent count stand turn step operate lend "
    "employ complete recruit engage host have own purchase buy keep lecture practice practise coach steer command oversee "
    "administer rule reign spend hold occupy stay remain perform contract list receive do live toil "
    "labor labour helm figure line bear use learn install swear suit identify frequent give seat discharge read side ally "
    "back support campaign invest ordain nominate assume undertake man spearhead front guide supervise matriculate graduate "
    "tutor loan retain bind tie",
    "c": "join start begin commence enter launch open arise become",
    "e": "close finish conclude end leave stop expire quit terminate cease depart retire resign",
    "V": "overlap intersect share cross meet coexist concur parallel interlace",
    "O": "coincide",
    "H": "contain cover include encompass enclose surround comprise embrace envelop incorporate engulf bracket subsume "
    "encapsulate swallow enfold",
    "E": "match",
    "I": "equal",
    "B": "precede predate antedate",
    "A": "succeed postdate follow",
    "S": "span",
    "": "happen occur come take last fall lie go make get fit mention record state show appear exist extend stretch",
    "X": "fail",
    "R": "classify categorize categorise label",
}
_HELD = "*cover|*contain|*include|*enclose|*encompass|*surround|*span|*comprise|*embrace|*envelop|*incorporate"
_HELD += "|*engulf|*embed|*nest|*bracket|*subsume|*encapsulate|*swallow|*enfold|*bound|*confine|*limit"
_PERIOD = (
    "time|period|span|interval|years|year|dates|date|point|moment|window|era|days|stretch|timeframe|frame|slot|times"
)
_HAPPENS = "*fall|*lie|*sit|*fit|*come|is|are|was|were|*happen|*occur|*stay|*remain|*place|*run|*go"
_PHRASES: dict[str, tuple[str, ...]] = {
    "cA": (
        "*begin|*start|*commence once|when",
        "*begin|*start|*commence as soon as",
        "not|didn't|doesn't|don't|never *begin|*start|*commence until|till|before after?",
    ),
    "A": (
        "on heels of",
        "in aftermath|succession of|to",
        "not|didn't|doesn't|don't until|till after?",
        "preceded by",
        "later than",
        "as soon as",
        "subsequent to",
        "in the? wake of",
        "some time after",
    ),
    "B": (
        "followed|succeeded by",
        "earlier than",
        "prior to",
        "previous to",
        "ahead of",
        "by time",
        "in advance of",
    ),
    "e": (
        "*step down|aside?",
        "*give up",
        "*give it|this|that|them up",
        "was|were|is|are|been done|finished|complete|concluded|completed",
        "*come to? end|close",
        "*reach end|close",
        "*wrap|*wind|*finish up",
    ),
    "D": ("was|were|is|are|been over",),
    "a": ("as early as",),
    "z": ("as late as",),
    "Q": ("by start|beginning|outset of",),
    "T": ("too late to?",),
    "Y": ("too early to?",),
    ",": (", too ,?",),
    "eBc": (
        "was|were|is|are|been finished|over|done|complete|completed|ended by start|beginning of",
        "finished|over|done|complete|completed|ended by start|beginning of",
    ),
    "?": (
        "inside|within it|them|itself",
        "until|till|to|through|from|since at least|most",
        "at least|most until|till|through|from|since",
        "*rule out",
    ),
    "eB": (
        "was|were|is|are|been over|done|finished|complete|concluded|completed when|before",
        "had|has|have ended|finished|concluded|stopped|terminated when",
        "*come to end|close when|before",
        "*reach end before",
    ),
    "c": (
        "*take up|over|office|on",
        "*take|*get|*land|*start job|post|position|role",
        "*come to *own|*hold|*possess",
        "start|starting|begin|beginning|opening|first date|dates|year|point",
        "got|gets|get going|started|underway",
        "*come into being|force",
    ),
    "L": (
        f"at|during|in|over|within|for|around|across|throughout|on exactly|precisely? that|this? same|identical {_PERIOD} "
        "period|span|interval|frame|window? as|that?",
        "in|within|during that|this|those time|period|span|interval|years|window|timeframe period|span|interval|frame|window?",
        "at that|this time|point|moment",
        "hand in hand",
        "side by side",
        "in parallel with|to?",
        "in tandem with?",
        "at once",
        "contemporary|concurrent|simultaneous with",
    ),
    "XL": (
        "at|in|during different|separate|distinct|other times|periods|years|points|moments",
        f"at|in|during|over another|different|other {_PERIOD} than|from|as?",
        "not at same time as?",
    ),
    "XV": (
        "outside of?",
        "*keep|*stay|*steer clear of",
        "nothing in common",
        "no time|years|period|dates|days? in common",
        "mutually? exclusive",
        "at odds",
    ),
    "V": (
        f"*have some|any? {_PERIOD}|part? in common",
        "in common",
        "common time|period|years|part",
        "partly|partially within|inside|in|during",
        "in part within|inside|during",
        "to some extent within|inside|in|during",
        "for while within|inside|in|during",
        "*cut|*run|*reach|*extend|*stretch|*carry|*go into",
        "*meet in time",
        "time|times in common",
        f"{_PERIOD} that|which *belong both? to",
        f"{_PERIOD} that|which *lie|*fall in|within|inside both",
        "shared time|period|years",
    ),
    "Lj": (f"{_PERIOD} when|where|in? which? both",),
    "%": ("part|some|portion|parts of", "in part", "to some extent", "to certain extent", "for part of?", "to degree"),
    "I": (
        "same|identical|matching dates|date|years",
        "identical time|times|period|interval|span",
        "one and same",
        "identical to|with",
        "equal to",
        "same in time",
        "cover exactly same period|time|span|interval",
        "exactly|precisely same period|interval|span|range|years|dates|duration",
        "exactly|precisely same",
    ),
    "X": (f"at no {_PERIOD} did|do|does?",),
    "M": ("in|of different|various|several|differing ways|kinds|relations|manners",),
    "XI": ("not|n't same", "*differ from", "different from", "unlike"),
    "U": (
        "at time of|when|that",
        "at time when",
        "during time|period|years|span|course period|span|frame? of|when|that|in? which?",
        "in course of",
        "in middle|midst of",
        "in period|years|time when|that|in which?",
        "as long as",
    ),
    "W": (
        f"{_HAPPENS} within|inside|into span|period|time|duration|range|interval|limits|bounds? of?",
        "*fall|*fit|*nest|*embed in|into|within|inside",
        f"{_HELD} by",
        "contained|included|covered|enclosed|encompassed|embedded|nested|comprised in|within|inside",
        "subset of",
        "within|inside span|period|time|duration|range|interval|limits|bounds of",
    ),
    "H": (
        "on for|during|through|throughout all|entirety of?",
        "for all|entirety of",
        "*extend|*stretch|*run|*reach over|across",
        "*take in",
        "*contain|*cover|*include|*span|*fill all|whole|entirety of?",
    ),
    "f": (
        "as of",
        "at beginning of",
        "from on|onward|onwards",
        "*begin|*start|commencing in|on|from",
        "from year",
    ),
    "t": ("up to|until|till", "right up to|until?", "all way to|through|until", "to year"),
    "r": (
        "went|go|goes|going to school at",
        "was|were student|pupil at|of",
        "went to",
        "on staff|payroll of|at?",
        "at helm|head|top of",
        "in charge|command|control of",
        "was|were|is|are under contract with|at|to?",
        "in employ of",
    ),
    "&": ("as well as", "along with", "together with", "in addition to"),
    "eA": ("*extend|*stretch|*run|*reach|*last|*go|*continue|*stay beyond|past",),
    "O": ("*line up",),
    "G": (
        "every|each|all|any match|matches|candidate|candidates",
        "all|each of? matches|candidates",
        "matches *relate|*stand|*compare",
        "what|whatever matches it?",
    ),
    "g": (
        "event|one|period|fact in|of question",
        "event|one|period|fact asked about|for",
        "event|one|period|fact of|in question",
        "question's event|period",
    ),
    "": (
        "co - temporal",
        "nothing more|else",
        "in time",
        "for while|bit|stretch",
        "without trouble|doubt|question",
        "to day",
        "*take place",
        "going on",
        "went|*go on",
        "in progress",
        "under way",
        "in terms of",
        "with respect to",
        "at least",
        "at some point",
        "for time",
        "some point",
        "in or around",
        "in the? meantime",
        "according to",
        "in fact",
        "so far",
        "at all",
        "last|lasted for",
    ),
    "R": (
        "case|instance|example|type|kind of",
        "*classify|*label|*categorize|*categorise this|it|that|them|these? one|case? as",
        "*deal with",
        "falls|fall|comes under",
        "*count as",
        "*file|*put|*place|*class|*categorize it|this|them under|as",
    ),
}
VOCABULARY = Vocabulary(fillers=_FILLERS, words=_WORDS, lemmas=_LEMMAS, phrases=_PHRASES)
