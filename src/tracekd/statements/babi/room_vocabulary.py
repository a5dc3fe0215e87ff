"""The words and phrases of statements about people and things in rooms, each with its symbol (see `room_words`)."""

from tracekd.statements.babi.words import NUMBERS, SIGN_OF_MARK
from tracekd.statements.vocabulary import Vocabulary

_FILLERS = (
    "the a an also just still already again even too only very own both all rather quite really simply straight "
    "directly quickly immediately soon eventually exactly precisely definitely certainly surely probably "
    "so thus hence therefore well indeed somehow there's"
)
_SILENT = (
    # pronouns, auxiliaries
    "this that which of any one's whose who whom itself himself herself themselves themself oneself yourself we you i us our "
    "do does did having 's there'd he'd she'd you'd we'd i'd must should can could will would shall ought where "
    "when while as upon "
    "being been be how what "
    # words that join and order
    "after following meanwhile onward onwards since first second third "
    "start beginning same turn upon until once until than these those some such each "
    # adverbs
    "back along together altogether over down away out around across through aside forth onto far further "
    # nouns without content
    "time point stage moment day story house location place position whereabouts room rooms spot status total way side sight "
    "character person people known overall getting case fact destination stop whereabout locale area site address residence "
    "places step walk trip journey visit others everything else foot "
    # where a thing is
    "lie lies lay rest rests found situated located sitting lying standing waiting resting seen stayed stays stay staying "
    "remains remained remain remaining continued proceeds positioned stationed stands sits sat stood stand sit wait waits "
    "waited "
    "resides resided reside residing dwell dwells hang hangs appears appear find finds exist exists wound located "
    "stored parked hidden spotted spends spent happens happen turns standing living lives live somewhere "
    "named called considered said current right person's order count counts number numbers amount sum quantity "
    "result single behind state possible potential option options inventory listed reported stated recorded"
)
_WORDS = {
    "": _SILENT + " s ( ) . : ; ' \" [ ] { } ! - – — * ? …",
    "u": "he she him her they them his their",
    "i": "it its",
    "h": "there here",
    "b": "is are 's are be =",
    "w": "was were been",
    "n": "in at inside within on @",
    "f": "from",
    "o": "to into toward towards for",
    "a": "by",
    "j": "with alongside",
    "l": "exits exited exiting",
    "k": "has have possession's holder bearer carrier owner possessor keeper contain contains",
    "H": "had held carried possessed owned",
    "O": "hand hands possession hold grip arms custody care keeping grasp",
    "bX": "≠",
    "X": "not no never cannot can't neither isn't aren't wasn't weren't doesn't don't didn't hasn't haven't hadn't "
    "longer without nowhere won't",
    "&": "and , plus & nor but",
    "e": "either",
    "/": "or /",
    "Q": "might may could maybe perhaps possibly",
    "N": " ".join(NUMBERS[1:]) + " 1 2 3 4 5 6 7 8 9 10",
    "q": "objects object item items thing things belongings",
    "0": "nothing none anything zero empty 0",
    "Z": "now present currently presently today nowadays",
    "z": "finally last ultimately latest final recent recently lastly end ends ending finishes finish finished",
    ">": "then afterwards afterward later next subsequently",
    "y": "before previously prior earlier initially originally formerly previous",
    "%": "off",
    "^": "up",
}
_LEMMAS = {
    "m": "move go journey travel walk head enter reach arrive visit return come proceed wander stroll run relocate drive rush "
    "hurry step venture shift stride march migrate cross drift pace dash race jog sprint amble saunter trek hike climb crawl "
    "sneak slip hop skip fly ride tread roam progress advance retreat pop wend trot plod bustle scurry scamper hasten "
    "turn amble slink glide traverse trudge stray betake dart bolt whisk waltz stumble barge storm charge flit roll tramp "
    "wade weave zip zoom scoot mosey toddle reappear emerge file swing navigate steer commute land",
    "=": "change switch swap transition",
    "l": "leave exit depart quit vacate flee escape",
    "g": "get take grab pick obtain acquire collect fetch gather lift retrieve snatch seize gain claim secure raise scoop "
    "pocket "
    "catch procure recover nab bag clutch win capture",
    "d": "drop discard put set release abandon lay deposit ditch relinquish place dump forsake lose surrender fall cast "
    "jettison "
    "unload throw toss park",
    "v": "give hand pass deliver transfer present provide supply bestow entrust award donate ship",
    "r": "receive accept",
    "k": "bring hold carry possess own keep bear retain have",
    "!": "let",
    "": "occupy inhabit frequent lie settle",
}
_END = "end|close|conclusion|finish"
_PHRASES: dict[str, tuple[str, ...]] = {
    "z": (
        f"in|at|by|to|near|toward|towards {_END} of? this|story|day|passage|text|narrative? passage|text|story?",
        "by now|then",
        "*end up",
        "*wind up",
        "most recent|recently",
        "as things|it stand|stands|are",
        "things stand|are",
        "as of now|then?",
        "when|once|after story|everything|it|all ends|ended|ends|happened|is|was? over|done?",
        "up to|until now",
        "for now",
        "at last",
        "as of|in|by last|final line|sentence|step|fact",
        "at story's|day's end",
        "for time being",
        "at present",
        "right|just now",
        "these days",
        "after all|everything of? that|this|it?",
        "in latest|last|final position|place|state",
        "as final|last state",
        "until|till end",
    ),
    "p": ("at|in this|that point|moment|time|stage in? time?",),
    "m": (
        "walk over|back|off|along|out|in",
        "decided|decides|chose|opted|managed|continued|proceeded|started|began on? to go|move|walk|travel|head|return",
        "on his|her|their? way",
        "*make|*take|*pay another|his|her|their|little|quick|short? "
        "trip|journey|walk|move|visit|detour|stop|stroll|way|turn",
        "went|goes|go on",
        "set|sets off|out",
        "*end|*wind up going|moving|walking|travelling|traveling",
        "set|sets|put foot|feet",
        "*show|*turn up",
        "stopped|stops|swung by",
        "dropped|drops|came|comes by at",
        "found|finds his|her|their? way",
        "made|makes|make his|her|their|its? way",
        "*take off",
        "*continue|*carry|*keep on",
        "*pop|*drop in",
        "*pick|*take way",
    ),
    "mo": (
        "next|following|new location|place|destination|stop|room|position is|was?",
        "*make for",
        "*make beeline for|to",
        "*set off for",
        "*make it to|into|over? to?",
        "*head|*set|*start|*take off for|to|into|in|towards",
        "*go off? to|into|inside|in",
        "*get back? into|to",
        "off to|into",
        "*take to|into",
        "*continue|*proceed on? to|into",
        "*leave for",
    ),
    "l": ("*walk|*go|*come|*step|*move|*get|*head out of|from?", "*go|*move|*walk away from"),
    "w": ("has|have|had been",),
    "v": ("*change hands", "*pass|*hand|*give|*make|*turn|*sign over|on|along|off|away", "*give away"),
    "j": (
        "belong|belongs|belonged to",
        "stay|stays|remain|remains|rest|rests|is|are with",
        "in hands|possession|arms|custody|care of",
    ),
    "bX": ("is|can|may be? ruled out for?",),
    "X": (
        "no longer",
        "has|have|had not yet",
        "anything|anywhere but",
    ),
    ">": ("later on", "after which|while|that|this", "following that|this"),
    "": (
        "and? nowhere|nobody|noone|nothing else than|but?",
        "that|this|which *leave|*put|*place|*bring|*get",
        "nobody|noone|none but|except|besides",
        "no one but|except|besides|other",
        "in all",
        "that|this|which makes",
        "nowhere but",
        "any longer|more",
        "anymore",
        "with him|her|them|himself|herself|themselves|themself",
        "on him|her|them",
        "in total|all|sum",
        "on floor|ground|table|spot",
        "all in all",
        "total|number|count of",
        "in fact",
        "in his|her|their hands|hand|possession|arms|custody|care|grasp|grip",
        "part of",
        "as for",
        "so far",
        "in turn",
        "happens|appears|seems|turns|turned out? to",
        "to be",
        "in order",
        "left with",
    ),
    "zn": ("*end in|at|inside",),
    "/": ("or else|rather|alternatively",),
    "n": ("present in|at|inside|within",),
    "wn": ("has|have|had been in|to|at|inside",),
    "0": ("empty - handed",),
    "y": (
        "before that|this|then",
        "at|in first|start|beginning|outset",
        "at|in one|some|earlier point",
        "once",
        "to begin|start with",
        "prior|previous to that|this|then?",
        "right|just|directly|immediately before",
        "ahead of",
        "in advance of",
        "earlier than",
    ),
    "b": (
        "is|are|was|were *give|*list|*state|*name|*report as",
        "is|was one|person to",
        "is|was one|person|only|individual|character one|person? who|that|which is|was?",
        "can|could|may|to now|still|then? be found|seen|located|placed",
        "is to be found",
    ),
    "g": (
        "*start|*begin to? *carry|*hold",
        "has|have got hold|possession|hands of|on",
        "*lay claim to",
        "*become holder|owner|keeper|carrier|possessor of",
        "*get|*take|*lay|*have hold|possession|hands|ahold|charge of|on",
        "*get|*lay|*put his|her|their hands on",
        "*come|*get into possession of",
        "*help himself|herself|themselves|themself to",
        "*pick|*take|*gather|*snatch|*scoop|*lift|*grab up",
        "*make|*run|*walk|*get off|away with",
        "*take along|away|with",
        "*get|*take themselves|himself|herself|themself",
    ),
    "k": (
        "*continue|*keep|*go on? to? *hold|*carry|*have",
        "is|was|are|were? in possession of",
        "has|have got",
        "holds|hold|holding|held|hang|hangs|hanging on|onto to?",
        "is|are left with",
        "is|are down to",
        "*end|*wind up with",
        "is|was holder|owner|carrier|keeper|bearer of",
    ),
    "d": (
        "*put|*set|*lay|*leave|*cast|*throw aside|down|behind|away",
        "*let go|loose of?",
        "*get rid of",
        "*do away with",
        "*part with",
        "*part ways with",
        "*give up",
        "*place|*drop down",
        "no holds",
        "*rid himself|herself|themselves of",
    ),
    "Xn": (
        "absent|away|missing|gone from",
        "not to be found|seen in|at|inside",
        "nowhere near|in",
        "out|outside of",
        "elsewhere than|from",
        "somewhere|anywhere|elsewhere other|different|but than|from?",
        "not|isn't anywhere in|near",
    ),
    "e": (
        "at|in one|either of two|these|following? places|rooms|locations|spots?",
        "in|inside either|one",
        "one of two|these|following? places|rooms|two|locations|spots?",
        "one of two places|rooms|locations|options , :?",
    ),
}
VOCABULARY = Vocabulary(
    fillers=_FILLERS,
    words=_WORDS | {sign: mark for mark, sign in SIGN_OF_MARK.items()},
    lemmas=_LEMMAS,
    phrases=_PHRASES,
)
