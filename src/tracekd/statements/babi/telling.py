"""Judges the statements of one trace about a bAbI story."""

import re
from collections.abc import Sequence

from tracekd.statements.babi.answers import ground_answer
from tracekd.statements.babi.known import ARROW, TOO_MANY_FACTS, Known
from tracekd.statements.babi.memory import Memory, Outcome
from tracekd.statements.babi.room_clauses import CLAUSES
from tracekd.statements.babi.room_telling import RoomTelling
from tracekd.statements.babi.words import NUMBERS, PERSON, PLACE, SIGN_OF_MARK, TIME
from tracekd.statements.grounding import Said
from tracekd.statements.introductions import concluded_word
from tracekd.statements.statement import Grounds, holding

_ARROW = re.compile(f" ?{ARROW} ?")
_GOES = re.compile(f"({PERSON}) ?{ARROW} ?(?=(?:the )?{PLACE})")
# `So, garden.` gives an answer.
_ONE_NAME = frozenset(
    (
        *(mark for mark in SIGN_OF_MARK),
        *(f"the {mark}" for mark in SIGN_OF_MARK),
        "yes",
        "no",
        "maybe",
        "none",
        "nothing",
        *NUMBERS,
    )
)
_CONCLUDING = ("so", "therefore", "thus", "hence", "consequently", "and so", "as a result")


class BabiTelling:
    """One trace in the course of reading."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.places = known.places
        self.memory = Memory()
        self.rooms = RoomTelling(known.rooms, self.memory)
        self.has_natures = bool(known.natures.names)
        self.has_layout = bool(known.layout.things)
        self.has_rooms = bool(known.rooms.seen or known.rooms.handled) and not self.has_layout

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the story; None if it cannot be read."""
        if places := self.places.get(_plain(said.text)):
            return self._quoted(places)
        if not self.known.is_whole:
            return Grounds("unsupported" if said.mentions else "no_claim", reason=TOO_MANY_FACTS, is_read=False)
        part = _concluded(said) if said.answer is None else said.answer
        if part is not None and (answer := ground_answer(self.known, part, said.mentions)) is not None:
            return answer
        grounds = self._outcomes(said, [str(value) for _, _, _, value in said.mentions])
        if part and grounds is None:
            # `Result: NAME is in the garden` says a whole sentence.
            mentions = said.mentions[len(said.mentions) - sum(sign > "\ue000" for sign in part) :]
            grounds = self._outcomes(said._replace(body=part), [str(mention.value) for mention in mentions])
        if grounds is None and said.mentions:
            self.memory.lose()
        return grounds

    def _quoted(self, places: Sequence[int]) -> Grounds:
        """A fact word by word: the next place in the story where it stands, or the last."""
        at = next((at for at in places if at > (self.rooms.last_fact or -1)), places[-1])
        self.rooms.note(at)
        return holding("quoted", self.known.ids([at]), "the story says so", ("quoted", self.known.plain[at]))

    def _outcomes(self, said: Said, names: Sequence[str]) -> Grounds | None:
        if ARROW in said.body:
            body = _GOES.sub(r"\1 went to ", said.body) if self.has_rooms else said.body
            said = said._replace(body=_ARROW.sub(" to " if self.has_rooms else " is ", body))
        if names and (self.has_natures or self.has_layout):
            outcome = self._of_one(said.body, names) or self._of_two(said.body, names)
            if outcome:
                return self._grounds(outcome, said)
        return self._of_rooms(said, names) if self.has_rooms else None

    def _of_one(self, body: str, names: Sequence[str]) -> Outcome | None:
        memory = self.memory
        if self.has_layout:
            outcome = self.known.layout.judge(body, names, memory.where)
            memory.where = names[-1]
            return outcome
        outcome = self.known.natures.judge(body, names, memory.who[-1] if memory.who else None)
        if outcome and (names[0] in self.known.natures.is_a or names[0] in self.known.natures.states):
            memory.who = [names[0]]
        return outcome

    def _of_two(self, body: str, names: Sequence[str]) -> Outcome | None:
        """Two clauses with `and` between them."""
        first, joined, second = body.partition(" and ")
        count = sum(name > "\ue000" for name in first)
        if not joined or not 0 < count < len(names):
            return None
        one = self._of_one(first, names[:count])
        other = self._of_one(second, names[count:]) if one else None
        return _together([one, other]) if one and other else None

    def _of_rooms(self, said: Said, names: Sequence[str]) -> Grounds | None:
        clauses = CLAUSES[said.body]
        if clauses is None:
            return None
        memory = self.memory
        memory.concludes = said.joint in _CONCLUDING or said.text[:14].lower().startswith(_CONCLUDING)
        if self.known.rooms.visits:
            numbered = enumerate(said.mentions)
            memory.times = {n: m.value for n, m in numbered if m.mark == TIME and isinstance(m.value, int)}
        outcomes: list[Outcome] = []
        for clause in clauses:
            outcome = self.rooms.judge(clause, names)
            if outcome is None:
                return None
            outcomes.append(outcome)
        return self._grounds(outcomes[0] if len(outcomes) == 1 else _together(outcomes), said)

    def _grounds(self, outcome: Outcome, said: Said) -> Grounds:
        truth, facts, slot, as_fact, cites, _ = outcome
        ids = self.known.ids(facts)
        if truth is False:
            shown = "; ".join(self.known.facts[at].text[:80] for at in facts[-2:])
            reason = f"the story says: {shown}" if shown else "the story does not say so"
            return Grounds("contradicted", ids, reason, slot=slot, as_fact=as_fact)
        if not outcome.is_clear:
            return Grounds("unsupported", ids, "it is not clear of which moment it is said", False, slot)
        if truth is None:
            return Grounds("unsupported", ids, "nothing in the story says so", slot=slot)
        if not cites:
            return holding("derived", ids, "it follows from the story", slot)
        if len(ids) == 1 and self.known.is_quoted(said.text, facts[-1]):
            return holding("quoted", ids, "the story says so", slot)
        return holding("restated", ids, "the story says so in other words", slot)


def _concluded(said: Said) -> str | None:
    """The only word of a conclusion, which gives an answer: `So, garden.`"""
    word = said.body.strip(' .!*"')
    if word and word not in _ONE_NAME:
        return None  # nearly all statements
    bare = concluded_word(said.text)
    if bare is None:
        return None
    word = word or bare.lower()  # `yes` leads in, so it is no part of the body
    return word if word in _ONE_NAME else None


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    """How a statement of several clauses turned out: false if one of them is, and true only if all are."""
    false = next((one for one in outcomes if one.truth is False), None)
    if false is not None:
        return false
    truth = None if any(one.truth is None for one in outcomes) else True
    facts = tuple(dict.fromkeys(at for one in outcomes for at in one.facts))
    return outcomes[-1]._replace(
        truth=truth,
        facts=facts,
        cites=all(one.cites for one in outcomes),
        is_clear=all(one.is_clear for one in outcomes),
    )


def _plain(text: str) -> str:
    """The text as the story's facts are kept: what follows a colon, in lower case, without the final full stop."""
    if ": " in text:
        text = text.rpartition(": ")[2]
    return text.lower().rstrip('. "”')
