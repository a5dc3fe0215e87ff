"""Words that tell what kind of thing a name stands for."""

import re

Kind = str

_NOUNS = {
    "person": (
        "actor actress king queen prince princess singer musician politician footballer writer author novelist poet director "
        "composer pianist drummer guitarist rapper player coach manager scientist physicist chemist mathematician "
        "philosopher lawyer judge painter sculptor architect engineer businessman businesswoman entrepreneur model dancer "
        "comedian journalist historian professor scholar soldier officer general admiral emperor empress duke duchess count "
        "countess saint bishop pope cyclist swimmer athlete boxer wrestler golfer skier racer driver linebacker quarterback "
        "goalkeeper midfielder defender striker man woman son daughter nobleman noblewoman filmmaker screenwriter producer "
        "cinematographer editor "
        "playwright songwriter vocalist violinist conductor activist surgeon physician astronaut "
        "explorer merchant banker industrialist statesman diplomat president senator governor personality presenter host "
        "wife husband widow brother sister father mother behaviorist champion heir citizen member artist rockstar killer "
        "assassin narrator leader"
    ),
    "work": (
        "film movie album song single novel book play series show magazine opera game poem documentary musical episode "
        "newspaper comedy drama sitcom soundtrack title thriller western serial story memoir biography telenovela miniseries"
    ),
    "harbour": "water",
    "place": (
        "city town village commune municipality river lake country state county island mountain province capital suburb "
        "district region hamlet parish township borough locality settlement peak area neighborhood neighbourhood street "
        "bay valley territory community peninsula comune gmina port seat archipelago metropolis"
    ),
    "team": "club team side franchise",
    "league": "league championship tournament competition cup division",
    "band": "band group duo trio quartet ensemble boyband",
    "company": "company corporation label firm brand manufacturer studio network retailer bank publisher",
    "school": "university college school academy institute institution conservatory",
    "party": "party",
    "plant": "genus species shrub plant tree",
    "building": "airport castle manor mansion museum church cathedral stadium hotel casino mall bridge tower building park",
    "unit": "squadron regiment battalion brigade",
    "award": "award prize medal honor honour",
    "character": "character superhero",
}  # fmt: skip
KIND_OF_NOUN: dict[str, Kind] = {noun: kind for kind, nouns in _NOUNS.items() for noun in nouns.split()}

# The last word of a name, or any word of it for schools: `University of Padua`.
_LAST = {
    "school": "university college school academy institute conservatory seminary polytechnic lyceum",
    "county": "county", "district": "district voivodeship oblast raion", "province": "province prefecture governorate",
    "river": "river creek", "lake": "lake reservoir", "island": "island islands", "mountain": "mountain mountains hills peak",
    "harbour": "harbour harbor bay sea ocean gulf strait", "township": "township", "park": "park gardens",
    "street": "street road avenue highway ave blvd rd", "station": "station", "airport": "airport",
    "center": "centre center mall",
    "bridge": "bridge", "building": "castle palace hall tower building hotel manor house stadium arena field garden",
    "church": "church cathedral abbey cemetery", "hospital": "hospital", "museum": "museum gallery library",
    "team": "fc united rovers wanderers athletic", "club": "club",
    "league": "league liga", "division": "division conference", "cup": "cup championship championships trophy", "party": "party",
    "company": "company corporation inc ltd limited llc corp motors airlines", "records": "records",
    "pictures": "pictures studios productions entertainment films", "association": "association federation union society",
    "award": "award awards prize medal", "fame": "fame", "army": "army navy guard corps", "squadron": "squadron wing group",
    "war": "war battle siege revolution rebellion", "festival": "festival", "orchestra": "orchestra choir",
    "newspaper": "times magazine journal post gazette", "act": "act treaty", "films": "trilogy",
}  # fmt: skip
KIND_OF_LAST: dict[str, Kind] = {word: kind for kind, words in _LAST.items() for word in words.split()}
# These are places, too: where nothing of the very same kind is found, another place is.
PLACES = frozenset(
    "place county district province river lake island mountain harbour township park street country state".split()
)

# What stands right before a name.
BEFORE: dict[str, Kind] = dict.fromkeys(
    "starring actor actress director singer rapper comedian brother sister wife husband son daughter father mother mr mrs "
    "sir musician guitarist drummer bassist vocalist songwriter producer screenwriter writer author novelist poet player "
    "physicist chemist mathematician friend composer".split(),
    "person",
) | dict.fromkeys("film movie novel album song single musical play book sitcom".split(), "work")
BEFORE |= {"band": "band"}
# A place where somebody was born, or something stands.
LIVED = frozenset(
    "born died dies located situated based lived raised resides headquartered city town village capital moved buried grew "
    "hospital suburb murdered killed held educated home native".split()
)
INTO = frozenset("in at near of from to".split())
# What people do, right after their name.
# Who plays for a team, joins it.
TEAM_BEFORE = re.compile(
    r"(?:\b(?:play(?:s|ed|ing)?|traded|drafted|signed|pitched|manages?|managed|coach(?:ed)?|debut)\b[^.]{0,30}\b"
    r"(?:for|by|to|with|of)|\b(?:joined|joining)) (?:the )?$"
)
DOES = frozenset("married directed starred wrote sang played portrays portrayed died plays".split())

# What a question asks for, by its words; the first that fits counts, if no noun after `which` or `what` tells it.
ASKED: tuple[tuple[str, Kind], ...] = (
    (r"\bnick ?name\b|\bfamiliar name\b|\breferred to as\b", "nickname"),
    (r"\bwhere\b.*\b(?:study|studied|graduate|graduated|educated)\b", "school"),
    (r"\balma mater\b|\bemployer\b", "school"),
    (r"\bplace of (?:birth|death|burial)\b|\bbirthplace\b|\bseat of\b", "place"),
    (r"^where\b|, where\b|\bwhere (?:is|was|does|did|do)\b", "place"),
    (r"\bwho (?:did|does)\b.*\bplay\b|\bplayed who\b", "character"),
    (r"\bwho(?:m|se)?\b", "person"),
)
# Between `which` and the noun stand at most these words; after one of the others, no such noun follows.
WHICH = re.compile(r"\b(?:which|what)\b((?: of the)?(?:[ ,]+[\w'’-]+){1,7})")
NO_NOUN_AFTER = frozenset(
    "is was are were did does do has had have of in for to by at on that who whom which with where whose from be can"
    " would will could what".split()
)

FEMALE = frozenset(
    "she her herself actress mother wife daughter sister woman queen princess empress countess duchess widow grandmother "
    "aunt niece girl lady businesswoman noblewoman".split()
)
MALE = frozenset(
    "he his him himself father husband son brother king prince emperor duke grandfather uncle nephew boy actor businessman "
    "nobleman man".split()
)
