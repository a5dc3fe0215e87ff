"""Judges the statements of one trace about a bAbI story."""

from collections.abc import Sequence

from tracekd.statements.babi.answers import ground_answer
from tracekd.statements.babi.known import Known, words
from tracekd.statements.babi.memory import Memory, Outcome
from tracekd.statements.babi.room_clauses import read_clauses
from tracekd.statements.babi.room_telling import RoomTelling
from tracekd.statements.babi.words import TIME
from tracekd.statements.grounding import Said
from tracekd.statements.statement import Grounds

_CONCLUDING = ("so", "therefore", "thus", "hence", "consequently", "and so", "as a result")


class BabiTelling:
    """One trace in the course of reading."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.memory = Memory()
        self.rooms = RoomTelling(known.rooms, self.memory)

    def ground(self, said: Said) -> Grounds | None:
        """How the next statement stands to the story; None if it cannot be read."""
        if places := self.known.places.get(words(said.text)) or self.known.places.get(words(said.text.rpartition(": ")[2])):
            return self._quoted(places)
        answer = ground_answer(self.known, said.body, said.mentions)
        if answer is not None:
            return answer
        if not said.mentions or len(said.mentions) != sum("\ue002" <= char <= "\ue009" for char in said.body):
            return None if said.mentions else self._outcomes(said, [])
        return self._outcomes(said, [str(mention.value) for mention in said.mentions])

    def _quoted(self, places: Sequence[int]) -> Grounds:
        """A fact word by word: the next place in the story where it stands, or the last."""
        at = next((at for at in places if at > (self.rooms.last_fact or -1)), places[-1])
        self.rooms.note(at)
        return Grounds("quoted", self.known.ids([at]), "the story says so", slot=("quoted", self.known.plain[at]))

    def _outcomes(self, said: Said, names: Sequence[str]) -> Grounds | None:
        outcome = self._of_natures(said.body, names) or self._of_layout(said.body, names)
        if outcome is not None:
            return self._grounds([outcome], said)
        if self.known.layout.things or not (self.known.rooms.seen or self.known.rooms.handled):
            return None
        clauses = read_clauses(said.body)
        if clauses is None:
            return None
        self.memory.concludes = said.joint in _CONCLUDING or said.text[:14].lower().startswith(_CONCLUDING)
        self.memory.times = {
            number: value for number, m in enumerate(said.mentions) if m.mark == TIME and isinstance(value := m.value, int)
        }
        outcomes = [self.rooms.judge(clause, names) for clause in clauses]
        read = [outcome for outcome in outcomes if outcome is not None]
        return self._grounds(read, said) if len(read) == len(outcomes) else None

    def _of_natures(self, body: str, names: Sequence[str]) -> Outcome | None:
        return self.known.natures.judge(body, names) if names and self.known.natures.names else None

    def _of_layout(self, body: str, names: Sequence[str]) -> Outcome | None:
        if not names or not self.known.layout.things:
            return None
        outcome = self.known.layout.judge(body, names, self.memory.where)
        self.memory.where = names[-1]
        return outcome

    def _grounds(self, outcomes: Sequence[Outcome], said: Said) -> Grounds:
        ids = self.known.ids([at for one in outcomes for at in one.facts])
        slot = outcomes[-1].slot
        false = next((one for one in outcomes if one.truth is False), None)
        if false is not None:
            shown = "; ".join(self.known.facts[at].text[:80] for at in false.facts[-2:])
            reason = f"the story says: {shown}" if shown else "the story does not say so"
            return Grounds("contradicted", self.known.ids(false.facts), reason, slot=false.slot, as_fact=false.as_fact)
        if any(one.truth is None for one in outcomes):
            return Grounds("unsupported", ids, "nothing in the story says so", slot=slot)
        if all(one.cites for one in outcomes):
            if len(ids) == 1 and self._is_quoted(said.text, outcomes[-1].facts[-1]):
                return Grounds("quoted", ids, "the story says so", slot=slot)
            return Grounds("restated", ids, "the story says so in other words", slot=slot)
        return Grounds("derived", ids, "it follows from the story", slot=slot)

    def _is_quoted(self, text: str, place: int) -> bool:
        return words(text).endswith(words(self.known.plain[place]))
