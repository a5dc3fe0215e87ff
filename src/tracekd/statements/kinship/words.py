"""The words for relatives, and a text about them as signs: one character for each word that matters."""

import re
from typing import NamedTuple

from tracekd.statements.kinship.relations import relation_of
from tracekd.statements.names import without_stops

NAME = "\ue002"
FEMALE, MALE = "female", "male"


class Relative(NamedTuple):
    """What a word for a relative means: a set of relations, and the gender that it tells, if any."""

    relations: int
    gender: str | None


# female word, male word, word without a gender | relations
_TABLE = """
mother father parent | parent
daughter son child | child
sister brother sibling | sibling
wife husband spouse | spouse
grandmother grandfather grandparent | grandparent
granddaughter grandson grandchild | grandchild
aunt uncle - | pibling pibling_in_law
niece nephew - | nibling nibling_in_law
- - cousin | cousin
mother-in-law father-in-law parent-in-law | parent_in_law
daughter-in-law son-in-law child-in-law | child_in_law
sister-in-law brother-in-law sibling-in-law | sibling_in_law
great-grandmother great-grandfather great-grandparent | great_grandparent
great-granddaughter great-grandson great-grandchild | great_grandchild
great-aunt great-uncle - | great_pibling
great-niece great-nephew - | great_nibling
"""
_SAME = {
    "mom": "mother", "mum": "mother", "mommy": "mother", "dad": "father", "daddy": "father", "kid": "child",
    "grandma": "grandmother", "grandpa": "grandfather", "granddad": "grandfather", "grandkid": "grandchild",
    "granny": "grandmother", "partner": "spouse", "aunty": "aunt", "auntie": "aunt",
}  # fmt: skip
_PLURALS = {
    "wives": "wife",
    "children": "child",
    "grandchildren": "grandchild",
    "great-grandchildren": "great-grandchild",
}


def _words() -> dict[str, Relative]:
    found: dict[str, Relative] = {}
    for line in _TABLE.strip().splitlines():
        words, _, relations = line.partition(" | ")
        for word, gender in zip(words.split(), (FEMALE, MALE, None), strict=True):
            found[word] = Relative(relation_of(*relations.split()), gender)
    found |= {word: found[same] for word, same in _SAME.items()}
    in_law = {
        f"{first}s-{rest}": one for word, one in found.items() for first, _, rest in [word.partition("-in")] if rest
    }
    found |= {word.replace("s--", "s-in-"): one for word, one in in_law.items()}
    found |= {f"{word}s": one for word, one in found.items() if "-in-law" not in word}
    return found | {word: found[same] for word, same in _PLURALS.items()}


RELATIVES = _words()
# N name, r relative, ' of the word before, p his or her, q he or she, I is, & and, o of, m married, h has, n not, k makes,
# g a gender, u a couple (`they`), a named, `,` and `.` as they stand.
_SIGNS = {
    NAME: "N", "'s": "'", "’s": "'", "'": "'", "’": "'", "his": "p", "her": "p", "their": "p", "he": "q", "she": "q",
    "they": "u", "is": "I", "are": "I", "was": "I", "were": "I", "and": "&", "of": "o", "to": "o", "married": "m",
    "has": "h", "have": "h", "had": "h", "birth": "h", "raised": "h", "not": "n", "isn't": "n", "never": "n", "no": "n",
    "male": "g", "female": "g", "man": "g", "woman": "g", "boy": "g", "girl": "g", "named": "a", "called": "a", "name": "a",
    ",": ",", ".": ".", "!": ".", "?": ".", ";": ".", "be": "I", "'re": "I", "makes": "k",
}  # fmt: skip
PRONOUN_GENDER = {"his": MALE, "he": MALE, "her": FEMALE, "she": FEMALE}
WORD_GENDER = {"male": MALE, "man": MALE, "boy": MALE, "female": FEMALE, "woman": FEMALE, "girl": FEMALE}
_SILENT = frozenset(
    "the a an also too well as other another older younger elder big little lovely only oldest youngest eldest favorite "
    "favourite dear beloved own maternal paternal biological adopted twin first two three four both one sole late therefore "
    'so thus then hence must respectively more specifically directly ( ) : - – — " “ ” [ ]'.split()
)
_TOKEN = re.compile(r"\ue002|['’](?:s|re)\b|[a-z]+(?:n't)?(?:-[a-z]+)*|\S")
_GREAT = re.compile(r"\b(great|grand) (?=(?:grand|great|aunt|uncle|niece|nephew|mother|father|son|daughter|child))")
_IN_LAW = re.compile(r" in[ -]law\b")


class Signs(NamedTuple):
    """A text as signs, one for each word that matters, and these words."""

    text: str
    words: list[str]


def signs_of(marked: str) -> Signs:
    """The signs of a marked text; `w` for all other words."""
    key = without_stops(marked)
    if " in" in key or "great" in key or "grand " in key:
        key = _IN_LAW.sub("-in-law", _GREAT.sub(lambda one: "great-" if one[1] == "great" else "grand", key))
    signs: list[str] = []
    words: list[str] = []
    for word in _TOKEN.findall(key):
        if word in RELATIVES:
            signs.append("r")
        elif word in _SILENT:
            continue
        else:
            signs.append(_SIGNS.get(word, "w"))
        words.append(word)
    return Signs("".join(signs), words)
