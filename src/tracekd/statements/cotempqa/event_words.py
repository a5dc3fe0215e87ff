"""The words of statements about events in time, each with its symbol (see `words`)."""

from tracekd.statements.cotempqa.dates import DATE_MARK
from tracekd.statements.cotempqa.event_phrases import PHRASES
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
    "now frames windows single belongs lasted there's we're i've they're yes ✓ ✔ ✅ "
    "could should would must may might will shall see call called political ongoing onwards onward"
)
_WORDS = {
    "": _SILENT + " ( ) . ; / ' \" [ ] { } ! @ = * +",
    "n": NAME_MARK,
    "d": DATE_MARK,
    "r": "roll workplace university college politician asset attached staff student students member members pupil pupils "
    "leader employee footballer owner proprietor post position party "
    "team school hands property possession football chair chairs chairperson chairman chairwoman head heads president "
    "director manager minister  boss captain educated based active located trainee holder incumbent worker part",
    "f": "from since",
    "t": "to until till through thru",
    "j": "between",
    "&": "and plus & nor vs versus",
    ",": ",",
    ":": ":",
    ";": "but yet though although",
    "c": "start starts beginning outset opening",
    "e": "end ends ending",
    "X": "not no non never neither without zero isn't aren't doesn't don't didn't wasn't weren't can't cannot nothing "
    "lack lacks "
    "hasn't haven't hadn't none",
    "b": "is are was were 's",
    "p": "he she they them him her who whom",
    "q": "it this that which it's that's",
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
    ">": ">",
    "<": "<",
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
    "|": "| →",
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
    "back support campaign invest ordain nominate assume undertake man spearhead front guide supervise matriculate fulfil "
    "fulfill don "
    "tutor loan retain bind tie",
    "c": "arrive admit join start begin commence enter launch open arise become",
    "e": "sell close finish conclude end leave stop expire quit terminate cease depart retire resign graduate",
    "V": "overlap intersect share cross meet coexist concur touch parallel interlace",
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
    "XV": "miss avoid",
    "R": "classify categorize categorise label",
}
VOCABULARY = Vocabulary(fillers=_FILLERS, words=_WORDS, lemmas=_LEMMAS, phrases=PHRASES)
