"""Chooses another name of the same kind from the context."""

from collections import Counter
from random import Random

from tracekd.problem import Problem
from tracekd.regimes.contract import Unsupported
from tracekd.regimes.exchanged_names.countries import STATE_GROUPS, word_of
from tracekd.regimes.exchanged_names.given_names import MEN, WOMEN
from tracekd.regimes.exchanged_names.kind_words import KIND_OF_LAST, PLACES, Kind
from tracekd.regimes.exchanged_names.letters import Letters, squeeze
from tracekd.regimes.exchanged_names.mentions import Name
from tracekd.regimes.exchanged_names.name_kinds import Known, Names, asked_female, asked_kind, by_words
from tracekd.regimes.exchanged_names.nations import nations
from tracekd.regimes.exchanged_names.runs import LATER, full_words
from tracekd.statements.passages.words import FUNCTION_WORDS

# From so many of the names most like the old one, one is drawn.
_DRAWN_FROM = 4
_FAIR = 3
_SHARED = FUNCTION_WORDS | frozenset(KIND_OF_LAST) | frozenset("de da di van von der la del ibn al st".split())
_FEWEST_LETTERS = 3
_WITH_TYPE = ("county", "district", "province", "township")
# Where the context has no other name of a kind, one of these kinds is taken: a character may have any person's name.
_ALSO: dict[Kind, tuple[Kind, ...]] = {
    "place": ("township", "state", "country"),
    "character": ("person",),
    "harbour": ("lake",),
    "lake": ("harbour",),
} | dict.fromkeys(("county", "district", "province", "island", "township"), ("place",))
_TITLES = frozenset(
    "earl duke count king queen bishop prince princess baron lord lady emperor empress sir prime".split()
)


class Chooser:
    """Chooses names of a context for those of its gold facts; each name only once."""

    def __init__(self, problem: Problem, gold: tuple[str, ...], has_titles: bool, rng: Random) -> None:
        texts = [fact.text for fact in problem.context]
        self._names = Names(texts, has_titles)
        self._regions = {one.text: one.region for one in self._names.known.values() if one.region}
        self._own = Names(gold, has_titles)
        self._question = problem.question
        self._facts = Letters(" . ".join((*gold, problem.question)))
        words = full_words(" ".join((*gold, problem.question, *problem.answer.values)))
        self._words = {word for word in words if word not in _SHARED}
        self._rng = rng
        self._has_the = False
        self._states = {word.country.state for text in (*gold, problem.question) for _, word in nations(text)}

    def kind_of(self, name: str) -> Kind | None:
        """The kind of a name of the gold facts: by its words, its paragraph and the words around it, or by the question."""
        own: Counter[Kind] = Counter()
        forms = full_words(name)
        by_words(forms, name, own)
        if own and own.most_common(1)[0][1] > _FAIR:
            return own.most_common(1)[0][0]
        known = self._known(name)
        kind = known.kind if known is not None else None
        if known is not None and kind is not None and known.kinds[kind] >= 2 * _FAIR:
            return kind
        return asked_kind(self._question) or kind

    def _known(self, name: str) -> Known | None:
        return self._names.of(name) or self._own.of(name)

    def choose(self, name: str, kind: Kind | None) -> Name:
        """Another name. Raises Unsupported if the context has none of its kind."""
        if kind is None:
            raise Unsupported("the kind of the answer's name is not known")
        self._has_the = self._facts.has(f"the {name}")
        known = self._known(name)
        female = known.is_female if known and known.is_female is not None else asked_female(self._question)
        found = [
            (self._rank(one, name, kind, female), one.text)
            for one in self._names.known.values()
            if self._may_be(one, kind) and not (female is not None and one.is_female is (not female))
        ]
        if not found and kind == "state":
            return Name(self._rng.choice(self._states_like(name)), is_place=True)
        if not found:
            raise Unsupported("the context has no other name of the answer's kind")
        best = sorted(found)[:_DRAWN_FROM]
        near = [text for rank, text in best if rank[0] == best[0][0][0] and rank[1] <= best[0][0][1] + 1]
        chosen = self._rng.choice(near)
        self._words.update(full_words(chosen))
        last = name.split()[-1]
        if kind in _WITH_TYPE and KIND_OF_LAST.get(last.lower()) == kind and full_words(chosen)[-1] not in KIND_OF_LAST:
            chosen = f"{chosen} {last}"
        if kind == "place" and ", " in name and (region := self._regions.get(chosen)):
            chosen = f"{chosen}, {region}"
        return Name(chosen, is_person=kind in ("person", "character"), is_place=kind in PLACES)

    def _states_like(self, name: str) -> list[str]:
        """The other states of the same country that neither the facts nor the question name."""
        group = next((group for group in STATE_GROUPS if name in group), ())
        found = [state for state in group if state != name and not self._facts.has(state)]
        if not found:
            raise Unsupported("the context has no other name of the answer's kind")
        return found

    def _may_be(self, one: Known, kind: Kind) -> bool:
        own = one.kind
        words = [word for word in full_words(one.text) if word not in _SHARED]
        return (
            own is not None
            and (own == kind or own in _ALSO.get(kind, ()))
            and one.in_sentence
            and not one.is_cut
            and len(squeeze(one.text)) >= _FEWEST_LETTERS
            and not one.text.isupper()
            and (kind != "person" or (2 <= len(words) <= 4 and words[0] not in _TITLES and words[-1] not in LATER))
            and bool(words)
            and not (kind == "work" and len(words) in (2, 3) and words[0] in WOMEN | MEN)
            and not (own in ("country", "state") and self._has_the)
            and not (own == "country" and (word := word_of(one.text)) and word.country.state in self._states)
            and self._words.isdisjoint(words)
            and not self._facts.has(one.text)
        )

    def _rank(self, one: Known, name: str, kind: Kind, female: bool | None) -> tuple[int, int]:
        same = 3 * (one.kind != kind) + (female is not None and one.is_female is None)
        if kind in PLACES and one.kind == "place":
            same += (one.region == "") == ("," in name)
        return same, abs(len(full_words(one.text)) - len(full_words(name)))
