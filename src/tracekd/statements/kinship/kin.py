"""What a story says about relatives, closed over the rules, and the names as texts write them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from tracekd.problem import Fact
from tracekd.statements.kinship.clauses import Related
from tracekd.statements.kinship.network import MOST_PEOPLE, Network, consistent
from tracekd.statements.kinship.relations import converse
from tracekd.statements.kinship.stories import Story
from tracekd.statements.kinship.words import NAME, Signs, signs_of
from tracekd.statements.names import Marked, Name, longest_first, mark

_MOST_FACTS = 200
_MOST_LETTERS = 4000
# Of a whole story; the longest of CLUTRR has about 1,500.
_MOST_LETTERS_IN_ALL = 20_000
_BRACKETED = re.compile(r"\[([^\[\]\n]{1,40})\]")
_CAPITAL = re.compile(r"\b[A-Z][a-z]+\b")
# Words that begin with a capital letter and are no names.
_NO_NAMES = frozenset(
    "The They Their He She His Her It A An And But So Then When While After Before In On At To For With From This That There "
    "What Who How Whose Which Is Are Respond Answer Only One Both If Since Because As Final Mother Father Aunt Uncle Grandma "
    "Grandpa Mom Dad Sister Brother".split()
)


@dataclass(frozen=True)
class Kin:
    """A question and its story. `stated`: what the story says, and the number of the fact that says so.

    `likely`: likewise, where a pronoun had to be resolved. `asked`: of which two people the question asks, or None.
    """

    facts: Sequence[Fact]
    people: Sequence[str]
    stated: Sequence[tuple[Related, int]] = ()
    likely: Sequence[tuple[Related, int]] = ()
    genders: Mapping[str, str | None] = field(default_factory=dict)
    asked: tuple[str, str] | None = None

    @classmethod
    def of(cls, question: str, facts: Sequence[Fact]) -> "Kin":
        """Read a question and its story."""
        facts = [fact for fact in facts[:_MOST_FACTS] if len(fact.text) <= _MOST_LETTERS]
        sizes = accumulate(len(fact.text) for fact in facts)
        facts = [fact for fact, size in zip(facts, sizes, strict=True) if size <= _MOST_LETTERS_IN_ALL]
        people = _names([fact.text for fact in facts], question)
        if not 1 < len(people) <= MOST_PEOPLE:
            return cls(facts, people)
        kin = cls(facts, people)
        story, fact_of = kin._story()
        found = story.read()
        asked = [str(one.value) for one in kin.mark(question[:_MOST_LETTERS]).mentions]
        return cls(
            facts,
            people,
            [(one.related, fact_of[one.at]) for one in found if one.is_sure],
            [(one.related, fact_of[one.at]) for one in found if not one.is_sure],
            story.genders,
            (asked[0], asked[1]) if len(asked) == 2 and asked[0] != asked[1] else None,
        )

    def _story(self) -> tuple[Story, list[int]]:
        """All facts as one text of signs, and for each sign the number of its fact."""
        text: list[str] = []
        words: list[str] = []
        names: list[str] = []
        fact_of: list[int] = []
        for number, fact in enumerate(self.facts):
            marked = self.mark(fact.text)
            signs = signs_of(marked.text)
            names += [str(one.value) for one in marked.mentions]
            for sign, word in zip(signs.text, signs.words, strict=True):
                # Stories without full stops: after a name, another name begins a new sentence.
                if sign == "N" and text and text[-1] == "N":
                    _append(text, words, fact_of, ".", ".", number)
                _append(text, words, fact_of, sign, word, number)
            if text and text[-1] != ".":
                _append(text, words, fact_of, ".", ".", number)
        return Story(Signs("".join(text), words), names), fact_of

    def mark(self, text: str) -> Marked:
        """Mark the names of people in a text."""
        return mark(text, self.names)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names of the people, with and without brackets."""
        return longest_first(
            Name(form, NAME, person, "" if form[0] == "[" else person[0])
            for person in self.people
            for form in (person.lower(), f"[{person.lower()}]")
        )

    @cached_property
    def network(self) -> Network:
        """Who may be what to whom, by the story and the rules."""
        number = {person: at for at, person in enumerate(self.people)}

        def as_numbers(stated: Sequence[tuple[Related, int]]) -> list[tuple[int, int, int, int]]:
            return [(number[one.one], number[one.other], one.relations, 1 << fact) for one, fact in stated]

        return consistent(len(self.people), as_numbers(self.stated), as_numbers(self.likely))

    def possible(self, one: str, other: str) -> int:
        """What a person may be to another."""
        return self.network.possible[self.people.index(one)][self.people.index(other)]

    def facts_of(self, one: str, other: str) -> tuple[str, ...]:
        """The ids of the facts that say what a person may be to another."""
        why = self.network.why[self.people.index(one)][self.people.index(other)]
        return tuple([fact.id for number, fact in enumerate(self.facts) if why >> number & 1])

    def said_by(self, claim: Related) -> int | None:
        """The number of the fact that says so itself, whichever of the two it begins with; None if there is none."""
        for one, fact in (*self.stated, *self.likely):
            if (one.one, one.other, one.relations) == (claim.one, claim.other, claim.relations) or (
                (one.other, one.one, converse(one.relations)) == (claim.one, claim.other, claim.relations)
                and claim.gender in (None, self.genders.get(claim.one))
            ):
                return fact
        return None


def _append(text: list[str], words: list[str], fact_of: list[int], sign: str, word: str, fact: int) -> None:
    text.append(sign)
    words.append(word)
    fact_of.append(fact)


def _names(texts: Sequence[str], question: str) -> tuple[str, ...]:
    bracketed = [name for text in (*texts, question) for name in _BRACKETED.findall(text[:_MOST_LETTERS])]
    if bracketed:
        return tuple(dict.fromkeys(name.strip() for name in bracketed if name.strip()))
    words = [name for text in texts for name in _CAPITAL.findall(text)]
    return tuple(dict.fromkeys(name for name in words if name not in _NO_NAMES))
