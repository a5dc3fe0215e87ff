"""Judges the statements of one trace about relatives."""

import re
from collections.abc import Sequence

from tracekd.statements.grounding import Said
from tracekd.statements.kinship.clauses import Clause, Gendered, Related, read_clauses
from tracekd.statements.kinship.kin import Kin
from tracekd.statements.kinship.relations import ANY, names_of
from tracekd.statements.kinship.words import NAME, PRONOUN_GENDER, RELATIVES, signs_of
from tracekd.statements.statement import Grounding, Grounds

_MOST_NAMED = 4


class KinshipTelling:
    """One trace in the course of reading. `they`: the people named together last; `recent`: people, the latest first."""

    def __init__(self, kin: Kin) -> None:
        self.kin = kin
        self.they: Sequence[str] = ()
        self.recent: list[str] = []

    def person(self, pronoun: str, but: str | None) -> str | None:
        """Whom a pronoun means: the one named last whose gender is not known to be another."""
        gender = PRONOUN_GENDER.get(pronoun)
        genders = self.kin.genders
        fitting = [one for one in self.recent if one != but and genders.get(one) in (gender, None)]
        return fitting[0] if fitting else None

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the story; None if it cannot be read."""
        if not self.kin.stated and not self.kin.likely:
            return None
        if (answer := self._answer(said)) is not None:
            return answer
        clauses = self._clauses(said)
        if not clauses:
            return None
        return self._judge(clauses, said.text)

    def _clauses(self, said: Said) -> list[Clause] | None:
        names = [str(mention.value) for mention in said.mentions]
        if names:
            self.they = names[:2] if len(names) > 1 else self.they
            self.recent = [*dict.fromkeys([*names, *self.recent])][:_MOST_NAMED]
        body = said.body.partition(" (")[0]  # what stands in brackets gives a reason
        names = names[: body.count(NAME)]
        if body.startswith("the relation"):  # `the relationship between Ada and Ben is that Ada is his aunt`
            body = body.rpartition(" that ")[2]
        return read_clauses(signs_of(body), names[len(names) - body.count(NAME) :], self)

    def _judge(self, clauses: Sequence[Clause], text: str) -> Grounds:
        grounds = [self._gender(one) if isinstance(one, Gendered) else self._related(one, text) for one in clauses]
        for kind in ("contradicted", "unsupported"):
            if failed := next((one for one in grounds if one.grounding == kind), None):
                return failed
        facts = tuple(dict.fromkeys(fact for one in grounds for fact in one.facts))
        derived = next((one for one in grounds if one.grounding == "derived"), grounds[0])
        return derived._replace(facts=facts)

    def _related(self, claim: Related, text: str) -> Grounds:
        kin, slot = self.kin, ("kin", claim.one, claim.other)
        possible = kin.possible(claim.one, claim.other)
        facts = kin.facts_of(claim.one, claim.other)
        so_far = possible & claim.relations
        if claim.denied:
            kind: Grounding = "contradicted" if so_far == possible else "unsupported" if so_far else "derived"
            return Grounds(kind, facts, "by the story and the rules of kinship", slot=slot, label=claim.word)
        known = kin.genders.get(claim.one)
        if claim.gender and known and claim.gender != known:
            return Grounds(
                "contradicted", facts, f"the story says that {claim.one} is {known}", slot=slot, label=claim.word
            )
        fact = kin.said_by(claim)
        if fact is not None and so_far:
            is_quoted = _words(text) in _words(kin.facts[fact].text)
            said = "the story says so" if is_quoted else "the story says so in other words"
            return Grounds(
                "quoted" if is_quoted else "restated", (kin.facts[fact].id,), said, slot=slot, label=claim.word
            )
        allowed = " or ".join(names_of(possible)[:4]) if possible != ANY else "anything"
        reason = f"by the story, {claim.one} may be {claim.other}'s {allowed}"
        kind = "contradicted" if not so_far else "derived" if so_far == possible else "unsupported"
        return Grounds(kind, facts, reason, slot=slot, label=claim.word)

    def _gender(self, claim: Gendered) -> Grounds:
        known = self.kin.genders.get(claim.who)
        if known is None:
            # A reader may know it from the name; the grammar knows no names.
            return Grounds("unsupported", (), "the story does not say so", False, ("gender", claim.who))
        kind: Grounding = "derived" if known == claim.gender else "contradicted"
        return Grounds(kind, (), f"the story says that {claim.who} is {known}", slot=("gender", claim.who))

    def _answer(self, said: Said) -> Grounds | None:
        """How an answer stands to the story: `the answer is: Ada is Ben's aunt`, or only `aunt`."""
        part = said.answer
        if part is None:
            return None
        signs = signs_of(part)
        words = [word for word in signs.words if word in RELATIVES]
        names = [str(mention.value) for mention in said.mentions]
        if "N" not in signs.text and len(words) == 1 and self.kin.asked and "w" not in signs.text:
            one, other = self.kin.asked
            claim = Related(one, *_meant(words[0], other), word=words[0])
            clauses: list[Clause] | None = [claim]
        else:
            clauses = read_clauses(signs, names, self)
        if not clauses:
            return None
        return self._judge(clauses, said.text)._replace(answer=tuple(words) or (part,))


def _meant(word: str, other: str) -> tuple[int, str, str | None]:
    relative = RELATIVES[word]
    return relative.relations, other, relative.gender


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
