"""The words of a grammar: each word and each phrase has a symbol, and a statement is read as the row of its symbols.

Words are listed as lemmas, so a verb is known in all its forms. Fillers (articles, adverbs) are left out before phrases are
looked for: `at the very same time` is the phrase `at same time`. Time is linear in the length of a statement.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from tracekd.statements.doubtful import DOUBTFUL
from tracekd.statements.kept import Kept
from tracekd.statements.stretches import stretches

UNKNOWN = "?"
NUMBER = "#"  # a number that is not known
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+|\S")
_CONSONANT_ENDS = re.compile(r"[^aeiou]*[aeiou][bdgklmnprtv]")
# Verbs whose other forms do not follow the rules of `forms`, or double a letter.
_IRREGULAR: dict[str, list[str]] = {}
for _verb in (
    "begin/began/begun/beginning take/took/taken go/goes/went/gone come/came get/got/gotten/getting give/gave/given "
    "make/made have/has/had hold/held run/ran/running lead/led sit/sat/sitting stand/stood keep/kept leave/left "
    "lie/lay/lain/lying lay/laid put/putting set/setting let/letting find/found wind/wound/winding say/said tell/told "
    "know/knew/known see/saw/seen think/thought fall/fell/fallen bear/bore/borne wear/wore/worn draw/drew/drawn "
    "throw/threw/thrown teach/taught buy/bought sell/sold win/won quit/quitting stop/stopped/stopping "
    "overlap/overlapped/overlapping span/spanned/spanning drop/dropped/dropping grab/grabbed/grabbing bring/brought "
    "seek/sought stride/strode ride/rode/ridden drive/drove/driven fly/flew/flown swing/swung rise/rose/risen "
    "grow/grew/grown become/became feel/felt study/studies/studied enter/entered visit/visited/visiting "
    "travel/travelled/travelling enrol/enrolled/enrolling control/controlled/controlling "
    "transfer/transferred/transferring commit/committed/committing equal/equalled/equalling fit/fitted/fitting "
    "cut/cutting meet/met spend/spent do/did/done send/sent creep/crept slip/slipped/slipping step/stepped/stepping "
    "pop/popped/popping hop/hopped/hopping trot/trotted/trotting plod/plodded/plodding jog/jogged/jogging "
    "snatch/snatched catch/caught break/broke/broken lend/lent oversee/oversaw understand/understood deal/dealt "
    "label/labelled/labelling arise/arose/arisen happen/happened open/opened offer/offered gather/gathered "
    "wander/wandered discover/discovered deliver/delivered surrender/surrendered recover/recovered "
    "occur/occurred/occurring cover/covered show/showed/shown hurry/hurried/hurries carry/carried/carries "
    "ship/shipped/shipping travel/traveled/traveling stay/stayed differ/differed register/registered "
    "remember/remembered exit/exited/exiting lose/lost mean/meant shrink/shrank/shrunk freeze/froze/frozen "
    "speed/sped dread/dreaded flee/fled swear/swore/sworn outdo/outdoes/outdid/outdone betake/betook/betaken "
    "admit/admitted/admitting undertake/undertook/undertaken strike/struck cast"
).split():
    _IRREGULAR.setdefault(_verb.partition("/")[0], []).extend(_verb.split("/")[1:])
_Phrase = tuple[tuple[frozenset[str], bool], ...]


class Vocabulary:
    """Words, phrases and fillers with their symbols.

    `words` maps each symbol to its words, `lemmas` to verbs that are known in all forms, and `phrases` to phrases.
    In a phrase, `one|other` is any of several words, `word?` may be missing, and `*verb` is any form of a verb. No phrase
    has names. So the words between two names are read once, and what they mean is kept.
    """

    def __init__(
        self,
        *,
        fillers: str,
        words: Mapping[str, str],
        lemmas: Mapping[str, str],
        phrases: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._fillers = frozenset(fillers.split())
        self._signs = {form: sign for sign, verbs in lemmas.items() for verb in verbs.split() for form in forms(verb)}
        self._signs |= {word: sign for sign, those in words.items() for word in those.split()}
        self._phrases: dict[str, list[tuple[_Phrase, str]]] = {}
        for sign, specs in phrases.items():
            for phrase in map(_phrase, specs):
                for word in phrase[0][0]:
                    if len(phrase) == 1:
                        self._signs[word] = sign
                    else:
                        self._phrases.setdefault(word, []).append((phrase[1:], sign))
        self._kept = Kept(self.read_words)

    def read(self, body: str) -> str:
        """The symbols of a statement, in order; `?` stands for a word that is not known, `#` for a number."""
        return "".join(map(self._kept.__getitem__, stretches(body)))

    def cache_clear(self) -> None:
        """Forget what was read."""
        self._kept.clear()

    def read_words(self, words: str) -> str:
        """`read`, from all words at once."""
        fillers, signs, phrases = self._fillers, self._signs, self._phrases
        tokens = [token for token in _TOKEN.findall(words) if token not in fillers]
        found: list[str] = []
        at, size = 0, len(tokens)
        while at < size:
            token = tokens[at]
            known, end = signs.get(token), at
            for phrase, sign in phrases.get(token, ()):
                those, may_be_missing = phrase[0]
                if not may_be_missing and (at + 1 == size or tokens[at + 1] not in those):
                    continue
                after = _match(phrase, 0, tokens, at + 1)
                if after > end:
                    known, end = sign, after
            found.append(self._other(token) if known is None else known)
            at = max(end, at + 1)
        return "".join(found)

    def sign(self, word: str) -> str | None:
        """The symbol of one word; None if it is not known."""
        return "" if word in self._fillers else self._signs.get(word)

    def _other(self, token: str) -> str:
        if token.endswith("'s") and (known := self.sign(token[:-2])) is not None:
            return known
        if token.isdigit():
            return NUMBER
        # `certainly`, `quickly`
        return "" if token.endswith("ly") and token not in DOUBTFUL else UNKNOWN


def forms(lemma: str) -> Iterator[str]:
    """The forms of a verb."""
    yield from _IRREGULAR.get(lemma, ())
    yield lemma
    if lemma.endswith(("s", "x", "z", "ch", "sh")):
        yield f"{lemma}es"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        yield from (f"{lemma[:-1]}ies", f"{lemma[:-1]}ied")
    else:
        yield f"{lemma}s"
    stem = lemma
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe")):
        stem = lemma[:-1]
    elif _CONSONANT_ENDS.fullmatch(lemma):
        stem = lemma + lemma[-1]
    yield from (f"{stem}ed", f"{stem}ing")


def _phrase(spec: str) -> _Phrase:
    """A phrase as it is written in a list."""
    return tuple([(frozenset(_words(part.removesuffix("?"))), part.endswith("?")) for part in spec.split()])


def _words(part: str) -> Iterator[str]:
    for word in part.split("|"):
        yield from forms(word[1:]) if word.startswith("*") else (word,)


def _match(phrase: _Phrase, number: int, tokens: Sequence[str], at: int) -> int:
    """Where the longest text ends that is the phrase from this number on; -1 if there is none."""
    if number == len(phrase):
        return at
    words, may_be_missing = phrase[number]
    end = _match(phrase, number + 1, tokens, at + 1) if at < len(tokens) and tokens[at] in words else -1
    return _match(phrase, number + 1, tokens, at) if end < 0 and may_be_missing else end
