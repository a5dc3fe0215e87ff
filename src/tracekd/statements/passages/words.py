"""The words of passages: which ones carry content, and which ones mean the same (inflections and a few synonyms).

A stem is the part of a word that its forms share: `directed`, `director` and `direction` all become `direct`.
"""

from functools import lru_cache

# Words that carry no content: articles, pronouns, prepositions, auxiliary verbs, joining words, hedges.
FUNCTION_WORDS = frozenset(
    (
        "a an the this that these those it its he she his her him hers they them their theirs we us our i me my you your "
        "who whom whose which what where when there here s t st nd rd th "
        "of in on at by for from to with into onto within as about over under between among through during out upon per via "
        "until till "
        "is are was were be been being am has have had having do does did will shall 's 're 've "
        "and or but so then thus hence therefore because since while whereas although though if than too also both such "
        "however yes okay ok well now again actually indeed just simply really clearly specifically according "
        "himself herself itself themselves who's it's he's she's that's there's very"
    ).split()
)
# Words after which something is not so, or not said to be so.
NEGATIONS = frozenset(
    (
        "not no never none neither nor without isn't wasn't aren't weren't didn't doesn't don't hasn't haven't hadn't "
        "couldn't wouldn't won't can't cannot unlike except instead rather nobody nothing false untrue unsuccessfully "
        "failed refused declined wanted planned intended hoped attempted rumored rumoured alleged allegedly supposedly "
        "proposed threatened isnt wasnt didnt unable"
    ).split()
)
# Words that make a value inexact, so that another value is no contradiction.
INEXACT = frozenset(
    (
        "about around approximately approx roughly nearly almost circa ca c some over under above below least most than "
        "early late mid between estimated up more less fewer several decade century"
    ).split()
)
# Words with which a writer says that it is unsure, or imagines something.
HEDGES = frozenset(
    (
        "maybe perhaps possibly probably might may could would should if whether unsure sure think guess suppose assume "
        "assuming presumably likely unlikely seems seem appears wonder confuse confused remember recall"
    ).split()
)
# Words that speak about the text or the task.
TALK = frozenset(
    (
        "question questions answer answers asked asks asking passage passages paragraph paragraphs context document "
        "documents mention mentions mentioned mentioning information info specify specified specifies provided provide "
        "provides text says say said stated states relevant irrelevant detail details clue clues user options option "
        "sentence source article articles directly explicitly find need know confirm confirms confirmed check"
    ).split()
)
IRREGULAR = {
    form: stem
    for stem, forms in {
        "born": "birth births birthplace born birthdate",
        "die": "died dies dying death deaths dead die deceased passed",
        "write": "wrote written writes writing writer writers author authored authors authoring novelist",
        "direct": "director directors directed directing direction directs directorial",
        "film": "film films movie movies picture filmed",
        "found": "founded founder founders foundation established establish establishment establishes",
        "lie": "lies lay lying situated located location locate sits sit",
        "begin": "began begun begins beginning start started starts starting",
        "end": "ended ending ends finished finish completed completes complete completion",
        "sing": "sang sung singer singers sings singing vocalist performer performed performs perform performing",
        "play": "played plays playing player players portrayed portrays portray portraying",
        "make": "made makes making maker",
        "win": "won wins winning winner winners",
        "hold": "held holds holding holder",
        "lead": "led leads leading leader leaders",
        "build": "built builds building buildings constructed construct construction",
        "know": "known knew knows",
        "marry": "married marries marriage husband wife spouse wed",
        "star": "starred stars starring",
        "release": "released releases releasing",
        "publish": "published publishes publisher publication",
        "produce": "produced producer producers produces producing production",
        "compose": "composed composer composers composes composition",
        "create": "created creator creators creates creation",
        "serve": "served serves serving service",
        "grow": "grew grown grows growing growth",
        "become": "became becomes becoming",
        "teach": "taught teaches teacher teachers teaching",
        "study": "studied studies studying student students",
        "live": "lived lives living resided resides reside",
        "work": "worked works working worker",
        "name": "named names called calls call title titled entitled",
        "child": "child children",
        "city": "city cities",
        "country": "country countries",
        "county": "county counties",
        "company": "company companies",
        "take": "took taken takes taking",
        "give": "gave given gives giving",
        "run": "ran runs running runner",
        "sell": "sold sells selling",
        "metre": "m metre metres meter meters",
        "km": "km kilometre kilometres kilometer kilometers",
        "foot": "ft foot feet",
        "kg": "kg kilogram kilograms",
        "get": "got gets getting",
        "go": "went gone goes going",
        "join": "joined joins joining",
        "band": "band bands",
        "use": "used uses using",
        "cost": "cost costs costing price prices priced",
        "last": "last lasts lasted lasting",
        "inhabit": "inhabitants population populated residents",
        "design": "designed designer designers designs",
        "paint": "painted painter painters painting paintings",
    }.items()
    for form in forms.split()
}
# Words that speak only about the text.
ABOUT_TEXT = frozenset(
    (
        "question questions passage passages paragraph paragraphs context document documents mention mentions mentioned "
        "mentioning information info specify specified specifies options option clue clues"
    ).split()
)
_SUFFIXES = (
    "ations", "ation", "ities", "ments", "ingly", "ment", "ings", "ions", "ical", "ness", "ally", "ing", "ies", "ied", "ion",
    "ity", "ist", "ers", "ors", "ian", "est", "ed", "er", "or", "es", "ly", "al", "ic", "s", "e", "y",
)  # fmt: skip
_SHORTEST_STEM = 4
_SMALL = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
)
_NUMBERS = {word: str(number) for number, word in enumerate(_SMALL.split(), start=2)} | {
    word: str(10 * number)
    for number, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), start=3)
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


@lru_cache(maxsize=2**15)
def stem(word: str) -> str:
    """The stem of a word in lower case. A number in words becomes its digits."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in _NUMBERS:
        return _NUMBERS[word]
    if len(word) <= _SHORTEST_STEM or not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            word = word[: -len(suffix)]
            # `controlled` and `controls` share their stem.
            return word[:-1] if len(word) > _SHORTEST_STEM and word[-1] == word[-2] else word
    return word
