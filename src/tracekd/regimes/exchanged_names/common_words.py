"""Common words of one kind, or of opposite meaning, any of which can stand for another in a sentence."""

import re
from collections.abc import Collection, Mapping
from functools import cache

from tracekd.regimes.exchanged_names.edits import Edit
from tracekd.regimes.exchanged_names.letters import Place

_WORD = re.compile(r"[^\W\d_]+")

# One group a line. Every group has one part of speech and one form, so that a sentence stays one.
_NOUNS = """
drummer guitarist pianist violinist bassist vocalist singer saxophonist
goalkeeper midfielder defender striker winger
director producer screenwriter actor cinematographer composer editor
novelist poet playwright journalist historian essayist
physicist chemist biologist mathematician astronomer geologist
doctor nurse teacher lawyer engineer farmer soldier
dog cat horse cow sheep goat pig rabbit
brain heart liver kidney lung stomach spine bladder
bone muscle nerve tendon artery vein
skin hair nail tooth
neck shoulder knee elbow wrist ankle hip
mother father sister brother uncle aunt
friend enemy
victim witness
offender visitor
root leaf branch flower seed stem
protein carbohydrate vitamin mineral
acid salt sugar alcohol
iron copper zinc nickel
chick calf foal lamb kitten puppy
clamp valve
antibody enzyme hormone
compound mixture
wine beer cider
dialogue rivalry
country continent
benefit drawback
cash credit
gold silver bronze
wood glass plastic leather stone
oxygen hydrogen nitrogen helium
north south east west
city town village
county province
hospital library museum factory
minute hour day week month year
monday tuesday wednesday thursday friday saturday sunday
summer winter
cancer diabetes asthma arthritis
physics chemistry biology geology
bacterium virus fungus
planet star moon comet
river lake sea ocean
desert forest swamp
mountain hill valley
breakfast lunch dinner
solstice equinox
infection injury
pain fever cough
mood sleep memory
leader follower
victory defeat
war peace
"""
_OTHERS = """
red blue green yellow black white brown purple
small large
short long
high low
deep shallow
early late
earlier later
strong weak
hard soft
hot cold
warm cool
dry wet
fast slow
faster slower
thick thin
wide narrow
upper lower
inner outer
internal external
northern southern eastern western
physical mental
medical legal
surgical cosmetic
chemical mechanical
financial political
political religious
common rare
mercury venus mars jupiter saturn uranus neptune
scholarly casual
central peripheral
complete incomplete
major minor
vast tiny
critical minor
relative absolute
asian european african
full partial
great slight
formerly currently
commonly rarely
public private
safe dangerous
positive negative
good bad
highest lowest
simple complex
natural artificial
temporary permanent
voluntary mandatory
acute chronic
male female
young elderly
ancient modern
increase decrease
increases decreases
increased decreased
improve worsen
improves worsens
reduce raise
reduces raises
allows forbids
begin end
begins ends
absorbs releases
relief worsening
more less
before after
above below
inside outside
first second third
always never
often seldom
everyone nobody
many few
communist fascist democratic monarchist
leading supporting
important unimportant
beneficial harmful
"""
_IRREGULAR = {"bacterium": "bacteria", "virus": "viruses", "fungus": "fungi", "tooth": "teeth", "leaf": "leaves"}
_UNCOUNTED = frozenset("sheep physics chemistry biology geology cancer diabetes asthma arthritis peace".split())


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """For each word, in lower case, the words of its group. If a word is in several groups, the first counts."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (_NOUNS + _OTHERS).strip().splitlines():
        words = tuple(line.split())
        for word in words:
            found.setdefault(word, words)
    for line in _NOUNS.strip().splitlines():
        plurals = tuple([_plural(word) for word in line.split() if word not in _UNCOUNTED])
        for word in plurals:
            found.setdefault(word, plurals)
    return found


def others(word: str, used: Collection[str]) -> list[str]:
    """The other words of the group of a word, without the used ones; empty if it has none."""
    return [other for other in groups().get(word.lower(), ()) if other != word.lower() and other not in used]


def forms(word: str, other: str) -> dict[str, str]:
    """A word and, for nouns, its other number, each with the same form of the other word."""
    pairs = {word: other}
    nouns = set(_NOUNS.split())
    if word in nouns and other in nouns:
        pairs[_plural(word)] = _plural(other)
    singular = {_plural(noun): noun for noun in nouns}
    if word in singular and other in singular:
        pairs[singular[word]] = singular[other]
    return pairs


def word_edits(text: str, pairs: Mapping[str, str]) -> list[Edit]:
    """The edits that put words for others; a capital letter at the beginning stays."""
    return [
        Edit(Place(*found.span()), new.capitalize() if found[0][0].isupper() else new)
        for found in _WORD.finditer(text)
        if (new := pairs.get(found[0].lower())) is not None
    ]


def _plural(noun: str) -> str:
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith(("s", "ch", "sh", "x")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
